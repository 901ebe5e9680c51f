using System.Net;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Changes;

public sealed class ChangeTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task The_life_of_an_article_is_told_entry_by_entry()
    {
        var draft = await _api.Draft("Erste Fassung", ""","section":{"slug":"politik"},"externalIds":[{"source":"apa","value":"1"}]""");
        var address = $"/v1/articles/{draft.Id()}";
        await _api.Editor.Publish(draft.Id()).Answers();
        await _api.Editor.PatchJson(address, """{"teaser":"zweite"}""").Answers();
        await _api.Editor.PatchJson($"{address}?draft=true", """{"teaser":"dritte, in Arbeit"}""").Answers();
        await _api.Editor.Publish(draft.Id()).Answers();
        await _api.Editor.Remove($"{address}/publication", null).Answers();
        await _api.Editor.Publish(draft.Id()).Answers();
        await _api.Editor.Remove(address).Succeeds();

        var told = await new Follower(_api.Anonymous).CatchUpAsync();

        Assert.Equal(
            [
                "article upsert published 1 after -", "article upsert updated 2 after 1", "article upsert updated 3 after 2", "article remove withdrawn 3 after 3",
                "article upsert published 3 after -", "article remove deleted 3 after 3",
            ],
            told.Said);
        Assert.All(told.Entries, e => Assert.Equal((draft.Id(), "erste-fassung"), (e.Id(), e.Text("slug"))));
        Assert.All(told.Entries, e => Assert.Equal("""[{"source":"apa","value":"1"}]""", e["externalIds"]!.ToJsonString()));
        Assert.All(told.Entries, e => Assert.Equal(e.Text("operation") == "remove", e["contentHash"] is null));
        Assert.All(told.Entries, e => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", e.Text("changedAt")));
        Assert.Equal(Enumerable.Range(1, 6).Select(i => (long)i), told.Entries.Select(Follower.Position));
    }

    [Fact]
    public async Task A_rename_is_told_with_everything_that_shows_the_name_and_each_keeps_its_external_ids()
    {
        var person = await _api.Person("Steven Witkoff", ""","externalIds":[{"source":"wikidata","value":"Q1"}]""");
        var article = await _api.Article("Telefonat", $$""","people":[{"id":"{{person.Id()}}"}],"externalIds":[{"source":"apa","value":"1"},{"source":"dpa","value":"2"}]""");
        var newsEvent = await _api.Event("Gipfel", more: $$""","participants":[ { "person": { "id": "{{person.Id()}}" } } ]""");
        var follower = await new Follower(_api.Anonymous).CatchUpAsync();
        var before = follower.Entries.Count;

        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"name":"Steve Witkoff","externalIds":[{"source":"wikidata","value":"Q2"}]}""").Answers();
        await follower.CatchUpAsync();

        Assert.Equal(
            [
                $"{person.Id()} updated [{{\"source\":\"wikidata\",\"value\":\"Q2\"}}]",
                $"{article.Id()} referenceChanged [{{\"source\":\"apa\",\"value\":\"1\"}},{{\"source\":\"dpa\",\"value\":\"2\"}}]",
                $"{newsEvent.Id()} referenceChanged []",
            ],
            follower.Entries.Skip(before).Select(e => $"{e.Id()} {e.Text("reason")} {e["externalIds"]!.ToJsonString()}"));
        Assert.Equal(await Follower.PublicAsync(_api), follower.Copy);
    }

    [Fact]
    public async Task A_removal_names_the_slug_and_external_ids_that_were_public()
    {
        var article = await _api.Article("Meldung", ""","externalIds":[{"source":"apa","value":"1"}]""");
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"slug":"geheim","externalIds":[{"source":"apa","value":"geheim"}]}""").Answers();
        await _api.Editor.Remove($"/v1/articles/{article.Id()}/publication", null).Answers();
        var person = await _api.Person("Erika Beispiel", ""","externalIds":[{"source":"desk","value":"7"}]""");
        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"visibility":"internal","externalIds":[{"source":"desk","value":"geheim"}]}""").Answers();
        var newsEvent = await _api.Event("Gipfel", more: ""","externalIds":[{"source":"desk","value":"8"}]""");
        await _api.Editor.Remove($"/v1/events/{newsEvent.Id()}").Succeeds();

        var told = await new Follower(_api.Anonymous).CatchUpAsync();

        Assert.Equal(
            [
                """article withdrawn meldung [{"source":"apa","value":"1"}]""", """person withdrawn erika-beispiel [{"source":"desk","value":"7"}]""",
                """event deleted gipfel [{"source":"desk","value":"8"}]""",
            ],
            told.Entries.Where(e => e.Text("operation") == "remove").Select(e => $"{e.Text("type")} {e.Text("reason")} {e.Text("slug")} {e["externalIds"]!.ToJsonString()}"));
        Assert.Empty(told.Copy);
    }

    [Fact]
    public async Task Drafts_internal_content_and_sections_are_not_told_of()
    {
        var article = await _api.Article("Öffentlich");
        var before = await new Follower(_api.Anonymous).CatchUpAsync();

        await _api.Draft("Entwurf", ""","section":{"slug":"politik"}""");
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"headline":"In Arbeit"}""").Answers();
        var person = await _api.Person("Quelle", ""","visibility":"internal" """);
        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"name":"Geheime Quelle"}""").Answers();
        await _api.Event("Hintergrundgespräch", more: ""","visibility":"internal" """);
        await _api.Editor.PutJson("/v1/sections/sport", """{"name":"Sport"}""").Answers(HttpStatusCode.Created);

        var after = await new Follower(_api.Anonymous).CatchUpAsync();
        Assert.Equal((before.Cursor, 1), (after.Cursor, after.Entries.Count));
    }

    [Fact]
    public async Task Pages_of_any_size_reach_every_entry_once()
    {
        await FillAsync();
        var whole = await new Follower(_api.Anonymous, "limit=500").CatchUpAsync();
        Assert.Equal(13, whole.Entries.Count);

        for (var limit = 1; limit <= 14; limit++)
        {
            var walk = await new Follower(_api.Anonymous, $"limit={limit}").CatchUpAsync();
            Assert.Equal(whole.Entries.Select(Follower.Position), walk.Entries.Select(Follower.Position));
            Assert.Equal(whole.Cursor, walk.Cursor);
        }
    }

    [Fact]
    public async Task The_cursor_of_an_entry_goes_on_after_it()
    {
        await FillAsync();
        var whole = await new Follower(_api.Anonymous).CatchUpAsync();

        foreach (var entry in whole.Entries)
        {
            var page = await _api.Anonymous.GetObject($"/v1/changes?cursor={entry.Text("cursor")}");
            Assert.Equal(whole.Entries.Where(e => Follower.Position(e) > Follower.Position(entry)).Select(Follower.Position), page["items"]!.AsArray().Select(e => Follower.Position(e!.AsObject())));
        }
    }

    [Theory]
    [InlineData("types=event", "event")]
    [InlineData("types=article,person", "article person")]
    [InlineData("types=person&types=article&types=article", "article person")]
    [InlineData("types=article,event,person", "article event person")]
    public async Task Types_pick_their_entries_and_a_follower_never_walks_the_others_again(string query, string types)
    {
        await FillAsync();
        var whole = await new Follower(_api.Anonymous).CatchUpAsync();
        var expected = whole.Entries.Where(e => types.Split(' ').Contains(e.Text("type"))).Select(Follower.Position).ToList();

        for (var limit = 1; limit <= expected.Count + 1; limit++)
        {
            var walk = await new Follower(_api.Anonymous, $"{query}&limit={limit}").CatchUpAsync();

            Assert.Equal(expected, walk.Entries.Select(Follower.Position));
            Assert.Equal(whole.Cursor, walk.Cursor);
        }
    }

    [Fact]
    public async Task The_types_may_change_from_page_to_page()
    {
        await FillAsync();
        var first = await _api.Anonymous.GetObject("/v1/changes?types=person&limit=2");

        var page = await _api.Anonymous.GetObject($"/v1/changes?types=event&cursor={first.Text("nextCursor")}");

        var whole = await new Follower(_api.Anonymous).CatchUpAsync();
        var place = Follower.Position(first["items"]![1]!.AsObject());
        Assert.Equal(
            whole.Entries.Where(e => e.Text("type") == "event" && Follower.Position(e) > place).Select(Follower.Position),
            page["items"]!.AsArray().Select(e => Follower.Position(e!.AsObject())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?types=event")]
    public async Task An_empty_page_says_where_to_go_on(string query)
    {
        var empty = await _api.Anonymous.GetObject($"/v1/changes{query}");
        Assert.Equal($$"""{"items":[],"nextCursor":"{{empty.Text("nextCursor")}}","hasMore":false}""", empty.ToJsonString());

        await _api.Event("Gipfel");
        var next = $"/v1/changes{(query.Length == 0 ? "?" : query + "&")}cursor=";
        var page = await _api.Anonymous.GetObject($"{next}{empty.Text("nextCursor")}");
        Assert.Equal(["event"], page.Each("type"));

        var last = await _api.Anonymous.GetObject($"{next}{page.Text("nextCursor")}");
        Assert.Empty(last["items"]!.AsArray());
        Assert.Equal(page.Text("nextCursor"), last.Text("nextCursor"));
    }

    [Theory]
    [InlineData("64")]
    [InlineData("0")]
    public async Task An_acknowledged_write_is_on_the_next_page(string megabytes)
    {
        await using var api = new Api(("Cache:Megabytes", megabytes));
        var article = await api.Article("Bericht");
        var cursor = (await api.Anonymous.GetObject("/v1/changes")).Text("nextCursor");
        for (var version = 2; version <= 20; version++)
        {
            // Asked twice before the write, so that the empty page is in memory.
            for (var i = 0; i < 2; i++) Assert.Empty((await api.Anonymous.GetObject($"/v1/changes?cursor={cursor}"))["items"]!.AsArray());
            await api.Editor.PatchJson($"/v1/articles/{article.Id()}", $$"""{"teaser":"Fassung {{version}}"}""").Answers();

            var page = await api.Anonymous.GetObject($"/v1/changes?cursor={cursor}");
            Assert.Equal(version, page["items"]!.AsArray().Single()!.Int("version"));
            cursor = page.Text("nextCursor");
        }
    }

    [Fact]
    public async Task The_Link_header_leads_on_while_there_is_more()
    {
        await FillAsync();

        using var first = await _api.Anonymous.Get("/v1/changes?types=person&types=event&limit=4");
        var page = await first.Object(HttpStatusCode.OK);
        var link = first.Header("Link")!;
        Assert.Equal($"</v1/changes?types=person&types=event&limit=4&cursor={page.Text("nextCursor")}>; rel=\"next\"", link);

        using var last = await _api.Anonymous.Get("/v1/changes?types=person&types=event&limit=500");
        Assert.Null(last.Header("Link"));
        Assert.Equal("changes", last.Header("Surrogate-Key"));
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        await _api.Person("Marco Rubio");
        var tag = await _api.Anonymous.TagOf("/v1/changes");
        using var same = await _api.Anonymous.Get("/v1/changes", ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);

        await _api.Person("Emmanuel Macron");
        using var other = await _api.Anonymous.Get("/v1/changes", ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Theory]
    [InlineData("types=", "types")]
    [InlineData("types", "types")]
    [InlineData("types=event,", "types")]
    [InlineData("types=section", "types")]
    [InlineData("types=Event", "types")]
    [InlineData("types=event&types=articles", "types")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("cursor=", "cursor")]
    [InlineData("perspective=preview", "perspective")]
    public async Task A_parameter_that_cannot_be_used_is_named(string query, string parameter)
    {
        var problem = await _api.Editor.Get($"/v1/changes?{query}").IsRefused(400, "invalidParameter");

        Assert.Equal([parameter], problem.Places());
        if (parameter == "types") Assert.Contains("article, person, event", problem.Text("detail"), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    /// <summary>Thirteen entries: three of events, four of people, six of articles.</summary>
    private async Task FillAsync()
    {
        var newsEvent = await _api.Event("Gipfel");
        for (var i = 0; i < 3; i++) await _api.Person($"Person {i}");
        for (var i = 0; i < 4; i++) await _api.Article($"Artikel {i}", i == 1 ? $$""","events":[{"id":"{{newsEvent.Id()}}"}]""" : "");
        await _api.Editor.PatchJson($"/v1/events/{newsEvent.Id()}", """{"title":"Treffen"}""").Answers();
        await _api.Person("Person 3");
        await _api.Article("Artikel 4");
        await _api.Editor.PatchJson($"/v1/events/{newsEvent.Id()}", """{"description":"In Paris."}""").Answers();
    }
}
