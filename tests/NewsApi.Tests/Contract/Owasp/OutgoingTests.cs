using System.Net;
using System.Net.Sockets;
using System.Text;
using NewsApi.Tests.Access;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract.Owasp;

/// <summary>API7, server side request forgery: the program calls nobody whose address came with a request, but for webhooks (see WebhookTargetTests).</summary>
public sealed class OutgoingTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task An_address_in_content_headers_or_tokens_is_never_called()
    {
        using var trap = new TcpListener(IPAddress.Loopback, 0);
        trap.Start();
        var there = $"http://127.0.0.1:{((IPEndPoint)trap.LocalEndpoint).Port}/geheim";
        var article = await _api.Article("Bericht", $$"""
            ,"images":[{"url":"{{there}}"}],"body":[{"type":"embed","url":"{{there}}"},{"type":"image","image":{"url":"{{there}}"} },
             {"type":"paragraph","html":"<a href='{{there}}'>x</a><img src='{{there}}'><link rel=stylesheet href='{{there}}'><iframe src='{{there}}'></iframe>"}]
            """);
        await _api.Person("Rubio", $$""","image":{"url":"{{there}}"}""");
        using var import = await _api.Editor.PostAsync(
            "/v1/imports", Json.Body($"<!DOCTYPE a SYSTEM \"{there}\">\nTitel {there}\n\nFreitag, 2. Jänner 2026 | 09:30 Uhr\n\nMehr unter {there} und <img src=\"{there}\">.", "text/plain"), TestContext.Current.CancellationToken);
        var head = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"alg":"RS256","kid":"{{there}}","jku":"{{there}}","x5u":"{{there}}"}""")).TrimEnd('=');
        var body = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"iss":"{{there}}","sub":"a","aud":"a"}""")).TrimEnd('=');
        await _api.With($"{head}.{body}.AAAA").Get("/v1/articles").IsRefused(401);
        foreach (var header in (string[])["Host", "X-Forwarded-Host", "Forwarded", "Origin", "Referer", "X-Original-URL", "X-Rewrite-URL", "Via"])
        {
            using var answer = await _api.Anonymous.Ask($"/v1/articles/{article.Id()}", (header, header == "Host" ? there["http://".Length..].Split('/')[0] : there));
            Assert.DoesNotContain(there, answer.Headers.ToString(), StringComparison.Ordinal);
        }

        await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}");

        Assert.False(trap.Pending());
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,a")]
    [InlineData("ftp://example.org/a")]
    [InlineData("//example.org/a")]
    [InlineData("/v1/keys")]
    [InlineData("http://user:secret@example.org/")]
    public async Task An_address_that_is_none_of_the_web_is_refused_wherever_it_stands(string address)
    {
        await _api.Editor.PostJson("/v1/articles", $$"""{"headline":"a","images":[{"url":"{{address}}"}]}""").IsRefusedAt(422, "/images/0/url");
        await _api.Editor.PostJson("/v1/articles", $$"""{"headline":"a","body":[{"type":"embed","url":"{{address}}"}]}""").IsRefusedAt(422, "/body/0/url");
        await _api.Editor.PostJson("/v1/articles", $$"""{"headline":"a","body":[{"type":"image","image":{"url":"{{address}}"} }]}""").IsRefusedAt(422, "/body/0/image/url");
        await _api.Editor.PostJson("/v1/people", $$"""{"name":"a","image":{"url":"{{address}}"} }""").IsRefusedAt(422, "/image/url");
    }

    [Fact]
    public async Task Nobody_is_sent_on_to_an_address_that_came_with_the_request()
    {
        await _api.Article("Bericht");
        foreach (var (path, operations) in (await _api.Anonymous.GetObject("/openapi/v1.json"))["paths"]!.AsObject())
        {
            if (operations!["get"] is null) continue;

            var address = path.Replace("{id}", Guid.CreateVersion7().ToString(), StringComparison.Ordinal).Replace("{slug}", "bericht", StringComparison.Ordinal).Replace("{version}", "1", StringComparison.Ordinal);
            foreach (var target in (string[])[address, $"//evil.example{address}", $"{address}//evil.example", $"{address}?url=//evil.example&returnUrl=https://evil.example", $"/%5cevil.example{address}"])
            {
                var (status, text) = await _api.Raw("GET", target, "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: gopher\r\nX-Forwarded-Prefix: //evil.example\r\n");
                Assert.False(status is >= 300 and < 400, $"{target}: {status}");
                Assert.DoesNotContain("evil.example", text.Split("\r\n\r\n")[0], StringComparison.Ordinal);
            }
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
