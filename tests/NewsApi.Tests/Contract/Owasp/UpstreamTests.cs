using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NewsApi.Tests.Access;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract.Owasp;

/// <summary>API10, unsafe consumption of APIs: what comes from outside is as little trusted as what clients send.</summary>
public sealed class UpstreamTests : IAsyncDisposable
{
    private const string Head = "Freitag, 2. Jänner 2026 | 09:30 Uhr\nVon: APA\n\n";

    private readonly Api _api = new();

    [Theory]
    [InlineData("<script>alert(1)</script> und <img src=x onerror=alert(1)> stehen im Text dieser Seite.")]
    [InlineData("Ein Text mit <svg><style><img src=x onerror=alert(1)></style></svg> darin, der weitergeht.")]
    [InlineData("&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62; &xxe; &amp;lt;b&amp;gt; stehen hier als Zeichen.")]
    [InlineData("<!DOCTYPE a [<!ENTITY xxe SYSTEM \"file:///etc/passwd\">]> &xxe; steht in diesem Text geschrieben.")]
    [InlineData("[Klick](javascript:alert(1)) und javascript:alert(1) stehen hier als gewöhnlicher Text.")]
    [InlineData("{{constructor.constructor('alert(1)')()}} ${7*7} <%= 7*7 %> =cmd|'/c calc'!A1 im Text.")]
    public async Task Markup_and_entities_of_a_page_are_text(string text)
    {
        var item = await ImportAsync($"Ein Titel über {text}\n\n{Head}{text}\n\nUnd noch ein Satz.");

        var article = await _api.Preview("articles", item.Id());
        var html = string.Concat(article["body"]!.AsArray().Select(b => b!["html"]?.GetValue<string>()));
        foreach (var active in (string[])["<script", "<img", "<svg", "<style", "<iframe", "<!", "href=\"javascript"]) Assert.DoesNotContain(active, html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("root:", article.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(text, article["body"]![0]!.Text("text"));
    }

    [Fact]
    public async Task A_page_of_odd_characters_or_endless_lines_is_taken_or_refused_and_never_fails()
    {
        foreach (var text in (string[])
            [
                "\0", "Ti\0tel\n\nText\0", $"Titel\n\n{Head}{new string('a', 900_000)}", new string('\n', 900_000), new string(' ', 900_000), string.Concat(Enumerable.Repeat("a\n", 400_000)),
                $"{new string('T', 500_000)}\n\n{Head}Text.", $"Titel\n\n{Head}{string.Concat(Enumerable.Repeat("a\u0301", 100_000))}", $"Titel\n\n{Head}\u202e\ufeff\u2028\u0085\u001b[31m", $"Titel\n\nVon: {string.Concat(Enumerable.Repeat("APA/", 100_000))}\n\nText.",
                string.Concat(Enumerable.Repeat("> ", 300_000)), $"Titel\n\n{Head}{string.Concat(Enumerable.Repeat("<b>", 200_000))}",
            ])
        {
            using var answer = await _api.Editor.PostAsync("/v1/imports", Json.Body(text, "text/plain"), TestContext.Current.CancellationToken);
            Assert.True((int)answer.StatusCode is 200 or 400 or 413 or 422, $"{(int)answer.StatusCode} for {text[..Math.Min(20, text.Length)]}");
            Assert.DoesNotContain("\\u0000", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        Assert.Empty((await _api.Anonymous.GetObject("/v1/articles"))["items"]!.AsArray());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("<html><body>Sign in</body></html>")]
    [InlineData("""{"issuer":"ISSUER"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"file:///etc/passwd"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"http://127.0.0.1:9/keys"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"ISSUER/keys"}""")]
    public async Task An_authority_that_answers_nonsense_lets_nobody_in_and_brings_nothing_down(string configuration)
    {
        await using var authority = await StartAsync(configuration);
        await using var api = new Api(("Access:Tokens:Authority", authority.Urls.Single()), ("Access:Tokens:Audience", "newsapi"), ("Logging:LogLevel:Default", "None"));
        foreach (var head in (string[])["""{"alg":"RS256","kid":"a"}""", """{"alg":"none"}""", """{"alg":"HS256"}"""])
        {
            var token = $"{Encoded(head)}.{Encoded($$"""{"iss":"{{authority.Urls.Single()}}","aud":"newsapi","sub":"anna","scope":"admin","exp":4102444800}""")}.AAAA";
            using var answer = await api.With(token).Get("/v1/me");
            Assert.True((int)answer.StatusCode is 401 or 503, $"{(int)answer.StatusCode}");
            Assert.DoesNotContain("127.0.0.1", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        await api.Editor.GetObject("/v1/me");
        await api.Anonymous.GetObject("/v1/articles");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private async Task<JsonNode> ImportAsync(string page)
    {
        using var answer = await _api.Editor.PostAsync("/v1/imports", Json.Body(page, "text/plain"), TestContext.Current.CancellationToken);
        return (await answer.Object(HttpStatusCode.OK))["items"]![0]!;
    }

    private static string Encoded(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static async Task<WebApplication> StartAsync(string configuration)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", () => Results.Text(configuration.Replace("ISSUER", app.Urls.Single(), StringComparison.Ordinal), "application/json"));
        app.MapGet("/keys", () => Results.Text("""{"keys":[{"kty":"oct","k":"AAAA","kid":"a"},{"kty":"RSA","n":"AA","e":"AA","kid":"a"}]}""", "application/json"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
