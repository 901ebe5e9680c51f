using Microsoft.Data.Sqlite;
using NewsApi.Changes;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Storage;

/// <summary>Every read is a walk along an index or a look-up by key, however large the tables grow.</summary>
public sealed class QueryPlanTests(QueryPlanTests.Database database) : IClassFixture<QueryPlanTests.Database>
{
    public static TheoryData<string> Lists => [.. Requests().Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_list_walks_an_index(string name)
    {
        var request = Requests().Single(r => r.Name == name).Request;
        var (sql, parameters) = ListSql.Write(request);

        var plan = await Explain(sql, parameters);

        foreach (var line in plan)
        {
            // The only thing scanned is the page itself, which the walk has cut at the limit.
            Assert.True(!line.StartsWith("SCAN", StringComparison.Ordinal) || IsThePage(line), $"{line}\n{sql}\n{string.Join('\n', plan)}");
            if (line.StartsWith("SEARCH s ", StringComparison.Ordinal)) Assert.Contains("type=?", line, StringComparison.Ordinal);
        }

        var walks = plan.Where(l => l.StartsWith("SEARCH s ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(walks);
        if (request.Filters.Count > 0) Assert.All(walks, w => Assert.Contains("value=?", w, StringComparison.Ordinal));
        if (request.After is not null) Assert.All(walks, w => Assert.Contains("(sort_key,id)", w, StringComparison.Ordinal));
        Assert.DoesNotContain(plan, l => l.Contains("AUTOMATIC", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "SEARCH changes USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)")]
    [InlineData("event", "SEARCH changes USING INDEX IX_changes_type_position (type=? AND position>? AND position<?)")]
    [InlineData("article,person,event", "SEARCH changes USING INDEX IX_changes_type_position (type=? AND position>? AND position<?)")]
    public async Task The_feed_walks_one_range_for_each_type(string types, string range)
    {
        string[] names = types.Length == 0 ? [] : types.Split(',');
        var (sql, parameters) = ChangeSql.Write(names, after: 1, head: 30, limit: 10);

        var plan = await Explain(sql, parameters);

        Assert.Equal(Enumerable.Repeat(range, Math.Max(1, names.Length)), plan.Where(line => line is not ("MERGE (UNION ALL)" or "LEFT" or "RIGHT")));
    }

    [Theory]
    [InlineData("SELECT version, position, modified_at, document FROM public_documents WHERE type = @type AND id = @id")]
    [InlineData("SELECT id FROM public_slugs WHERE type = @type AND slug = @id")]
    [InlineData("SELECT reference FROM preview_documents WHERE type = @type AND id = @id")]
    public async Task A_document_is_looked_up_by_key(string sql)
    {
        var plan = await Explain(sql, [("type", "article"), ("id", "x")]);

        Assert.All(plan, line => Assert.StartsWith("SEARCH", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("articles")]
    [InlineData("people")]
    [InlineData("events")]
    public async Task What_a_write_loads_is_found_by_key(string table)
    {
        var plan = await Explain($"SELECT * FROM {table} WHERE id = @id", [("id", "x")]);

        Assert.All(plan, line => Assert.StartsWith("SEARCH", line, StringComparison.Ordinal));
    }

    private static bool IsThePage(string line) => line is "SCAN k" or "SCAN merged" or "SCAN one" or "SCAN CONSTANT ROW" || line.StartsWith("SCAN (subquery", StringComparison.Ordinal);

    private static IEnumerable<(string Name, ListRequest Request)> Requests()
    {
        var after = new Cursor("2026-01-01T00:00:00.000Z", "019b7a12-a4a0-7c8c-be49-a8b489b8a6a0");
        ListFilter person = new("person", ["a"]), twoPeople = new("person", ["a", "b"]), tag = new("tag", ["t", "u"]), section = new("section", ["politik"]);
        foreach (var preview in (bool[])[false, true])
        {
            foreach (var full in (bool[])[false, true])
            {
                foreach (var cursor in (Cursor?[])[null, after])
                {
                    var start = new ListRequest { Type = ResourceType.Article, Preview = preview, Full = full, After = cursor };
                    var name = $"{(preview ? "preview" : "public")}, {(full ? "full" : "summary")}, {(cursor is null ? "first page" : "next page")}";
                    yield return ($"{name}: newest", start);
                    yield return ($"{name}: oldest first", start with { Descending = false });
                    yield return ($"{name}: one person", start with { Filters = [person] });
                    yield return ($"{name}: two people", start with { Filters = [twoPeople] });
                    yield return ($"{name}: person, tag and section", start with { Filters = [twoPeople, tag, section] });
                    yield return ($"{name}: person between dates", start with { Filters = [person], From = "2026-01-01", Before = "2026-02-01" });
                    yield return ($"{name}: between dates", start with { From = "2026-01-01", Before = "2026-02-01" });
                    yield return ($"{name}: events of a month", start with { Type = ResourceType.Event, UntilFrom = "2026-01-01", Before = "2026-02-01" });
                    yield return ($"{name}: events of a person in a month", start with { Type = ResourceType.Event, Filters = [person], UntilFrom = "2026-01-01", Before = "2026-02-01" });
                }
            }
        }
    }

    private async Task<List<string>> Explain(string sql, (string Name, object? Value)[] parameters)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(database.Folder, "news.db")};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        var plan = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await rows.ReadAsync(TestContext.Current.CancellationToken)) plan.Add(rows.GetString(3));
        return plan;
    }

    /// <summary>One database for all: plans are only read.</summary>
    public sealed class Database : IAsyncDisposable
    {
        private readonly Api _api = new(("Samples:Load", "true"));

        public string Folder => _api.Folder;

        public ValueTask DisposeAsync() => _api.DisposeAsync();
    }
}
