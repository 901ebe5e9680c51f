using System.Net;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NewsApi.Access;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Subscriptions;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Access;

/// <summary>What a key may do, and what it may not.</summary>
public sealed class ScopeTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task Every_other_scope_together_does_not_open_a_route()
    {
        var names = await Names();
        foreach (var scope in Scopes.All)
        {
            var others = await _api.Holder(Keys.AllBut(scope));
            var before = Everything();
            foreach (var (method, address, type) in Routes(scope, names))
            {
                foreach (var body in (string?[])[null, "{}", """{"headline":"a"}"""])
                {
                    using var response = await others.Ask(method, address, body is null ? null : Json.Body(body, type), ("If-Match", "*"));
                    var problem = await response.Problem(403, "scopeRequired");
                    Assert.Contains(scope, problem.Text("detail"), StringComparison.Ordinal);
                }
            }

            Assert.Equal(before, Everything());
        }
    }

    [Fact]
    public async Task The_scope_of_a_route_is_enough_for_it()
    {
        var names = await Names();
        foreach (var scope in Scopes.All)
        {
            var holder = await _api.Holder([scope]);
            foreach (var (method, address, type) in Routes(scope, names).OrderBy(r => r.Method == HttpMethod.Delete))
            {
                using var response = await holder.Ask(method, address, method == HttpMethod.Delete ? null : Json.Body("{}", type), ("If-Match", "*"));
                Assert.False(response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{scope}: {method} {address} {response.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task Preview_is_for_the_scope_of_that_name_and_reading_for_everybody()
    {
        var draft = await _api.Draft("Entwurf");
        var others = await _api.Holder(Keys.AllBut("content:preview"));
        var previewer = await _api.Holder(["content:preview"]);
        foreach (var address in (string[])["/v1/articles", $"/v1/articles/{draft.Id()}", "/v1/people", "/v1/events", "/v1/sections", "/v1/search"])
        {
            await others.Get($"{address}?perspective=preview").IsRefused(403, "scopeRequired");
            if (address != "/v1/search") await previewer.GetObject($"{address}?perspective=preview");
        }

        foreach (var client in (HttpClient[])[others, previewer, await _api.Holder(["admin"]), _api.Anonymous])
        {
            await client.GetObject("/v1/articles");
            await client.GetObject("/v1/changes");
        }
    }

    [Theory]
    [InlineData("PUT", """{"headline":"Neu"}""", "")]
    [InlineData("PUT", """{"headline":"Neu"}""", "?draft=false")]
    [InlineData("PATCH", """{"headline":"Neu"}""", "")]
    [InlineData("PATCH", "{}", "?draft=false")]
    [InlineData("DELETE", null, "")]
    public async Task Who_may_not_publish_changes_nothing_that_the_public_sees(string method, string? body, string query)
    {
        var article = await _api.Article("Bericht");
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"teaser":"noch geheim"}""").Answers();
        var writer = await _api.Holder(Keys.AllBut("content:publish"));
        var before = Everything();

        var problem = await writer.Send(HttpMethod.Parse(method), $"/v1/articles/{article.Id()}{query}", body, ("If-Match", "*")).IsRefused(403, "scopeRequired");

        Assert.Contains("content:publish", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(before, Everything());
    }

    [Fact]
    public async Task Who_may_not_publish_writes_drafts_and_working_copies()
    {
        var writer = await _api.Holder(["content:write", "content:preview"]);
        var article = await _api.Article("Bericht");
        var seen = await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}");

        await writer.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"headline":"Neu"}""").Answers();
        await writer.PutJson($"/v1/articles/{article.Id()}?draft=true", """{"headline":"Neuer"}""", "*").Answers();
        var draft = await writer.PostJson("/v1/articles", """{"headline":"Entwurf"}""").Answers(HttpStatusCode.Created);
        await writer.PatchJson($"/v1/articles/{draft.Id()}", """{"teaser":"a"}""").Answers();
        await writer.Publish(draft.Id()).IsRefused(403, "scopeRequired");
        await writer.Remove($"/v1/articles/{draft.Id()}").Succeeds();
        await _api.Editor.Remove($"/v1/articles/{article.Id()}/publication", null).Answers();
        await writer.PatchJson($"/v1/articles/{article.Id()}", """{"teaser":"zurückgezogen"}""").Answers();

        Assert.Equal("Bericht", seen.Text("headline"));
        await _api.Anonymous.Get($"/v1/articles/{article.Id()}").IsRefused(404);
    }

    [Fact]
    public async Task A_version_that_is_too_old_does_not_tell_who_may_not_publish_how_new_it_is()
    {
        var article = await _api.Article("Bericht");
        var writer = await _api.Holder(["content:write"]);

        var problem = await writer.PatchJson($"/v1/articles/{article.Id()}", """{"headline":"Neu"}""", "\"7-1-full\"").IsRefused(403, "scopeRequired");

        Assert.Null(problem["currentVersion"]);
    }

    [Fact]
    public async Task The_name_of_a_key_stands_in_what_it_writes()
    {
        var writer = await _api.Holder(["content:write"]);

        await writer.PostJson("/v1/articles", """{"headline":"a"}""").Answers(HttpStatusCode.Created);

        using var tables = StoredTables.Of(_api);
        Assert.Equal(["Prüfung"], tables.Rows("SELECT saved_by FROM revisions", r => r.GetString(0)));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    /// <summary>Something that every route can be about.</summary>
    private async Task<Dictionary<string, string>> Names() => new()
    {
        ["articles"] = (await _api.Draft("Bericht")).Id(),
        ["people"] = (await _api.Person("Rubio")).Id(),
        ["events"] = (await _api.Event("Gipfel")).Id(),
        ["keys"] = (await _api.Key(["admin"])).Id(),
        ["subscriptions"] = (await _api.Editor.Subscribe("https://partner.example/", ""","active":false""")).Id(),
    };

    private List<(HttpMethod Method, string Address, string BodyType)> Routes(string scope, Dictionary<string, string> names)
    {
        var routes = _api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<AccessRule>()?.Scope == scope)
            .SelectMany(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Where(m => m != "HEAD")
                .Select(m => (
                    HttpMethod.Parse(m),
                    Address: $"/{e.RoutePattern.RawText!.Trim('/').Replace("{slug}", "politik", StringComparison.Ordinal).Replace("{position}", "1", StringComparison.Ordinal)}",
                    e.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes[0] ?? "application/json")))
            .Select(r => (r.Item1, r.Address.Replace("{id}", names.GetValueOrDefault(r.Address.Split('/')[2], ""), StringComparison.Ordinal), r.Item3)).ToList();
        Assert.True(routes.Count > 0 || scope is Scopes.Read, scope);
        return routes;
    }

    private string Everything()
    {
        using var tables = StoredTables.Of(_api);
        return tables.Everything();
    }
}
