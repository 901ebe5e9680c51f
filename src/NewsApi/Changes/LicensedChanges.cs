using System.Data.Common;
using System.Globalization;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Changes;

/// <summary>
/// The feed as the holder of a licence sees it: what the licence shows from here on is an entry, what it showed until now and shows no
/// more is removed, and of the rest nobody hears.
/// </summary>
/// <param name="entry">Makes an entry of a row, as everybody sees it who sees everything.</param>
internal sealed class LicensedChanges(StoredCommands commands, Licence licence, Func<DbDataReader, ChangeResponse> entry)
{
    /// <summary>So many entries are looked at for one page; where nothing of them is for the reader, the next page goes on behind them.</summary>
    public const int MostLookedAt = 5_000;
    private const int Step = 500;

    public async Task<FoundEntries> ReadAsync(IReadOnlyList<string> types, long after, FeedHead head, int limit, CancellationToken cancel)
    {
        var items = new List<ChangeResponse>();
        var (place, seen, isEnd) = (after, 0, false);
        while (!isEnd && items.Count <= limit && seen < MostLookedAt)
        {
            var rows = await RowsAsync(types, place, head, cancel);
            var unknown = await DocumentsAsync(rows, cancel);
            items.AddRange(await StripAsync(rows.Select(row => Show(row, unknown)).OfType<ChangeResponse>().ToList(), cancel));
            isEnd = rows.Count < Step;
            seen += rows.Count;
            if (rows.Count > 0) place = rows[^1].Position;
        }

        if (items.Count <= limit) return new FoundEntries(items, isEnd ? head.Position : place, HasMore: !isEnd);

        items.RemoveRange(limit, items.Count - limit);
        return new FoundEntries(items, long.Parse(items[^1].Position, CultureInfo.InvariantCulture), HasMore: true);
    }

    private ChangeResponse? Show(Row row, Dictionary<string, byte[]> unknown)
    {
        if (row.Entry.Type != ResourceType.Article.Name()) return row.Entry;
        if (row.IsUnknown) return unknown.TryGetValue(row.Entry.Id, out var document) ? ShowNow(row.Entry, document) : null;

        var level = row.Scope is null ? LicenceLevel.None : licence.LevelOf(row.Scope);
        if (level != LicenceLevel.None) return ShowAt(row.Entry, level, level switch { LicenceLevel.Full => row.Entry.ContentHash, LicenceLevel.Teaser => row.TeaserHash, _ => row.MetadataHash });

        return row.Before is { } before && licence.LevelOf(before) != LicenceLevel.None ? Removed(row.Entry, before) : null;
    }

    /// <summary>Of an entry that is older than licences it is only known what is public now.</summary>
    private ChangeResponse? ShowNow(ChangeResponse told, byte[] document) =>
        LicensedView.Of(ResourceType.Article, document, licence) is { } view ? ShowAt(told, view.Level, CanonicalJson.Hash(view.Document)) : null;

    private static ChangeResponse ShowAt(ChangeResponse entry, LicenceLevel level, string? hash) => entry with
    {
        ContentHash = hash,
        Correction = level == LicenceLevel.Full || entry.Correction is null ? entry.Correction : entry.Correction with { Was = null, Now = null },
    };

    /// <summary>A notice says no more than the article itself does now: where that has left the licence, or is seen in part, neither does it.</summary>
    private async Task<List<ChangeResponse>> StripAsync(List<ChangeResponse> entries, CancellationToken cancel)
    {
        var corrected = entries.Where(entry => entry.Correction is not null).Select(entry => entry.Id).Distinct().ToList();
        if (corrected.Count == 0) return entries;

        var documents = await StoredViews.DocumentsByIdAsync(commands, ResourceType.Article, corrected, preview: false, cancel);
        return entries.ConvertAll(entry => entry.Correction is null ? entry
            : (documents.TryGetValue(entry.Id, out var document) ? licence.LevelOf(ArticleScope.Of(document)) : LicenceLevel.None) switch
            {
                LicenceLevel.None => entry with { Correction = null },
                LicenceLevel.Full => entry,
                _ => entry with { Correction = entry.Correction with { Was = null, Now = null } },
            });
    }

    /// <summary>What the article has become since is not for this reader.</summary>
    private static ChangeResponse Removed(ChangeResponse entry, ArticleScope before) => entry with
    {
        Operation = "remove",
        Version = entry.PreviousVersion ?? entry.Version,
        Slug = before.Slug ?? entry.Slug,
        ExternalIds = before.ExternalIds ?? entry.ExternalIds,
        ContentHash = null,
        Correction = null,
    };

    private async Task<List<Row>> RowsAsync(IReadOnlyList<string> types, long after, FeedHead head, CancellationToken cancel)
    {
        var (sql, parameters) = ChangeSql.Write(types, after, head.Position, Step, licensed: true);
        var found = new List<Row>();
        await using var rows = await commands.Prepare(sql, parameters).ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            found.Add(new Row(
                rows.GetInt64(0), entry(rows), Scope(13), Scope(14), Text(15), Text(16)));
        }

        return found;

        string? Text(int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
        ArticleScope? Scope(int column) => Text(column) is { } written ? ArticleScope.Read(written) : null;
    }

    private async Task<Dictionary<string, byte[]>> DocumentsAsync(List<Row> rows, CancellationToken cancel)
    {
        var ids = rows.Where(row => row.IsUnknown).Select(row => row.Entry.Id).Distinct().ToList();
        return ids.Count == 0 ? [] : await StoredViews.DocumentsByIdAsync(commands, ResourceType.Article, ids, preview: false, cancel);
    }

    private sealed record Row(long Position, ChangeResponse Entry, ArticleScope? Scope, ArticleScope? Before, string? TeaserHash, string? MetadataHash)
    {
        /// <summary>Written before entries kept what licences go by.</summary>
        public bool IsUnknown => Entry.Type == ResourceType.Article.Name() && Entry.ContentHash is not null && Scope is null;
    }
}
