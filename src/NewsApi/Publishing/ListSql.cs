using System.Globalization;
using System.Text;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Search;

namespace NewsApi.Publishing;

/// <summary>One filter of a list: any of the values.</summary>
internal sealed record ListFilter(string Name, IReadOnlyList<string> Values);

internal static class ListFilters
{
    /// <summary>A repeatable parameter that was given; its values as the rows have them.</summary>
    public static void AddAny(this List<ListFilter> filters, string name, string[]? given, Func<string, string>? key = null)
    {
        if (given is not { Length: > 0 }) return;

        var values = QueryValues.Split(given);
        filters.Add(new ListFilter(name, key is null ? values : [.. values.Select(key).Distinct()]));
    }
}

/// <summary>What decides the order of a list.</summary>
internal enum ListSort
{
    /// <summary>That of its type: the instant of publication, the start, the name.</summary>
    Own,

    /// <summary>The instant at which the newest version was saved.</summary>
    Updated,

    /// <summary>How well the query is answered.</summary>
    Relevance,
}

/// <summary>What a list is asked for, free of HTTP.</summary>
internal sealed record ListRequest
{
    public required ResourceType Type { get; init; }
    public bool Preview { get; init; }
    public bool Full { get; init; }
    public bool Descending { get; init; } = true;

    /// <summary>Whether the direction was asked for.</summary>
    public bool IsOrdered { get; init; }
    public int Limit { get; init; } = 20;

    /// <summary>With the number of rows on all pages together.</summary>
    public bool Counted { get; init; }
    public Cursor? After { get; init; }

    /// <summary>All of these.</summary>
    public IReadOnlyList<ListFilter> Filters { get; init; } = [];

    /// <summary>Sort keys from here on.</summary>
    public string? From { get; init; }

    /// <summary>Sort keys before this one.</summary>
    public string? Before { get; init; }

    /// <summary>Spans that end here or later.</summary>
    public string? UntilFrom { get; init; }

    /// <summary>Spans that end before this instant, which is the present: it moves from page to page, and the cursor goes with it.</summary>
    public string? Past { get; init; }

    /// <summary>Texts that say this.</summary>
    public QueryNode? Query { get; init; }
    public ListSort Sort { get; init; }

    /// <summary>Versions saved at or after this instant.</summary>
    public string? UpdatedFrom { get; init; }

    /// <summary>What the list is counted by beside its pages.</summary>
    public IReadOnlyList<string> Facets { get; init; } = [];

    /// <summary>In which zone dates are meant, and months counted.</summary>
    public string? TimeZone { get; init; }

    /// <summary>With the places where the query was found.</summary>
    public bool Highlight { get; init; }

    /// <summary>With how the query was understood.</summary>
    public bool Explain { get; init; }

    /// <summary>What the reader may see; absent where that is everything.</summary>
    public Licence? Licence { get; init; }

    /// <summary>What the licence shows of what is on record, for lists of articles.</summary>
    public Sight? Sight { get; init; }

    /// <summary>What becomes of a stored item in this answer.</summary>
    public Func<byte[], byte[]>? Mark { get; init; }

    /// <summary>
    /// Whether a lower bound leaves out more than the cursor does. SQLite enters an index by one bound of a kind: one that the walk has passed
    /// would send it over all the pages before.
    /// </summary>
    public bool IsCutBelow(string? bound) => bound is not null && (After is null || Descending || string.CompareOrdinal(After.SortKey, bound) < 0);

    /// <summary>The same for an upper bound.</summary>
    public bool IsCutAbove(string? bound) => bound is not null && (After is null || !Descending || string.CompareOrdinal(After.SortKey, bound) >= 0);

    /// <summary>Everything that decides which rows there are and in what order, as it was asked: a cursor belongs to one of these.</summary>
    public string Fingerprint
    {
        get => field ?? Describe();
        init;
    }

