using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Access;
using NewsApi.Generate;
using NewsApi.Publishing;
using NewsApi.Tests.Changes;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Access;

/// <summary>The change feed as partners see it who have a licence.</summary>
public sealed class LicensedChangesTests : IAsyncDisposable
{
    private const string Licence = """{"sections":["politik"],"sources":[{"name":"APA","level":"teaser"},{"name":"dpa","level":"metadata"},{"name":"*","level":"full"}]}""";

    private readonly Api _api = new();

    [Fact]
    public async Task A_hash_that_is_told_is_that_of_what_is_read()
    {
        foreach (var source in (string[])["APA", "dpa", "Reuters"])
            await Article(source, ""","section":{"slug":"politik"},"subhead":"Unten","images":[{"url":"https://example.org/1.jpg","alt":"Bild"}]""");
        await _api.Person("Rubio");
        using var partner = await Partner(Licence);
        var follower = await new Follower(partner).CatchUpAsync();

        Assert.Equal(4, follower.Copy.Count);
        foreach (var entry in follower.Entries)
        {
            using var read = await partner.Get($"/v1/{(entry.Text("type") == "article" ? "articles" : "people")}/{entry.Id()}");
            Assert.Equal(CanonicalJson.Hash(await read.Bytes()), entry.Text("contentHash"));
        }

        Assert.NotEqual(follower.Copy.Values, (await new Follower(_api.Anonymous).CatchUpAsync()).Copy.Values);
    }

    [Fact]
    public async Task What_leaves_the_scope_is_removed_and_what_enters_it_is_there()
    {
        using var partner = await Partner(Licence);
        var follower = new Follower(partner);
        var moving = await Article("Reuters", ""","section":{"slug":"politik"},"slug":"vorher","externalIds":[{"source":"x","value":"1"}]""");
        var outside = await Article("Reuters", ""","section":{"slug":"sport"}""");
        await follower.CatchUpAsync();
        Assert.Equal(["article upsert published 1 after -"], follower.Said);

        await _api.Editor.PatchJson($"/v1/articles/{moving.Id()}", """{"section":{"slug":"sport"},"slug":"nachher","externalIds":[{"source":"x","value":"2"}]}""").Answers();
        await _api.Editor.PatchJson($"/v1/articles/{moving.Id()}", """{"headline":"Später"}""").Answers();
        await follower.CatchUpAsync();
        var removed = follower.Entries[^1];
        Assert.Equal(2, follower.Entries.Count);
        Assert.Equal("article remove updated 1 after 1", follower.Said.Last());
        Assert.Equal("vorher", removed.Text("slug"));
        Assert.Equal("1", removed["externalIds"]![0]!.Text("value"));
        Assert.Null(removed["contentHash"]);
        Assert.Empty(follower.Copy);

        await _api.Editor.PatchJson($"/v1/articles/{outside.Id()}", """{"section":{"slug":"politik"}}""").Answers();
        await follower.CatchUpAsync();
        Assert.Equal("article upsert updated 2 after 1", follower.Said.Last());

        await _api.Editor.Remove($"/v1/articles/{moving.Id()}").Succeeds();
        await _api.Editor.Remove($"/v1/articles/{outside.Id()}/publication").Answers();
        await follower.CatchUpAsync();
        Assert.Equal($"{outside.Id()} article remove withdrawn", $"{follower.Entries[^1].Id()} {string.Join(' ', follower.Said.Last().Split(' ')[..3])}");
        Assert.Equal(4, follower.Entries.Count);
        Assert.Empty(follower.Copy);
    }

