using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;

namespace NewsApi.Storage;

/// <summary>The model on PostgreSQL. Text is compared by its bytes, as SQLite does, so that both have one order.</summary>
internal sealed class PostgresNewsDbContext(DbContextOptions<PostgresNewsDbContext> options) : NewsDbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<string>().UseCollation("C");
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<InstantConverter>();
    }

    protected override async Task LockRowsAsync(string table, string column, Array values, Hold hold, CancellationToken cancel)
    {
        // Always in the same order, so that two who hold several wait for each other and not for ever.
        var sql = $"SELECT 1 FROM {table} WHERE {column} = ANY(@values) ORDER BY {column} FOR {(hold == Hold.ToChange ? "UPDATE" : "SHARE")}";
        await Database.ExecuteSqlRawAsync(sql, [new NpgsqlParameter("values", values)], cancel);
    }
}

/// <summary>Instants in UTC and milliseconds, as they are on the wire.</summary>
internal sealed class InstantConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(
    instant => DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds()), instant => instant);

/// <summary>For <c>dotnet ef</c>, which needs a context and no database.</summary>
internal sealed class PostgresDesignTimeFactory : IDesignTimeDbContextFactory<PostgresNewsDbContext>
{
    public PostgresNewsDbContext CreateDbContext(string[] args) => new(PostgresDatabase.Options("Host=localhost;Database=news"));
}
