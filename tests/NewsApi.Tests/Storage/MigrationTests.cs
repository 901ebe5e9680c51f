using Microsoft.EntityFrameworkCore;
using NewsApi.Storage;

namespace NewsApi.Tests.Storage;

public sealed class MigrationTests
{
    [Fact]
    public async Task The_migrations_make_the_model_there_is_on_SQLite()
    {
        await using var context = new SqliteDesignTimeFactory().CreateDbContext([]);

        Assert.False(context.Database.HasPendingModelChanges(), "The model has changed: add a migration.");
    }

    [Fact]
    public async Task The_migrations_make_the_model_there_is_on_PostgreSQL()
    {
        await using var context = new PostgresDesignTimeFactory().CreateDbContext([]);

        Assert.False(context.Database.HasPendingModelChanges(), "The model has changed: add a migration.");
    }
}
