using System.Globalization;
using System.Numerics;
using System.Text;
using NewsApi.Search;

namespace NewsApi.Storage;

/// <summary>
/// <c>tsvector</c> with a GIN index (https://www.postgresql.org/docs/current/textsearch.html). GIN knows no order: it is asked for all
/// matches, so a word costs what there is of it. A frequent one is found in the newest texts before that is needed.
/// </summary>
internal sealed class PostgresSearchIndex : ISearchIndex
{
    /// <summary>So many of the newest texts are read first, to see how frequent it is.</summary>
    private const int Probe = 64;

    /// <summary>Measured: reading a text costs what so many matches from the index do.</summary>
    private const double MatchesPerText = 64;

    /// <summary>In a set of so many texts the way is chosen that costs less; nobody counts them for it.</summary>
    private const double Texts = 200_000;

    public Statement Add(string set, long number, string tokens) =>
        new($"INSERT INTO {set}_search (number, tokens) VALUES (@number, CAST(@tokens AS tsvector))", ("number", number), ("tokens", Vector(tokens)));

    public Statement Remove(string set, long number) => new($"DELETE FROM {set}_search WHERE number = @number", ("number", number));

    /// <summary>What is removed goes with the next VACUUM, in this table as in all others.</summary>
    public Statement? Purge(string set) => null;

    public string Write(TokenQuery query) => query switch
    {
        Has has => Quoted(has.Token),
        Starts starts => $"{Quoted(starts.Prefix)}:*",
        InRow row => $"({string.Join(" <-> ", row.Sequence.Select(Quoted))})",
        AllOf all => Joined(all.Parts, " & "),
        AnyOf any => Joined(any.Parts, " | "),
        ButNot but => $"({Write(but.Query)} & !{Write(but.Without)})",
        _ => throw new ArgumentOutOfRangeException(nameof(query)),
    };

    public IEnumerable<string> Find(string set, string columns, string condition, bool descending, int limit, Func<int> found)
    {
        var order = descending ? "DESC" : "ASC";
        yield return Among(Probe);

        // Reading is given half as much again as it needs where texts with it lie evenly.
        var share = found() / (double)Probe;
        if (share * share > MatchesPerText * limit / Texts) yield return Among((int)BitOperations.RoundUpToPowerOf2((uint)(1.5 * limit / share)));

        // The sum keeps the planner from walking the numbers and reading every text.
        var matches = $"SELECT number FROM {set}_search WHERE tokens @@ CAST(@match AS tsquery) AND number + 0 BETWEEN @low AND @high";
        yield return condition.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"""
                SELECT {columns} FROM ({matches} ORDER BY number + 0 {order} LIMIT {limit}) AS s JOIN {set}_entries AS e ON e.number = s.number
                ORDER BY e.number {order}
                """)
            : string.Create(CultureInfo.InvariantCulture, $"""
                WITH s AS MATERIALIZED ({matches})
                SELECT {columns} FROM s JOIN {set}_entries AS e ON e.number = s.number WHERE 1 = 1 {condition} ORDER BY e.number {order} LIMIT {limit}
                """);

        // The limit is a power of two, so that statements stay few.
        string Among(int newest) => string.Create(CultureInfo.InvariantCulture, $"""
            SELECT {columns} FROM (
                SELECT number, tokens FROM {set}_search WHERE number BETWEEN @low AND @high ORDER BY number {order} LIMIT {newest}
            ) AS s JOIN {set}_entries AS e ON e.number = s.number WHERE s.tokens @@ CAST(@match AS tsquery) {condition}
            ORDER BY s.number {order} LIMIT {limit}
            """);
    }

    public string Numbers(string set) => $"SELECT number FROM {set}_search WHERE tokens @@ CAST(@match AS tsquery) AND number + 0 BETWEEN @low AND @high";

    public string Count(string set, string condition) => condition.Length == 0
        ? $"SELECT count(*) FROM {set}_search WHERE tokens @@ CAST(@match AS tsquery) AND number + 0 BETWEEN @low AND @high"
        : $"""
           WITH s AS MATERIALIZED (SELECT number FROM {set}_search WHERE tokens @@ CAST(@match AS tsquery) AND number + 0 BETWEEN @low AND @high)
           SELECT count(*) FROM s JOIN {set}_entries AS e ON e.number = s.number WHERE 1 = 1 {condition}
           """;

    /// <summary>The text form of a <c>tsvector</c>: words with their places, the others without.</summary>
    public static string Vector(string tokens)
    {
        var places = new Dictionary<string, List<int>?>();
        var place = 0;
        foreach (var token in tokens.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Tokens.IsPlaced(token)) places.TryAdd(token, null);
            else if (++place > 0 && token[0] != Tokens.Gap) (places.TryGetValue(token, out var known) ? known! : places[token] = []).Add(place);
        }

        var vector = new StringBuilder(2 * tokens.Length);
        foreach (var (token, at) in places)
        {
            vector.Append(vector.Length > 0 ? " " : "").Append(Quoted(token));
            if (at is not null) vector.Append(':').AppendJoin(',', at);
        }

        return vector.ToString();
    }

    private static string Quoted(string token) =>
        $"'{token.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    private string Joined(IReadOnlyList<TokenQuery> parts, string with) => $"({string.Join(with, parts.Select(Write))})";
}
