using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NewsApi.Http;
using NewsApi.Search;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>How a single document is asked for.</summary>
internal readonly record struct DocumentView(bool Preview, bool Summary, IReadOnlyList<ResourceType> Include);

/// <summary>One page of a list before it is written.</summary>
internal sealed record PageParts
{
    public IReadOnlyList<byte[]> Items { get; init; } = [];
    public string? Next { get; init; }
    public long Total { get; init; }
    public Facets? Facets { get; init; }
    public SearchExplanation? Explain { get; init; }
    public byte[]? Included { get; init; }

    /// <summary>What a CDN purges it by, where that is not the type of the list.</summary>
    public string? SurrogateKey { get; init; }
}

/// <summary>
/// Answers reads with stored bytes: documents by id and slug, pages of lists, what they include. Knows the published tables
/// and nothing else, so what is not public is out of its reach unless the preview set is asked for by name.
/// </summary>
internal sealed class PublishedReader(NewsDatabase database, AnswerCache cache)
{
    public ValueTask<IResult> DocumentAsync(HttpContext http, ResourceType type, string id, DocumentView view, CancellationToken cancel) =>
        Guid.TryParseExact(id, "D", out var guid)
            ? database.ReadAsync(commands => AnswerAsync(http, commands, new ResourceKey(type, guid.ToString()), view, location: null, cancel), cancel)
            : new ValueTask<IResult>(new ProblemResult(Problems.Parameter("id", "invalid", "The id in the path is a UUID; a slug goes after /by-slug/.")));

    public ValueTask<IResult> BySlugAsync(HttpContext http, ResourceType type, string slug, DocumentView view, CancellationToken cancel) =>
        database.ReadAsync<IResult>(
            async commands => await ResolveAsync(commands, type, slug, view.Preview, cancel) is { } id
                ? await AnswerAsync(http, commands, new ResourceKey(type, id), view, $"/v1/{type.Plural()}/{id}", cancel)
                : new ProblemResult(Problems.NotFound()),
            cancel);

    /// <summary>One page. Filters on people and events may name them by slug.</summary>
    public async ValueTask<IResult> ListAsync(
        HttpContext http, ListRequest request, string? cursor, IReadOnlyList<ResourceType> include, CancellationToken cancel)
    {
        if (cursor is not null)
        {
            if (!Cursor.TryRead(cursor, request.Fingerprint, out var after) || !IndexedList.Knows(after, request))
                return new ProblemResult(Problems.Parameter("cursor", "invalid", "The cursor is not one of this list; it goes with the filters and the order it came from."));

            request = request with { After = after };
        }

        if (request is { Sort: ListSort.Relevance, Descending: false })
            return new ProblemResult(Problems.Parameter("order", "disagreement", "By relevance the best come first; there is no other order."));

        return await database.ReadAsync(commands => ListAsync(http, commands, request, include, cancel), cancel);
    }

    /// <summary>Whether readers of this perspective see the resource; for lists below it.</summary>
    public ValueTask<bool> ExistsAsync(ResourceKey key, bool preview, CancellationToken cancel) =>
        database.ReadAsync(async commands => await FindAsync(commands, key, preview, cancel) is not null, cancel);

    private async ValueTask<IResult> ListAsync(
        HttpContext http, StoredCommands commands, ListRequest request, IReadOnlyList<ResourceType> include, CancellationToken cancel)
    {
        var stamp = cache.Everything();
        await using var snapshot = include.Count > 0 || request.Counted || IsIndexed(request) ? await commands.BeginSnapshotAsync(cancel) : default;
        if (await ResolveFiltersAsync(commands, request, cancel) is not { } resolved)
        {
            var nothing = new PageParts
            {
                Facets = request.Facets.Count > 0 ? Facets.None(request.Facets) : null,
                Explain = request.Explain ? await ExplainAsync(commands, request, cancel) : null,
            };
            return Keep(http, Page(nothing, request, http), stamp);
        }

        var page = IsIndexed(request) ? await IndexedAsync(commands, resolved, cancel) : await WalkedAsync(commands, resolved, cancel);
        if (request.Mark is { } mark) page = page with { Items = [.. page.Items.Select(mark)] };
        if (include.Count > 0) page = page with { Included = await IncludedAsync(commands, page.Items, include, request.Preview, cancel) };
        return Keep(http, Page(page, request, http), stamp);
    }

