using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Changes;
using NewsApi.Tests.Search;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Events;

/// <summary>How an event came to be what it is: rumoured, announced, moved, held.</summary>
public sealed class EventHistoryTests : IAsyncDisposable
{
    private readonly TestClock _clock = new(At("2026-01-01T08:00:00Z"));
    private readonly Api _api;

    public EventHistoryTests() => _api = new Api(_clock, null);

    [Fact]
    public async Task A_report_says_how_certain_the_event_is_since_when_and_who_said_so()
    {
        var newsEvent = await _api.Event("Gipfel", more: ""","certainty":"rumoured" """);
        var article = await _api.Article("Macron lädt ein", at: "2025-12-31T18:00:00Z");
        _clock.Now = At("2026-01-01T09:00:00Z");

        var answer = await ReportAsync(newsEvent.Id(), $$"""{"certainty":"announced","articleId":"{{article.Id()}}","note":"Der Élysée bestätigt."}""");

        Assert.Equal(("announced", 2), (answer.Text("certainty"), answer.Int("version")));
        var items = await HistoryAsync(newsEvent.Id());
        Assert.Equal(["announced 2", "rumoured 1"], items.Select(i => $"{i.Text("certainty")} {i.Int("version")}"));
        Assert.Equal(("2025-12-31T18:00:00.000Z", "2026-01-01T09:00:00.000Z", "Der Élysée bestätigt."), (items[0].Text("at"), items[0].Text("recordedAt"), items[0].Text("note")));
        Sending.Same(newsEvent["start"], items[0]["start"]);
        Sending.Same(
            new JsonObject { ["id"] = article.Id(), ["slug"] = "macron-laedt-ein", ["headline"] = "Macron lädt ein", ["publishedAt"] = "2025-12-31T18:00:00.000Z" }, items[0]["article"]);
        Assert.Null(items[1]["article"]);
    }

    [Fact]
    public async Task What_is_postponed_keeps_its_old_time_until_a_new_one_is_written()
    {
        var newsEvent = await _api.Event("Gipfel", "2026-01-06", ""","end":{"value":"2026-01-07"}""");
        await TickAsync(() => ReportAsync(newsEvent.Id(), """{"certainty":"postponed"}"""));
        await TickAsync(() => _api.Editor.PatchJson($"/v1/events/{newsEvent.Id()}", """{"start":{"value":"2026-02"},"end":null,"certainty":"announced"}""").Answers());
        await TickAsync(() => _api.Editor.PatchJson($"/v1/events/{newsEvent.Id()}", """{"place":{"name":"Paris"}}""").Answers());
        await TickAsync(() => _api.Editor.PatchJson($"/v1/events/{newsEvent.Id()}", """{"description":"Treffen"}""").Answers());

        var items = await HistoryAsync(newsEvent.Id());

        Assert.Equal(
            ["planned 2026-01-06 2026-01-07 1", "postponed 2026-01-06 2026-01-07 2", "announced 2026-02 - 3", "announced 2026-02 - 4"],
            items.Select(i => $"{i.Text("certainty")} {i["start"]!.Text("value")} {i["end"]?.Text("value") ?? "-"} {i.Int("version")}"));
    }

    [Fact]
    public async Task A_report_without_anything_new_about_the_event_makes_no_version_and_is_on_record()
    {
        var newsEvent = await _api.Event("Gipfel", more: ""","certainty":"announced" """);
        var address = $"/v1/events/{newsEvent.Id()}/history";
        var tag = await _api.Anonymous.TagOf(address);
        var follower = await new Follower(_api.Anonymous).CatchUpAsync();

        _clock.Now = At("2026-01-02T08:00:00Z");
        await ReportAsync(newsEvent.Id(), """{"certainty":"announced","note":"Noch einmal bekräftigt."}""");
        await ReportAsync(newsEvent.Id(), """{"certainty":"announced","note":"Noch einmal bekräftigt."}""");

        Assert.Equal([1, 1], (await HistoryAsync(newsEvent.Id())).Select(i => i.Int("version")));
        Assert.NotEqual(tag, await _api.Anonymous.TagOf(address));
        Assert.Single((await follower.CatchUpAsync()).Entries);
    }

    [Fact]
    public async Task Another_node_hears_of_a_report_that_changes_no_document()
    {
        var newsEvent = await _api.Event("Gipfel", more: ""","certainty":"announced" """);
        await using var other = new Api(null, _api.Folder);
        Assert.Single((await other.Anonymous.GetObject($"/v1/events/{newsEvent.Id()}/history"))["items"]!.AsArray());

        await ReportAsync(newsEvent.Id(), """{"certainty":"announced","note":"Noch einmal bekräftigt."}""");

        await Sending.Eventually(
            async () => (await other.Anonymous.GetObject($"/v1/events/{newsEvent.Id()}/history"))["items"]!.AsArray().Count == 2, "the other node has the report");
    }

