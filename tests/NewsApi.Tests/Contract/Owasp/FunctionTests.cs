using NewsApi.Tests.Access;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract.Owasp;

/// <summary>API5, broken function level authorization: a route is what it does, however its address is spelled.</summary>
public sealed class FunctionTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Theory]
    [InlineData("/v1/keys")]
    [InlineData("/v1/keys/")]
    [InlineData("/V1/Keys")]
    [InlineData("/v1/%6beys")]
    [InlineData("//v1/keys")]
    [InlineData("/v1//keys")]
    [InlineData("/v1/./keys")]
    [InlineData("/v1/articles/../keys")]
    [InlineData("/v1/articles/%2e%2e/keys")]
    [InlineData("/v1/articles/..%2fkeys")]
    [InlineData("/v1/keys;x=/v1/articles")]
    [InlineData("/v1/audit")]
    [InlineData("/v1/audit/")]
    [InlineData("/V1/AUDIT")]
    [InlineData("/v1/%61udit")]
    [InlineData("http://localhost/v1/audit")]
    public async Task No_spelling_of_an_address_makes_an_admin(string target)
    {
        var key = (await _api.Key(Keys.AllBut("admin"))).Text("key");
        using var tables = StoredTables.Of(_api);
        var before = tables.Everything();
        const string body = """{"name":"a","scopes":["admin"]}""";
        foreach (var method in (string[])["GET", "HEAD", "POST", "DELETE"])
        {
            var (status, text) = await _api.Raw(
                $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
            Assert.True(status is 400 or 403 or 404 or 405 or 415, $"{method} {target}: {text}");
            Assert.DoesNotContain("\"items\"", text, StringComparison.Ordinal);
        }

        Assert.Equal(before, tables.Everything());
    }

    [Fact]
    public async Task What_is_for_a_scope_in_the_document_is_refused_without_one()
    {
        var (partner, reader) = (await _api.Holder(["sync:read"]), await _api.Holder(["content:read"]));
        var walked = 0;
        foreach (var (path, operations) in (await _api.Anonymous.GetObject("/openapi/v1.json"))["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                if (operation!["security"]!.AsArray().Any(s => s!.AsObject().Count == 0) || path is "/v1/me" or "/v1/batch") continue;

                var address = path.Replace("{id}", Guid.CreateVersion7().ToString(), StringComparison.Ordinal).Replace("{slug}", "a", StringComparison.Ordinal).Replace("{version}", "1", StringComparison.Ordinal).Replace("{position}", "1", StringComparison.Ordinal);
                var nobody = path.StartsWith("/v1/subscriptions", StringComparison.Ordinal) ? reader : partner;
                using var content = method is "get" or "delete" ? null : Json.Body("{}", path == "/v1/imports" ? "text/plain" : method == "patch" ? "application/merge-patch+json" : "application/json");
                foreach (var (client, status) in ((HttpClient, int)[])[(_api.Anonymous, 401), (nobody, 403)])
                {
                    using var answer = await client.Ask(HttpMethod.Parse(method.ToUpperInvariant()), address, content is null ? null : Json.Body("{}", content.Headers.ContentType!.MediaType!), ("If-Match", "*"));
                    Assert.True((int)answer.StatusCode == status, $"{method} {path}: {(int)answer.StatusCode}");
                }

                walked++;
            }
        }

        Assert.True(walked > 30, $"only {walked}");
    }

    [Fact]
    public async Task A_scope_is_its_whole_name()
    {
        foreach (var scopes in (string[])["""["admin "]""", """["Admin"]""", """["content:*"]""", """["*"]""", """["content:read admin"]""", """["content"]""", """[""]""", "[null]"])
        {
            using var answer = await _api.Editor.PostJson("/v1/keys", $$"""{"name":"a","scopes":{{scopes}}}""");
            Assert.True((int)answer.StatusCode is 400 or 422, scopes);
        }

        var read = await _api.Holder(["content:read"]);
        await read.Get("/v1/articles?perspective=preview").IsRefused(403, "scopeRequired");
        Assert.Equal(["content:read"], (await read.GetObject("/v1/me"))["scopes"]!.AsArray().Select(s => s!.GetValue<string>()));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
