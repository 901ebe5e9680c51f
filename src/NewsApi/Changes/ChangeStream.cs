using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Changes;

/// <summary>
/// The change feed as server-sent events. A listener that has nothing to hear costs a connection and no thread; those who stand at the same
/// place share what is read for them. Who does not read is not written to, and goes on later where they are.
/// </summary>
internal sealed class ChangeStream(ChangeReader changes, ChangeCursors cursors, KnownHeads heads, ApiKeys keys, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    public const string ContentType = "text/event-stream";
    public const string LastEventId = "Last-Event-ID";
    private const int PageLimit = 100;

    /// <summary>Intermediaries give up a connection on which nothing comes for longer.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<(ChangeCursor? Place, string Types, bool Include, string? Licence), Lazy<Task<Outcome<FeedPage>>>> _shared = new();
    private Task _move = Task.CompletedTask;

    public async Task<IResult> ListenAsync(HttpContext http, StreamQuery query, CancellationToken cancel)
    {
        if (!Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParseList(http.Request.Headers.Accept, out var types) || !types.Any(t => t.MatchesMediaType(ContentType) && !t.MatchesAllTypes))
            return new ProblemResult(Problems.NotAcceptable($"This answer does not end. Ask for it with Accept: {ContentType}."));

        var licence = Licences.Of(http);
        var sent = http.Request.Headers[LastEventId];
        var (place, parameter) = sent.Count > 0 ? (sent.ToString(), LastEventId) : (query.Cursor, "cursor");
        ChangeCursor? start = null;
        if (place is not null)
        {
            if (cursors.Read(place, parameter, licence, out var cursor) is { } problem) return new ProblemResult(problem);

            start = cursor;
        }

        // What is wrong with the place is said before the answer begins.
        var wanted = new ChangeQuery { Types = query.Types, Include = query.Include, Limit = PageLimit.ToString(System.Globalization.CultureInfo.InvariantCulture) };
        var first = await changes.ReadAsync(start, wanted, licence, cancel);
        if (first.Problem is { } refused) return new ProblemResult(refused);
        if (HttpMethods.IsHead(http.Request.Method)) return new Headers();

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        try
        {
            Headers.Set(http.Response);
            await RunAsync(http, first.Value!, wanted, licence, over.Token);
        }
        catch (OperationCanceledException)
        {
            // They hung up, or the program ends: they come again with the id of the last entry.
        }

        return TypedResults.Empty;
    }

    private async Task RunAsync(HttpContext http, FeedPage page, ChangeQuery query, Licence? licence, CancellationToken cancel)
    {
        var caller = Caller.Of(http);
        await WriteAsync(http, "retry: 2000\n\n"u8.ToArray(), cancel);
        while (true)
        {
            var buffer = new ArrayBufferWriter<byte>();
            foreach (var entry in page.Entries)
            {
                buffer.Write("event: change\nid: "u8);
                buffer.Write(Encoding.ASCII.GetBytes(entry.Entry.Cursor));
                buffer.Write("\ndata: "u8);
                ChangeReader.Write(buffer, entry);
                buffer.Write("\n\n"u8);
            }

            if (buffer.WrittenCount > 0) await WriteAsync(http, buffer.WrittenMemory, cancel);
            if (!page.HasMore && page.Entries.Count == 0)
            {
                // Behind entries that were not for this reader nothing is to be asked twice, after a pause either.
                await WriteAsync(http, Encoding.ASCII.GetBytes($"id: {cursors.Write(page.Next)}\n\n"), cancel);
            }

            if (!page.HasMore && !await MoreCameAsync(http, page.Head, caller, cancel)) return;

            var next = await SharedAsync(page.Next, query, licence, cancel);
            if (next.Problem is not null) return;

            page = next.Value!;
        }
    }

    /// <summary>Waits for a commit and says every few seconds that the connection lives; false where the reader may read no more.</summary>
    private async Task<bool> MoreCameAsync(HttpContext http, long head, Caller caller, CancellationToken cancel)
    {
        var said = clock.GetTimestamp();
        while (true)
        {
            var move = heads.NextMove();
            if (!IsGood(caller)) return false;
            if (heads.Of(Head.Public) > head) return true;

            var left = Heartbeat - clock.GetElapsedTime(said);
            if (left > TimeSpan.Zero)
            {
                // What is not waited for any more leaves no timer behind: every commit wakes every listener. That the time is over is nothing to throw for.
                await move.WaitAsync(left, clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancel.ThrowIfCancellationRequested();
                if (move.IsCompleted) continue;
            }

            await WriteAsync(http, ": still here\n\n"u8.ToArray(), cancel);
            said = clock.GetTimestamp();
        }
    }

    /// <summary>A key that is revoked, or may see something else by now, ends its streams: changes of keys move a head as well.</summary>
    private bool IsGood(Caller caller) =>
        !(caller.ExpiresAt <= clock.GetUtcNow())
        && (caller.KeyId is not { } id || (keys.Find(id) is { } now && now.Scopes.SequenceEqual(caller.Scopes) && now.Licence?.Fingerprint == caller.Licence?.Fingerprint));

    /// <summary>All who wait at one place are woken by the same commit; one of them reads.</summary>
    private async Task<Outcome<FeedPage>> SharedAsync(ChangeCursor place, ChangeQuery query, Licence? licence, CancellationToken cancel)
    {
        var move = heads.NextMove();
        if (Interlocked.Exchange(ref _move, move) != move) _shared.Clear();
        var key = (place, string.Join(',', query.Types ?? []), query.IncludesResource, licence?.Fingerprint);
        var page = _shared.GetOrAdd(key, _ => new Lazy<Task<Outcome<FeedPage>>>(() => changes.ReadAsync(place, query, licence, CancellationToken.None).AsTask()));
        try
        {
            return await page.Value.WaitAsync(cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _shared.TryRemove(new(key, page));
            throw;
        }
    }

    private static async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var written = await http.Response.BodyWriter.WriteAsync(bytes, cancel);
        if (written.IsCompleted) throw new OperationCanceledException(cancel);
    }

    /// <summary>What HEAD is answered with.</summary>
    private sealed class Headers : IResult
    {
        public static void Set(HttpResponse response)
        {
            response.ContentType = ContentType;
            response.Headers.CacheControl = "no-store";

            // nginx would keep events until its buffer is full.
            response.Headers["X-Accel-Buffering"] = "no";
        }

        public Task ExecuteAsync(HttpContext httpContext)
        {
            Set(httpContext.Response);
            return Task.CompletedTask;
        }
    }
}
