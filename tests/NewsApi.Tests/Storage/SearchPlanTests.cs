using System.Data.Common;
using NewsApi.Access;
using NewsApi.Publishing;
using NewsApi.Search;
using NewsApi.Storage;

namespace NewsApi.Tests.Storage;

/// <summary>Whatever a search asks the database is answered through an index: the statements are those that were really run.</summary>
public sealed class SearchPlanTests(QueryPlanTests.Database database) : IClassFixture<QueryPlanTests.Database>
{
    public static TheoryData<string> Lists => [.. Requests().Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_list_of_the_index_scans_no_table(string name)
    {
        var request = Requests().Single(r => r.Name == name).Request;
        await EveryStatementUsesAnIndex(async (commands, index) =>
        {
            var list = await IndexedList.ReadAsync(commands, index, request, TestContext.Current.CancellationToken);
            var (page, next) = await list.PageAsync(TestContext.Current.CancellationToken);
            await FoundViews.CardsAsync(commands, page, TestContext.Current.CancellationToken);
            await FoundViews.DocumentsAsync(commands, page, TestContext.Current.CancellationToken);
            if (next is not null)
            {
                list = await IndexedList.ReadAsync(commands, index, request with { After = next }, TestContext.Current.CancellationToken);
                await list.PageAsync(TestContext.Current.CancellationToken);
            }
        });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("oft")]
    [InlineData("selten1")]
    public async Task Facets_scan_no_table(string? query)
    {
        var request = new ListRequest
        {
            Type = ResourceType.Article,
            Query = query is null ? null : QueryParser.Parse(query),
            Facets = [FacetCounting.Section, FacetCounting.Month],
            Filters = [new ListFilter(FilterValue.Person, ["person-1"])],
        };
        await EveryStatementUsesAnIndex(async (commands, index) =>
            await (await IndexedList.ReadAsync(commands, index, request, TestContext.Current.CancellationToken)).CountFacetsAsync(TestContext.Current.CancellationToken));
    }

    private async Task EveryStatementUsesAnIndex(Func<StoredCommands, ISearchIndex, Task> ask)
    {
        // On a connection of its own, where nothing else has been asked.
        using var commands = new StoredCommands(await database.News.OpenWriterAsync(TestContext.Current.CancellationToken));
        await ask(commands, database.News.Search);
        var asked = commands.Prepared.Select(c => (Sql: c.CommandText, Parameters: Parameters(c))).ToList();

        Assert.NotEmpty(asked);
        foreach (var (sql, parameters) in asked.Where(a => a.Sql.StartsWith("SELECT", StringComparison.Ordinal) || a.Sql.StartsWith("WITH", StringComparison.Ordinal)))
        {
            foreach (var plan in await database.Plans.ExplainAsync(sql, parameters)) plan.EveryTableIsEnteredThroughAnIndex();
        }
    }

    private static (string Name, object? Value)[] Parameters(DbCommand command) => [.. command.Parameters.Cast<DbParameter>().Select(p => (p.ParameterName.TrimStart('@'), p.Value))];

    private static Sight Sight { get; } = new(
        new Licence
        {
            Languages = ["de"],
            Sources = [new LicensedSource { Name = "source-1", Level = "teaser" }, new LicensedSource { Name = "source-2", Level = "metadata" }, new LicensedSource { Name = "*", Level = "full" }],
        },
        ["source-1", "source-2", "source-3", "source-1\tsource-4"]);

    private static IEnumerable<(string Name, ListRequest Request)> Requests()
    {
        ListFilter person = new(FilterValue.Person, ["person-1"]), nobody = new(FilterValue.Person, ["nobody"]);
        foreach (var preview in (bool[])[false, true])
        {
            foreach (var sort in Enum.GetValues<ListSort>())
            {
                var start = new ListRequest { Type = ResourceType.Article, Preview = preview, Sort = sort };
                var name = $"{(preview ? "preview" : "public")}, by {sort}";
                foreach (var query in (string[])["alle", "oft", "selten1", "niemals", "selt*", "\"alle oft\"", "oft OR selten1", "oft -alle", "(alle OR oft) selten1"])
                {
                    var asked = start with { Query = QueryParser.Parse(query) };
                    yield return ($"{name}: {query}", asked);
                    yield return ($"{name}: {query} with a person", asked with { Filters = [person] });
                    yield return ($"{name}: {query} under a licence", asked with { Sight = Sight, Filters = [.. Sight.Filters] });
                    yield return ($"{name}: {query} between dates", asked with { From = "2020-01-01T00:00:00.000Z", Before = "2020-01-02T00:00:00.000Z" });
                    yield return ($"{name}: people with {query}", asked with { Type = ResourceType.Person });
                    yield return ($"{name}: events of a month with {query}", asked with { Type = ResourceType.Event, UntilFrom = "2026-01-01T00:00:00.000Z", Before = "2026-02-01T00:00:00.000Z" });
                }

                yield return ($"{name}: changed lately with oft", start with { Query = QueryParser.Parse("oft"), UpdatedFrom = "1970-01-01T00:01:39.000Z" });
                yield return ($"{name}: changed long ago with oft", start with { Query = QueryParser.Parse("oft"), UpdatedFrom = "1970-01-01T00:00:01.000Z" });
                if (sort == ListSort.Relevance) continue;

                yield return ($"{name}: changed lately", start with { UpdatedFrom = "1970-01-01T00:01:39.000Z" });
                yield return ($"{name}: changed long ago", start with { UpdatedFrom = "1970-01-01T00:00:01.000Z" });
                yield return ($"{name}: of a person, changed lately", start with { Filters = [person], UpdatedFrom = "1970-01-01T00:01:39.000Z" });
                if (sort != ListSort.Updated) continue;

                yield return ($"{name}: all", start);
                yield return ($"{name}: the first", start with { Descending = false });
                yield return ($"{name}: of a person", start with { Filters = [person] });
                yield return ($"{name}: of nobody", start with { Filters = [nobody] });
            }
        }
    }
}