    private string Describe() => string.Join('\n', (string[])
    [
        Type.Name(), Preview ? "preview" : "", Descending ? "desc" : "asc", From ?? "", Before ?? "", UntilFrom ?? "",
        .. Past is null ? (string[])[] : ["past"],
        .. IndexedList.IsNeeded(this) ? (string[])[Sort.ToString(), UpdatedFrom ?? "", Query?.ToString() ?? ""] : [],
        .. Filters.Select(f => $"{f.Name}={string.Join('\u001f', f.Values.Order(StringComparer.Ordinal))}").Order(StringComparer.Ordinal),
    ]);
}

/// <summary>
/// Writes the statement of a list. Each value of the leading filter is one walk along the clustered filter rows, cut at the
/// limit; the other filters are looked up in the same rows by their whole key. Values are parameters, always; the limit is not:
/// a plan of PostgreSQL for any limit expects a tenth of the table, and reads all of it.
/// </summary>
internal sealed class ListSql
{
    /// <summary>
    /// The filter that few documents share leads, because its rows are all that is walked, and the others cost a look-up for each. What time leaves
    /// of the events stands where it is narrower than what follows. The order is fixed: to count first would cost what a wrong guess does.
    /// </summary>
    private static readonly string[] Leading =
    [
        FilterValue.ExternalId, FilterValue.PartOf, FilterValue.Event, FilterValue.Person, FilterValue.Corrected, FilterValue.Office, FilterValue.Place,
        FilterValue.Topic, FilterValue.Tag, FilterValue.Span, FilterValue.Country, FilterValue.Source, FilterValue.Section, FilterValue.Genre,
        FilterValue.Certainty, FilterValue.Sources, FilterValue.Language,
    ];

    /// <summary>A licence may show hundreds of combinations of sources: so many are walked one by one, more are looked up for each row of another walk.</summary>
    private const int MostSourceWalks = 20;

    private readonly List<(string Name, object? Value)> _parameters = [];
    private readonly ListRequest _request;
    private readonly IReadOnlyList<ListFilter> _filters;
    private readonly string _order;
    private readonly string _after;
    private readonly string _limit;

    private ListSql(ListRequest request)
    {
        _request = request;
        _order = request.Descending ? "DESC" : "ASC";
        _after = request.Descending ? "<" : ">";
        _limit = string.Create(CultureInfo.InvariantCulture, $"LIMIT {request.Limit + 1}");
        _filters =
        [
            .. request.Filters.Concat(request.UntilFrom is null ? [] : [new ListFilter(FilterValue.Span, [.. Span.All.Select(span => span.Name)])])
                .OrderBy(filter => IsTooWide(filter)).ThenBy(filter => Array.IndexOf(Leading, filter.Name)).ThenBy(filter => filter.Values.Count),
        ];

        // Which span an event has says nothing by itself; it only shortens the walk.
        if (LeadsBySpan) return;

        _filters = [.. _filters.Where(filter => filter.Name != FilterValue.Span)];
    }

    /// <summary>Whether a filter leads; otherwise the list as a whole is walked, and what filters there are is looked up.</summary>
    private bool LeadsByFilter => _filters.Count > 0 && !IsTooWide(_filters[0]);

    private static bool IsTooWide(ListFilter filter) => filter.Name == FilterValue.Sources && filter.Values.Count > MostSourceWalks;

    private bool LeadsBySpan => _filters is [{ Name: FilterValue.Span }, ..];

    /// <summary>Columns: sort_key, id, the bytes of the view.</summary>
    public static (string Sql, (string Name, object? Value)[] Parameters) Write(ListRequest request)
    {
        var list = new ListSql(request);
        var sql = list.Write();
        return (sql, [.. list._parameters]);
    }

    /// <summary>How many rows all pages have together: the same walks to their end.</summary>
    public static (string Sql, (string Name, object? Value)[] Parameters) WriteCount(ListRequest request)
    {
        var list = new ListSql(request with { After = null });
        var sql = list.WriteCount();
        return (sql, [.. list._parameters]);
    }

