using NewsApi.Tests.Support;

namespace NewsApi.Tests.Search;

/// <summary>What stands before what, where somebody asks for the best first.</summary>
public sealed class RelevanceTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task The_word_itself_stands_before_its_parts()
    {
        await _api.Article("Garantien für die Sicherheit verlangt", at: "2026-01-03T08:00:00Z");
        await _api.Article("Sicherheitsgarantien verlangt", at: "2026-01-02T08:00:00Z");
        await _api.Article("Garantien verlangt", at: "2026-01-01T08:00:00Z");

        Assert.Equal(["Sicherheitsgarantien verlangt", "Garantien für die Sicherheit verlangt"], await Ranked("Sicherheitsgarantie"));
        Assert.Equal("Sicherheitsgarantien verlangt", (await Ranked("Garantie"))[^1]);
        Assert.Equal(3, (await Ranked("Garantie")).Length);
    }

    [Fact]
    public async Task The_headline_stands_before_the_body_and_the_body_before_nothing()
    {
        await _api.Article("Bericht", ""","body":[{"type":"paragraph","text":"In Genf wird verhandelt."}]""", "2026-01-03T08:00:00Z");
        await _api.Article("Verhandlungen in Genf", at: "2026-01-01T08:00:00Z");
        await _api.Article("Anriss", ""","teaser":"In Genf wird verhandelt." """, "2026-01-02T08:00:00Z");

        Assert.Equal(["Verhandlungen in Genf", "Anriss", "Bericht"], await Ranked("Genf"));
    }

    [Fact]
    public async Task Of_two_alike_the_newer_stands_first_but_a_better_answer_stays_before_a_newer_one()
    {
        await _api.Article("Gipfel in Genf", at: "2024-01-01T08:00:00Z");
        await _api.Article("Gipfel in Genf", at: "2026-01-01T08:00:00Z");
        await _api.Article("Notizen", ""","body":[{"type":"paragraph","text":"Der Gipfel ist vorbei."}]""", "2026-01-02T08:00:00Z");

        var page = (await _api.Anonymous.GetObject("/v1/articles?q=Gipfel&sort=relevance")).Items();

        Assert.Equal(["2026-01-01T08:00:00.000Z", "2024-01-01T08:00:00.000Z", "2026-01-02T08:00:00.000Z"], page.Select(a => a.Text("publishedAt")));
    }

    [Fact]
    public async Task Words_that_say_nothing_do_not_decide()
    {
        await _api.Article("Die Wahl und die Kür und die Pflicht", at: "2026-01-02T08:00:00Z");
        await _api.Article("Pflicht", ""","body":[{"type":"paragraph","text":"Und so die Wahl."}]""", "2026-01-02T08:00:00Z");
        await _api.Article("Und und und die die die", ""","body":[{"type":"paragraph","text":"Pflicht der Wahl"}]""", "2026-01-03T08:00:00Z");

        Assert.Equal("Und und und die die die", (await Ranked("die Pflicht und die Wahl"))[^1]);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private Task<string[]> Ranked(string query) => _api.Anonymous.Headlines($"/v1/articles?{Searching.Q(query)}&sort=relevance&limit=1");
}
