using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Changes;

/// <summary>
/// Cuts the feed where it is older than cursors live: of entries before that only the newest of what is public is left, so that whoever starts
/// without a cursor still comes to everything.
/// </summary>
internal sealed class FeedRetention(NewsDatabase database, Publisher publisher, TimeProvider clock, ILogger<FeedRetention> logger) : BackgroundService
{
    /// <summary>As long a cursor lives.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>The walk ends at the first entry that is young enough, so it reads what has to go and no more.</summary>
    internal const string YoungSql = "SELECT position FROM changes WHERE position > @after AND changed_at >= @limit ORDER BY position LIMIT 1";

    /// <summary>A thousand at once: others write in between.</summary>
    internal const string OldSql =
        """
        SELECT position FROM changes AS old WHERE position > @after AND position <= @cut_to
            AND position <> coalesce((SELECT now.position FROM public_documents AS now WHERE now.type = old.type AND now.id = old.id), 0)
        ORDER BY position LIMIT 1000
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Up to here nothing is left that has to go. Not known after a start: a stop may have come between a cut and what it takes.</summary>
    private long _clearedTo;

    /// <summary>Cuts what is too old by now; the number of entries that went.</summary>
    public async Task<int> CutAsync(CancellationToken cancel)
    {
        var (cutTo, isNew) = await database.ReadAsync(commands => LookAsync(commands, cancel), cancel);
        if (isNew)
        {
            var moved = await publisher.WriteAsync<bool>(
                async (db, token) =>
                {
                    await db.Feeds.Where(f => f.CutTo < cutTo).ExecuteUpdateAsync(set => set.SetProperty(f => f.CutTo, cutTo).SetProperty(f => f.Cuts, f => f.Cuts + 1), token);

                    // Kept pages of the feed tell of what goes.
                    db.ChangedLists = true;
                    return true;
                },
                Caller.System,
                cancel);
            if (moved.Problem is not null) return 0;
        }

        // What stayed as the newest of something and is that no more goes with the next cut; until then nobody is told of it.
        if (cutTo == _clearedTo) return 0;

        var gone = await ClearAsync(cutTo, cancel);
        if (gone > 0) logger.LogInformation("The change feed was cut: {Entries} entries older than {Days} days are gone", gone, Kept.Days);
        return gone;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval);
            do
            {
                try
                {
                    await CutAsync(stoppingToken);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    logger.LogWarning(e, "The change feed could not be cut");
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    /// <summary>To where it is to be cut by now, and whether that is behind the last cut.</summary>
    private async ValueTask<(long CutTo, bool IsNew)> LookAsync(StoredCommands commands, CancellationToken cancel)
    {
        await using var snapshot = await commands.BeginSnapshotAsync(cancel);
        var head = await ChangeCursors.HeadAsync(commands, cancel);
        var command = commands.Prepare(YoungSql, ("after", head.CutTo), ("limit", (clock.Now() - Kept).ToUnixTimeMilliseconds()));
        var cutTo = await command.ExecuteScalarAsync(cancel) is long young ? young - 1 : head.Position;
        return cutTo > head.CutTo ? (cutTo, true) : (head.CutTo, false);
    }

    /// <summary>What has to go is looked for beside the writer, as most of what is old stays. What is not the newest of its resource never is again.</summary>
    private async Task<int> ClearAsync(long cutTo, CancellationToken cancel)
    {
        var (gone, after) = (0, 0L);
        while (await database.ReadAsync(commands => OldAsync(commands, after, cutTo, cancel), cancel) is { Count: > 0 } old)
        {
            var step = await publisher.WriteAsync<int>(async (db, token) => await db.Changes.Where(c => old.Contains(c.Position)).ExecuteDeleteAsync(token), Caller.System, cancel);
            if (step.Problem is not null) return gone;

            gone += step.Value!.Value;
            after = old[^1];
        }

        _clearedTo = cutTo;
        return gone;
    }

    private static async ValueTask<List<long>> OldAsync(StoredCommands commands, long after, long cutTo, CancellationToken cancel)
    {
        var old = new List<long>();
        await using var rows = await commands.Prepare(OldSql, ("after", after), ("cut_to", cutTo)).ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) old.Add(rows.GetInt64(0));
        return old;
    }
}
