using System.Security.Cryptography;
using System.Text.RegularExpressions;
using NewsApi.Changes;
using NewsApi.Sync;
using NewsApi.Tests.Access;
using NewsApi.Tests.Search;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Sync;

/// <summary>What is public, by hashes: a copy that is wrong anywhere is found out, and where.</summary>
public sealed partial class DigestTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task A_copy_by_export_or_feed_agrees_and_one_row_that_is_wrong_is_named()
    {
        await FillAsync();
        var byExport = await new CopyKeeper(_api.Anonymous).StartAsync();
        var byFeed = await new CopyKeeper(_api.Anonymous).CatchUpAsync();
        Assert.Empty(await byExport.CompareAsync());
        Assert.Empty(await byFeed.CompareAsync(1));
        Assert.Empty(await byFeed.CompareAsync(4_096));

        var (key, document) = byFeed.Copy.First(row => row.Key.Type == "article");
        document["headline"] = "Verändert";
        Assert.All(await byFeed.CompareAsync(), line => Assert.StartsWith($"article {key.Id} ", line, StringComparison.Ordinal));
        Assert.Equal(2, (await byFeed.CompareAsync()).Count);
        byFeed.Copy.Remove(key);
        Assert.StartsWith($"article {key.Id} ", Assert.Single(await byFeed.CompareAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changed_behind_the_cursor_is_left_out_and_named()
    {
        await FillAsync();
        var copy = await new CopyKeeper(_api.Anonymous).StartAsync();
        var changed = copy.Copy.Keys.First(k => k.Type == "article").Id;
        var removed = copy.Copy.Keys.Last(k => k.Type == "article").Id;
        await _api.Editor.PatchJson($"/v1/articles/{changed}", """{"teaser":"neu"}""").Answers();
        await _api.Editor.Remove($"/v1/articles/{removed}").Succeeds();
        var added = (await _api.Person("Neu")).Id();

        var digest = await _api.Anonymous.GetObject($"/v1/sync/digest?cursor={copy.Cursor}");

        Assert.Equal(copy.Cursor, digest.Text("cursor"));
        Assert.Equal(((string[])[$"article {changed}", $"article {removed}", $"person {added}"]).Order(), digest["changedSince"]!.AsArray().Select(k => $"{k!.Text("type")} {k!.Id()}").Order());
        Assert.Empty(await copy.CompareAsync());
        Assert.Empty(await (await copy.CatchUpAsync()).CompareAsync());
    }

    [Fact]
    public async Task Under_a_licence_it_is_about_what_the_key_sees()
    {
        await FillAsync();
        using var partner = await _api.Holder(["content:read", "sync:read"], ""","licence":{"sources":[{"name":"APA","level":"teaser"},{"name":"dpa","level":"metadata"},{"name":"Reuters","level":"full"}]}""");
        var copy = await new CopyKeeper(partner).StartAsync();

        Assert.Empty(await copy.CompareAsync());
        Assert.Empty(await (await new CopyKeeper(partner).CatchUpAsync()).CompareAsync());
        Assert.NotEqual(
            (await _api.Anonymous.GetObject("/v1/sync/digest?buckets=1"))["buckets"]![0]!.Text("hash"),
            (await partner.GetObject("/v1/sync/digest?buckets=1"))["buckets"]![0]!.Text("hash"));
        await _api.Anonymous.Get($"/v1/sync/digest?cursor={copy.Cursor}").IsRefused(410, "scopeChanged");
    }

    [Fact]
    public async Task Under_a_licence_only_what_it_shows_or_showed_is_named_as_changed()
    {
        const string licence = ""","licence":{"sections":["politik"],"sources":[{"name":"APA","level":"teaser"},{"name":"Reuters","level":"full"}]}""";
        using var partner = await _api.Holder(["content:read", "sync:read"], licence);
        var (seen, foreign) = (await Article("Sichtbar", "APA", "politik"), await Article("Fremd", "dpa", "politik"));
        var (leaves, gone) = (await Article("Geht", "Reuters", "politik"), await Article("Gelöscht", "Reuters", "politik"));
        var copy = await new CopyKeeper(partner).StartAsync();

        await _api.Editor.PatchJson($"/v1/articles/{seen}", """{"teaser":"neu"}""").Answers();
        await _api.Editor.PatchJson($"/v1/articles/{leaves}", """{"section":{"slug":"sport"}}""").Answers();
        await _api.Editor.PatchJson($"/v1/articles/{leaves}", """{"teaser":"später"}""").Answers();
        await _api.Editor.PatchJson($"/v1/articles/{foreign}", """{"teaser":"neu"}""").Answers();
        await _api.Editor.Remove($"/v1/articles/{gone}").Succeeds();
        var (enters, person) = (await Article("Neu", "APA", "politik"), (await _api.Person("Neu")).Id());
        await Article("Fremd von Anfang an", "APA", "sport");

        var digest = await partner.GetObject($"/v1/sync/digest?cursor={copy.Cursor}");

        Assert.Equal(
            ((string[])[seen, leaves, gone, enters, person]).Order(StringComparer.Ordinal),
            digest["changedSince"]!.AsArray().Select(k => k!.Id()).Order(StringComparer.Ordinal));
        var told = (await partner.GetObject($"/v1/changes?cursor={copy.Cursor}")).Each("id").Distinct();
        Assert.Equal(digest["changedSince"]!.AsArray().Select(k => k!.Id()).Order(), told.Order());
        Assert.Empty(await copy.CompareAsync());
        Assert.Empty(await (await copy.CatchUpAsync()).CompareAsync());

        async Task<string> Article(string headline, string source, string section) =>
            (await _api.Article(headline, $$""","sources":[{"name":"{{source}}"}],"section":{"slug":"{{section}}"},"teaser":"Kurz" """)).Id();
    }

    [Fact]
    public async Task What_others_change_in_any_number_puts_no_partner_far_behind()
    {
        using var partner = await _api.Holder(["sync:read"], ""","licence":{"sections":["politik"]}""");
        await _api.Article("Fremd", ""","section":{"slug":"sport"}""");
        var cursor = (await partner.GetObject("/v1/changes")).Text("nextCursor");
        var everybodys = (await _api.Anonymous.GetObject("/v1/changes")).Text("nextCursor");
        using (var tables = StoredTables.Of(_api))
        {
            tables.Execute("""
                INSERT INTO changes (position, type, id, operation, reason, version, changed_at, slug, external_ids, content_hash, scope)
                SELECT p.position + n.i, 'article', CONCAT('019b7a12-a4a0-7c8c-be49-', 100000000000 + n.i), 'upsert', 'updated', 1, 0, 'x', '[]', 'x', p.scope
                FROM changes AS p CROSS JOIN (
                    WITH RECURSIVE series (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < 10001) SELECT i FROM series) AS n WHERE p.position = 1
                """);
            tables.Execute("UPDATE heads SET position = 10002 WHERE name = 'public'");
        }

        await _api.Anonymous.Get($"/v1/sync/digest?cursor={everybodys}").IsRefused(409, "farBehind");
        Assert.Empty((await partner.GetObject($"/v1/sync/digest?cursor={cursor}"))["changedSince"]!.AsArray());
    }

    /// <summary>A node keeps what it read for a digest; one that has just been started has nothing.</summary>
    [Fact]
    public async Task What_a_node_kept_from_before_is_told_as_one_that_reads_it_now_tells_it()
    {
        await FillAsync();
        var key = await _api.Key(["sync:read"], ""","licence":{"sources":[{"name":"APA","level":"teaser"},{"name":"Reuters","level":"full"}]}""");
        using var partner = _api.With(key.Text("key"));
        var (everybodys, theirs) = (new List<string>(), new List<string>());
        var articles = (await _api.Anonymous.GetObject("/v1/articles?limit=200")).Items();
        string Written(string source) => articles.First(a => a["sources"]![0]!.Text("name") == source).Id();

        for (var round = 0; round < 4; round++)
        {
            everybodys.Add((await _api.Anonymous.GetObject($"/v1/sync/digest?buckets={round + 1}")).Text("cursor"));
            theirs.Add((await partner.GetObject($"/v1/sync/digest?buckets={round + 1}")).Text("cursor"));
            if (round == 0) await _api.Editor.PatchJson($"/v1/articles/{Written("APA")}", """{"teaser":"neu"}""").Answers();
            if (round == 0) await _api.Person("Neu");
            if (round == 1) await _api.Editor.PatchJson($"/v1/articles/{Written("Reuters")}", """{"sources":[{"name":"dpa"}]}""").Answers();
            if (round == 1) await _api.Editor.PatchJson($"/v1/articles/{Written("dpa")}", """{"sources":[{"name":"APA"}]}""").Answers();
            if (round == 2) await _api.Editor.Remove($"/v1/articles/{Written("Andere")}").Succeeds();

            await using var fresh = new Api(null, _api.Folder);
            using var freshPartner = fresh.With(key.Text("key"));
            var readers = ((HttpClient, HttpClient, List<string>)[])[(_api.Anonymous, fresh.Anonymous, everybodys), (partner, freshPartner, theirs)];
            foreach (var (kept, read, cursors) in readers)
            {
                foreach (var address in cursors.SelectMany(c => (string[])[$"buckets=3&cursor={c}", $"buckets=1&bucket=0&cursor={c}"]).Append("buckets=2"))
                    Sending.Same(await read.GetObject($"/v1/sync/digest?{address}"), await kept.GetObject($"/v1/sync/digest?{address}"));
            }
        }
    }

    [Fact]
    public void What_was_read_before_a_cut_is_read_anew_after_it()
    {
        var head = new FeedHead("0123456789abcdef", Position: 5, CutTo: 0, Cuts: 0);
        var tables = new DigestTables();
        tables.Keep(null, new DigestTable(head));

        Assert.NotNull(tables.Find(null, head with { Position = 9 }, 5));
        Assert.Null(tables.Find(null, head with { Position = 9, CutTo = 7, Cuts = 1 }, 5));
    }

    [Fact]
    public async Task Many_who_ask_at_once_are_all_answered()
    {
        await FillAsync();

        var answers = await Task.WhenAll(Enumerable.Range(1, 12).Select(i => _api.Anonymous.StatusOf($"/v1/sync/digest?buckets={i}")));

        Assert.All(answers, status => Assert.Equal(System.Net.HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task Nothing_public_is_empty_buckets()
    {
        await _api.Draft("Entwurf");
        await _api.Editor.PutJson("/v1/sections/politik", """{"name":"Politik"}""").Succeeds(System.Net.HttpStatusCode.Created);

        var digest = await _api.Anonymous.GetObject("/v1/sync/digest?buckets=3");

        var empty = Convert.ToHexStringLower(SHA256.HashData([]));
        Assert.Equal([(0, 0, empty), (1, 0, empty), (2, 0, empty)], digest["buckets"]!.AsArray().Select(b => (b!.Int("index"), b!.Int("count"), b!.Text("hash"))));
        Assert.Empty(digest["changedSince"]!.AsArray());
    }

    [Fact]
    public async Task More_than_is_read_at_once_is_told_whole_and_in_order()
    {
        await _api.Person("Marco Rubio");
        var cursor = (await _api.Anonymous.GetObject("/v1/changes")).Text("nextCursor");
        using (var connection = TestDatabase.Open(_api.Folder))
        {
            using var command = connection.CreateCommand();
            const string numbers = "WITH RECURSIVE numbers(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM numbers WHERE i < 5001)";
            const string id = "'019b7a12-a4a0-7c8c-be49-' || substr('000000000000' || CAST(i AS text), length(CAST(i AS text)) + 1)";
            command.CommandText =
                $"""
                INSERT INTO public_documents (type, id, slug, version, position, modified_at, sort_key, content_hash, reference, filters, document)
                {numbers} SELECT type, {id}, slug, version, i, modified_at, sort_key, content_hash, reference, filters, document FROM public_documents CROSS JOIN numbers;
                INSERT INTO changes (position, type, id, operation, reason, version, changed_at, slug, external_ids)
                SELECT position, type, id, 'upsert', 'published', 1, 0, slug, '[]' FROM public_documents WHERE position > 1;
                UPDATE heads SET position = 5001 WHERE name = 'public'
                """;
            command.ExecuteNonQuery();
        }

        var items = (await _api.Anonymous.GetObject("/v1/sync/digest?buckets=1&bucket=0"))["items"]!.AsArray().Select(i => i!.Id()).ToList();
        var behind = await _api.Anonymous.GetObject($"/v1/sync/digest?buckets=1&cursor={cursor}");

        Assert.Equal(5_001, items.Distinct().Count());
        Assert.Equal(items.Order(StringComparer.Ordinal), items);
        Assert.Equal((1, 5_000), (behind["buckets"]![0]!.Int("count"), behind["changedSince"]!.AsArray().Count));
    }

    [Theory]
    [InlineData("buckets=0", "buckets")]
    [InlineData("buckets=4097", "buckets")]
    [InlineData("bucket=64", "bucket")]
    [InlineData("buckets=8&bucket=8", "bucket")]
    [InlineData("bucket=-1", "bucket")]
    [InlineData("bucket=x", "bucket")]
    [InlineData("cursor=x", "cursor")]
    public async Task What_cannot_be_meant_is_refused_by_name(string query, string parameter) =>
        Assert.Equal([parameter], (await _api.Anonymous.Get($"/v1/sync/digest?{query}").IsRefused(400)).Places());

    [Fact]
    public void The_test_vectors_for_partners_hold()
    {
        var rows = File.ReadAllLines(Path.Combine(Repository.Root, "README.md")).Select(line => VectorPattern().Match(line)).Where(m => m.Success).ToList();

        Assert.Equal(3, rows.Count);
        Assert.All(rows, row =>
        {
            using var document = System.Text.Json.JsonDocument.Parse(row.Groups["json"].Value);
            var canonical = System.Text.Encoding.UTF8.GetString(NewsApi.Publishing.CanonicalJson.Write(document.RootElement).Span);
            Assert.Equal((row.Groups["canonical"].Value, row.Groups["hash"].Value), (canonical, NewsApi.Client.SyncDigest.ContentHash(System.Text.Encoding.UTF8.GetBytes(row.Groups["json"].Value))));
        });
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [GeneratedRegex(@"^\| `(?<json>\{.*\})` \| `(?<canonical>\{.*\})` \| `(?<hash>[0-9a-f]{64})` \|$")]
    private static partial Regex VectorPattern();

    private async Task FillAsync()
    {
        foreach (var source in (string[])["APA", "dpa", "Reuters", "Andere"])
        {
            for (var i = 0; i < 5; i++) await _api.Article($"{source} {i}", $$""","sources":[{"name":"{{source}}"}],"teaser":"Kurz","body":[{"type":"paragraph","text":"Lang"}]""");
        }

        await _api.Person("Marco Rubio");
        await _api.Event("Gipfel");
    }
}
