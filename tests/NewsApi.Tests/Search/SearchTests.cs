using System.Text.RegularExpressions;
using NewsApi.Tests.Samples;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Search;

/// <summary>What somebody finds in the sample content; what is right, the texts themselves say.</summary>
public sealed class SearchTests(SampleContentTests.Samples samples) : IClassFixture<SampleContentTests.Samples>
{
    [Theory]
    [InlineData("Garantie", "garantien?\\b")]
    [InlineData("garantien", "garantien?\\b")]
    [InlineData("Sicherheitsgarantie", "sicherheitsgarantien?\\b|sicherheit.*garantien?\\b|garantien?\\b.*sicherheit")]
    [InlineData("\"Koalition der Willigen\"", "koalition der willigen")]
    [InlineData("\"der Willigen Koalition\"", "der willigen koalition")]
    [InlineData("Waffenstillst*", "\\bwaffenstillst")]
    [InlineData("Fussball", "\\bfußb[aä]ll")]
    [InlineData("Fußball", "\\bfußb[aä]ll")]
    [InlineData("FUSSBALL", "\\bfußb[aä]ll")]
    [InlineData("Jänner", "\\bjänner|\\bjanuar")]
    [InlineData("Jaenner", "\\bjänner|\\bjanuar")]
    [InlineData("Januar", "\\bjänner|\\bjanuar")]
    public async Task A_query_finds_the_texts_that_say_it_in_any_form(string query, string pattern)
    {
        var expected = (await Articles()).Where(a => Regex.IsMatch(Searching.TextOf(a), pattern, RegexOptions.IgnoreCase | RegexOptions.Singleline)).Select(a => a.Text("headline"));

        Assert.Equal(expected.Order(), (await samples.Api.Anonymous.Headlines($"/v1/articles?{Searching.Q(query)}")).Order());
    }

    [Theory]
    [InlineData("Paris OR Genf", "Paris", "Genf", "or")]
    [InlineData("Paris ODER Genf", "Paris", "Genf", "or")]
    [InlineData("Paris Genf", "Paris", "Genf", "and")]
    [InlineData("Paris AND Genf", "Paris", "Genf", "and")]
    [InlineData("Paris -Genf", "Paris", "Genf", "not")]
    [InlineData("Paris NOT Genf", "Paris", "Genf", "not")]
    [InlineData("Paris NICHT Genf", "Paris", "Genf", "not")]
    [InlineData("(Genf OR Berlin) Paris", "Genf OR Berlin", "Paris", "and")]
    [InlineData("Paris -(Genf OR Berlin)", "Paris", "Genf OR Berlin", "not")]
    [InlineData("Paris (Genf Berlin)", "Paris Genf", "Berlin", "and")]
    [InlineData("Umerow -Putin", "Umerow", "Putin", "not")]
    [InlineData("Waffenstillst* -\"Koalition der Willigen\"", "Waffenstillst*", "\"Koalition der Willigen\"", "not")]
    public async Task Operators_combine_what_their_parts_find(string query, string left, string right, string with)
    {
        var (a, b) = (await Ids(left), await Ids(right));
        Assert.NotEmpty(a);
        Assert.NotEmpty(b);
        var expected = with switch { "or" => a.Union(b), "and" => a.Intersect(b), _ => a.Except(b) };

        Assert.Equal(expected.Order(), (await Ids(query)).Order());
    }

    [Fact]
    public async Task The_search_ranks_articles_people_and_events_together()
    {
        var hits = await samples.Api.Anonymous.Walk($"/v1/search?{Searching.Q("Paris")}&limit=7");

        Assert.Superset(new HashSet<string> { "article", "event" }, hits.Select(h => h.Text("type")).ToHashSet());
        Assert.All(hits, h => Assert.Single(new[] { "article", "person", "event" }, member => h[member] is not null));
        Assert.All(hits, h => Assert.InRange(h["score"]!.GetValue<double>(), 0.001, 1));
        Assert.Equal(hits.Select(h => h["score"]!.GetValue<double>()).OrderDescending(), hits.Select(h => h["score"]!.GetValue<double>()));
        Assert.Distinct(hits.Select(h => h.Found().Id()));
        Assert.All(hits, h => Assert.Null(h.Found()["body"]));
        foreach (var type in (string[])["article", "person", "event"])
        {
            var ofType = await samples.Api.Anonymous.Ids($"/v1/search?{Searching.Q("Paris")}&types={type}");
            Assert.Equal(hits.Where(h => h.Text("type") == type).Select(h => h.Found().Id()).Order(), ofType.Order());
        }

        Assert.Equal(
            (await samples.Api.Anonymous.Ids($"/v1/articles?{Searching.Q("Paris")}")).Order(),
            hits.Where(h => h.Text("type") == "article").Select(h => h.Found().Id()).Order());
    }

