using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.Json;
using NewsApi.Access;
using NewsApi.Changes;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Sync;

/// <summary>Says what is public by hashes, for partners who want to know whether their copy is right.</summary>
internal sealed class DigestReader(NewsDatabase database, StorageOptions storage, ChangeCursors cursors)
{
    /// <summary>A copy that is further behind has the feed to follow before there is anything to compare.</summary>
    private const int MostChanged = 10_000;

    /// <summary>A bucket that holds more is narrowed down by taking more of them.</summary>
    private const int MostListed = 10_000;

    /// <summary>Like the others in steps: the whole would be joined and sorted at once, on disk where it is large.</summary>
    internal const string Changed = "SELECT position, type, id FROM changes WHERE position > @after AND position <= @head ORDER BY position LIMIT 2000";

    /// <summary>The same with what a licence goes by; a document only of entries that do not say it.</summary>
    internal const string LicensedChanged =
        """
        SELECT position, type, id, scope, previous_scope,
            CASE WHEN type = 'article' AND scope IS NULL AND content_hash IS NOT NULL
                THEN (SELECT whole.document FROM public_documents AS whole WHERE whole.type = changes.type AND whole.id = changes.id) END
        FROM changes WHERE position > @after AND position <= @head ORDER BY position LIMIT 2000
        """;

    internal const string Everything =
        "SELECT id, version, content_hash, position FROM public_documents WHERE type = @type AND id > @after AND position <= @head ORDER BY id LIMIT 2000";

    /// <summary>
    /// What a licence goes by, and the hashes of what is shown in part, are with the newest entry of an article. A document is looked up where it is
    /// needed, as the rest is in an index without them.
    /// </summary>
    internal const string Licensed =
        """
        SELECT shown.id, shown.version, shown.content_hash, shown.position, changes.scope, changes.teaser_hash, changes.metadata_hash,
            CASE WHEN changes.scope IS NULL THEN (SELECT whole.document FROM public_documents AS whole WHERE whole.type = shown.type AND whole.id = shown.id) END
        FROM public_documents AS shown LEFT JOIN changes ON changes.position = shown.position
        WHERE shown.type = @type AND shown.id > @after AND shown.position <= @head ORDER BY shown.id LIMIT 2000
        """;

    private static readonly string[] Types = [.. ChangeQuery.AllTypes.Order(StringComparer.Ordinal)];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Each holds a connection with a snapshot, and may have to read everything there is.</summary>
    private readonly Turns _turns = new(Math.Clamp(storage.ReadConnections / 4, 1, 2), Patience);

    private readonly DigestTables _tables = new();

    public async ValueTask<IResult> ReadAsync(HttpContext http, DigestQuery query, CancellationToken cancel)
    {
        ChangeCursor? at = null;
        if (query.Cursor is not null)
        {
            if (cursors.Read(query.Cursor, "cursor", Licences.Of(http), out var cursor) is { } problem) return new ProblemResult(problem);

            at = cursor;
        }

        using var turn = await _turns.TakeAsync(http, cancel);
        return turn is null
            ? new ProblemResult(Problems.Unavailable("You or others are comparing; try again in a moment."))
            : await database.ReadAsync(commands => ReadAsync(http, commands, query, at, cancel), cancel);
    }

    private async ValueTask<IResult> ReadAsync(HttpContext http, StoredCommands commands, DigestQuery query, ChangeCursor? at, CancellationToken cancel)
    {
        var licence = Licences.Of(http);
        await using var snapshot = await commands.BeginSnapshotAsync(cancel);
        var head = await ChangeCursors.HeadAsync(commands, cancel);
        if (at is { } place && !head.Reaches(place)) return new ProblemResult(Problems.CursorExpired("cursor"));

        var cursor = at ?? head.At(head.Position, licence?.Fingerprint);
        var (changed, touched) = await ChangedAsync(commands, cursor.Position, head.Position, licence, cancel);
        if (changed.Count > MostChanged)
            return new ProblemResult(Problems.Conflict("farBehind", $"More than {MostChanged} resources changed behind this cursor. Follow the feed first, and compare then."));

        using var buckets = new DigestBuckets(query.BucketCount);
        var items = query.BucketIndex is null ? null : new List<DigestItem>();
        await foreach (var line in LinesAsync(commands, cursor.Position, head, licence, touched, cancel))
        {
            if (items is null) buckets.Add(line);
            else if (line.BucketOf(query.BucketCount) == query.BucketIndex) items.Add(line.Read());

            if (items?.Count > MostListed) return new ProblemResult(Problems.Conflict("bucketTooLarge", $"More than {MostListed} resources are in this bucket. Take more buckets."));
        }

        var digest = new DigestResponse { Cursor = cursors.Write(cursor), Buckets = items is null ? buckets.Close() : null, Items = items, ChangedSince = changed };
        var body = JsonSerializer.SerializeToUtf8Bytes(digest, WireJson.Default.DigestResponse);
        return new Answer(body, Answer.TagOf(body));
    }

