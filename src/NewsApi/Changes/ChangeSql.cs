using System.Globalization;

namespace NewsApi.Changes;

/// <summary>
/// Writes the statement of a page. Without types it walks the feed; with types it walks one range of the index for each of
/// them and merges these as it goes, so that what is rare is found without a look at what lies between.
/// </summary>
internal static class ChangeSql
{
    private const string Columns = "position, type, id, operation, reason, version, previous_version, changed_at, slug, external_ids, content_hash";
    private const string Range = "position > @after AND position <= @head";

    public static (string Sql, (string Name, object? Value)[] Parameters) Write(IReadOnlyList<string> types, long after, long head, int limit)
    {
        var names = types.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"type_{i}")).ToList();
        var walks = names.Count == 0
            ? $"SELECT {Columns} FROM changes WHERE {Range}"
            : string.Join(" UNION ALL ", names.Select(name => $"SELECT {Columns} FROM changes WHERE type = @{name} AND {Range}"));
        return ($"{walks} ORDER BY position LIMIT @limit", [("after", after), ("head", head), ("limit", limit), .. names.Zip(types, (name, type) => (name, (object?)type))]);
    }
}
