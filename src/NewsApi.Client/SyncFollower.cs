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
/// <param name="http">With the address of the server, which may have a path, and the key where one is needed.</param>
/// <param name="store">Where the copy is kept.</param>
/// <param name="options">How to follow, where the defaults will not do.</param>
public sealed class SyncFollower(HttpClient http, ISyncStore store, SyncFollowerOptions? options = null)
{
    private const int PageLimit = 200;
    private const int SnapshotBatch = 500;
    private const int RepairBatch = 50;
    private const int MostMoves = 20;
    private const int Tries = 5;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(25);
    private static readonly (string Type, string List)[] Types = [("article", "articles"), ("event", "events"), ("person", "people")];

    private readonly SyncFollowerOptions _options = options ?? new();
    private readonly SyncServer _server = new(http, options?.IdleTimeout ?? SyncFollowerOptions.DefaultIdleTimeout);

    private Snapshot? _unfinished;

    /// <summary>
    /// Follows until it is cancelled. A server that is away, or too busy, is asked again, with pauses of a second to half a minute, or as long as the
    /// server says, up to five minutes; <see cref="SyncFollowerOptions.Faulted"/> is told of it.
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
    /// One page of the feed; where the copy has no place in it, or one that is gone, all of what is public. True while more is waiting. Of a snapshot
    /// that failed it reads what was not read yet, as long as it is the same follower.
    /// </summary>
    /// <param name="wait">How long the server may wait for something to tell; half a minute at most.</param>
    /// <exception cref="SyncException">The server refused, or the connection failed.</exception>
    public async Task<bool> StepAsync(TimeSpan wait, CancellationToken cancellationToken = default)
    {
        if (await store.ReadCursorAsync(cancellationToken).ConfigureAwait(false) is not { } cursor)
        {
            await GoOnAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }

        var seconds = Math.Clamp((int)wait.TotalSeconds, 0, 30);
        var address = $"v1/changes?include=resource&limit={PageLimit}&cursor={Uri.EscapeDataString(cursor)}{(seconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"&wait={seconds}") : "")}";
        using var response = await _server.GetAsync(address, TimeSpan.FromSeconds(seconds), cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            await GoOnAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }

        var (batch, hasMore) = await _server.ReadAsync(response, BatchOf, cancellationToken).ConfigureAwait(false);
        await store.ApplyAsync(batch, cancellationToken).ConfigureAwait(false);
        _unfinished = null;
        return hasMore;
    }

    /// <summary>
    /// Reads everything anew, puts it over the copy, and drops what is not public any more. An export that breaks off goes on behind its last line, until
    /// it has failed six times without one.
    /// </summary>
    /// <exception cref="SyncException">The server refused, or the connection failed again and again.</exception>
    public Task SnapshotAsync(CancellationToken cancellationToken = default)
    {
        _unfinished = null;
        return GoOnAsync(cancellationToken);
    }

