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

    /// <summary>Others write in between.</summary>
    private const int AtOnce = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Cuts what is too old by now; the number of entries that went.</summary>
    public async Task<int> CutAsync(CancellationToken cancel)
    {
        var (cutTo, left) = await database.ReadAsync(commands => LookAsync(commands, cancel), cancel);
        if (cutTo is { } place)
        {
            var moved = await publisher.WriteAsync<bool>(
                async (db, token) =>
                {
                    await db.Feeds.Where(f => f.CutTo < place).ExecuteUpdateAsync(set => set.SetProperty(f => f.CutTo, place).SetProperty(f => f.Cuts, f => f.Cuts + 1), token);

                    // Kept pages of the feed tell of what goes.
                    db.ChangedLists = true;
                    return true;
                },
                Caller.System,
                cancel);
            if (moved.Problem is not null) return 0;

            left = place;
        }

        var gone = 0;
        while (left > 0)
        {
            var step = await publisher.WriteAsync<int>(async (db, token) => await DeleteAsync(db, left, token), Caller.System, cancel);
            if (step.Problem is not null || step.Value!.Value == 0) break;

            gone += step.Value.Value;
        }

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

    /// <summary>To where it is to be cut, where that is behind the last cut; and to where it has been.</summary>
    private async ValueTask<(long? CutTo, long Done)> LookAsync(StoredCommands commands, CancellationToken cancel)
    {
        await using var snapshot = await commands.BeginSnapshotAsync(cancel);
        var head = await ChangeCursors.HeadAsync(commands, cancel);

        // The walk ends at the first entry that is young enough, so it reads what has to go and no more.
        var command = commands.Prepare(
            "SELECT position FROM changes WHERE position > @after AND changed_at >= @limit ORDER BY position LIMIT 1",
            ("after", head.CutTo), ("limit", (clock.Now() - Kept).ToUnixTimeMilliseconds()));
        var cutTo = await command.ExecuteScalarAsync(cancel) is long young ? young - 1 : head.Position;
        return (cutTo > head.CutTo ? cutTo : null, head.CutTo);
    }

    private static Task<int> DeleteAsync(NewsDbContext db, long cutTo, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        DELETE FROM changes WHERE position IN (
            SELECT position FROM changes AS old WHERE position <= {cutTo}
                AND position <> coalesce((SELECT now.position FROM public_documents AS now WHERE now.type = old.type AND now.id = old.id), 0)
            LIMIT {AtOnce})
        """,
        cancel);
}
