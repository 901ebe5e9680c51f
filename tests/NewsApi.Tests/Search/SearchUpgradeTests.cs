using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using NewsApi.Storage;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Search;

/// <summary>A database from before there was a search.</summary>
public sealed class SearchUpgradeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task What_was_published_before_is_found_after_the_start_and_partners_hear_nothing_of_it()
    {
        int changes;
        string article, person, tag;
        await using (var before = new Api(null, _folder))
        {
            await before.Generate(700, people: 40, events: 30);
            person = (await before.Person("Anna Gruber")).Id();
            article = (await before.Article("Mauerblümchen", $$""","people":[{"id":"{{person}}"}]""")).Id();
            await before.Draft("Gänseblümchen");
            await before.Editor.PutJson($"/v1/articles/{article}?draft=true", """{"headline":"Vergissmeinnicht"}""", "*").Answers();
            tag = await before.Anonymous.TagOf($"/v1/articles/{article}");
            using var stored = StoredTables.Of(before);
            changes = stored.Changes().Count;
        }

        await GoBackAsync();
        using (var old = new StoredTables(_folder)) Assert.DoesNotContain("public_entries", old.Tables());

        await using var api = new Api(null, _folder, ("Storage:MigrateAtStart", "true"));
        await Sending.Eventually(async () =>
        {
            using var left = StoredTables.Of(api);
            return left.Number("SELECT count(*) FROM pending_renders") == 0;
        }, "everything is in the index");

        Assert.Equal([article], await api.Anonymous.Ids("/v1/articles?q=Mauerblümchen"));
        Assert.Equal([person], await api.Anonymous.Ids("/v1/people?q=Gruber"));
        Assert.Equal(2, (await api.Editor.Ids("/v1/articles?q=Vergissmeinnicht+OR+Gänseblümchen&perspective=preview")).Length);
        Assert.Equal((await api.Anonymous.Ids("/v1/articles")).Order(), (await api.Anonymous.Ids("/v1/articles?sort=updatedAt")).Order());
        Assert.Equal(30, (await api.Anonymous.Ids("/v1/events?sort=updatedAt")).Length);
        Assert.Equal(tag, await api.Anonymous.TagOf($"/v1/articles/{article}"));
        using var now = StoredTables.Of(api);
        Assert.Equal(changes, now.Changes().Count);
    }

    public void Dispose() => _folder.Dispose();

    private async Task GoBackAsync()
    {
        var connection = TestDatabase.Settings(_folder).Single(s => s.Name == "ConnectionStrings:News").Value;
        await using NewsDbContext context = TestDatabase.IsPostgres
            ? new PostgresNewsDbContext(PostgresDatabase.Options(connection))
            : new SqliteNewsDbContext(SqliteDatabase.Options(connection));
        var before = context.Database.GetMigrations().TakeWhile(m => !m.EndsWith("_Search", StringComparison.Ordinal)).Last();
        await context.GetService<IMigrator>().MigrateAsync(before, TestContext.Current.CancellationToken);
    }
}