    /// <summary>What changed behind a position: what the reader is told of, and whatever it was, unless that is too much.</summary>
    private static async Task<(List<DigestKey> Told, HashSet<DigestKey>? Touched)> ChangedAsync(
        StoredCommands commands, long after, long head, Licence? licence, CancellationToken cancel)
    {
        var (told, touched) = (new HashSet<DigestKey>(), new HashSet<DigestKey>());
        var (place, read) = (after, 1);
        while (read > 0 && told.Count <= MostChanged)
        {
            read = 0;
            var command = commands.Prepare(licence is null ? Changed : LicensedChanged, ("after", place), ("head", head));
            await using var rows = await command.ExecuteReaderAsync(cancel);
            for (; await rows.ReadAsync(cancel); read++)
            {
                place = rows.GetInt64(0);
                var key = new DigestKey { Type = rows.GetString(1), Id = rows.GetString(2) };
                if (touched.Count <= MostChanged) touched.Add(key);
                if (licence is null || IsTold(rows, licence)) told.Add(key);
            }
        }

        var inOrder = told.OrderBy(key => key.Type, StringComparer.Ordinal).ThenBy(key => key.Id, StringComparer.Ordinal);
        return ([.. inOrder], touched.Count > MostChanged ? null : touched);
    }

    /// <summary>Whether the feed tells the holder of a licence of an entry: it shows what there is from here on, or showed what was until then.</summary>
    private static bool IsTold(DbDataReader row, Licence licence)
    {
        if (row.GetString(1) != ResourceType.Article.Name()) return true;

        return Shows(3) || Shows(4) || (!row.IsDBNull(5) && licence.LevelOf(ArticleScope.Of((byte[])row.GetValue(5))) != LicenceLevel.None);

        bool Shows(int column) => !row.IsDBNull(column) && licence.LevelOf(ArticleScope.Read(row.GetString(column))) != LicenceLevel.None;
    }

    /// <summary>
    /// What was there at a position and is still as it was. All there is was read for somebody before, as it is now or not long ago: what was touched since
    /// is not asked for, where they came as far as the position.
    /// </summary>
    private async IAsyncEnumerable<DigestLine> LinesAsync(
        StoredCommands commands, long cursor, FeedHead head, Licence? licence, HashSet<DigestKey>? touched, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (touched is not null && _tables.Find(licence?.Fingerprint, head, cursor) is { } known)
        {
            foreach (var line in known.Lines)
            {
                if (line.Position <= cursor && (touched.Count == 0 || !touched.Contains(line.Key))) yield return line;
            }

            yield break;
        }

        var table = new DigestTable(head);
        await foreach (var line in StoredAsync(commands, head.Position, licence, cancel))
        {
            table.Add(line);
            if (line.Position <= cursor) yield return line;
        }

        _tables.Keep(licence?.Fingerprint, table);
    }

    private static async IAsyncEnumerable<DigestLine> StoredAsync(
        StoredCommands commands, long head, Licence? licence, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var type in Types)
        {
            // Licences are about articles only.
            var seen = type == ResourceType.Article.Name() ? licence : null;
            var (after, read) = ("", 1);
            while (read > 0)
            {
                read = 0;
                var command = commands.Prepare(seen is null ? Everything : Licensed, ("type", type), ("after", after), ("head", head));
                await using var rows = await command.ExecuteReaderAsync(cancel);
                for (; await rows.ReadAsync(cancel); read++)
                {
                    after = rows.GetString(0);
                    var hash = seen is null ? rows.GetString(2) : LicensedHash(rows, seen);
                    if (hash is not null) yield return DigestLine.Of(type, after, rows.GetInt32(1), hash, rows.GetInt64(3));
                }
            }
        }
    }

    /// <summary>The hash of what a licence shows of an article; nothing where it does not.</summary>
    private static string? LicensedHash(DbDataReader row, Licence licence)
    {
        // Entries that are older than licences do not say it.
        if (row.IsDBNull(4))
            return LicensedView.Of(ResourceType.Article, (byte[])row.GetValue(7), licence) is { } view ? CanonicalJson.Hash(view.Document) : null;

        return licence.LevelOf(ArticleScope.Read(row.GetString(4))) switch
        {
            LicenceLevel.None => null,
            LicenceLevel.Full => row.GetString(2),
            LicenceLevel.Teaser => row.GetString(5),
            _ => row.GetString(6),
        };
    }
}
