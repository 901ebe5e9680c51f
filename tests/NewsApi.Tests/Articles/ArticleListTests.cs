using NewsApi.Tests.Support;

namespace NewsApi.Tests.Articles;

public sealed class ArticleListTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task List_is_newest_first()
    {
        await _api.Article("Älter", at: "2026-03-01T08:00:00Z");
        await _api.Article("Neuer", at: "2026-03-01T09:00:00Z");

        var page = await _api.Anonymous.GetObject("/v1/articles");

        Assert.Equal(["Neuer", "Älter"], page.Each("headline"));
    }

    [Fact]
    public async Task A_draft_is_not_in_the_list()
    {
        await _api.Draft("Entwurf");

        var page = await _api.Anonymous.GetObject("/v1/articles");

        Assert.Empty(page["items"]!.AsArray());
    }

    [Fact]
    public async Task Preview_needs_a_key()
    {
        using var response = await _api.Anonymous.GetAsync("/v1/articles?perspective=preview", TestContext.Current.CancellationToken);

        await response.Problem(401, "unauthorized");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
