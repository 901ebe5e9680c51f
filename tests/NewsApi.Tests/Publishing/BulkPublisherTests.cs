using System.Data.Common;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using NewsApi.Access;
using NewsApi.Articles;
using NewsApi.Events;
using NewsApi.Generate;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Publishing;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Publishing;

/// <summary>Writing by the thousand leaves what single writes leave.</summary>
public sealed class BulkPublisherTests
{
    private static readonly Caller Caller = new("bulk");
    private static readonly Guid Hidden = Guid.CreateVersion7();

    /// <summary>Columns that chance decides, or how often something was rendered before it was public.</summary>
    private static readonly Dictionary<string, string[]> Random = new()
    {
        ["sections"] = ["id"],
        ["articles"] = ["section_id"],
        ["feed"] = ["epoch"],
        ["preview_documents"] = ["position"],
        ["revisions"] = ["saved_by"],
        ["secrets"] = ["preview_links"],
    };

    [Fact]
    public async Task The_same_inputs_leave_the_same_rows_and_answers_as_single_writes()
    {
        await using var single = new Api(new StoppedClock(), null);
        await using var bulk = new Api(new StoppedClock(), null);
        await NameSectionsAsync(single);
        await NameSectionsAsync(bulk);

        foreach (var person in People()) await PostAsync(single, "/v1/people", person.Input, WireJson.Default.PersonInput);
        foreach (var newsEvent in Events()) await PostAsync(single, "/v1/events", newsEvent.Input, WireJson.Default.EventInput);
        foreach (var article in Articles())
        {
            await PostAsync(single, "/v1/articles", article.Input, WireJson.Default.ArticleInput);
            using var published = await single.Editor.PutJson($"/v1/articles/{article.Input.Id}/publication", $$"""{"publishAt":"{{article.PublishAt:O}}"}""");
            await published.Object(HttpStatusCode.OK);
        }

        await AddAsync<Person, PersonInput>(bulk, People());
        await AddAsync<NewsEvent, EventInput>(bulk, Events());
        await AddAsync<Article, ArticleInput>(bulk, Articles());

        Assert.Equal(Rows(single), Rows(bulk));
        foreach (var address in (string[])
            [
                "/v1/articles?limit=100", "/v1/articles?view=full&include=people,events", "/v1/articles?tag=Bulk", "/v1/articles?section=neu", "/v1/people?limit=100",
                "/v1/events?limit=100", "/v1/sections", $"/v1/articles/{Articles()[3].Input.Id}", "/v1/articles/by-slug/zweimal-derselbe-titel-2",
                $"/v1/people/{People()[0].Input.Id}/articles", "/v1/articles?perspective=preview&limit=100", $"/v1/people/{Hidden}?perspective=preview",
            ])
        {
            using var one = await single.Editor.GetAsync(address, TestContext.Current.CancellationToken);
            using var other = await bulk.Editor.GetAsync(address, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, one.StatusCode);
            Assert.Equal(await one.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), await other.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            if (!address.Contains("preview", StringComparison.Ordinal)) Assert.Equal((address, one.Headers.ETag), (address, other.Headers.ETag));
        }
    }

    [Fact]
    public async Task A_renamed_person_is_renamed_in_articles_written_in_bulk()
    {
        await using var api = new Api();
        await AddAsync<Person, PersonInput>(api, People());
        await AddAsync<NewsEvent, EventInput>(api, Events());
        await AddAsync<Article, ArticleInput>(api, Articles());
        var article = Articles()[0].Input;

        await api.Editor.PatchJson($"/v1/people/{article.People[0].Id}", """{"name":"Ganz Anders"}""");

        var people = (await api.Anonymous.GetObject($"/v1/articles/{article.Id}"))["people"]!.AsArray();
        Assert.Contains(people, p => p!.Text("name") == "Ganz Anders");
    }

    [Fact]
    public async Task What_is_refused_ends_the_run_and_leaves_nothing_of_its_chunk()
    {
        await using var api = new Api();
        await AddAsync<Person, PersonInput>(api, People());
        var taken = People()[0].Input.ExternalIds;
        var unknown = Guid.CreateVersion7();

        Assert.Equal("externalIdExists", (await TryAsync<Person, PersonInput>(api, [Named("Eins"), Named("Zwei", taken)])).Problem!.Code);
        Assert.Equal("unknownLink", (await TryAsync<Article, ArticleInput>(api, [Titled("Eins"), Titled("Zwei", unknown)])).Problem!.Errors![0].Code);
        Assert.Equal("required", (await TryAsync<Person, PersonInput>(api, [Named("Eins"), Named("")])).Problem!.Errors![0].Code);
        Assert.Equal("outOfRange", (await TryAsync<Article, ArticleInput>(api, [Titled("Eins"), Titled("Zwei") with { PublishAt = DateTimeOffset.MaxValue }])).Problem!.Errors![0].Code);

        Assert.Empty((await api.Anonymous.GetObject("/v1/articles"))["items"]!.AsArray());
        Assert.DoesNotContain("Eins", (await api.Anonymous.GetObject("/v1/people?limit=100")).Each("name"));
    }

