using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Changes;
using NewsApi.Tests.Access;
using NewsApi.Tests.Search;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Changes;

/// <summary>The feed as server-sent events, read as a browser reads them.</summary>
public sealed class ChangeStreamTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task What_is_told_is_what_the_feed_lists_and_then_what_happens()
    {
        await _api.Person("Marco Rubio");
        using var listener = await Listener.OpenAsync(_api.Anonymous, "/v1/changes/stream");
        var first = await listener.NextAsync();
        Assert.Equal("change", first.Event);
        Sending.Same((await _api.Anonymous.GetObject("/v1/changes")).Items()[0], first.Data);
        Assert.Equal(first.Data.Text("cursor"), first.Id);

        var article = await _api.Article("Gipfel");

        Assert.Equal(article.Id(), (await listener.NextAsync()).Data.Id());
    }

    [Fact]
    public async Task Who_comes_again_with_the_last_id_misses_nothing_and_hears_nothing_twice()
    {
        for (var i = 0; i < 5; i++) await _api.Person($"Person {i}");
        string id;
        using (var listener = await Listener.OpenAsync(_api.Anonymous, "/v1/changes/stream"))
        {
            await listener.NextAsync();
            id = (await listener.NextAsync()).Id;
        }

        using var again = await Listener.OpenAsync(_api.Anonymous, "/v1/changes/stream?cursor=invalid", ("Last-Event-ID", id));
        var heard = new List<string>();
        for (var i = 0; i < 3; i++) heard.Add((await again.NextAsync()).Data.Text("position"));

        Assert.Equal(["3", "4", "5"], heard);
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_told_with_the_resource()
    {
        using var listener = await Listener.OpenAsync(_api.Anonymous, "/v1/changes/stream?types=event&include=resource");
        await _api.Person("Marco Rubio");
        var newsEvent = await _api.Event("Gipfel");

        Sending.Same(newsEvent, (await listener.NextAsync()).Data["event"]);
    }

    [Fact]
    public async Task Many_listeners_hear_the_same_and_one_that_does_not_read_holds_nobody_up()
    {
        using var deaf = await Listener.OpenAsync(_api.Anonymous, "/v1/changes/stream?include=resource");
        var listeners = new List<Listener>();
        for (var i = 0; i < 100; i++) listeners.Add(await Listener.OpenAsync(_api.Anonymous, "/v1/changes/stream"));

        for (var i = 0; i < 20; i++) await _api.Person($"Person {i}");

        foreach (var listener in listeners)
        {
            for (var i = 1; i <= 20; i++) Assert.Equal($"{i}", (await listener.NextAsync()).Data.Text("position"));
            listener.Dispose();
        }
    }

    [Fact]
    public async Task What_listeners_walk_through_from_the_beginning_is_kept_by_nobody()
    {
        const int many = 250;
        for (var i = 0; i < many; i++) await _api.Person($"Person {i}");
        var shared = (SharedEvents)_api.Services.GetService(typeof(SharedEvents))!;
        var listeners = new List<Listener>();
        for (var i = 0; i < 3; i++) listeners.Add(await Listener.OpenAsync(_api.Anonymous, "/v1/changes/stream?include=resource"));

        foreach (var listener in listeners)
        {
            for (var i = 1; i <= many; i++) Assert.Equal($"{i}", (await listener.NextAsync()).Data.Text("position"));
            Assert.Equal((0, 0), shared.Kept);
        }

        await _api.Person("Neu");
        foreach (var listener in listeners) Assert.Equal($"{many + 1}", (await listener.NextAsync()).Data.Text("position"));

        // Nothing happens from here on that would clear it away.
        await Sending.Eventually(() => Task.FromResult(shared.Kept == (0, 0)), "nothing is kept");
        foreach (var listener in listeners) listener.Dispose();
    }

    [Fact]
    public async Task Who_has_nothing_to_hear_costs_neither_a_thread_nor_a_timer_for_every_commit()
    {
        const int many = 1_000;
        var listeners = new List<Listener>();
        foreach (var some in Enumerable.Range(0, many).Chunk(50)) listeners.AddRange(await Task.WhenAll(some.Select(_ => Listener.OpenAsync(_api.Anonymous, "/v1/changes/stream"))));

        Assert.InRange(Process.GetCurrentProcess().Threads.Count, 1, many / 4);
        for (var i = 0; i < 3; i++)
        {
            var person = await _api.Person($"Person {i}");
            Assert.All(await Task.WhenAll(listeners.Select(listener => listener.NextAsync())), heard => Assert.Equal(person.Id(), heard.Data.Id()));
        }

        Assert.InRange(Process.GetCurrentProcess().Threads.Count, 1, many / 4);
        Assert.InRange(Timer.ActiveCount, 0, 2 * many);
        foreach (var listener in listeners) listener.Dispose();
    }

    [Fact]
    public async Task A_key_that_is_revoked_hears_no_more()
    {
        var key = await _api.Key(["content:read", "sync:read"]);
        using var holder = _api.With(key.Text("key"));
        using var listener = await Listener.OpenAsync(holder, "/v1/changes/stream");
        await _api.Person("Marco Rubio");
        await listener.NextAsync();

        await _api.Editor.Remove($"/v1/keys/{key.Id()}", null).Succeeds();

        await Assert.ThrowsAsync<EndOfStreamException>(listener.NextAsync);
    }

    [Fact]
    public async Task Who_does_not_ask_for_a_stream_gets_none()
    {
        await _api.Anonymous.Get("/v1/changes/stream").IsRefused(406, "notAcceptable");
        await _api.Anonymous.Get("/v1/changes/stream", ("Accept", "*/*")).IsRefused(406);
        foreach (var (header, value) in ((string, string)[])[("Last-Event-ID", "x"), ("Last-Event-ID", "")])
            Assert.Equal(["Last-Event-ID"], (await _api.Anonymous.Get("/v1/changes/stream", ("Accept", "text/event-stream"), (header, value)).IsRefused(400)).Places());
        Assert.Equal(["cursor"], (await _api.Anonymous.Get("/v1/changes/stream?cursor=x", ("Accept", "text/event-stream")).IsRefused(400)).Places());
        using var head = await _api.Anonymous.Ask(HttpMethod.Head, "/v1/changes/stream", null, ("Accept", "text/event-stream"));
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (head.StatusCode, head.Header("Content-Type")));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private sealed class Listener(HttpResponseMessage response, StreamReader reader) : IDisposable
    {
        public static async Task<Listener> OpenAsync(HttpClient client, string address, params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Add("Accept", "text/event-stream");
            foreach (var (name, value) in headers) request.Headers.Add(name, value);
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.OK, "text/event-stream", "no-store"), (response.StatusCode, response.Header("Content-Type"), response.Header("Cache-Control")));
            return new Listener(response, new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
        }

        /// <summary>The next event with data, by the rules of the HTML standard.</summary>
        public async Task<(string Event, string Id, JsonNode Data)> NextAsync()
        {
            var (name, id, data) = ("", "", "");
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (true)
            {
                var line = await reader.ReadLineAsync(patience.Token) ?? throw new EndOfStreamException();
                if (line.Length == 0)
                {
                    if (data.Length > 0) return (name, id, JsonNode.Parse(data)!);
                    continue;
                }

                var (field, value) = line.IndexOf(':', StringComparison.Ordinal) is var colon && colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..].TrimStart(' '));
                if (field == "event") name = value;
                if (field == "id") id = value;
                if (field == "data") data += value;
            }
        }

        public void Dispose()
        {
            reader.Dispose();
            response.Dispose();
        }
    }
}
