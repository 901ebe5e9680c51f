using System.Net;
using NewsApi.Events;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Events;

public sealed class EventsInTimeTests : IAsyncDisposable
{
    private readonly TestClock _clock = new(new DateTimeOffset(2026, 1, 10, 12, 0, 0, TimeSpan.Zero));
    private readonly Api _api;

    public EventsInTimeTests() => _api = new Api(_clock, null);

    // Rome is an hour ahead: the sixth of January is 2026-01-05T23:00:00.000Z to 2026-01-06T22:59:59.999Z.
    [Theory]
    [InlineData("2026-01-06", null, "2026-01-05T23:00:00.000Z", "2026-01-06T23:00:00.000Z", "certain")]
    [InlineData("2026-01-06", null, "2026-01-05T23:00:00.001Z", "2026-01-06T23:00:00.000Z", "possible")]
    [InlineData("2026-01-06", null, "2026-01-05T23:00:00.000Z", "2026-01-06T22:59:59.999Z", "possible")]
    [InlineData("2026-01-06", null, "2026-01-05T23:00:00.000Z", null, "certain")]
    [InlineData("2026-01-06", null, "2026-01-06T00:00:00.000Z", null, "possible")]
    [InlineData("2026-01-06", null, null, "2026-01-06T23:00:00.000Z", "certain")]
    [InlineData("2026-01-06", null, null, "2026-01-06T12:00:00.000Z", "possible")]
    [InlineData("2026-01", null, "2026-01-05T23:00:00.000Z", "2026-01-06T23:00:00.000Z", "possible")]
    [InlineData("2026-01", null, "2025-12-31T23:00:00.000Z", "2026-01-31T23:00:00.000Z", "certain")]
    [InlineData("2026-01-06T15:00", null, "2026-01-05T23:00:00.000Z", "2026-01-06T23:00:00.000Z", "certain")]
    [InlineData("2026-01-06T15:00", null, "2026-01-06T14:00:30.000Z", null, "possible")]
    [InlineData("2026-01-03", "2026-01-08", "2026-01-05T23:00:00.000Z", "2026-01-06T23:00:00.000Z", "certain")]
    [InlineData("2026-01-03", "2026-01-06", "2026-01-06T12:00:00.000Z", "2026-01-06T23:00:00.000Z", "possible")]
    [InlineData("2026-01-03", "2026-01", "2026-01-05T23:00:00.000Z", "2026-01-06T23:00:00.000Z", "possible")]
    [InlineData("2026-01", "2026-02", "2026-01-31T23:00:00.000Z", "2026-02-01T23:00:00.000Z", "certain")]
    [InlineData("2026-01", "2026-02", "2026-02-01T23:00:00.000Z", "2026-02-02T23:00:00.000Z", "possible")]
    [InlineData("2026-01", "2026-01-03", null, "2026-01-04T00:00:00.000Z", "certain")]
    [InlineData("2026-01", "2026-01-03", null, "2026-01-03T12:00:00.000Z", "possible")]
    public void An_overlap_is_certain_where_no_reading_of_the_times_denies_it(string start, string? end, string? from, string? before, string expected)
    {
        var match = TimeMatch.Of(Time(start), end is null ? null : Time(end), from, before);

        Assert.Equal(expected, match);
    }

    [Fact]
    public void Certain_and_possible_are_what_trying_every_instant_finds()
    {
        // Six instants: every start and end of every width, against every span asked for.
        var instants = Enumerable.Range(0, 6).Select(i => new DateTimeOffset(2026, 1, 6, 12, 0, i, TimeSpan.Zero)).ToArray();
        var spans = instants.SelectMany((a, i) => instants[i..].Select(b => (First: a, Last: b))).ToList();
        var compared = 0;
        foreach (var start in spans)
        {
            foreach (var end in spans.Select(s => ((DateTimeOffset First, DateTimeOffset Last)?)s).Append(null))
            {
                var readings = instants.Where(s => s >= start.First && s <= start.Last)
                    .SelectMany(s => end is { } e ? instants.Where(t => t >= e.First && t <= e.Last && t >= s).Select(t => (s, t)) : [(s, s)]).ToList();
                if (readings.Count == 0) continue;

                foreach (var (first, last) in spans)
                {
                    var hits = readings.Count(r => r.Item1 <= last && r.Item2 >= first);
                    if (hits == 0) continue;

                    var match = TimeMatch.Of(Span(start), end is { } known ? Span(known) : null, NewsApi.Http.Instants.Format(first), NewsApi.Http.Instants.Format(last.AddMilliseconds(1)));
                    Assert.True((match == TimeMatch.Certain) == (hits == readings.Count), $"{start} {end} in {first} to {last}: {match}, {hits} of {readings.Count}");
                    compared++;
                }
            }
        }

        Assert.True(compared > 1_000);
    }

