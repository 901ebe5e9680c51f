using System.Globalization;
using System.Text;
using NewsApi.Http;

namespace NewsApi.Publishing;

/// <summary>One filter of a list: any of the values.</summary>
internal sealed record ListFilter(string Name, IReadOnlyList<string> Values);

/// <summary>What a list is asked for, free of HTTP.</summary>
internal sealed record ListRequest
{
    public required ResourceType Type { get; init; }
    public bool Preview { get; init; }
    public bool Full { get; init; }
    public bool Descending { get; init; } = true;
    public int Limit { get; init; } = 20;
    public Cursor? After { get; init; }

    /// <summary>All of these.</summary>
    public IReadOnlyList<ListFilter> Filters { get; init; } = [];

    /// <summary>Sort keys from here on.</summary>
    public string? From { get; init; }

    /// <summary>Sort keys before this one.</summary>
    public string? Before { get; init; }

    /// <summary>Spans that end here or later.</summary>
    public string? UntilFrom { get; init; }

    /// <summary>Everything that decides which rows there are and in what order: a cursor belongs to one of these.</summary>
    public string Fingerprint => string.Join('\n', (string[])
    [
        Type.Name(), Preview ? "preview" : "", Descending ? "desc" : "asc", From ?? "", Before ?? "", UntilFrom ?? "",
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
    private readonly List<(string Name, object? Value)> _parameters = [];
    private readonly ListRequest _request;
    private readonly string _order;
    private readonly string _after;
    private readonly string _limit;

    private ListSql(ListRequest request)
    {
        _request = request;
        _order = request.Descending ? "DESC" : "ASC";
        _after = request.Descending ? "<" : ">";
        _limit = string.Create(CultureInfo.InvariantCulture, $"LIMIT {request.Limit + 1}");
    }

    /// <summary>Columns: sort_key, id, the bytes of the view.</summary>
    public static (string Sql, (string Name, object? Value)[] Parameters) Write(ListRequest request)
    {
        var list = new ListSql(request);
        var sql = list.Write();
        return (sql, [.. list._parameters]);
    }

    private string Write()
    {
        Add("type", _request.Type.Name());
        if (_request.After is { } after)
        {
            Add("after_sort", after.SortKey);
            Add("after_id", after.Id);
        }

        if (_request.From is not null) Add("from", _request.From);
        if (_request.Before is not null) Add("before", _request.Before);
        if (_request.UntilFrom is not null) Add("until_from", _request.UntilFrom);

        // The rows that are walked hold the cards already.
        if (_request is { Preview: false, Full: false, Filters.Count: 0 }) return Walk(PublishedTables.Public, "cards", "s.card", "", []);

        var lookups = _request.Filters.Skip(1).Select(AddLookup).ToList();
        var sets = _request.Preview ? (string[])[PublishedTables.Preview, PublishedTables.Public] : [PublishedTables.Public];
        var walks = sets.SelectMany(set => Walks(set, lookups)).ToList();
        var keys = walks.Count == 1
            ? walks[0]
            : $"SELECT * FROM ({string.Join(" UNION ", walks.Select(w => $"SELECT * FROM ({w}) AS one"))}) AS merged ORDER BY sort_key {_order}, id {_order} {_limit}";
        return $"SELECT k.sort_key, k.id, {View()} FROM ({keys}) AS k {Joins(sets)} ORDER BY k.sort_key {_order}, k.id {_order}";
    }

    private IEnumerable<string> Walks(string set, List<(string Filter, string Values)> lookups)
    {
        if (_request.Filters.Count == 0)
        {
            yield return Walk(set, "cards", Working(set), "", lookups);
            yield break;
        }

        var leading = _request.Filters[0];
        Add("lead", leading.Name);
        for (var i = 0; i < leading.Values.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"lead_{i}");
            Add(name, leading.Values[i]);
            yield return Walk(set, "filters", Working(set), $" AND s.filter = @lead AND s.value = @{name}", lookups);
        }
    }

    private string Walk(string set, string table, string column, string condition, List<(string Filter, string Values)> lookups)
    {
        var sql = new StringBuilder($"SELECT s.sort_key, s.id, {column} FROM {set}_{table} AS s WHERE s.type = @type{condition}");
        if (_request.After is not null) sql.Append(CultureInfo.InvariantCulture, $" AND (s.sort_key, s.id) {_after} (@after_sort, @after_id)");
        if (_request.From is not null) sql.Append(" AND s.sort_key >= @from");
        if (_request.Before is not null) sql.Append(" AND s.sort_key < @before");
        foreach (var (filter, values) in lookups)
        {
            sql.Append(CultureInfo.InvariantCulture,
                $" AND EXISTS (SELECT 1 FROM {set}_filters AS f WHERE f.type = @type AND f.filter = @{filter} AND f.value IN ({values}) AND f.sort_key = s.sort_key AND f.id = s.id)");
        }

        if (_request.UntilFrom is not null)
        {
            sql.Append(table == "cards"
                ? " AND s.until >= @until_from"
                : $" AND EXISTS (SELECT 1 FROM {set}_cards AS c WHERE c.type = @type AND c.sort_key = s.sort_key AND c.id = s.id AND c.until >= @until_from)");
        }

        // A working version stands in for the public one.
        if (_request.Preview && set == PublishedTables.Public)
            sql.Append(" AND NOT EXISTS (SELECT 1 FROM preview_documents AS w WHERE w.type = @type AND w.id = s.id)");
        return sql.Append(CultureInfo.InvariantCulture, $" ORDER BY s.sort_key {_order}, s.id {_order} {_limit}").ToString();
    }

    private static string Working(string set) => $"{(set == PublishedTables.Preview ? 1 : 0)} AS working";

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
