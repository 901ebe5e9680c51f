using System.Net;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Http;

public sealed class CorsTests : IAsyncDisposable
{
    private const string Nobody = "0190aaaa-0000-7000-8000-000000000001";

    private readonly Api _api = new();

    [Theory]
    [InlineData("GET", "/v1/articles", "if-none-match")]
    [InlineData("POST", "/v1/articles", "authorization, content-type, idempotency-key")]
    [InlineData("PUT", $"/v1/articles/{Nobody}", "x-api-key, content-type, if-match, if-none-match")]
    [InlineData("PATCH", $"/v1/people/{Nobody}", "authorization, content-type, if-match")]
    [InlineData("DELETE", $"/v1/events/{Nobody}", "authorization, if-match")]
    public async Task A_preflight_allows_the_method_and_the_headers(string method, string address, string headers)
    {
        using var response = await _api.Anonymous.Ask(
            HttpMethod.Options, address, null,
            ("Origin", "https://example.org"), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", headers));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("*", response.Header("Access-Control-Allow-Origin"));
        Assert.Contains(method, response.Header("Access-Control-Allow-Methods")!.Split(", "));
        Assert.Superset(
            headers.Split(", ").ToHashSet(),
            response.Header("Access-Control-Allow-Headers")!.Split(", ").Select(h => h.ToLowerInvariant()).ToHashSet());
        Assert.NotNull(response.Header("Access-Control-Max-Age"));
        Assert.Null(response.Header("Access-Control-Allow-Credentials"));
        Assert.Empty(await response.Bytes());
    }

    [Fact]
    public async Task OPTIONS_names_the_methods_of_an_address()
    {
        using var list = await _api.Anonymous.Ask(HttpMethod.Options, "/v1/articles", null);
        Assert.Equal(HttpStatusCode.NoContent, list.StatusCode);
        Assert.Equal(["GET", "HEAD", "POST"], list.Header("Allow")!.Split(", ").Order());
        using var one = await _api.Anonymous.Ask(HttpMethod.Options, $"/v1/articles/{Nobody}", null);
        Assert.Equal(["DELETE", "GET", "HEAD", "PATCH", "PUT"], one.Header("Allow")!.Split(", ").Order());
        using var unknown = await _api.Anonymous.Ask(HttpMethod.Options, "/nowhere", null);
        await unknown.Problem(404);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("https://example.org")]
    [InlineData("https://EXAMPLE.org:8443")]
    [InlineData("file://")]
    [InlineData("not an origin")]
    [InlineData("https://a.example, https://b.example")]
    public async Task Any_origin_may_read_and_none_with_credentials(string origin)
    {
        var article = await _api.Article("Bericht");
        foreach (var address in (string[])["/v1/articles", $"/v1/articles/{article.Id()}", "/v1/articles?limit=0", "/nowhere"])
        {
            using var response = await _api.Anonymous.Ask(address, ("Origin", origin), ("Cookie", "a=b"));
            Assert.Equal("*", response.Header("Access-Control-Allow-Origin"));
            Assert.Null(response.Header("Access-Control-Allow-Credentials"));
            var exposed = response.Header("Access-Control-Expose-Headers")!.Split(", ").ToHashSet();
            Assert.Superset(new HashSet<string> { "ETag", "Link", "Location", "Content-Location" }, exposed);
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
