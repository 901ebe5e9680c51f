using System.Data.Common;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Search;

/// <summary>The verb that makes the index anew.</summary>
public sealed class ReindexVerbTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task What_the_index_has_lost_is_found_again_and_partners_hear_nothing_of_it()
    {
        string before;
        int changes;
        await using (var api = new Api(null, _folder))
        {
            await api.Generate(600, people: 30, events: 20);
            await api.Article("Mauerblümchen");
            await api.Draft("Gänseblümchen");
            using var stored = StoredTables.Of(api);
            before = Index(stored);
            changes = stored.Changes().Count;
        }

        Lose();
        using (var program = NewsApiProcess.Start(_folder, "Production", "reindex"))
        {
            Assert.True(await program.EndAsync() == 0, program.Output);
            Assert.Contains("652 documents are up to date.", program.Output, StringComparison.Ordinal);
        }

        await using var again = new Api(null, _folder);
        Assert.Single(await again.Anonymous.Ids("/v1/articles?q=Mauerblümchen"));
        Assert.Single(await again.Editor.Ids("/v1/articles?q=Gänseblümchen&perspective=preview"));
        using var now = StoredTables.Of(again);
        Assert.Equal(before, Index(now));
        Assert.Equal(changes, now.Changes().Count);
        Assert.Equal(0, now.Number("SELECT count(*) FROM pending_renders"));
    }

    public void Dispose() => _folder.Dispose();

    private static string Index(StoredTables stored) =>
        string.Join('\n', stored.Tokens("public").Concat(stored.Tokens("preview")).OrderBy(t => t.Key).Select(t => $"{t.Key} {t.Value}"));

    private void Lose()
    {
        using var connection = TestDatabase.Open(_folder);
        foreach (var set in (string[])["public", "preview"])
        {
            Run(connection, $"DELETE FROM {set}_entries");
            Run(connection, TestDatabase.IsPostgres ? $"DELETE FROM {set}_search" : $"INSERT INTO {set}_search ({set}_search) VALUES ('delete-all')");
        }
    }

    private static void Run(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
