using System.Globalization;
using System.Text;
using NewsApi.Publishing;

namespace NewsApi.Timelines;

/// <summary>What a timeline is asked for.</summary>
/// <param name="List">As for a list; its filters are names that articles and events have alike.</param>
/// <param name="Types">What stands in it.</param>
internal sealed record TimelineRequest(ListRequest List, IReadOnlyList<ResourceType> Types)
{
    public string Fingerprint => $"timeline\n{string.Join(',', Types.Order())}\n{List.Fingerprint}";
}

/// <summary>
/// Writes the statement of a timeline: for each type and each value of one filter a walk along its rows, cut at the limit, and all of them
/// merged. The sort keys of articles and events are instants, so the walks are in one order.
/// </summary>
internal sealed class TimelineSql
{
    private readonly List<(string Name, object? Value)> _parameters = [];
    private readonly ListRequest _list;
    private readonly string _order;
    private readonly string _limit;
    private readonly List<string> _walks;

    private TimelineSql(TimelineRequest request)
    {
        _list = request.List;
        _order = _list.Descending ? "DESC" : "ASC";
        _limit = string.Create(CultureInfo.InvariantCulture, $"LIMIT {_list.Limit + 1}");
        if (_list.After is { } after)
        {
            Add("after_sort", after.SortKey);
            Add("after_id", after.Id);
        }

        // Only what the statement names: a prepared one is found again by its text, and takes its values in their order.
        if (_list.IsCutBelow(_list.From) || (_list.From is not null && request.Types.Contains(ResourceType.Event))) Add("from", _list.From);
        if (_list.IsCutAbove(_list.Before)) Add("before", _list.Before);

        // Of what an event and a person have, the event has less.
        var filters = _list.Filters.OrderBy(f => f.Name == FilterValue.Event ? 0 : 1).ThenBy(f => f.Values.Count).ToList();
        var values = filters.Select(AddValues).ToList();
        List<(string Filter, List<string> Values)> licensed = request.Types.Contains(ResourceType.Article)
            ? [.. (_list.Sight?.Filters ?? []).Select((filter, i) => AddValues(filter, filters.Count + i))]
            : [];
        _walks =
        [
            .. Sets.SelectMany(set => request.Types.SelectMany(type => values[0].Values.Select(value =>
                Walk(set, type, values[0].Filter, value, type == ResourceType.Article ? [.. values[1..], .. licensed] : values[1..])))),
        ];
    }

    /// <summary>Columns: sort_key, id, type, the bytes of the card.</summary>
    public static (string Sql, (string Name, object? Value)[] Parameters) Write(TimelineRequest request)
    {
        var timeline = new TimelineSql(request);
        return (timeline.Write(), [.. timeline._parameters]);
    }

    /// <summary>How many rows all pages have together.</summary>
    public static (string Sql, (string Name, object? Value)[] Parameters) WriteCount(TimelineRequest request)
    {
        var timeline = new TimelineSql(request with { List = request.List with { After = null } });
        return ($"SELECT COUNT(*) FROM ({string.Join(" UNION ", timeline._walks)}) AS k", [.. timeline._parameters]);
    }

    private string[] Sets => _list.Preview ? [PublishedTables.Preview, PublishedTables.Public] : [PublishedTables.Public];

    private string Write()
    {
        var cut = _walks.Select(walk => $"SELECT * FROM ({walk} ORDER BY s.sort_key {_order}, s.id {_order} {_limit}) AS one");
        var joins = Sets.Select(set => $"{(_list.Preview ? "LEFT JOIN" : "JOIN")} {set}_cards AS {set} ON "
            + (_list.Preview ? $"k.working = {Working(set)} AND " : "")
            + $"{set}.type = k.type AND {set}.sort_key = k.sort_key AND {set}.id = k.id");
        return $"SELECT k.sort_key, k.id, k.type, {(_list.Preview ? "COALESCE(preview.card, public.card)" : "public.card")}"
            + $" FROM (SELECT * FROM ({string.Join(" UNION ", cut)}) AS merged ORDER BY sort_key {_order}, id {_order} {_limit}) AS k"
            + $" {string.Join(' ', joins)} ORDER BY k.sort_key {_order}, k.id {_order}";
    }

    private string Walk(string set, ResourceType type, string filter, string value, List<(string Filter, List<string> Values)> lookups)
    {
        var typeIs = Add($"type_{type.Name()}", type.Name());
        var sql = new StringBuilder($"SELECT s.sort_key, s.id, s.type, {Working(set)} AS working FROM {set}_filters AS s WHERE s.type = {typeIs} AND s.filter = {filter} AND s.value = {value}");
        if (_list.After is not null) sql.Append(CultureInfo.InvariantCulture, $" AND (s.sort_key, s.id) {(_list.Descending ? "<" : ">")} (@after_sort, @after_id)");
        if (_list.IsCutAbove(_list.Before)) sql.Append(" AND s.sort_key < @before");

        // An event may have begun before; how long it lasts, its card says.
        if (type == ResourceType.Event && _list.From is not null)
            sql.Append(CultureInfo.InvariantCulture, $" AND (s.sort_key >= @from OR (SELECT c.until FROM {set}_cards AS c WHERE c.type = {typeIs} AND c.sort_key = s.sort_key AND c.id = s.id) >= @from)");
        else if (_list.IsCutBelow(_list.From)) sql.Append(" AND s.sort_key >= @from");
        foreach (var (other, values) in lookups)
        {
            sql.Append(CultureInfo.InvariantCulture,
                $" AND (SELECT 1 FROM {set}_filters AS f WHERE f.type = {typeIs} AND f.filter = {other} AND f.value IN ({string.Join(", ", values)}) AND f.sort_key = s.sort_key AND f.id = s.id LIMIT 1) = 1");
        }

        // A working version stands in for the public one.
        if (_list.Preview && set == PublishedTables.Public)
            sql.Append(CultureInfo.InvariantCulture, $" AND NOT EXISTS (SELECT 1 FROM preview_documents AS w WHERE w.type = {typeIs} AND w.id = s.id)");
        return sql.ToString();
    }

    private (string Filter, List<string> Values) AddValues(ListFilter filter, int index) =>
        (Add(string.Create(CultureInfo.InvariantCulture, $"filter_{index}"), filter.Name),
            [.. filter.Values.Select((value, i) => Add(string.Create(CultureInfo.InvariantCulture, $"value_{index}_{i}"), value))]);

    private string Add(string name, object? value)
    {
        if (!_parameters.Exists(p => p.Name == name)) _parameters.Add((name, value));
        return $"@{name}";
    }

    private static string Working(string set) => set == PublishedTables.Preview ? "1" : "0";
}
