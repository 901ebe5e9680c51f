using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.People;
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
/// Answers reads with stored bytes: documents by id and slug, pages of lists, what they include. It takes them from the published tables
/// alone, and knows beside these who was merged into whom, so what is not public is out of its reach unless the preview set is asked for by name.
/// </summary>
internal sealed class PublishedReader(NewsDatabase database, AnswerCache cache, SourceSets sources)
{
    public ValueTask<IResult> DocumentAsync(HttpContext http, ResourceType type, string id, DocumentView view, CancellationToken cancel) =>
        PathIds.TryRead(id, out var guid, out var problem)
            ? database.ReadAsync(commands => AnswerAsync(http, commands, new ResourceKey(type, guid.ToString()), view, location: null, cancel), cancel)
            : new ValueTask<IResult>(new ProblemResult(problem));

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
        request = request with { Licence = Licences.Of(http) };
        if (cursor is not null)
        {
            if (!Cursor.TryRead(cursor, request.Fingerprint, request.Licence, out var after) || !IndexedList.Knows(after, request))
                return new ProblemResult(Cursor.Refusal(cursor, request.Fingerprint, request.Licence, "The cursor is not one of this list; it goes with the filters and the order it came from."));

            request = request with { After = after };
        }

        if (request is { Sort: ListSort.Relevance, Descending: false })
            return new ProblemResult(Problems.Parameter("order", "disagreement", "By relevance the best come first; there is no other order."));

