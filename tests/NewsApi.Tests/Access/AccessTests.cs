using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Access;

public sealed class AccessTests : IAsyncDisposable
{
    private const string Canary = "canary-7f3a9c51";

    private readonly Api _api = new();

    [Fact]
    public async Task A_write_without_a_key_is_refused_and_changes_nothing()
    {
        var article = await _api.Article("Bericht");
        await _api.Person("Rubio");
        var before = await State();
        foreach (var client in (HttpClient[])[_api.Anonymous, Keyed(("Authorization", "Bearer wrong"))])
        {
            foreach (var (method, address, body) in ((string, string, string?)[])
            [
                ("POST", "/v1/articles", """{"headline":"a"}"""), ("PUT", $"/v1/articles/{article.Id()}", """{"headline":"a"}"""),
                ("PATCH", $"/v1/articles/{article.Id()}", """{"headline":"a"}"""), ("DELETE", $"/v1/articles/{article.Id()}", null),
                ("PUT", $"/v1/articles/{article.Id()}/publication", null), ("DELETE", $"/v1/articles/{article.Id()}/publication", null),
                ("POST", "/v1/people", """{"name":"a"}"""), ("POST", "/v1/events", """{"title":"a","start":{"value":"2026"}}"""),
                ("PUT", "/v1/sections/politik", """{"name":"a"}"""),
            ])
            {
                using var response = await client.Ask(HttpMethod.Parse(method), address, body is null ? null : Json.Body(body), ("If-Match", "*"));
                await response.Problem(401, "unauthorized");
            }

            using var import = await client.PostAsync("/v1/imports", Json.Body("Titel\n\nText", "text/plain"), TestContext.Current.CancellationToken);
            await import.Problem(401, "unauthorized");
        }

        Assert.Equal(before, await State());
    }

    [Theory]
    [InlineData("Authorization", "Bearer wrong")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Bearer")]
    [InlineData("Authorization", "")]
    [InlineData("Authorization", "dev-admin-key")]
    [InlineData("Authorization", "Bearer  dev-admin-key extra")]
    [InlineData("Authorization", "Bearer DEV-ADMIN-KEY")]
    [InlineData("Authorization", "Basic ZGV2LWFkbWluLWtleTo=")]
    [InlineData("Authorization", "Bearer dev-admin-key, Bearer dev-admin-key")]
    [InlineData("X-Api-Key", "wrong")]
    [InlineData("X-Api-Key", "")]
    [InlineData("X-Api-Key", "Bearer dev-admin-key")]
    public async Task A_bad_key_is_refused_on_public_reads_too_even_from_memory(string header, string value)
    {
        var article = await _api.Article("Bericht");
        foreach (var address in (string[])["/v1/articles", $"/v1/articles/{article.Id()}", "/v1/people", "/v1/sections", "/v1/articles?perspective=preview"])
        {
            using var warm = await _api.Anonymous.Ask(address);
            using var response = await _api.Anonymous.Ask(address, (header, value));
            await response.Problem(401, "unauthorized");
        }
    }

    [Fact]
    public async Task Both_headers_take_the_key_and_the_address_does_not()
    {
        foreach (var header in ((string, string)[])[("X-Api-Key", Api.Key), ("Authorization", $"Bearer {Api.Key}"), ("Authorization", $"bearer {Api.Key}")])
        {
            using var response = await _api.Anonymous.Ask("/v1/articles?perspective=preview", header);
            await response.Object(HttpStatusCode.OK);
        }

        using var both = await _api.Anonymous.Ask("/v1/articles", ("X-Api-Key", Api.Key), ("Authorization", $"Bearer {Api.Key}"));
        await both.Object(HttpStatusCode.OK);
        using var differing = await _api.Anonymous.Ask("/v1/articles", ("X-Api-Key", Api.Key), ("Authorization", "Bearer another"));
        await differing.Problem(401, "unauthorized");
        foreach (var name in (string[])["key", "api_key", "apiKey", "access_token", "X-Api-Key", "Authorization"])
        {
            using var read = await _api.Anonymous.Ask($"/v1/articles?perspective=preview&{name}={Api.Key}");
            await read.Problem(401, "unauthorized");
            using var write = await _api.Anonymous.PostJson($"/v1/articles?{name}={Api.Key}", """{"headline":"a"}""");
            await write.Problem(401, "unauthorized");
        }
    }

    [Fact]
    public async Task In_Production_only_configured_keys_are_known()
    {
        await using var closed = new Api(("Environment", "Production"));
        using var refused = await closed.Editor.PostJson("/v1/articles", """{"headline":"a"}""");
        await refused.Problem(401, "unauthorized");
        await closed.Anonymous.GetObject("/v1/articles");

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes("press-key"));
        foreach (var hex in (string[])[Convert.ToHexString(hash), Convert.ToHexStringLower(hash)])
        {
            await using var open = new Api(("Environment", "Production"), ("Access:KeyHashes:press", hex));
            using var press = await open.Anonymous.Ask(HttpMethod.Post, "/v1/articles", Json.Body("""{"headline":"a"}"""), ("X-Api-Key", "press-key"));
            await press.Object(HttpStatusCode.Created);
            using var development = await open.Editor.PostJson("/v1/articles", """{"headline":"b"}""");
            await development.Problem(401, "unauthorized");
            using var byHash = await open.Anonymous.Ask("/v1/articles", ("X-Api-Key", hex));
            await byHash.Problem(401, "unauthorized");
        }
    }

