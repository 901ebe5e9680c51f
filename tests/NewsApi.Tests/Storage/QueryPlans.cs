using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NewsApi.Publishing;
using NewsApi.Search;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Storage;

/// <summary>
/// Fills the published tables of a database with rows of the shape and number that so many articles have, without their
/// texts, and reads how the database means to run a statement.
/// </summary>
internal sealed partial class QueryPlans
{
    private const int People = 20_000;
    private const int Events = 10_000;

    private readonly string _folder;

    public QueryPlans(string folder, int articles)
    {
        _folder = folder;
        using var connection = TestDatabase.Open(folder);
        using var transaction = connection.BeginTransaction();
        foreach (var set in (string[])["public", "preview"])
        {
            var share = set == "public" ? 1 : 4;
            Fill(connection, set, "article", articles / share, "2020-01-01T00:00:00.");
            Fill(connection, set, "person", People / share, "4a5b");
            Fill(connection, set, "event", Events / share, "2026-01-01T00:00:00.");
            foreach (var (filter, each, values) in ((string, int, int)[])[("section", 1, 10), ("tag", 3, 500), ("person", 5, People), ("event", 2, Events), ("source", 2, 20), ("sources", 1, 40), ("language", 1, 2), ("place", 1, 1_000)])
            {
                Execute(connection, $"""
                    INSERT INTO {set}_filters (type, filter, value, sort_key, id)
                    SELECT 'article', '{filter}', '{(filter == "sources" ? "source" : filter)}-' || CAST((i * 7919 + n * 104729) % {values} AS text), {SortKey("2020-01-01T00:00:00.")}, {Id}
                    FROM ({Numbers(articles / share)}) AS numbers CROSS JOIN ({Numbers(each, "n")}) AS repeated WHERE 1 = 1
                    ON CONFLICT DO NOTHING
                    """);
            }

            foreach (var filter in (string[])["name", "namePrefix", "nameLoose"])
            {
                Execute(connection, $"""
                    INSERT INTO {set}_filters (type, filter, value, sort_key, id)
                    SELECT 'person', '{filter}', 'key-' || CAST((i * 7919 + n * 104729) % {People} AS text), {SortKey("4a5b")}, {Id}
                    FROM ({Numbers(People / share)}) AS numbers CROSS JOIN ({Numbers(5, "n")}) AS repeated WHERE 1 = 1
                    ON CONFLICT DO NOTHING
                    """);
            }

            Execute(connection, $"""
                INSERT INTO {set}_filters (type, filter, value, sort_key, id)
                SELECT 'event', 'person', 'person-' || CAST(i % {People} AS text), {SortKey("2026-01-01T00:00:00.")}, {Id} FROM ({Numbers(Events / share)}) AS numbers
                """);
            foreach (var (type, filter, value) in ((string, string, string)[])
                [
                    ("event", "span", "CASE i % 100 WHEN 0 THEN 'longer' WHEN 1 THEN 'year' WHEN 2 THEN 'month' ELSE 'day' END"),
                    ("event", "certainty", "CASE i % 4 WHEN 0 THEN 'planned' ELSE 'occurred' END"),
                    ("event", "place", "'place-' || CAST(i % 1000 AS text)"),
                    ("event", "event", "'event-' || CAST(i AS text)"),
                    ("person", "country", "'country-' || CAST(i % 100 AS text)"),
                    ("person", "office", "'office-' || CAST(i % 2000 AS text)"),
                    ("person", "externalId", "'wikidata:' || CAST(i AS text)"),
                ])
            {
                var (count, sortKey) = type == "event" ? (Events, "2026-01-01T00:00:00.") : (People, "4a5b");
                Execute(connection, $"""
                    INSERT INTO {set}_filters (type, filter, value, sort_key, id)
                    SELECT '{type}', '{filter}', {value}, {SortKey(sortKey)}, {Id} FROM ({Numbers(count / share)}) AS numbers
                    """);
            }
        }

        foreach (var set in (string[])["public", "preview"])
        {
            var share = set == "public" ? 1 : 4;
            Index(connection, set, ResourceType.Article, articles / share, "2020-01-01T00:00:00.");
            Index(connection, set, ResourceType.Person, People / share, "4a5b");
            Index(connection, set, ResourceType.Event, Events / share, "2026-01-01T00:00:00.");
        }

        Execute(connection, $"""
            INSERT INTO changes (position, type, id, operation, reason, version, changed_at, slug, external_ids)
            SELECT i, CASE i % 50 WHEN 0 THEN 'person' WHEN 1 THEN 'event' ELSE 'article' END, {Id}, 'upsert', 'published', 1, 0, 'slug', '[]'
            FROM ({Numbers(articles)}) AS numbers
            """);
        Execute(connection, "INSERT INTO public_versions (type, id, position, at, version) SELECT type, id, position, changed_at, version FROM changes");
        transaction.Commit();
        Execute(connection, TestDatabase.IsPostgres ? "VACUUM ANALYZE" : "ANALYZE");
    }

