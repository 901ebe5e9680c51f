using System.Globalization;
using NewsApi.Http;
using NewsApi.Storage;
using NewsApi.Subscriptions;

namespace NewsApi.Publishing;

/// <summary>Gives positions to what a commit rendered, and writes it into the change feed.</summary>
internal sealed class FeedWriter(NewsDatabase database, TimeProvider clock)
{
    /// <summary>
    /// The last statements before the commit. Whoever holds the head row commits next, so no reader of the feed can see a
    /// position before a smaller one.
    /// </summary>
    /// <param name="changedLists">Lists are others than before; the head of the sections says so to other nodes.</param>
    /// <param name="changedKeys">Other nodes have to read the keys again.</param>
    public async Task<List<MovedHead>> WriteAsync(StoredCommands commands, IReadOnlyCollection<Render> renders, bool changedLists, bool changedKeys)
    {
        var moved = new List<MovedHead>();
        foreach (var head in Head.All)
        {
            var counted = renders.Where(r => r.Head == head).ToList();
            var count = counted.Count + ((changedLists && head == Head.Sections) || (changedKeys && head == Head.Access) ? 1 : 0);
            if (count == 0) continue;

            var update = commands.Prepare(
                $"{database.Patience(isPatient: true)}UPDATE heads SET position = position + @count WHERE name = @name RETURNING position",
                ("count", count), ("name", head));
            var after = Convert.ToInt64(await update.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
            var position = after - count;
            moved.Add(new MovedHead(head, position, after));
            foreach (var render in counted) render.Position = ++position;
        }

        var now = clock.Now().ToUnixTimeMilliseconds();
        var statements = renders.Where(r => r.ContentHash is not null).Select(r => r.Tables.SetPosition(r.Key, r.Position)).ToList();
        statements.AddRange(renders.Where(r => r.IsInFeed).Select(r => Entry(r, now)));
        statements.AddRange(renders.Where(r => r.IsInFeed && (r.ContentHash is null || r.PreviousVersion != r.Version)).Select(r => Seen(r, now)));
        var changed = renders.Where(r => r.IsInFeed).Aggregate(FeedTypes.None, (types, r) => types | FeedTypeNames.Of(r.Key.Type));
        if (changed != FeedTypes.None) statements.Add(Doorbells.Ring(renders.Where(r => r.IsInFeed).Max(r => r.Position), changed, now));
        if (database.Announcement is { } announcement && moved.Count > 0) statements.Add(announcement);
        await commands.RunAsync(statements, CancellationToken.None);
        return moved;
    }

    private static Statement Entry(Render render, long at) => new(
        """
        INSERT INTO changes (position, type, id, operation, reason, version, previous_version, changed_at, slug, external_ids, content_hash, correction, merged_into,
            scope, previous_scope, teaser_hash, metadata_hash)
        VALUES (@position, @type, @id, @operation, @reason, @version, @previous, @at, @slug, @external, @hash, @correction, @merged,
            @scope, @previous_scope, @teaser, @metadata)
        """,
        ("position", render.Position), ("type", render.Key.Type.Name()), ("id", render.Key.Id),
        ("operation", render.ContentHash is null ? "remove" : "upsert"), ("reason", render.Reason), ("version", render.Version),
        ("previous", render.PreviousVersion), ("at", at), ("slug", render.Slug), ("external", render.ExternalIds), ("hash", render.ContentHash),
        ("correction", render.Correction), ("merged", render.MergedInto),
        ("scope", render.Scope), ("previous_scope", render.PreviousScope), ("teaser", render.TeaserHash), ("metadata", render.MetadataHash));

    private static Statement Seen(Render render, long at) => new(
        "INSERT INTO public_versions (type, id, position, at, version) VALUES (@type, @id, @position, @at, @version)",
        ("type", render.Key.Type.Name()), ("id", render.Key.Id), ("position", render.Position), ("at", at),
        ("version", render.ContentHash is null ? null : render.Version));
}

/// <summary>A head that a commit moved.</summary>
/// <param name="Head">One of <see cref="Head.All"/>.</param>
/// <param name="Before">The newest position until then.</param>
/// <param name="After">The newest position since.</param>
internal sealed record MovedHead(string Head, long Before, long After);