    private string Write()
    {
        AddBounds();

        var lookups = Lookups();

        // The rows that are walked hold the cards already.
        if (_request is { Preview: false, Full: false } && !LeadsByFilter)
            return Cut(Walk(PublishedTables.Public, "cards", "s.sort_key, s.id, s.card", "", lookups));

        var walks = Sets.SelectMany(set => !LeadsByFilter ? [Walk(set, "cards", Columns(set), "", lookups)] : FilterWalks(set, Columns(set), lookups)).Select(Cut).ToList();
        var keys = walks.Count == 1
            ? walks[0]
            : $"SELECT * FROM ({string.Join(" UNION ", walks.Select(w => $"SELECT * FROM ({w}) AS one"))}) AS merged ORDER BY sort_key {_order}, id {_order} {_limit}";
        return $"SELECT k.sort_key, k.id, {View()} FROM ({keys}) AS k {Joins(Sets)} ORDER BY k.sort_key {_order}, k.id {_order}";
    }

    private string WriteCount()
    {
        AddBounds();

        // Everything is counted, so the rows of a licence are read from end to end, however many combinations it shows: an article has one such row.
        if (_filters is [{ Name: FilterValue.Sources }, ..] && !LeadsByFilter)
        {
            var (filter, values) = AddLookup(_filters[0], 0);
            var others = _filters.Skip(1).Select((other, i) => AddLookup(other, i + 1)).ToList();
            return CountOf("UNION ALL", Sets.Select(set => Walk(set, "filters", "s.id", $" AND s.filter = @{filter} AND s.value IN ({values})", others)));
        }

        var lookups = Lookups();

        // The cards lie among their keys on SQLite; where nothing is asked of them, they are left alone.
        var all = _request.From is null && _request.Before is null ? "documents" : "cards";
        var walks = Sets.SelectMany(set => !LeadsByFilter ? [Walk(set, all, "s.id", "", lookups)] : FilterWalks(set, "s.id", lookups));

        // What has two of the values is there twice; between the sets, and between the spans, there is nothing to find twice.
        var union = LeadsBySpan || !LeadsByFilter || _filters is not [{ Values.Count: > 1 }, ..] ? "UNION ALL" : "UNION";
        return CountOf(union, walks);
    }

    private static string CountOf(string union, IEnumerable<string> walks) => $"SELECT COUNT(*) FROM ({string.Join($" {union} ", walks)}) AS k";

    private void AddBounds()
    {
        Add("type", _request.Type.Name());
        if (_request.After is { } after)
        {
            Add("after_sort", after.SortKey);
            Add("after_id", after.Id);
        }

        // Only what the statement names: a prepared one is found again by its text, and takes its values in their order.
        if (_request.IsCutBelow(_request.From)) Add("from", _request.From);
        if (_request.IsCutAbove(_request.Before)) Add("before", _request.Before);
        if (_request.UntilFrom is not null) Add("until_from", _request.UntilFrom);
        if (_request.Past is not null) Add("past", _request.Past);
    }

    private string[] Sets => _request.Preview ? [PublishedTables.Preview, PublishedTables.Public] : [PublishedTables.Public];

    private List<(string Filter, string Values)> Lookups() => [.. _filters.Skip(LeadsByFilter ? 1 : 0).Select(AddLookup)];