    private static string Id => "'019b7a12-a4a0-7c8c-be49-' || substr('000000000000' || CAST(i AS text), length(CAST(i AS text)) + 1)";

    /// <summary>
    /// The plan, on PostgreSQL two: one made for these values, one for any (https://www.postgresql.org/docs/current/sql-prepare.html).
    /// On SQLite a plan does not depend on values, which the program sees to (QPSG).
    /// </summary>
    /// <param name="sql">As the program sends it.</param>
    /// <param name="parameters">Names without <c>@</c>.</param>
    /// <param name="run">Whether PostgreSQL has to run it first: what a recursion asks for each of its rows is in no plan before.</param>
    public async Task<List<QueryPlan>> ExplainAsync(string sql, (string Name, object? Value)[] parameters, bool run = false)
    {
        await using var connection = TestDatabase.Open(_folder);
        if (!TestDatabase.IsPostgres) return [QueryPlan.OfSqlite(await RowsAsync(connection, $"EXPLAIN QUERY PLAN {sql}", 3, parameters))];

        var names = parameters.Select(p => p.Name).ToList();
        var types = parameters.Select(p => p.Value switch { int => "integer", long => "bigint", Guid => "uuid", _ => "text" });
        var numbered = Parameter().Replace(sql, match => $"${names.IndexOf(match.Groups[1].Value) + 1}");
        Execute(connection, "SET enable_seqscan = off");
        Execute(connection, $"PREPARE statement{InBrackets(string.Join(", ", types))} AS {numbered}");
        var values = string.Join(", ", parameters.Select(p => p.Value is int or long ? Convert.ToString(p.Value, CultureInfo.InvariantCulture) : $"'{$"{p.Value}".Replace("'", "''", StringComparison.Ordinal)}'"));
        var plans = new List<QueryPlan>();
        foreach (var mode in (string[])["force_custom_plan", "force_generic_plan"])
        {
            Execute(connection, $"SET plan_cache_mode = {mode}");
            plans.Add(QueryPlan.OfPostgres(string.Concat(await RowsAsync(connection, $"EXPLAIN ({(run ? "ANALYZE, " : "")}FORMAT JSON) EXECUTE statement{InBrackets(values)}", 0, []))));
        }

        return plans;
    }

    private static string InBrackets(string list) => list.Length == 0 ? "" : $" ({list})";

    private static void Fill(DbConnection connection, string set, string type, int count, string sortKey)
    {
        var bytes = TestDatabase.IsPostgres ? "convert_to('{}', 'UTF8')" : "CAST('{}' AS blob)";
        Execute(connection, $"""
            INSERT INTO {set}_documents (type, id, slug, version, position, modified_at, sort_key, content_hash, reference, filters, document)
            SELECT '{type}', {Id}, 'slug-' || CAST(i AS text), 1, i, 0, {SortKey(sortKey)}, 'hash', {bytes}, {bytes}, {bytes} FROM ({Numbers(count)}) AS numbers
            """);
        Execute(connection, $"""
            INSERT INTO {set}_cards (type, sort_key, id, until, card)
            SELECT '{type}', {SortKey(sortKey)}, {Id}, {(type == "event" ? SortKey(sortKey) : "NULL")}, {bytes} FROM ({Numbers(count)}) AS numbers
            """);
        Execute(connection, $"INSERT INTO {set}_slugs (type, slug, id) SELECT '{type}', 'slug-' || CAST(i AS text), {Id} FROM ({Numbers(count)}) AS numbers");
    }

    /// <summary>One word that all have, one that a tenth has, one of few; every hundredth is about one person.</summary>
    private static void Index(DbConnection connection, string set, ResourceType type, int count, string sortKey)
    {
        var number = $"(CAST(i AS bigint) * 4096 + {EntryNumbers.First(type).ToString(CultureInfo.InvariantCulture)})";
        var bytes = TestDatabase.IsPostgres ? "convert_to('', 'UTF8')" : "CAST('' AS blob)";
        Execute(connection, $"""
            INSERT INTO {set}_entries (number, hash, id, sort_key, type, updated_at, facets, terms)
            SELECT {number}, 0, {Id}, {SortKey(sortKey)}, '{type.Name()}', i, {bytes}, {bytes} FROM ({Numbers(count)}) AS numbers
            """);
        var everywhere = GermanAnalysis.Analyze("alle")[0].Word;
        var person = Tokens.Of(FilterValue.Person, "person-1");
        var (column, all, often, rare, linked) = TestDatabase.IsPostgres
            ? ("number", $"'{everywhere}:1 '", "'oft:2 '", "'selten' || CAST(i % 5000 AS text) || ':3 '", $"'''{person}'''")
            : ("rowid", $"'{everywhere} '", "'oft '", "'selten' || CAST(i % 5000 AS text) || ' '", $"'{person}'");
        var tokens = $"{all} || CASE WHEN i % 10 = 0 THEN {often} ELSE '' END || {rare} || CASE WHEN i % 100 = 0 THEN {linked} ELSE '' END";
        Execute(connection, $"""
            INSERT INTO {set}_search ({column}, tokens)
            SELECT {number}, {(TestDatabase.IsPostgres ? $"CAST({tokens} AS tsvector)" : tokens)} FROM ({Numbers(count)}) AS numbers
            """);
    }

    private static string SortKey(string start) => $"'{start}' || substr('000000' || CAST(i AS text), length(CAST(i AS text)) + 1)";

    private static string Numbers(int count, string name = "i") => TestDatabase.IsPostgres
        ? $"SELECT generate_series(1, {count}) AS {name}"
        : $"WITH RECURSIVE series({name}) AS (SELECT 1 UNION ALL SELECT {name} + 1 FROM series WHERE {name} < {count}) SELECT {name} FROM series";

    private static void Execute(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 300;
        command.ExecuteNonQuery();
    }

    private static async Task<List<string>> RowsAsync(DbConnection connection, string sql, int column, (string Name, object? Value)[] parameters)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        var found = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await rows.ReadAsync(TestContext.Current.CancellationToken)) found.Add(rows.GetString(column));
        return found;
    }

