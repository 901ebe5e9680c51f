using System.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract.Owasp;

/// <summary>API9, improper inventory management: what there is is written down, and nothing else answers.</summary>
public sealed class InventoryTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task Every_route_is_in_the_document_and_every_route_in_the_document_is_there()
    {
        var paths = (await _api.Anonymous.GetObject("/openapi/v1.json"))["paths"]!.AsObject();
        var written = paths.SelectMany(p => p.Value!.AsObject().Select(o => $"{o.Key.ToUpperInvariant()} {p.Key}"));

        var routed = _api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(e => (Path: $"/{e.RoutePattern.RawText!.Trim('/')}", Methods: e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"])).ToList();

        Assert.Equal(
            written.Order(StringComparer.Ordinal),
            routed.Where(r => r.Path.StartsWith("/v1", StringComparison.Ordinal)).SelectMany(r => r.Methods.Where(m => m != "HEAD").Select(m => $"{m} {r.Path}")).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["/", "/health/live", "/health/ready", "/openapi/v1.json", "/openapi/v1.yaml"],
            routed.Select(r => r.Path).Where(p => !p.StartsWith("/v1", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/v0/articles")]
    [InlineData("/v2/articles")]
    [InlineData("/v1")]
    [InlineData("/v1beta/articles")]
    [InlineData("/articles")]
    [InlineData("/api/v1/articles")]
    [InlineData("/internal/articles")]
    [InlineData("/admin")]
    [InlineData("/debug")]
    [InlineData("/test")]
    [InlineData("/swagger")]
    [InlineData("/swagger/v1/swagger.json")]
    [InlineData("/openapi/v2.json")]
    [InlineData("/graphql")]
    [InlineData("/actuator/env")]
    [InlineData("/elmah.axd")]
    [InlineData("/trace.axd")]
    [InlineData("/.env")]
    [InlineData("/.git/config")]
    [InlineData("/web.config")]
    [InlineData("/appsettings.json")]
    [InlineData("/appsettings.Development.json")]
    [InlineData("/data/news.db")]
    [InlineData("/NewsApi.dll")]
    [InlineData("/docs/../appsettings.json")]
    [InlineData("/docs/..%2fappsettings.json")]
    [InlineData("/docs/%2e%2e/appsettings.json")]
    [InlineData("/docs/....//appsettings.json")]
    [InlineData("/docs/..%5cappsettings.json")]
    public async Task What_is_not_written_down_is_not_there(string target)
    {
        foreach (var method in (string[])["GET", "HEAD"])
        {
            var (status, text) = await _api.Raw(method, target, $"Authorization: Bearer {Api.Key}\r\n");
            Assert.True(status is 400 or 404, $"{method} {target}: {text}");
            Assert.DoesNotContain("ConnectionStrings", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_answer_tells_the_version_of_the_program_or_of_what_it_runs_on()
    {
        var versions = new[]
        {
            Environment.Version.ToString(), typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            typeof(Swashbuckle.AspNetCore.SwaggerGen.SwaggerGenerator).Assembly.GetName().Version!.ToString(3), "Swashbuckle", "Kestrel", ".NET", "SQLite", "Npgsql",
        };
        foreach (var address in (string[])["/", "/docs/index.html", "/docs/index.js", "/openapi/v1.json", "/openapi/v1.yaml", "/health/live", "/health/ready", "/v1/me", "/v1/articles", "/v1/reconcile", "/nowhere"])
        {
            using var answer = await _api.Editor.Get(address);
            var text = $"{answer.Headers}{answer.Content.Headers}{(address is "/docs/index.html" or "/docs/index.js" or "/" ? "" : await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))}";
            foreach (var version in versions) Assert.False(text.Contains(version, StringComparison.OrdinalIgnoreCase), $"{address} says {version}");
        }

        var info = (await _api.Anonymous.GetObject("/openapi/v1.json"))["info"]!;
        Assert.Equal("1", info.Text("version"));
    }

    [Fact]
    public async Task The_document_names_every_way_in_and_what_it_opens()
    {
        var document = await _api.Anonymous.GetObject("/openapi/v1.json");

        Assert.Equal(["apiKey", "bearer"], document["components"]!["securitySchemes"]!.AsObject().Select(s => s.Key).Order());
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                var security = operation!["security"]?.AsArray();
                Assert.True(security is { Count: > 0 }, $"{method} {path} does not say who may call it");
                if (security!.Any(s => s!.AsObject().Count == 0)) continue;

                foreach (var status in (string[])["401", .. path == "/v1/me" ? [] : (string[])["403"]])
                    Assert.True(operation["responses"]!.AsObject().ContainsKey(status), $"{method} {path} does not say {status}");
            }
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
