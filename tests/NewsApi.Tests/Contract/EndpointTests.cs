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
            "DELETE /v1/keys/{id} admin",
            "DELETE /v1/people/{id} people:write",
            "DELETE /v1/people/{id}/merge people:write",
            "DELETE /v1/sections/{slug} content:write",
            "DELETE /v1/subscriptions/{id} sync:read",
            "GET,HEAD /v1/articles everybody",
            "GET,HEAD /v1/articles/by-slug/{slug} everybody",
            "GET,HEAD /v1/articles/{id} everybody",
            "GET,HEAD /v1/articles/{id}/corrections everybody",
            "GET,HEAD /v1/articles/{id}/diff content:preview",
            "GET,HEAD /v1/articles/{id}/propagation content:publish",
            "GET,HEAD /v1/articles/{id}/related everybody",
            "GET,HEAD /v1/articles/{id}/revisions content:preview",
            "GET,HEAD /v1/articles/{id}/revisions/{version} content:preview",
            "GET,HEAD /v1/audit admin",
            "GET,HEAD /v1/changes everybody",
            "GET,HEAD /v1/changes/stream everybody",
            "GET,HEAD /v1/events everybody",
            "GET,HEAD /v1/events/by-slug/{slug} everybody",
            "GET,HEAD /v1/events/{id} everybody",
            "GET,HEAD /v1/events/{id}/articles everybody",
            "GET,HEAD /v1/events/{id}/history everybody",
            "GET,HEAD /v1/events/{id}/revisions content:preview",
            "GET,HEAD /v1/events/{id}/revisions/{version} content:preview",
            "GET,HEAD /v1/exports/articles.ndjson everybody",
            "GET,HEAD /v1/exports/events.ndjson everybody",
            "GET,HEAD /v1/exports/people.ndjson everybody",
            "GET,HEAD /v1/keys admin",
            "GET,HEAD /v1/keys/{id} admin",
            "GET,HEAD /v1/me any key",
            "GET,HEAD /v1/people everybody",
            "GET,HEAD /v1/people/by-slug/{slug} everybody",
            "GET,HEAD /v1/people/suggest everybody",
            "GET,HEAD /v1/people/{id} everybody",
            "GET,HEAD /v1/people/{id}/articles everybody",
            "GET,HEAD /v1/people/{id}/revisions content:preview",
            "GET,HEAD /v1/people/{id}/revisions/{version} content:preview",
            "GET,HEAD /v1/people/{id}/timeline everybody",
            "GET,HEAD /v1/reconcile everybody",
            "GET,HEAD /v1/reconcile/preview everybody",
            "GET,HEAD /v1/reconcile/suggest/entity everybody",
            "GET,HEAD /v1/search everybody",
            "GET,HEAD /v1/sections everybody",
            "GET,HEAD /v1/subscriptions sync:read",
            "GET,HEAD /v1/subscriptions/{id} sync:read",
            "GET,HEAD /v1/subscriptions/{id}/deliveries sync:read",
            "GET,HEAD /v1/sync/digest everybody",
            "GET,HEAD /v1/timelines everybody",
            "PATCH /v1/articles/{id} content:write",
            "PATCH /v1/events/{id} content:write",
            "PATCH /v1/keys/{id} admin",
            "PATCH /v1/people/{id} people:write",
            "PATCH /v1/subscriptions/{id} sync:read",
            "POST /v1/articles content:write",
            "POST /v1/articles/{id}/corrections content:publish",
            "POST /v1/articles/{id}/preview-links content:preview",
            "POST /v1/articles/{id}/retraction content:publish",
            "POST /v1/articles/{id}/revisions/{version}/restore content:write",
            "POST /v1/batch any key",
            "POST /v1/events content:write",
            "POST /v1/events/{id}/revisions/{version}/restore content:write",
            "POST /v1/events/{id}/status content:write",
            "POST /v1/imports content:write",
            "POST /v1/keys admin",
            "POST /v1/keys/{id}/rotate admin",
            "POST /v1/people people:write",
            "POST /v1/people/match everybody",
            "POST /v1/people/{id}/merge people:write",
            "POST /v1/people/{id}/revisions/{version}/restore people:write",
            "POST /v1/reconcile everybody",
            "POST /v1/subscriptions sync:read",
            "POST /v1/subscriptions/{id}/deliveries/{position}/replay sync:read",
            "POST /v1/subscriptions/{id}/replay sync:read",
            "POST /v1/subscriptions/{id}/rotate sync:read",
            "PUT /v1/articles/{id} content:write",
            "PUT /v1/articles/{id}/publication content:publish",
            "PUT /v1/events/{id} content:write",
            "PUT /v1/people/{id} people:write",
            "PUT /v1/sections/{slug} content:write",
            "PUT /v1/subscriptions/{id}/checkpoint sync:read",
        ];

        var actual = Endpoints.Select(e => $"{string.Join(',', Methods(e))} {e.RoutePattern.RawText!.TrimEnd('/')} {Rule(e)}");

        Assert.Equal(expected, actual.Order(StringComparer.Ordinal));
    }

    /// <summary>What is for the newsroom, or for whoever has the key it belongs to.</summary>
    private static bool IsForTheNewsroom(string route) => route.Contains("/subscriptions", StringComparison.Ordinal) || route.EndsWith("/propagation", StringComparison.Ordinal) || route.Contains("/revisions", StringComparison.Ordinal) || route.EndsWith("/diff", StringComparison.Ordinal) || route.StartsWith("/v1/audit", StringComparison.Ordinal);

    [Fact]
    public void Reads_are_for_everybody_and_everything_else_needs_a_scope()
    {
        Assert.All(Endpoints, endpoint =>
        {
            var rule = Rule(endpoint);
            Assert.NotNull(rule);
            if (IsManagement(endpoint)) Assert.True(rule.Scope == Scopes.Admin || rule.NeedsKey);
            else if ((Methods(endpoint).All(m => m is "GET" or "HEAD") && !IsForTheNewsroom(endpoint.RoutePattern.RawText!)) || Asking.Contains(endpoint.RoutePattern.RawText!.TrimEnd('/'))) Assert.Null(rule.Scope);
            else Assert.Contains(rule.Scope, Scopes.All);
        });
    }

    [Fact]
    public void Where_nobody_reads_without_a_key_every_read_needs_a_scope() =>
        Assert.All(
            Endpoints.Where(e => Rule(e) is { Scope: null, NeedsKey: false }),
            endpoint => Assert.Equal(IsForPartners(endpoint.RoutePattern.RawText!) ? Scopes.Sync : Scopes.Read, Rule(endpoint)!.ReadScope));

    private static bool IsForPartners(string route) => ((string[])["/v1/changes", "/v1/exports", "/v1/sync"]).Any(start => route.StartsWith(start, StringComparison.Ordinal));

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

    private static bool IsManagement(RouteEndpoint endpoint) =>
        ((string[])["/v1/keys", "/v1/me", "/v1/batch"]).Any(start => endpoint.RoutePattern.RawText!.StartsWith(start, StringComparison.Ordinal));

    private static AccessRule? Rule(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<AccessRule>();

    [GeneratedRegex("^(Search|(List|Get|Create|Replace|Update|Delete|Publish|Withdraw|Correct|Retract|Suggest|Match|Reconcile|Run|Rotate|Replay|Restore|Merge|Unmerge|Set|Stream|Export)[A-Z][A-Za-z]+)$")]
    private static partial Regex NamePattern();
}
