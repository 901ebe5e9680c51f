using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>
/// Renders, batch after batch, what a change with many dependents left over. The list of what is left is in the database,
/// so a restart goes on where the last batch ended.
/// </summary>
internal sealed class PendingRenders(Publisher publisher, NewsDatabase database, ILogger<PendingRenders> logger) : BackgroundService
{
    private const int Batch = 500;

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
                await _wake.WaitAsync(stoppingToken);
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
        while (!cancel.IsCancellationRequested && Next() is { } job)
        {
            try
            {
                await publisher.ContinueAsync(job, Batch, cancel);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogError(e, "Rendering again what shows {Filter} {Value} failed; trying again in a minute", job.Filter, job.Value);
                await Task.Delay(TimeSpan.FromMinutes(1), cancel);
            }
        }
    }

    private PendingRender? Next()
    {
        using var lease = database.Read();
        using var row = lease.Commands
            .Prepare("SELECT id, table_set, type, filter, value, after_sort_key, after_id FROM pending_renders ORDER BY id LIMIT 1").ExecuteReader();
        return !row.Read() ? null : new PendingRender
        {
            Id = row.GetInt64(0),
            TableSet = row.GetString(1),
            Type = row.GetString(2),
            Filter = row.GetString(3),
            Value = row.GetString(4),
            AfterSortKey = row.GetString(5),
            AfterId = row.GetString(6),
        };
    }

    private void Wake()
    {
        if (_wake.CurrentCount == 0) _wake.Release();
    }
}
