using System.Globalization;
using NewsApi.Search;

namespace NewsApi.Storage;

/// <summary>
/// FTS5 (https://www.sqlite.org/fts5.html). The rowid is the number, and FTS5 walks rowids in either order, so the newest matches cost
/// the same however many there are. The texts are not kept twice. Every sign but white space belongs to a token: what is a word was
/// decided before (see the migration that makes the table).
/// </summary>
internal sealed class SqliteSearchIndex : ISearchIndex
{
    public Statement Add(string set, long number, string tokens) =>
        new($"INSERT INTO {set}_search (rowid, tokens) VALUES (@number, @tokens)", ("number", number), ("tokens", tokens));

    public Statement Remove(string set, long number) => new($"DELETE FROM {set}_search WHERE rowid = @number", ("number", number));

    public Statement? Purge(string set) => new($"INSERT INTO {set}_search ({set}_search) VALUES ('optimize')");

    public string Write(TokenQuery query) => query switch
    {
        Has has => Quoted(has.Token),
        Starts starts => $"{Quoted(starts.Prefix)} *",
        InRow row => Quoted(string.Join(' ', row.Sequence)),
        AllOf all => Joined(all.Parts, " AND "),
        AnyOf any => Joined(any.Parts, " OR "),
        ButNot but => $"({Write(but.Query)} NOT {Write(but.Without)})",
        _ => throw new ArgumentOutOfRangeException(nameof(query)),
    };

    public IEnumerable<string> Find(string set, string columns, string condition, bool descending, int limit, Func<int> found)
    {
        var order = descending ? "DESC" : "ASC";
        yield return string.Create(CultureInfo.InvariantCulture, $"""
            SELECT {columns} FROM {set}_search JOIN {set}_entries AS e ON e.number = {set}_search.rowid
            WHERE {set}_search MATCH @match AND {set}_search.rowid BETWEEN @low AND @high {condition}
            ORDER BY {set}_search.rowid {order} LIMIT {limit}
            """);
    }

    public string Numbers(string set) => $"SELECT rowid FROM {set}_search WHERE {set}_search MATCH @match AND rowid BETWEEN @low AND @high";

    public string Count(string set, string condition) => condition.Length == 0
        ? $"SELECT count(*) FROM {set}_search WHERE {set}_search MATCH @match AND {set}_search.rowid BETWEEN @low AND @high"
        : $"""
           SELECT count(*) FROM {set}_search JOIN {set}_entries AS e ON e.number = {set}_search.rowid
           WHERE {set}_search MATCH @match AND {set}_search.rowid BETWEEN @low AND @high {condition}
           """;

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private string Joined(IReadOnlyList<TokenQuery> parts, string with) => $"({string.Join(with, parts.Select(Write))})";
}
