using NewsApi.Tests.Support;

namespace NewsApi.Tests.People;

public sealed class PersonFilterTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Theory]
    [InlineData("country=UA", "Andrij Jermak,Rustem Umjerow")]
    [InlineData("country=ua", "Andrij Jermak,Rustem Umjerow")]
    [InlineData("country=US,UA", "Andrij Jermak,Marco Rubio,Rustem Umjerow")]
    [InlineData("country=FR", "")]
    [InlineData("office=aussenminister", "Marco Rubio")]
    [InlineData("office=Außenminister&country=UA", "")]
    [InlineData(@"office=Sekretär\, Nationaler Sicherheitsrat", "Rustem Umjerow")]
    [InlineData("office=Sekretär, Nationaler Sicherheitsrat", "")]
    [InlineData("externalId=wikidata:Q7747", "Andrij Jermak")]
    [InlineData("externalId=wikidata:Q7747,wikidata:Q1", "Andrij Jermak,Marco Rubio")]
    [InlineData("externalId=viaf:Q7747", "")]
    [InlineData("externalId=wikidata:Q1&country=UA", "")]
    public async Task People_are_found_by_office_country_and_external_id(string query, string names)
    {
        await _api.Person("Marco Rubio", ""","offices":[{"title":"Außenminister","country":"US"}],"externalIds":[{"source":"wikidata","value":"Q1"}]""");
        await _api.Person("Rustem Umjerow", ""","offices":[{"title":"Sekretär, Nationaler Sicherheitsrat","country":"UA"},{"title":"Minister","country":"UA","to":"2025"}]""");
        await _api.Person("Andrij Jermak", ""","offices":[{"title":"Leiter des Präsidialamts","country":"UA"}],"externalIds":[{"source":"wikidata","value":"Q7747"}]""");
        await _api.Person("Ohne Amt");

        var page = await _api.Anonymous.GetObject($"/v1/people?{query}");

        Assert.Equal(names.Split(',', StringSplitOptions.RemoveEmptyEntries), page.Each("name").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Who_is_internal_is_found_by_the_newsroom_alone()
    {
        await _api.Person("Geheime Quelle", ""","visibility":"internal","offices":[{"title":"Minister","country":"UA"}]""");

        Assert.Empty((await _api.Anonymous.GetObject("/v1/people?country=UA"))["items"]!.AsArray());
        Assert.Equal(["Geheime Quelle"], (await _api.Editor.GetObject("/v1/people?country=UA&office=minister&perspective=preview")).Each("name"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
