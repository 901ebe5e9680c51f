namespace NewsApi.Subscriptions;

/// <summary>Tells this node's dispatcher that something is due which no commit tells of.</summary>
internal sealed class DueSignal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0, 1);

    public void Raise()
    {
        try
        {
            _raised.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is raised.
        }
    }

    /// <summary>Ends when it is raised, or was since the last time; or when the time is over.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancel) => _raised.WaitAsync(atMost, cancel);

    public void Dispose() => _raised.Dispose();
}
