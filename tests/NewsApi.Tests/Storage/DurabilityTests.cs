using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Support;
using NewsApi.Tests.Sync;

namespace NewsApi.Tests.Storage;

public sealed class DurabilityTests : IDisposable
{
    private const int Rounds = 30;
    private const int RoundsBetweenLooks = 3;
    private const int Writers = 8;
    private const int WritesBeforeTheKill = 20;

    private readonly TestFolder _folder = new();

    /// <summary>What the program has said yes to, by article: the newest version, and which of its versions went public.</summary>
    private readonly ConcurrentDictionary<string, Acknowledged> _acknowledged = [];

    [Fact]
    public async Task Every_acknowledged_write_survives_a_kill_and_every_partner_hears_of_it()
    {
        // One follows from start to start, the other begins anew each time.
        CopyKeeper? partner = null;
        for (var round = 0; round < Rounds; round++)
        {
            using var server = await NewsApiProcess.Start(_folder, "Development").ReadyAsync();
            partner = partner is null ? await new CopyKeeper(server.Anonymous).StartAsync() : partner.Of(server.Anonymous);
            await FollowAsync(partner, server.Anonymous);
            if (round % RoundsBetweenLooks == 0) await EverythingAcknowledgedIsThereAsync(server);
            await WriteUntilKilledAsync(server, round);
            if (round % RoundsBetweenLooks == 0) TheTablesAgree();
        }

        using var last = await NewsApiProcess.Start(_folder, "Development").ReadyAsync();
        await EverythingAcknowledgedIsThereAsync(last);
        TheTablesAgree();
        await FollowAsync(partner!.Of(last.Anonymous), last.Anonymous);
        Assert.True(_acknowledged.Count > Rounds, "hardly anything was written");
    }

    public void Dispose() => _folder.Dispose();

    private static async Task FollowAsync(CopyKeeper partner, HttpClient client)
    {
        await partner.CatchUpAsync();
        Assert.Empty(await partner.CompareAsync());
        var anew = await (await new CopyKeeper(client).StartAsync()).CatchUpAsync();
        Assert.Equal(anew.Copy.Keys, partner.Copy.Keys);
        Assert.Empty(await anew.CompareAsync());
    }

