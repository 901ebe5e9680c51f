using System.Globalization;
using System.Net;
using System.Text.Json;

namespace NewsApi.Client;

/// <summary>How a follower follows.</summary>
public sealed class SyncFollowerOptions
{
    internal static readonly TimeSpan DefaultIdleTimeout = TimeSpan.FromSeconds(60);

    /// <summary>
    /// For how long nothing may come on a connection before it is given up, and the server asked again: a minute, unless it is said here. What the
    /// server was asked to wait itself comes on top. The timeout of the <see cref="HttpClient"/> counts as well, up to the headers of an answer.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = DefaultIdleTimeout;

    /// <summary>Told of each failure that is passing, before the pause after which the server is asked again: for a log, or an alarm.</summary>
    public Action<SyncException>? Faulted { get; init; }
}

/// <summary>
/// Keeps a copy of what is public in step with a server: from nothing by the exports, then by the change feed, for as long as it is let run. Whatever
/// is broken off, by either side and at any moment, goes on where the store says it has come to.
/// </summary>
/// <remarks>
/// What goes wrong with the server is a <see cref="SyncException"/>, whose <see cref="SyncException.IsPassing"/> says whether asking again may help. What the
/// store throws is let through as it is.
/// </remarks>
/// <param name="http">With the address of the server, and the key where one is needed.</param>
/// <param name="store">Where the copy is kept.</param>
/// <param name="options">How to follow, where the defaults will not do.</param>
public sealed class SyncFollower(HttpClient http, ISyncStore store, SyncFollowerOptions? options = null)
{
    private const int PageLimit = 200;
    private const int SnapshotBatch = 500;
    private const int Tries = 5;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(25);
    private static readonly (string Type, string List)[] Types = [("article", "articles"), ("event", "events"), ("person", "people")];

    private readonly SyncFollowerOptions _options = options ?? new();
    private readonly SyncServer _server = new(http, options?.IdleTimeout ?? SyncFollowerOptions.DefaultIdleTimeout);

