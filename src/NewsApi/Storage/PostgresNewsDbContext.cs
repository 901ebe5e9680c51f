using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using NewsApi.Publishing;
using Npgsql;
using NpgsqlTypes;

namespace NewsApi.Storage;

/// <summary>The model on PostgreSQL. Text is compared by its bytes, as SQLite does, so that both have one order.</summary>
internal sealed class PostgresNewsDbContext(DbContextOptions<PostgresNewsDbContext> options) : NewsDbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<string>().UseCollation("C");
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<InstantConverter>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        foreach (var set in (string[])[PublishedTables.Public, PublishedTables.Preview])
        {
            modelBuilder.SharedTypeEntity<PublishedSearch>($"{set}_search", search =>
            {
                search.Property(s => s.Tokens).UseCollation(null).HasColumnType("tsvector").HasConversion(new TokensConverter());

                // Without its pending list, which every search would have to read as a whole.
                search.HasIndex(s => s.Tokens).HasMethod("gin").HasStorageParameter("fastupdate", false);
            });
        }
    }

    protected override async Task LockRowsAsync(string table, string column, Array values, Hold hold, CancellationToken cancel)
    {
        // Always in the same order, so that two who hold several wait for each other and not for ever.
        var strength = hold switch { Hold.ToChange => "UPDATE", Hold.ToEdit => "NO KEY UPDATE", _ => "SHARE" };
        var sql = $"SELECT 1 FROM {table} WHERE {column} = ANY(@values) ORDER BY {column} FOR {strength}";
        await Database.ExecuteSqlRawAsync(sql, [new NpgsqlParameter("values", values)], cancel);
    }
}

/// <summary>Instants in UTC and milliseconds, as they are on the wire.</summary>
internal sealed class InstantConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(
    instant => DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds()), instant => instant);

/// <summary>Tokens as the index has them, for rows that are inserted in bulk.</summary>
internal sealed class TokensConverter() : ValueConverter<string, NpgsqlTsVector>(tokens => Read(tokens), vector => vector.ToString())
{
    // Npgsql warns of what to_tsvector would make of a text; this one says what is in the vector.
#pragma warning disable CS0618
    private static NpgsqlTsVector Read(string tokens) => NpgsqlTsVector.Parse(PostgresSearchIndex.Vector(tokens));
#pragma warning restore CS0618
}

/// <summary>For <c>dotnet ef</c>, which needs a context and no database.</summary>
internal sealed class PostgresDesignTimeFactory : IDesignTimeDbContextFactory<PostgresNewsDbContext>
{
    public PostgresNewsDbContext CreateDbContext(string[] args) => new(PostgresDatabase.Options("Host=localhost;Database=news"));
}
