using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Events;

public sealed class EventTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task What_is_posted_is_read_back_and_can_be_sent_back()
    {
        var person = await _api.Person("Emmanuel Macron");
        var whole = await _api.Event("Verhandlungen", "2026-01");
        var input = JsonNode.Parse($$"""
            {
              "slug": "gipfel-paris",
              "title": "Gipfel in Paris",
              "description": "Treffen der Unterstützer.\nAuf Einladung.",
              "kind": "summit",
              "start": { "value": "2026-01-06T15:00", "precision": "minute", "timeZone": "Europe/Paris" },
              "end": { "value": "2026-01-07", "precision": "day", "timeZone": "Europe/Paris" },
              "certainty": "announced",
              "place": { "name": "Paris", "country": "FR", "latitude": 48.8566, "longitude": 2.3522, "externalIds": [{ "source": "geonames", "value": "2988507" }] },
              "participants": [
                { "person": { "id": "{{person.Id()}}" }, "mode": "host", "role": "Gastgeber", "country": "FR" },
                { "name": "Delegation aus Kiew", "mode": "expected", "country": "UA" }
              ],
              "partOf": { "id": "{{whole.Id()}}" },
              "externalIds": [{ "source": "dpa", "value": "e-17" }]
            }
            """)!.AsObject();
        using var created = await _api.Editor.PostJson("/v1/events", input.ToJsonString());
        var id = (await created.Object(HttpStatusCode.Created)).Id();
        Assert.Equal($"/v1/events/{id}", created.Headers.Location?.ToString());

        using var read = await _api.Anonymous.Get($"/v1/events/{id}");
        var text = await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var expected = Expected(input, person, whole);
        foreach (var (member, value) in expected) Sending.Same(value, JsonNode.Parse(text)![member]);

        using var written = await _api.Editor.PutJson($"/v1/events/{id}", text, read.Headers.ETag!.ToString());
        Assert.Equal(text, await written.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(read.Headers.ETag, written.Headers.ETag);
    }

    [Fact]
    public async Task A_title_and_a_start_are_enough()
    {
        var newsEvent = await _api.Event("Gipfel", "2026-01");

        Assert.Equal(("planned", "month", "Europe/Rome"), (newsEvent.Text("certainty"), newsEvent["start"]!.Text("precision"), newsEvent["start"]!.Text("timeZone")));
        Assert.Equal(
            ["certainty", "createdAt", "externalIds", "id", "participants", "slug", "start", "title", "updatedAt", "version"],
            newsEvent.Select(m => m.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"start":{"value":"2026"}}""", "/title")]
    [InlineData("""{"title":"x"}""", "/start")]
    [InlineData("""{"title":"x","start":{}}""", "/start/value")]
    [InlineData("""{"title":"x","start":{"value":"am Dienstag"}}""", "/start/value")]
    [InlineData("""{"title":"x","start":{"value":"2026-03-29T02:30","timeZone":"Europe/Paris"}}""", "/start/value")]
    [InlineData("""{"title":"x","start":{"value":"0001-01-01T00:00"}}""", "/start/value")]
    [InlineData("""{"title":"x","start":{"value":"9999-12-31T23:59Z"}}""", "/start/value")]
    [InlineData("""{"title":"x","start":{"value":"2026-01-06","precision":"month"}}""", "/start/precision")]
    [InlineData("""{"title":"x","start":{"value":"2026-01-06","timeZone":"Europe/Parys"}}""", "/start/timeZone")]
    [InlineData("""{"title":"x","start":{"value":"2026"},"end":{"value":"bald"}}""", "/end/value")]
    [InlineData("""{"title":"x","start":{"value":"2026-01-06"},"end":{"value":"2026-01-05"}}""", "/end")]
    [InlineData("""{"title":"x","start":{"value":"2026-01-06T15:00"},"end":{"value":"2026-01-06T14:59"}}""", "/end")]
    [InlineData("""{"title":"x","start":{"value":"2026"},"certainty":"sicher"}""", "/certainty")]
    [InlineData("""{"title":"x","start":{"value":"2026"},"place":{"name":"Paris","latitude":48.8}}""", "/place/longitude")]
    [InlineData("""{"title":"x","start":{"value":"2026"},"participants":[{"mode":"host"}]}""", "/participants/0/name")]
    [InlineData("""{"title":"x","start":{"value":"2026"},"participants":[{"name":"x","mode":"dabei"}]}""", "/participants/0/mode")]
    [InlineData("""{"title":"x","start":{"value":"2026"},"participants":[{"person":{"slug":"niemand"}}]}""", "/participants/0/person/slug")]
    [InlineData("""{"title":"x","start":{"value":"2026"},"partOf":{"slug":"nichts"}}""", "/partOf/slug")]
    public async Task What_is_missing_or_no_value_is_refused_and_leaves_nothing(string newsEvent, string pointer)
    {
        await _api.Editor.PostJson("/v1/events", newsEvent).IsRefusedAt(422, pointer);

        Assert.Empty((await _api.Editor.GetObject("/v1/events?perspective=preview"))["items"]!.AsArray());
    }

    [Theory]
    [InlineData("2026-01-06", "2026-01")]
    [InlineData("2026-01-06T15:00", "2026-01-06")]
    [InlineData("2026-01", "2026-01-03")]
    public async Task An_end_known_less_or_more_precisely_than_the_start_is_no_contradiction(string start, string end)
    {
        var newsEvent = await _api.Event("Gipfel", start, $$""","end":{"value":"{{end}}"}""");

        Assert.Equal(end, newsEvent["end"]!.Text("value"));
    }

    [Fact]
    public async Task A_patch_of_the_value_alone_changes_the_precision_and_keeps_the_zone()
    {
        var newsEvent = await _api.Editor.PostJson(
            "/v1/events", """{"title":"Gipfel","start":{"value":"2026-01","timeZone":"Europe/Kyiv"},"place":{"name":"Kiew","country":"UA"}}""")
            .Answers(HttpStatusCode.Created);

        var patched = await _api.Editor.PatchJson($"/v1/events/{newsEvent.Id()}", """{"start":{"value":"2026-01-03"},"place":{"name":"Kyjiw"}}""").Answers();

        Assert.Equal(("2026-01-03", "day", "Europe/Kyiv"), (patched["start"]!.Text("value"), patched["start"]!.Text("precision"), patched["start"]!.Text("timeZone")));
        Assert.Equal(("Kyjiw", "UA"), (patched["place"]!.Text("name"), patched["place"]!.Text("country")));
    }

    [Fact]
    public async Task An_event_cannot_be_part_of_itself()
    {
        var outer = await _api.Event("Außen");
        var middle = await _api.Event("Mitte", more: $$""","partOf":{"id":"{{outer.Id()}}"}""");
        var inner = await _api.Event("Innen", more: """,  "partOf":{"slug":"mitte"}""");
        Assert.Equal("Mitte", inner["partOf"]!.Text("title"));

        foreach (var (whole, part) in ((JsonObject, JsonObject)[])[(outer, outer), (outer, middle), (outer, inner), (middle, inner)])
            await _api.Editor.PatchJson($"/v1/events/{whole.Id()}", $$"""{ "partOf": { "id": "{{part.Id()}}" } }""").IsRefusedAt(422, "/partOf");

        Assert.Null((await _api.Anonymous.GetObject($"/v1/events/{outer.Id()}"))["partOf"]);
        Assert.Equal(["Innen"], (await _api.Anonymous.GetObject("/v1/events?partOf=mitte")).Each("title"));
        await _api.Editor.Remove($"/v1/events/{middle.Id()}").IsRefused(409, "inUse");
    }

    [Theory]
    [InlineData("from=2026-01-01&to=2026-01-31", "Ende,Gipfel,Jänner,Jahr,Silvester")]
    [InlineData("from=2026-01-06&to=2026-01-06", "Gipfel,Jänner,Jahr")]
    [InlineData("from=2026-01-07", "Ende,Jänner,Jahr")]
    [InlineData("to=2025-12-31", "Jahr,Silvester")]
    [InlineData("from=2026-02-01", "Ende,Jahr")]
    [InlineData("from=2026-01-06T14:01:00Z&to=2026-01-06T15:00:00Z", "Jänner,Jahr")]
    [InlineData("from=2026-01-06T14:00:59Z&to=2026-01-06T15:00:00Z", "Gipfel,Jänner,Jahr")]
    [InlineData("to=2025-12-31&timeZone=America/New_York", "Jänner,Jahr,Silvester")]
    [InlineData("from=2026-02-03", "Jahr")]
    [InlineData("from=2027-01-01", "")]
    [InlineData("from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59.999Z", "Ende,Gipfel,Jänner,Jahr,Silvester")]
    public async Task A_span_finds_the_events_that_overlap_it_however_precisely_they_are_known(string query, string titles)
    {
        await _api.Event("Jahr", "2025-12-31", ""","end":{"value":"2026"}""");
        await _api.Event("Silvester", "2025-12-31T23:00", ""","end":{"value":"2026-01-01T01:00"}""");
        await _api.Event("Jänner", "2026-01");
        await _api.Event("Gipfel", "2026-01-06T15:00");
        await _api.Event("Ende", "2026-01-31", ""","end":{"value":"2026-02-02"}""");

        var page = await _api.Anonymous.GetObject($"/v1/events?{query}");

        Assert.Equal(titles.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), page.Each("title").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Events_are_found_by_person_and_certainty()
    {
        var person = await _api.Person("Emmanuel Macron");
        await _api.Event("Mit", more: $$""","certainty":"announced","participants":[ { "person": { "slug": "emmanuel-macron" } } ]""");
        await _api.Event("Ohne", more: ""","participants":[{"name":"Emmanuel Macron"}]""");

        foreach (var query in (string[])[$"person={person.Id()}", "person=emmanuel-macron", "certainty=announced,confirmed", "person=emmanuel-macron&certainty=announced"])
            Assert.Equal(["Mit"], (await _api.Anonymous.GetObject($"/v1/events?{query}")).Each("title"));
        Assert.Empty((await _api.Anonymous.GetObject("/v1/events?person=emmanuel-macron&certainty=planned"))["items"]!.AsArray());
    }

    [Fact]
    public async Task An_internal_participant_is_left_out_of_the_public_event()
    {
        var hidden = await _api.Person("Geheime Quelle", ""","visibility":"internal" """);
        var newsEvent = await _api.Event(
            "Treffen", more: $$""","participants":[{"person":{"id":"{{hidden.Id()}}"},"name":"Geheime Quelle","role":"Informant"},{"name":"Andere"}]""");

        var read = await _api.Anonymous.GetObject($"/v1/events/{newsEvent.Id()}");

        Assert.Equal(["Andere"], read["participants"]!.AsArray().Select(p => p!.Text("name")));
        Assert.Empty((await _api.Anonymous.GetObject($"/v1/events?person={hidden.Id()}"))["items"]!.AsArray());
    }

    [Fact]
    public async Task The_newsroom_sees_the_internal_participant_of_a_public_event()
    {
        var hidden = await _api.Person("Geheime Quelle", ""","visibility":"internal" """);
        var newsEvent = await _api.Event("Treffen", more: $$""","visibility":"internal","participants":[ { "person": { "id": "{{hidden.Id()}}" } } ]""");

        Assert.Equal("Geheime Quelle", newsEvent["participants"]![0]!.Text("name"));
        Assert.Equal(["Treffen"], (await _api.Editor.GetObject($"/v1/events?person={hidden.Id()}&perspective=preview")).Each("title"));
    }

    [Fact]
    public async Task An_internal_event_is_seen_by_the_newsroom_alone()
    {
        var newsEvent = await _api.Event("Hintergrundgespräch", more: ""","visibility":"internal" """);
        var part = await _api.Event("Pressekonferenz", more: $$""","partOf":{"id":"{{newsEvent.Id()}}"}""");

        foreach (var address in (string[])[$"/v1/events/{newsEvent.Id()}", "/v1/events/by-slug/hintergrundgespraech", $"/v1/events/{newsEvent.Id()}/articles"])
        {
            await _api.Anonymous.Get(address).IsRefused(404, "notFound");
            Assert.Equal(HttpStatusCode.OK, await _api.Editor.StatusOf($"{address}?perspective=preview"));
        }

        Assert.Equal(["Pressekonferenz"], (await _api.Anonymous.GetObject("/v1/events")).Each("title"));
        Assert.Null((await _api.Anonymous.GetObject($"/v1/events/{part.Id()}"))["partOf"]);
        Assert.Empty((await _api.Anonymous.GetObject("/v1/events?partOf=hintergrundgespraech"))["items"]!.AsArray());

        await _api.Editor.PatchJson($"/v1/events/{newsEvent.Id()}", """{"visibility":"public"}""").Answers();

        Assert.Equal("Hintergrundgespräch", (await _api.Anonymous.GetObject($"/v1/events/{part.Id()}"))["partOf"]!.Text("title"));
    }

    [Fact]
    public async Task An_event_that_articles_name_cannot_be_deleted()
    {
        var newsEvent = await _api.Event("Gipfel");
        var draft = await _api.Draft("Vorschau", $$""","events":[{"id":"{{newsEvent.Id()}}"}]""");

        await _api.Editor.Remove($"/v1/events/{newsEvent.Id()}").IsRefused(409, "inUse");

        await _api.Editor.PatchJson($"/v1/articles/{draft.Id()}", """{"events":[]}""").Answers();
        await _api.Editor.Remove($"/v1/events/{newsEvent.Id()}").Succeeds();
        await _api.Anonymous.Get($"/v1/events/{newsEvent.Id()}").IsRefused(404, "notFound");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static JsonObject Expected(JsonObject input, JsonObject person, JsonObject whole)
    {
        var expected = input.DeepClone().AsObject();
        (expected["start"]!["earliest"], expected["start"]!["latest"]) = ("2026-01-06T14:00:00.000Z", "2026-01-06T14:00:59.999Z");
        (expected["end"]!["earliest"], expected["end"]!["latest"]) = ("2026-01-06T23:00:00.000Z", "2026-01-07T22:59:59.999Z");
        expected["participants"]![0]!["name"] = "Emmanuel Macron";
        (expected["participants"]![0]!["person"]!["slug"], expected["participants"]![0]!["person"]!["name"]) = (person.Text("slug"), "Emmanuel Macron");
        foreach (var member in (string[])["slug", "title", "start", "certainty"]) expected["partOf"]![member] = whole[member]!.DeepClone();
        return expected;
    }
}
