using System.Globalization;
using System.Net;
using NewsApi.Tests.Access;
using NewsApi.Tests.Search;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Publishing;

/// <summary>What the public saw at an instant, from what was put on record when it came to see it.</summary>
public sealed class AsOfTests : IAsyncDisposable
{
    private readonly TestClock _clock = new(At("2026-01-01T08:00:00Z"));
    private readonly Api _api;

    public AsOfTests() => _api = new Api(_clock, null);

    [Fact]
    public async Task An_event_is_answered_as_the_public_saw_it()
    {
        var person = await _api.Person("Steven Witkoff");
        Move("2026-01-01T10:00:00Z");
        var first = await _api.Event("Gipfel", more: $$""","participants":[{"person":{"id":"{{person.Id()}}" } }]""");
        Move("2026-01-03T10:00:00Z");
        await _api.Editor.PatchJson($"/v1/events/{first.Id()}", """{"title":"Gipfel in Paris","slug":"gipfel-in-paris"}""").Answers();
        Move("2026-01-04T10:00:00Z");
        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"name":"Steve Witkoff"}""").Answers();
        var address = $"/v1/events/{first.Id()}";

        foreach (var (asOf, title) in ((string, string)[])
            [
                ("2026-01-01T10:00:00Z", "Gipfel"), ("2026-01-01", "Gipfel"), ("2026-01-02", "Gipfel"), ("2026-01-03T09:59:59.999Z", "Gipfel"),
                ("2026-01-03T10:00:00Z", "Gipfel in Paris"), ("2026-01-03", "Gipfel in Paris"), ("2026-01-04", "Gipfel in Paris"), ("2026-01-04T11:00:00%2B01:00", "Gipfel in Paris"),
            ])
        {
            var past = await _api.Anonymous.GetObject($"{address}?asOf={asOf}");
            Assert.Equal((asOf, title, title == "Gipfel" ? 1 : 2), (asOf, past.Text("title"), past.Int("version")));
            Assert.Equal("Steve Witkoff", past["participants"]![0]!.Text("name"));
        }

        var whole = await _api.Anonymous.GetObject($"{address}?asOf=2026-01-02");
        first["participants"]![0]!["name"] = "Steve Witkoff";
        first["participants"]![0]!["person"]!["name"] = "Steve Witkoff";
        Sending.Same(first, whole);
        Sending.Same(await _api.Anonymous.GetObject(address), await _api.Anonymous.GetObject($"{address}?asOf=2026-01-04"));
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf($"{address}?asOf=2026-01-01T09:59:59.999Z"));
        using var bySlug = await _api.Anonymous.Get("/v1/events/by-slug/gipfel-in-paris?asOf=2026-01-02");
        Assert.Equal("Gipfel", (await bySlug.Object(HttpStatusCode.OK)).Text("title"));
        Assert.Equal($"{address}?asOf=2026-01-02", bySlug.Header("Content-Location"));
    }

    [Fact]
    public async Task What_was_not_public_then_or_is_not_now_is_not_there()
    {
        var newsEvent = await _api.Event("Gipfel");
        var address = $"/v1/events/{newsEvent.Id()}";
        Move("2026-01-02T08:00:00Z");
        await _api.Editor.PatchJson(address, """{"visibility":"internal"}""").Answers();
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf($"{address}?asOf=2026-01-01"));
        Move("2026-01-03T08:00:00Z");
        await _api.Editor.PatchJson(address, """{"visibility":"public"}""").Answers();

        Assert.Equal(1, (await _api.Anonymous.GetObject($"{address}?asOf=2026-01-01")).Int("version"));
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf($"{address}?asOf=2026-01-02"));
        Assert.Equal(3, (await _api.Anonymous.GetObject($"{address}?asOf=2026-01-03")).Int("version"));
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf($"/v1/events/{Guid.CreateVersion7()}?asOf=2026-01-01"));
    }

    [Theory]
    [InlineData("asOf=2026-01-02")]
    [InlineData("asOf=2026-01-01T08:00:00.001Z")]
    [InlineData("asOf=gestern")]
    [InlineData("asOf=")]
    [InlineData("asOf=2026-01-01&include=people")]
    [InlineData("asOf=2026-01-01&perspective=preview")]
    public async Task An_instant_that_cannot_be_shown_is_refused_by_name(string query)
    {
        var newsEvent = await _api.Event("Gipfel");
        var article = await _api.Article("Telefonat");

        foreach (var address in (string[])[$"/v1/events/{newsEvent.Id()}", "/v1/events/by-slug/gipfel", $"/v1/articles/{article.Id()}", "/v1/articles/by-slug/telefonat"])
            Assert.Contains("asOf", (await _api.Editor.Get($"{address}?{query}").IsRefused(400)).Places());
    }

    [Fact]
    public async Task The_newsroom_sees_what_the_public_saw_of_an_article_and_nobody_else_does()
    {
        var draft = await _api.Draft("Telefonat", ""","slug":"telefonat","body":[{"type":"paragraph","text":"Erste Fassung"}]""");
        var address = $"/v1/articles/{draft.Id()}";
        Move("2026-01-02T08:00:00Z");
        var published = await _api.Editor.Publish(draft.Id()).Answers();
        Move("2026-01-03T08:00:00Z");
        await _api.Editor.PatchJson($"{address}?draft=true", """{"headline":"In Arbeit"}""").Answers();
        Move("2026-01-04T08:00:00Z");
        await _api.Editor.Publish(draft.Id()).Answers();
        Move("2026-01-05T08:00:00Z");
        await _api.Editor.Remove($"{address}/publication", null).Answers();
        Move("2026-01-06T08:00:00Z");

        Assert.Equal(HttpStatusCode.NotFound, await _api.Editor.StatusOf($"{address}?asOf=2026-01-01"));
        foreach (var day in (string[])["2026-01-02", "2026-01-03"]) Sending.Same(published, await _api.Editor.GetObject($"{address}?asOf={day}"));
        Assert.Equal(("In Arbeit", "published"), await HeadAsync($"{address}?asOf=2026-01-04"));
        Assert.Equal(("In Arbeit", "published"), await HeadAsync("/v1/articles/by-slug/telefonat?asOf=2026-01-04"));
        Assert.Null((await _api.Editor.GetObject($"{address}?asOf=2026-01-04&view=summary"))["body"]);
        Assert.Equal(HttpStatusCode.NotFound, await _api.Editor.StatusOf($"{address}?asOf=2026-01-05"));
        await _api.Anonymous.Get($"{address}?asOf=2026-01-02").IsRefused(401);
        await _api.Anonymous.Get("/v1/articles/by-slug/telefonat?asOf=2026-01-02").IsRefused(401);

        async Task<(string, string)> HeadAsync(string at)
        {
            var past = await _api.Editor.GetObject(at);
            return (past.Text("headline"), past.Text("status"));
        }
    }

    [Fact]
    public async Task Who_has_no_key_is_refused_the_past_of_articles_whether_there_are_such_and_not_that_of_events()
    {
        await using var api = new Api(("Environment", "Production"));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.Anonymous.StatusOf($"/v1/articles/{Guid.CreateVersion7()}?asOf=2026-01-01"));
        Assert.Equal(HttpStatusCode.NotFound, await api.Anonymous.StatusOf($"/v1/events/{Guid.CreateVersion7()}?asOf=2026-01-01"));
    }

    [Fact]
    public async Task Of_what_was_retracted_the_notice_is_shown_whenever_one_looks()
    {
        var article = await _api.Article("Falsche Meldung");
        var address = $"/v1/articles/{article.Id()}";
        Move("2026-01-02T08:00:00Z");
        await _api.Editor.PatchJson(address, """{"headline":"Noch falscher"}""").Answers();
        Move("2026-01-03T08:00:00Z");
        await _api.Editor.PatchJson(address, """{"headline":"Diese Meldung wurde zurückgezogen"}""").Answers();
        Move("2026-01-04T08:00:00Z");
        await _api.Editor.PatchJson(address, """{"headline":"Neu geschrieben"}""").Answers();
        using (var connection = TestDatabase.Open(_api.Folder))
        {
            using var command = connection.CreateCommand();
            command.CommandText = """UPDATE articles SET corrections = '[{"kind":"retraction","note":"Falsch.","at":"2026-01-03T08:00:00.000Z","version":3}]'""";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        foreach (var day in (string[])["2026-01-01", "2026-01-02", "2026-01-03"])
        {
            var past = await _api.Editor.GetObject($"{address}?asOf={day}");
            Assert.Equal((day, "Diese Meldung wurde zurückgezogen", 3), (day, past.Text("headline"), past.Int("version")));
        }

        Assert.Equal("Neu geschrieben", (await _api.Editor.GetObject($"{address}?asOf=2026-01-04")).Text("headline"));
    }

    [Fact]
    public async Task The_past_of_events_is_kept_for_a_moment_and_that_of_articles_by_nobody()
    {
        var newsEvent = await _api.Event("Gipfel");
        var article = await _api.Article("Telefonat");

        using var ofEvent = await _api.Anonymous.Get($"/v1/events/{newsEvent.Id()}?asOf=2026-01-01");
        using var ofArticle = await _api.Editor.Get($"/v1/articles/{article.Id()}?asOf=2026-01-01");

        Assert.Equal(("public, max-age=5", $"event-{newsEvent.Id()}"), (ofEvent.Header("Cache-Control"), ofEvent.Header("Surrogate-Key")));
        Assert.Equal("no-store", ofArticle.Header("Cache-Control"));
        using var again = await _api.Anonymous.Get($"/v1/events/{newsEvent.Id()}?asOf=2026-01-01", ("If-None-Match", ofEvent.Header("ETag")!));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task What_is_written_by_the_thousand_has_a_past_as_well()
    {
        Move("2026-01-02T08:00:00Z");
        await _api.Add([Searching.Short("Meldung", At("2026-01-01T06:00:00Z"))]);
        var id = (await _api.Anonymous.GetObject("/v1/articles"))["items"]![0]!.Id();

        Assert.Equal("Meldung", (await _api.Editor.GetObject($"/v1/articles/{id}?asOf=2026-01-02")).Text("headline"));
        Assert.Equal(HttpStatusCode.NotFound, await _api.Editor.StatusOf($"/v1/articles/{id}?asOf=2026-01-01"));
    }

    [Fact]
    public async Task A_row_is_kept_for_every_change_of_version_or_visibility_and_for_no_other()
    {
        var person = (await _api.Person("Steven Witkoff")).Id();
        var other = (await _api.Person("Steve Witkoff")).Id();
        var article = await _api.Article("Telefonat", $$""","people":[{"id":"{{person}}"}]""");
        await _api.Editor.PatchJson($"/v1/people/{person}", """{"name":"S. Witkoff"}""").Answers();
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"teaser":"neu"}""").Answers();
        await _api.Editor.Remove($"/v1/articles/{article.Id()}/publication", null).Answers();
        await _api.Editor.Publish(article.Id()).Answers();
        await _api.Editor.PostJson($"/v1/people/{person}/merge", $$"""{"into":"{{other}}"}""").Answers();

        using var tables = StoredTables.Of(_api);
        string[] Seen(string id) =>
            [.. tables.Rows($"SELECT version FROM public_versions WHERE id = '{id}' ORDER BY position", r => r.IsDBNull(0) ? "-" : r.GetInt32(0).ToString(CultureInfo.InvariantCulture))];

        Assert.Equal(["1", "2", "-", "2"], Seen(article.Id()));
        Assert.Equal(["1", "2", "-"], Seen(person));
        Assert.Equal(
            0, tables.Number("SELECT count(*) FROM public_versions AS v LEFT JOIN changes AS c ON c.position = v.position AND c.id = v.id AND c.changed_at = v.at WHERE c.id IS NULL"));
    }

    [Fact]
    public async Task A_retracted_text_is_not_to_be_had_after_the_article_was_deleted_and_made_anew()
    {
        var article = await _api.Article("Falsch");
        var address = $"/v1/articles/{article.Id()}";
        Move("2026-01-02T08:00:00Z");
        await _api.Editor.PostJson($"{address}/retraction", """{"reason":"legal","note":"Gerichtsbeschluss."}""").Answers();
        Move("2026-01-03T08:00:00Z");
        await _api.Editor.Remove(address).Succeeds();
        Move("2026-01-04T08:00:00Z");
        await _api.Editor.PutJson(address, """{"headline":"Neu"}""", null).Answers(HttpStatusCode.Created);
        await _api.Editor.Publish(article.Id()).Answers();

        Assert.Equal(HttpStatusCode.NotFound, await _api.Editor.StatusOf($"{address}?asOf=2026-01-01"));
        Assert.Equal("Neu", (await _api.Editor.GetObject($"{address}?asOf=2026-01-04")).Text("headline"));
    }

    [Fact]
    public async Task What_has_left_a_licence_is_not_seen_as_it_was_within_it()
    {
        using var desk = await _api.Holder(["content:read", "content:preview"], ""","licence":{"sections":["politik"],"sources":[{"name":"APA","level":"teaser"},{"name":"*","level":"full"}]}""");
        var moved = await _api.Article("Zieht um", ""","section":{"slug":"politik"}""");
        var sold = await _api.Article("Wechselt", ""","section":{"slug":"politik"},"body":[{"type":"paragraph","text":"Volltext"}]""");
        Assert.Equal("Volltext", (await desk.GetObject($"/v1/articles/{sold.Id()}?asOf=2026-01-01"))["body"]![0]!.Text("text"));
        Move("2026-01-02T08:00:00Z");
        await _api.Editor.PatchJson($"/v1/articles/{moved.Id()}", """{"section":{"slug":"sport"}}""").Answers();
        await _api.Editor.PatchJson($"/v1/articles/{sold.Id()}", """{"sources":[{"name":"APA"}]}""").Answers();

        Assert.Equal(HttpStatusCode.NotFound, await desk.StatusOf($"/v1/articles/{moved.Id()}?asOf=2026-01-01"));
        Assert.Null((await desk.GetObject($"/v1/articles/{sold.Id()}?asOf=2026-01-01"))["body"]);
    }


    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);

    private void Move(string instant) => _clock.Now = At(instant);
}