    private static bool IsIndexed(ListRequest request) => IndexedList.IsNeeded(request) || request.Facets.Count > 0;

    private async Task<SearchExplanation> ExplainAsync(StoredCommands commands, ListRequest request, CancellationToken cancel)
    {
        var list = await IndexedList.ReadAsync(commands, database.Search, request with { Filters = [] }, cancel);
        return (await list.PeopleAsync(cancel)).Explain(request.Query!);
    }

    /// <summary>A page from the rows of the list itself.</summary>
    private static async Task<PageParts> WalkedAsync(StoredCommands commands, ListRequest request, CancellationToken cancel)
    {
        var rows = await RowsAsync(commands, request, cancel);
        var next = rows.Count > request.Limit ? new Cursor(rows[request.Limit - 1].SortKey, rows[request.Limit - 1].Id).Write(request.Fingerprint) : null;
        if (next is not null) rows.RemoveAt(request.Limit);
        return new PageParts
        {
            Items = rows.ConvertAll(r => r.Bytes),
            Next = next,
            Total = request.Counted ? await CountAsync(commands, ListSql.WriteCount(request), cancel) : 0,
        };
    }

    /// <summary>A page that the search index finds, or at least counts facets for.</summary>
    private async Task<PageParts> IndexedAsync(StoredCommands commands, ListRequest request, CancellationToken cancel)
    {
        var list = await IndexedList.ReadAsync(commands, database.Search, request, cancel);
        var page = IndexedList.IsNeeded(request) ? await FoundAsync(commands, list, request, cancel) : await WalkedAsync(commands, request, cancel);
        return request.Facets.Count == 0 ? page : page with { Facets = await list.CountFacetsAsync(cancel) };
    }

    private static async Task<PageParts> FoundAsync(StoredCommands commands, IndexedList list, ListRequest request, CancellationToken cancel)
    {
        var (matches, next) = await list.PageAsync(cancel);
        var documents = request.Full || request.Highlight ? await FoundViews.DocumentsAsync(commands, matches, cancel) : [];
        var views = request.Full ? documents : await FoundViews.CardsAsync(commands, matches, cancel);
        var people = request.Highlight || request.Explain ? await list.PeopleAsync(cancel) : null;
        if (request.Highlight)
        {
            var highlights = Highlighting.Of(request.Query!, people!, documents);
            views = views.ToDictionary(v => v.Key, v => StoredJson.Append(
                v.Value, "highlights", JsonSerializer.SerializeToUtf8Bytes(highlights[v.Key], WireJson.Default.IReadOnlyListSearchHighlight)));
        }

        return new PageParts
        {
            Items = matches.ConvertAll(m => views[m]),
            Next = next?.Write(request.Fingerprint),
            Total = request.Counted ? await list.CountAsync(cancel) : 0,
            Explain = request.Explain ? people!.Explain(request.Query!) : null,
        };
    }

    private async ValueTask<IResult> AnswerAsync(
        HttpContext http, StoredCommands commands, ResourceKey key, DocumentView view, string? location, CancellationToken cancel)
    {
        var stamp = view.Include.Count > 0 ? cache.Everything() : cache.Of(key);
        await using var snapshot = view.Include.Count > 0 ? await commands.BeginSnapshotAsync(cancel) : default;
        if (await FindAsync(commands, key, view.Preview, cancel, view.Summary) is not { } row) return new ProblemResult(Problems.NotFound());

        var included = view.Include.Count > 0 ? await IncludedAsync(commands, [row.Document], view.Include, view.Preview, cancel) : null;
        var body = included is null ? row.Document : StoredJson.Append(row.Document, "included", included);
        var tag = EntityTags.Of(row.Version, row.Position, row.IsWorking, view.Summary ? EntityTags.Summary : EntityTags.Full);
        var answer = new Answer(body, included is null ? tag : $"{tag}-{Answer.TagOf(included)}")
        {
            IsPublic = !view.Preview,
            LastModified = included is null ? row.ModifiedAt : null,
            SurrogateKey = key.SurrogateKey,
            ContentLocation = location is null || !view.Preview ? location : $"{location}?perspective=preview",
        };
        return Keep(http, answer, stamp);
    }

