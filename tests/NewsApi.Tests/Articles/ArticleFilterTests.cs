using NewsApi.Tests.Support;

namespace NewsApi.Tests.Articles;

public sealed class ArticleFilterTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Theory]
    [InlineData("topic=medtop:11000000", "Wien")]
    [InlineData("topic=11000000", "Wien")]
    [InlineData("topic=16000000", "Kiew")]
    [InlineData("topic=MedTop:16000000", "Kiew")]
    [InlineData("topic=11000000,16000000", "Kiew,Wien")]
    [InlineData("place=wien", "Wien")]
    [InlineData("place=KOELN&place=Kiew", "Kiew,Wien")]
    [InlineData("place=Köln", "Wien")]
    [InlineData("place=Ko%CC%88ln", "Wien")]
    [InlineData("place=köln%20", "Wien")]
    [InlineData("place=Koln", "")]
    [InlineData(@"place=Frankfurt\, Oder", "Kiew")]
    [InlineData("place=Frankfurt, Oder", "")]
    [InlineData("source=apa", "Wien")]
    [InlineData("source=REUTERS", "Kiew,Wien")]
    [InlineData("source=reuters&source=apa", "Kiew,Wien")]
    [InlineData("language=de", "Kiew,Wien")]
    [InlineData("language=de-AT", "Wien")]
    [InlineData("language=DE-at", "Wien")]
    [InlineData("language=it", "Roma")]
    [InlineData("language=de-CH", "")]
    [InlineData("genre=ANALYSE", "Wien")]
    [InlineData("genre=kurzgrösse", "Kiew")]
    [InlineData("externalId=apa:APA0042", "Wien")]
    [InlineData("externalId=apa:apa0042", "")]
    [InlineData("externalId=APA0042:apa", "")]
    [InlineData("externalId=dpa:urn:newsml:1,apa:APA0042", "Kiew,Wien")]
    [InlineData("corrected=true", "")]
    [InlineData("language=de&source=reuters&place=wien", "Wien")]
    [InlineData("language=de&source=apa&place=kiew", "")]
    public async Task Articles_are_found_by_what_they_are_about_and_come_from(string query, string headlines)
    {
        await _api.Article("Wien", """
            ,"topics":["medtop:11000000"],"places":[{"name":"Wien"},{"name":"Köln"}],"sources":[{"name":"APA"},{"name":"Reuters"}],"language":"de-AT",
            "genre":"Analyse","externalIds":[{"source":"apa","value":"APA0042"}]
            """);
        await _api.Article("Kiew", """
            ,"topics":["16000000"],"places":[{"name":"Kiew"},{"name":"Frankfurt, Oder"}],"sources":[{"name":"Reuters","role":"agency"},{"name":"Reuters","role":"photo"}],
            "genre":"Kurzgröße","externalIds":[{"source":"dpa","value":"urn:newsml:1"}]
            """);
        await _api.Article("Roma", ""","language":"it" """);

        var page = await _api.Anonymous.GetObject($"/v1/articles?{query}");

        Assert.Equal(headlines.Split(',', StringSplitOptions.RemoveEmptyEntries), page.Each("headline").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_name_too_long_for_an_index_is_found_all_the_same()
    {
        var name = string.Concat(Enumerable.Repeat("Ґудермес ", 33));
        var id = string.Concat(Enumerable.Range(0, 500).Select(i => (char)('ก' + i % 40)));
        await _api.Article("Lang", $$""","places":[{"name":"{{name}}"}],"externalIds":[{"source":"x","value":"{{id}}"}]""");
        await _api.Article("Anders", $$""","places":[{"name":"{{name}}2"}],"externalIds":[{"source":"x","value":"{{id[1..]}}"}]""");

        foreach (var query in (string[])[$"place={Uri.EscapeDataString(name)}", $"externalId=x:{Uri.EscapeDataString(id)}"])
            Assert.Equal(["Lang"], (await _api.Anonymous.GetObject($"/v1/articles?{query}")).Each("headline"));
    }

    [Fact]
    public async Task A_filter_follows_what_is_written()
    {
        var article = await _api.Article("Bericht", ""","places":[{"name":"Wien"}],"genre":"report" """);
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"places":[{"name":"Graz"}]}""").Answers();
        Assert.Equal(["Bericht"], await Headlines(_api.Anonymous, "place=wien"));
        Assert.Empty(await Headlines(_api.Anonymous, "place=graz"));
        Assert.Empty(await Headlines(_api.Editor, "place=wien&perspective=preview"));
        Assert.Equal(["Bericht"], await Headlines(_api.Editor, "place=graz&perspective=preview"));

        await _api.Editor.Publish(article.Id()).Answers();
        Assert.Empty(await Headlines(_api.Anonymous, "place=wien"));
        Assert.Equal(["Bericht"], await Headlines(_api.Anonymous, "place=graz&genre=report"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static async Task<string[]> Headlines(HttpClient client, string query) => (await client.GetObject($"/v1/articles?{query}")).Each("headline");
}
