using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Articles;

/// <summary>
/// The clock as a writer: schedules, embargoes and expiries that are due become ordinary writes. What is due lies in the database, so a
/// restart loses nothing, and whichever of several nodes comes first does it: it holds the article, and the next one finds nothing due.
/// </summary>
internal sealed class PublicationClock(
    Publisher publisher, NewsDatabase database, ResourceWriter<Article, ArticleInput> writer, TimeProvider clock, ILogger<PublicationClock> logger) : BackgroundService
{
    /// <summary>So many articles share a step, or all of one second where those are more.</summary>
    private const int Together = 1_000;

    /// <summary>So often it looks for what others, or this node, have scheduled for soon.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private bool _isFailing;

    /// <summary>What has expired while nothing ran is gone before the first reader comes.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        while (await LookAsync(cancellationToken) == TimeSpan.Zero) { }
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var wait = await LookAsync(stoppingToken);
                if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is due meanwhile is done after the next start.
        }
    }

    /// <summary>Does what is due, and says how long there is nothing more to do.</summary>
    private async Task<TimeSpan> LookAsync(CancellationToken cancel)
    {
        try
        {
            var now = clock.Now();
            var next = await FirstAsync(0, cancel);
            if (next <= now)
            {
                return await TryWriteAsync(await FindAsync(await UntilAsync(next.Value, now, cancel), cancel), cancel) ? TimeSpan.Zero : Interval;
            }

            if (_isFailing) logger.LogInformation("The clock of publication runs again");
            _isFailing = false;
            return next - now is { } wait && wait < Interval ? wait : Interval;
        }
        catch (DatabaseAwayException)
        {
            // Whoever watches the heads says so in the log.
            return Interval;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (!_isFailing) logger.LogError(e, "What is due could not be published; trying again");
            _isFailing = true;
            return Interval;
        }
    }

    /// <summary>The end of a step: now, or where that is too much at once the end of a second, so that what is to appear together does.</summary>
    private async Task<DateTimeOffset> UntilAsync(DateTimeOffset first, DateTimeOffset now, CancellationToken cancel)
    {
        if (await FirstAsync(Together, cancel) is not { } tooLate || tooLate > now) return now;

        var second = Math.Max(tooLate.ToUnixTimeSeconds(), first.ToUnixTimeSeconds() + 1);
        var end = DateTimeOffset.FromUnixTimeSeconds(second).AddMilliseconds(-1);
        return end < now ? end : now;
    }

    /// <summary>When the first article is due, after so many others.</summary>
    private ValueTask<DateTimeOffset?> FirstAsync(int after, CancellationToken cancel) => database.ReadAsync<DateTimeOffset?>(
        async commands =>
            await commands.Prepare("SELECT due_at FROM articles WHERE due_at > 0 ORDER BY due_at LIMIT 1 OFFSET @after", ("after", after)).ExecuteScalarAsync(cancel)
                is long at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
        cancel);

    private ValueTask<List<Guid>> FindAsync(DateTimeOffset until, CancellationToken cancel) => database.ReadAsync(
        async commands =>
        {
            var found = new List<Guid>();
            var command = commands.Prepare(
                "SELECT CAST(id AS text) FROM articles WHERE due_at > 0 AND due_at <= @until ORDER BY due_at", ("until", until.ToUnixTimeMilliseconds()));
            await using var rows = await command.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel)) found.Add(Guid.Parse(rows.GetString(0)));
            return found;
        },
        cancel);

    /// <summary>False where others hold what is due, or the database is away: then it is due a moment later still.</summary>
    private async Task<bool> TryWriteAsync(List<Guid> ids, CancellationToken cancel)
    {
        var outcome = await publisher.WriteAsync<bool>(
            async (db, token) =>
            {
                await db.HoldAsync(ResourceType.Article, ids, Hold.ToChange, token);
                foreach (var id in ids)
                {
                    if (await writer.FindAsync(db, id, token) is { } article) Publication.Tick(article, clock.Now());
                }

                return true;
            },
            Caller.Clock,
            cancel);
        return outcome.Problem is null;
    }
}
