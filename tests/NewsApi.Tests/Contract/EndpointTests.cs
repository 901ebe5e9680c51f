using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NewsApi.Access;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract;

/// <summary>The routes themselves: none without a rule, a name and a place in the document.</summary>
public sealed partial class EndpointTests : IAsyncDisposable
{
    /// <summary>Questions that are too long for an address; they change nothing.</summary>
    private static readonly string[] Asking = ["/v1/people/match", "/v1/reconcile"];

    private readonly Api _api = new();

    private IReadOnlyList<RouteEndpoint> Endpoints =>
    [
        .. _api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal)),
    ];

    [Fact]
    public void The_routes_are_these_and_who_may_call_them_is_written_here()
    {
        string[] expected =
        [
            "DELETE /v1/articles/{id} content:write",
            "DELETE /v1/articles/{id}/publication content:publish",
            "DELETE /v1/events/{id} content:write",
            "DELETE /v1/people/{id} people:write",
            "DELETE /v1/sections/{slug} content:write",
            "GET,HEAD /v1/articles everybody",
            "GET,HEAD /v1/articles/by-slug/{slug} everybody",
            "GET,HEAD /v1/articles/{id} everybody",
            "GET,HEAD /v1/articles/{id}/related everybody",
            "GET,HEAD /v1/changes everybody",
            "GET,HEAD /v1/events everybody",
            "GET,HEAD /v1/events/by-slug/{slug} everybody",
            "GET,HEAD /v1/events/{id} everybody",
            "GET,HEAD /v1/events/{id}/articles everybody",
            "GET,HEAD /v1/people everybody",
            "GET,HEAD /v1/people/by-slug/{slug} everybody",
            "GET,HEAD /v1/people/suggest everybody",
            "GET,HEAD /v1/people/{id} everybody",
            "GET,HEAD /v1/people/{id}/articles everybody",
            "GET,HEAD /v1/people/{id}/timeline everybody",
            "GET,HEAD /v1/reconcile everybody",
            "GET,HEAD /v1/reconcile/preview everybody",
            "GET,HEAD /v1/reconcile/suggest/entity everybody",
            "GET,HEAD /v1/search everybody",
            "GET,HEAD /v1/sections everybody",
            "GET,HEAD /v1/timelines everybody",
            "PATCH /v1/articles/{id} content:write",
            "PATCH /v1/events/{id} content:write",
            "PATCH /v1/people/{id} people:write",
            "POST /v1/articles content:write",
            "POST /v1/events content:write",
            "POST /v1/imports content:write",
            "POST /v1/people people:write",
            "POST /v1/people/match everybody",
            "POST /v1/reconcile everybody",
            "PUT /v1/articles/{id} content:write",
            "PUT /v1/articles/{id}/publication content:publish",
            "PUT /v1/events/{id} content:write",
            "PUT /v1/people/{id} people:write",
            "PUT /v1/sections/{slug} content:write",
        ];

        var actual = Endpoints.Select(e => $"{string.Join(',', Methods(e))} {e.RoutePattern.RawText!.TrimEnd('/')} {Rule(e)?.Scope ?? "everybody"}");

        Assert.Equal(expected, actual.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Reads_are_for_everybody_and_everything_else_needs_a_scope()
    {
        Assert.All(Endpoints, endpoint =>
        {
            var rule = Rule(endpoint);
            Assert.NotNull(rule);
            if (Methods(endpoint).All(m => m is "GET" or "HEAD") || Asking.Contains(endpoint.RoutePattern.RawText!.TrimEnd('/'))) Assert.Null(rule.Scope);
            else Assert.Contains(rule.Scope, Scopes.All);
        });
    }

    [Fact]
    public void Every_endpoint_of_the_program_has_a_rule() =>
        Assert.All(
            _api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>(),
            endpoint => Assert.True(Rule(endpoint) is not null, $"{endpoint.RoutePattern.RawText} has no rule and answers nobody"));

    [Fact]
    public void Every_endpoint_has_a_name_a_summary_and_a_tag()
    {
        Assert.All(Endpoints, endpoint =>
        {
            Assert.Matches(NamePattern(), endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName);
            Assert.False(string.IsNullOrWhiteSpace(endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary));
            Assert.Single(endpoint.Metadata.GetMetadata<ITagsMetadata>()!.Tags);
        });
        Assert.Distinct(Endpoints.Select(e => e.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName));
    }

    [Fact]
    public void Every_endpoint_with_a_variable_in_its_path_declares_its_404_or_creates()
    {
        foreach (var endpoint in Endpoints.Where(e => e.RoutePattern.Parameters.Count > 0))
        {
            var statuses = endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Select(p => p.StatusCode).ToList();
            Assert.True(statuses.Contains(404) || statuses.Contains(201), endpoint.RoutePattern.RawText);
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static IEnumerable<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Order();

    private static AccessRule? Rule(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<AccessRule>();

    [GeneratedRegex("^(Search|(List|Get|Create|Replace|Update|Delete|Publish|Withdraw|Suggest|Match|Reconcile)[A-Z][A-Za-z]+)$")]
    private static partial Regex NamePattern();
}
