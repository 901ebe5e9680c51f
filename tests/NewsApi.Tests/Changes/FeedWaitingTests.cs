using System.Diagnostics;
using System.Text.Json.Nodes;
using NewsApi.Publishing;
using NewsApi.Tests.Access;
using NewsApi.Tests.Search;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Changes;

/// <summary>Entries with what they tell of, and answers that wait for one.</summary>
public sealed class FeedWaitingTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task An_entry_carries_the_resource_as_it_is_read_where_it_is_the_newest_of_it()
    {
        var article = await _api.Article("Gipfel in Paris");
        var person = await _api.Person("Marco Rubio");
        var newsEvent = await _api.Event("Gipfel");
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"teaser":"neu"}""").Answers();

        var entries = (await _api.Anonymous.GetObject("/v1/changes?include=resource")).Items();

        Assert.Null(entries[0]["article"]);
        foreach (var (entry, member, address) in ((JsonNode, string, string)[])
            [(entries[3], "article", $"/v1/articles/{article.Id()}"), (entries[1], "person", $"/v1/people/{person.Id()}"), (entries[2], "event", $"/v1/events/{newsEvent.Id()}")])
        {
            Sending.Same(await _api.Anonymous.GetObject(address), entry[member]);
            Assert.Equal(entry.Text("contentHash"), CanonicalJson.Hash(System.Text.Encoding.UTF8.GetBytes(entry[member]!.ToJsonString())));
        }

        await _api.Editor.Remove($"/v1/articles/{article.Id()}").Succeeds();
        var last = (await _api.Anonymous.GetObject("/v1/changes?include=resource")).Items()[^1];
        Assert.Equal(("remove", null), (last.Text("operation"), last["article"]));
        Assert.All((await _api.Anonymous.GetObject("/v1/changes")).Items(), e => Assert.Null(e["person"]));
    }

    [Fact]
    public async Task Under_a_licence_an_entry_carries_what_the_key_sees()
    {
        using var partner = await _api.Holder(["content:read", "sync:read"], ""","licence":{"sources":[{"name":"APA","level":"teaser"},{"name":"dpa","level":"full"}]}""");
        var part = await _api.Article("Teil", ""","sources":[{"name":"APA"}],"teaser":"Vorspann","body":[{"type":"paragraph","text":"Volltext"}]""");
        await _api.Article("Nichts", ""","sources":[{"name":"Reuters"}]""");

        var entry = Assert.Single((await partner.GetObject("/v1/changes?include=resource&types=article")).Items());

        Assert.Equal(part.Id(), entry.Id());
        Assert.Equal("Vorspann", entry["article"]!.Text("teaser"));
        Assert.Null(entry["article"]!["body"]);
        Sending.Same(await partner.GetObject($"/v1/articles/{part.Id()}"), entry["article"]);
    }

    [Fact]
    public async Task A_page_of_large_resources_ends_early_and_goes_on()
    {
        var blocks = string.Join(',', Enumerable.Repeat($$"""{"type":"paragraph","text":"{{new string('x', 45_000)}}"}""", 20));
        for (var i = 0; i < 12; i++) await _api.Article($"Lang {i}", $$""","body":[{{blocks}}]""");

        var first = await _api.Anonymous.GetObject("/v1/changes?include=resource");
        var second = await _api.Anonymous.GetObject($"/v1/changes?include=resource&cursor={first.Text("nextCursor")}");

        Assert.Equal((10, true), (first.Items().Count, first["hasMore"]!.GetValue<bool>()));
        Assert.Equal((2, false), (second.Items().Count, second["hasMore"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task An_answer_that_waits_comes_with_the_next_entry()
    {
        await _api.Person("Marco Rubio");
        var cursor = (await _api.Anonymous.GetObject("/v1/changes")).Text("nextCursor");
        var waiting = _api.Anonymous.Get($"/v1/changes?wait=30&types=article&cursor={cursor}");
        await _api.Person("Steven Witkoff");
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        var article = await _api.Article("Gipfel");

        using var answer = await waiting;
        var page = await answer.Object(System.Net.HttpStatusCode.OK);
        Assert.Equal(article.Id(), Assert.Single(page.Items()).Id());
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    [Fact]
    public async Task Whoever_waits_with_a_key_that_is_revoked_meanwhile_is_refused_as_with_a_new_call()
    {
        var key = await _api.Key(["sync:read"]);
        using var holder = _api.With(key.Text("key"));
        var waiting = await WaitingAsync(holder);

        await _api.Editor.Remove($"/v1/keys/{key.Id()}", null).Succeeds();
        await _api.Article("Gipfel");

        using var answer = await waiting;
        var problem = await answer.Problem(401, "unauthorized");
        Assert.Equal((await holder.Get("/v1/changes").IsRefused(401)).Text("detail"), problem.Text("detail"));
        Assert.NotNull(answer.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task Whoever_waits_under_a_licence_that_is_changed_meanwhile_has_to_start_again()
    {
        var key = await _api.Key(["sync:read"], ""","licence":{"sections":["politik"]}""");
        using var holder = _api.With(key.Text("key"));
        var waiting = await WaitingAsync(holder);

        await _api.Editor.PatchJson($"/v1/keys/{key.Id()}", """{"licence":{"sections":["sport"]}}""", null).Answers();
        await _api.Article("Gipfel", ""","section":{"slug":"politik"}""");

        using var answer = await waiting;
        Assert.Equal(["cursor"], (await answer.Problem(410, "scopeChanged")).Places());
    }

    [Fact]
    public async Task Whoever_waits_with_a_key_that_loses_the_scope_is_told_so()
    {
        await using var closed = new Api(("Access:AnonymousRead", "false"));
        var key = await closed.Key(["content:read", "sync:read"]);
        using var holder = closed.With(key.Text("key"));
        var waiting = await WaitingAsync(holder);

        await closed.Editor.PatchJson($"/v1/keys/{key.Id()}", """{"scopes":["content:read"]}""", null).Answers();
        await closed.Article("Gipfel");

        using var answer = await waiting;
        await answer.Problem(403, "scopeRequired");
    }

    [Fact]
    public async Task A_key_that_stayed_as_it_was_waits_on()
    {
        await using var closed = new Api(("Access:AnonymousRead", "false"));
        using var holder = await closed.Holder(["sync:read"], ""","licence":{"sections":["politik"]}""");
        var waiting = await WaitingAsync(holder);

        await closed.Key(["sync:read"]);
        await closed.Article("Anderswo", ""","section":{"slug":"sport"}""");
        var article = await closed.Article("Gipfel", ""","section":{"slug":"politik"}""");

        using var answer = await waiting;
        Assert.Equal(article.Id(), Assert.Single((await answer.Object(System.Net.HttpStatusCode.OK)).Items()).Id());
    }

    [Fact]
    public async Task An_answer_that_waited_in_vain_is_an_empty_page_to_go_on_from()
    {
        await _api.Person("Marco Rubio");
        var cursor = (await _api.Anonymous.GetObject("/v1/changes")).Text("nextCursor");
        var watch = Stopwatch.StartNew();

        var page = await _api.Anonymous.GetObject($"/v1/changes?wait=1&cursor={cursor}");

        Assert.True(watch.Elapsed > TimeSpan.FromMilliseconds(900));
        Assert.Empty(page.Items());
        Assert.Equal(cursor, page.Text("nextCursor"));
    }

    [Fact]
    public async Task Whoever_waits_on_one_node_hears_of_what_another_one_writes()
    {
        await using var other = new Api(null, _api.Folder);
        var cursor = (await _api.Anonymous.GetObject("/v1/changes")).Text("nextCursor");
        var waiting = _api.Anonymous.GetObject($"/v1/changes?wait=30&cursor={cursor}");

        await other.Person("Marco Rubio");

        Assert.Single((await waiting).Items());
    }

    [Fact]
    public async Task A_program_that_ends_lets_those_go_who_wait()
    {
        var api = new Api();
        var cursor = (await api.Anonymous.GetObject("/v1/changes")).Text("nextCursor");
        var waiting = api.Anonymous.GetObject($"/v1/changes?wait=30&cursor={cursor}");
        await Task.Delay(200, TestContext.Current.CancellationToken);

        var stopping = api.Services.GetService(typeof(Microsoft.Extensions.Hosting.IHostApplicationLifetime)) as Microsoft.Extensions.Hosting.IHostApplicationLifetime;
        stopping!.StopApplication();

        Assert.Empty((await waiting.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken)).Items());
        await api.DisposeAsync();
    }

    [Theory]
    [InlineData("wait=31")]
    [InlineData("wait=-1")]
    [InlineData("wait=x")]
    [InlineData("include=article")]
    public async Task What_cannot_be_meant_is_refused_by_name(string query) =>
        Assert.Equal([query.Split('=')[0]], (await _api.Anonymous.Get($"/v1/changes?{query}").IsRefused(400)).Places());

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static async Task<Task<HttpResponseMessage>> WaitingAsync(HttpClient client)
    {
        var cursor = (await client.GetObject("/v1/changes")).Text("nextCursor");
        var waiting = client.Get($"/v1/changes?wait=30&include=resource&cursor={cursor}");
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        return waiting;
    }
}
