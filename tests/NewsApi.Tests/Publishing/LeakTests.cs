using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Publishing;

/// <summary>
/// What is not public holds the word "kanari" in every text. Then everything an anonymous reader can ask for is asked for,
/// from the running program's own table of routes.
/// </summary>
public sealed class LeakTests : IAsyncLifetime
{
    private const string Canary = "kanari";
    private const string AbsentSlug = "gibt-es-nicht";

    private static readonly string Absent = Guid.CreateVersion7().ToString();

    private readonly Api _api = new();
    private Newsroom _room = null!;

    public async ValueTask InitializeAsync() => _room = await Newsroom.FillAsync(_api);

    [Fact]
    public async Task No_public_address_says_a_word_of_what_is_not_public()
    {
        var asked = 0;
        foreach (var (path, queries) in Addresses())
        {
            await AskAsync(HttpMethod.Head, path);
            foreach (var address in (string[])[path, .. queries.Select(q => $"{path}?{q}")])
            {
                var tag = await AskAsync(HttpMethod.Get, address);
                if (tag is not null) await AskAsync(HttpMethod.Get, address, ("If-None-Match", tag));
                asked++;
            }
        }

        Assert.True(asked > 1_000, $"only {asked} addresses were found");
    }

    [Fact]
    public async Task The_newsroom_sees_all_of_it()
    {
        foreach (var (list, hidden) in ((string, string[])[])
            [("articles", ["Kanari-Entwurf 1", "Kanari-Entwurf 2", "Kanari-Entwurf 3"]), ("people", ["Kanari Person"]), ("events", ["Kanari-Treffen"])])
        {
            var page = await _api.Editor.GetObject($"/v1/{list}?perspective=preview");
            Assert.Superset(hidden.ToHashSet(), page["items"]!.AsArray().Select(i => (i!["headline"] ?? i["name"] ?? i["title"])!.GetValue<string>()).ToHashSet());
        }
    }

    [Fact]
    public async Task What_is_not_public_answers_as_what_does_not_exist()
    {
        foreach (var route in Routes().Where(r => r.Contains('{', StringComparison.Ordinal)))
        {
            var (absent, hidden) = route.Contains("{slug}", StringComparison.Ordinal)
                ? (AbsentSlug, _room.HiddenSlugs)
                : (Absent, _room.HiddenIds);
            foreach (var query in (string[])["", "?perspective=preview", "?perspective=published", "?unbekannt=1"])
            {
                var expected = await FingerprintAsync(Fill(route, absent) + query);
                foreach (var name in hidden) Assert.Equal(expected, await FingerprintAsync(Fill(route, name) + query));
            }
        }
    }

    [Theory]
    [InlineData("/v1/articles", "person")]
    [InlineData("/v1/articles", "event")]
    [InlineData("/v1/articles", "section")]
    [InlineData("/v1/articles", "tag")]
    [InlineData("/v1/events", "person")]
    [InlineData("/v1/events", "partOf")]
    public async Task A_filter_by_what_is_not_public_finds_what_a_filter_by_nothing_finds(string list, string filter)
    {
        var expected = await FingerprintAsync($"{list}?{filter}={AbsentSlug}");

        foreach (var value in (string[])[.. _room.HiddenIds, .. _room.HiddenSlugs, .. _room.HiddenWords])
            Assert.Equal(expected, await FingerprintAsync($"{list}?{filter}={Uri.EscapeDataString(value)}"));
    }

    [Theory]
    [InlineData("/v1/search", "")]
    [InlineData("/v1/search", "&highlight=true&explain=true")]
    [InlineData("/v1/articles", "&count=exact&facets=section,tag,person,source,language,month")]
    [InlineData("/v1/articles", "&sort=relevance&highlight=true&explain=true&view=full&include=people,events")]
    [InlineData("/v1/people", "&count=exact&explain=true")]
    [InlineData("/v1/events", "&sort=updatedAt&count=exact&explain=true")]
    public async Task A_search_for_what_is_not_public_finds_what_a_search_for_nothing_finds(string list, string more)
    {
        const string nothing = "Quastenflosser";
        foreach (var secret in (string[])["Kanari", "Kanari*", "\"Kanari Person\"", "\"Kanari Spitzname\"", "Kanari-Entwurf", "Kanari-Treffen", "Kanari-Amt", "kanari-3", _room.HiddenIds[2]])
        {
            foreach (var (query, other) in (IEnumerable<(string, string)>)[(secret, nothing), ($"Gipfel -{secret}", $"Gipfel -{nothing}"), ($"Gipfel OR {secret}", $"Gipfel OR {nothing}")])
                Assert.Equal((query, await SaidAsync(other)), (query, await SaidAsync(query)));
        }

        async Task<string> SaidAsync(string query)
        {
            var page = await _api.Anonymous.GetObject($"{list}?q={Uri.EscapeDataString(query)}{more}");
            page["explain"]?.AsObject().Remove("query");
            return page.ToJsonString();
        }
    }

    [Fact]
    public async Task What_is_public_counts_for_what_is_public_alone()
    {
        var facets = (await _api.Anonymous.GetObject("/v1/articles?facets=section,tag,person,source,language,month&q=Gipfel+OR+Reaktionen"))["facets"]!;

        Assert.Equal(["politik"], facets["section"]!.AsArray().Select(f => f!.Text("value")));
        Assert.Equal(["Ukraine"], facets["tag"]!.AsArray().Select(f => f!.Text("value")));
        Assert.Equal(["Steven Witkoff"], facets["person"]!.AsArray().Select(f => f!.Text("label")));
        Assert.Empty(facets["source"]!.AsArray());
    }

