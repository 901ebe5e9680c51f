using NewsApi.Access;
using NewsApi.Changes;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Tests.Changes;

/// <summary>One reading for all who wait at the head of the feed, and what becomes of it.</summary>
public sealed class SharedEventsTests
{
    private static readonly ChangeQuery Everything = new();

    private readonly KnownHeads _heads = new();
    private readonly SharedEvents _shared;
    private int _read;

    public SharedEventsTests() => _shared = new SharedEvents(_heads);

    [Fact]
    public async Task A_thousand_who_stand_at_one_place_cost_one_reading_and_the_last_takes_it_along()
    {
        var stands = Enumerable.Range(0, 1_000).Select(_ => At(7)).ToList();

        var told = await Task.WhenAll(stands.Select(stand => ReadAsync(stand)));

        Assert.Equal(1, _read);
        Assert.Single(told.Select(t => t.Value).Distinct());
        foreach (var stand in stands.Skip(1)) stand.Dispose();
        await KeptAsync(1, 10);
        stands[0].Dispose();
        await KeptAsync(0, 0);
    }

    [Fact]
    public async Task The_next_commit_takes_it_along_whether_or_not_somebody_comes_by()
    {
        using var slow = At(7);
        using var other = At(7);
        await ReadAsync(other);
        await KeptAsync(1, 10);

        _heads.Set(Head.Public, 8);

        await KeptAsync(0, 0);
        await ReadAsync(slow);
        Assert.Equal(2, _read);
    }

    [Fact]
    public async Task Only_those_share_it_who_are_told_the_same()
    {
        var asked = (ChangeQuery[])
        [
            Everything, new() { Types = ["person", "article,event"] }, new() { Types = ["event"] }, new() { Include = ["resource"] },
            new() { Types = ["article", "event"] }, new() { Types = ["event,article"] },
        ];

        foreach (var query in asked) await ReadAsync(_shared.StandAt(At(7, "x"), query, null));
        await ReadAsync(_shared.StandAt(At(8, "x"), Everything, null));
        await ReadAsync(_shared.StandAt(At(7, "x"), Everything, new Licence { Sections = ["sport"] }));

        Assert.Equal(6, _read);
    }

    [Fact]
    public async Task The_oldest_goes_where_they_are_too_many_or_too_large()
    {
        for (var i = 0; i < SharedEvents.MostReadings + 8; i++) await ReadAsync(At(i));
        await KeptAsync(SharedEvents.MostReadings, 10 * SharedEvents.MostReadings);

        await ReadAsync(At(1_000), SharedEvents.MostBytes - 10);
        await KeptAsync(2, SharedEvents.MostBytes);
        await ReadAsync(At(1_001), SharedEvents.MostBytes + 1);
        await KeptAsync(0, 0);
    }

    [Fact]
    public async Task One_that_failed_is_not_what_the_next_is_told()
    {
        using var stand = At(7);
        await Assert.ThrowsAsync<InvalidDataException>(() => stand.ReadAsync(() => throw new InvalidDataException(), CancellationToken.None));
        await KeptAsync(0, 0);

        Assert.NotNull((await ReadAsync(stand)).Value);
    }

    private static ChangeCursor At(long position, string epoch) => new(epoch, position);

    private SharedEvents.Stand At(long position) => _shared.StandAt(At(position, "x"), Everything, null);

    private Task<Outcome<FeedEvents>> ReadAsync(SharedEvents.Stand stand, int bytes = 10) => stand.ReadAsync(
        async () =>
        {
            Interlocked.Increment(ref _read);
            await Task.Yield();
            return new FeedEvents(new byte[bytes], At(9, "x"), HasMore: false, Head: 9);
        },
        TestContext.Current.CancellationToken);

    /// <summary>What is over is cleared away beside those who read.</summary>
    private async Task KeptAsync(int readings, long bytes)
    {
        for (var i = 0; i < 1_000 && _shared.Kept != (readings, bytes); i++) await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Equal((readings, bytes), _shared.Kept);
    }
}