    private Answer Keep(HttpContext http, Answer answer, AnswerCache.Stamp stamp)
    {
        if (!answer.GoesStale) cache.Keep(http, answer, stamp);
        return answer;
    }

    private static async ValueTask<StoredDocument?> FindAsync(
        StoredCommands commands, ResourceKey key, bool preview, CancellationToken cancel, bool summary = false)
    {
        if (preview && await ReadAsync(commands, PublishedTables.Preview, key, summary, cancel) is { } working) return working;

        return await ReadAsync(commands, PublishedTables.Public, key, summary, cancel);
    }

    private static async ValueTask<StoredDocument?> ReadAsync(StoredCommands commands, string set, ResourceKey key, bool summary, CancellationToken cancel)
    {
        var sql = summary
            ? $"""
               SELECT d.version, d.position, d.modified_at, c.card FROM {set}_documents AS d
               JOIN {set}_cards AS c ON c.type = d.type AND c.sort_key = d.sort_key AND c.id = d.id WHERE d.type = @type AND d.id = @id
               """
            : set == PublishedTables.Public
                ? "SELECT version, position, modified_at, document FROM public_documents WHERE type = @type AND id = @id"
                : "SELECT version, position, modified_at, document FROM preview_documents WHERE type = @type AND id = @id";
        await using var row = await commands.Prepare(sql, ("type", key.Type.Name()), ("id", key.Id)).ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? new StoredDocument(
                row.GetInt32(0), row.GetInt64(1), set == PublishedTables.Preview, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), (byte[])row.GetValue(3))
            : null;
    }

    private static async ValueTask<string?> ResolveAsync(StoredCommands commands, ResourceType type, string slug, bool preview, CancellationToken cancel)
    {
        foreach (var set in preview ? (string[])[PublishedTables.Preview, PublishedTables.Public] : [PublishedTables.Public])
        {
            var command = commands.Prepare($"SELECT id FROM {set}_slugs WHERE type = @type AND slug = @slug", ("type", type.Name()), ("slug", slug));
            if (await command.ExecuteScalarAsync(cancel) is string id) return id;
        }

        return null;
    }

    /// <summary>The request with ids for slugs; nothing where a filter names only what does not exist.</summary>
    internal static async ValueTask<ListRequest?> ResolveFiltersAsync(StoredCommands commands, ListRequest request, CancellationToken cancel)
    {
        var filters = new List<ListFilter>();
        foreach (var filter in request.Filters)
        {
            ResourceType? named = filter.Name switch
            {
                FilterValue.Person => ResourceType.Person,
                FilterValue.Event or FilterValue.PartOf => ResourceType.Event,
                _ => null,
            };
            var values = new List<string>();
            foreach (var value in filter.Values)
            {
                if (filter.Name == FilterValue.Section) values.Add(value.ToLowerInvariant());
                else if (named is null) values.Add(value);
                else if (Guid.TryParseExact(value, "D", out var id)) values.Add(id.ToString());
                else if (await ResolveAsync(commands, named.Value, value.ToLowerInvariant(), request.Preview, cancel) is { } found) values.Add(found);
            }

            if (values.Count == 0) return null;
            filters.Add(filter with { Values = values });
        }

        return request with { Filters = filters, Fingerprint = request.Fingerprint };
    }

    private static async ValueTask<List<(string SortKey, string Id, byte[] Bytes)>> RowsAsync(
        StoredCommands commands, ListRequest request, CancellationToken cancel)
    {
        var (sql, parameters) = ListSql.Write(request);
        var found = new List<(string, string, byte[])>(request.Limit + 1);
        await using var rows = await commands.Prepare(sql, parameters).ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) found.Add((rows.GetString(0), rows.GetString(1), (byte[])rows.GetValue(2)));
        return found;
    }

    internal static async ValueTask<long> CountAsync(
        StoredCommands commands, (string Sql, (string Name, object? Value)[] Parameters) statement, CancellationToken cancel) =>
        Convert.ToInt64(await commands.Prepare(statement.Sql, statement.Parameters).ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture);

    /// <summary>The documents of the people and events that the items name, once each: {"people":[…],"events":[…]}.</summary>
    private static async ValueTask<byte[]> IncludedAsync(
        StoredCommands commands, IReadOnlyList<byte[]> items, IReadOnlyList<ResourceType> include, bool preview, CancellationToken cancel)
    {
        var buffer = new ArrayBufferWriter<byte>(16_384);
        buffer.Write("{"u8);
        foreach (var (type, index) in include.Select((type, index) => (type, index)))
        {
            if (index > 0) buffer.Write(","u8);
            buffer.Write(Encoding.ASCII.GetBytes($"\"{type.Plural()}\":["));
            var documents = new List<byte[]>();
            documents.AddRange(await StoredViews.DocumentsAsync(commands, type, Named(items, type), preview, cancel));
            WriteJoined(buffer, documents);
            buffer.Write("]"u8);
        }

        buffer.Write("}"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The ids that documents name, in the order they first appear.</summary>
    private static List<string> Named(IReadOnlyList<byte[]> items, ResourceType type)
    {
        var ids = new List<string>();
        var seen = new HashSet<string>();
        foreach (var item in items)
        {
            using var document = JsonDocument.Parse(item);
            foreach (var id in Named(document.RootElement, type))
            {
                if (seen.Add(id)) ids.Add(id);
            }
        }

        return ids;
    }

    private static IEnumerable<string> Named(JsonElement document, ResourceType type)
    {
        if (document.TryGetProperty(type.Plural(), out var references))
            foreach (var reference in references.EnumerateArray()) yield return reference.GetProperty("id").GetString()!;

        // Events name people as participants, and the event they are part of.
        if (type == ResourceType.Person && document.TryGetProperty("participants", out var participants))
        {
            foreach (var participant in participants.EnumerateArray())
            {
                if (participant.TryGetProperty("person", out var person)) yield return person.GetProperty("id").GetString()!;
            }
        }
        else if (type == ResourceType.Event && document.TryGetProperty("partOf", out var whole))
        {
            yield return whole.GetProperty("id").GetString()!;
        }
    }

    internal static Answer Page(PageParts page, ListRequest request, HttpContext http)
    {
        var buffer = new ArrayBufferWriter<byte>(page.Items.Sum(i => i.Length + 1) + (page.Included?.Length ?? 0) + 500);
        buffer.Write("{\"items\":["u8);
        WriteJoined(buffer, page.Items);
        buffer.Write("]"u8);
        if (page.Next is { } next) buffer.Write(Encoding.ASCII.GetBytes($",\"nextCursor\":\"{next}\""));
        if (request.Counted) buffer.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $",\"total\":{page.Total}")));
        if (page.Facets is not null) WriteMember(buffer, ",\"facets\":"u8, JsonSerializer.SerializeToUtf8Bytes(page.Facets, WireJson.Default.Facets));
        if (page.Explain is not null) WriteMember(buffer, ",\"explain\":"u8, JsonSerializer.SerializeToUtf8Bytes(page.Explain, WireJson.Default.SearchExplanation));
        if (page.Included is not null) WriteMember(buffer, ",\"included\":"u8, page.Included);
        buffer.Write("}"u8);
        return new Answer(buffer.WrittenMemory, Answer.TagOf(buffer.WrittenSpan))
        {
            IsPublic = !request.Preview,
            GoesStale = request.Past is not null,
            SurrogateKey = page.SurrogateKey ?? request.Type.Plural(),
            Link = page.Next is null ? null : Answer.NextLink(http.Request, page.Next),
        };
    }

    private static void WriteMember(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        buffer.Write(name);
        buffer.Write(value);
    }

    private static void WriteJoined(ArrayBufferWriter<byte> buffer, IReadOnlyList<byte[]> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) buffer.Write(","u8);
            buffer.Write(items[i]);
        }
    }
}
