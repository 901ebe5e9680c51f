using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NewsApi.Tests.Access;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract.Owasp;

/// <summary>API8, security misconfiguration: answers tell nothing of what is behind them, and a log nothing that opens anything.</summary>
public sealed class MisconfigurationTests : IAsyncDisposable
{
    /// <summary>What a stack, a statement or a path of ours would say.</summary>
    private static readonly string[] Insides =
        ["   at ", "Exception", "NewsApi.", "Microsoft.", "System.", "Npgsql", "SQLite", "SELECT", "INSERT", "public_", "preview_", "/src/", "/home/", "/tmp/", ".cs:", "Kestrel", "ASP.NET"];

    private readonly Api _api = new();

    [Theory]
    [InlineData("TRACE")]
    [InlineData("TRACK")]
    [InlineData("CONNECT")]
    [InlineData("DEBUG")]
    [InlineData("PROPFIND")]
    [InlineData("MOVE")]
    [InlineData("get")]
    [InlineData("FOO")]
    public async Task A_method_that_is_none_of_ours_is_refused_and_nothing_sent_is_repeated(string method)
    {
        foreach (var target in (string[])["/v1/articles", "/", "/docs", "/openapi/v1.json", "/health/live"])
        {
            var (status, text) = await _api.Raw(method, target, $"X-Secret: kanari-geheim\r\nAuthorization: Bearer {Api.Key}\r\nCookie: kanari-geheim\r\n");
            Assert.True(status is 400 or 404 or 405 or 501 || (status is 200 or 301 or 302 && method == "get"), $"{method} {target}: {text}");
            Assert.DoesNotContain("kanari-geheim", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Api.Key, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_failure_inside_says_nothing_of_the_inside_in_any_environment()
    {
        foreach (var environment in (string[])["Development", "Production"])
        {
            await using var api = new Api(("Environment", environment), ("Logging:LogLevel:Default", "None"), ("Logging:LogLevel:Microsoft", "None"));
            Break(api);
            foreach (var address in (string[])["/v1/people", $"/v1/people/{Guid.CreateVersion7()}", "/v1/people/by-slug/a", "/v1/people?q=a", "/v1/search?q=a"])
            {
                using var answer = await api.Anonymous.Get(address);
                Assert.True((int)answer.StatusCode >= 500, $"{address}: {(int)answer.StatusCode}");
                var text = $"{answer.Headers}{answer.Content.Headers}{await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";
                Assert.Contains("application/problem+json", text, StringComparison.Ordinal);
                foreach (var inside in Insides) Assert.False(text.Contains(inside, StringComparison.Ordinal), $"{address} says {inside}: {text}");
                Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
                Assert.Null(answer.Header("Server"));
            }
        }
    }

    [Fact]
    public async Task A_refusal_says_nothing_of_the_inside()
    {
        foreach (var (method, address, body) in ((string, string, string?)[])
        [
            ("POST", "/v1/articles", "{"), ("POST", "/v1/articles", "[]"), ("POST", "/v1/articles", """{"headline":5}"""), ("POST", "/v1/articles", """{"body":[{"type":{}}]}"""),
            ("POST", "/v1/events", """{"title":"a","start":"gestern"}"""), ("POST", "/v1/people", """{"name":"a","birthDate":"nie"}"""), ("POST", "/v1/keys", """{"name":"a","expiresAt":"nie","scopes":{}}"""),
            ("PATCH", $"/v1/people/{Guid.CreateVersion7()}", "\"a\""), ("GET", "/v1/articles?cursor=AAAAAAAAAAAA", null), ("GET", "/v1/changes?cursor=AAAAAAAA", null),
            ("GET", "/v1/articles/%ff", null), ("GET", "/v1/articles?q=%22", null), ("GET", "/v1/articles?q='; DROP TABLE people; --", null), ("GET", "/v1/articles?timeZone=../../etc/passwd", null),
            ("GET", "/v1/people/suggest?q=%00", null), ("GET", "/v1/reconcile?queries={", null), ("POST", "/v1/people/match", """{"queries":[{"name":{}}]}"""),
        ])
        {
            using var answer = await _api.Editor.Send(HttpMethod.Parse(method), address, body, ("If-Match", "*"));
            var text = $"{answer.Headers}{answer.Content.Headers}{await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";
            Assert.True((int)answer.StatusCode < 500, $"{address}: {text}");
            foreach (var inside in Insides) Assert.False(text.Contains(inside, StringComparison.Ordinal), $"{method} {address} says {inside}: {text}");
        }
    }

    [Fact]
    public async Task No_secret_is_in_the_log_of_a_day_with_keys_refusals_and_failures()
    {
        // All but what repeats the address of each request, with the token of a link in it: that is off in the settings.
        await using var api = new Api([.. LogKeeper.Everything, ("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "None")]);
        using var log = new LogKeeper();
        api.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        var secrets = new List<string> { Api.Key, "einmal-kanari-1", "kanari-falscher-schluessel", "kanari.falsches.token" };
        var key = await api.Key(["content:write", "content:preview"]);
        secrets.Add(key.Text("key"));
        var rotated = await api.Editor.Send(HttpMethod.Post, $"/v1/keys/{key.Id()}/rotate", null).Answers();
        secrets.Add(rotated.Text("key"));
        var writer = api.With(rotated.Text("key"));
        var draft = await writer.Send(HttpMethod.Post, "/v1/articles", """{"headline":"Geheimer Entwurf kanari-text"}""", ("Idempotency-Key", "einmal-kanari-1")).Answers(System.Net.HttpStatusCode.Created);
        secrets.Add("kanari-text");
        var link = (await writer.PostJson($"/v1/articles/{draft.Id()}/preview-links", "{}").Answers(System.Net.HttpStatusCode.Created)).Text("url");
        secrets.Add(link.Split("token=")[1]);
        await api.Anonymous.GetObject(link);
        foreach (var wrong in (string[])["kanari-falscher-schluessel", "kanari.falsches.token"])
        {
            await api.With(wrong).Get("/v1/articles").IsRefused(401);
            await api.Anonymous.Get("/v1/articles", ("X-Api-Key", wrong)).IsRefused(401);
        }

        await writer.PostJson("/v1/articles", """{"headline":"kanari-text""").IsRefused(400);
        await writer.PostJson("/v1/articles", """{"headline":"kanari-text","unbekannt":1}""").IsRefused(400);
        await writer.Publish(draft.Id()).IsRefused(403);
        Break(api);
        foreach (var client in (HttpClient[])[writer, api.Editor, api.Anonymous])
        {
            using var read = await client.Get($"{link}&unbekannt=1");
            using var list = await client.Get("/v1/people");
            using var write = await client.Send(HttpMethod.Post, "/v1/people", """{"name":"kanari-text"}""", ("Idempotency-Key", "einmal-kanari-1"));
            Assert.True((int)list.StatusCode >= 500);
        }

        Assert.Contains(log.Lines, line => line.Contains("failed", StringComparison.Ordinal));
        foreach (var secret in secrets) Assert.DoesNotContain(log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        foreach (var hash in Hashes(api)) Assert.DoesNotContain(log.Lines, line => line.Contains(hash, StringComparison.OrdinalIgnoreCase));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    /// <summary>Takes tables away from under the program.</summary>
    private static void Break(Api api)
    {
        using var tables = Storage.StoredTables.Of(api);
        foreach (var table in tables.Tables().Where(t => t.StartsWith("public_", StringComparison.Ordinal) || t == "people"))
            tables.Rows($"ALTER TABLE {table} RENAME TO weg_{table}", r => r.GetName(0));
    }

    private static List<string> Hashes(Api api)
    {
        using var tables = Storage.StoredTables.Of(api);
        return tables.Rows("SELECT hash FROM api_key_secrets", r => r.GetString(0));
    }
}