    [Fact]
    public async Task Without_a_key_nobody_learns_by_writing_what_exists()
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete])
        {
            using var hidden = await _api.Anonymous.Send(method, $"/v1/articles/{_room.HiddenIds[0]}", "{}");
            using var absent = await _api.Anonymous.Send(method, $"/v1/articles/{Absent}", "{}");

            Assert.Equal(HttpStatusCode.Unauthorized, hidden.StatusCode);
            Assert.Equal(await FingerprintAsync(absent), await FingerprintAsync(hidden));
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    /// <summary>Every route a reader without a key may call.</summary>
    private List<string> Routes()
    {
        var routes = _api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<AccessRule>() is { Scope: null, NeedsKey: false })
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") != false)
            .Select(e => $"/{e.RoutePattern.RawText!.Trim('/')}").ToList();
        Assert.Contains("/v1/articles/{id}", routes);
        Assert.All(routes, r => Assert.DoesNotContain("{", r.Replace("{id}", "", StringComparison.Ordinal).Replace("{slug}", "", StringComparison.Ordinal), StringComparison.Ordinal));
        return routes;
    }

    /// <summary>Every route with every name, and for each every parameter it knows with every value that might open it.</summary>
    private IEnumerable<(string Path, List<string> Queries)> Addresses()
    {
        var methods = _api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<MethodInfo>() is not null)
            .ToLookup(e => $"/{e.RoutePattern.RawText!.Trim('/')}", e => e.Metadata.GetMetadata<MethodInfo>()!);
        foreach (var route in Routes())
        {
            var names = route.Contains("{slug}", StringComparison.Ordinal) ? _room.HiddenSlugs.Append(_room.PublicSlug)
                : route.Contains("{id}", StringComparison.Ordinal) ? [.. _room.HiddenIds, .. _room.PublicIds]
                : [""];
            var queries = methods[route].SelectMany(RequestValidation.QueryNames).Distinct().SelectMany(name => Values(name).Select(v => $"{name}={Uri.EscapeDataString(v)}"))
                .Append("unbekannt=1").ToList();
            foreach (var name in names) yield return (Fill(route, name), queries);
        }
    }

    private IEnumerable<string> Values(string parameter) => parameter switch
    {
        "view" => ["full", "summary"],
        "include" => ["people", "people,events"],
        "order" => ["asc", "desc"],
        "limit" => ["1", "200", "-1"],
        "types" => ["article", "article,person,event"],
        "perspective" => ["published", "preview", "Preview", "preview,published"],
        "personMode" => ["all"],
        "certainty" => ["rumoured,planned,announced,confirmed,occurred,postponed,cancelled"],
        "timeZone" => ["UTC"],
        "q" => ["Kanari", "Kanari*", "\"Kanari Person\"", "Gipfel OR Reaktionen OR Witkoff"],
        "sort" => ["updatedAt"],
        "facets" => ["section,tag,person,source,language,month"],
        "updatedFrom" => ["1990-01-01"],
        "publishedFrom" or "from" => ["1990-01-01"],
        "publishedTo" or "to" => ["2100-01-01"],
        _ => [.. _room.HiddenIds, .. _room.HiddenSlugs, .. _room.HiddenWords],
    };

    private static string Fill(string route, string name) =>
        route.Replace("{id}", name, StringComparison.Ordinal).Replace("{slug}", name, StringComparison.Ordinal);

    /// <summary>Asks, looks into every header and the body, and answers the tag.</summary>
    private async Task<string?> AskAsync(HttpMethod method, string address, params (string, string)[] headers)
    {
        using var response = await _api.Anonymous.Send(method, address, null, headers);
        Assert.True((int)response.StatusCode < 500, $"{(int)response.StatusCode} for {address}");
        var said = await SaidAsync(response, keepLength: true);
        if (address.StartsWith("/v1/changes", StringComparison.Ordinal)) said = WithoutWhatWasPublic(said);
        foreach (var secret in (string[])[Canary, .. _room.HiddenIds])
            Assert.False(said.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{method} {address} says {secret}: {said}");
        return response.Headers.ETag?.ToString();
    }

    /// <summary>The change feed names what was public once, with its slug and its names in other systems; nothing else of it.</summary>
    private string WithoutWhatWasPublic(string said)
    {
        var (id, slug, externalId) = _room.WasPublic;
        foreach (var known in (string[])[$"\"id\":\"{id}\"", $"\"slug\":\"{slug}\"", externalId]) said = said.Replace(known, "", StringComparison.Ordinal);
        return said;
    }

    private async Task<string> FingerprintAsync(string address)
    {
        using var response = await _api.Anonymous.Get(address);
        return await FingerprintAsync(response);
    }

    private static Task<string> FingerprintAsync(HttpResponseMessage response) =>
        SaidAsync(response, keepLength: response.Content.Headers.ContentType?.MediaType != Problems.ContentType);

    /// <summary>The whole answer, but for what differs from request to request: the address repeated in a problem, ids of the trace, the time.</summary>
    private static async Task<string> SaidAsync(HttpResponseMessage response, bool keepLength)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (response.Content.Headers.ContentType?.MediaType == Problems.ContentType && body.Length > 0)
        {
            var problem = JsonNode.Parse(body)!.AsObject();
            problem.Remove("instance");
            problem.Remove("traceId");
            body = problem.ToJsonString();
        }

        var headers = response.Headers.Concat(response.Content.Headers)
            .Where(h => h.Key != "Date" && (keepLength || h.Key != "Content-Length"))
            .Select(h => $"{h.Key}: {string.Join(", ", h.Value)}").Order(StringComparer.Ordinal);
        return $"{(int)response.StatusCode}\n{string.Join('\n', headers)}\n\n{body}";
    }
}
