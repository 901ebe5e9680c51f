using System.Globalization;
using System.Text.Json.Nodes;
using NewsApi.Publishing;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Search;

public sealed class FacetTests : IAsyncDisposable
{
    private const string All = "section,tag,person,source,language,month";

    private readonly Api _api = new();

    [Fact]
    public async Task Counts_are_those_of_the_documents_under_any_filter_and_query()
    {
        await _api.Generate(300);
        await _api.Article("Without a section", ""","language":"en","sources":[{"name":"APA"},{"name":"apa"},{"name":"Reuters"}]""", "2026-01-01T00:30:00Z");
        var some = (await _api.Anonymous.Walk("/v1/articles?limit=200"))[20];
        var person = some["people"]![0]!.Id();
        foreach (var filter in (string[])
            [
                "", "tag=" + Uri.EscapeDataString(some["tags"]![0]!.GetValue<string>()), $"person={person}", $"section={some["section"]!.Text("slug")}", "source=apa",
                "publishedFrom=2006-01-01&publishedTo=2015-06-01", "q=Regierung", "q=Landtag+OR+Gemeinde", $"q=die&person={person}", "language=en", "timeZone=America/New_York",
                "q=die&sort=relevance&limit=3", "updatedFrom=2020-01-01&timeZone=Asia/Kolkata", "q=Quastenflosser",
            ])
        {
            var facets = (await _api.Anonymous.GetObject($"/v1/articles?{filter}&facets={All}"))["facets"]!;
            Compare(filter, await _api.Anonymous.Walk($"/v1/articles?{filter}"), facets, filter.Contains("timeZone=", StringComparison.Ordinal) ? filter.Split("timeZone=")[1] : "Europe/Rome");
        }
    }