    [Fact]
    public async Task An_answer_to_a_span_says_what_overlaps_it_for_certain_and_what_perhaps()
    {
        await _api.Event("Jänner", "2026-01");
        await _api.Event("Gipfel", "2026-01-06", ""","certainty":"announced" """);
        await _api.Event("Woche", "2026-01-05", ""","end":{"value":"2026-01-09"}""");

        var page = await _api.Anonymous.GetObject("/v1/events?from=2026-01-06&to=2026-01-06&order=asc");

        Assert.Equal([("Jänner", "possible"), ("Woche", "certain"), ("Gipfel", "certain")], page["items"]!.AsArray().Select(e => (e!.Text("title"), e!.Text("timeMatch"))));
        Assert.Equal("announced", page["items"]![2]!.Text("certainty"));
        foreach (var address in (string[])["/v1/events", $"/v1/events/{page["items"]![0]!.Id()}", "/v1/events?certainty=planned", "/v1/events?place=x"])
            Assert.DoesNotContain("timeMatch", (await _api.Anonymous.GetObject(address)).ToJsonString(), StringComparison.Ordinal);
        foreach (var query in (string[])["from=2026-01-06", "to=2026-01-06"])
            Assert.Equal(3, (await _api.Anonymous.GetObject($"/v1/events?{query}")).Each("timeMatch").Length);
    }

    [Fact]
    public async Task An_item_with_its_match_can_be_sent_back()
    {
        await _api.Event("Gipfel", "2026-01-06");
        var item = (await _api.Anonymous.GetObject("/v1/events?from=2026-01-06"))["items"]![0]!;

        var written = await _api.Editor.PutJson($"/v1/events/{item.Id()}", item.ToJsonString(), "*").Answers();

        Assert.Null(written["timeMatch"]);
        Assert.Equal(1, written.Int("version"));
    }

    [Theory]
    [InlineData("asc")]
    [InlineData("desc")]
    public async Task What_lasts_for_any_length_of_time_is_found_on_every_day_of_it(string order)
    {
        // Each just short of a class, just beyond it and across a change of the clock, so that a class that were cut too short would lose one.
        (string Title, string Start, string? End)[] events =
        [
            ("Minute", "2026-10-25T02:30", null), ("Tag", "2026-10-25", null), ("Nacht", "2026-10-24T20:00", "2026-10-25T21:58"), ("Anderthalb", "2026-10-24T20:00", "2026-10-26T08:00"),
            ("Oktober", "2026-10", null), ("Wochen", "2026-10-01", "2026-11-01"), ("Fünf Wochen", "2026-09-28", "2026-11-02"), ("Jahr", "2026", null),
            ("Spieljahr", "2026-01-01", "2027-01-02"), ("Zwei Jahre", "2025", "2026"), ("Krieg", "2022-02-24", "2027"), ("Vorher", "2026-09-30", "2026-10-24T21:59"), ("Nachher", "2026-10-26", null),
        ];
        foreach (var (title, start, end) in events) await _api.Event(title, start, end is null ? "" : $$""","end":{"value":"{{end}}"}""");

        foreach (var from in (string[])["2026-10-25", "2026-10-25T22:59:59.999Z", "2026-10-31", "2026-11-01", "2026-12-31", "2027-01-01", "2027-12-31", "2028-01-01"])
        {
            var bound = DateTimeOffset.Parse(from.Length == 10 ? $"{from}T00:00:00{(string.CompareOrdinal(from, "2026-10-26") < 0 ? "+02:00" : "+01:00")}" : from, System.Globalization.CultureInfo.InvariantCulture);
            var expected = events.Where(e => Time(e.End ?? e.Start).Latest >= bound).OrderBy(e => Time(e.Start).Earliest).ThenBy(e => Time(e.Start).Latest).Select(e => e.Title).ToList();
            if (order == "desc") expected.Reverse();
            var met = new List<string>();
            var next = $"/v1/events?from={from}&order={order}&limit=2";
            for (var address = next; address is not null;)
            {
                var page = await _api.Anonymous.GetObject(address);
                met.AddRange(page.Each("title"));
                address = page["nextCursor"] is { } cursor ? $"{next}&cursor={cursor.GetValue<string>()}" : null;
            }

            Assert.Equal(expected.Order(), met.Order());
        }
    }

