using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>The newest positions whose effect on the cached answers of this process is done.</summary>
internal sealed class KnownHeads
{
    private readonly Dictionary<string, long> _positions = [];
    private readonly Lock _gate = new();
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Of(string head)
    {
        lock (_gate) return _positions.GetValueOrDefault(head);
    }

    /// <summary>We moved a head ourselves. Where somebody else moved it before us, that has still to be looked at.</summary>
    public void Advance(string head, long before, long after)
    {
        lock (_gate)
        {
            if (_positions.GetValueOrDefault(head) != before) return;

            _positions[head] = after;
            TellMoved();
        }
    }

    public void Set(string head, long position)
    {
        lock (_gate)
        {
            _positions[head] = position;
            TellMoved();
        }
    }

    /// <summary>Ends when any head is moved from now on.</summary>
    public Task NextMove()
    {
        lock (_gate) return _moved.Task;
    }

    /// <summary>Waits until a head stands behind a position, the time is over or somebody stops it. Takes no thread meanwhile.</summary>
    public async Task PassedAsync(string head, long position, TimeSpan atMost, CancellationToken cancel, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel, stop);
        over.CancelAfter(atMost);
        try
        {
            while (true)
            {
                var move = NextMove();
                if (Of(head) > position) return;

                await move.WaitAsync(over.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // The time is over, or the program ends.
        }
    }

    private void TellMoved()
    {
        _moved.SetResult();
        _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>
/// Lets the cached answers go that others have made old, another node or a verb of the command line, and reads the keys that they changed. It hears of their commits, and
/// looks twice a second in case it did not.
/// </summary>
internal sealed class HeadWatcher(NewsDatabase database, KnownHeads heads, AnswerCache cache, ApiKeys keys, ILogger<HeadWatcher> logger) : BackgroundService
{
    /// <summary>With more changes than this at once every answer goes.</summary>
    private const int Many = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private bool _isAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var commits = database.ListenForCommits();
        try
        {
            while (true)
            {
                await LookAsync(stoppingToken);
                await commits.WaitAsync(Interval, stoppingToken);
            }
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
            await database.ReadAsync(commands => LookAsync(commands, cancel), cancel);
            if (_isAway) logger.LogInformation("The database is back");
            _isAway = false;
        }
        catch (DatabaseAwayException e)
        {
            if (!_isAway) logger.LogWarning("The database cannot be reached: {Reason}", e.GetBaseException().Message);
            _isAway = true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogWarning(e, "The heads of the change feed could not be read");
        }
    }

    private async ValueTask<bool> LookAsync(StoredCommands commands, CancellationToken cancel)
    {
        var moved = new List<(string Head, long Before, long After)>();
        await using (var rows = await commands.Prepare("SELECT name, position FROM heads").ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel))
            {
                var (head, after) = (rows.GetString(0), rows.GetInt64(1));
                if (heads.Of(head) is var before && before != after) moved.Add((head, before, after));
            }
        }

        // The keys last: where they cannot be read, everything else is up to date.
        foreach (var (head, before, after) in moved.OrderBy(m => m.Head == Head.Access))
        {
            if (head == Head.Access) await keys.LoadAsync(commands, cancel);
            else if (head == Head.Sections) cache.ExpireLists();
            else if (head == Head.Public) await ExpireAsync(commands, before, after, cancel);
            heads.Set(head, after);
        }

        return moved.Count > 0;
    }

    private async ValueTask ExpireAsync(StoredCommands commands, long before, long after, CancellationToken cancel)
    {
        // A head that stands behind what we know of is that of another database, put in the place of ours.
        if (after < before || after - before > Many)
        {
            cache.ExpireAll();
            return;
        }

        var touched = new List<ResourceKey>();
        var changes = commands.Prepare(
            "SELECT type, id FROM changes WHERE position > @before AND position <= @after", ("before", before), ("after", after));
        await using var rows = await changes.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) touched.Add(new ResourceKey(ResourceTypes.Parse(rows.GetString(0)), rows.GetString(1)));
        cache.Expire(touched);
    }
}