    [GeneratedRegex("@(\\w+)")]
    private static partial Regex Parameter();
}

/// <summary>How a statement is run, as far as tables are entered and rows are sorted.</summary>
/// <param name="Text">As the database says it.</param>
/// <param name="Steps">Every table that is entered.</param>
/// <param name="Sorted">What is sorted before a LIMIT has cut it.</param>
internal sealed record QueryPlan(string Text, List<QueryPlan.Step> Steps, List<string> Sorted)
{
    public static QueryPlan OfSqlite(List<string> lines) => new(
        string.Join('\n', lines),
        [
            .. lines.Where(l => l.StartsWith("SCAN", StringComparison.Ordinal) || l.StartsWith("SEARCH", StringComparison.Ordinal))
                .Where(l => !lines.Contains($"CO-ROUTINE {l.Split(' ')[1]}"))
                .Where(l => l is not ("SCAN k" or "SCAN merged" or "SCAN one" or "SCAN CONSTANT ROW") && !l.StartsWith("SCAN (subquery", StringComparison.Ordinal))
                .Select(l => new Step(l.Split(' ')[1], IsThroughAnIndex(l), l)),
        ],
        []);

    public static QueryPlan OfPostgres(string json)
    {
        var root = JsonNode.Parse(json)![0]!["Plan"]!;
        var plan = new QueryPlan(Say(root, 0), [], []);
        plan.Read(root);
        return plan;
    }

