using System.Globalization;
using NewsApi.Http;

namespace NewsApi.Audit;

/// <summary>
/// Writes the statement of a page: a walk from the newest entry on along the index of the filter that leaves least, the others looked at on the
/// way. The limit is no parameter, for the reason that lists have (see <see cref="NewsApi.Publishing.ListSql"/>).
/// </summary>
internal static class AuditSql
{
    public static (string Sql, (string Name, object? Value)[] Parameters) Write(AuditQuery query, (long At, long Id)? after, int limit)
    {
        var conditions = new List<string>();
        var parameters = new List<(string, object?)>();
        Add("resource_id = @id", "id", Known(query.Id));
        Add("actor = @actor", "actor", query.Actor);
        Add("action = @action", "action", query.Action);
        Add("type = @type", "type", query.Type);
        Add("at >= @from", "from", Milliseconds(DateBounds.From(query.From, query.TimeZone)));
        Add("at < @before", "before", Milliseconds(DateBounds.Before(query.To, query.TimeZone)));
        if (after is { } place)
        {
            Add("(at, id) < (@at, @number)", "at", place.At);
            parameters.Add(("number", place.Id));
        }

        var where = conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)} ";
        return (
            string.Create(CultureInfo.InvariantCulture, $"SELECT id, at, actor, action, type, resource_id, version, detail FROM audit {where}ORDER BY at DESC, id DESC LIMIT {limit}"),
            [.. parameters]);

        void Add(string condition, string name, object? value)
        {
            if (value is null) return;

            conditions.Add(condition);
            parameters.Add((name, value));
        }
    }

    /// <summary>Ids stand in lower case.</summary>
    private static string? Known(string? id) => Guid.TryParseExact(id, "D", out var guid) ? guid.ToString() : id;

    private static object? Milliseconds(string? instant) =>
        instant is null ? null : DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
