using Microsoft.Extensions.DependencyInjection;
using NewsApi.Changes;
using NewsApi.Tests.Search;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Changes;

/// <summary>A feed that is cut where it is older than cursors live.</summary>
public sealed class FeedRetentionTests : IAsyncDisposable
{
    private readonly TestClock _clock = new(new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly Api _api;

    public FeedRetentionTests() => _api = new Api(_clock, null);

    [Fact]
    public async Task Of_what_is_old_the_newest_entry_of_what_is_public_stays()
    {
        var stays = await _api.Article("Bleibt");
        await _api.Editor.PatchJson($"/v1/articles/{stays.Id()}", """{"teaser":"neu"}""").Answers();
        var goes = await _api.Person("Geht");
        await _api.Editor.Remove($"/v1/people/{goes.Id()}").Succeeds();
        var before = await new Follower(_api.Anonymous).CatchUpAsync();
        _clock.Now = _clock.Now.AddDays(80);
        await _api.Person("Später");
        Assert.Equal(0, await CutAsync());

        _clock.Now = _clock.Now.AddDays(11);
        Assert.Equal(3, await CutAsync());
        Assert.Equal(0, await CutAsync());

        var after = await new Follower(_api.Anonymous).CatchUpAsync();
        Assert.Equal(["article upsert updated 2 after 1", "person upsert published 1 after -"], after.Said);
        Assert.Equal(await Follower.PublicAsync(_api), after.Copy);
        await before.CatchUpAsync();
        Assert.Equal(after.Copy, before.Copy);
    }

    [Fact]
    public async Task A_cursor_lives_for_ninety_days_and_then_leads_to_the_exports()
    {
        await _api.Person("Eins");
        var old = (await _api.Anonymous.GetObject("/v1/changes")).Text("nextCursor");
        await _api.Person("Zwei");
        _clock.Now = _clock.Now.AddDays(89);
        await CutAsync();
        Assert.Single((await _api.Anonymous.GetObject($"/v1/changes?cursor={old}")).Items());

        _clock.Now = _clock.Now.AddDays(2);
        await CutAsync();

        using var answer = await _api.Anonymous.Get($"/v1/changes?cursor={old}");
        var problem = await answer.Object(System.Net.HttpStatusCode.Gone);
        Assert.Equal("cursorExpired", problem.Text("code"));
        Assert.Contains("/v1/exports/articles.ndjson", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Contains("/v1/exports/articles.ndjson", answer.Header("Link"), StringComparison.Ordinal);
        await _api.Anonymous.Get($"/v1/sync/digest?cursor={old}").IsRefused(410, "cursorExpired");
    }

    [Fact]
    public async Task A_walk_from_the_beginning_comes_through_what_was_cut_and_not_through_a_cut()
    {
        for (var i = 0; i < 6; i++) await _api.Person($"Person {i}");
        _clock.Now = _clock.Now.AddDays(91);
        await CutAsync();
        var walk = new Follower(_api.Anonymous, "limit=2");
        await walk.StepAsync();
        Assert.Equal(2, walk.Copy.Count);
        await _api.Person("Person 6");
        await walk.CatchUpAsync();
        Assert.Equal(await Follower.PublicAsync(_api), walk.Copy);

        // One that stands in the part that is cut meanwhile might miss what was removed there.
        var late = new Follower(_api.Anonymous, "limit=2");
        await late.StepAsync();
        await _api.Editor.Remove($"/v1/people/{late.Entries[0].Id()}").Succeeds();
        _clock.Now = _clock.Now.AddDays(91);
        await CutAsync();
        await _api.Anonymous.Get($"/v1/changes?cursor={late.Cursor}").IsRefused(410, "cursorExpired");
        Assert.Equal(await Follower.PublicAsync(_api), (await new Follower(_api.Anonymous, "limit=2").CatchUpAsync()).Copy);
    }

    [Fact]
    public async Task What_a_cut_has_not_come_to_yet_is_told_to_nobody_who_starts_meanwhile()
    {
        var goes = await _api.Person("Geht");
        var stays = await _api.Person("Bleibt");
        await _api.Editor.Remove($"/v1/people/{goes.Id()}").Succeeds();
        await _api.Editor.PatchJson($"/v1/people/{stays.Id()}", """{"description":"neu"}""").Answers();
        using (var connection = TestDatabase.Open(_api.Folder))
        {
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE feed SET cut_to = (SELECT position FROM heads WHERE name = 'public'), cuts = 1";
            command.ExecuteNonQuery();
        }

        foreach (var query in (string[])["", "limit=1", "types=person&limit=2"])
            Assert.Equal(["person upsert updated 2 after 1"], (await new Follower(_api.Anonymous, query).CatchUpAsync()).Said);
    }

    [Fact]
    public async Task More_than_fits_into_one_write_goes_in_several()
    {
        await _api.Person("Bleibt");
        using (var connection = TestDatabase.Open(_api.Folder))
        {
            using var command = connection.CreateCommand();
            command.CommandText =
                """
                INSERT INTO changes (position, type, id, operation, reason, version, changed_at, slug, external_ids)
                WITH RECURSIVE numbers(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM numbers WHERE i < 2501)
                SELECT i, 'person', 'gone', 'remove', 'deleted', 1, 0, 'weg', '[]' FROM numbers;
                UPDATE heads SET position = 2501 WHERE name = 'public'
                """;
            command.ExecuteNonQuery();
        }

        _clock.Now = _clock.Now.AddDays(91);

        Assert.Equal(2_500, await CutAsync());
        Assert.Equal([1], Stored(_api.Folder));
    }

    [Fact]
    public async Task Nothing_is_looked_for_between_a_cut_and_the_next_one_or_a_start()
    {
        using var folder = new TestFolder();
        await using (var api = new Api(_clock, folder))
        {
            var address = $"/v1/people/{(await api.Person("Bleibt")).Id()}";
            _clock.Now = _clock.Now.AddDays(91);
            Assert.Equal(0, await CutAsync(api));
            await api.Editor.PatchJson(address, """{"description":"neu"}""").Answers();
            Assert.Equal(0, await CutAsync(api));
            Assert.Equal([1, 2], Stored(folder));
            Assert.Equal(["person upsert updated 2 after 1"], (await new Follower(api.Anonymous).CatchUpAsync()).Said);

            _clock.Now = _clock.Now.AddDays(91);
            Assert.Equal(1, await CutAsync(api));
            await api.Editor.PatchJson(address, """{"description":"neuer"}""").Answers();
            Assert.Equal(0, await CutAsync(api));
            Assert.Equal([2, 3], Stored(folder));
        }

        await using var again = new Api(_clock, folder);
        await CutAsync(again);
        Assert.Equal([3], Stored(folder));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private Task<int> CutAsync() => CutAsync(_api);

    private static Task<int> CutAsync(Api api) => api.Services.GetRequiredService<FeedRetention>().CutAsync(TestContext.Current.CancellationToken);

    private static List<long> Stored(string folder)
    {
        using var connection = TestDatabase.Open(folder);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT position FROM changes ORDER BY position";
        using var rows = command.ExecuteReader();
        var stored = new List<long>();
        while (rows.Read()) stored.Add(rows.GetInt64(0));
        return stored;
    }
}
