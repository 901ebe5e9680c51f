namespace NewsApi.Publishing;

/// <summary>
/// Renders, batch after batch, what a change with many dependents left over. The list of what is left is in the database,
/// so a restart goes on where the last batch ended, and so does another node where this one is gone.
/// </summary>
internal sealed class PendingRenders(Publisher publisher, ILogger<PendingRenders> logger) : BackgroundService
{
    private const int Batch = 500;

    /// <summary>So often this node looks for what another one has left.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _wake = new(1);

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        publisher.WorkLeft += Wake;
        try
        {
            while (true)
            {
                await _wake.WaitAsync(Interval, stoppingToken);
                await WorkAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The rest is done after the next start.
        }
        finally
        {
            publisher.WorkLeft -= Wake;
        }
    }

    private async Task WorkAsync(CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested && await publisher.ContinueAsync(Batch, cancel)) continue;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError(e, "Rendering again what shows a changed name failed; trying again in a minute");
            await Task.Delay(TimeSpan.FromMinutes(1), cancel);
        }
    }

    private void Wake()
    {
        if (_wake.CurrentCount == 0) _wake.Release();
    }
}
