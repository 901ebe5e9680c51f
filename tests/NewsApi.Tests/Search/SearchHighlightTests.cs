using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NewsApi.Tests.Samples;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Search;

public sealed partial class SearchHighlightTests(SampleContentTests.Samples samples) : IClassFixture<SampleContentTests.Samples>
{
    [Theory]
    [InlineData("Garantie", "garantie")]
    [InlineData("\"Koalition der Willigen\" Paris", "koalition der willigen|paris")]
    [InlineData("Waffenstillst*", "waffenstillst")]
    [InlineData("Fussball", "fußb[aä]ll")]
    [InlineData("Januar", "jänner|januar")]
    [InlineData("Paris -Genf", "paris")]
    public async Task Highlights_say_where_in_the_text_of_the_document_it_stands(string query, string pattern)
    {
        var hits = await samples.Api.Anonymous.Walk($"/v1/articles?{Searching.Q(query)}&highlight=true&view=full");
        Assert.NotEmpty(hits);
        foreach (var hit in hits)
        {
            Check(hit, hit["highlights"]!.AsArray(), pattern);
            Assert.Equal(Shown(hit).Any(text => Regex.IsMatch(text, pattern, RegexOptions.IgnoreCase)), hit["highlights"]!.AsArray().Count > 0);
        }

        // The same with bodies left out, and in the search.
        var summaries = await samples.Api.Anonymous.Walk($"/v1/articles?{Searching.Q(query)}&highlight=true");
        Assert.All(summaries, s => Assert.Null(s["body"]));
        Assert.Equal(hits.Select(h => h["highlights"]!.ToJsonString()), summaries.Select(s => s["highlights"]!.ToJsonString()));
        var found = (await samples.Api.Anonymous.Walk($"/v1/search?{Searching.Q(query)}&highlight=true&types=article")).ToDictionary(h => h.Found().Id(), h => h["highlights"]!);
        foreach (var hit in hits) Sending.Same(hit["highlights"], found[hit.Id()]);
    }

    [Fact]
    public async Task Highlights_are_there_only_where_they_were_asked_for()
    {
        foreach (var address in (string[])["/v1/articles?q=Paris", "/v1/articles?q=Paris&highlight=false", "/v1/articles?q=Paris&view=full"])
            Assert.All((await samples.Api.Anonymous.GetObject(address)).Items(), a => Assert.Null(a["highlights"]));
        Assert.All((await samples.Api.Anonymous.GetObject("/v1/search?q=Paris")).Items(), h => Assert.Null(h["highlights"]));
    }

    [Fact]
    public async Task Four_places_are_shown_the_headline_before_the_body()
    {
        await using var api = new Api();
        var blocks = string.Join(',', Enumerable.Range(1, 6).Select(i => $$"""{"type":"paragraph","text":"{{(i == 1 ? "Nichts davon." : $"Der Gipfel, Absatz {i}.")}}"}"""));
        await api.Article("Gipfel in Paris", $$""","body":[{{blocks}}]""");

        var highlights = (await api.Anonymous.Walk("/v1/articles?q=Gipfel&highlight=true")).Single()["highlights"]!.AsArray();

        Assert.Equal(
            ["headline", "body 1", "body 2", "body 3"],
            highlights.Select(h => h!["block"] is { } block ? $"{h.Text("field")} {block}" : h.Text("field")));
    }

    [Fact]
    public async Task People_and_events_are_highlighted_in_the_search()
    {
        var hits = await samples.Api.Anonymous.Walk("/v1/search?q=Paris&highlight=true&types=event,person");
        Assert.NotEmpty(hits);
        foreach (var hit in hits) Check(hit.Found(), hit["highlights"]!.AsArray(), "paris");
        Assert.Contains(hits, h => h["highlights"]!.AsArray().Any(p => p!.Text("field") == "title"));
    }