    [Fact]
    public async Task What_is_on_record_or_was_deleted_is_passed_over()
    {
        await using var api = new Api();
        await AddAsync<Person, PersonInput>(api, [Named("Eins"), Named("Zwei", id: Hidden)]);
        using var deleted = await api.Editor.Remove($"/v1/people/{Hidden}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        var report = (await TryAsync<Person, PersonInput>(api, [Named("Zwei", id: Hidden), Named("Drei"), Named("Drei")])).Value!;

        Assert.Equal((2, 1), (report.Written, report.Known));
        Assert.Equal(["drei", "drei-2", "eins"], (await api.Anonymous.GetObject("/v1/people")).Each("slug").Order());
    }

    [Fact]
    public async Task Single_writes_at_the_same_time_take_no_slug_and_no_position_twice()
    {
        await using var api = new Api();
        const int many = 6_000;
        var running = TryAsync<Person, PersonInput>(api, [.. Enumerable.Range(0, many).Select(i => Named(i % 2 == 0 ? "Anna Gruber" : $"Anna Gruber {i}"))]);
        var singles = 0;
        while (!running.IsCompleted)
        {
            using var single = await api.Editor.PostJson("/v1/people", """{"name":"Anna Gruber"}""");

            // On PostgreSQL it may have waited for the same slug, which many others want, for too long.
            Assert.True(single.StatusCode is HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable, $"{single.StatusCode}");
            if (single.StatusCode == HttpStatusCode.Created) singles++;
        }

        var outcome = await running;
        Assert.True(outcome.Problem is null, outcome.Problem?.Detail);
        Assert.Equal(many, outcome.Value!.Written);
        using var stored = StoredTables.Of(api);
        Assert.Equal(many + singles, stored.Changes().Count);
        Assert.Equal(many + singles, stored.Changes().Select(c => c.Slug).Distinct().Count());
    }

    private static List<NewResource<PersonInput>> People() =>
    [
        .. Enumerable.Range(0, 30).Select(i => new NewResource<PersonInput>(Content.Person(i))),
        new(new PersonInput { Id = Hidden, Name = "Geheime Quelle", Slug = "quelle", Visibility = "internal" }),
    ];

    private static List<NewResource<EventInput>> Events() => [.. Enumerable.Range(0, 90).Select(i => new NewResource<EventInput>(Content.Event(i)))];

    private static List<NewResource<ArticleInput>> Articles() =>
    [
        .. Enumerable.Range(0, 30).Select(Content.Article),
        .. Enumerable.Range(30, 3).Select(Content.Article).Select(a => a with
        {
            Input = a.Input with
            {
                Headline = "Zweimal derselbe Titel",
                Tags = ["Bulk"],
                Section = new SectionLink { Slug = "neu" },
                People = [new PersonLink { Slug = "quelle" }, .. a.Input.People],
                Body = [new Block { Type = "paragraph", Html = "<p onclick=x><b>Fett</b> & mehr</p>" }, new Block { Type = "list", Items = ["Größe", "Maß"] }],
            },
        }),
    ];

    private static GeneratedContent Content => new(5, 30, 90);

    private static NewResource<PersonInput> Named(string name, IReadOnlyList<ExternalId>? externalIds = null, Guid? id = null) =>
        new(new PersonInput { Id = id, Name = name, ExternalIds = externalIds ?? [] });

    private static NewResource<ArticleInput> Titled(string headline, Guid? person = null) =>
        new(new ArticleInput { Headline = headline, People = person is null ? [] : [new PersonLink { Id = person }] }, DateTimeOffset.UnixEpoch);

    private static async Task NameSectionsAsync(Api api)
    {
        foreach (var (slug, name) in GeneratedContent.Sections) await api.Editor.PutJson($"/v1/sections/{slug}", $$"""{"name":{{Json.Quoted(name)}}}""");
    }

    private static async Task PostAsync<T>(Api api, string address, T input, JsonTypeInfo<T> type)
    {
        using var created = await api.Editor.PostJson(address, JsonSerializer.Serialize(input, type));
        await created.Object(HttpStatusCode.Created);
    }

    private static async Task AddAsync<TResource, TInput>(Api api, List<NewResource<TInput>> resources)
        where TResource : Resource
        where TInput : class, IResourceInput
    {
        var outcome = await TryAsync<TResource, TInput>(api, resources);
        Assert.True(outcome.Problem is null, outcome.Problem?.Detail);
        Assert.Equal(resources.Count, outcome.Value!.Written);
    }

    private static Task<Outcome<BulkReport>> TryAsync<TResource, TInput>(Api api, List<NewResource<TInput>> resources)
        where TResource : Resource
        where TInput : class, IResourceInput =>
        api.Services.GetRequiredService<BulkPublisher<TResource, TInput>>().AddAsync(resources, Caller, null, TestContext.Current.CancellationToken);

    /// <summary>Every row of every table, without what chance decides.</summary>
    /// <summary>All but the audit, which has one line for a chunk.</summary>
    private static string Rows(Api api)
    {
        using var stored = StoredTables.Of(api);
        return string.Join('\n', stored.Tables().Where(table => !table.StartsWith("__", StringComparison.Ordinal) && table != "audit").SelectMany(table => stored
            .Rows($"SELECT * FROM \"{table}\"", row => Row(table, row)).Order(StringComparer.Ordinal).Prepend(table)));
    }

    private static string Row(string table, DbDataReader row)
    {
        var columns = Enumerable.Range(0, row.FieldCount).ToDictionary(row.GetName, i => row.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture)!);
        foreach (var column in Random.GetValueOrDefault(table) ?? []) columns[column] = "random";
        if (table == "revisions" && columns["type"] == "section") columns["resource_id"] = "random";
        if (table == "heads" && columns["name"] == "preview") columns["position"] = "random";
        return string.Join('|', columns.Select(c => $"{c.Key}={c.Value}"));
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 10, 0, 0, TimeSpan.Zero);
    }
}
