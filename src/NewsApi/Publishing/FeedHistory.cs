using Microsoft.EntityFrameworkCore;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>The history of positions that a database has had so far ends, and another one begins.</summary>
internal static class FeedHistory
{
    /// <summary>
    /// Besides the epoch the heads change, to the microseconds since 1970, faster than which nobody writes. So no position of a history that was lost
    /// comes again, and an entity tag, which is made of one, never means something else. By the heads nodes notice, too, and wake whoever waits for news.
    /// </summary>
    public static async Task BeginAsync(NewsDbContext db, CancellationToken cancel)
    {
        var (epoch, start) = (Feed.NewEpoch(), TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000);
        await db.Feeds.ExecuteUpdateAsync(set => set.SetProperty(f => f.Epoch, epoch), cancel);
        foreach (var head in Head.All)
            await db.Heads.Where(h => h.Name == head && h.Position < start).ExecuteUpdateAsync(set => set.SetProperty(h => h.Position, start), cancel);
    }
}