    [Fact]
    public async Task The_other_spellings_of_who_is_asked_for_are_marked_and_those_of_who_is_left_out_are_not()
    {
        await using var api = new Api();
        var named = await api.Person("Wolodymyr Selenskyj", ""","familyName":"Selenskyj","names":[{"value":"Volodymyr Zelensky"},{"value":"Selenskyj"}]""");
        await api.Person("Wladimir Putin", ""","familyName":"Putin","names":[{"value":"Vladimir Poutine"},{"value":"Poutine"}]""");
        await api.Article("Selenskyj in Paris, Moskau über Poutine", $$""","people":[{ "id": "{{named.Id()}}" }]""");

        var marked = (await api.Anonymous.Walk("/v1/articles?q=Zelensky&highlight=true")).Single()["highlights"]![0]!.Text("html");
        Assert.Equal("<mark>Selenskyj</mark> in Paris, Moskau über Poutine", marked);
        marked = (await api.Anonymous.Walk("/v1/search?q=Zelensky+-Kreml+-(Putin+Bonn)&highlight=true&types=article")).Single()["highlights"]![0]!.Text("html");
        Assert.Equal("<mark>Selenskyj</mark> in Paris, Moskau über Poutine", marked);
    }

    [Fact]
    public async Task Markup_in_a_text_comes_out_as_text()
    {
        await using var api = new Api();
        await api.Article("Wenn <b>Genf</b> & \"Paris\" > 'Rom'", ""","body":[{"type":"paragraph","text":"<script>alert('Genf')</script> & Genf"},{"type":"paragraph","html":"<p>In <b>Genf</b> &amp; Rom</p>"}]""");

        var article = (await api.Anonymous.Walk("/v1/articles?q=Genf&highlight=true&view=full")).Single();

        Check(article, article["highlights"]!.AsArray(), "genf");
        var html = article["highlights"]!.AsArray().Select(h => h!.Text("html")).ToList();
        Assert.Equal("Wenn &lt;b&gt;<mark>Genf</mark>&lt;/b&gt; &amp; &quot;Paris&quot; &gt; &#39;Rom&#39;", html[0]);
        Assert.All(html, h => Assert.DoesNotMatch("<(?!/?mark>)", h));
        Assert.Equal(3, html.Count);
    }

    [Fact]
    public async Task Places_are_counted_in_UTF_16_units()
    {
        await using var api = new Api();
        await api.Article("🙂🙂 Ä̈ „Genf“");

        var highlight = (await api.Anonymous.Walk("/v1/articles?q=Genf&highlight=true")).Single()["highlights"]![0]!;

        Assert.Equal("🙂🙂 Ä̈ „Genf“".IndexOf("Genf", StringComparison.Ordinal), highlight["matches"]![0]!.Int("start"));
        Assert.Equal("🙂🙂 Ä̈ „<mark>Genf</mark>“", highlight.Text("html"));
    }

    /// <summary>The texts that are shown with marks in them; tags and captions are found, but not shown.</summary>
    private static IEnumerable<string> Shown(JsonNode article) =>
        ((string[])["headline", "kicker", "subhead", "teaser"]).Select(member => article[member]).Concat(article["body"]!.AsArray().Select(block => block!["text"]))
            .OfType<JsonNode>().Select(text => text.GetValue<string>());

    /// <summary>Every place holds what was searched for, and the HTML says the same as the places do.</summary>
    private static void Check(JsonNode document, JsonArray highlights, string pattern)
    {
        foreach (var highlight in highlights)
        {
            var text = highlight!["block"] is { } block ? document["body"]![block.GetValue<int>()]!.Text("text") : document.Text(highlight.Text("field"));
            var html = highlight.Text("html");
            var start = highlight.Int("start");
            var plain = WebUtility.HtmlDecode(Mark().Replace(html, ""));
            Assert.Equal(start > 0, plain.StartsWith('…') && !text[start..].StartsWith('…'));
            if (start > 0) plain = plain[1..];
            var continues = !text[start..].EndsWith(plain, StringComparison.Ordinal);
            if (continues) Assert.EndsWith("…", plain, StringComparison.Ordinal);
            Assert.StartsWith(continues ? plain[..^1] : plain, text[start..], StringComparison.Ordinal);
            var marked = Marked().Matches(html).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value));
            var matches = highlight["matches"]!.AsArray().Select(m => text.Substring(m!.Int("start"), m!.Int("length"))).ToList();
            Assert.Equal(matches, marked);
            Assert.NotEmpty(matches);
            Assert.All(matches, m => Assert.Matches($"(?i){pattern}", m));
        }
    }

    [GeneratedRegex("</?mark>")]
    private static partial Regex Mark();

    [GeneratedRegex("<mark>(.*?)</mark>")]
    private static partial Regex Marked();
}
