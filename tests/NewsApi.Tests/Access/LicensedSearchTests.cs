using NewsApi.Access;
using NewsApi.Tests.Search;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Access;

/// <summary>A search tells nothing of a text that the reader's licence does not show.</summary>
public sealed class LicensedSearchTests : IAsyncDisposable
{
    private const string Teaser = """{"sources":[{"name":"APA","level":"teaser"},{"name":"dpa","level":"metadata"},{"name":"*","level":"full"}]}""";

    private readonly Api _api = new();

    [Theory]
    [InlineData("geheimnis", "Reuters")]
    [InlineData("geheimn*", "Reuters")]
    [InlineData("\"ein geheimnis steht\"", "Reuters")]
    [InlineData("Staatsgeheimnis", "Reuters")]
    [InlineData("Staat", "Reuters")]
    [InlineData("bildzeile", "Reuters")]
    [InlineData("kreuzkopf", "Reuters")]
    [InlineData("vorspann", "APA Reuters")]
    [InlineData("vorsp*", "APA Reuters")]
    [InlineData("\"vorspann zum\"", "APA Reuters")]
    [InlineData("unterzeile", "APA Reuters")]
    [InlineData("titel", "APA Reuters dpa")]
    [InlineData("tit*", "APA Reuters dpa")]
    [InlineData("\"der titel\"", "APA Reuters dpa")]
    [InlineData("dachzeile", "APA Reuters dpa")]
    [InlineData("stichwort", "APA Reuters dpa")]
    [InlineData("titel geheimnis", "Reuters")]
    [InlineData("titel -geheimnis", "APA dpa")]
    [InlineData("titel -vorspann", "dpa")]
    [InlineData("titel OR geheimnis", "APA Reuters dpa")]
    [InlineData("(titel -geheimnis) OR (dachzeile -vorspann)", "APA dpa")]
    public async Task An_article_is_found_by_what_is_shown_of_it(string query, string found)
    {
        await FillAsync();
        using var partner = await Partner(Teaser);

        foreach (var address in (string[])[$"/v1/articles?{Searching.Q(query)}", $"/v1/articles?sort=relevance&{Searching.Q(query)}", $"/v1/articles?sort=updatedAt&{Searching.Q(query)}", $"/v1/articles?perspective=preview&{Searching.Q(query)}"])
        {
            Assert.Equal(found, string.Join(' ', (await partner.Walk(address)).Select(Source).Order(StringComparer.Ordinal)));
            Assert.Equal(found.Split(' ').Length, (await partner.GetObject($"{address}&count=exact")).Int("total"));
        }

        Assert.Equal(found, string.Join(' ', (await partner.Walk($"/v1/search?types=article&{Searching.Q(query)}")).Select(hit => Source(hit.Found())).Order(StringComparer.Ordinal)));
    }

    /// <summary>Two databases that differ only in what is not shown answer alike, ranks included.</summary>
    [Theory]
    [InlineData("titel OR geheimnis")]
    [InlineData("titel OR vorspann OR geheimnis OR Staatsgeheimnis")]
    [InlineData("titel OR geheim*")]
    [InlineData("dachzeile OR \"ein geheimnis\"")]
    public async Task Neither_order_nor_score_nor_places_tell_of_the_text(string query)
    {
        await using var other = new Api();
        await FillAsync();
        await FillAsync(other, "Nichts davon.");

        foreach (var address in (string[])[$"/v1/search?types=article&highlight=true&explain=true&{Searching.Q(query)}", $"/v1/articles?sort=relevance&highlight=true&explain=true&facets=section,tag,source&{Searching.Q(query)}"])
        {
            using var here = await Partner("""{"sources":[{"name":"*","level":"teaser"}]}""");
            using var there = await other.Holder([Scopes.Read], ""","licence":{"sources":[{"name":"*","level":"teaser"}]}""");
            Assert.Equal(Said(await there.GetObject(address)), Said(await here.GetObject(address)));
        }

        static string Said(System.Text.Json.Nodes.JsonNode page) => System.Text.RegularExpressions.Regex.Replace(
            page.ToJsonString(), "\"(id|updatedAt|createdAt|wordCount)\":(\"[^\"]*\"|[0-9]+)", "");
    }

    [Fact]
    public async Task Related_articles_share_what_is_shown_of_both()
    {
        await _api.Article("Verkehrsminister", ""","sources":[{"name":"dpa"}],"teaser":"Autobahnbrückenneubau" """);
        await _api.Article("Gemeinderat", ""","sources":[{"name":"Reuters"}],"body":[{"type":"paragraph","text":"Autobahnbrückenneubau"}]""");
        await _api.Article("Landesregierung", ""","sources":[{"name":"APA"}],"body":[{"type":"paragraph","text":"Autobahnbrückenneubau"}]""");
        var ids = (await _api.Anonymous.Walk("/v1/articles")).ToDictionary(Source, a => a.Id());

        Assert.Equal(2, (await _api.Anonymous.GetObject($"/v1/articles/{ids["dpa"]}/related")).Items().Count);
        using var teaser = await Partner("""{"sources":[{"name":"APA","level":"teaser"},{"name":"*","level":"full"}]}""");
        Assert.Equal(["Gemeinderat"], (await teaser.GetObject($"/v1/articles/{ids["dpa"]}/related")).Each("headline"));
        using var metadata = await Partner("""{"sources":[{"name":"dpa","level":"metadata"},{"name":"*","level":"full"}]}""");
        Assert.Empty((await metadata.GetObject($"/v1/articles/{ids["dpa"]}/related")).Items());
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private Task FillAsync() => FillAsync(_api, "Ein Geheimnis steht im Text, ein Staatsgeheimnis.");

    private static async Task FillAsync(Api api, string text)
    {
        foreach (var (source, hour) in ((string, int)[])[("APA", 1), ("dpa", 2), ("Reuters", 3)])
        {
            await api.Article(
                $"Der Titel von {source}",
                $$"""
                ,"kicker":"Dachzeile","subhead":"Unterzeile","teaser":"Vorspann zum Text","tags":["Stichwort"],"sources":[{"name":"{{source}}"}],"slug":"titel-{{source.ToLowerInvariant()}}",
                "body":[{"type":"paragraph","text":"{{text}}"},{"type":"crosshead","text":"{{(text[0] == 'E' ? "Kreuzkopf" : "Anderes")}}"}],
                "images":[{"url":"https://example.org/1.jpg","alt":"Bild","caption":"Bildzeile"}]
                """,
                $"2026-01-06T1{hour}:00:00Z");
        }
    }

    private Task<HttpClient> Partner(string licence) => _api.Holder([Scopes.Read, Scopes.Preview], $",\"licence\":{licence}");

    private static string Source(System.Text.Json.Nodes.JsonNode article) => article["sources"]![0]!.Text("name");
}
