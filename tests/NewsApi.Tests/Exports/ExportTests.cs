using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using NewsApi.Publishing;
using NewsApi.Tests.Access;
using NewsApi.Tests.Search;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Exports;

/// <summary>Everything public at one moment, a line each.</summary>
public sealed class ExportTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task Every_line_is_a_resource_as_it_is_read_and_the_header_says_where_to_go_on()
    {
        var article = await _api.Article("Gipfel in Paris", ""","body":[{"type":"paragraph","text":"Text"}]""");
        await _api.Draft("Entwurf");
        var person = await _api.Person("Marco Rubio");
        var newsEvent = await _api.Event("Gipfel");

        foreach (var (type, id) in ((string, string)[])[("articles", article.Id()), ("people", person.Id()), ("events", newsEvent.Id())])
        {
            using var answer = await _api.Anonymous.Get($"/v1/exports/{type}.ndjson");
            Assert.Equal((HttpStatusCode.OK, "application/x-ndjson; charset=utf-8", "no-store"), (answer.StatusCode, answer.Header("Content-Type"), answer.Header("Cache-Control")));
            var line = Assert.Single(await LinesAsync(answer));
            using var read = await _api.Anonymous.Get($"/v1/{type}/{id}");
            Assert.Equal(Encoding.UTF8.GetString(await read.Bytes()), line);
            Assert.Empty((await _api.Anonymous.GetObject($"/v1/changes?cursor={answer.Header("Changes-Cursor")}")).Items());
        }
    }

    [Fact]
    public async Task A_snapshot_and_the_feed_behind_it_are_the_state()
    {
        for (var i = 0; i < 450; i++) await _api.Person($"Person {i}");
        using var answer = await _api.Anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/v1/exports/people.ndjson"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var late = await _api.Person("Zu spät");
        var lines = await LinesAsync(answer);

        Assert.Equal(450, lines.Count);
        Assert.Equal(lines.Select(l => JsonNode.Parse(l)!.Id()).Order(StringComparer.Ordinal), lines.Select(l => JsonNode.Parse(l)!.Id()));
        var told = (await _api.Anonymous.GetObject($"/v1/changes?cursor={answer.Header("Changes-Cursor")}")).Each("id");
        Assert.Contains(late.Id(), told.Concat(lines.Select(l => JsonNode.Parse(l)!.Id())));
    }

    [Fact]
    public async Task An_export_that_was_broken_off_goes_on_behind_its_last_line()
    {
        for (var i = 0; i < 5; i++) await _api.Person($"Person {i}");
        using var whole = await _api.Anonymous.Get("/v1/exports/people.ndjson");
        var lines = await LinesAsync(whole);

        using var rest = await _api.Anonymous.Get($"/v1/exports/people.ndjson?after={JsonNode.Parse(lines[1])!.Id()}");

        Assert.Equal(lines.Skip(2), await LinesAsync(rest));
        Assert.Equal(["after"], (await _api.Anonymous.Get("/v1/exports/people.ndjson?after=x").IsRefused(400)).Places());
        await _api.Anonymous.Get("/v1/exports/sections.ndjson").IsRefused(404);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task It_is_compressed_for_those_who_take_that(string coding)
    {
        await _api.Person("Marco Rubio");
        using var answer = await _api.Anonymous.Get("/v1/exports/people.ndjson", ("Accept-Encoding", coding));
        Assert.Equal(coding, answer.Header("Content-Encoding"));
        using var bytes = new MemoryStream(await answer.Bytes());
        using Stream decoder = coding == "br" ? new BrotliStream(bytes, CompressionMode.Decompress) : new GZipStream(bytes, CompressionMode.Decompress);
        using var reader = new StreamReader(decoder);
        using var plain = await _api.Anonymous.Get("/v1/exports/people.ndjson");

        Assert.Equal(Encoding.UTF8.GetString(await plain.Bytes()), await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_licence_shows_its_part_with_the_hashes_of_the_feed()
    {
        using var partner = await _api.Holder(["content:read", "sync:read"], ""","licence":{"sources":[{"name":"APA","level":"teaser"},{"name":"dpa","level":"full"}]}""");
        foreach (var source in (string[])["APA", "dpa", "Reuters"])
            await _api.Article(source, $$""","sources":[{"name":"{{source}}"}],"body":[{"type":"paragraph","text":"Text"}]""");

        using var answer = await partner.Get("/v1/exports/articles.ndjson");

        var hashes = (await LinesAsync(answer)).Select(line => CanonicalJson.Hash(Encoding.UTF8.GetBytes(line))).Order().ToList();
        Assert.Equal((await partner.GetObject("/v1/changes?types=article")).Each("contentHash").Order(), hashes);
        Assert.Equal(2, hashes.Count);
    }

    [Fact]
    public async Task Whoever_crawls_holds_up_nobody_with_a_key_and_is_broken_off()
    {
        var blocks = string.Join(',', Enumerable.Repeat($$"""{"type":"paragraph","text":"{{new string('x', 45_000)}}"}""", 20));
        for (var i = 0; i < 20; i++) await _api.Article($"Lang {i}", $$""","body":[{{blocks}}]""");
        using var partner = await _api.Holder(["sync:read"]);
        using var crawling = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16_384 };
        await crawling.ConnectAsync(IPAddress.Loopback, _api.Anonymous.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await crawling.SendAsync("GET /v1/exports/articles.ndjson HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var buffer = new byte[65_536];
        var received = await crawling.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(buffer, 0, received), StringComparison.Ordinal);

        using (var second = await _api.Anonymous.Get("/v1/exports/people.ndjson"))
        {
            await second.Problem(503, "unavailable");
            Assert.NotNull(second.Header("Retry-After"));
        }

        using var whole = await partner.Get("/v1/exports/articles.ndjson");
        Assert.Equal(20, (await LinesAsync(whole)).Count);
        await Sending.Eventually(
            async () => await _api.Anonymous.StatusOf("/v1/exports/people.ndjson") == HttpStatusCode.OK, "the crawling export was broken off");
        Assert.False(await IsWholeAsync(crawling));
    }

    [Fact]
    public async Task It_needs_the_scope_of_the_feed()
    {
        await using var closed = new Api(("Access:AnonymousRead", "false"));
        using var reader = await closed.Holder(["content:read"]);
        foreach (var address in (string[])["/v1/exports/articles.ndjson", "/v1/changes", "/v1/sync/digest", "/v1/changes/stream"])
        {
            await reader.Get(address).IsRefused(403, "scopeRequired");
            await closed.Anonymous.Get(address).IsRefused(401);
        }

        using var head = await _api.Anonymous.Ask(HttpMethod.Head, "/v1/exports/articles.ndjson", null);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.NotNull(head.Header("Changes-Cursor"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    /// <summary>Whether the answer on a connection comes to the end that it should have.</summary>
    private static async Task<bool> IsWholeAsync(Socket connection)
    {
        var (buffer, end) = (new byte[65_536], "");
        try
        {
            while (await connection.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read)
                end = Encoding.ASCII.GetString(buffer, 0, read);
        }
        catch (SocketException)
        {
            return false;
        }

        return end.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
    }

    private static async Task<List<string>> LinesAsync(HttpResponseMessage answer)
    {
        var text = Encoding.UTF8.GetString(await answer.Bytes());
        Assert.True(text.Length == 0 || text.EndsWith('\n'));
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
