using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Batch;

public sealed class BatchTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task Jobs_are_done_in_their_order_and_may_build_on_each_other()
    {
        foreach (var atomic in (bool[])[true, false])
        {
            var person = Guid.CreateVersion7();
            var article = Guid.CreateVersion7();

            var report = await Send(atomic, $$"""
                {"operation":"create","type":"person","body":{"id":"{{person}}","name":"Rustem Umjerow {{atomic}}"} },
                {"operation":"create","type":"article","note":"aus der Agentur","body":{"id":"{{article}}","headline":"Telefonat","people":[{"id":"{{person}}"}]} },
                {"operation":"publish","type":"article","id":"{{article}}","expectedVersion":1,"body":{"publishAt":"2025-12-31T18:30:00Z"} },
                {"operation":"update","type":"article","id":"{{article}}","expectedVersion":1,"body":{"teaser":"Am Mittwoch."} },
                {"operation":"update","type":"article","id":"{{article}}","expectedVersion":2,"body":{"teaser":null,"kicker":"Ukraine"} },
                {"operation":"replace","type":"event","id":"{{Guid.CreateVersion7()}}","body":{"title":"Gipfel in Paris","start":{"value":"2026-01-06"} } }
                """).Answers();

            Assert.Equal((6, 0), (report.Int("succeeded"), report.Int("failed")));
            Assert.Equal([201, 201, 200, 200, 200, 201], report["results"]!.AsArray().Select(r => r!.Int("status")));
            Assert.Equal([1, 1, 1, 2, 3, 1], report["results"]!.AsArray().Select(r => r!.Int("version")));
            var read = await _api.Anonymous.GetObject($"/v1/articles/{article}");
            Assert.Equal(("Ukraine", 3, person.ToString()), (read.Text("kicker"), read.Int("version"), read["people"]![0]!.Id()));
            Assert.Null(read["teaser"]);
            Assert.Equal("2025-12-31T18:30:00.000Z", read.Text("publishedAt"));
            var revisions = await _api.Editor.GetObject($"/v1/articles/{article}/revisions");
            Assert.Equal("aus der Agentur", revisions["items"]!.AsArray()[^1]!.Text("note"));
        }
    }

    [Theory]
    [InlineData("""{"operation":"create","type":"article","body":{"headline":""}}""", 422, "/jobs/1/body/headline")]
    [InlineData("""{"operation":"create","type":"article","body":{"headline":"a","haedline":"b"}}""", 400, "/jobs/1/body/haedline")]
    [InlineData("""{"operation":"create","type":"article","body":{"headline":"a","people":[{"slug":"niemand"}]}}""", 422, "/jobs/1/body/people/0/slug")]
    [InlineData("""{"operation":"update","type":"article","id":"{id}","expectedVersion":7,"body":{"headline":"b"}}""", 412, "/jobs/1/expectedVersion")]
    [InlineData("""{"operation":"update","type":"article","id":"{id}","body":{"headline":"b"}}""", 428, "/jobs/1/expectedVersion")]
    [InlineData("""{"operation":"replace","type":"article","id":"{id}","expectedVersion":0,"body":{"headline":"b"}}""", 412, "/jobs/1/expectedVersion")]
    [InlineData("""{"operation":"delete","type":"article","id":"01a20000-0000-7000-8000-000000000000","expectedVersion":1}""", 404, "/jobs/1")]
    [InlineData("""{"operation":"create","type":"article","body":{"headline":"a","externalIds":[{"source":"apa","value":"APA1"}]}}""", 409, "/jobs/1/body/externalIds/0")]
    public async Task What_is_wrong_with_one_job_keeps_all_of_an_atomic_batch_from_happening(string job, int status, string pointer)
    {
        var article = await _api.Article("Steht schon da", ""","externalIds":[{"source":"apa","value":"APA1"}]""");
        var jobs = """{"operation":"create","type":"person","body":{"name":"Steven Witkoff"}},""" + job.Replace("{id}", article.Id(), StringComparison.Ordinal);
        var before = await _api.Anonymous.GetObject("/v1/changes");

        await Send(true, jobs).IsRefusedAt(status, pointer);

        Sending.Same(before, await _api.Anonymous.GetObject("/v1/changes"));
        Assert.Empty((await _api.Editor.GetObject("/v1/people?perspective=preview"))["items"]!.AsArray());

        var report = await Send(false, jobs).Answers();
        Assert.Equal((1, 1), (report.Int("succeeded"), report.Int("failed")));
        Assert.Equal([201, status], report["results"]!.AsArray().Select(r => r!.Int("status")));
        Assert.Equal(pointer, report["results"]![1]!["problem"]!["errors"]![0]!.Text("pointer"));
        Assert.Single((await _api.Anonymous.GetObject("/v1/people"))["items"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"jobs":[]}""", 422, "/jobs")]
    [InlineData("""{"atomic":true}""", 422, "/jobs")]
    [InlineData("""{"jobs":[{"operation":"upsert","type":"article","body":{}}]}""", 422, "/jobs/0/operation")]
    [InlineData("""{"jobs":[{"operation":"create","type":"section","body":{}}]}""", 422, "/jobs/0/type")]
    [InlineData("""{"jobs":[{"operation":"create","type":"article"}]}""", 422, "/jobs/0/body")]
    [InlineData("""{"jobs":[{"operation":"delete","type":"article","expectedVersion":1}]}""", 422, "/jobs/0/id")]
    [InlineData("""{"jobs":[{"operation":"publish","type":"person","id":"01a20000-0000-7000-8000-000000000000"}]}""", 422, "/jobs/0/type")]
    [InlineData("""{"jobs":[{"operation":"create","type":"article","body":{"headline":"a"},"retries":3}]}""", 400, "/jobs/0/retries")]
    [InlineData("""{"jobs":[null]}""", 422, "/jobs/0")]
    public async Task A_batch_that_is_none_is_refused_as_a_whole(string body, int status, string pointer) =>
        await _api.Editor.PostJson("/v1/batch", body).IsRefusedAt(status, pointer);

    [Fact]
    public async Task Five_hundred_jobs_are_taken_and_one_more_is_not()
    {
        var jobs = Enumerable.Range(0, 501).Select(i => new JsonObject
        {
            ["operation"] = "create",
            ["type"] = "article",
            ["body"] = new JsonObject { ["headline"] = $"Artikel {i}", ["body"] = new JsonArray(new JsonObject { ["type"] = "paragraph", ["text"] = new string('a', 4_000) }) },
        }.ToJsonString()).ToList();

        await Send(true, string.Join(",", jobs)).IsRefusedAt(422, "/jobs");
        var report = await Send(true, string.Join(",", jobs.Take(500))).Answers();

        Assert.Equal(500, report.Int("succeeded"));
        Assert.Equal(500, (await _api.Editor.GetObject("/v1/articles?perspective=preview&count=exact")).Int("total"));
    }

    [Fact]
    public async Task The_feed_tells_what_an_atomic_batch_came_to_and_not_the_way_there()
    {
        var article = await _api.Article("Öffentlich");
        var gone = await _api.Article("Geht");

        await Send(true, $$"""
            {"operation":"withdraw","type":"article","id":"{{article.Id()}}"},
            {"operation":"update","type":"article","id":"{{article.Id()}}","expectedVersion":1,"body":{"teaser":"neu"} },
            {"operation":"publish","type":"article","id":"{{article.Id()}}"},
            {"operation":"update","type":"article","id":"{{gone.Id()}}","expectedVersion":1,"body":{"teaser":"neu"} },
            {"operation":"delete","type":"article","id":"{{gone.Id()}}","expectedVersion":2},
            {"operation":"create","type":"person","body":{"id":"019b8000-0000-7000-8000-000000000001","name":"Kommt Geht"} },
            {"operation":"delete","type":"person","id":"019b8000-0000-7000-8000-000000000001","expectedVersion":1}
            """).Answers();

        var told = (await _api.Anonymous.GetObject("/v1/changes"))["items"]!.AsArray().Select(e => e!)
            .Skip(2).Select(e => (e.Id(), $"{e.Text("operation")} {e.Text("reason")} {e.Int("version")} after {e["previousVersion"]}")).ToList();
        Assert.Equal([(article.Id(), "upsert updated 2 after 1"), (gone.Id(), "remove deleted 2 after 1")], told.OrderBy(t => t.Item1 == gone.Id()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_with_an_idempotency_key_happens_once(bool atomic)
    {
        const string jobs = """{"operation":"create","type":"article","body":{"headline":"Eins"}},{"operation":"create","type":"person","body":{"name":"Marco Rubio"}}""";

        var first = await Send(atomic, jobs, "k").Answers();
        var again = await Send(atomic, jobs, "k").Answers();

        Sending.Same(first, again);
        Assert.Single((await _api.Editor.GetObject("/v1/articles?perspective=preview"))["items"]!.AsArray());
        Assert.Single((await _api.Anonymous.GetObject("/v1/people"))["items"]!.AsArray());
        await Send(atomic, """{"operation":"create","type":"article","body":{"headline":"Zwei"}}""", "k").IsRefused(422, "idempotencyKeyReused");
        await _api.Editor.Send(HttpMethod.Post, "/v1/articles", """{"headline":"Drei"}""", ("Idempotency-Key", "k")).IsRefused(422, "idempotencyKeyReused");
        await _api.Editor.Send(HttpMethod.Post, "/v1/articles", """{"headline":"Vier"}""", ("Idempotency-Key", "k#0")).Answers(HttpStatusCode.Created);
        Assert.Equal(2, (await _api.Editor.GetObject("/v1/articles?perspective=preview"))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Every_job_needs_the_scope_of_its_route()
    {
        var key = (await _api.Editor.PostJson("/v1/keys", """{"name":"Desk","scopes":["content:write"]}""").Answers(HttpStatusCode.Created)).Text("key");
        using var desk = _api.CreateClient();
        desk.DefaultRequestHeaders.Add("X-Api-Key", key);
        var article = Guid.CreateVersion7();
        var jobs = $$"""
            {"operation":"create","type":"article","body":{"id":"{{article}}","headline":"Entwurf"} },
            {"operation":"publish","type":"article","id":"{{article}}"},
            {"operation":"create","type":"person","body":{"name":"Marco Rubio"} }
            """;

        var report = await desk.PostJson("/v1/batch", $$"""{"jobs":[{{jobs}}]}""").Answers();
        Assert.Equal([201, 403, 403], report["results"]!.AsArray().Select(r => r!.Int("status")));
        await desk.PostJson("/v1/batch", $$"""{"atomic":true,"jobs":[{{jobs}}]}""").IsRefused(403, "scopeRequired");
        await _api.Anonymous.PostJson("/v1/batch", $$"""{"jobs":[{{jobs}}]}""").IsRefused(401);
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf($"/v1/articles/{article}"));
        Assert.Empty((await _api.Anonymous.GetObject("/v1/people"))["items"]!.AsArray());
    }

    [Theory]
    [InlineData("publish")]
    [InlineData("update")]
    [InlineData("delete")]
    public async Task A_job_that_expects_nothing_to_be_there_is_refused_where_something_is(string operation)
    {
        var article = await _api.Draft("Entwurf");

        var report = await Send(false, $$"""{"operation":"{{operation}}","type":"article","id":"{{article.Id()}}","expectedVersion":0{{(operation == "update" ? ""","body":{"headline":"b"}""" : "")}} }""").Answers();

        Assert.Equal(412, report["results"]![0]!.Int("status"));
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf($"/v1/articles/{article.Id()}"));
        Assert.Equal("Entwurf", (await _api.Preview("articles", article.Id())).Text("headline"));
    }


    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private Task<HttpResponseMessage> Send(bool atomic, string jobs, string? key = null)
    {
        var body = $$"""{"atomic":{{(atomic ? "true" : "false")}},"jobs":[{{jobs}}]}""";
        return key is null ? _api.Editor.PostJson("/v1/batch", body) : _api.Editor.Send(HttpMethod.Post, "/v1/batch", body, ("Idempotency-Key", key));
    }
}
