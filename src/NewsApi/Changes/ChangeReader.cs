using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Changes;

/// <summary>Answers pages of the change feed. It knows the feed, its head and what the public sees now, and nothing else.</summary>
internal sealed class ChangeReader(
    NewsDatabase database, ChangeCursors cursors, KnownHeads heads, AnswerCache cache, WaitingCallers callers, IHostApplicationLifetime lifetime)
{
    /// <summary>A page with resources ends behind the one with which it comes to this.</summary>
    private const int MostBytes = 8 * 1_048_576;

    public async ValueTask<IResult> ListAsync(HttpContext http, ChangeQuery query, CancellationToken cancel)
    {
        var (licence, since) = (Licences.Of(http), TimeProvider.System.GetTimestamp());
        ChangeCursor? start = null;
        if (query.Cursor is not null)
        {
            if (cursors.Read(query.Cursor, "cursor", licence, out var cursor) is { } problem) return new ProblemResult(problem);

            start = cursor;
        }

        while (true)
        {
            var stamp = cache.Everything();
            var read = await ReadAsync(start, query, licence, cancel);
            if (read.Problem is { } refused) return new ProblemResult(refused);

            var page = read.Value!;
            var left = query.MostWait - TimeProvider.System.GetElapsedTime(since);
            if (page.Entries.Count > 0 || page.HasMore || left <= TimeSpan.Zero || lifetime.ApplicationStopping.IsCancellationRequested)
                return Answer(http, query, page, stamp);

            // What was looked at and was not for this reader is not looked at again.
            start = page.Next;
            await heads.PassedAsync(Head.Public, page.Head, left, cancel, lifetime.ApplicationStopping);
            if (callers.Refuse(http) is { } problem) return new ProblemResult(problem);
        }
    }

    /// <summary>One page behind a place, or from the beginning; the problem where the place is none of this feed any more.</summary>
    public ValueTask<Outcome<FeedPage>> ReadAsync(ChangeCursor? start, ChangeQuery query, Licence? licence, CancellationToken cancel) =>
        database.ReadAsync(commands => ReadAsync(commands, start, query, licence, cancel), cancel);

    private async ValueTask<Outcome<FeedPage>> ReadAsync(StoredCommands commands, ChangeCursor? start, ChangeQuery query, Licence? licence, CancellationToken cancel)
    {
        // The head is of the state the rows are of, and bounds them: a page that is not full has then seen everything up to it.
        await using var snapshot = await commands.BeginSnapshotAsync(cancel);
        var head = await ChangeCursors.HeadAsync(commands, cancel);
        if (start is { } place && !head.Reaches(place)) return Problems.CursorExpired("cursor");

        var (types, limit, after) = (QueryValues.Split(query.Types), query.MostItems, start?.Position ?? 0);
        var found = licence is null
            ? await RowsAsync(commands, types, after, head, limit, cancel)
            : await new LicensedChanges(commands, licence, Entry).ReadAsync(types, after, head, limit, cancel);
        var asked = query.IncludesResource ? found.Entries : found.Entries.Where(entry => PositionOf(entry) <= head.CutTo);
        var newest = await ChangeLookups.NewestAsync(commands, asked.Select(PositionOf), cancel);
        var told = await ToldAsync(commands, found.Entries, newest, head, cancel);

        // The newest entry of a resource carries it, unless it is gone.
        var carried = told.Where(entry => query.IncludesResource && entry.ContentHash is not null).Select(PositionOf).Where(newest.ContainsKey).ToDictionary(p => p, p => newest[p]);
        var (entries, bytes) = (new List<FeedEntry>(told.Count), 0);
        foreach (var chunk in Chunks(told, carried))
        {
            var documents = await ChangeLookups.DocumentsAsync(commands, chunk.Select(PositionOf).Where(carried.ContainsKey), cancel);
            foreach (var entry in chunk)
            {
                var document = documents.TryGetValue(PositionOf(entry), out var stored) ? LicensedView.Of(ResourceTypes.Parse(entry.Type), stored, licence)?.Document : null;
                entries.Add(new FeedEntry(entry, document));
                bytes += document?.Length ?? 0;
                if (bytes >= MostBytes && entry.Position != found.Entries[^1].Position) return Page(PositionOf(entry), hasMore: true);
            }
        }

        return Page(found.End, found.HasMore);

        FeedPage Page(long end, bool hasMore) => new(entries, head.At(end, licence?.Fingerprint), hasMore, head.Position);

        ChangeResponse Entry(DbDataReader row) => ChangeReader.Entry(row, position => cursors.Write(head.At(position, licence?.Fingerprint)));
    }

    private async Task<FoundEntries> RowsAsync(StoredCommands commands, IReadOnlyList<string> types, long after, FeedHead head, int limit, CancellationToken cancel)
    {
        var (sql, parameters) = ChangeSql.Write(types, after, head.Position, limit + 1);
        var entries = new List<ChangeResponse>();
        await using (var rows = await commands.Prepare(sql, parameters).ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel)) entries.Add(Entry(rows, position => cursors.Write(head.At(position, null))));
        }

        if (entries.Count <= limit) return new FoundEntries(entries, head.Position, HasMore: false);

        entries.RemoveAt(limit);
        return new FoundEntries(entries, PositionOf(entries[^1]), HasMore: true);
    }

    private Answer Answer(HttpContext http, ChangeQuery query, FeedPage page, AnswerCache.Stamp stamp)
    {
        var next = cursors.Write(page.Next);
        var body = Write(page, next);
        var answer = new Answer(body, Http.Answer.TagOf(body.Span))
        {
            // Whoever waits is answered by the clock: kept for the next one it would be old.
            IsPublic = query.Wait is null,
            SurrogateKey = "changes",
            Link = page.HasMore ? Http.Answer.NextLink(http.Request, next) : null,
        };
        if (!query.IncludesResource) cache.Keep(http, answer, stamp);
        return answer;
    }

    /// <summary>A <see cref="ChangePage"/>, with stored documents as they are.</summary>
    private static ReadOnlyMemory<byte> Write(FeedPage page, string next)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write("{\"items\":["u8);
        foreach (var entry in page.Entries)
        {
            if (entry != page.Entries[0]) buffer.Write(","u8);
            Write(buffer, entry);
        }

        buffer.Write("],\"nextCursor\":"u8);
        buffer.Write(JsonSerializer.SerializeToUtf8Bytes(next, WireJson.Default.String));
        buffer.Write(page.HasMore ? ",\"hasMore\":true}"u8 : ",\"hasMore\":false}"u8);
        return buffer.WrittenMemory;
    }

    /// <summary>A <see cref="ChangeResponse"/>.</summary>
    public static void Write(IBufferWriter<byte> buffer, FeedEntry entry)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(entry.Entry, WireJson.Default.ChangeResponse);
        if (entry.Document is not { } document)
        {
            buffer.Write(bytes);
            return;
        }

        buffer.Write(bytes.AsSpan(..^1));
        buffer.Write(entry.Entry.Type switch { "article" => ",\"article\":"u8, "person" => ",\"person\":"u8, _ => ",\"event\":"u8 });
        buffer.Write(document);
        buffer.Write("}"u8);
    }

    private static long PositionOf(ChangeResponse entry) => long.Parse(entry.Position, CultureInfo.InvariantCulture);

    /// <summary>
    /// The entries that are told, and with which notices. A cut takes its time, and what it takes is gone for everybody at once: nobody is told of
    /// something whose removal may be gone a page later.
    /// </summary>
    private static async ValueTask<List<ChangeResponse>> ToldAsync(
        StoredCommands commands, List<ChangeResponse> entries, Dictionary<long, int> newest, FeedHead head, CancellationToken cancel)
    {
        var told = entries.Where(entry => PositionOf(entry) is var position && (position > head.CutTo || newest.ContainsKey(position))).ToList();
        var stillPublic = await ChangeLookups.StillPublicAsync(commands, told.Where(entry => entry.Correction is not null).Select(PositionOf), cancel);
        return told.ConvertAll(entry => entry.Correction is null || stillPublic.Contains(PositionOf(entry)) ? entry : entry with { Correction = null });
    }

    /// <summary>Entries whose documents are read at once. Of large ones no more are read than end a page.</summary>
    private static IEnumerable<List<ChangeResponse>> Chunks(List<ChangeResponse> entries, Dictionary<long, int> lengths)
    {
        var (chunk, bytes) = (new List<ChangeResponse>(), 0);
        foreach (var entry in entries)
        {
            chunk.Add(entry);
            bytes += lengths.GetValueOrDefault(PositionOf(entry));
            if (chunk.Count < ChangeLookups.AtOnce && bytes < MostBytes) continue;

            yield return chunk;
            (chunk, bytes) = ([], 0);
        }

        if (chunk.Count > 0) yield return chunk;
    }

    /// <summary>The entry in a row, as everybody sees it who sees everything.</summary>
    private static ChangeResponse Entry(DbDataReader row, Func<long, string> cursorAt)
    {
        var position = row.GetInt64(0);
        return new ChangeResponse
        {
            Position = position.ToString(CultureInfo.InvariantCulture),
            Cursor = cursorAt(position),
            Type = row.GetString(1),
            Id = row.GetString(2),
            Operation = row.GetString(3),
            Reason = row.GetString(4),
            Version = row.GetInt32(5),
            PreviousVersion = row.IsDBNull(6) ? null : row.GetInt32(6),
            ChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)),
            Slug = row.GetString(8),
            ExternalIds = JsonSerializer.Deserialize(row.GetString(9), WireJson.Default.IReadOnlyListExternalId)!,
            ContentHash = row.IsDBNull(10) ? null : row.GetString(10),
            Correction = row.IsDBNull(11) ? null : JsonSerializer.Deserialize(row.GetString(11), WireJson.Default.Correction),
            MergedInto = row.IsDBNull(12) ? null : row.GetString(12),
        };
    }
}

/// <summary>An entry as somebody gets it, with the resource where that was asked for and this is its newest entry.</summary>
internal sealed record FeedEntry(ChangeResponse Entry, byte[]? Document);

/// <summary>A page before it is written.</summary>
/// <param name="Entries">Oldest first.</param>
/// <param name="Next">Where to go on.</param>
/// <param name="HasMore">Whether more waited when it was read.</param>
/// <param name="Head">The position of the newest entry then.</param>
internal sealed record FeedPage(IReadOnlyList<FeedEntry> Entries, ChangeCursor Next, bool HasMore, long Head);

/// <summary>Entries for one reader, and how far was looked for them.</summary>
internal sealed record FoundEntries(List<ChangeResponse> Entries, long End, bool HasMore);
