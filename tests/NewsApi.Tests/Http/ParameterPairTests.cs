using System.Globalization;
using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Http;

/// <summary>
/// Any two filters of a list together, in every order, page size and perspective, compared with what the documents themselves say. A parameter
/// that is ignored, or that undoes another, shows here.
/// </summary>
public sealed class ParameterPairTests(ParameterPairTests.Corpus corpus) : IClassFixture<ParameterPairTests.Corpus>
{
    private static readonly string[] Orders = ["", "order=asc", "order=desc"];
    private static readonly string[] Limits = ["", "limit=1", "limit=3", "limit=7", "limit=200"];
    private static readonly string[] Counts = ["", "count=exact"];
    private static readonly string[] Perspectives = ["", "perspective=preview"];

    private static readonly Option[] OfArticles =
    [
        new("person", "person=p1", (d, _) => Has(d["people"], "slug", "p1")),
        new("person", "person=p1,p2&person=p3", (d, _) => Has(d["people"], "slug", "p1", "p2", "p3")),
        new("person", "person=p1,p2&personMode=all", (d, _) => Has(d["people"], "slug", "p1") && Has(d["people"], "slug", "p2")),
        new("event", "event=e1", (d, _) => Has(d["events"], "slug", "e1")),
        new("event", "event=e1,e2", (d, _) => Has(d["events"], "slug", "e1", "e2")),
        new("section", "section=politik", (d, _) => d["section"]?.Text("slug") == "politik"),
        new("section", "section=sport,Kultur", (d, _) => d["section"]?.Text("slug") is "sport" or "kultur"),
        new("tag", "tag=Gipfel", (d, _) => Holds(d["tags"], "Gipfel")),
        new("tag", @"tag=Gas\, Öl&tag=Gipfel", (d, _) => Holds(d["tags"], "Gas, Öl", "Gipfel")),
        new("topic", "topic=medtop:11000000", (d, _) => Holds(d["topics"], "medtop:11000000")),
        new("topic", "topic=11000000,04000000", (d, _) => Holds(d["topics"], "medtop:11000000", "medtop:04000000")),
        new("place", "place=KOELN", (d, _) => Has(d["places"], "name", "Köln")),
        new("place", "place=köln,wien", (d, _) => Has(d["places"], "name", "Köln", "Wien")),
        new("source", "source=apa", (d, _) => Has(d["sources"], "name", "APA")),
        new("source", "source=dpa,Reuters", (d, _) => Has(d["sources"], "name", "dpa", "Reuters")),
        new("language", "language=de", (d, _) => d.Text("language").StartsWith("de", StringComparison.Ordinal)),
        new("language", "language=de-AT,it", (d, _) => d.Text("language") is "de-AT" or "it"),
        new("genre", "genre=Analyse", (d, _) => d["genre"]?.GetValue<string>() == "analyse"),
        new("externalId", "externalId=apa:1", (d, _) => Has(d["externalIds"], "value", "1")),
        new("externalId", "externalId=apa:1,apa:4,apa:7,apa:10,apa:13,apa:16,apa:19", (d, _) => Has(d["externalIds"], "value", "1", "4", "7", "10", "13", "16", "19")),
        new("corrected", "corrected=true", (d, _) => d["corrections"]!.AsArray().Count > 0),
        new("publishedFrom", "publishedFrom=2026-01-05", (d, _) => Published(d) >= At("2026-01-04T23:00:00Z")),
        new("publishedFrom", "publishedFrom=2026-01-05&timeZone=America/New_York", (d, _) => Published(d) >= At("2026-01-05T05:00:00Z")),
        new("publishedTo", "publishedTo=2026-01-12", (d, _) => Published(d) < At("2026-01-12T23:00:00Z")),
        new("publishedTo", "publishedTo=2026-01-12T12:00:00Z", (d, _) => Published(d) <= At("2026-01-12T12:00:00Z")),
        new("q", "q=Steuern", (d, _) => d.Text("headline").Contains("Steuern", StringComparison.Ordinal)),
        new("updatedFrom", "updatedFrom=2026-01-15", (d, _) => true),
        new("view", "view=full", (d, _) => true),
        new("include", "include=people,events", (d, _) => true),
    ];

