using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Changes;

/// <summary>Answers pages of the change feed. It knows the feed and its head, and nothing else.</summary>
internal sealed class ChangeReader(NewsDatabase database, AnswerCache cache)
{
    public async ValueTask<IResult> ListAsync(HttpContext http, ChangeQuery query, CancellationToken cancel)
    {
        ChangeCursor start = default;
        if (query.Cursor is not null && !ChangeCursor.TryRead(query.Cursor, out start))
            return new ProblemResult(Problems.Parameter("cursor", "invalid", "The cursor is not one of the change feed; send it as it was answered, or leave it out to start."));

        return await database.ReadAsync(commands => ListAsync(http, commands, query, start, cancel), cancel);
    }

    private async ValueTask<IResult> ListAsync(HttpContext http, StoredCommands commands, ChangeQuery query, ChangeCursor start, CancellationToken cancel)
    {
        var stamp = cache.Everything();

        // The head is read before the rows and bounds them: a page that is not full has then seen everything up to it.
        var head = await HeadAsync(commands, cancel);
        if (query.Cursor is not null && (start.Epoch != head.Epoch || start.Position > head.Position)) return new ProblemResult(Problems.CursorExpired());

        var limit = query.MostItems;
        var (sql, parameters) = ChangeSql.Write(QueryValues.Split(query.Types), start.Position, head.Position, limit + 1);
        var items = new List<ChangeResponse>();
        await using (var rows = await commands.Prepare(sql, parameters).ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel)) items.Add(Entry(rows, head.Epoch));
        }

        var hasMore = items.Count > limit;
        if (hasMore) items.RemoveAt(limit);
        var page = new ChangePage { Items = items, NextCursor = hasMore ? items[^1].Cursor : head.Write(), HasMore = hasMore };
        var body = JsonSerializer.SerializeToUtf8Bytes(page, WireJson.Default.ChangePage);
        var answer = new Answer(body, Answer.TagOf(body))
        {
            IsPublic = true,
            SurrogateKey = "changes",
            Link = hasMore ? Answer.NextLink(http.Request, page.NextCursor) : null,
        };
        cache.Keep(http, answer, stamp);
        return answer;
    }

    private static async ValueTask<ChangeCursor> HeadAsync(StoredCommands commands, CancellationToken cancel)
    {
        var command = commands.Prepare("SELECT feed.epoch, heads.position FROM feed CROSS JOIN heads WHERE heads.name = @name", ("name", Head.Public));
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? new ChangeCursor(row.GetString(0), row.GetInt64(1))
            : throw new InvalidOperationException("The change feed has no epoch or no head.");
    }

    private static ChangeResponse Entry(DbDataReader row, string epoch)
    {
        var position = row.GetInt64(0);
        return new ChangeResponse
        {
            Position = position.ToString(CultureInfo.InvariantCulture),
            Cursor = new ChangeCursor(epoch, position).Write(),
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
        };
    }
}
