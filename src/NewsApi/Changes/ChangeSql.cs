using System.Globalization;
using NewsApi.Publishing;

namespace NewsApi.Changes;

/// <summary>
/// Writes the statement of a page. Without types it walks the feed; with types it walks one range for each of them, cut at the
/// limit, so that what is rare is found without a look at what lies between. Limit and types, of which there are three, are no
/// parameters: PostgreSQL has to know how many to expect (see <see cref="ListSql"/>).
/// </summary>
internal static class ChangeSql
{
    private const string Columns = "position, type, id, operation, reason, version, previous_version, changed_at, slug, external_ids, content_hash, correction, merged_into";
    private const string ColumnsOfLicensed = $"{Columns}, scope, previous_scope, teaser_hash, metadata_hash";
    private const string Range = "position > @after AND position <= @head";

    public static (string Sql, (string Name, object? Value)[] Parameters) Write(IReadOnlyList<string> types, long after, long head, int limit, bool licensed = false)
    {
        var columns = licensed ? ColumnsOfLicensed : Columns;
        var order = string.Create(CultureInfo.InvariantCulture, $"ORDER BY position LIMIT {limit}");
        var walks = types.Select(type => $"SELECT {columns} FROM changes WHERE type = '{ResourceTypes.Parse(type).Name()}' AND {Range} {order}").ToList();
        var sql = walks.Count switch
        {
            0 => $"SELECT {columns} FROM changes WHERE {Range} {order}",
            1 => walks[0],
            _ => $"{string.Join(" UNION ALL ", walks.Select(walk => $"SELECT * FROM ({walk}) AS one"))} {order}",
        };
        return (sql, [("after", after), ("head", head)]);
    }
}