        return await database.ReadAsync(commands => ListAsync(http, commands, request, include, cancel), cancel);
    }

    /// <summary>Whether readers of this perspective see the resource; for lists below it.</summary>
    public ValueTask<bool> ExistsAsync(HttpContext http, ResourceKey key, bool preview, CancellationToken cancel) => database.ReadAsync(
        async commands =>
            (await FindAsync(commands, key, preview, cancel) is { } row && LicensedView.Of(key.Type, row.Document, Licences.Of(http)) is not null)
            || (await SurvivorOfAsync(commands, key, cancel) is { } survivor && await FindAsync(commands, survivor, preview, cancel) is not null),
        cancel);

    /// <summary>A list that is a member of a document, as a list of its own.</summary>
    public ValueTask<IResult> MemberAsync(HttpContext http, ResourceType type, string id, string member, bool preview, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var guid, out var problem)) return new ValueTask<IResult>(new ProblemResult(problem));

        var key = new ResourceKey(type, guid.ToString());
        return database.ReadAsync<IResult>(
            async commands =>
            {
                var stamp = cache.Of(key);
                if (await FindAsync(commands, key, preview, cancel) is not { } row || LicensedView.Of(type, row.Document, Licences.Of(http)) is not { } view)
                    return new ProblemResult(Problems.NotFound());

                var items = StoredJson.Member(view.Document, Encoding.ASCII.GetBytes(member));
                var body = StoredJson.Append("{}"u8.ToArray(), "items", items.IsEmpty ? "[]"u8 : items.Span);
                var answer = new Answer(body, Answer.TagOf(body)) { IsPublic = !preview, SurrogateKey = key.SurrogateKey };
                return Keep(http, answer, stamp);
            },
            cancel);
    }

    private async ValueTask<IResult> ListAsync(
        HttpContext http, StoredCommands commands, ListRequest request, IReadOnlyList<ResourceType> include, CancellationToken cancel)
    {
        var stamp = cache.Everything();
        await using var snapshot = include.Count > 0 || request.Counted || IsIndexed(request) ? await commands.BeginSnapshotAsync(cancel) : default;
        if (await ResolveFiltersAsync(commands, request, cancel) is not { } asked || await sources.NarrowAsync(commands, asked, cancel) is not { } resolved)
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
        var next = rows.Count > request.Limit ? new Cursor(rows[request.Limit - 1].SortKey, rows[request.Limit - 1].Id).Write(request.Fingerprint, request.Licence) : null;
        if (next is not null) rows.RemoveAt(request.Limit);
        return new PageParts
        {
            Items = request.Sight is { } sight ? [.. rows.Select(r => sight.Show(r.Bytes)).OfType<byte[]>()] : rows.ConvertAll(r => r.Bytes),
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
        var documents = request.Full || request.Highlight ? Shown(await FoundViews.DocumentsAsync(commands, matches, cancel), request.Sight) : [];
        var views = request.Full ? documents : Shown(await FoundViews.CardsAsync(commands, matches, cancel), request.Sight);
        matches.RemoveAll(m => !views.ContainsKey(m));
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
            Next = next?.Write(request.Fingerprint, request.Licence),
            Total = request.Counted ? await list.CountAsync(cancel) : 0,
            Explain = request.Explain ? people!.Explain(request.Query!) : null,
        };
    }

    /// <summary>What is marked is marked in what is shown.</summary>
    internal static Dictionary<Match, byte[]> Shown(Dictionary<Match, byte[]> stored, Sight? sight) =>
        sight is null ? stored : stored.Select(s => (s.Key, Shown: sight.Show(s.Value))).Where(s => s.Shown is not null).ToDictionary(s => s.Key, s => s.Shown!);

    private async ValueTask<IResult> AnswerAsync(
        HttpContext http, StoredCommands commands, ResourceKey key, DocumentView view, string? location, CancellationToken cancel)
    {
        var everything = cache.Everything();
        var stamp = view.Include.Count > 0 ? everything : cache.Of(key);
        await using var snapshot = view.Include.Count > 0 ? await commands.BeginSnapshotAsync(cancel) : default;
        if (await FindAsync(commands, key, view.Preview, cancel, view.Summary) is not { } row)
        {
            return await SurvivorOfAsync(commands, key, cancel) is { } survivor && await FindAsync(commands, survivor, view.Preview, cancel) is { } other
                ? Keep(http, InPlaceOf(key, survivor, other, view.Preview), everything)
                : new ProblemResult(Problems.NotFound());
        }

        if (LicensedView.Of(key.Type, row.Document, Licences.Of(http)) is not { } shown) return new ProblemResult(Problems.NotFound());

        var included = view.Include.Count > 0 ? await IncludedAsync(commands, [shown.Document], view.Include, view.Preview, cancel) : null;
        var body = included is null ? shown.Document : StoredJson.Append(shown.Document, "included", included);
        var tag = EntityTags.Of(row.Version, row.Position, row.IsWorking, (view.Summary ? EntityTags.Summary : EntityTags.Full) + shown.TagSuffix);
        var answer = new Answer(body, included is null ? tag : $"{tag}-{Answer.TagOf(included)}")
        {
            IsPublic = !view.Preview,
            LastModified = included is null && shown.Level == LicenceLevel.Full ? row.ModifiedAt : null,
            SurrogateKey = key.SurrogateKey,
            ContentLocation = location is null || !view.Preview ? location : $"{location}?perspective=preview",
        };
        return Keep(http, answer, stamp);
    }

    /// <summary>Who stands in the place of somebody who was merged; it is told that another id was asked for.</summary>
    private static Answer InPlaceOf(ResourceKey asked, ResourceKey survivor, StoredDocument row, bool preview) =>
        new(
            StoredJson.Append(row.Document, "requestedId", Encoding.ASCII.GetBytes($"\"{asked.Id}\"")),
            $"{EntityTags.Of(row.Version, row.Position, row.IsWorking, EntityTags.Full)}-merged")
        {
            IsPublic = !preview,
            SurrogateKey = $"{survivor.SurrogateKey} {asked.SurrogateKey}",
            ContentLocation = $"/v1/people/{survivor.Id}{(preview ? "?perspective=preview" : "")}",
        };

    private static async ValueTask<ResourceKey?> SurvivorOfAsync(StoredCommands commands, ResourceKey key, CancellationToken cancel) =>
        key.Type == ResourceType.Person && await MergedPeople.SurvivorAsync(commands, key.Id, cancel) is { } survivor ? key with { Id = survivor } : null;

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

    internal static async ValueTask<string?> ResolveAsync(StoredCommands commands, ResourceType type, string slug, bool preview, CancellationToken cancel)
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
            if (named == ResourceType.Person) values = [.. await EveryIdAsync(commands, values, cancel)];
            filters.Add(filter with { Values = values });
        }

        return request with { Filters = filters, Fingerprint = request.Fingerprint };
    }

    /// <summary>Rows keep the id that is linked, so whoever is asked for means everybody who is the same person by now.</summary>
    private static async ValueTask<IEnumerable<string>> EveryIdAsync(StoredCommands commands, List<string> people, CancellationToken cancel)
    {
        var groups = await MergedPeople.GroupsAsync(commands, people, cancel);
        return people.SelectMany(groups.Of).Distinct();
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
            IReadOnlyList<string> named = Named(items, type);
            if (type == ResourceType.Person)
            {
                var survivors = await MergedPeople.SurvivorsAsync(commands, named, cancel);
                if (survivors.Count > 0) named = [.. named.Select(id => survivors.GetValueOrDefault(id, id)).Distinct()];
            }

            documents.AddRange(await StoredViews.DocumentsAsync(commands, type, named, preview, cancel));
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
