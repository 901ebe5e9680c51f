using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using NewsApi.Access;
using NewsApi.Changes;
using NewsApi.Exports;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Publishing;
using NewsApi.Storage;
using NewsApi.Subscriptions;
using NewsApi.Sync;
using NewsApi.Tests.Support;
using NewsApi.Timelines;

namespace NewsApi.Tests.Storage;

/// <summary>Every read is a walk along an index or a look-up by key, with 100,000 articles as with ten.</summary>
public sealed partial class QueryPlanTests(QueryPlanTests.Database database) : IClassFixture<QueryPlanTests.Database>
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
            EveryWalkIsARange(plan, request);
            foreach (var walk in Walks(plan).Where(_ => request.After is not null)) Assert.True(walk.Uses("sort_key") && walk.Uses("id"), plan.Text);
        }
    }

    /// <summary>What counts everything may read everything.</summary>
    public static TheoryData<string> NarrowedLists => [.. Requests().Where(r => r.Request.Filters.Count > 0 || r.Request.UntilFrom is not null).Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(NarrowedLists))]
    public async Task A_list_is_counted_along_an_index(string name)
    {
        var request = Requests().Single(r => r.Name == name).Request;
        var (sql, parameters) = ListSql.WriteCount(request);

        foreach (var plan in await database.Plans.ExplainAsync(sql, parameters))
        {
            plan.EveryTableIsEnteredThroughAnIndex();
            EveryWalkIsARange(plan, request);
        }
    }

    /// <summary>A year is long for a list of what still goes on: three of the four walks begin where what lasts so long may have begun.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_still_goes_on_is_found_by_its_start(bool descending)
    {
        var (sql, parameters) = ListSql.Write(new ListRequest { Type = ResourceType.Event, Descending = descending, UntilFrom = "2026-01-01T00:00:00.000Z" });

        Assert.Equal(
            ["2025-12-30T22:00:00.000Z", "2025-11-30T00:00:00.000Z", "2024-12-30T00:00:00.000Z"],
            parameters.Where(p => p.Name.StartsWith("start_", StringComparison.Ordinal)).Select(p => p.Value));
        foreach (var plan in await database.Plans.ExplainAsync(sql, parameters))
        {
            plan.SortsOnlyWhatIsCut();
            Assert.Equal(4, Walks(plan).Count);
            Assert.Equal(3, Walks(plan).Count(walk => walk.Uses("sort_key")));
        }
    }

    public static TheoryData<string> Timelines => [.. TimelineRequests().Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Timelines))]
    public async Task A_timeline_walks_an_index_for_each_type_and_value(string name)
    {
        var request = TimelineRequests().Single(r => r.Name == name).Request;
        var (sql, parameters) = TimelineSql.Write(request);

        foreach (var plan in await database.Plans.ExplainAsync(sql, parameters))
        {
            plan.EveryTableIsEnteredThroughAnIndex();
            plan.SortsOnlyWhatIsCut();
            EveryWalkIsARange(plan, request.List with { From = null });
            Assert.Equal(request.Types.Count * (request.List.Preview ? 2 : 1), Walks(plan).Count);
            foreach (var walk in Walks(plan).Where(_ => request.List.After is not null)) Assert.True(walk.Uses("sort_key") && walk.Uses("id"), plan.Text);
        }

        var (count, values) = TimelineSql.WriteCount(request);
        foreach (var plan in await database.Plans.ExplainAsync(count, values)) plan.EveryTableIsEnteredThroughAnIndex();
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("article", false)]
    [InlineData("event,person", false)]
    [InlineData("article,event,person", false)]
    [InlineData("", true)]
    [InlineData("article,event,person", true)]
    public async Task A_page_of_the_feed_walks_an_index_for_each_type(string types, bool licensed)
    {
        var names = types.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var (sql, parameters) = ChangeSql.Write(names, after: 1, head: 90_000, limit: 10, licensed);

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

    public static TheoryData<string> LookUps =>
    [
        .. ((int[])[10, 30, 100]).SelectMany(size => (string[])[ChangeLookups.NewestSql(size), ChangeLookups.DocumentSql(size), ChangeLookups.StillPublicSql(size)]),
    ];

    [Theory]
    [MemberData(nameof(LookUps))]
    public async Task What_entries_carry_is_looked_up_by_key(string sql)
    {
        foreach (var plan in await database.Plans.ExplainAsync(sql, [.. ParameterNames(sql).Select((name, i) => (name, (object?)(i + 1L)))]))
        {
            plan.EveryTableIsEnteredThroughAnIndex();
            Assert.All(plan.Steps, step => Assert.True(step.Uses("position") || step.Uses("rowid") || step.Uses("id"), plan.Text));
        }
    }

    [Theory]
    [InlineData(DigestReader.Changed, "after head")]
    [InlineData(DigestReader.LicensedChanged, "after head")]
    [InlineData(ExportWriter.NextSql, "type after")]
    [InlineData(FeedRetention.YoungSql, "after limit")]
    [InlineData(FeedRetention.OldSql, "after cut_to")]
    public async Task What_is_read_for_a_copy_or_cut_is_a_walk_in_its_order(string sql, string parameters)
    {
        var isExport = sql == ExportWriter.NextSql;
        (string, object?)[] values = [.. parameters.Split(' ').Select((name, i) => (name, isExport ? name == "type" ? "article" : "x" : (object?)(i * 90_000L)))];

        foreach (var plan in await database.Plans.ExplainAsync(sql, values))
        {
            plan.EveryTableIsEnteredThroughAnIndex();
            plan.SortsNothing();
            Assert.All(plan.Steps, step => Assert.True(step.Uses("position") || step.Uses("rowid") || step.Uses("id"), plan.Text));
        }
    }

    [Fact]
    public async Task What_is_due_to_a_partner_and_how_far_a_change_has_come_are_looked_up()
    {
        foreach (var (sql, values) in ((string, (string, object?)[])[])
        [
            (DeliveryQueue.DueSql(Guid.CreateVersion7(), "@now", "8"), [("now", 90_000L)]),
            (PropagationReader.Newest, [("id", "x")]), (PropagationReader.VersionAt, [("id", "x"), ("position", 90_000L)]),
        ])
        {
            foreach (var plan in await database.Plans.ExplainAsync(sql, values))
            {
                plan.EveryTableIsEnteredThroughAnIndex();
                plan.SortsNothing();
            }
        }
    }

    [Theory]
    [InlineData(DigestReader.Everything)]
    [InlineData(DigestReader.Licensed)]
    public async Task A_digest_is_read_in_order_from_an_index_without_documents(string sql)
    {
        foreach (var plan in await database.Plans.ExplainAsync(sql, [("type", "article"), ("after", "x"), ("head", 90_000L)]))
        {
            plan.EveryTableIsEnteredThroughAnIndex();
            plan.SortsNothing();
            Assert.Contains(TestDatabase.IsPostgres ? "\"Index Only Scan\"" : "COVERING INDEX", plan.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("public")]
    [InlineData("preview")]
    public async Task The_combinations_of_sources_are_read_from_one_to_the_next(string set)
    {
        foreach (var plan in await database.Plans.ExplainAsync(SourceSets.Sql(set), [], run: true))
        {
            var steps = plan.Steps.Where(step => step.Alias != "found").ToList();
            Assert.Equal(2, steps.Count);
            Assert.All(steps, step => Assert.True(step.IsThroughAnIndex && step.Uses("filter"), plan.Text));
            Assert.Contains(steps, step => step.Uses("value"));
            plan.SortsOnlyWhatIsCut();
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
    [MemberData(nameof(FindingPeople))]
    public async Task People_are_found_along_an_index(string sql, string walked)
    {
        (string, object?)[] parameters = [.. ParameterNames(sql).Select(name => (name, (object?)(name == "before" ? "key-2" : "key-1")))];

        foreach (var plan in await database.Plans.ExplainAsync(sql, parameters))
        {
            plan.EveryTableIsEnteredThroughAnIndex();
            Assert.True(plan.Steps.Where(s => s.IsThroughAnIndex).All(s => walked.Split(' ').All(s.Uses)), plan.Text);
        }
    }

    public static TheoryData<string, string> FindingPeople => new()
    {
        { PeopleReader.KeySql("public", 10), "type filter value" },
        { PeopleReader.KeySql("preview", 10), "type filter value" },
        { PeopleReader.RangeSql("public"), "type filter value" },
        { PeopleReader.RangeSql("preview"), "type filter value" },
        { PeopleReader.DocumentSql("public", 10), "type id" },
        { PeopleReader.SlugSql("public", 10), "type slug" },
        { PeopleReader.TogetherSql(10), "type filter value" },
        { PeopleReader.PeriodSql(10), "type filter value sort_key" },
        { RecentCoverage.Sql, "type" },
    };

    private static IEnumerable<string> ParameterNames(string sql) => ParameterPattern().Matches(sql).Select(m => m.Groups[1].Value).Distinct();

    [GeneratedRegex("@([a-z0-9]+)")]
    private static partial Regex ParameterPattern();

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

    /// <summary>PostgreSQL numbers what has the same name: s, s_1, s_2.</summary>
    private static List<QueryPlan.Step> Walks(QueryPlan plan) => [.. plan.Steps.Where(s => s.Alias == "s" || s.Alias.StartsWith("s_", StringComparison.Ordinal))];

    private static void EveryWalkIsARange(QueryPlan plan, ListRequest request)
    {
        Assert.NotEmpty(Walks(plan));
        foreach (var walk in Walks(plan))
        {
            Assert.True(walk.Uses("type"), plan.Text);
            if (request.Filters.Any(f => f is not { Name: FilterValue.Sources, Values.Count: > 20 }) || request.UntilFrom is not null) Assert.True(walk.Uses("filter") && walk.Uses("value"), plan.Text);
            if (request.From is not null || request.Before is not null) Assert.True(walk.Uses("sort_key"), plan.Text);
        }
    }

    private static ListFilter LicenceOf(int count) => new(FilterValue.Sources, [.. Enumerable.Range(0, count).Select(i => $"source-{i}")]);

    private static IEnumerable<(string Name, ListRequest Request)> Requests()
    {
        var after = new Cursor("2026-01-01T00:00:00.000Z", "019b7a12-a4a0-7c8c-be49-a8b489b8a6a0");
        ListFilter person = new("person", ["a"]), twoPeople = new("person", ["a", "b"]), tag = new("tag", ["t", "u"]), section = new("section", ["politik"]);
        ListFilter place = new("place", ["paris"]), source = new("source", ["source-1", "source-2"]), language = new("language", ["language-1"]);
        ListFilter country = new("country", ["ua"]), office = new("office", ["minister"]), externalId = new("externalId", ["wikidata:1"]);
        ListFilter planned = new("certainty", ["planned"]), open = new("certainty", ["rumoured", "planned", "announced"]);
        const string month = "2026-01-01T00:00:00.000Z", end = "2026-02-01T00:00:00.000Z";
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
                    yield return ($"{name}: between dates, oldest first", start with { Descending = false, From = "2026-01-01", Before = "2026-02-01" });
                    yield return ($"{name}: source and language", start with { Filters = [language, source] });
                    yield return ($"{name}: language, place and person", start with { Filters = [language, place, twoPeople] });
                    yield return ($"{name}: source between dates", start with { Filters = [source], From = month, Before = end });
                    foreach (var count in (int[])[3, 200])
                    {
                        var licence = LicenceOf(count);
                        yield return ($"{name}: under a licence for {count} sources", start with { Filters = [licence] });
                        yield return ($"{name}: a person under a licence for sections and {count} sources", start with { Filters = [person, section, licence] });
                        yield return ($"{name}: languages under a licence for {count} sources", start with { Filters = [language, licence], From = month, Before = end });
                    }

                    yield return ($"{name}: people of a country with an office", start with { Type = ResourceType.Person, Descending = false, Filters = [country, office] });
                    yield return ($"{name}: people of a country", start with { Type = ResourceType.Person, Descending = false, Filters = [country] });
                    yield return ($"{name}: a person known elsewhere", start with { Type = ResourceType.Person, Filters = [country, externalId] });
                    var events = start with { Type = ResourceType.Event };
                    yield return ($"{name}: events until a day", events with { Before = end });
                    yield return ($"{name}: overdue", events with { Filters = [open], Past = month });
                    yield return ($"{name}: overdue at a place", events with { Filters = [open, place], Past = month });
                    foreach (var descending in (bool[])[true, false])
                    {
                        events = events with { Descending = descending, UntilFrom = month };
                        var order = descending ? "" : ", oldest first";
                        yield return ($"{name}: events from a day on{order}", events);
                        yield return ($"{name}: events of a month{order}", events with { Before = end });
                        yield return ($"{name}: events of a person in a month{order}", events with { Filters = [person], Before = end });
                        yield return ($"{name}: planned from a day on{order}", events with { Filters = [planned] });
                        yield return ($"{name}: planned at a place in a month{order}", events with { Filters = [planned, place], Before = end });
                    }
                }
            }
        }
    }

    private static IEnumerable<(string Name, TimelineRequest Request)> TimelineRequests()
    {
        var after = new Cursor("2026-01-01T00:00:00.000Z", "019b7a12-a4a0-7c8c-be49-a8b489b8a6a0");
        foreach (var preview in (bool[])[false, true])
        {
            foreach (var descending in (bool[])[false, true])
            {
                foreach (var cursor in (Cursor?[])[null, after])
                {
                    var list = new ListRequest { Type = ResourceType.Article, Preview = preview, Descending = descending, After = cursor };
                    var name = $"{(preview ? "preview" : "public")}, {(descending ? "latest" : "oldest")} first, {(cursor is null ? "first page" : "next page")}";
                    foreach (var types in (ResourceType[][])[[ResourceType.Article, ResourceType.Event], [ResourceType.Event], [ResourceType.Article]])
                    {
                        ListFilter person = new("person", ["person-1"]), newsEvent = new("event", ["event-1"]);
                        var of = string.Join(" and ", types);
                        yield return ($"{name}: {of} of a person", new TimelineRequest(list with { Filters = [person] }, types));
                        var sight = new Sight(
                            new Licence { Sections = ["politik"], Sources = [new LicensedSource { Name = "*", Level = "teaser" }] }, ["source-1", "source-2", "source-3"]);
                        yield return ($"{name}: {of} of a person under a licence", new TimelineRequest(list with { Filters = [person], Sight = sight }, types));
                        yield return ($"{name}: {of} of an event", new TimelineRequest(list with { Filters = [newsEvent] }, types));
                        yield return ($"{name}: {of} of both", new TimelineRequest(list with { Filters = [person, newsEvent] }, types));
                        yield return ($"{name}: {of} of a person in a month", new TimelineRequest(
                            list with { Filters = [person], From = "2025-12-31T23:00:00.000Z", Before = "2026-01-31T23:00:00.000Z" }, types));
                    }
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

        internal NewsDatabase News => _api.Services.GetRequiredService<NewsDatabase>();

        public ValueTask DisposeAsync() => _api.DisposeAsync();
    }
}
