namespace NewsApi.Access;

/// <summary>
/// Room for a few at once of what takes long, and for one of each caller: a key, or an address where none was sent. Those without a key never take the
/// last turn, as they may have many addresses.
/// </summary>
internal sealed class Turns(int atOnce, TimeSpan patience)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _taken = [];
    private int _strangers;
    private TaskCompletionSource _freed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A turn, given back by disposing of it; nothing where none was free in time.</summary>
    public async Task<IDisposable?> TakeAsync(HttpContext http, CancellationToken cancel)
    {
        var caller = Caller.Of(http);
        var who = caller.IsAnonymous ? FailedAttempts.Origin(http.Connection.RemoteIpAddress).ToString() : caller.Identity;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        over.CancelAfter(patience);
        while (true)
        {
            Task freed;
            lock (_gate)
            {
                if (TryTake(who, caller.IsAnonymous)) return new Turn(this, who, caller.IsAnonymous);

                freed = _freed.Task;
            }

            await freed.WaitAsync(over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancel.ThrowIfCancellationRequested();
            if (over.IsCancellationRequested) return null;
        }
    }

    private bool TryTake(string who, bool isStranger)
    {
        if (_taken.Count >= atOnce || (isStranger && _strangers >= Math.Max(1, atOnce - 1)) || !_taken.Add(who)) return false;

        if (isStranger) _strangers++;
        return true;
    }

    private void GiveBack(string who, bool isStranger)
    {
        lock (_gate)
        {
            _taken.Remove(who);
            if (isStranger) _strangers--;
            _freed.SetResult();
            _freed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private sealed class Turn(Turns turns, string who, bool isStranger) : IDisposable
    {
        public void Dispose() => turns.GiveBack(who, isStranger);
    }
}
