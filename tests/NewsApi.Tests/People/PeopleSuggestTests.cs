using System.Net;
using NewsApi.Tests.Samples;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.People;

/// <summary>What a search box shows while somebody types.</summary>
public sealed class PeopleSuggestTests(SampleContentTests.Samples samples) : IClassFixture<SampleContentTests.Samples>, IAsyncDisposable
{
    private Api? _own;

    /// <summary>For tests that write.</summary>
    private Api Own => _own ??= new Api();

    [Theory]
    [InlineData("Umje", "rustem-umjerow", "Rustem Umjerow")]
    [InlineData("umer", "rustem-umjerow", "Rustem Umerow")]
    [InlineData("rust", "rustem-umjerow", "Rustem Umjerow")]
    [InlineData("зел", "wolodymyr-selenskyj", "Wolodymyr Selenskyj")]
    [InlineData("sel", "wolodymyr-selenskyj", "Wolodymyr Selenskyj")]
    [InlineData("zel", "wolodymyr-selenskyj", "Volodymyr Zelenskyy")]
    [InlineData("selenskyj w", "wolodymyr-selenskyj", "Wolodymyr Selenskyj")]
    [InlineData("ÜMER", "rustem-umjerow", "Rustem Umerow")]
    [InlineData("умк", null, null)]
    [InlineData("elenskyj", null, null)]
    public async Task The_beginning_of_any_word_of_a_name_suggests_the_person(string typed, string? slug, string? matched)
    {
        var list = await samples.Api.Anonymous.GetObject($"/v1/people/suggest?q={Uri.EscapeDataString(typed)}");

        if (slug is null)
        {
            Assert.Empty(list["items"]!.AsArray());
            return;
        }

        var person = Assert.Single(list["items"]!.AsArray())!;
        Assert.Equal(slug, person.Text("slug"));
        Assert.Equal(matched, person.Text("matched"));
    }

    [Fact]
    public async Task The_offices_are_those_held_now()
    {
        var list = await samples.Api.Anonymous.GetObject("/v1/people/suggest?q=umje");

        Assert.Equal(["Sekretär"], list["items"]![0]!["offices"]!.AsArray().Select(o => o!.Text("title")));
    }

    [Fact]
    public async Task Those_in_the_news_come_first_and_then_the_alphabet()
    {
        var ids = new Dictionary<string, string>();
        foreach (var name in (string[])["Zangerl", "Aigner", "Berger", "Moser"])
            ids[$"Xaver {name}"] = (await Own.Person($"Xaver {name}", $",\"familyName\":\"{name}\"")).Id();

        await Own.Article("Eins", $$""","people":[{"id":"{{ids["Xaver Moser"]}}"},{"id":"{{ids["Xaver Zangerl"]}}"}]""");
        await Own.Article("Zwei", $$""","people":[{"id":"{{ids["Xaver Zangerl"]}}"}]""");

        var list = await Own.Anonymous.GetObject("/v1/people/suggest?q=xav");
        Assert.Equal(["Xaver Zangerl", "Xaver Moser", "Xaver Aigner", "Xaver Berger"], list.Each("name"));

        await Own.Article("Drei", $$""","people":[{"id":"{{ids["Xaver Berger"]}}"}]""");
        await Own.Article("Vier", $$""","people":[{"id":"{{ids["Xaver Berger"]}}"}]""");
        await Own.Article("Fünf", $$""","people":[{"id":"{{ids["Xaver Berger"]}}"}]""");

        list = await Own.Anonymous.GetObject("/v1/people/suggest?q=xav&limit=2");
        Assert.Equal(["Xaver Berger", "Xaver Zangerl"], list.Each("name"));
    }

    [Fact]
    public async Task Nobody_is_suggested_who_is_not_public()
    {
        await Own.Person("Quirin Geheim", ""","visibility":"internal" """);
        var open = await Own.Person("Quirin Offen");

        Assert.Equal(["Quirin Offen"], (await Own.Anonymous.GetObject("/v1/people/suggest?q=quir")).Each("name"));
        Assert.Equal(["Quirin Geheim", "Quirin Offen"], (await Own.Editor.GetObject("/v1/people/suggest?q=quir&perspective=preview")).Each("name").Order());
        Assert.Equal(HttpStatusCode.Unauthorized, await Own.Anonymous.StatusOf("/v1/people/suggest?q=quir&perspective=preview"));

        await Own.Editor.PatchJson($"/v1/people/{open.Id()}", """{"visibility":"internal"}""").Answers();
        Assert.Empty((await Own.Anonymous.GetObject("/v1/people/suggest?q=quir")).Each("name"));
    }

    [Fact]
    public async Task A_new_name_is_suggested_at_once()
    {
        var person = await Own.Person("Wenzel Alt");
        Assert.Single((await Own.Anonymous.GetObject("/v1/people/suggest?q=wenz")).Each("name"));

        await Own.Editor.PatchJson($"/v1/people/{person.Id()}", """{"name":"Ottokar Neu"}""").Answers();

        Assert.Equal(["Ottokar Neu"], (await Own.Anonymous.GetObject("/v1/people/suggest?q=ottok")).Each("name"));
    }

    [Theory]
    [InlineData("", "q")]
    [InlineData("?q=", "q")]
    [InlineData("?q=a&limit=0", "limit")]
    [InlineData("?q=a&limit=51", "limit")]
    [InlineData("?q=a&perspective=x", "perspective")]
    [InlineData("?q=a&quer=b", "quer")]
    public async Task Bad_parameters_are_named(string query, string parameter)
    {
        var problem = await samples.Api.Anonymous.Get($"/v1/people/suggest{query}").IsRefused(400, "invalidParameter");

        Assert.Contains(parameter, problem["errors"]!.AsArray().Select(e => e!.Text("parameter")));
    }

    [Fact]
    public async Task No_list_can_be_asked_for_the_rows_of_names()
    {
        await samples.Api.Anonymous.Get("/v1/people?name=selenski").IsRefused(400, "invalidParameter");
        await samples.Api.Anonymous.Get("/v1/people?namePrefix=sel").IsRefused(400, "invalidParameter");
    }

    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