    [Theory]
    [InlineData("""{"languages":["de"]}""")]
    [InlineData("""{"sources":[{"name":"APA","level":"full"}]}""")]
    [InlineData("""{"sources":[{"name":"APA","level":"teaser"},{"name":"*","level":"metadata"}]}""")]
    [InlineData("""{"sections":["politik","sport"],"languages":["en"],"sources":[{"name":"dpa","level":"teaser"},{"name":"*","level":"full"}]}""")]
    public async Task Whoever_follows_has_what_the_lists_show(string licence)
    {
        var dice = new Dice(7, 'l', 0);
        using var partner = await Partner(licence);
        var follower = new Follower(partner, "limit=3");
        var articles = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            var (section, language, source) = (dice.Pick(["politik", "sport"]), dice.Pick(["de", "de-AT", "en"]), dice.Pick(["APA", "dpa", "Reuters"]));
            var body = $$"""{"headline":"Meldung {{i}}","language":"{{language}}","section":{"slug":"{{section}}"},"teaser":"Kurz","sources":[{"name":"{{source}}"}],"body":[{"type":"paragraph","text":"Lang"}]}""";
            if (articles.Count < 5)
            {
                articles.Add((await _api.Editor.PostJson("/v1/articles", body).Answers(HttpStatusCode.Created)).Id());
                await _api.Editor.Publish(articles[^1]).Answers();
            }
            else
            {
                var id = dice.Pick(articles.ToArray());
                if (dice.Between(0, 5) > 0)
                {
                    await _api.Editor.PutJson($"/v1/articles/{id}", body, "*").Answers();
                }
                else
                {
                    await _api.Editor.Remove($"/v1/articles/{id}").Succeeds();
                    articles.Remove(id);
                }
            }

            if (i % 7 == 0) await follower.CatchUpAsync();
        }

