using NewsApi.Changes;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Storage;

/// <summary>Every read is a walk along an index or a look-up by key, with 100,000 articles as with ten.</summary>
public sealed class QueryPlanTests(QueryPlanTests.Database database) : IClassFixture<QueryPlanTests.Database>
{
    public static TheoryData<string> Lists => [.. Requests().Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_list_walks_an_index(string name)
    {
        var request = Requests().Single(r => r.Name == name).Request;
        var (sql, parameters) = ListSql.Write(request);

        foreach (var plan in await database.Plans.ExplainAsync(sql, parameters))
        {
            plan.EveryTableIsEnteredThroughAnIndex();
            plan.SortsOnlyWhatIsCut();
            var walks = plan.Steps.Where(s => s.Alias == "s").ToList();
            Assert.True(walks.Count > 0, plan.Text);
            foreach (var walk in walks)
            {
                Assert.True(walk.Uses("type"), plan.Text);
                if (request.Filters.Count > 0) Assert.True(walk.Uses("filter") && walk.Uses("value"), plan.Text);
                if (request.After is not null) Assert.True(walk.Uses("sort_key") && walk.Uses("id"), plan.Text);
                if (request.From is not null || request.Before is not null) Assert.True(walk.Uses("sort_key"), plan.Text);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("article")]
    [InlineData("event,person")]
    [InlineData("article,event,person")]
    public async Task A_page_of_the_feed_walks_an_index_for_each_type(string types)
    {
        var names = types.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var (sql, parameters) = ChangeSql.Write(names, after: 1, head: 90_000, limit: 10);

        foreach (var plan in await database.Plans.ExplainAsync(sql, parameters))
        {
            plan.EveryTableIsEnteredThroughAnIndex();
            plan.SortsOnlyWhatIsCut();
            Assert.Equal(Math.Max(1, names.Length), plan.Steps.Count);

            // Nearly every entry is about an article: a range of their own gains nothing.
            var walks = plan.Steps.Count(step => step.Uses("position") && step.Uses("type"));
            Assert.True(walks >= names.Count(type => type != "article"), plan.Text);
            Assert.All(plan.Steps, step => Assert.True(step.Uses("position") || step.Uses("rowid"), plan.Text));
        }
    }

    [Theory]
    [InlineData("SELECT version, position, modified_at, document FROM public_documents WHERE type = @type AND id = @id")]
    [InlineData("SELECT id FROM public_slugs WHERE type = @type AND slug = @id")]
    [InlineData("SELECT reference FROM preview_documents WHERE type = @type AND id = @id")]
    public async Task A_document_is_looked_up_by_key(string sql)
    {
        foreach (var plan in await database.Plans.ExplainAsync(sql, [("type", "article"), ("id", "x")])) plan.EveryTableIsEnteredThroughAnIndex();
    }

    [Theory]
    [InlineData("articles")]
    [InlineData("people")]
    [InlineData("events")]
    public async Task What_a_write_loads_is_found_by_key(string table)
    {
        var id = Guid.CreateVersion7();
        foreach (var plan in await database.Plans.ExplainAsync($"SELECT * FROM {table} WHERE id = @id", [("id", TestDatabase.IsPostgres ? id : id.ToString())]))
            Assert.True(TestDatabase.IsPostgres || plan.Steps.All(s => s.IsThroughAnIndex), plan.Text);
    }

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

    /// <summary>One database for all: plans are only read.</summary>
    public sealed class Database : IAsyncDisposable
    {
        private readonly Api _api = new();

        public Database() => Plans = new QueryPlans(_api.Folder, articles: 100_000);

        internal QueryPlans Plans { get; }

        public ValueTask DisposeAsync() => _api.DisposeAsync();
    }
}
