using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Changes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Storage;

/// <summary>The database goes away and comes back; the program stays.</summary>
public sealed class OutageTests : IDisposable
{
    private const int Crashes = 5;
    private const int Writers = 8;
    private const int WritesBeforeACrash = 100;

    private readonly TestFolder _folder = new();
    private readonly PostgresServer _server;

    public OutageTests()
    {
        Assert.SkipUnless(TestDatabase.IsPostgres, "NEWSAPI_TEST_POSTGRES is not set");
        _server = PostgresServer.TryStart()!;
        Assert.SkipWhen(_server is null, "initdb and pg_ctl are not installed");
    }

    [Fact]
    public async Task Crashes_of_the_database_lose_no_acknowledged_write_and_need_no_restart_of_the_program()
    {
        using var program = await StartAsync();
        var acknowledged = new ConcurrentDictionary<string, int>();
        var statuses = new ConcurrentDictionary<HttpStatusCode, int>();
        var isOver = false;
        var load = Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAsync))
            .Concat(Enumerable.Range(0, 2).Select(_ => Task.Run(ReadAsync))).ToList();
        var recoveries = new List<TimeSpan>();
        for (var crash = 0; crash < Crashes; crash++)
        {
            var before = acknowledged.Count;
            await Sending.Eventually(() => Task.FromResult(acknowledged.Count >= before + WritesBeforeACrash), "writes are acknowledged");
            _server.Crash();
            await Sending.Eventually(async () => await program.Editor.StatusOf("/v1/changes?limit=1") == HttpStatusCode.ServiceUnavailable, "it is noticed");
            _server.Start();
            var back = Stopwatch.StartNew();
            var known = acknowledged.Count;
            await Sending.Eventually(() => Task.FromResult(acknowledged.Count > known), "writes are acknowledged again");
            recoveries.Add(back.Elapsed);
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(load);

        foreach (var (id, version) in acknowledged)
        {
            var article = await program.Editor.GetObject($"/v1/articles/{id}?perspective=preview");
            Assert.True(article.Int("version") >= version, $"version {version} of {id} is lost");
        }

        Assert.Superset(statuses.Keys.ToHashSet(), new HashSet<HttpStatusCode> { HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable });
        var follower = await new Follower(program.Anonymous, "limit=500").CatchUpAsync(100_000);
        Assert.Equal(Enumerable.Range(1, follower.Entries.Count).Select(i => (long)i), follower.Entries.Select(Follower.Position));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{acknowledged.Count} articles acknowledged, {statuses.GetValueOrDefault(HttpStatusCode.ServiceUnavailable)} refused; "
            + $"back to writing after {string.Join(", ", recoveries.Select(r => $"{r.TotalMilliseconds:0} ms"))}");

        async Task WriteAsync()
        {
            while (!Volatile.Read(ref isOver))
            {
                var id = Guid.CreateVersion7().ToString();
                if (await SendAsync(() => program.Editor.PutJson($"/v1/articles/{id}", """{"headline":"Meldung","section":{"slug":"politik"}}""")) is not { } article) continue;

                acknowledged[id] = article.Int("version");
                await SendAsync(() => program.Editor.Publish(id));
                if (await SendAsync(() => program.Editor.PatchJson($"/v1/articles/{id}", """{"teaser":"zweite Fassung"}""")) is { } changed)
                    acknowledged[id] = changed.Int("version");
            }
        }

        async Task ReadAsync()
        {
            for (var i = 0; !Volatile.Read(ref isOver); i++)
                await SendAsync(() => program.Editor.Get(i % 2 == 0 ? "/v1/articles?limit=5" : "/v1/changes?limit=5"));
        }

        async Task<JsonObject?> SendAsync(Func<Task<HttpResponseMessage>> send)
        {
            using var response = await send();
            statuses.AddOrUpdate(response.StatusCode, 1, (_, count) => count + 1);
            if (response.IsSuccessStatusCode) return await response.Object(response.StatusCode);

            var problem = await response.Problem(503, "unavailable");
            Assert.NotNull(response.Headers.RetryAfter);
            Assert.DoesNotContain("127.0.0.1", problem.ToJsonString(), StringComparison.Ordinal);
            await Task.Delay(20, TestContext.Current.CancellationToken);
            return null;
        }
    }

    [Fact]
    public async Task While_the_database_is_away_what_is_in_memory_is_served_and_the_rest_is_asked_to_come_again()
    {
        using var program = await StartAsync();
        var id = (await program.Editor.PostJson("/v1/people", """{"name":"Marco Rubio"}""").Answers(HttpStatusCode.Created)).Id();
        await program.Anonymous.GetObject($"/v1/people/{id}");

        _server.Crash();

        await Sending.Eventually(async () => await program.Anonymous.StatusOf("/health/ready") == HttpStatusCode.ServiceUnavailable, "it is not ready");
        Assert.Equal(HttpStatusCode.OK, await program.Anonymous.StatusOf("/health/live"));
        Assert.Equal("Marco Rubio", (await program.Anonymous.GetObject($"/v1/people/{id}")).Text("name"));
        using var cold = await program.Anonymous.Get("/v1/people?limit=7");
        await cold.Problem(503, "unavailable");
        Assert.NotNull(cold.Headers.RetryAfter);
        await program.Editor.PatchJson($"/v1/people/{id}", """{"name":"Marco A. Rubio"}""").IsRefused(503, "unavailable");

        _server.Start();
        await Sending.Eventually(async () => await program.Anonymous.StatusOf("/v1/people?limit=7") == HttpStatusCode.OK, "it reads again");
        await program.Editor.PatchJson($"/v1/people/{id}", """{"name":"Marco A. Rubio"}""").Answers();
        Assert.Equal("Marco A. Rubio", (await program.Anonymous.GetObject($"/v1/people/{id}")).Text("name"));
        Assert.DoesNotContain("   at NewsApi", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_comes_up_later_than_the_program_is_waited_for()
    {
        _server.Crash();
        using var program = Start();
        await Task.Delay(1_000, TestContext.Current.CancellationToken);
        _server.Start();

        await program.ReadyAsync();
        await program.Anonymous.GetObject("/v1/articles");
    }

    public void Dispose()
    {
        _server?.Dispose();
        _folder.Dispose();
    }

    private NewsApiProcess Start() => NewsApiProcess.Start(
        _folder, "Development", [("Storage__Provider", "Postgres"), ("ConnectionStrings__News", _server.ConnectionString), ("Storage__MigrateAtStart", "true")]);

    private Task<NewsApiProcess> StartAsync() => Start().ReadyAsync();
}
