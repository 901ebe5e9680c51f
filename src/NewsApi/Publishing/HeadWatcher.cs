using NewsApi.Http;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>The newest positions this process knows of, to notice when somebody else has moved them.</summary>
internal sealed class KnownHeads
{
    private readonly Dictionary<string, long> _positions = [];
    private readonly Lock _gate = new();

    /// <summary>We move a head ourselves. True where it did not stand where we left it.</summary>
    public bool Advance(string head, long before, long after)
    {
        lock (_gate)
        {
            var moved = _positions.GetValueOrDefault(head) != before;
            _positions[head] = after;
            return moved;
        }
    }

    /// <summary>A head was read. True where it is ahead of what we know.</summary>
    public bool Observe(string head, long position)
    {
        lock (_gate)
        {
            if (position <= _positions.GetValueOrDefault(head)) return false;

            _positions[head] = position;
            return true;
        }
    }

    /// <summary>What we thought to have written did not come to be.</summary>
    public void Forget()
    {
        lock (_gate) _positions.Clear();
    }
}

/// <summary>
/// Looks twice a second whether somebody else wrote to the database, a verb of the command line for instance, and lets the
/// cached answers go.
/// </summary>
internal sealed class HeadWatcher(NewsDatabase database, KnownHeads heads, AnswerCache cache, ILogger<HeadWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            using var lease = database.Read();
            await using var rows = await lease.Commands.Prepare("SELECT name, position FROM heads").ExecuteReaderAsync(cancel);
            var moved = false;
            while (await rows.ReadAsync(cancel)) moved |= heads.Observe(rows.GetString(0), rows.GetInt64(1));
            if (moved) cache.ExpireAll();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogWarning(e, "The heads of the change feed could not be read");
        }
    }
}
