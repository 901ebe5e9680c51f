using System.Data.Common;
using System.Diagnostics;
using System.Net;
using NewsApi.Tests.Changes;
using NewsApi.Tests.Support;
using Npgsql;

namespace NewsApi.Tests.Storage;

/// <summary>Transactions of two nodes on PostgreSQL, open at once in an awkward order.</summary>
public sealed class OrderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public OrderTests() => Assert.SkipUnless(TestDatabase.IsPostgres, "NEWSAPI_TEST_POSTGRES is not set; on SQLite there is one writer at a time");

    [Fact]
    public async Task A_write_that_began_first_and_commits_last_is_missed_by_nobody()
    {
        await using var slow = new Api(null, _folder);
        await using var fast = new Api(null, _folder);
        var person = await slow.Person("Rustem Umjerow");
        var draft = await slow.Draft("Langsam", $$""","people":[{"id":"{{person.Id()}}"}]""");
        var follower = await new Follower(fast.Anonymous).CatchUpAsync();
        Task<HttpResponseMessage> first;

        await using (var obstacle = new Obstacle(_folder))
        {
            // The first has written its rows and now waits for the person whom it shows.
            await obstacle.HoldAsync($"SELECT 1 FROM people WHERE id = '{person.Id()}' FOR UPDATE");
            first = slow.Editor.Publish(draft.Id());
            await obstacle.SomebodyWaitsAsync();
            await fast.Article("Schnell");
            await follower.CatchUpAsync();
            Assert.Equal("schnell", follower.Entries[^1].Text("slug"));
            Assert.False(first.IsCompleted);
        }

        await first.Answers();
        await follower.CatchUpAsync();
        Assert.Equal(["schnell", "langsam"], follower.Entries.TakeLast(2).Select(e => e.Text("slug")));
        Assert.Equal(Enumerable.Range(1, follower.Entries.Count).Select(i => (long)i), follower.Entries.Select(Follower.Position));
        Assert.Equal(await Follower.PublicAsync(slow), follower.Copy);
    }

    [Fact]
    public async Task Versions_of_one_article_are_told_in_their_order_whoever_writes_them()
    {
        await using var one = new Api(null, _folder);
        await using var other = new Api(null, _folder);
        var person = await one.Person("Rustem Umjerow");
        var article = await one.Article("Meldung");
        var address = $"/v1/articles/{article.Id()}";
        Task<HttpResponseMessage> first, second;

        await using (var obstacle = new Obstacle(_folder))
        {
            await obstacle.HoldAsync($"SELECT 1 FROM people WHERE id = '{person.Id()}' FOR UPDATE");
            first = one.Editor.PatchJson(address, $$"""{"people":[{"id":"{{person.Id()}}"}]}""");
            await obstacle.SomebodyWaitsAsync();
            second = other.Editor.PatchJson(address, """{"teaser":"neu"}""");
            await obstacle.SomebodyWaitsAsync(2);
        }

        Assert.Equal(2, (await first.Answers()).Int("version"));
        var newest = await second.Answers();
        Assert.Equal(3, newest.Int("version"));
        Assert.Equal("Rustem Umjerow", newest["people"]![0]!.Text("name"));
        var follower = await new Follower(other.Anonymous, "types=article").CatchUpAsync();
        Assert.Equal(["article upsert published 1 after -", "article upsert updated 2 after 1", "article upsert updated 3 after 2"], follower.Said);
    }

    [Fact]
    public async Task Of_two_writers_with_the_same_version_in_hand_one_is_told_that_it_is_late()
    {
        await using var one = new Api(null, _folder);
        await using var other = new Api(null, _folder);
        for (var round = 0; round < 20; round++)
        {
            var article = await one.Article($"Meldung {round}");
            var answers = await Task.WhenAll(((Api[])[one, other]).Select((api, i) =>
                api.Editor.PatchJson($"/v1/articles/{article.Id()}", $$"""{"teaser":"{{i}}"}""", "\"1-1-full\"")));

            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.PreconditionFailed], answers.Select(a => a.StatusCode).Order());
        }
    }

    [Fact]
    public async Task A_name_that_changes_while_an_article_begins_to_show_it_is_the_new_one_there()
    {
        await using var one = new Api(null, _folder);
        await using var other = new Api(null, _folder);
        var person = await one.Person("Rustem Umerow");
        var draft = await one.Draft("Meldung", $$""","people":[{"id":"{{person.Id()}}"}]""");
        Task<HttpResponseMessage> publication, rename;

        await using (var obstacle = new Obstacle(_folder))
        {
            // The article is rendered with the old name, and nobody else can find it yet.
            await obstacle.HoldAsync("SELECT 1 FROM heads FOR UPDATE");
            publication = one.Editor.Publish(draft.Id());
            await obstacle.SomebodyWaitsAsync();
            rename = other.Editor.PatchJson($"/v1/people/{person.Id()}", """{"name":"Rustem Umjerow"}""");
            await obstacle.SomebodyWaitsAsync(2);
        }

        await publication.Answers();
        await rename.Answers();
        using var tables = new StoredTables(_folder);
        Assert.Equal(1, tables.Number($"SELECT count(*) FROM public_documents WHERE id = '{draft.Id()}' AND convert_from(document, 'UTF8') LIKE '%Rustem Umjerow%'"));
        Assert.Equal(1, tables.Number($"SELECT count(*) FROM public_cards WHERE id = '{draft.Id()}' AND convert_from(card, 'UTF8') LIKE '%Rustem Umjerow%'"));
        Assert.Equal("referenceChanged", tables.Changes()[^1].Reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rename_brings_nothing_back_of_an_article_that_is_being_taken_away_or_changed(bool withdraw)
    {
        await using var one = new Api(null, _folder);
        await using var other = new Api(null, _folder);
        var person = await one.Person("Rustem Umerow");
        var article = await one.Article("Meldung", $$""","people":[{"id":"{{person.Id()}}"}]""");
        var address = $"/v1/articles/{article.Id()}";
        Task<HttpResponseMessage> change, rename;

        await using (var obstacle = new Obstacle(_folder))
        {
            // The article does not show the person any more, but only its own transaction knows.
            await obstacle.HoldAsync("SELECT 1 FROM heads FOR UPDATE");
            change = withdraw ? one.Editor.Remove($"{address}/publication", null) : one.Editor.PatchJson(address, """{"people":[],"teaser":"neu"}""");
            await obstacle.SomebodyWaitsAsync();
            rename = other.Editor.PatchJson($"/v1/people/{person.Id()}", """{"name":"Rustem Umjerow"}""");
            await obstacle.SomebodyWaitsAsync(2);
        }

        await change.Answers();
        await rename.Answers();
        using var tables = new StoredTables(_folder);
        Assert.Equal(withdraw ? 0 : 1, tables.Number($"SELECT count(*) FROM public_documents WHERE id = '{article.Id()}'"));
        Assert.Equal(0, tables.Number($"SELECT count(*) FROM public_filters WHERE id = '{article.Id()}' AND filter LIKE 'person%'"));
        Assert.Equal(0, tables.Number($"SELECT count(*) FROM public_documents WHERE id = '{article.Id()}' AND (version <> 2 OR convert_from(document, 'UTF8') LIKE '%Rustem%')"));
        Assert.Equal(withdraw ? "remove" : "upsert", tables.Changes().Last(c => c.Id == article.Id()).Operation);
    }

    [Fact]
    public async Task Whoever_waits_too_long_for_the_head_is_asked_to_come_again_and_nothing_is_kept()
    {
        await using var api = new Api(null, _folder);
        var article = await api.Article("Meldung");
        using var tables = new StoredTables(_folder);
        var before = tables.Everything();

        await using (var obstacle = new Obstacle(_folder))
        {
            await obstacle.HoldAsync("SELECT 1 FROM heads FOR UPDATE");
            using var refused = await api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"headline":"Neu"}""");
            await refused.Problem(503, "unavailable");
            Assert.NotNull(refused.Headers.RetryAfter);
            await api.Anonymous.GetObject("/v1/articles");
        }

        Assert.Equal(before, tables.Everything());
        Assert.Equal(2, (await api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"headline":"Neu"}""").Answers()).Int("version"));
    }

    [Fact]
    public async Task A_commit_is_announced_to_those_who_listen()
    {
        await using var api = new Api(null, _folder);
        await using var listener = (NpgsqlConnection)TestDatabase.Open(_folder);
        await using var listen = listener.CreateCommand();
        listen.CommandText = "LISTEN newsapi_commits";
        await listen.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await api.Article("Meldung");

        Assert.True(await listener.WaitAsync(60_000, TestContext.Current.CancellationToken));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A transaction that stands in the way until it is disposed.</summary>
    private sealed class Obstacle(string folder) : IAsyncDisposable
    {
        private readonly DbConnection _connection = TestDatabase.Open(folder);
        private DbTransaction? _transaction;

        public async Task HoldAsync(string sql)
        {
            _transaction = await _connection.BeginTransactionAsync();
            await using var command = _connection.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync();
        }

        /// <summary>Returns when others stand before a lock.</summary>
        public async Task SomebodyWaitsAsync(int others = 1)
        {
            await using var look = TestDatabase.Open(folder);
            await using var command = look.CreateCommand();
            command.CommandText = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
            for (var watch = Stopwatch.StartNew(); (long)(await command.ExecuteScalarAsync())! < others; await Task.Delay(5))
                Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "Nobody waits.");
        }

        public async ValueTask DisposeAsync()
        {
            if (_transaction is not null) await _transaction.DisposeAsync();
            await _connection.DisposeAsync();
        }
    }
}
