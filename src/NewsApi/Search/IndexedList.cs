using System.Text.Json;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Search;

/// <summary>
/// A list that the filter rows cannot answer, because it searches texts, has another order or counts facets: the index finds the entries,
/// filters are tokens like words.
/// </summary>
internal sealed class IndexedList
{
    /// <summary>There is no order of names in the index: so many people are sorted at most.</summary>
    private const int People = 100_000;

    private readonly StoredCommands _commands;
    private readonly ISearchIndex _index;
    private readonly ListRequest _request;
    private readonly ReadQuery? _query;
    private readonly MatchRequest _matches;

    private IndexedList(StoredCommands commands, ISearchIndex index, ListRequest request, ReadQuery? query)
    {
        (_commands, _index, _request, _query) = (commands, index, request, query);
        _matches = RequestOf(request, query);
    }

    public static bool IsNeeded(ListRequest request) => request.Query is not null || request.Sort != ListSort.Own || request.UpdatedFrom is not null;

    /// <summary>Whether the cursor is one that a list like this writes: what is in it may be made up.</summary>
    public static bool Knows(Cursor cursor, ListRequest request) => !IsNeeded(request) || request.Sort switch
    {
        ListSort.Relevance => cursor.Numbers(4) is not null,
        ListSort.Updated => cursor.Numbers(2) is not null,
        _ => request.Type == ResourceType.Person || cursor.Numbers(1) is not null,
    };

    /// <param name="request">With ids for the slugs of its filters.</param>
    public static async Task<IndexedList> ReadAsync(StoredCommands commands, ISearchIndex index, ListRequest request, CancellationToken cancel) =>
        new(commands, index, request, request.Query is null ? null : await new QueryReading(commands, request.Preview).ReadAsync(request.Query, cancel));

    public Task<(List<Match> Page, Cursor? Next)> PageAsync(CancellationToken cancel) => _request.Sort switch
    {
        ListSort.Relevance => Ranking.PageAsync(
            (low, high, limit) => Reader(_matches with { Low = low, High = high }).ByNumberAsync(
                descending: true, limit, _request.Sight?.Reduces == true ? More.TermsAndFacets : More.Terms, cancel),
            _query!.Wanted, _matches.Low, _matches.High, _request.After, _request.Limit, _request.Sight),
        ListSort.Updated => ByUpdateAsync(cancel),
        _ => _request.Type == ResourceType.Person ? ByNameAsync(cancel) : ByNumberAsync(cancel),
    };

    public Task<long> CountAsync(CancellationToken cancel) => Reader(_matches).CountAsync(cancel);

    public async Task<Facets> CountFacetsAsync(CancellationToken cancel)
    {
        var matches = await Reader(_matches).ByNumberAsync(descending: true, FacetCounting.Newest + 1, More.Facets, cancel);
        var survivors = _request.Facets.Contains(FacetCounting.Person) ? await MergedPeople.AllAsync(_commands, cancel) : [];
        var counting = new FacetCounting(_request.Facets, _request.TimeZone, survivors);
        foreach (var match in matches.Take(FacetCounting.Newest)) counting.Add(match);
        return await counting.ReadAsync(matches.Count > FacetCounting.Newest, LabelsAsync);

        async Task<IReadOnlyDictionary<string, string>> LabelsAsync(ResourceType type, IReadOnlyList<string> ids)
        {
            var references = await StoredViews.ReferencesAsync(_commands, type, ids, _request.Preview, cancel);
            return references.ToDictionary(r => r.Key, r => type == ResourceType.Person
                ? JsonSerializer.Deserialize(r.Value, WireJson.Default.PersonRef)!.Name
                : JsonSerializer.Deserialize(r.Value, WireJson.Default.SectionRef)!.Name);
        }
    }

    /// <summary>Whom the query names; nobody where there is none.</summary>
    public Task<QueryPeople> PeopleAsync(CancellationToken cancel) => QueryPeople.ReadAsync(_commands, _query, _request.Preview, cancel);

