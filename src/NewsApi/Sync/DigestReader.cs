using System.Data.Common;
using System.Text.Json;
using NewsApi.Access;
using NewsApi.Changes;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Sync;

/// <summary>Says what is public by hashes, for partners who want to know whether their copy is right.</summary>
internal sealed class DigestReader(NewsDatabase database, ChangeCursors cursors)
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
        "SELECT id, version, content_hash FROM public_documents WHERE type = @type AND id > @after AND position <= @cursor ORDER BY id LIMIT 2000";

    /// <summary>
    /// What a licence goes by, and the hashes of what is shown in part, are with the newest entry of an article. A document is looked up where it is
    /// needed, as the rest is in an index without them.
    /// </summary>
    internal const string Licensed =
        """
        SELECT shown.id, shown.version, shown.content_hash, changes.scope, changes.teaser_hash, changes.metadata_hash,
            CASE WHEN changes.scope IS NULL THEN (SELECT whole.document FROM public_documents AS whole WHERE whole.type = shown.type AND whole.id = shown.id) END
        FROM public_documents AS shown LEFT JOIN changes ON changes.position = shown.position
        WHERE shown.type = @type AND shown.id > @after AND shown.position <= @cursor ORDER BY shown.id LIMIT 2000
        """;

    private static readonly string[] Types = [.. ChangeQuery.AllTypes.Order(StringComparer.Ordinal)];

    public ValueTask<IResult> ReadAsync(HttpContext http, DigestQuery query, CancellationToken cancel)
    {
        ChangeCursor? at = null;
        if (query.Cursor is not null)
        {
            if (cursors.Read(query.Cursor, "cursor", Licences.Of(http), out var cursor) is { } problem) return new ValueTask<IResult>(new ProblemResult(problem));

            at = cursor;
        }

        return database.ReadAsync(commands => ReadAsync(http, commands, query, at, cancel), cancel);
    }

    private async ValueTask<IResult> ReadAsync(HttpContext http, StoredCommands commands, DigestQuery query, ChangeCursor? at, CancellationToken cancel)
    {
        var licence = Licences.Of(http);
        await using var snapshot = await commands.BeginSnapshotAsync(cancel);
        var head = await ChangeCursors.HeadAsync(commands, cancel);
        if (at is { } place && !head.Reaches(place)) return new ProblemResult(Problems.CursorExpired("cursor"));

        var cursor = at ?? head.At(head.Position, licence?.Fingerprint);
        var changed = await ChangedAsync(commands, cursor.Position, head.Position, licence, cancel);
        if (changed.Count > MostChanged)
            return new ProblemResult(Problems.Conflict("farBehind", $"More than {MostChanged} resources changed behind this cursor. Follow the feed first, and compare then."));

        using var buckets = new DigestBuckets(query.BucketCount);
        var items = query.BucketIndex is null ? null : new List<DigestItem>();
        await foreach (var item in ItemsAsync(commands, cursor.Position, licence, cancel))
        {
            if (items is null) buckets.Add(item.Type, item.Id, item.Version, item.ContentHash);
            else if (DigestBuckets.IndexOf(item.Id, query.BucketCount) == query.BucketIndex) items.Add(item);

            if (items?.Count > MostListed) return new ProblemResult(Problems.Conflict("bucketTooLarge", $"More than {MostListed} resources are in this bucket. Take more buckets."));
        }

        var digest = new DigestResponse { Cursor = cursors.Write(cursor), Buckets = items is null ? buckets.Close() : null, Items = items, ChangedSince = changed };
        var body = JsonSerializer.SerializeToUtf8Bytes(digest, WireJson.Default.DigestResponse);
        return new Answer(body, Answer.TagOf(body));
    }

    private static async Task<List<DigestKey>> ChangedAsync(StoredCommands commands, long after, long head, Licence? licence, CancellationToken cancel)
    {
        var changed = new HashSet<DigestKey>();
        var (place, read) = (after, 1);
        while (read > 0 && changed.Count <= MostChanged)
        {
            read = 0;
            await using var rows = await commands.Prepare(licence is null ? Changed : LicensedChanged, ("after", place), ("head", head)).ExecuteReaderAsync(cancel);
            for (; await rows.ReadAsync(cancel); read++)
            {
                place = rows.GetInt64(0);
                if (licence is null || IsTold(rows, licence)) changed.Add(new DigestKey { Type = rows.GetString(1), Id = rows.GetString(2) });
            }
        }

        return [.. changed.OrderBy(key => key.Type, StringComparer.Ordinal).ThenBy(key => key.Id, StringComparer.Ordinal)];
    }

    /// <summary>Whether the feed tells the holder of a licence of an entry: it shows what there is from here on, or showed what was until then.</summary>
    private static bool IsTold(DbDataReader row, Licence licence)
    {
        if (row.GetString(1) != ResourceType.Article.Name()) return true;

        return Shows(3) || Shows(4) || (!row.IsDBNull(5) && licence.LevelOf(ArticleScope.Of((byte[])row.GetValue(5))) != LicenceLevel.None);

        bool Shows(int column) => !row.IsDBNull(column) && licence.LevelOf(ArticleScope.Read(row.GetString(column))) != LicenceLevel.None;
    }

    private static async IAsyncEnumerable<DigestItem> ItemsAsync(
        StoredCommands commands, long cursor, Licence? licence, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var type in Types)
        {
            // Licences are about articles only.
            var seen = type == ResourceType.Article.Name() ? licence : null;
            var (after, read) = ("", 1);
            while (read > 0)
            {
                read = 0;
                await using var rows = await commands.Prepare(seen is null ? Everything : Licensed, ("type", type), ("after", after), ("cursor", cursor)).ExecuteReaderAsync(cancel);
                for (; await rows.ReadAsync(cancel); read++)
                {
                    after = rows.GetString(0);
                    var hash = seen is null ? rows.GetString(2) : LicensedHash(rows, seen);
                    if (hash is not null) yield return new DigestItem { Type = type, Id = after, Version = rows.GetInt32(1), ContentHash = hash };
                }
            }
        }
    }

    /// <summary>The hash of what a licence shows of an article; nothing where it does not.</summary>
    private static string? LicensedHash(DbDataReader row, Licence licence)
    {
        // Entries that are older than licences do not say it.
        if (row.IsDBNull(3)) return LicensedView.Of(ResourceType.Article, (byte[])row.GetValue(6), licence) is { } view ? CanonicalJson.Hash(view.Document) : null;

        return licence.LevelOf(ArticleScope.Read(row.GetString(3))) switch
        {
            LicenceLevel.None => null,
            LicenceLevel.Full => row.GetString(2),
            LicenceLevel.Teaser => row.GetString(4),
            _ => row.GetString(5),
        };
    }
}