    private IEnumerable<string> FilterWalks(string set, string columns, List<(string Filter, string Values)> lookups)
    {
        var leading = _filters[0];
        Add("lead", leading.Name);
        for (var i = 0; i < leading.Values.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"lead_{i}");
            Add(name, leading.Values[i]);
            yield return Walk(set, "filters", columns, $" AND s.filter = @lead AND s.value = @{name}{StartOf(i)}", lookups);
        }
    }

    /// <summary>What is still going on began no longer ago than it may last.</summary>
    private string StartOf(int index)
    {
        if (!LeadsBySpan || Span.All[index].EarliestStart(_request.UntilFrom!) is not { } start || !_request.IsCutBelow(start)) return "";

        var name = string.Create(CultureInfo.InvariantCulture, $"start_{index}");
        Add(name, start);
        return $" AND s.sort_key >= @{name}";
    }

    private string Walk(string set, string table, string columns, string condition, List<(string Filter, string Values)> lookups)
    {
        var sql = new StringBuilder($"SELECT {columns} FROM {set}_{table} AS s WHERE s.type = @type{condition}");
        if (_request.After is not null) sql.Append(CultureInfo.InvariantCulture, $" AND (s.sort_key, s.id) {_after} (@after_sort, @after_id)");
        if (_request.IsCutBelow(_request.From)) sql.Append(" AND s.sort_key >= @from");
        if (_request.IsCutAbove(_request.Before)) sql.Append(" AND s.sort_key < @before");
        foreach (var (filter, values) in lookups)
        {
            // A value, and not EXISTS, which PostgreSQL may turn round and answer with all rows that the filter has.
            sql.Append(CultureInfo.InvariantCulture,
                $" AND (SELECT 1 FROM {set}_filters AS f WHERE f.type = @type AND f.filter = @{filter} AND f.value IN ({values}) AND f.sort_key = s.sort_key AND f.id = s.id LIMIT 1) = 1");
        }

        // What begins inside does not end before it. Under another leading filter this is a look-up for each of its rows: those of one person
        // or one place are few.
        if (_request.UntilFrom is not null) sql.Append(CultureInfo.InvariantCulture, $" AND (s.sort_key >= @until_from OR {Until(set, table)} >= @until_from)");
        if (_request.Past is not null) sql.Append(CultureInfo.InvariantCulture, $"{(_request.IsCutAbove(_request.Past) ? " AND s.sort_key < @past" : "")} AND {Until(set, table)} < @past");

        // A working version stands in for the public one.
        if (_request.Preview && set == PublishedTables.Public)
            sql.Append(" AND NOT EXISTS (SELECT 1 FROM preview_documents AS w WHERE w.type = @type AND w.id = s.id)");
        return sql.ToString();
    }

    private string Cut(string walk) => $"{walk} ORDER BY s.sort_key {_order}, s.id {_order} {_limit}";

    private static string Until(string set, string table) => table == "cards"
        ? "s.until"
        : $"(SELECT c.until FROM {set}_cards AS c WHERE c.type = @type AND c.sort_key = s.sort_key AND c.id = s.id)";

    private static string Columns(string set) => $"s.sort_key, s.id, {(set == PublishedTables.Preview ? 1 : 0)} AS working";

    private string View()
    {
        var column = _request.Full ? "document" : "card";
        return _request.Preview ? $"COALESCE(preview.{column}, public.{column})" : $"public.{column}";
    }

    private string Joins(string[] sets)
    {
        var table = _request.Full ? "documents" : "cards";
        return string.Join(' ', sets.Select(set =>
        {
            var on = $"{set}.type = @type AND {set}.id = k.id{(_request.Full ? "" : $" AND {set}.sort_key = k.sort_key")}";
            var working = set == PublishedTables.Preview ? 1 : 0;
            return _request.Preview
                ? $"LEFT JOIN {set}_{table} AS {set} ON k.working = {working} AND {on}"
                : $"JOIN {set}_{table} AS {set} ON {on}";
        }));
    }

    private (string Filter, string Values) AddLookup(ListFilter filter, int index)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"filter_{index}");
        Add(name, filter.Name);
        var values = filter.Values.Select((value, i) =>
        {
            var parameter = string.Create(CultureInfo.InvariantCulture, $"value_{index}_{i}");
            Add(parameter, value);
            return $"@{parameter}";
        });
        return (name, string.Join(", ", values.ToList()));
    }

    private void Add(string name, object? value)
    {
        if (!_parameters.Exists(p => p.Name == name)) _parameters.Add((name, value));
    }
}