    private static readonly Option[] OfPeople =
    [
        new("country", "country=UA", (d, _) => Has(d["offices"], "country", "UA")),
        new("country", "country=at,IT", (d, _) => Has(d["offices"], "country", "AT", "IT")),
        new("office", "office=aussenminister", (d, _) => Has(d["offices"], "title", "Außenminister")),
        new("office", "office=Präsident,Bürgermeister", (d, _) => Has(d["offices"], "title", "Präsident", "Bürgermeister")),
        new("externalId", "externalId=wikidata:Q4", (d, _) => Has(d["externalIds"], "value", "Q4")),
        new("externalId", "externalId=wikidata:Q2,wikidata:Q4,wikidata:Q6,wikidata:Q8", (d, _) => Has(d["externalIds"], "value", "Q2", "Q4", "Q6", "Q8")),
    ];

    private static readonly Option[] OfEvents =
    [
        new("person", "person=p1", (d, _) => HasParticipant(d, "p1")),
        new("person", "person=p1,p2,p3", (d, _) => HasParticipant(d, "p1", "p2", "p3")),
        new("certainty", "certainty=planned", (d, _) => d.Text("certainty") == "planned"),
        new("certainty", "certainty=announced,occurred", (d, _) => d.Text("certainty") is "announced" or "occurred"),
        new("place", "place=koeln", (d, _) => d["place"]?.Text("name") == "Köln"),
        new("place", "place=WIEN,Köln", (d, _) => d["place"]?.Text("name") is "Wien" or "Köln"),
        new("partOf", "partOf=e1", (d, _) => d["partOf"]?.Text("slug") == "e1"),
        new("partOf", "partOf=e1,e2", (d, _) => d["partOf"]?.Text("slug") is "e1" or "e2"),
        new("externalId", "externalId=dpa:3", (d, _) => Has(d["externalIds"], "value", "3")),
        new("externalId", "externalId=dpa:3,dpa:6,dpa:9,dpa:12", (d, _) => Has(d["externalIds"], "value", "3", "6", "9", "12")),
        new("from", "from=2026-01-10", (d, _) => Until(d) >= At("2026-01-09T23:00:00Z")),
        new("from", "from=2026-01-10&timeZone=America/New_York", (d, _) => Until(d) >= At("2026-01-10T05:00:00Z")),
        new("to", "to=2026-01-10", (d, _) => Start(d) < At("2026-01-10T23:00:00Z")),
        new("to", "to=2026-01-10T12:00:00Z", (d, _) => Start(d) <= At("2026-01-10T12:00:00Z")),
        new("overdue", "overdue=true", (d, now) => d.Text("certainty") is "rumoured" or "planned" or "announced" && Until(d) < now),
        new("q", "q=Reise", (d, _) => d.Text("title").Contains("Reise", StringComparison.Ordinal)),
        new("include", "include=people", (d, _) => true),
    ];

    private static readonly Option[] OfTimelines =
    [
        new("person", "person=p1", (d, _) => Has(d["people"], "slug", "p1") || HasParticipant(d, "p1")),
        new("person", "person=p1,p2", (d, _) => Has(d["people"], "slug", "p1", "p2") || HasParticipant(d, "p1", "p2")),
        new("event", "event=e1", (d, _) => Has(d["events"], "slug", "e1") || IsOrIsPartOf(d, "e1")),
        new("event", "event=e1,e2", (d, _) => Has(d["events"], "slug", "e1", "e2") || IsOrIsPartOf(d, "e1", "e2")),
        new("types", "types=event", (d, _) => d["start"] is not null),
        new("types", "types=article", (d, _) => d["start"] is null),
        new("from", "from=2026-01-10", (d, _) => Until(d) >= At("2026-01-09T23:00:00Z")),
        new("to", "to=2026-01-10", (d, _) => Start(d) < At("2026-01-10T23:00:00Z")),
    ];

    [Fact]
    public Task Articles() => Compare("articles", OfArticles, isDescending: true);

    [Fact]
    public Task People() => Compare("people", OfPeople, isDescending: false);

    [Fact]
    public Task Events() => Compare("events", OfEvents, isDescending: true);

    [Fact]
    public Task Timelines() => Compare("timelines", OfTimelines, isDescending: false);

