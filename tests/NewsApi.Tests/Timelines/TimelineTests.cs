using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Timelines;

public sealed class TimelineTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task A_person_has_what_they_take_part_in_and_what_names_them_in_the_order_of_its_times()
    {
        var story = await StoryAsync();

        var page = await _api.Anonymous.GetObject($"/v1/people/{story.Macron}/timeline");

        Assert.Equal(
            [
                ("event", "Neujahr"), ("event", "Jänner"), ("article", "Ankündigung"), ("event", "Gipfel"), ("event", "Ankunft"), ("article", "Bericht"), ("event", "Februar"),
            ],
            Items(page));
        Assert.Equal(
            ["2026-01-01 day", "2026-01 month", "2026-01-02T10:30 minute", "2026-01-06 day", "2026-01-06T15:00 minute", "2026-01-06T15:00 minute", "2026-02 month"],
            page["items"]!.AsArray().Select(i => $"{i!["time"]!.Text("value")} {i["time"]!.Text("precision")}"));
        Assert.Equal(Items(page).Reverse(), Items(await _api.Anonymous.GetObject($"/v1/people/{story.Macron}/timeline?order=desc")));
        Assert.Equal(Items(page), Items(await _api.Anonymous.GetObject("/v1/timelines?person=emmanuel-macron")));
    }

    [Fact]
    public async Task Every_item_holds_the_summary_that_the_lists_hold()
    {
        var story = await StoryAsync();
        var articles = (await _api.Anonymous.GetObject("/v1/articles"))["items"]!.AsArray();
        var events = (await _api.Anonymous.GetObject("/v1/events"))["items"]!.AsArray();

        var items = (await _api.Anonymous.GetObject($"/v1/people/{story.Macron}/timeline"))["items"]!.AsArray();

        foreach (var item in items.Select(i => i!.AsObject()))
        {
            var type = item.Text("type");
            Assert.Equal([type, "time", "type"], item.Select(m => m.Key).Order(StringComparer.Ordinal));
            Sending.Same((type == "article" ? articles : events).Single(i => i!.Id() == item[type]!.Id()), item[type]);
            if (type == "event") Sending.Same(item["event"]!["start"], item["time"]);
        }

        var time = items.Select(i => i!.AsObject()).Single(i => i["article"]?.Text("headline") == "Bericht")["time"]!;
        Assert.Equal(("Europe/Rome", "2026-01-06T14:00:00.000Z", "2026-01-06T14:00:59.999Z"), (time.Text("timeZone"), time.Text("earliest"), time.Text("latest")));
    }

    [Fact]
    public async Task An_event_has_itself_its_parts_and_what_names_it()
    {
        var story = await StoryAsync();

        Assert.Equal(
            [("event", "Verhandlungen"), ("event", "Gipfel"), ("article", "Reaktionen")],
            Items(await _api.Anonymous.GetObject("/v1/timelines?event=verhandlungen")));
        Assert.Equal([("event", "Gipfel"), ("event", "Ankunft"), ("article", "Bericht")], Items(await _api.Anonymous.GetObject($"/v1/timelines?event={story.Gipfel}")));
        Assert.Equal(
            [("event", "Verhandlungen"), ("event", "Gipfel"), ("event", "Ankunft"), ("article", "Bericht"), ("article", "Reaktionen")],
            Items(await _api.Anonymous.GetObject("/v1/timelines?event=verhandlungen,gipfel")));
    }

    [Fact]
    public async Task Person_and_event_together_are_what_belongs_to_both()
    {
        await StoryAsync();

        Assert.Equal([("event", "Gipfel")], Items(await _api.Anonymous.GetObject("/v1/timelines?event=verhandlungen&person=emmanuel-macron")));
        Assert.Equal([("article", "Bericht")], Items(await _api.Anonymous.GetObject("/v1/timelines?event=gipfel&person=marco-rubio")));
        Assert.Equal(
            [("event", "Gipfel"), ("event", "Ankunft"), ("article", "Bericht")],
            Items(await _api.Anonymous.GetObject("/v1/timelines?event=gipfel&person=marco-rubio,emmanuel-macron")));
        foreach (var query in (string[])["person=niemand", "event=nichts", "event=gipfel&person=niemand", "person=emmanuel-macron&event=0190aaaa-0000-7000-8000-000000000001"])
            Assert.Empty(Items(await _api.Anonymous.GetObject($"/v1/timelines?{query}&count=exact")));
    }

    [Theory]
    [InlineData("types=event", "Neujahr,Jänner,Gipfel,Ankunft,Februar")]
    [InlineData("types=article", "Ankündigung,Bericht")]
    [InlineData("types=article,event&to=2026-01-02", "Neujahr,Jänner,Ankündigung")]
    [InlineData("from=2026-01-06&to=2026-01-06", "Jänner,Gipfel,Ankunft,Bericht")]
    [InlineData("from=2026-01-06&to=2026-01-06&order=desc", "Bericht,Ankunft,Gipfel,Jänner")]
    [InlineData("from=2026-01-07", "Jänner,Februar")]
    [InlineData("from=2026-01-06T14:00:30Z&types=article", "")]
    [InlineData("from=2026-01-06T14:00:23Z&types=article", "Bericht")]
    [InlineData("to=2026-01-01&timeZone=America/New_York", "Neujahr,Jänner")]
    [InlineData("event=gipfel", null)]
    public async Task A_timeline_is_narrowed_by_time_and_type(string query, string? expected)
    {
        var story = await StoryAsync();

        using var response = await _api.Anonymous.Ask($"/v1/people/{story.Macron}/timeline?{query}");

        if (expected is null) Assert.Equal(["event"], (await response.Problem(400, "invalidParameter")).Places());
        else Assert.Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries), Items(await response.Object(System.Net.HttpStatusCode.OK)).Select(i => i.Title));
    }

    [Fact]
    public async Task A_span_says_of_its_events_whether_they_overlap_it_for_certain()
    {
        var story = await StoryAsync();

        var items = (await _api.Anonymous.GetObject($"/v1/people/{story.Macron}/timeline?from=2026-01-06&to=2026-01-06&types=event"))["items"]!.AsArray();

        Assert.Equal(["possible", "certain", "certain"], items.Select(i => i!["event"]!.Text("timeMatch")));
    }

    [Theory]
    [InlineData("asc", "")]
    [InlineData("desc", "")]
    [InlineData("asc", "&from=2026-01-02")]
    [InlineData("desc", "&to=2026-01-31")]
    [InlineData("asc", "&types=event&from=2026-01-02&to=2026-01-31")]
    public async Task Walking_all_pages_meets_every_item_once_and_in_order(string order, string more)
    {
        await StoryAsync();
        foreach (var subject in (string[])["person=emmanuel-macron", "person=emmanuel-macron,marco-rubio", "event=verhandlungen,gipfel", "event=gipfel&person=emmanuel-macron"])
        {
            var address = $"/v1/timelines?{subject}&order={order}{more}";
            var whole = await _api.Anonymous.GetObject($"{address}&count=exact");
            Assert.Equal(Items(whole).Length, whole.Int("total"));
            for (var limit = 1; limit <= 4; limit++)
            {
                var met = new List<(string, string)>();
                for (var next = $"{address}&limit={limit}"; next is not null;)
                {
                    var page = await _api.Anonymous.GetObject(next);
                    Assert.InRange(Items(page).Length, 0, limit);
                    met.AddRange(Items(page));
                    next = page["nextCursor"] is { } cursor ? $"{address}&limit={limit}&cursor={cursor.GetValue<string>()}" : null;
                }

                Assert.Equal(Items(whole), met);
            }
        }
    }

    [Fact]
    public async Task What_is_not_public_is_in_no_timeline_but_the_newsroom_s()
    {
        var story = await StoryAsync();
        var hidden = await _api.Person("Geheime Quelle", ""","visibility":"internal" """);
        await _api.Event("Hintergrund", "2026-01-03", $$""","visibility":"internal","partOf":{"slug":"gipfel"},"participants":[{"person":{"slug":"emmanuel-macron"} },{"person":{"id":"{{hidden.Id()}}" } }]""");
        await _api.Draft("Entwurf", """,  "people":[{"slug":"emmanuel-macron"}],"events":[{"slug":"gipfel"}] """);
        await _api.Editor.PatchJson($"/v1/articles/{story.Bericht}?draft=true", """{"headline":"Bericht, neue Fassung"}""").Answers();

        foreach (var address in (string[])[$"/v1/people/{story.Macron}/timeline?limit=200", "/v1/timelines?event=gipfel"])
        {
            var items = Items(await _api.Anonymous.GetObject(address)).Select(i => i.Title).ToList();
            Assert.Contains("Bericht", items);
            Assert.Empty(items.Intersect(["Hintergrund", "Entwurf", "Bericht, neue Fassung"]));
            var working = Items(await _api.Editor.GetObject($"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}perspective=preview&count=exact")).Select(i => i.Title).ToList();
            Assert.DoesNotContain("Bericht", working);
            Assert.Equal(3, working.Intersect(["Hintergrund", "Entwurf", "Bericht, neue Fassung"]).Count());
        }

        await _api.Anonymous.Get($"/v1/people/{hidden.Id()}/timeline").IsRefused(404, "notFound");
        Assert.Empty(Items(await _api.Anonymous.GetObject($"/v1/timelines?person={hidden.Id()}")));
        Assert.Equal([("event", "Hintergrund")], Items(await _api.Editor.GetObject($"/v1/people/{hidden.Id()}/timeline?perspective=preview")));
        await _api.Anonymous.Get("/v1/timelines?person=a&perspective=preview").IsRefused(401);
    }

    [Fact]
    public async Task The_parts_of_what_becomes_public_are_in_its_timeline()
    {
        var whole = await _api.Event("Geheime Reise", "2026-01", ""","visibility":"internal" """);
        await _api.Event("Ankunft", "2026-01-03", ""","partOf":{"slug":"geheime-reise"}""");
        Assert.Empty(Items(await _api.Anonymous.GetObject($"/v1/timelines?event={whole.Id()}")));

        await _api.Editor.PatchJson($"/v1/events/{whole.Id()}", """{"visibility":"public"}""").Answers();

        Assert.Equal([("event", "Geheime Reise"), ("event", "Ankunft")], Items(await _api.Anonymous.GetObject($"/v1/timelines?event={whole.Id()}")));
    }

    [Fact]
    public async Task Nobody_in_the_path_is_a_404_and_a_slug_a_400()
    {
        await _api.Person("Emmanuel Macron");

        await _api.Anonymous.Get("/v1/people/0190aaaa-0000-7000-8000-000000000001/timeline").IsRefused(404, "notFound");
        await _api.Anonymous.Get("/v1/people/emmanuel-macron/timeline").IsRefused(400);
    }

    [Fact]
    public async Task A_cursor_of_another_timeline_is_refused()
    {
        var story = await StoryAsync();
        var cursor = (await _api.Anonymous.GetObject("/v1/timelines?person=emmanuel-macron&limit=1")).Text("nextCursor");

        foreach (var other in (string[])["timelines?event=gipfel", "timelines?person=emmanuel-macron&order=desc", "timelines?person=emmanuel-macron&types=event", "articles?person=emmanuel-macron&order=asc"])
        {
            using var response = await _api.Anonymous.Ask($"/v1/{other}&cursor={cursor}");
            Assert.Equal(["cursor"], (await response.Problem(400, "invalidParameter")).Places());
        }

        await _api.Anonymous.Get($"/v1/people/{story.Macron}/timeline?cursor={cursor}").IsRefused(400);
    }

    [Fact]
    public async Task An_answer_is_no_older_than_the_last_write_and_names_what_it_is_made_of()
    {
        await StoryAsync();
        using var before = await _api.Anonymous.Ask("/v1/timelines?event=gipfel");
        Assert.Equal("articles events", before.Header("Surrogate-Key"));

        await _api.Article("Nachtrag", ""","events":[{"slug":"gipfel"}]""", "2026-01-08T08:00:00Z");

        Assert.Equal(("article", "Nachtrag"), Items(await _api.Anonymous.GetObject("/v1/timelines?event=gipfel"))[^1]);
    }

    [Fact]
    public async Task An_article_of_the_first_newspaper_stands_first()
    {
        await _api.Event("Gipfel");
        await _api.Article("Uralt", ""","events":[{"slug":"gipfel"}]""", "1605-01-01T00:00:00Z");

        Assert.Equal([("article", "Uralt"), ("event", "Gipfel")], Items(await _api.Anonymous.GetObject("/v1/timelines?event=gipfel")));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    /// <summary>Times in every precision, some of them with the same first instant.</summary>
    private async Task<(string Macron, string Gipfel, string Bericht)> StoryAsync()
    {
        var macron = (await _api.Person("Emmanuel Macron")).Id();
        await _api.Person("Marco Rubio");
        const string with = ""","participants":[{"person":{"slug":"emmanuel-macron"},"mode":"host"}]""";
        await _api.Event("Verhandlungen", "2025-12");
        var gipfel = (await _api.Event("Gipfel", "2026-01-06", $$"""{{with}},"partOf":{"slug":"verhandlungen"}""")).Id();
        await _api.Event("Ankunft", "2026-01-06T15:00", $$"""{{with}},"partOf":{"slug":"gipfel"}""");
        await _api.Event("Februar", "2026-02", with);
        await _api.Event("Jänner", "2026-01", with);
        await _api.Event("Neujahr", "2026-01-01", with);
        await _api.Event("Ohne ihn", "2026-01-05", ""","participants":[{"name":"Emmanuel Macron"}]""");
        await _api.Article("Ankündigung", $$""","people":[{"id":"{{macron}}","relation":"quoted"}]""", "2026-01-02T09:30:00Z");
        var bericht = (await _api.Article("Bericht", $$""","people":[{"id":"{{macron}}"},{"slug":"marco-rubio"}],"events":[{"slug":"gipfel"}]""", "2026-01-06T14:00:23.500Z")).Id();
        await _api.Article("Reaktionen", ""","people":[{"slug":"marco-rubio"}],"events":[{"slug":"verhandlungen"}]""", "2026-01-07T08:00:00Z");
        return (macron, gipfel, bericht);
    }

    private static (string Type, string Title)[] Items(JsonObject page) =>
    [
        .. page["items"]!.AsArray().Select(i => (i!.Text("type"), i![i.Text("type")]!.Text(i.Text("type") == "event" ? "title" : "headline"))),
    ];
}
