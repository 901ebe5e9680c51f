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
internal sealed class ChangeReader(NewsDatabase database, ChangeCursors cursors, KnownHeads heads, AnswerCache cache, IHostApplicationLifetime lifetime)
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
        var entries = new List<FeedEntry>(found.Entries.Count);
        var (bytes, end, isCut) = (0, found.End, false);
        foreach (var entry in found.Entries)
        {
            // A cut takes its time, and what it takes is gone for everybody at once: nobody is told of something whose removal may be gone a page later.
            var position = PositionOf(entry);
            if (position <= head.CutTo && !await IsNewestAsync(commands, entry, position, cancel)) continue;

            var told = entry.Correction is null || await IsStillPublicAsync(commands, entry, cancel) ? entry : entry with { Correction = null };
            var document = query.IncludesResource ? await DocumentAsync(commands, told, licence, cancel) : null;
            entries.Add(new FeedEntry(told, document));
            bytes += document?.Length ?? 0;
            if (bytes < MostBytes || entry == found.Entries[^1]) continue;

            (end, isCut) = (position, true);
            break;
        }

        return new FeedPage(entries, head.At(end, licence?.Fingerprint), isCut || found.HasMore, head.Position);

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

    private static async ValueTask<bool> IsNewestAsync(StoredCommands commands, ChangeResponse entry, long position, CancellationToken cancel)
    {
        var command = commands.Prepare(
            "SELECT 1 FROM public_documents WHERE type = @type AND id = @id AND position = @position", ("type", entry.Type), ("id", entry.Id), ("position", position));
        return await command.ExecuteScalarAsync(cancel) is not null;
    }

    /// <summary>The resource where this is its newest entry; another one carries it where it is not.</summary>
    private static async ValueTask<byte[]?> DocumentAsync(StoredCommands commands, ChangeResponse entry, Licence? licence, CancellationToken cancel)
    {
        if (entry.ContentHash is null) return null;

        var command = commands.Prepare(
            "SELECT document FROM public_documents WHERE type = @type AND id = @id AND position = @position",
            ("type", entry.Type), ("id", entry.Id), ("position", PositionOf(entry)));
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? LicensedView.Of(ResourceTypes.Parse(entry.Type), (byte[])row.GetValue(0), licence)?.Document : null;
    }

    /// <summary>A notice of an article that was taken out of the public, or was retracted since, would tell what stood in it.</summary>
    private static async ValueTask<bool> IsStillPublicAsync(StoredCommands commands, ChangeResponse entry, CancellationToken cancel)
    {
        var command = commands.Prepare(
            """
            SELECT seen.version, (
                SELECT later.position FROM public_versions AS later JOIN changes ON changes.position = later.position
                WHERE later.type = @type AND later.id = @id AND later.position > @position AND changes.reason = @retracted LIMIT 1)
            FROM public_versions AS seen WHERE seen.type = @type AND seen.id = @id ORDER BY seen.position DESC LIMIT 1
            """,
            ("type", entry.Type), ("id", entry.Id), ("position", PositionOf(entry)), ("retracted", ChangeReasons.Retracted));
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) && !row.IsDBNull(0) && row.IsDBNull(1);
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