    [Fact]
    public async Task Since_when_it_is_so_may_be_given_and_cannot_lie_ahead()
    {
        var newsEvent = await _api.Event("Gipfel");
        var draft = await _api.Draft("Entwurf");

        await ReportAsync(newsEvent.Id(), """{"certainty":"confirmed","at":"2025-12-30T12:00:00+01:00"}""");
        await ReportAsync(newsEvent.Id(), $$"""{"certainty":"occurred","articleId":"{{draft.Id()}}"}""");

        Assert.Equal(
            ["confirmed 2025-12-30T11:00:00.000Z", "planned 2026-01-01T08:00:00.000Z", "occurred 2026-01-01T08:00:00.000Z"],
            (await HistoryAsync(newsEvent.Id())).Select(i => $"{i.Text("certainty")} {i.Text("at")}"));
        await _api.Editor.PostJson($"/v1/events/{newsEvent.Id()}/status", """{"certainty":"occurred","at":"2026-01-01T08:00:01Z"}""").IsRefusedAt(422, "/at");
    }

    [Fact]
    public async Task A_report_older_than_another_one_goes_into_the_history_alone()
    {
        var newsEvent = await _api.Event("Gipfel", "2026-01-06");
        var article = await _api.Article("Es bleibt dabei");
        _clock.Now = At("2026-01-03T08:00:00Z");
        await ReportAsync(newsEvent.Id(), """{"certainty":"cancelled","at":"2026-01-02T10:00:00Z"}""");
        await ReportAsync(newsEvent.Id(), $$"""{"certainty":"confirmed","articleId":"{{article.Id()}}"}""");

        Assert.Equal("cancelled", (await _api.Anonymous.GetObject($"/v1/events/{newsEvent.Id()}")).Text("certainty"));
        Assert.Empty((await _api.Anonymous.GetObject("/v1/events?certainty=confirmed"))["items"]!.AsArray());
        var ladder = await HistoryAsync(newsEvent.Id());
        Assert.Equal(["planned", "confirmed", "cancelled"], ladder.Select(i => i.Text("certainty")));
        Assert.Equal("2026-01-06", ladder.Single(i => i.Text("certainty") == "confirmed")["start"]!.Text("value"));

        // Whoever reports later still is believed.
        await ReportAsync(newsEvent.Id(), """{"certainty":"announced"}""");
        Assert.Equal("announced", (await _api.Anonymous.GetObject($"/v1/events/{newsEvent.Id()}")).Text("certainty"));
    }

    [Theory]
    [InlineData("""{"certainty":"sicher"}""", 422, "/certainty")]
    [InlineData("""{"certainty":"occurred","articleId":"019b8000-0000-7000-8000-000000000001"}""", 422, "/articleId")]
    [InlineData("""{"certainty":"occurred","wer":"APA"}""", 400, "/wer")]
    [InlineData("""{"note":"ohne"}""", 422, "/certainty")]
    public async Task A_report_that_is_wrong_is_refused_by_the_member_that_is(string report, int status, string pointer)
    {
        var newsEvent = await _api.Event("Gipfel");

        await _api.Editor.PostJson($"/v1/events/{newsEvent.Id()}/status", report).IsRefusedAt(status, pointer);

        Assert.Single(await HistoryAsync(newsEvent.Id()));
    }

    [Fact]
    public async Task A_report_honours_if_match_and_needs_a_key()
    {
        var newsEvent = await _api.Event("Gipfel");
        const string report = """{"certainty":"occurred"}""";
        var address = $"/v1/events/{newsEvent.Id()}/status";

        await _api.Editor.Send(HttpMethod.Post, address, report, ("If-Match", "\"2-1-full\"")).IsRefused(412);
        await _api.Editor.PostJson($"/v1/events/{Guid.CreateVersion7()}/status", report).IsRefused(404);
        await _api.Anonymous.PostJson(address, report).IsRefused(401);
        await _api.Editor.Send(HttpMethod.Post, address, report, ("If-Match", "\"1-1-full\"")).Answers();
    }