    [Theory]
    [InlineData("articles")]
    [InlineData("people")]
    [InlineData("events")]
    public void The_content_tells_the_filters_apart(string list)
    {
        var options = list switch { "articles" => OfArticles, "people" => OfPeople, _ => OfEvents };
        foreach (var option in options.Where(o => o.Name is not ("updatedFrom" or "view" or "include")))
        {
            var matches = corpus.Public[list].Count(d => option.Matches(d, Corpus.Now));
            Assert.True(matches > 0 && matches < corpus.Public[list].Count, $"{option.Query} matches {matches} of {corpus.Public[list].Count}");
        }

        Assert.NotEqual(corpus.Public[list].Count, corpus.Working[list].Count);
    }

    private async Task Compare(string list, Option[] options, bool isDescending)
    {
        // The variants go round at paces without a common divisor, so that each meets each filter.
        var round = 0;
        var found = 0;
        for (var i = 0; i < options.Length; i++)
        {
            for (var j = i; j < options.Length; j++)
            {
                if (i != j && options[i].Name == options[j].Name) continue;
                if (list == "timelines" && options[i].Name is not ("person" or "event") && options[j].Name is not ("person" or "event")) continue;

                Option[] pair = i == j ? [options[i]] : [options[i], options[j]];
                foreach (var perspective in Perspectives)
                {
                    round++;
                    string[] more = [Orders[round % 3], Limits[round % 5], Counts[round % 7 % 2], perspective];
                    found += await Compare(list, pair, more, isDescending);
                }
            }
        }

        Assert.True(found > round, $"{found} items in {round} answers compare too little.");
    }

    private async Task<int> Compare(string list, Option[] options, string[] more, bool isDescending)
    {
        var address = $"/v1/{list}?{string.Join('&', options.Select(o => o.Query).Concat(more).Where(q => q.Length > 0))}";
        var isPreview = more.Contains("perspective=preview");
        var expected = (isPreview ? corpus.Working : corpus.Public)[list].Where(d => options.All(o => o.Matches(d, Corpus.Now))).Select(d => d.Id()).ToList();
        if (more.Contains("order=desc") || (isDescending && !more.Contains("order=asc"))) expected.Reverse();

        var met = new List<string>();
        for (var next = address; next is not null;)
        {
            var page = await corpus.Api.Editor.GetObject(next);
            if (more.Contains("count=exact")) Assert.True(page.Int("total") == expected.Count, $"{page.Int("total")} instead of {expected.Count}: {next}");
            else Assert.Null(page["total"]);
            var items = page["items"]!.AsArray();
            Assert.True(items.Count <= (more.Contains("limit=1") ? 1 : more.Contains("limit=3") ? 3 : more.Contains("limit=7") ? 7 : more.Contains("limit=200") ? 200 : 20), next);
            met.AddRange(items.Select(item => (list == "timelines" ? item![item.Text("type")]! : item!).Id()));
            Assert.True(met.Count <= 200, $"The walk does not end: {next}");
            next = page["nextCursor"] is { } cursor ? $"{address}&cursor={cursor.GetValue<string>()}" : null;
        }

        // The search index puts items of the same instant in an order of its own.
        var isIndexed = options.Any(o => o.Name is "q" or "updatedFrom");
        if (isIndexed)
        {
            var times = corpus.Working[list].ToDictionary(d => d.Id(), Start);
            Assert.True(expected.Select(id => times[id]).SequenceEqual(met.Select(id => times[id])), address);
            expected.Sort(StringComparer.Ordinal);
            met.Sort(StringComparer.Ordinal);
        }

        Assert.True(expected.SequenceEqual(met), $"{address}\nexpected {string.Join(' ', expected)}\nbut got {string.Join(' ', met)}");
        return met.Count;
    }

    private static bool Holds(JsonNode? list, params string[] values) => list is not null && list.AsArray().Any(entry => values.Contains(entry!.GetValue<string>()));

    private static bool Has(JsonNode? list, string member, params string[] values) =>
        list is not null && list.AsArray().Any(entry => entry![member] is { } value && values.Contains(value.GetValue<string>()));

    private static bool HasParticipant(JsonNode item, params string[] slugs) =>
        item["participants"] is { } list && list.AsArray().Any(p => p!["person"] is { } person && slugs.Contains(person.Text("slug")));