    /// <summary>A table of FTS5 has an index for a query, M, and one for rowids; without either it is read as a whole.</summary>
    private static bool IsThroughAnIndex(string line) => line.Contains("VIRTUAL TABLE", StringComparison.Ordinal)
        ? Regex.IsMatch(line, "VIRTUAL TABLE INDEX \\d+:(M|=)")
        : line.StartsWith("SEARCH", StringComparison.Ordinal) && !line.Contains("AUTOMATIC", StringComparison.Ordinal);

    private static string Say(JsonNode node, int depth) =>
        new string(' ', 2 * depth) + string.Join(' ', ((string[])["Node Type", "Scan Direction", "Index Name", "Alias", "Index Cond", "Filter", "Sort Key", "Plan Rows"])
            .Select(name => node[name]?.ToJsonString()).Where(value => value is not null))
        + "\n" + string.Concat(node["Plans"]?.AsArray().Select(part => Say(part!, depth + 1)) ?? []);

    public void EveryTableIsEnteredThroughAnIndex() => Assert.All(Steps, step => Assert.True(step.IsThroughAnIndex, $"{step}\n{Text}"));

    /// <summary>Pages that are cut already may be merged and sorted; what a walk has still to cut may not.</summary>
    public void SortsOnlyWhatIsCut() => Assert.True(Sorted.Count == 0, $"{string.Join(", ", Sorted)}\n{Text}");

    /// <summary>The walk itself is in the order that is asked for.</summary>
    public void SortsNothing() => Assert.DoesNotMatch("TEMP B-TREE|\"(Incremental )?Sort\"", Text);

    /// <summary>The nodes of https://www.postgresql.org/docs/current/using-explain.html.</summary>
    private void Read(JsonNode node)
    {
        var kind = node["Node Type"]!.GetValue<string>();
        if (node["Relation Name"] is not null)
            Steps.Add(new Step(node["Alias"]!.GetValue<string>(), kind is "Index Scan" or "Index Only Scan" or "Bitmap Heap Scan", node["Index Cond"]?.GetValue<string>() ?? ""));
        var parts = node["Plans"]?.AsArray().Select(p => p!).ToList() ?? [];
        if (kind is "Sort" or "Incremental Sort" && !parts.TrueForAll(IsCut)) Sorted.Add(node["Sort Key"]?.ToJsonString() ?? kind);
        foreach (var part in parts) Read(part);
    }

    /// <summary>Whether every row comes from below a LIMIT, or is looked up for one that does.</summary>
    private static bool IsCut(JsonNode node) => node["Node Type"]!.GetValue<string>() switch
    {
        "Limit" => true,
        "Append" or "Merge Append" => node["Plans"]!.AsArray().All(part => IsCut(part!)),
        _ => node["Plans"] is JsonArray { Count: > 0 } parts && IsCut(parts[0]!),
    };

    internal sealed record Step(string Alias, bool IsThroughAnIndex, string Condition)
    {
        public bool Uses(string column) => Regex.IsMatch(Condition, $@"\b{column}\b");
    }
}