    [Fact]
    public async Task The_public_is_told_of_what_it_could_see_and_of_articles_that_it_sees()
    {
        var newsEvent = await _api.Event("Geheimes Treffen", more: ""","visibility":"internal","certainty":"rumoured" """);
        var address = $"/v1/events/{newsEvent.Id()}/history";
        var draft = await _api.Draft("Enthüllung");
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf(address));
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf($"/v1/events/{Guid.CreateVersion7()}/history"));
        await TickAsync(() => ReportAsync(newsEvent.Id(), """{"certainty":"planned","note":"Nur für uns."}"""));
        await TickAsync(() => _api.Editor.PatchJson($"/v1/events/{newsEvent.Id()}", """{"visibility":"public"}""").Answers());
        await TickAsync(() => ReportAsync(newsEvent.Id(), $$"""{"certainty":"confirmed","articleId":"{{draft.Id()}}"}"""));

        var items = await HistoryAsync(newsEvent.Id());
        Assert.Equal(["planned 3", "confirmed 4"], items.Select(i => $"{i.Text("certainty")} {i.Int("version")}"));
        Assert.All(items, i => Assert.True(i["note"] is null && i["article"] is null));
        var all = (await _api.Editor.GetObject($"{address}?perspective=preview")).Items();
        Assert.Equal(["rumoured", "planned", "planned", "confirmed"], all.Select(i => i.Text("certainty")));
        Assert.Equal("Enthüllung", all[3]["article"]!.Text("headline"));

        await _api.Editor.Publish(draft.Id()).Answers();
        Assert.Equal("Enthüllung", (await HistoryAsync(newsEvent.Id()))[1]["article"]!.Text("headline"));
        await _api.Editor.PatchJson($"/v1/articles/{draft.Id()}", """{"headline":"Treffen"}""").Answers();
        Assert.Equal("Treffen", (await HistoryAsync(newsEvent.Id()))[1]["article"]!.Text("headline"));
        await _api.Editor.Remove($"/v1/articles/{draft.Id()}/publication", null).Answers();
        Assert.Null((await HistoryAsync(newsEvent.Id()))[1]["article"]);
        await _api.Editor.Remove($"/v1/articles/{draft.Id()}").Succeeds();
        Assert.Null((await HistoryAsync(newsEvent.Id()))[1]["article"]);

        await _api.Editor.PatchJson($"/v1/events/{newsEvent.Id()}", """{"visibility":"internal"}""").Answers();
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf(address));
    }

    [Fact]
    public async Task A_history_is_kept_by_caches_like_any_other_read()
    {
        var newsEvent = await _api.Event("Gipfel");
        using var response = await _api.Anonymous.Get($"/v1/events/{newsEvent.Id()}/history");

        Assert.StartsWith("public, max-age=5, s-maxage=30", response.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal($"event-{newsEvent.Id()}", response.Header("Surrogate-Key"));
        using var again = await _api.Anonymous.Get($"/v1/events/{newsEvent.Id()}/history", ("If-None-Match", response.Header("ETag")!));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task A_rung_from_before_times_were_kept_has_those_of_its_version()
    {
        var guest = await _api.Person("Steven Witkoff");
        var newsEvent = await _api.Event("Gipfel", "2026-01-06", $$""","end":{"value":"2026-01-07"},"participants":[{"person":{"id":"{{guest.Id()}}"},"role":"Gast"}]""");
        await TickAsync(() => _api.Editor.PatchJson($"/v1/events/{newsEvent.Id()}", """{"certainty":"confirmed","start":{"value":"2026-01-05"}}""").Answers());
        using (var connection = TestDatabase.Open(_api.Folder))
        {
            using var command = connection.CreateCommand();
            command.CommandText = """UPDATE event_certainties SET recorded_at = NULL, "start" = NULL, "end" = NULL""";
            command.ExecuteNonQuery();
        }

        var items = await HistoryAsync(newsEvent.Id());

        Assert.Equal(["2026-01-06 2026-01-07", "2026-01-05 2026-01-07"], items.Select(i => $"{i["start"]!.Text("value")} {i["end"]!.Text("value")}"));
        Assert.All(items, i => Assert.Equal(i.Text("at"), i.Text("recordedAt")));
    }

    [Fact]
    public async Task What_a_restored_version_said_is_in_the_history_once_it_is_public()
    {
        var newsEvent = await _api.Event("Gipfel", "2026-01-03");
        await TickAsync(() => _api.Editor.PatchJson($"/v1/events/{newsEvent.Id()}", """{"start":{"value":"2026-01-06"}}""").Answers());
        await TickAsync(() => _api.Editor.Send(HttpMethod.Post, $"/v1/events/{newsEvent.Id()}/revisions/1/restore", null).Answers());
        Assert.Equal(["2026-01-03", "2026-01-06"], (await HistoryAsync(newsEvent.Id())).Select(i => i["start"]!.Text("value")));

        await TickAsync(() => _api.Editor.PatchJson($"/v1/events/{newsEvent.Id()}", """{"description":"Treffen"}""").Answers());

        var items = await HistoryAsync(newsEvent.Id());
        Assert.Equal("2026-01-03", (await _api.Anonymous.GetObject($"/v1/events/{newsEvent.Id()}"))["start"]!.Text("value"));
        Assert.Equal(["2026-01-03 1", "2026-01-06 2", "2026-01-03 4"], items.Select(i => $"{i["start"]!.Text("value")} {i.Int("version")}"));
    }


    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);

    private Task<JsonObject> ReportAsync(string id, string report) => _api.Editor.PostJson($"/v1/events/{id}/status", report).Answers();

    private async Task<List<JsonNode>> HistoryAsync(string id) => (await _api.Anonymous.GetObject($"/v1/events/{id}/history")).Items();

    /// <summary>An hour later.</summary>
    private Task<JsonObject> TickAsync(Func<Task<JsonObject>> act)
    {
        _clock.Now += TimeSpan.FromHours(1);
        return act();
    }
}
