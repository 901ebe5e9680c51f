using System.Data.Common;
using System.Text.Json;
using NewsApi.Http;
using NewsApi.Storage;

namespace NewsApi.Audit;

/// <summary>Answers pages of the audit.</summary>
internal sealed class AuditReader(NewsDatabase database)
{
    public async ValueTask<IResult> ListAsync(HttpContext http, AuditQuery query, CancellationToken cancel)
    {
        (long, long)? after = null;
        if (query.Cursor is not null)
        {
            if (!Cursor.TryRead(query.Cursor, query.Fingerprint, out var cursor) || cursor.Numbers(2) is not [var at, var id])
                return new ProblemResult(Problems.Parameter("cursor", "invalid", "The cursor is not one of this list; it goes with the filters it came from."));

            after = (at, id);
        }

        var (sql, parameters) = AuditSql.Write(query, after, query.MostItems + 1);
        var entries = await database.ReadAsync(commands => ReadAsync(commands, sql, parameters, cancel), cancel);
        string? next = null;
        if (entries.Count > query.MostItems)
        {
            entries.RemoveAt(query.MostItems);
            next = Cursor.Of(entries[^1].Item.At.ToUnixTimeMilliseconds(), entries[^1].Number).Write(query.Fingerprint);
        }

        var page = new Page<AuditResponse> { Items = entries.ConvertAll(e => e.Item), NextCursor = next, Total = null, Facets = null, Explain = null, Included = null };
        var body = JsonSerializer.SerializeToUtf8Bytes(page, WireJson.Default.PageAuditResponse);
        return new Answer(body, Answer.TagOf(body)) { Link = next is null ? null : Answer.NextLink(http.Request, next) };
    }

    private static async ValueTask<List<(long Number, AuditResponse Item)>> ReadAsync(
        StoredCommands commands, string sql, (string Name, object? Value)[] parameters, CancellationToken cancel)
    {
        var entries = new List<(long, AuditResponse)>();
        await using var rows = await commands.Prepare(sql, parameters).ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) entries.Add((rows.GetInt64(0), Entry(rows)));
        return entries;
    }

    private static AuditResponse Entry(DbDataReader row) => new()
    {
        At = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
        Actor = row.GetString(2),
        Action = row.GetString(3),
        Type = row.GetString(4),
        Id = row.IsDBNull(5) ? null : row.GetString(5),
        Version = row.IsDBNull(6) ? null : row.GetInt32(6),
        Detail = row.IsDBNull(7) ? null : row.GetString(7),
    };
}