    [Fact]
    public async Task Of_what_begins_with_the_same_instant_the_better_known_stands_first()
    {
        foreach (var start in (string[])["2026", "2026-01", "2026-01-01", "2026-01-01T00:00", "2026-01-01T00:01"]) await _api.Event(start, start);

        string[] expected = ["2026-01-01T00:00", "2026-01-01", "2026-01", "2026", "2026-01-01T00:01"];
        Assert.Equal(expected, (await _api.Anonymous.GetObject("/v1/events?order=asc")).Each("title"));
        Assert.Equal(expected.Reverse(), (await _api.Anonymous.GetObject("/v1/events")).Each("title"));
        Assert.Equal(expected.Reverse(), (await _api.Anonymous.GetObject("/v1/events?from=2025-12-31")).Each("title"));
        Assert.Equal(expected[..4], (await _api.Anonymous.GetObject("/v1/events?to=2025-12-31T23:00:00Z&order=asc")).Each("title"));
    }

    [Fact]
    public async Task Overdue_is_what_should_have_taken_place_and_of_which_nothing_was_heard()
    {
        foreach (var certainty in (string[])["rumoured", "planned", "announced", "confirmed", "occurred", "postponed", "cancelled"])
            await _api.Event(certainty, "2026-01-09", $$""","certainty":"{{certainty}}","place":{"name":"{{(certainty == "planned" ? "Wien" : "Graz")}}"}""");
        await _api.Event("Noch heute", "2026-01-10");
        await _api.Event("Noch im Jänner", "2026-01");
        await _api.Event("Dauert noch", "2026-01-01", ""","end":{"value":"2026-01-10T14:00"}""");

        Assert.Equal(["announced", "planned", "rumoured"], await Titles("overdue=true"));
        Assert.Equal(["planned"], await Titles("overdue=true&place=wien"));
        Assert.Equal(["planned"], await Titles("overdue=true&certainty=planned,occurred"));
        Assert.Empty(await Titles("overdue=true&certainty=occurred"));
        Assert.Empty(await Titles("overdue=true&from=2026-01-10"));
        Assert.Equal(3, (await _api.Anonymous.GetObject("/v1/events?overdue=true&count=exact&limit=1")).Int("total"));
    }

    [Fact]
    public async Task What_is_overdue_follows_the_clock_from_page_to_page_and_from_answer_to_answer()
    {
        foreach (var (title, start) in ((string, string)[])[("A", "2026-01-08"), ("B", "2026-01-09"), ("C", "2026-01-10"), ("D", "2026-02")]) await _api.Event(title, start);
        var first = await _api.Anonymous.GetObject("/v1/events?overdue=true&order=asc&limit=1");
        Assert.Equal(["A"], first.Each("title"));
        Assert.Equal(["A", "B"], await Titles("overdue=true"));

        _clock.Now = new DateTimeOffset(2026, 1, 10, 23, 0, 0, TimeSpan.Zero).AddMilliseconds(-1);
        Assert.Equal(["A", "B"], await Titles("overdue=true"));

        _clock.Now = _clock.Now.AddMilliseconds(1);
        Assert.Equal(["A", "B", "C"], await Titles("overdue=true"));
        Assert.Equal(["B"], (await _api.Anonymous.GetObject($"/v1/events?overdue=true&order=asc&limit=1&cursor={first.Text("nextCursor")}")).Each("title"));

        _clock.Now = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(["A", "B", "C", "D"], await Titles("overdue=true"));
    }

    [Fact]
    public async Task Caches_keep_what_the_clock_changes_for_a_moment_only()
    {
        using var overdue = await _api.Anonymous.Ask("/v1/events?overdue=true");
        using var other = await _api.Anonymous.Ask("/v1/events");

        Assert.Equal(HttpStatusCode.OK, overdue.StatusCode);
        Assert.Equal("public, max-age=5", overdue.Header("Cache-Control"));
        Assert.Contains("s-maxage=30", other.Header("Cache-Control"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_found_by_place_and_external_id()
    {
        await _api.Event("Gipfel", more: ""","place":{"name":"Köln"},"externalIds":[{"source":"dpa","value":"e-17"}]""");
        await _api.Event("Anderswo", more: ""","place":{"name":"Kiew"}""");

        foreach (var query in (string[])["place=koeln", "place=KÖLN&from=2026-01-06&to=2026-01-06", "externalId=dpa:e-17", "externalId=dpa:e-17&certainty=planned&place=köln"])
            Assert.Equal(["Gipfel"], await Titles(query));
        Assert.Equal(["Anderswo", "Gipfel"], await Titles("place=kiew,köln"));
        Assert.Empty(await Titles("externalId=dpa:e-17&place=kiew"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static EventTime Time(string value) => EventTime.Of(new EventTimeInput { Value = value });

    private static EventTime Span((DateTimeOffset First, DateTimeOffset Last) span) =>
        new() { Value = "", Precision = "day", TimeZone = "UTC", Earliest = span.First, Latest = span.Last };

    private async Task<string[]> Titles(string query) => [.. (await _api.Anonymous.GetObject($"/v1/events?{query}")).Each("title").Order(StringComparer.Ordinal)];
}