        await follower.CatchUpAsync();
        var late = await new Follower(partner, "limit=500").CatchUpAsync();
        var shown = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var id in (await partner.GetObject("/v1/articles?limit=200")).Each("id"))
        {
            using var read = await partner.Get($"/v1/articles/{id}");
            var bytes = await read.Bytes();
            shown.Add($"article {id}", $"{JsonNode.Parse(bytes)!.Int("version")} {CanonicalJson.Hash(bytes)}");
        }

        Assert.Equal(shown, follower.Copy);
        Assert.Equal(shown, late.Copy);
    }

    [Fact]
    public async Task A_cursor_of_the_feed_goes_with_the_licence_it_came_from()
    {
        await Article("APA");
        var key = await _api.Key([Scopes.Sync], $",\"licence\":{Licence}");
        using var partner = _api.With(key.Text("key"));
        var theirs = (await partner.GetObject("/v1/changes")).Text("nextCursor");
        var everybodys = (await _api.Anonymous.GetObject("/v1/changes")).Text("nextCursor");

        await partner.GetObject($"/v1/changes?cursor={theirs}");
        await partner.Get($"/v1/changes?cursor={everybodys}").IsRefused(410, "scopeChanged");
        await _api.Anonymous.Get($"/v1/changes?cursor={theirs}").IsRefused(410, "scopeChanged");
        await _api.Editor.PatchJson($"/v1/keys/{key.Id()}", """{"licence":{"sections":["sport"]}}""", null).Answers();
        await partner.Get($"/v1/changes?cursor={theirs}").IsRefused(410, "scopeChanged");
    }

    [Fact]
    public async Task A_notice_is_told_as_far_as_the_text_is_shown()
    {
        var article = await Article("APA", ""","section":{"slug":"politik"}""");
        await _api.Editor.PostJson($"/v1/articles/{article.Id()}/corrections", """{"kind":"correction","note":"Berichtigt.","was":"Vorher","now":"Nachher"}""").Answers(HttpStatusCode.Created);
        using var partner = await Partner(Licence);

        var told = (await partner.GetObject("/v1/changes"))["items"]![1]!["correction"]!;
        Assert.Equal("Berichtigt.", told.Text("note"));
        Assert.Null(told["was"]);
        Assert.Null(told["now"]);
    }

    [Fact]
    public async Task Much_that_is_not_shown_is_passed_over_in_pages_that_end()
    {
        await Article("Reuters", ""","section":{"slug":"sport"}""");
        using (var tables = StoredTables.Of(_api))
        {
            tables.Execute("""
                INSERT INTO changes (position, type, id, operation, reason, version, changed_at, slug, external_ids, content_hash, scope)
                SELECT p.position + n.i, 'article', p.id, 'upsert', 'updated', 1, 0, 'x', '[]', 'x', p.scope FROM changes AS p CROSS JOIN (
                    WITH RECURSIVE series (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < 6000) SELECT i FROM series) AS n WHERE p.position = 1
                """);
            tables.Execute("UPDATE heads SET position = 6001 WHERE name = 'public'");
        }

        await using var other = new Api(null, _api.Folder);
        var shown = await Article("Reuters", ""","section":{"slug":"politik"}""", other);
        using var partner = await other.Holder([Scopes.Sync], $",\"licence\":{Licence}");

        var first = await partner.GetObject("/v1/changes");
        Assert.Empty(first["items"]!.AsArray());
        Assert.True(first["hasMore"]!.GetValue<bool>());
        var second = await partner.GetObject($"/v1/changes?cursor={first.Text("nextCursor")}");
        Assert.Equal([shown.Id()], second.Each("id"));
        Assert.False(second["hasMore"]!.GetValue<bool>());
    }

    /// <summary>Entries from before there were licences do not say what the article was then.</summary>
    [Fact]
    public async Task An_entry_that_does_not_know_its_scope_is_told_where_the_article_is_shown_now()
    {
        var (teaser, hidden) = (await Article("APA", ""","section":{"slug":"politik"}"""), await Article("APA", ""","section":{"slug":"sport"}"""));
        using (var tables = StoredTables.Of(_api)) tables.Execute("UPDATE changes SET scope = NULL, previous_scope = NULL, teaser_hash = NULL, metadata_hash = NULL");
        using var partner = await Partner(Licence);

        var entry = Assert.Single((await partner.GetObject("/v1/changes"))["items"]!.AsArray())!;
        using var read = await partner.Get($"/v1/articles/{teaser.Id()}");
        Assert.Equal(CanonicalJson.Hash(await read.Bytes()), entry.Text("contentHash"));
        Assert.NotEqual(hidden.Id(), entry.Id());
    }

    [Fact]
    public async Task A_notice_says_no_more_than_the_article_does_now()
    {
        using var partner = await Partner(Licence);
        var leaves = await Article("Reuters", ""","section":{"slug":"politik"}""");
        var sold = await Article("Reuters", ""","section":{"slug":"politik"}""");
        foreach (var article in (JsonObject[])[leaves, sold])
        {
            await _api.Editor.PostJson($"/v1/articles/{article.Id()}/corrections", """{"kind":"correction","note":"Berichtigt.","was":"Vorherwort","now":"Nachherwort"}""").Answers(HttpStatusCode.Created);
        }

        Assert.Equal(["Vorherwort", "Vorherwort"], await Notices(c => c.Text("was")));

        await _api.Editor.PatchJson($"/v1/articles/{leaves.Id()}", """{"section":{"slug":"sport"}}""").Answers();
        await _api.Editor.PatchJson($"/v1/articles/{sold.Id()}", """{"sources":[{"name":"APA"}]}""").Answers();

        Assert.Equal(["Berichtigt. - -"], await Notices(c => $"{c.Text("note")} {c["was"]?.ToString() ?? "-"} {c["now"]?.ToString() ?? "-"}"));

        async Task<List<string>> Notices(Func<JsonNode, string> say) =>
            [.. (await partner.GetObject("/v1/changes"))["items"]!.AsArray().Select(e => e!["correction"]).OfType<JsonNode>().Select(say)];
    }


    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private Task<JsonObject> Article(string source, string more = "", Api? api = null) => (api ?? _api).Article(
        $"Meldung von {source}", $$""","teaser":"Vorspann","body":[{"type":"paragraph","text":"Text"}],"sources":[{"name":"{{source}}"}]{{more}}""");

    private Task<HttpClient> Partner(string licence) => _api.Holder([Scopes.Read, Scopes.Sync], $",\"licence\":{licence}");
}
