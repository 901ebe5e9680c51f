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

    private const string Everything =
        """
        SELECT type, id, version, content_hash FROM public_documents
        WHERE type IN ('article', 'event', 'person') AND position <= @cursor ORDER BY type, id
        """;

    /// <summary>What a licence goes by, and the hashes of what is shown in part, are with the newest entry of an article.</summary>
    private const string Licensed =
        """
        SELECT shown.type, shown.id, shown.version, shown.content_hash, changes.scope, changes.teaser_hash, changes.metadata_hash,
            CASE WHEN changes.scope IS NULL AND shown.type = 'article' THEN shown.document END
        FROM public_documents AS shown LEFT JOIN changes ON changes.position = shown.position
        WHERE shown.type IN ('article', 'event', 'person') AND shown.position <= @cursor ORDER BY shown.type, shown.id
        """;

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
        var changed = await ChangedAsync(commands, cursor.Position, head.Position, cancel);
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

    private static async Task<List<DigestKey>> ChangedAsync(StoredCommands commands, long after, long head, CancellationToken cancel)
    {
        var changed = new List<DigestKey>();
        var command = commands.Prepare(
            $"SELECT DISTINCT type, id FROM changes WHERE position > @after AND position <= @head ORDER BY type, id LIMIT {MostChanged + 1}", ("after", after), ("head", head));
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) changed.Add(new DigestKey { Type = rows.GetString(0), Id = rows.GetString(1) });
        return changed;
    }

    private static async IAsyncEnumerable<DigestItem> ItemsAsync(
        StoredCommands commands, long cursor, Licence? licence, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await using var rows = await commands.Prepare(licence is null ? Everything : Licensed, ("cursor", cursor)).ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            var type = rows.GetString(0);
            if (Hash(type) is { } hash) yield return new DigestItem { Type = type, Id = rows.GetString(1), Version = rows.GetInt32(2), ContentHash = hash };
        }

        string? Hash(string type)
        {
            if (licence is null || type != ResourceType.Article.Name()) return rows.GetString(3);

            // Entries that are older than licences do not say it.
            if (rows.IsDBNull(4)) return LicensedView.Of(ResourceType.Article, (byte[])rows.GetValue(7), licence) is { } view ? CanonicalJson.Hash(view.Document) : null;

            return licence.LevelOf(ArticleScope.Read(rows.GetString(4))) switch
            {
                LicenceLevel.None => null,
                LicenceLevel.Full => rows.GetString(3),
                LicenceLevel.Teaser => rows.GetString(5),
                _ => rows.GetString(6),
            };
        }
    }
}
