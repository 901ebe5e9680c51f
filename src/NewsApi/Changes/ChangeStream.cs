using System.Buffers;
using System.Text;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Changes;

/// <summary>
/// The change feed as server-sent events. A listener that has nothing to hear costs a connection and no thread; those who wait at the head
/// share what is read for them. Who does not read is not written to, and goes on later where they are.
/// </summary>
internal sealed class ChangeStream(
    ChangeReader changes, ChangeCursors cursors, KnownHeads heads, SharedEvents shared, WaitingCallers callers, TimeProvider clock,
    IHostApplicationLifetime lifetime)
{
    public const string ContentType = "text/event-stream";
    public const string LastEventId = "Last-Event-ID";
    private const int PageLimit = 100;

    /// <summary>So much is handed to the server at once: it would keep all that it is given for whoever does not read.</summary>
    private const int Slice = 65_536;

    /// <summary>Intermediaries give up a connection on which nothing comes for longer.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

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
            await RunAsync(http, Events(first.Value!), wanted, licence, over.Token);
        }
        catch (OperationCanceledException)
        {
            // They hung up, or the program ends: they come again with the id of the last entry.
        }

        return TypedResults.Empty;
    }

    private async Task RunAsync(HttpContext http, FeedEvents events, ChangeQuery query, Licence? licence, CancellationToken cancel)
    {
        var isAtHead = false;
        await WriteAsync(http, "retry: 2000\n\n"u8.ToArray(), cancel);
        while (true)
        {
            // Only what a commit brings to those at the head is shared; whoever walks through what was before reads for themselves.
            isAtHead |= !events.HasMore;
            using var place = isAtHead ? shared.StandAt(events.Next, query, licence) : null;
            await WriteAsync(http, events.Bytes, cancel);

            // Whoever waits holds nothing that they were told.
            events = events with { Bytes = default };
            if (events.HasMore ? callers.Refuse(http) is not null : !await MoreCameAsync(http, events.Head, cancel)) return;

            var behind = events.Next;
            var next = place is null
                ? await ReadAsync(behind, query, licence, cancel)
                : await place.ReadAsync(() => ReadAsync(behind, query, licence, CancellationToken.None), cancel);
            if (next.Problem is not null) return;

            events = next.Value!;
        }
    }

    private async Task<Outcome<FeedEvents>> ReadAsync(ChangeCursor place, ChangeQuery query, Licence? licence, CancellationToken cancel)
    {
        var page = await changes.ReadAsync(place, query, licence, cancel);
        return page.Problem is { } problem ? problem : Events(page.Value!);
    }

    private FeedEvents Events(FeedPage page)
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

        // Behind entries that were not for this reader nothing is to be asked twice, after a pause either.
        if (!page.HasMore && page.Entries.Count == 0) buffer.Write(Encoding.ASCII.GetBytes($"id: {cursors.Write(page.Next)}\n\n"));
        return new FeedEvents(buffer.WrittenSpan.ToArray(), page.Next, page.HasMore, page.Head);
    }

    /// <summary>Waits for a commit and says every few seconds that the connection lives; false where the reader may read no more.</summary>
    private async Task<bool> MoreCameAsync(HttpContext http, long head, CancellationToken cancel)
    {
        var said = clock.GetTimestamp();
        while (true)
        {
            var move = heads.NextMove();
            if (callers.Refuse(http) is not null) return false;
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

    private static async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (!bytes.IsEmpty)
        {
            var slice = bytes[..Math.Min(Slice, bytes.Length)];
            var written = await http.Response.BodyWriter.WriteAsync(slice, cancel);
            if (written.IsCompleted) throw new OperationCanceledException(cancel);

            bytes = bytes[slice.Length..];
        }
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