    /// <summary>Compares the copy with the server's digest, from the documents the copy holds: what differs, and nothing where the copy is right.</summary>
    /// <exception cref="SyncException">The server refused, the connection failed, or the copy has not been begun.</exception>
    public async Task<IReadOnlyList<SyncFault>> VerifyAsync(CancellationToken cancellationToken = default)
    {
        var cursor = await CursorAsync(cancellationToken).ConfigureAwait(false);
        return await SyncDigest.CompareAsync(_server, cursor, store.ReadAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads anew what differs, also beside a follower that runs. What was found wrong; comparing again afterwards finds nothing of it.</summary>
    /// <remarks>
    /// A row is put right only while the copy stands where it stood before the server was asked for the row, and only where it still has the version it
    /// was compared with; the store holds both while it writes. So nothing that a follower writes meanwhile, in this process or another, is rolled back,
    /// and whatever happens to the row later is told by the feed. Where the copy moves on first the rows are asked for again, fewer at a time. A snapshot
    /// that is taken at the same time moves the copy only when it ends: compare again after it. Rows are put right in steps. One that cannot be read is
    /// left as it is, and said when the others are done.
    /// </remarks>
    /// <exception cref="SyncException">
    /// The server refused, the connection failed, the copy has not been begun, or it moves on too fast. What was put right until then stays.
    /// </exception>
    public async Task<IReadOnlyList<SyncFault>> RepairAsync(CancellationToken cancellationToken = default)
    {
        var compared = await CursorAsync(cancellationToken).ConfigureAwait(false);
        var faults = await SyncDigest.CompareAsync(_server, compared, store.ReadAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        var (done, size, moves) = (0, RepairBatch, 0);
        SyncException? first = null;
        while (done < faults.Count)
        {
            // Before the server is asked: what it answers is then no older than the copy, and what is younger the feed will tell.
            var cursor = await CursorAsync(cancellationToken).ConfigureAwait(false);
            var batch = faults.Skip(done).Take(size).ToList();
            var (repairs, failed) = await RepairsAsync(batch, cursor == compared, cancellationToken).ConfigureAwait(false);
            if (await store.RepairAsync(cursor, repairs, cancellationToken).ConfigureAwait(false))
            {
                (done, moves) = (done + batch.Count, 0);
                first ??= failed;
                if (failed is not null && !IsOfOneRow(failed)) break;
            }
            else
            {
                if (++moves > MostMoves) throw new SyncException(null, "The copy moves on faster than it can be repaired; stop the follower, or try again later.");

                size = Math.Max(1, size / 4);
            }
        }

        return first is null ? faults : throw first;
    }

    /// <summary>What is to be done about these rows, and the first failure among them.</summary>
    private async Task<(List<SyncRepair> Repairs, SyncException? Failed)> RepairsAsync(
        List<SyncFault> faults, bool isAsCompared, CancellationToken cancellationToken)
    {
        var repairs = new List<SyncRepair>();
        SyncException? first = null;
        foreach (var fault in faults)
        {
            try
            {
                repairs.Add(new SyncRepair(fault.Key, fault.Version, await ReadAnewAsync(fault, isAsCompared, cancellationToken).ConfigureAwait(false)));
            }
            catch (SyncException e)
            {
                first ??= e;
                if (!IsOfOneRow(e)) return (repairs, e);
            }
        }

        return (repairs, first);
    }

    /// <summary>What belongs into the row; nothing where it is to go.</summary>
    private async Task<SyncResource?> ReadAnewAsync(SyncFault fault, bool isAsCompared, CancellationToken cancellationToken)
    {
        var (type, id) = fault.Key;
        var list = Types.FirstOrDefault(t => t.Type == type).List;

        // The digest has said it, and for what no server can know there is no address.
        if (fault.What == SyncDifference.NotPublic && (isAsCompared || list is null || !Guid.TryParseExact(id, "D", out _))) return null;

        if (list is null) throw new SyncException(HttpStatusCode.NotFound, $"There is no reading of '{type}' here; a newer client may know it.");

        using var response = await _server.GetAsync($"v1/{list}/{Uri.EscapeDataString(id)}", TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone) return null;

        var resource = await _server.ReadAsync(response, document => SyncServer.Resource(type, document), cancellationToken).ConfigureAwait(false);

        // Somebody who was merged is answered with the survivor.
        return resource.Key == fault.Key ? resource : null;
    }

    /// <summary>Whether the server would answer for another row, as far as this says.</summary>
    private static bool IsOfOneRow(SyncException e) => e.Status is not (null or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
        or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout);

    private async Task<string> CursorAsync(CancellationToken cancellationToken) => await store.ReadCursorAsync(cancellationToken).ConfigureAwait(false)
        ?? throw new SyncException(null, "The copy has no place in the feed yet; follow first.");

    /// <summary>A snapshot, or the rest of one that failed.</summary>
    private async Task GoOnAsync(CancellationToken cancellationToken)
    {
        var snapshot = _unfinished ??= new Snapshot();
        for (var failures = 0; snapshot.Lists < Types.Length;)
        {
            var after = snapshot.After;
            try
            {
                await ReadListAsync(snapshot, cancellationToken).ConfigureAwait(false);
                snapshot.Lists++;
                snapshot.After = "";
                failures = 0;
            }
            catch (SyncException e) when (e.IsPassing && !cancellationToken.IsCancellationRequested)
            {
                if (snapshot.After != after) failures = 0;
                if (failures == Tries) throw;

                await PauseAsync(e, failures++, cancellationToken).ConfigureAwait(false);
            }
        }

        var gone = new List<SyncKey>();
        await foreach (var resource in store.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!snapshot.Seen.Contains(resource.Key)) gone.Add(resource.Key);
        }

        await store.ApplyAsync(new SyncBatch { Upserts = [], Removes = gone, Cursor = snapshot.Cursor }, cancellationToken).ConfigureAwait(false);
        _unfinished = null;
    }

    /// <summary>The export that is next, behind what was read of it already. Whatever came is in the copy, also where it breaks off.</summary>
    private async Task ReadListAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var (type, list) = Types[snapshot.Lists];
        var address = $"v1/exports/{list}.ndjson{(snapshot.After.Length > 0 ? $"?after={snapshot.After}" : "")}";
        using var response = await _server.GetAsync(address, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        await _server.EnsureAsync(response, cancellationToken).ConfigureAwait(false);

        // The oldest of all snapshots: what comes after it is told, and told twice does no harm.
        var cursor = response.Headers.TryGetValues("Changes-Cursor", out var told) ? told.First() : throw SyncServer.NotUnderstood(null);
        snapshot.Cursor ??= cursor;
        var batch = new List<SyncResource>(SnapshotBatch);
        try
        {
            await foreach (var resource in _server.LinesAsync(type, response, cancellationToken).ConfigureAwait(false))
            {
                batch.Add(resource);
                if (batch.Count == SnapshotBatch) await ApplyAsync().ConfigureAwait(false);
            }
        }
        catch (SyncException)
        {
            await ApplyAsync().ConfigureAwait(false);
            throw;
        }

        await ApplyAsync().ConfigureAwait(false);

        async Task ApplyAsync()
        {
            if (batch.Count == 0) return;

            await store.ApplyAsync(new SyncBatch { Upserts = batch, Removes = [] }, cancellationToken).ConfigureAwait(false);
            snapshot.Seen.UnionWith(batch.Select(r => r.Key));
            snapshot.After = batch[^1].Key.Id;
            batch = new List<SyncResource>(SnapshotBatch);
        }
    }

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
        var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(failures, 10)))) * (0.5 + Random.Shared.NextDouble() / 2);
        var told = failed.RetryAfter < LongestRetryAfter ? failed.RetryAfter : failed.RetryAfter is null ? null : LongestRetryAfter;
        return Task.Delay(told > pause ? told.Value : pause, cancellationToken);
    }

    /// <summary>How far a snapshot has come.</summary>
    private sealed class Snapshot
    {
        /// <summary>That of the first answer.</summary>
        public string? Cursor { get; set; }

        /// <summary>How many lists are through.</summary>
        public int Lists { get; set; }

        /// <summary>The last that came of the list that is not.</summary>
        public string After { get; set; } = "";

        public HashSet<SyncKey> Seen { get; } = [];
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

    /// <summary>How long the server wants to be left alone, where it says so.</summary>
    public TimeSpan? RetryAfter { get; internal init; }
}
