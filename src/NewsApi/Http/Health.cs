using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NewsApi.Access;
using NewsApi.Storage;

namespace NewsApi.Http;

internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        // Live: the process answers. Ready: it can do its work.
        var reading = new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]);
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).WithMetadata(reading).AllowEverybodyAlways();
        routes.MapHealthChecks("/health/ready").WithMetadata(reading).AllowEverybodyAlways();
    }
}

/// <summary>Whether the database answers; asked at most once a second, however often the address is called.</summary>
internal sealed class DatabaseCheck(NewsDatabase database, TimeProvider clock) : IHealthCheck, IDisposable
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);
    private (long At, HealthCheckResult Result)? _last;

    public void Dispose() => _turn.Dispose();

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_last is not { } last || clock.GetElapsedTime(last.At) > Lasts) _last = last = (clock.GetTimestamp(), await AskAsync(cancellationToken));
            return last.Result;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<HealthCheckResult> AskAsync(CancellationToken cancel)
    {
        try
        {
            await database.ReadAsync(async commands => await commands.Prepare("SELECT COUNT(*) FROM heads").ExecuteScalarAsync(cancel), cancel);
            return HealthCheckResult.Healthy();
        }
        catch (DatabaseAwayException)
        {
            return HealthCheckResult.Unhealthy("The database cannot be reached.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", e);
        }
    }
}