    private async Task<(List<Match> Page, Cursor? Next)> ByNumberAsync(CancellationToken cancel)
    {
        var bounds = _request.After is not { } after ? _matches
            : _request.Descending ? _matches with { High = Math.Min(_matches.High, Number(after) - 1) }
            : _matches with { Low = Math.Max(_matches.Low, Number(after) + 1) };
        return Cut(await Reader(bounds).ByNumberAsync(_request.Descending, _request.Limit + 1, More.Nothing, cancel), m => Cursor.Of(m.Number));
    }

    private async Task<(List<Match> Page, Cursor? Next)> ByUpdateAsync(CancellationToken cancel)
    {
        (long, long)? place = _request.After?.Numbers(2) is [var updatedAt, var number] ? (updatedAt, number) : null;
        return Cut(
            await Reader(_matches).ByUpdateAsync(_request.Descending, place, _request.Limit + 1, cancel),
            m => Cursor.Of(m.UpdatedAt, m.Number));
    }

    private async Task<(List<Match> Page, Cursor? Next)> ByNameAsync(CancellationToken cancel)
    {
        var all = await Reader(_matches).ByNumberAsync(descending: true, People, More.Nothing, cancel);
        all.Sort((a, b) => (_request.Descending ? -1 : 1) * Compare((a.SortKey, a.Key.Id), (b.SortKey, b.Key.Id)));
        if (_request.After is { } after)
            all.RemoveAll(m => Compare((m.SortKey, m.Key.Id), (after.SortKey, after.Id)) is var side && (_request.Descending ? side >= 0 : side <= 0));
        return Cut(all, m => new Cursor(m.SortKey, m.Key.Id));
    }

    private static int Compare((string SortKey, string Id) a, (string SortKey, string Id) b) =>
        string.CompareOrdinal(a.SortKey, b.SortKey) is var order and not 0 ? order : string.CompareOrdinal(a.Id, b.Id);

    private (List<Match> Page, Cursor? Next) Cut(List<Match> found, Func<Match, Cursor> cursor)
    {
        if (found.Count <= _request.Limit) return (found, null);

        var page = found[.._request.Limit];
        return (page, cursor(page[^1]));
    }

    private MatchReader Reader(MatchRequest matches) => new(_commands, _index, matches);

    private static long Number(Cursor cursor) => cursor.Numbers(1)![0];

    private static MatchRequest RequestOf(ListRequest request, ReadQuery? query)
    {
        var tokens = new List<TokenQuery>();
        var reduced = query is not null && request.Sight is { Reduces: true };
        if (query is not null) tokens.Add(reduced ? request.Sight!.Narrow(sign => query.Wanted.Behind(sign).Tokens) : query.Wanted.Tokens);
        tokens.AddRange(request.Filters.Where(filter => !reduced || filter.Name != FilterValue.Sources).Select(filter => TokenQuery.Any([.. filter.Values.Select(value => new Has(Tokens.Of(filter.Name, value)))])));
        var before = string.CompareOrdinal(request.Before, request.Past) < 0 && request.Before is not null ? request.Before : request.Past ?? request.Before;
        return new MatchRequest
        {
            Type = request.Type,
            Preview = request.Preview,
            Tokens = tokens.Count == 0 ? null : TokenQuery.All(tokens),
            Low = request.From is null ? EntryNumbers.First(request.Type) : EntryNumbers.At(request.Type, request.From),
            High = before is null ? EntryNumbers.Last(request.Type) : EntryNumbers.At(request.Type, before) - 1,
            UpdatedFrom = request.UpdatedFrom is not null && Instants.TryParse(request.UpdatedFrom, out var from) ? from.ToUnixTimeMilliseconds() : null,
            UntilFrom = request.UntilFrom,
            Past = request.Past,
        };
    }
}