    private static bool IsOrIsPartOf(JsonNode item, params string[] slugs) =>
        item["start"] is not null && (slugs.Contains(item.Text("slug")) || (item["partOf"] is { } whole && slugs.Contains(whole.Text("slug"))));

    private static DateTimeOffset Published(JsonNode article) => At((article["publishedAt"] ?? article["createdAt"])!.GetValue<string>());

    private static DateTimeOffset Start(JsonNode item) => item["start"] is { } start ? At(start.Text("earliest")) : Published(item);

    private static DateTimeOffset Until(JsonNode item) => item["start"] is { } start ? At((item["end"] ?? start).Text("latest")) : Published(item);

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);

    private sealed record Option(string Name, string Query, Func<JsonNode, DateTimeOffset, bool> Matches);

    /// <summary>Articles, people and events of every kind, some of them hidden, some with a working copy; the same ones every time.</summary>
    public sealed class Corpus : IAsyncLifetime
    {
        internal static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

        private static readonly string[] Precisions = ["minute", "day", "month", "year"];

        private readonly Random _random = new(20260106);

        public Api Api { get; } = new(new TestClock(Now), null);

        /// <summary>What anybody sees, by list, in ascending order.</summary>
        internal Dictionary<string, List<JsonNode>> Public { get; } = [];

        /// <summary>What the newsroom sees.</summary>
        internal Dictionary<string, List<JsonNode>> Working { get; } = [];

        public async ValueTask InitializeAsync()
        {
            var people = new List<string>();
            for (var i = 0; i < 20; i++) people.Add((await Api.Editor.PostJson("/v1/people", Person(i)).Answers(System.Net.HttpStatusCode.Created)).Id());
            var events = new List<string>();
            for (var i = 0; i < 24; i++) events.Add((await Api.Editor.PostJson("/v1/events", Event(i)).Answers(System.Net.HttpStatusCode.Created)).Id());
            var articles = new List<string>();
            for (var i = 0; i < 60; i++)
            {
                var id = (await Api.Editor.PostJson("/v1/articles", Article(i)).Answers(System.Net.HttpStatusCode.Created)).Id();
                articles.Add(id);
                if (i % 10 == 9) continue;

                // Few instants for many articles.
                await Api.Editor.PutJson($"/v1/articles/{id}/publication", $$"""{"publishAt":"2026-01-{{1 + _random.Next(14):00}}T{{6 * _random.Next(4):00}}:00:00Z"}""").Answers();
                if (i % 7 == 3) await Api.Editor.PutJson($"/v1/articles/{id}?draft=true", Article(i), "*").Answers();
                if (i % 6 == 1) await Api.Editor.PostJson($"/v1/articles/{id}/corrections", """{"kind":"update","note":"Ein Satz kam dazu."}""").Answers(System.Net.HttpStatusCode.Created);
                if (i % 13 == 5) await Api.Editor.Remove($"/v1/articles/{id}/publication", null).Answers();
            }

            foreach (var (list, ids) in ((string, List<string>)[])[("articles", articles), ("people", people), ("events", events)])
            {
                (Public[list], Working[list]) = ([], []);
                foreach (var id in ids)
                {
                    using var answer = await Api.Anonymous.Get($"/v1/{list}/{id}");
                    if (answer.IsSuccessStatusCode) Public[list].Add(await answer.Object(System.Net.HttpStatusCode.OK));
                    Working[list].Add(await Api.Editor.GetObject($"/v1/{list}/{id}?perspective=preview"));
                }
            }

            foreach (var set in (Dictionary<string, List<JsonNode>>[])[Public, Working])
            {
                set["timelines"] = [.. set["articles"], .. set["events"]];
                foreach (var (list, documents) in set.ToList())
                {
                    set[list] = list == "people"
                        ? [.. documents.OrderBy(d => d.Text("slug"), StringComparer.Ordinal)]
                        : [.. documents.OrderBy(Start).ThenBy(d => d["start"] is { } start ? Array.IndexOf(Precisions, start.Text("precision")) : 0).ThenBy(d => d.Id(), StringComparer.Ordinal)];
                }
            }
        }

        public ValueTask DisposeAsync() => Api.DisposeAsync();

        // Names that stand in the order of their slugs.
        private string Person(int i) => new JsonObject
        {
            ["slug"] = $"p{(i < 9 ? (char)('1' + i) : (char)('a' + i))}",
            ["name"] = $"Person {(char)('A' + i)}",
            ["offices"] = Some(2, 0, o => new JsonObject { ["title"] = Pick("Außenminister", "Präsident", "Bürgermeister", "Sprecher"), ["country"] = Pick("UA", "AT", "IT", "FR") }),
            ["externalIds"] = Some(i % 2 == 0, new JsonObject { ["source"] = "wikidata", ["value"] = $"Q{i}" }),
            ["visibility"] = i is 2 or 11 ? "internal" : "public",
        }.ToJsonString();

        private string Event(int i) => new JsonObject
        {
            ["slug"] = $"e{i}",
            ["title"] = $"Ereignis {i}: {Pick("Reise", "Ansprache")}",
            ["start"] = new JsonObject { ["value"] = i % 6 == 0 ? "2026-01-01" : Pick("2025", "2025-12", "2026-01", "2026-01-01", "2026-01-10", "2026-01-10T13:00", "2026-01-01T00:00", "2026-02", "2026") },
            ["end"] = i % 6 == 0 ? new JsonObject { ["value"] = Pick("2026-01-09", "2026-01", "2026-01-10T12:00", "2028") } : null,
            ["certainty"] = Pick("rumoured", "planned", "announced", "confirmed", "occurred", "cancelled"),
            ["place"] = i % 3 == 0 ? null : new JsonObject { ["name"] = Pick("Köln", "Wien", "Kiew") },
            ["participants"] = Some(3, 1, p => new JsonObject { ["person"] = new JsonObject { ["slug"] = $"p{1 + _random.Next(4)}" } }),
            ["partOf"] = i > 4 && i % 2 == 0 ? new JsonObject { ["slug"] = $"e{1 + _random.Next(3)}" } : null,
            ["externalIds"] = Some(i % 3 == 0, new JsonObject { ["source"] = "dpa", ["value"] = i.ToString(CultureInfo.InvariantCulture) }),
            ["visibility"] = i is 2 or 13 or 20 ? "internal" : "public",
        }.ToJsonString();

        private string Article(int i) => new JsonObject
        {
            ["headline"] = $"Artikel {i} über {Pick("Steuern", "Wälder")}",
            ["language"] = Pick("de", "de", "de-AT", "it", "en"),
            ["section"] = i % 5 == 0 ? null : new JsonObject { ["slug"] = Pick("politik", "sport", "kultur", "chronik") },
            ["tags"] = Distinct(Pick("Gipfel", "Gas, Öl", "Wahl"), Pick("Gipfel", "Gas, Öl", "Wahl", "Budget")),
            ["topics"] = Distinct(Pick("medtop:11000000", "medtop:04000000", "medtop:16000000")),
            ["places"] = Some(2, 0, p => new JsonObject { ["name"] = Pick("Köln", "Wien", "Kiew", "Paris") }),
            ["sources"] = Some(2, 1, s => new JsonObject { ["name"] = Pick("APA", "dpa", "Reuters", "AFP") }),
            ["genre"] = i % 4 == 0 ? null : Pick("analyse", "report", "interview"),
            ["people"] = Some(3, 1, p => new JsonObject { ["slug"] = $"p{1 + _random.Next(4)}" }),
            ["events"] = Some(2, 0, e => new JsonObject { ["slug"] = $"e{_random.Next(5)}" }),
            ["externalIds"] = Some(i % 3 == 1, new JsonObject { ["source"] = "apa", ["value"] = i.ToString(CultureInfo.InvariantCulture) }),
        }.ToJsonString();

        private string Pick(params string[] values) => values[_random.Next(values.Length)];

        /// <summary>No entry twice.</summary>
        private JsonArray Some(int most, int least, Func<int, JsonNode> make) =>
            [.. Enumerable.Range(0, least + _random.Next(most - least + 1)).Select(make).DistinctBy(node => node.ToJsonString())];

        private static JsonArray Some(bool isThere, JsonNode entry) => isThere ? [entry] : [];

        private static JsonArray Distinct(params string[] values) => [.. values.Distinct().Select(v => JsonValue.Create(v))];
    }
}
