using System.Text;
using System.Text.Json;
using NewsApi.Access;
using NewsApi.Events;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Timelines;

/// <summary>Answers timelines with the stored cards of articles and events.</summary>
internal sealed class TimelineReader(NewsDatabase database, AnswerCache cache, SourceSets sources)
{
    /// <summary>One page.</summary>
    public async ValueTask<IResult> ListAsync(HttpContext http, TimelineRequest request, string? cursor, CancellationToken cancel)
    {
        var licence = Licences.Of(http);
        request = request with { List = request.List with { Licence = licence } };
        if (cursor is not null)
        {
            if (!Cursor.TryRead(cursor, request.Fingerprint, licence, out var after))
                return new ProblemResult(Cursor.Refusal(cursor, request.Fingerprint, licence, "The cursor is not one of this timeline; it goes with the filters and the order it came from."));

            request = request with { List = request.List with { After = after } };
        }

        return await database.ReadAsync<IResult>(commands => ListAsync(http, commands, request, cancel), cancel);
    }

    private async ValueTask<IResult> ListAsync(HttpContext http, StoredCommands commands, TimelineRequest request, CancellationToken cancel)
    {
        var stamp = cache.Everything();
        await using var snapshot = request.List.Counted ? await commands.BeginSnapshotAsync(cancel) : default;
        var page = await PublishedReader.ResolveFiltersAsync(commands, request.List, cancel) is { } resolved
            ? await ReadAsync(commands, request, resolved with { Sight = await sources.SightAsync(commands, resolved, cancel) }, cancel)
            : new PageParts();
        var answer = PublishedReader.Page(page with { SurrogateKey = string.Join(' ', request.Types.Select(type => type.Plural())) }, request.List, http);
        cache.Keep(http, answer, stamp);
        return answer;
    }

    /// <param name="commands">Where to read.</param>
    /// <param name="request">As it was asked, which is what cursors belong to.</param>
    /// <param name="resolved">With ids for slugs.</param>
    /// <param name="cancel">Ends it.</param>
    private static async ValueTask<PageParts> ReadAsync(
        StoredCommands commands, TimelineRequest request, ListRequest resolved, CancellationToken cancel)
    {
        var found = request with { List = resolved, Types = [.. request.Types.Where(type => type != ResourceType.Article || resolved.Sight?.IsBlind != true)] };
        if (found.Types.Count == 0) return new PageParts();

        var (sql, parameters) = TimelineSql.Write(found);
        var items = new List<byte[]>();
        Cursor? last = null;
        var isMore = false;
        await using (var rows = await commands.Prepare(sql, parameters).ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel))
            {
                if (isMore = items.Count == resolved.Limit) break;

                last = new Cursor(rows.GetString(0), rows.GetString(1));
                if (Item(rows.GetString(2), last.SortKey, (byte[])rows.GetValue(3), resolved) is { } item) items.Add(item);
            }
        }

        var total = resolved.Counted ? await PublishedReader.CountAsync(commands, TimelineSql.WriteCount(found), cancel) : 0;
        return new PageParts { Items = items, Next = isMore ? last!.Write(request.Fingerprint, resolved.Licence) : null, Total = total };
    }

    private static byte[]? Item(string type, string sortKey, byte[] card, ListRequest list)
    {
        if (type == ResourceType.Event.Name()) return Item(type, StoredJson.Member(card, "start"u8).Span, list.Mark?.Invoke(card) ?? card);
        if ((list.Sight is { } sight ? sight.Show(card) : card) is not { } shown) return null;

        return Instants.TryParse(sortKey, out var instant)
            ? Item(type, JsonSerializer.SerializeToUtf8Bytes(EventTime.At(instant), WireJson.Default.EventTime), shown)
            : throw new FormatException($"The sort key of an article is an instant, not '{sortKey}'.");
    }

    private static byte[] Item(string type, ReadOnlySpan<byte> time, byte[] card) =>
        StoredJson.Append(StoredJson.Append(Encoding.ASCII.GetBytes($$"""{"type":"{{type}}"}"""), "time", time), type, card);
}
