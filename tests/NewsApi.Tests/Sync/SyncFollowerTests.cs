using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using ExamplePartner;
using Microsoft.Data.Sqlite;
using NewsApi.Client;
using NewsApi.Tests.Changes;
using NewsApi.Tests.Search;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Sync;

/// <summary>The follower of the client package, with the stores that partners use.</summary>
public sealed class SyncFollowerTests : IAsyncDisposable
{
    private readonly Api _api = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_comes_from_nothing_to_everything_and_goes_on_from_there()
    {
        var (article, person) = (await _api.Article("Gipfel"), await _api.Person("Marco Rubio"));
        var store = new MemorySyncStore();
        var follower = new SyncFollower(_api.Anonymous, store);
        await follower.CatchUpAsync(Cancel);
        Assert.Equal(await Follower.PublicAsync(_api), await ContentAsync(store));

        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"teaser":"neu"}""").Answers();
        await _api.Editor.Remove($"/v1/people/{person.Id()}").Succeeds();
        await _api.Event("Treffen");
        await follower.CatchUpAsync(Cancel);

        Assert.Equal(await Follower.PublicAsync(_api), await ContentAsync(store));
        Assert.Empty(await follower.VerifyAsync(Cancel));
    }

    [Fact]
    public async Task A_row_that_was_lost_altered_or_made_up_is_named_and_repaired()
    {
        for (var i = 0; i < 10; i++) await _api.Article($"Artikel {i}");
        var file = Path.Combine(_api.Folder, "copy.db");
        using var store = new SqliteSyncStore(file);
        var follower = new SyncFollower(_api.Anonymous, store);
        await follower.CatchUpAsync(Cancel);
        var ids = (await ContentAsync(store)).Keys.Select(k => k.Split(' ')[1]).ToList();
        Run(file, $"DELETE FROM resources WHERE id = '{ids[0]}'");
        Run(file, $"UPDATE resources SET document = replace(document, 'Artikel', 'Gefälscht') WHERE id = '{ids[1]}'");
        Run(file, $"UPDATE resources SET version = 7 WHERE id = '{ids[2]}'");
        Run(file, $"UPDATE resources SET document = 'kein JSON' WHERE id = '{ids[3]}'");
        var strange = Guid.CreateVersion7();
        Run(file, $$"""INSERT INTO resources VALUES ('person', '{{strange}}', 1, '{"id":"{{strange}}","version":1}')""");

        var faults = await follower.VerifyAsync(Cancel);

        Assert.Equal(
            ((string[])[$"{ids[0]} Missing", $"{ids[1]} Different", $"{ids[2]} Different", $"{ids[3]} Different", $"{strange} NotPublic"]).Order(),
            faults.Select(f => $"{f.Key.Id} {f.What}").Order());
        Assert.Equal(5, (await follower.RepairAsync(Cancel)).Count);
        Assert.Empty(await follower.VerifyAsync(Cancel));
        Assert.Equal(await Follower.PublicAsync(_api), await ContentAsync(store));
    }

    [Theory]
    [InlineData("""UPDATE resources SET document = '{"a":"\ud800"}'""")]
    [InlineData("UPDATE resources SET document = ''")]
    [InlineData("UPDATE resources SET version = 99999999999")]
    [InlineData("UPDATE resources SET version = 'eins'")]
    public async Task A_row_that_is_damaged_however_badly_is_named_and_repaired(string damage)
    {
        for (var i = 0; i < 3; i++) await _api.Person($"Person {i}");
        var file = Path.Combine(_api.Folder, "copy.db");
        using var store = new SqliteSyncStore(file);
        var follower = new SyncFollower(_api.Anonymous, store);
        await follower.CatchUpAsync(Cancel);
        var id = (await ContentAsync(store)).Keys.First().Split(' ')[1];
        Run(file, $"{damage} WHERE id = '{id}'");

        Assert.Equal($"{id} Different", Assert.Single(from fault in await follower.RepairAsync(Cancel) select $"{fault.Key.Id} {fault.What}"));
        Assert.Empty(await follower.VerifyAsync(Cancel));
        Assert.Equal(await Follower.PublicAsync(_api), await ContentAsync(store));
    }

    [Theory]
    [InlineData("withdrawn and published again")]
    [InlineData("changed")]
    [InlineData("withdrawn")]
    public async Task A_repair_rolls_back_nothing_of_what_a_follower_writes_meanwhile(string what)
    {
        var article = (await _api.Article("Gipfel")).Id();
        var file = Path.Combine(_api.Folder, "copy.db");
        using var store = new SqliteSyncStore(file);
        await new SyncFollower(_api.Anonymous, store).CatchUpAsync(Cancel);
        if (what == "withdrawn") Run(file, "DELETE FROM resources");
        else Run(file, "UPDATE resources SET document = replace(document, 'Gipfel', 'Berg')");
        using var other = new SqliteSyncStore(file);
        var follower = new SyncFollower(_api.Anonymous, other);

        // Whatever the repair is answered, the follower has come to something else before that is stored.
        using var slow = With(new Between(async asked =>
        {
            if (what.StartsWith("withdrawn and", StringComparison.Ordinal) && asked.Contains("bucket=", StringComparison.Ordinal))
            {
                await _api.Editor.Remove($"/v1/articles/{article}/publication", null).Answers();
                return;
            }

            if (!asked.EndsWith(article, StringComparison.Ordinal)) return;

            if (what == "withdrawn") await _api.Editor.Remove($"/v1/articles/{article}/publication", null).Answers();
            else if (what == "changed") await _api.Editor.PatchJson($"/v1/articles/{article}", """{"teaser":"neu"}""").Answers();
            else await _api.Editor.Ask(HttpMethod.Put, $"/v1/articles/{article}/publication", Json.Body("{}"), ("If-Match", "*")).Answers();
            await follower.CatchUpAsync(Cancel);
        }));
        await new SyncFollower(slow, store).RepairAsync(Cancel);

        Assert.Equal(await Follower.PublicAsync(_api), await ContentAsync(store));
        await follower.CatchUpAsync(Cancel);
        Assert.Equal(await Follower.PublicAsync(_api), await ContentAsync(store));
        Assert.Empty(await follower.VerifyAsync(Cancel));
    }

    [Fact]
    public async Task A_repair_beside_a_follower_and_many_writes_ends_with_a_copy_that_is_right()
    {
        var ids = new List<string>();
        for (var i = 0; i < 30; i++) ids.Add((await _api.Person($"Person {i}")).Id());
        var file = Path.Combine(_api.Folder, "copy.db");
        using var store = new SqliteSyncStore(file);
        var follower = new SyncFollower(_api.Anonymous, store);
        await follower.CatchUpAsync(Cancel);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = follower.RunAsync(over.Token);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++) await _api.Editor.PatchJson($"/v1/people/{ids[i % ids.Count]}", $$"""{"description":"{{i}}"}""").Answers();
        }, Cancel);
        for (var i = 0; i < 10; i++)
        {
            Run(file, $"UPDATE resources SET document = '{{}}' WHERE id = '{ids[i]}'");
            Run(file, $"DELETE FROM resources WHERE id = '{ids[29 - i]}'");
            await follower.RepairAsync(Cancel);
        }

        await writing;
        await Sending.Eventually(async () => (await ContentAsync(store)).SequenceEqual(await Follower.PublicAsync(_api)), "the copy is right");
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Rows_that_no_server_can_know_go_and_one_that_cannot_be_read_keeps_nothing_else_from_being_repaired()
    {
        for (var i = 0; i < 5; i++) await _api.Person($"Person {i}");
        var file = Path.Combine(_api.Folder, "copy.db");
        using var store = new SqliteSyncStore(file);
        await new SyncFollower(_api.Anonymous, store).CatchUpAsync(Cancel);
        var ids = (await ContentAsync(store)).Keys.Select(k => k.Split(' ')[1]).ToList();
        foreach (var id in ids) Run(file, $"UPDATE resources SET document = replace(document, 'Person', 'Niemand') WHERE id = '{id}'");
        Run(file, "INSERT INTO resources VALUES ('person', 'broken', 1, '{}')");
        Run(file, "INSERT INTO resources VALUES ('foo', 'x', 1, '{}')");
        var asked = new Asked { Answer = (asked, _) => asked.EndsWith(ids[1], StringComparison.Ordinal) ? new HttpResponseMessage(HttpStatusCode.InternalServerError) : null };
        using var client = With(asked);
        var follower = new SyncFollower(client, store);

        var failed = await Assert.ThrowsAsync<SyncException>(() => follower.RepairAsync(Cancel));

        Assert.Equal(HttpStatusCode.InternalServerError, failed.Status);
        Assert.Equal(ids[1], Assert.Single(await follower.VerifyAsync(Cancel)).Key.Id);
        Assert.DoesNotContain(asked.Addresses, address => address.EndsWith("/broken", StringComparison.Ordinal));
        asked.Answer = (_, _) => null;
        Assert.Single(await follower.RepairAsync(Cancel));
        Assert.Equal(await Follower.PublicAsync(_api), await ContentAsync(store));
    }

    [Fact]
    public async Task A_place_that_is_gone_is_begun_anew_and_what_is_not_public_any_more_goes()
    {
        var person = await _api.Person("Marco Rubio");
        var store = new MemorySyncStore();
        await new SyncFollower(_api.Anonymous, store).CatchUpAsync(Cancel);
        await using var other = new Api();
        await other.Person("Steven Witkoff");

        await new SyncFollower(other.Anonymous, store).CatchUpAsync(Cancel);

        Assert.Equal(await Follower.PublicAsync(other), await ContentAsync(store));
        Assert.DoesNotContain($"person {person.Id()}", (await ContentAsync(store)).Keys);
    }

    [Fact]
    public async Task Answers_that_break_off_and_servers_that_are_busy_are_asked_again()
    {
        for (var i = 0; i < 30; i++) await _api.Person($"Person {i}");
        using var broken = With(new Breaking());
        var store = new MemorySyncStore();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = new SyncFollower(broken, store).RunAsync(over.Token);
        for (var i = 0; i < 10; i++) await _api.Editor.PatchJson($"/v1/people/{(await _api.Anonymous.GetObject("/v1/people?limit=1")).Items()[0].Id()}", $$"""{"description":"{{i}}"}""").Answers();

        await Sending.Eventually(async () => (await ContentAsync(store)).SequenceEqual(await Follower.PublicAsync(_api)), "the copy is right");

        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(await new SyncFollower(_api.Anonymous, store).VerifyAsync(Cancel));
    }

    [Theory]
    [InlineData("/v1/exports/people.ndjson")]
    [InlineData("/v1/changes")]
    public async Task A_connection_that_goes_silent_is_given_up_and_asked_again(string address)
    {
        for (var i = 0; i < 30; i++) await _api.Person($"Person {i}");
        using var silent = With(new Silent(address));
        var store = new MemorySyncStore();
        var faults = new ConcurrentQueue<SyncException>();
        var follower = new SyncFollower(silent, store, new SyncFollowerOptions { IdleTimeout = TimeSpan.FromSeconds(1), Faulted = faults.Enqueue });
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = follower.RunAsync(over.Token);

        await Sending.Eventually(async () => await store.ReadCursorAsync(Cancel) is not null && (await ContentAsync(store)).SequenceEqual(await Follower.PublicAsync(_api)), "the copy is right");
        await _api.Person("Marco Rubio");
        await Sending.Eventually(async () => (await ContentAsync(store)).SequenceEqual(await Follower.PublicAsync(_api)), "the copy is right again");

        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.All(faults, fault => Assert.Equal(("The server kept silent for too long.", true), (fault.Message, fault.IsPassing)));
        Assert.NotEmpty(faults);
    }

    [Fact]
    public async Task An_export_that_breaks_off_however_often_goes_on_behind_its_last_line()
    {
        for (var i = 0; i < 40; i++) await _api.Person($"Person {i}");
        using var meager = With(new Meager(4));
        var store = new MemorySyncStore();

        await new SyncFollower(meager, store).SnapshotAsync(Cancel);

        Assert.Equal(await Follower.PublicAsync(_api), await ContentAsync(store));
    }

    [Fact]
    public async Task A_snapshot_that_was_given_up_goes_on_with_what_was_not_read_yet()
    {
        await _api.Article("Gipfel");
        for (var i = 0; i < 4; i++) await _api.Person($"Person {i}");
        var asked = new Asked { Answer = (asked, _) => asked.Contains("people", StringComparison.Ordinal) ? new HttpResponseMessage(HttpStatusCode.Forbidden) : null };
        using var client = With(asked);
        var store = new MemorySyncStore();
        var follower = new SyncFollower(client, store);
        await Assert.ThrowsAsync<SyncException>(() => follower.CatchUpAsync(Cancel));
        Assert.Equal(["/v1/exports/articles.ndjson", "/v1/exports/events.ndjson", "/v1/exports/people.ndjson"], asked.Addresses);

        asked.Answer = (_, _) => null;
        asked.Addresses.Clear();
        await follower.CatchUpAsync(Cancel);

        Assert.Equal("/v1/exports/people.ndjson", asked.Addresses.First());
        Assert.DoesNotContain("/v1/exports/articles.ndjson", asked.Addresses);
        Assert.Equal(await Follower.PublicAsync(_api), await ContentAsync(store));
        Assert.Empty(await follower.VerifyAsync(Cancel));
    }

    [Fact]
    public async Task A_server_that_says_when_to_come_again_is_left_alone_until_then()
    {
        var asked = new Asked();
        asked.Answer = (_, count) =>
        {
            if (count != 1) return null;

            var busy = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            busy.Headers.RetryAfter = new(TimeSpan.FromSeconds(3));
            return busy;
        };
        using var client = With(asked);
        var faults = new List<SyncException>();
        var started = Stopwatch.StartNew();

        await new SyncFollower(client, new MemorySyncStore(), new SyncFollowerOptions { Faulted = faults.Add }).CatchUpAsync(Cancel);

        Assert.InRange(started.Elapsed, TimeSpan.FromSeconds(2.9), TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromSeconds(3), Assert.Single(faults).RetryAfter);
    }

    [Fact]
    public async Task What_the_store_throws_is_not_asked_again()
    {
        await _api.Person("Marco Rubio");
        await Assert.ThrowsAsync<IOException>(() => new SyncFollower(_api.Anonymous, new FullStore()).RunAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel));
        using var broken = With(new Breaking());
        await Assert.ThrowsAsync<IOException>(() => new SyncFollower(broken, new FullStore()).RunAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel));
    }

    [Fact]
    public async Task What_passes_is_told_and_what_does_not_ends_it()
    {
        var asked = new Asked { Answer = (_, count) => new HttpResponseMessage(count == 1 ? HttpStatusCode.BadGateway : HttpStatusCode.Forbidden) };
        using var client = With(asked);
        var faults = new List<SyncException>();
        var follower = new SyncFollower(client, new MemorySyncStore(), new SyncFollowerOptions { Faulted = faults.Add });

        var refused = await Assert.ThrowsAsync<SyncException>(() => follower.RunAsync(Cancel));

        Assert.Equal((HttpStatusCode.Forbidden, false), (refused.Status!.Value, refused.IsPassing));
        Assert.Equal(HttpStatusCode.BadGateway, Assert.Single(faults).Status);
    }

    [Fact]
    public async Task A_server_may_be_found_behind_a_path()
    {
        await _api.Person("Marco Rubio");
        await using var gateway = await Gateway.StartAsync(_api.Anonymous);
        foreach (var address in (string[])[gateway.Root(), gateway.Root() + "/"])
        {
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            var store = new MemorySyncStore();
            var follower = new SyncFollower(client, store);
            await follower.CatchUpAsync(Cancel);
            Assert.Single(await ContentAsync(store));
            Assert.Empty(await follower.VerifyAsync(Cancel));
        }
    }

    [Theory]
    [InlineData("<html>Wartung</html>")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"changedSince":[],"buckets":[]}""")]
    public async Task What_is_no_digest_and_a_server_that_is_away_are_said_by_the_one_exception(string body)
    {
        var store = new MemorySyncStore();
        await new SyncFollower(_api.Anonymous, store).CatchUpAsync(Cancel);
        var asked = new Asked { Answer = (_, _) => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body) } };
        using var client = With(asked);
        await Assert.ThrowsAsync<SyncException>(() => new SyncFollower(client, store).VerifyAsync(Cancel));
        await Assert.ThrowsAsync<SyncException>(() => new SyncFollower(client, store).RepairAsync(Cancel));
        await Assert.ThrowsAsync<SyncException>(() => new SyncFollower(client, store).CatchUpAsync(Cancel));

        using var away = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:9") };
        Assert.True((await Assert.ThrowsAsync<SyncException>(() => new SyncFollower(away, store).VerifyAsync(Cancel))).IsPassing);
    }

    [Fact]
    public async Task What_the_server_refuses_is_said_with_its_words()
    {
        await using var closed = new Api(("Access:AnonymousRead", "false"));
        var refused = await Assert.ThrowsAsync<SyncException>(() => new SyncFollower(closed.Anonymous, new MemorySyncStore()).CatchUpAsync(Cancel));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        await Assert.ThrowsAsync<SyncException>(() => new SyncFollower(_api.Anonymous, new MemorySyncStore()).VerifyAsync(Cancel));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static void Run(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private HttpClient With(DelegatingHandler between)
    {
        between.InnerHandler = new SocketsHttpHandler();
        return new HttpClient(between) { BaseAddress = _api.Anonymous.BaseAddress };
    }

    private static async Task<SortedDictionary<string, string>> ContentAsync(ISyncStore store)
    {
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var resource in store.ReadAsync(Cancel))
            content.Add($"{resource.Key.Type} {resource.Key.Id}", $"{resource.Version} {SyncDigest.ContentHash(resource.Document)}");
        return content;
    }

    /// <summary>Every third answer is an error, or ends in the middle.</summary>
    private sealed class Breaking : DelegatingHandler
    {
        private int _asked;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var asked = Interlocked.Increment(ref _asked);
            if (asked % 6 == 2) return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);

            var response = await base.SendAsync(request, cancellationToken);
            if (asked % 6 != 4 || !response.IsSuccessStatusCode) return response;

            var whole = await response.Content.ReadAsStringAsync(cancellationToken);
            response.Content = new StringContent(whole[..(whole.Length / 2)], Encoding.UTF8, "application/json");
            return response;
        }
    }

    /// <summary>The first answer from an address says the half, and then nothing any more.</summary>
    private sealed class Silent(string address) : DelegatingHandler
    {
        private int _asked;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (request.RequestUri!.AbsolutePath != address || Interlocked.Increment(ref _asked) > 1) return response;

            var whole = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            response.Content = new StreamContent(new HalfStream(whole[..(whole.Length / 2)]));
            return response;
        }
    }

    private sealed class HalfStream(byte[] half) : MemoryStream(half)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position == Length) await Task.Delay(Timeout.Infinite, cancellationToken);
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }

    /// <summary>Every export ends after so many lines, in the middle of the next one.</summary>
    private sealed class Meager(int lines) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            var whole = (await response.Content.ReadAsStringAsync(cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (whole.Length > lines) response.Content = new StringContent(string.Join('\n', whole[..lines]) + "\n" + whole[lines][..20]);
            return response;
        }
    }

    /// <summary>Keeps what is asked, and answers some of it itself.</summary>
    private sealed class Asked : DelegatingHandler
    {
        public ConcurrentQueue<string> Addresses { get; } = new();

        /// <summary>By the address and how many were asked with it; nothing where the server is to answer.</summary>
        public Func<string, int, HttpResponseMessage?> Answer { get; set; } = (_, _) => null;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Addresses.Enqueue(request.RequestUri!.AbsolutePath);
            return Answer(request.RequestUri.AbsolutePath, Addresses.Count) is { } answer ? Task.FromResult(answer) : base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Does something once, between the first answer that it concerns and its arrival.</summary>
    private sealed class Between(Func<string, Task> then) : DelegatingHandler
    {
        private readonly HashSet<string> _seen = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (_seen.Add(request.RequestUri!.PathAndQuery)) await then(request.RequestUri.PathAndQuery);
            return response;
        }
    }

    /// <summary>Has no room for anything.</summary>
    private sealed class FullStore : ISyncStore
    {
        public Task<string?> ReadCursorAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

        public Task ApplyAsync(SyncBatch batch, CancellationToken cancellationToken) => throw new IOException("No space left on device");

        public Task<bool> RepairAsync(string cursor, IReadOnlyList<SyncRepair> repairs, CancellationToken cancellationToken) => throw new IOException("No space left on device");

        public IAsyncEnumerable<SyncResource> ReadAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<SyncResource>();
    }
}
