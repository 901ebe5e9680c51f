using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Changes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Storage;

/// <summary>Two nodes on one database: what readers and followers of either see of the other's writes.</summary>
public sealed class NodesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_one_node_publishes_is_soon_served_by_the_other_however_often(bool notifications)
    {
        const int trials = 1_000;
        const int atOnce = 20;
        await using var writing = new Api(null, _folder);
        await using var reading = new Api(null, _folder, ("Storage:Notifications", notifications ? "true" : "false"));
        var waits = new ConcurrentBag<TimeSpan>();

        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(async i =>
        {
            var article = await writing.Article($"Meldung {i}");
            var address = $"/v1/articles/{article.Id()}";
            await reading.Anonymous.GetObject(address);
            for (var trial = 0; trial < trials / atOnce; trial++)
            {
                var version = (await writing.Editor.PatchJson(address, $$"""{"teaser":"{{trial}}"}""").Answers()).Int("version");
                var wait = Stopwatch.StartNew();
                await Sending.Eventually(async () => (await reading.Anonymous.GetObject(address)).Int("version") >= version, "the other node serves the new version");
                waits.Add(wait.Elapsed);
            }
        }));

        Assert.Equal(trials, waits.Count);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{trials} trials, notifications {(notifications ? "on" : "off")}: slowest {waits.Max().TotalMilliseconds:0} ms, median {waits.Order().ElementAt(trials / 2).TotalMilliseconds:0} ms");
    }

    [Fact]
    public async Task Many_writers_on_two_nodes_leave_one_order_without_gaps_and_followers_of_both_miss_nothing()
    {
        const int writers = 8;
        var changes = TestDatabase.IsPostgres ? 10_000 : 2_000;
        await using var one = new Api(null, _folder);
        await using var other = new Api(null, _folder);
        var nodes = (Api[])[one, other];
        var people = new List<string>();
        for (var i = 0; i < 4; i++) people.Add((await one.Person($"Person {i}")).Id());
        var shared = new List<string>();
        for (var i = 0; i < 20; i++) shared.Add((await one.Article($"Gemeinsam {i}", $$""","people":[{"id":"{{people[i % 4]}}"}]""")).Id());
        var followers = nodes.Select(node => new Follower(node.Anonymous, "limit=37")).ToList();
        var isOver = false;
        var following = followers.Select(follower => Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver)) await follower.StepAsync();
        })).ToList();
        var acknowledged = new ConcurrentDictionary<string, int>();

        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(writer))));
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(following);

        using var tables = new StoredTables(_folder);
        var count = tables.Changes().Count;
        Assert.True(count >= changes);
        await using var fresh = new Api(null, _folder);
        var now = await Follower.PublicAsync(fresh);
        foreach (var follower in followers)
        {
            await Sending.Eventually(async () => (await follower.CatchUpAsync(atMost: 2 * changes)).Entries.Count == count, "the follower has seen everything");
            Assert.Equal(Enumerable.Range(1, count).Select(i => (long)i), follower.Entries.Select(Follower.Position));
            Assert.Equal(now, follower.Copy);
            foreach (var resource in follower.Entries.GroupBy(e => e.Id()))
            {
                var versions = resource.Select(e => e.Int("version")).ToList();
                Assert.Equal(versions.Order(), versions);
            }
        }

        foreach (var (id, version) in acknowledged)
            Assert.True(int.Parse(now[$"article {id}"].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) >= version, $"version {version} of {id} is lost");

        // Own articles, articles that others write as well, names that many articles show.
        async Task WriteAsync(int writer)
        {
            var node = nodes[writer % 2];
            var random = new Random(writer);
            for (var i = 0; followers[writer % 2].Entries.Count < changes; i++)
            {
                var person = people[random.Next(people.Count)];
                var own = await SendAsync(() => node.Editor.PostJson(
                    "/v1/articles", $$"""{"headline":"Meldung","tags":["{{writer}}"],"section":{"slug":"ressort-{{random.Next(3)}}"},"people":[{"id":"{{person}}"}]}"""));
                if (own is not null) Count(await SendAsync(() => node.Editor.Publish(own.Id())));
                var changed = shared[random.Next(shared.Count)];
                Count(await SendAsync(() => node.Editor.PatchJson($"/v1/articles/{changed}", $$"""{"teaser":"{{writer}} {{i}}"}""")));
                if (i % 8 == writer) await SendAsync(() => node.Editor.PatchJson($"/v1/people/{person}", $$"""{"name":"Person {{writer}} {{i}}"}"""));
            }
        }

        void Count(JsonObject? article)
        {
            if (article is not null) acknowledged.AddOrUpdate(article.Id(), article.Int("version"), (_, known) => Math.Max(known, article.Int("version")));
        }
    }

    [Fact]
    public async Task Articles_that_go_public_while_others_rename_what_they_show_have_the_new_names()
    {
        const int rounds = 40;
        await using var one = new Api(null, _folder);
        await using var other = new Api(null, _folder);
        var articles = new List<(string Id, string Name)>();
        for (var round = 0; round < rounds; round++)
        {
            var person = (await one.Person($"Vorher {round}")).Id();
            var newsEvent = (await one.Event($"Vorher {round}")).Id();
            var links = $$""","section":{"slug":"ressort-{{round}}"},"people":[{"id":"{{person}}"}],"events":[{"id":"{{newsEvent}}"}]""";
            var drafts = new List<string>();
            for (var i = 0; i < 4; i++) drafts.Add((await one.Draft($"Meldung {round}", links)).Id());

            var name = $"Nachher {round}";
            await Task.WhenAll(
            [
                .. drafts.Select((draft, i) => (i % 2 == 0 ? one : other).Editor.Publish(draft).Answers()),
                other.Editor.PatchJson($"/v1/people/{person}", $$"""{"name":"{{name}}"}""").Answers(),
                one.Editor.PatchJson($"/v1/events/{newsEvent}", $$"""{"title":"{{name}}"}""").Answers(),
                other.Editor.PutJson($"/v1/sections/ressort-{round}", $$"""{"name":"{{name}}"}""").Answers(),
            ]);
            articles.AddRange(drafts.Select(draft => (draft, name)));
        }

        await using var fresh = new Api(null, _folder);
        foreach (var (id, name) in articles)
        {
            var article = await fresh.Anonymous.GetObject($"/v1/articles/{id}");
            Assert.Equal((name, name, name), (article["people"]![0]!.Text("name"), article["events"]![0]!.Text("title"), article["section"]!.Text("name")));
        }
    }

    [Fact]
    public async Task Articles_that_go_public_while_others_merge_whom_they_show_show_who_stays()
    {
        const int rounds = 25;
        await using var one = new Api(null, _folder);
        await using var other = new Api(null, _folder);
        var articles = new List<(string Id, string Person, string Name)>();
        for (var round = 0; round < rounds; round++)
        {
            var people = new List<string>();
            for (var i = 0; i < 3; i++) people.Add((await one.Person($"Person {round} {i}")).Id());
            var drafts = new List<string>();
            for (var i = 0; i < 4; i++) drafts.Add((await one.Draft($"Meldung {round}", $$""","people":[{"id":"{{people[i % 2]}}"}]""")).Id());

            var name = $"Nachher {round}";
            await Task.WhenAll(
            [
                .. drafts.Select((draft, i) => (i % 2 == 0 ? one : other).Editor.Publish(draft).Answers()),
                one.Editor.PostJson($"/v1/people/{people[0]}/merge", $$"""{"into":"{{people[1]}}"}""").Answers(),
                other.Editor.PostJson($"/v1/people/{people[1]}/merge", $$"""{"into":"{{people[2]}}"}""").Answers(),
                other.Editor.PatchJson($"/v1/people/{people[2]}", $$"""{"name":"{{name}}"}""").Answers(),
            ]);
            articles.AddRange(drafts.Select(draft => (draft, people[2], name)));
        }

        await using var fresh = new Api(null, _folder);
        foreach (var (id, person, name) in articles)
        {
            var shown = (await fresh.Anonymous.GetObject($"/v1/articles/{id}"))["people"]![0]!;
            Assert.Equal((person, name), (shown.Id(), shown.Text("name")));
        }
    }

    [Fact]
    public async Task Two_nodes_give_no_slug_and_no_external_id_twice()
    {
        const int each = 100;
        await using var one = new Api(null, _folder);
        await using var other = new Api(null, _folder);

        var created = await Task.WhenAll(((Api[])[one, other]).Select(node => Task.Run(async () =>
        {
            var people = new List<JsonObject>();
            while (people.Count < each)
            {
                if (await SendAsync(() => node.Editor.PostJson("/v1/people", """{"name":"Anna Gruber"}""")) is { } person) people.Add(person);
            }

            return people;
        })));
        var claims = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? one : other).Editor.PostJson(
            "/v1/articles", $$"""{"headline":"Meldung {{i}}","externalIds":[{"source":"apa","value":"{{i / 4}}"}]}""")));

        Assert.Equal(2 * each, created.SelectMany(people => people).Select(person => person.Text("slug")).Distinct().Count());
        Assert.Equal(10, claims.Count(c => c.StatusCode == HttpStatusCode.Created));
        Assert.Equal(30, claims.Count(c => c.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task What_a_rename_leaves_to_be_rendered_is_rendered_once_whoever_does_it()
    {
        const int articles = 1_600;
        await using var one = new Api(null, _folder);
        await using var other = new Api(null, _folder);
        var person = (await one.Person("Steven Witkoff")).Id();
        await Parallel.ForEachAsync(Enumerable.Range(0, articles), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
            await one.Article($"Meldung {i}", $$""","slug":"m-{{i}}","people":[{"id":"{{person}}"}]"""));
        var follower = await new Follower(other.Anonymous, "limit=500&types=article").CatchUpAsync();
        follower.Entries.Clear();

        await one.Editor.PatchJson($"/v1/people/{person}", """{"name":"Steve Witkoff"}""").Answers();

        await Sending.Eventually(
            async () =>
            {
                await follower.CatchUpAsync();
                return follower.Entries.Count >= articles;
            },
            "every article is told of");
        Assert.All(follower.Entries, e => Assert.Equal("referenceChanged", e.Text("reason")));
        Assert.Equal(articles, follower.Entries.Select(e => e.Id()).Distinct().Count());
        Assert.Equal(articles, follower.Entries.Count);
        await using var fresh = new Api(null, _folder);
        Assert.Equal(await Follower.PublicAsync(fresh), (await new Follower(fresh.Anonymous, "limit=500").CatchUpAsync()).Copy);
    }

    [Fact]
    public async Task Nodes_that_start_together_fill_an_empty_database_once()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => new Api(null, _folder, ("Samples:Load", "true")))));
        try
        {
            var pages = await Task.WhenAll(nodes.Select(node => node.Anonymous.GetObject("/v1/changes?limit=500")));
            Assert.True(pages[0]["items"]!.AsArray().Count > 20);
            Assert.All(pages, page => Assert.Equal(pages[0].ToJsonString(), page.ToJsonString()));
            Assert.Equal(pages[0].Each("id").Distinct().Count(), pages[0].Each("id").Length);
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync();
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The answer; nothing where the node asks to come again later, which is all that it may refuse.</summary>
    private static async Task<JsonObject?> SendAsync(Func<Task<HttpResponseMessage>> send)
    {
        using var response = await send();
        if (response.StatusCode != HttpStatusCode.ServiceUnavailable) return await response.Object(response.IsSuccessStatusCode ? response.StatusCode : HttpStatusCode.OK);

        Assert.NotNull(response.Headers.RetryAfter);
        return null;
    }
}