    private async Task WriteUntilKilledAsync(NewsApiProcess server, int round)
    {
        var person = (await server.Editor.PostJson("/v1/people", $$"""{"name":"Steven Witkoff {{round}}"}""").Answers(HttpStatusCode.Created)).Id();
        var writes = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAsync)).ToList();
        await Task.WhenAny(enough.Task, Task.WhenAll(writers));
        server.Kill();
        await Task.WhenAll(writers);
        Assert.True(writes >= WritesBeforeTheKill, $"only {writes} writes were acknowledged before the kill");

        // Until the connection breaks: an article, public, changed, renamed by its person, sometimes withdrawn or deleted.
        async Task WriteAsync()
        {
            try
            {
                for (var i = 0; ; i++)
                {
                    var id = Guid.CreateVersion7().ToString();
                    var address = $"/v1/articles/{id}";
                    var article = $$"""{"headline":"Meldung","tags":["Runde {{round}}"],"section":{"slug":"politik"},"people":[{"id":"{{person}}"}]}""";
                    Count(id, await server.Editor.PutJson(address, article).Answers(HttpStatusCode.Created));
                    Count(id, await server.Editor.Publish(id).Answers());
                    Count(id, await server.Editor.PatchJson(address, """{"teaser":"zweite Fassung"}""").Answers());
                    if (i % 3 == 0) await server.Editor.PatchJson($"/v1/people/{person}", $$"""{"name":"Steve Witkoff {{i}}"}""").Answers();
                    if (i % 4 == 0) Count(id, await server.Editor.PatchJson($"{address}?draft=true", """{"teaser":"in Arbeit"}""").Answers());
                    if (i % 5 == 1)
                    {
                        // From the moment it is asked for, the public version may be gone or not.
                        _acknowledged[id] = _acknowledged[id] with { PublicVersion = null };
                        Count(id, await server.Editor.Remove($"{address}/publication", null).Answers());
                    }
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // The program is gone.
            }
        }

        void Count(string id, JsonObject article)
        {
            var known = _acknowledged.GetValueOrDefault(id);
            var published = article.Text("status") switch { "published" => article.Int("version"), "withdrawn" => null, _ => known?.PublicVersion };
            _acknowledged[id] = new Acknowledged(article.Int("version"), published);
            if (Interlocked.Increment(ref writes) == WritesBeforeTheKill) enough.SetResult();
        }
    }

    private async Task EverythingAcknowledgedIsThereAsync(NewsApiProcess server)
    {
        using var file = new StoredTables(_folder);
        var told = file.Changes().ToLookup(c => c.Id);
        foreach (var (id, acknowledged) in _acknowledged)
        {
            var newest = await server.Editor.GetObject($"/v1/articles/{id}?perspective=preview");
            Assert.True(newest.Int("version") >= acknowledged.Version, $"version {acknowledged.Version} of {id} is lost");
            if (acknowledged.PublicVersion is not { } version) continue;

            var article = await server.Anonymous.GetObject($"/v1/articles/{id}");
            Assert.True(article.Int("version") >= version, $"version {version} of {id} is no longer public");
            Assert.Contains(told[id], c => c.Version == version && c.Operation == "upsert");
        }
    }

    /// <summary>Whatever the moment of the kill, the tables tell the same story.</summary>
    private void TheTablesAgree()
    {
        using var file = new StoredTables(_folder);
        var last = file.Changes().GroupBy(c => c.Id).Select(g => g.Last()).ToDictionary(c => c.Id);
        var documents = file.Rows(
            "SELECT id, version, position, content_hash, sort_key, filters, type FROM public_documents WHERE type <> 'section'",
            r => (Id: r.GetString(0), Version: r.GetInt32(1), Position: r.GetInt64(2), Hash: r.GetString(3), SortKey: r.GetString(4),
                Filters: JsonNode.Parse(r.GetStream(5))!.AsArray(), Type: r.GetString(6)));

        Assert.Equal(
            documents.Select(d => (d.Id, d.Version, d.Position, (string?)d.Hash)).Order(),
            last.Values.Where(c => c.Operation == "upsert").Select(c => (c.Id, c.Version, c.Position, c.ContentHash)).Order());
        Assert.Equal(
            documents.Select(d => (d.Type, d.Id, d.SortKey)).Order(),
            file.Rows("SELECT type, id, sort_key FROM public_cards WHERE type <> 'section'", r => (r.GetString(0), r.GetString(1), r.GetString(2))).Order());
        Assert.Equal(
            documents.SelectMany(d => d.Filters.Select(f => $"{d.Type} {d.Id} {d.SortKey} {f!.Text("filter")}={f!.Text("value")}")).Order(StringComparer.Ordinal),
            file.Rows("SELECT type, id, sort_key, filter, value FROM public_filters", r => $"{r.GetString(0)} {r.GetString(1)} {r.GetString(2)} {r.GetString(3)}={r.GetString(4)}")
                .Order(StringComparer.Ordinal));
        Assert.Equal(
            documents.Where(d => d.Type == "article").Select(d => (d.Id, d.Version)).Order(),
            file.Rows("SELECT id, public_version FROM articles WHERE public_version IS NOT NULL", r => ($"{r.GetValue(0)}", r.GetInt32(1))).Order());
        Assert.Equal(0, file.Number(
            "SELECT count(*) FROM articles AS a WHERE a.version <> (SELECT count(*) FROM revisions AS r WHERE r.type = 'article' AND r.resource_id = a.id)"));
        if (!TestDatabase.IsPostgres) Assert.Equal("ok", file.Rows("PRAGMA integrity_check", r => r.GetString(0)).Single());
    }

    private sealed record Acknowledged(int Version, int? PublicVersion);
}