    [Fact]
    public async Task Sections_people_and_sources_are_counted_with_their_names()
    {
        await _api.Editor.PutJson("/v1/sections/politik", """{"name":"Politik & Gesellschaft"}""").Succeeds(System.Net.HttpStatusCode.Created);
        var person = await _api.Person("Anna Gruber");
        await _api.Article("A", $$""","section":{"slug":"politik"},"tags":["Öl"],"people":[{"id":"{{person.Id()}}"}],"sources":[{"name":"Südtirol Heute"}]""");

        var facets = (await _api.Anonymous.GetObject($"/v1/articles?facets={All}"))["facets"]!;

        Sending.Same(JsonNode.Parse("""[{"value":"politik","label":"Politik & Gesellschaft","count":1}]"""), facets["section"]);
        Sending.Same(JsonNode.Parse($$"""[{"value":"{{person.Id()}}","label":"Anna Gruber","count":1}]"""), facets["person"]);
        Sending.Same(JsonNode.Parse("""[{"value":"suedtirol heute","label":"Südtirol Heute","count":1}]"""), facets["source"]);
        Sending.Same(JsonNode.Parse("""[{"value":"Öl","count":1}]"""), facets["tag"]);
        Sending.Same(JsonNode.Parse("""[{"value":"de","count":1}]"""), facets["language"]);

        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"name":"Anna Huber"}""").Answers();
        facets = (await _api.Anonymous.GetObject($"/v1/articles?facets=person"))["facets"]!;
        Assert.Equal("Anna Huber", facets["person"]![0]!.Text("label"));
        Assert.Null(facets["section"]);
    }

    [Fact]
    public async Task A_month_is_that_of_the_zone()
    {
        await _api.Article("A", at: "2026-01-31T22:59:59.999Z");
        await _api.Article("B", at: "2026-01-31T23:00:00Z");
        await _api.Article("C", at: "2026-07-31T21:59:00Z");
        await _api.Article("D", at: "2026-07-31T22:00:00Z");
        await _api.Article("E", at: "2026-02-01T00:00:00Z");

        Assert.Equal("2026-08:1 2026-07:1 2026-02:2 2026-01:1", await Months(""));
        Assert.Equal("2026-07:2 2026-02:1 2026-01:2", await Months("&timeZone=UTC"));
        Assert.Equal("2026-07:2 2026-01:3", await Months("&timeZone=America/New_York"));
        Assert.Equal("2026-08:1 2026-02:1", await Months("&publishedFrom=2026-02-01T00:00:00Z&publishedTo=2026-08-01&q=D+OR+E"));
    }

    [Fact]
    public async Task What_names_only_what_is_not_there_counts_nothing()
    {
        await _api.Article("A");
        foreach (var filter in (string[])["person=niemand", "event=nichts", "tag=nichts", "q=Quastenflosser"])
        {
            var page = await _api.Anonymous.GetObject($"/v1/articles?{filter}&facets={All}&count=exact");
            Assert.Equal(0, page.Int("total"));
            foreach (var facet in All.Split(',')) Assert.Empty(page["facets"]![facet]!.AsArray());
        }
    }

    [Fact]
    public async Task The_newsroom_counts_working_versions_in_place_of_public_ones()
    {
        var changed = await _api.Article("Bericht", ""","tags":["alt"]""");
        await _api.Article("Bericht", ""","tags":["alt"]""");
        await _api.Draft("Bericht", ""","tags":["Entwurf"]""");
        await _api.Editor.PutJson($"/v1/articles/{changed.Id()}?draft=true", """{"headline":"Bericht","tags":["neu"]}""", "*").Answers();

        foreach (var query in (string[])["", "q=Bericht&"])
        {
            Assert.Equal("alt:2", Said((await _api.Anonymous.GetObject($"/v1/articles?{query}facets=tag"))["facets"]!["tag"]!));
            Assert.Equal("Entwurf:1 alt:1 neu:1", Said((await _api.Editor.GetObject($"/v1/articles?{query}facets=tag&perspective=preview"))["facets"]!["tag"]!));
        }
    }

    [Fact]
    public async Task Facets_do_not_change_the_pages_and_come_with_every_page()
    {
        for (var i = 0; i < 5; i++) await _api.Article($"Bericht {i}", ""","tags":["a"]""");
        foreach (var query in (string[])["", "q=Bericht&", "tag=a&", "q=Bericht&sort=relevance&"])
        {
            var first = await _api.Anonymous.GetObject($"/v1/articles?{query}facets=tag&limit=2");
            Assert.Equal((await _api.Anonymous.GetObject($"/v1/articles?{query}limit=2")).Each("id"), first.Each("id"));
            var second = await _api.Anonymous.GetObject($"/v1/articles?{query}facets=tag&limit=2&cursor={first.Text("nextCursor")}");
            Assert.Equal("a:5", Said(second["facets"]!["tag"]!));
        }
    }

    [Fact]
    public async Task Of_very_many_the_newest_are_counted_and_the_answer_says_so()
    {
        var first = DateTimeOffset.Parse("2025-01-01T00:00:00Z", CultureInfo.InvariantCulture);
        await _api.Add(Enumerable.Range(0, 10_001).Select(i => Searching.Short("Notiz", first.AddMinutes(i), tag: i == 0 ? "älteste" : "andere")));

        foreach (var query in (string[])["", "q=Notiz&"])
        {
            var facets = (await _api.Anonymous.GetObject($"/v1/articles?{query}facets=tag&limit=1"))["facets"]!;
            Assert.Equal("andere:10000", Said(facets["tag"]!));
            Assert.True(facets["truncated"]!.GetValue<bool>());
        }

        var older = (await _api.Anonymous.GetObject("/v1/articles?facets=tag&limit=1&publishedTo=2025-01-02"))["facets"]!;
        Assert.Contains("älteste:1", Said(older["tag"]!), StringComparison.Ordinal);
        Assert.Null(older["truncated"]);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private async Task<string> Months(string more) => Said((await _api.Anonymous.GetObject($"/v1/articles?facets=month{more}"))["facets"]!["month"]!);

    private static string Said(JsonNode counts) => string.Join(' ', counts.AsArray().Select(c => $"{c!.Text("value")}:{c!.Int("count")}"));

    private static void Compare(string filter, List<JsonNode> articles, JsonNode facets, string zone)
    {
        Assert.Equal(($"{filter} section", Counted(a => a["section"] is { } s ? [s.Text("slug")] : [])), ($"{filter} section", Said(facets["section"]!)));
        Assert.Equal(($"{filter} tag", Counted(a => a["tags"]!.AsArray().Select(t => t!.GetValue<string>()))), ($"{filter} tag", Said(facets["tag"]!)));
        Assert.Equal(($"{filter} person", Counted(a => a["people"]!.AsArray().Select(p => p!.Id()))), ($"{filter} person", Said(facets["person"]!)));
        Assert.Equal(($"{filter} source", Counted(a => a["sources"]!.AsArray().Select(s => FilterText.Fold(s!.Text("name"))).Distinct())), ($"{filter} source", Said(facets["source"]!)));
        Assert.Equal(($"{filter} language", Counted(a => [a.Text("language")])), ($"{filter} language", Said(facets["language"]!)));
        var months = articles.GroupBy(a => TimeZoneInfo.ConvertTime(
                DateTimeOffset.Parse(a.Text("publishedAt"), CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(zone)).ToString("yyyy-MM", CultureInfo.InvariantCulture))
            .OrderByDescending(m => m.Key, StringComparer.Ordinal).Take(50).Select(m => $"{m.Key}:{m.Count()}");
        Assert.Equal(($"{filter} month", string.Join(' ', months)), ($"{filter} month", Said(facets["month"]!)));

        string Counted(Func<JsonNode, IEnumerable<string>> values) => string.Join(' ', articles.SelectMany(values).GroupBy(v => v)
            .OrderByDescending(v => v.Count()).ThenBy(v => v.Key, StringComparer.Ordinal).Take(50).Select(v => $"{v.Key}:{v.Count()}"));
    }
}