    /// <summary>
    /// Follows until it is cancelled. A server that is away, or too busy, is asked again, with pauses of a second to half a minute;
    /// <see cref="SyncFollowerOptions.Faulted"/> is told of it.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="SyncException">
    /// The server refused, and asking again would not help: 401 where the key is not good, 403 where it may not follow.
    /// </exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (true)
        {
            try
            {
                await StepAsync(LongestWait, cancellationToken).ConfigureAwait(false);
                failures = 0;
            }
            catch (SyncException e) when (e.IsPassing && !cancellationToken.IsCancellationRequested)
            {
                await PauseAsync(e, failures++, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Follows until nothing is left to be told.</summary>
    /// <exception cref="SyncException">The server refused, or the connection failed; calling it again goes on from there.</exception>
    public async Task CatchUpAsync(CancellationToken cancellationToken = default)
    {
        while (await StepAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false)) { }
    }

    /// <summary>
    /// One page of the feed; where the copy has no place in it, or one that is gone, all of what is public. True while more is waiting.
    /// </summary>
    /// <param name="wait">How long the server may wait for something to tell; half a minute at most.</param>
    /// <exception cref="SyncException">The server refused, or the connection failed.</exception>
    public async Task<bool> StepAsync(TimeSpan wait, CancellationToken cancellationToken = default)
    {
        if (await store.ReadCursorAsync(cancellationToken).ConfigureAwait(false) is not { } cursor)
        {
            await SnapshotAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }

        var seconds = Math.Clamp((int)wait.TotalSeconds, 0, 30);
        var address = $"v1/changes?include=resource&limit={PageLimit}&cursor={Uri.EscapeDataString(cursor)}{(seconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"&wait={seconds}") : "")}";
        using var response = await _server.GetAsync(address, TimeSpan.FromSeconds(seconds), cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            await SnapshotAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }

        var (batch, hasMore) = await _server.ReadAsync(response, BatchOf, cancellationToken).ConfigureAwait(false);
        await store.ApplyAsync(batch, cancellationToken).ConfigureAwait(false);
        return hasMore;
    }

    /// <summary>Reads everything anew, puts it over the copy, and drops what is not public any more.</summary>
    /// <exception cref="SyncException">The server refused, or the connection failed again and again.</exception>
    public async Task SnapshotAsync(CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        var seen = new HashSet<SyncKey>();
        foreach (var (type, list) in Types)
        {
            var after = "";
            for (var failures = 0; ;)
            {
                try
                {
                    var address = $"v1/exports/{list}.ndjson{(after.Length > 0 ? $"?after={after}" : "")}";
                    using var response = await _server.GetAsync(address, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
                    await _server.EnsureAsync(response, cancellationToken).ConfigureAwait(false);

                    // The oldest of all snapshots: what comes after it is told, and told twice does no harm.
                    cursor ??= response.Headers.TryGetValues("Changes-Cursor", out var told) ? told.First() : throw SyncServer.NotUnderstood(null);
                    await foreach (var resources in _server.LinesAsync(type, response, cancellationToken).Chunk(SnapshotBatch, cancellationToken).ConfigureAwait(false))
                    {
                        await store.ApplyAsync(new SyncBatch { Upserts = resources, Removes = [] }, cancellationToken).ConfigureAwait(false);
                        seen.UnionWith(resources.Select(r => r.Key));
                        after = resources[^1].Key.Id;
                    }

                    break;
                }
                catch (SyncException e) when (e.IsPassing && failures < Tries && !cancellationToken.IsCancellationRequested)
                {
                    await PauseAsync(e, failures++, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        var gone = new List<SyncKey>();
        await foreach (var resource in store.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!seen.Contains(resource.Key)) gone.Add(resource.Key);
        }

        await store.ApplyAsync(new SyncBatch { Upserts = [], Removes = gone, Cursor = cursor }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Compares the copy with the server's digest, from the documents the copy holds: what differs, and nothing where the copy is right.</summary>
    /// <exception cref="SyncException">The server refused, the connection failed, or the copy has not been begun.</exception>
    public async Task<IReadOnlyList<SyncFault>> VerifyAsync(CancellationToken cancellationToken = default)
    {
        var cursor = await CursorAsync(cancellationToken).ConfigureAwait(false);
        return await SyncDigest.CompareAsync(_server, cursor, store.ReadAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads anew what differs. What was repaired; comparing again afterwards finds nothing.</summary>
    /// <exception cref="SyncException">The server refused, the connection failed, or the copy has not been begun.</exception>
    public async Task<IReadOnlyList<SyncFault>> RepairAsync(CancellationToken cancellationToken = default)
    {
        var faults = await VerifyAsync(cancellationToken).ConfigureAwait(false);
        var (upserts, removes) = (new List<SyncResource>(), new List<SyncKey>());
        foreach (var key in faults.Select(f => f.Key))
        {
            using var response = await _server.GetAsync($"v1/{Types.First(t => t.Type == key.Type).List}/{key.Id}", TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                removes.Add(key);
                continue;
            }

            var resource = await _server.ReadAsync(response, document => SyncServer.Resource(key.Type, document), cancellationToken).ConfigureAwait(false);

            // Somebody who was merged is answered with the survivor.
            if (resource.Key == key) upserts.Add(resource);
            else removes.Add(key);
        }

        if (faults.Count > 0) await store.ApplyAsync(new SyncBatch { Upserts = upserts, Removes = removes }, cancellationToken).ConfigureAwait(false);
        return faults;
    }

    private async Task<string> CursorAsync(CancellationToken cancellationToken) => await store.ReadCursorAsync(cancellationToken).ConfigureAwait(false)
        ?? throw new SyncException(null, "The copy has no place in the feed yet; follow first.");

    /// <summary>A page as one step, the last word on each resource alone.</summary>
    private static (SyncBatch Batch, bool HasMore) BatchOf(JsonElement page)
    {
        var last = new Dictionary<SyncKey, SyncResource?>();
        foreach (var entry in page.GetProperty("items").EnumerateArray())
        {
            var type = SyncServer.Text(entry, "type");
            var key = new SyncKey(type, SyncServer.Text(entry, "id"));
            if (SyncServer.Text(entry, "operation") == "remove") last[key] = null;

            // Where an entry carries nothing, one that follows does.
            else if (entry.TryGetProperty(type, out var document)) last[key] = SyncServer.Resource(type, document);
        }

        var batch = new SyncBatch
        {
            Upserts = [.. last.Values.OfType<SyncResource>()],
            Removes = [.. last.Where(l => l.Value is null).Select(l => l.Key)],
            Cursor = SyncServer.Text(page, "nextCursor"),
        };
        return (batch, page.GetProperty("hasMore").GetBoolean());
    }

    private Task PauseAsync(SyncException failed, int failures, CancellationToken cancellationToken)
    {
        _options.Faulted?.Invoke(failed);
        var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(failures, 10))));
        return Task.Delay(pause * (0.5 + Random.Shared.NextDouble() / 2), cancellationToken);
    }
}

/// <summary>A server that refused or failed, or a copy that cannot be followed with.</summary>
public sealed class SyncException : Exception
{
    internal SyncException(HttpStatusCode? status, string message, Exception? inner = null)
        : base(message, inner) => Status = status;

    /// <summary>What the server answered, where it refused.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>Whether asking again later may help: the server is away or too busy, or its answer broke off.</summary>
    public bool IsPassing { get; internal init; }
}

internal static class Chunks
{
    public static async IAsyncEnumerable<IReadOnlyList<T>> Chunk<T>(
        this IAsyncEnumerable<T> items, int size, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chunk = new List<T>(size);
        await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            chunk.Add(item);
            if (chunk.Count < size) continue;

            yield return chunk;
            chunk = new List<T>(size);
        }

        if (chunk.Count > 0) yield return chunk;
    }
}
