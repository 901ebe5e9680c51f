using System.Net;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NewsApi.Access;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Access;

/// <summary>A service that nobody reads without a key.</summary>
public sealed class ClosedReadingTests : IAsyncDisposable
{
    private readonly Api _api = new(("Access:AnonymousRead", "false"));

    [Fact]
    public async Task Every_public_route_wants_a_key_and_its_scope()
    {
        var article = await _api.Article("Bericht");
        var person = await _api.Person("Rubio");
        var newsEvent = await _api.Event("Gipfel");
        var reader = await _api.Holder(["content:read"]);
        var partner = await _api.Holder(["sync:read"]);
        var neither = await _api.Holder(Keys.AllBut("content:read", "sync:read"));
        foreach (var endpoint in Reads())
        {
            var route = endpoint.RoutePattern.RawText!.TrimEnd('/');
            var address = route.Replace("{slug}", "bericht", StringComparison.Ordinal).Replace(
                "{id}", (route.Contains("people", StringComparison.Ordinal) ? person : route.Contains("events", StringComparison.Ordinal) ? newsEvent : article).Id(), StringComparison.Ordinal);
            var method = HttpMethod.Parse(endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]);
            var type = endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes[0];
            var (needed, other) = endpoint.Metadata.GetMetadata<AccessRule>()!.ReadScope == Scopes.Sync ? (partner, reader) : (reader, partner);

            await _api.Anonymous.Ask(method, address, Body()).IsRefused(401, "unauthorized");
            await neither.Ask(method, address, Body()).IsRefused(403, "scopeRequired");
            await other.Ask(method, address, Body()).IsRefused(403, "scopeRequired");
            using var response = await needed.Ask(method, address, Body());
            Assert.False(response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{method} {address} {response.StatusCode}");

            HttpContent? Body() => type is null ? null : Json.Body("{}", type);
        }
    }

    [Fact]
    public async Task What_says_nothing_about_the_content_stays_open()
    {
        foreach (var address in (string[])["/health/live", "/health/ready", "/openapi/v1.json", "/openapi/v1.yaml", "/docs/index.html"])
            Assert.Equal(HttpStatusCode.OK, await _api.Anonymous.StatusOf(address));
    }

    [Fact]
    public async Task Nothing_is_answered_from_memory_to_somebody_without_a_key()
    {
        var article = await _api.Article("Bericht");
        var reader = await _api.Holder(["content:read"]);
        foreach (var address in (string[])["/v1/articles", $"/v1/articles/{article.Id()}", "/v1/articles/by-slug/bericht", "/v1/search?q=Bericht"])
        {
            for (var i = 0; i < 2; i++)
            {
                using var answer = await reader.Get(address);
                await answer.Object(HttpStatusCode.OK);
                Assert.Equal("private, no-cache", answer.Header("Cache-Control"));
                await _api.Anonymous.Get(address).IsRefused(401, "unauthorized");
                Assert.Equal(HttpStatusCode.Unauthorized, (await _api.Anonymous.Send(HttpMethod.Head, address, null)).StatusCode);
            }
        }
    }

    [Fact]
    public async Task Who_may_not_read_cannot_tell_what_is_there_from_nothing()
    {
        var article = await _api.Article("Bericht");
        var there = await _api.Anonymous.Get($"/v1/articles/{article.Id()}").IsRefused(401);
        var absent = await _api.Anonymous.Get("/v1/articles/0190aaaa-0000-7000-8000-000000000001").IsRefused(401);
        foreach (var member in (string[])["instance", "traceId"]) Assert.True(there.Remove(member) && absent.Remove(member));

        Sending.Same(absent, there);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private IEnumerable<RouteEndpoint> Reads()
    {
        var reads = _api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal) && e.Metadata.GetMetadata<AccessRule>() is { Scope: null, NeedsKey: false }).ToList();
        Assert.True(reads.Count > 20);
        return reads;
    }
}