    [Theory]
    [InlineData("Zelensky", "wolodymyr-selenskyj")]
    [InlineData("Zelenskyy", "wolodymyr-selenskyj")]
    [InlineData("Зеленський", "wolodymyr-selenskyj")]
    [InlineData("Wolodymyr Selenskyj", "wolodymyr-selenskyj")]
    [InlineData("\"Volodymyr Zelensky\"", "wolodymyr-selenskyj")]
    [InlineData("Selenskyjs", "wolodymyr-selenskyj")]
    [InlineData("Poutine", "wladimir-putin")]
    [InlineData("Steven Witkoff", "steve-witkoff")]
    public async Task A_name_finds_what_is_linked_to_the_person_however_it_is_spelled_there(string name, string person)
    {
        var linked = await samples.Api.Anonymous.Ids($"/v1/articles?person={person}");
        Assert.NotEmpty(linked);

        foreach (var sort in (string[])["publishedAt", "relevance", "updatedAt"])
        {
            var found = await samples.Api.Anonymous.Ids($"/v1/articles?{Searching.Q(name)}&sort={sort}");
            Assert.Superset(linked.ToHashSet(), found.ToHashSet());
        }

        var page = await samples.Api.Anonymous.GetObject($"/v1/articles?{Searching.Q(name)}&explain=true");
        Assert.Equal(person, page["explain"]!["people"]![0]!["person"]!.Text("slug"));
        Assert.Equal(name.Trim('"'), page["explain"]!["people"]![0]!.Text("text"));
        var hits = await samples.Api.Anonymous.GetObject($"/v1/search?{Searching.Q(name)}&explain=true");
        Assert.Equal(person, hits.Items()[0]["person"]!.Text("slug"));
        Sending.Same(page["explain"], hits["explain"]);
    }

    [Fact]
    public async Task A_name_beside_other_words_narrows_to_what_says_both()
    {
        var linked = await samples.Api.Anonymous.Ids("/v1/articles?person=wolodymyr-selenskyj");
        var paris = await Ids("Paris");

        Assert.Superset(linked.Intersect(paris).ToHashSet(), (await Ids("Zelensky Paris")).ToHashSet());
        Assert.Superset((await Ids("Zelensky Paris")).ToHashSet(), paris.ToHashSet());
        Assert.Equal(paris.Except(await Ids("Zelensky")).Order(), (await Ids("Paris -Zelensky")).Order());
        Assert.Null((await samples.Api.Anonymous.GetObject("/v1/articles?q=Zelensky"))["explain"]);
        Assert.Empty((await samples.Api.Anonymous.GetObject("/v1/articles?q=Waffenstillstand&explain=true"))["explain"]!["people"]!.AsArray());
    }

    [Fact]
    public async Task People_and_events_have_a_search_of_their_own()
    {
        Assert.Equal(["Rustem Umjerow"], (await samples.Api.Anonymous.GetObject($"/v1/people?{Searching.Q("Umerow")}")).Each("name"));
        Assert.Equal(["Emmanuel Macron"], (await samples.Api.Anonymous.GetObject($"/v1/people?{Searching.Q("Emanuel")}")).Each("name"));
        var events = (await samples.Api.Anonymous.GetObject($"/v1/events?{Searching.Q("Paris")}")).Items();
        Assert.NotEmpty(events);
        Assert.All(events, e => Assert.Contains("Paris", e.ToJsonString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_searched_for_in_vain_is_an_empty_page()
    {
        foreach (var address in (string[])["/v1/search?q=Quastenflosser", "/v1/articles?q=Quastenflosser", "/v1/people?q=Quastenflosser", "/v1/events?q=Quastenflosser"])
        {
            var page = await samples.Api.Anonymous.GetObject(address);
            Assert.Empty(page.Items());
            Assert.Null(page["nextCursor"]);
        }
    }

    private Task<string[]> Ids(string query) => samples.Api.Anonymous.Ids($"/v1/articles?{Searching.Q(query)}");

    private async Task<List<System.Text.Json.Nodes.JsonNode>> Articles() => await samples.Api.Anonymous.Walk("/v1/articles?view=full");
}