    [Fact]
    public async Task A_header_that_names_another_method_changes_nothing()
    {
        var article = await _api.Article("Bericht");
        var before = await State();
        foreach (var header in (string[])["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
        {
            using var read = await _api.Editor.Ask($"/v1/articles/{article.Id()}", (header, "DELETE"), ("If-Match", "*"));
            await read.Object(HttpStatusCode.OK);
            using var write = await _api.Anonymous.Ask(HttpMethod.Post, "/v1/articles", Json.Body("""{"headline":"a"}"""), (header, "GET"));
            await write.Problem(401, "unauthorized");
        }

        Assert.Equal(before, await State());
    }

    [Theory]
    [InlineData("/v1/articles")]
    [InlineData("/v1/articles/")]
    [InlineData("/V1/ARTICLES")]
    [InlineData("/v1/%61rticles")]
    [InlineData("//v1/articles")]
    [InlineData("/v1//articles")]
    [InlineData("/v1/articles//")]
    [InlineData("/v1/./articles")]
    [InlineData("/v1/%2e/articles")]
    [InlineData("/v1/x/../articles")]
    [InlineData("/v1/x/%2e%2e/articles")]
    [InlineData("/v1/articles/.")]
    [InlineData("/v1/articles/%2e")]
    [InlineData("/v1/articles%2f")]
    [InlineData("/v1%2farticles")]
    [InlineData("/v1/articles;a=b")]
    [InlineData("/v1/articles%20")]
    [InlineData("/v1/articles?")]
    [InlineData("/health/live/../../v1/articles")]
    [InlineData("/openapi/../v1/articles")]
    [InlineData("http://localhost/v1/articles")]
    public async Task No_spelling_of_an_address_gets_around_the_key(string target)
    {
        const string body = """{"headline":"a"}""";
        foreach (var method in (string[])["POST", "post", "PUT", "PATCH", "DELETE"])
        {
            var (status, text) = await _api.Raw(
                $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
            Assert.True(status is 400 or 401 or 404 or 405 or 415 or 501, $"{method} {target}: {text}");
        }

        var preview = await _api.Raw("GET", $"{target}{(target.EndsWith('?') ? "" : "?")}perspective=preview");
        Assert.True(preview.Status is 400 or 401 or 404, preview.Text);
        Assert.Empty((await _api.Editor.GetObject("/v1/articles?perspective=preview"))["items"]!.AsArray());
    }

    [Fact]
    public async Task What_a_key_may_see_is_never_remembered_for_anybody_else()
    {
        var draft = await _api.Draft("Geheim");
        var article = await _api.Article("Bericht");
        using var copy = await _api.Editor.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"headline":"Geheime Fassung"}""");
        await copy.Object(HttpStatusCode.OK);
        foreach (var address in (string[])["/v1/articles", $"/v1/articles/{article.Id()}", $"/v1/articles/{draft.Id()}", "/v1/articles/by-slug/bericht"])
        {
            using var keyed = await _api.Editor.Ask($"{address}?perspective=preview");
            Assert.Contains("Geheim", await keyed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            using var refused = await _api.Anonymous.Ask($"{address}?perspective=preview");
            await refused.Problem(401, "unauthorized");
            using var open = await _api.Anonymous.Ask(address);
            Assert.DoesNotContain("Geheim", await open.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_may_not_see_a_draft_cannot_tell_it_from_nothing()
    {
        var draft = await _api.Draft("Geheim", ""","slug":"geheim" """);
        foreach (var (there, nowhere) in ((string, string)[])
        [
            ($"/v1/articles/{draft.Id()}", "/v1/articles/0190aaaa-0000-7000-8000-000000000001"), ("/v1/articles/by-slug/geheim", "/v1/articles/by-slug/nobody"),
        ])
        {
            using var hidden = await _api.Anonymous.Ask(there);
            using var absent = await _api.Anonymous.Ask(nowhere);
            var (a, b) = (await hidden.Problem(404), await absent.Problem(404));
            foreach (var member in (string[])["instance", "traceId"]) Assert.True(a.Remove(member) && b.Remove(member));
            Assert.Equal(b.ToJsonString(), a.ToJsonString());
            Assert.Equal(absent.Headers.Select(h => h.Key).Order(), hidden.Headers.Select(h => h.Key).Order());
        }
    }

    [Fact]
    public async Task A_key_is_never_repeated_in_an_answer_nor_in_the_log()
    {
        await using var api = new Api(LogKeeper.Everything);
        using var log = new LogKeeper();
        api.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        foreach (var (method, address) in ((string, string)[])
        [
            ("GET", "/v1/articles"), ("GET", "/v1/articles?limit=0"), ("GET", "/v1/articles?perspective=preview"), ("POST", "/v1/articles"), ("PUT", "/v1/articles"),
            ("PATCH", "/v1/people/x"), ("DELETE", "/v1/sections/x"), ("GET", "/nowhere"), ("OPTIONS", "/v1/articles"), ("GET", "/health/ready"),
        ])
        {
            foreach (var header in ((string, string)[])[("Authorization", $"Bearer {Canary}"), ("Authorization", Canary), ("X-Api-Key", Canary)])
            {
                using var response = await api.Anonymous.Ask(HttpMethod.Parse(method), address, method == "GET" ? null : Json.Body("{"), header);
                Assert.DoesNotContain(Canary, response.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain(Canary, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            }
        }

        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines, line => line.Contains(Canary, StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private HttpClient Keyed((string Name, string Value) header)
    {
        var client = _api.CreateClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation(header.Name, header.Value);
        return client;
    }

    /// <summary>Everything there is, as an editor sees it.</summary>
    private async Task<string> State()
    {
        var state = new StringBuilder();
        foreach (var list in (string[])["articles?perspective=preview&view=full", "people?perspective=preview", "events?perspective=preview", "sections", "articles"])
            state.AppendLine((await _api.Editor.GetObject($"/v1/{list}")).ToJsonString());
        return state.ToString();
    }
}
