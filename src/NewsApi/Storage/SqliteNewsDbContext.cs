using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Storage;

/// <summary>The model on SQLite: ids and instants are text that sorts as it should, list tables are clustered by their key.</summary>
internal sealed class SqliteNewsDbContext(DbContextOptions<SqliteNewsDbContext> options) : NewsDbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<Guid>().HaveConversion<GuidToStringConverter>();
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<InstantToTextConverter>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        foreach (var set in (string[])[PublishedTables.Public, PublishedTables.Preview])
        {
            modelBuilder.SharedTypeEntity<PublishedSearch>($"{set}_search", search =>
            {
                // A virtual table, which a migration makes by hand.
                search.ToTable($"{set}_search", table => table.ExcludeFromMigrations());
                search.Property(s => s.Number).HasColumnName("rowid");
            });
        }
    }

    /// <summary>Whoever writes holds the whole file.</summary>
    protected override Task LockRowsAsync(string table, string column, Array values, Hold hold, CancellationToken cancel) => Task.CompletedTask;
}

internal sealed class InstantToTextConverter() : ValueConverter<DateTimeOffset, string>(
    instant => Instants.Format(instant),
    text => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture));

/// <summary>
/// Makes the narrow tables of the published sets WITHOUT ROWID: rows lie in the order of the primary key, so that a page of
/// a list is one range. EF Core has no word for it.
/// </summary>
internal sealed class ClusteringSqlGenerator(
    MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations)
    : SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    protected override void Generate(CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        base.Generate(operation, model, builder, terminate: false);
        if (operation.Name.EndsWith("_cards", StringComparison.Ordinal)
            || operation.Name.EndsWith("_filters", StringComparison.Ordinal)
            || operation.Name.EndsWith("_slugs", StringComparison.Ordinal)
            || operation.Name.EndsWith("_versions", StringComparison.Ordinal))
        {
            builder.Append(" WITHOUT ROWID");
        }

        if (!terminate) return;

        builder.AppendLine(Dependencies.SqlGenerationHelper.StatementTerminator);
        EndStatement(builder);
    }
}

/// <summary>For <c>dotnet ef</c>, which needs a context and no database.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteNewsDbContext>
{
    public SqliteNewsDbContext CreateDbContext(string[] args) => new(SqliteDatabase.Options("Data Source=:memory:"));
}
