using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Articles;
using NewsApi.Publishing;
using NewsApi.Tests.Changes;
using NewsApi.Tests.Search;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.People;

/// <summary>Two entries that are one human: whoever asks for either gets the one that stays, and nothing is lost by it.</summary>
public sealed class MergeTests : IAsyncDisposable
{
    private const string Page =
        """
         date 2026-02-14 Aktuelle Seite: Home > Politik > Telefonat mit Washington

        Telefonat mit Washington

        Samstag, 14. Februar 2026 | 09:30 Uhr
        Von: APA/dpa

        Rustem Umerov hat am Freitag mit Washington telefoniert. Einzelheiten wurden nicht bekannt.
        """;

    private readonly Api _api = new();

    [Fact]
    public async Task Whoever_is_merged_leads_to_the_survivor()
    {
        var (old, stays) = await TwoAsync();
        await _api.Editor.PatchJson($"/v1/people/{old}", """{"slug":"umerov-neu"}""").Answers();

        var answer = await MergeAsync(old, stays);

        Assert.Equal(stays, answer.Id());
        var survivor = await _api.Anonymous.GetObject($"/v1/people/{stays}");
        Assert.Null(survivor["requestedId"]);
        foreach (var address in (string[])[$"/v1/people/{old}", "/v1/people/by-slug/rustem-umerov", "/v1/people/by-slug/umerov-neu"])
        {
            using var response = await _api.Anonymous.Get(address);
            var person = await response.Object(HttpStatusCode.OK);
            Assert.Equal(($"/v1/people/{stays}", old), (response.Header("Content-Location"), person.Text("requestedId")));
            Assert.Contains($"person-{old}", response.Header("Surrogate-Key"), StringComparison.Ordinal);
            person.Remove("requestedId");
            Sending.Same(survivor, person);
        }

        using var preview = await _api.Editor.Get($"/v1/people/{old}?perspective=preview");
        Assert.Equal((old, $"/v1/people/{stays}?perspective=preview"), ((await preview.Object(HttpStatusCode.OK)).Text("requestedId"), preview.Header("Content-Location")));
        Assert.Equal([stays], (await _api.Anonymous.GetObject("/v1/people")).Each("id"));
        Assert.Equal([stays], (await _api.Editor.GetObject("/v1/people?perspective=preview")).Each("id"));
    }

    [Fact]
    public async Task What_was_answered_for_the_merged_id_goes_when_either_changes()
    {
        var (old, stays) = await TwoAsync();
        await _api.Anonymous.GetObject($"/v1/people/{old}");
        await MergeAsync(old, stays);

        Assert.Equal("Rustem Umjerow", (await _api.Anonymous.GetObject($"/v1/people/{old}")).Text("name"));
        var tag = await _api.Anonymous.TagOf($"/v1/people/{old}");
        Assert.NotEqual(tag, await _api.Anonymous.TagOf($"/v1/people/{stays}"));

        await _api.Editor.PatchJson($"/v1/people/{stays}", """{"description":"neu"}""").Answers();
        Assert.Equal("neu", (await _api.Anonymous.GetObject($"/v1/people/{old}")).Text("description"));
        Assert.NotEqual(tag, await _api.Anonymous.TagOf($"/v1/people/{old}"));

        await UnmergeAsync(old);
        Assert.Equal("Rustem Umerov", (await _api.Anonymous.GetObject($"/v1/people/{old}")).Text("name"));
    }

    [Fact]
    public async Task Documents_that_link_either_show_the_survivor_once_and_the_first_link_wins()
    {
        var (old, stays) = await TwoAsync();
        var article = await _api.Article("Beide", $$""","people":[{"id":"{{old}}","relation":"quoted","office":"Minister"},{"id":"{{stays}}","relation":"author"}]""");
        var other = await _api.Article("Einer", $$""","people":[{"id":"{{old}}","relation":"author"}]""");
        var draft = await _api.Draft("Entwurf", $$""","people":[{"id":"{{old}}"}]""");
        var newsEvent = await _api.Event("Gespräch", more: $$""","participants":[{"name":"Jemand"},{"person":{"id":"{{old}}"},"mode":"host"},{"person":{"id":"{{stays}}" } },{"name":"Jemand"}]""");

        await MergeAsync(old, stays);

        var read = await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}");
        var shown = Assert.Single(read["people"]!.AsArray())!;
        Assert.Equal((stays, "rustem-umjerow", "Rustem Umjerow", "quoted", "Minister"), (shown.Id(), shown.Text("slug"), shown.Text("name"), shown.Text("relation"), shown.Text("office")));
        Assert.Equal([stays], read["authors"]!.AsArray().Select(a => a!.Id()));
        Assert.Equal(1, read.Int("version"));
        Assert.Equal(stays, (await _api.Anonymous.GetObject($"/v1/articles/{other.Id()}"))["authors"]![0]!.Id());
        Assert.Equal(stays, (await _api.Preview("articles", draft.Id()))["people"]![0]!.Id());
        Assert.Equal(
            ["Jemand", "Rustem Umjerow", "Jemand"],
            (await _api.Anonymous.GetObject($"/v1/events/{newsEvent.Id()}"))["participants"]!.AsArray().Select(p => p!.Text("name")));
        Assert.Equal([stays], (await _api.Anonymous.GetObject("/v1/articles?include=people"))["included"]!["people"]!.AsArray().Select(p => p!.Id()));

        await _api.Editor.PatchJson($"/v1/people/{stays}", """{"name":"Rustem Umjerow jun."}""").Answers();
        Assert.Equal("Rustem Umjerow jun.", (await _api.Anonymous.GetObject($"/v1/articles/{other.Id()}"))["people"]![0]!.Text("name"));
        Assert.Equal("Rustem Umjerow jun.", (await _api.Preview("articles", draft.Id()))["people"]![0]!.Text("name"));
    }

    [Fact]
    public async Task A_new_link_to_somebody_merged_is_taken_and_shows_the_survivor()
    {
        var (old, stays) = await TwoAsync();
        await MergeAsync(old, stays);

        var byId = await _api.Article("Per Id", $$""","people":[{"id":"{{old}}"}]""");
        var bySlug = await _api.Article("Per Slug", """","people":[{"slug":"rustem-umerov"}]"""");
        await _api.Add([new NewResource<ArticleInput>(new ArticleInput { Headline = "Zu Tausenden", People = [new PersonLink { Id = Guid.Parse(old) }] })]);

        Assert.Equal([stays, stays], ((JsonObject[])[byId, bySlug]).Select(a => a["people"]![0]!.Id()));
        var page = await _api.Anonymous.GetObject($"/v1/people/{old}/articles");
        Assert.Equal(["Per Id", "Per Slug", "Zu Tausenden"], page.Each("headline").Order());
        Assert.All(page.Items(), a => Assert.Equal(stays, a["people"]![0]!.Id()));

        await _api.Editor.PatchJson($"/v1/articles/{byId.Id()}", """{"teaser":"neu"}""").Answers();
        await UnmergeAsync(old);
        Assert.All((await _api.Anonymous.GetObject($"/v1/people/{old}/articles")).Items(), a => Assert.Equal(old, a["people"]![0]!.Id()));
        Assert.Empty((await _api.Anonymous.GetObject($"/v1/people/{stays}/articles"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Filters_facets_and_searches_mean_both_at_once_also_while_documents_have_still_to_follow()
    {
        const int many = 1_300;
        var (old, stays) = await TwoAsync();
        var both = Guid.Parse(old);
        await _api.Add(Enumerable.Range(0, many).Select(i => new NewResource<ArticleInput>(
            new ArticleInput { Headline = $"Meldung {i}", People = [new PersonLink { Id = both }, .. i % 2 == 0 ? (PersonLink[])[new PersonLink { Id = Guid.Parse(stays) }] : []] },
            new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(i))));
        await _api.Article("Nur der eine", $$""","people":[{"id":"{{stays}}"}]""");
        var newsEvent = await _api.Event("Gespräch", more: $$""","participants":[{"person":{"id":"{{old}}" } }]""");

        await MergeAsync(old, stays);

        foreach (var name in (string[])[old, stays, "rustem-umerov", "rustem-umjerow"])
        {
            Assert.Equal(many + 1, (await _api.Anonymous.GetObject($"/v1/articles?person={name}&count=exact")).Int("total"));
            Assert.Equal([newsEvent.Id()], (await _api.Anonymous.GetObject($"/v1/events?person={name}")).Each("id"));
            Assert.Equal(many + 2, (await _api.Anonymous.GetObject($"/v1/timelines?person={name}&count=exact")).Int("total"));
            Assert.Equal(many + 1, (await _api.Anonymous.GetObject($"/v1/articles?person={name},{stays}&personMode=all&count=exact")).Int("total"));
            var facets = await _api.Anonymous.GetObject($"/v1/articles?person={name}&facets=person");
            var facet = Assert.Single(facets["facets"]!["person"]!.AsArray())!;
            Assert.Equal((stays, "Rustem Umjerow", many + 1), (facet.Text("value"), facet.Text("label"), facet.Int("count")));
        }

        foreach (var id in (string[])[old, stays])
        {
            Assert.Equal(many + 1, (await _api.Anonymous.GetObject($"/v1/people/{id}/articles?count=exact")).Int("total"));
            Assert.Equal(many + 2, (await _api.Anonymous.GetObject($"/v1/people/{id}/timeline?count=exact")).Int("total"));
        }

        foreach (var q in (string[])["Umerov", "Umjerow", "\"Rustem Umerov\""])
            Assert.Equal(many + 1, (await _api.Anonymous.GetObject($"/v1/articles?{Searching.Q(q)}&count=exact")).Int("total"));

        await Sending.Eventually(
            async () => (await _api.Anonymous.Walk($"/v1/articles?person={old}")).TrueForAll(a => a["people"]!.AsArray() is [var only] && only!.Id() == stays),
            "every article shows the survivor, once");
    }

    [Fact]
    public async Task Every_name_of_the_merged_finds_the_survivor_who_does_not_show_it()
    {
        var old = (await _api.Person("Rustem Umerov", ""","familyName":"Umerov","names":[{"value":"Рустем Умєров","language":"uk"},{"value":"Der Minister"}]""")).Id();
        var stays = (await _api.Person("Anna Gruber")).Id();
        await _api.Article("Bericht", $$""","people":[{"id":"{{old}}"}]""");
        await _api.Article("Ein anderer", $$""","people":[{"id":"{{stays}}"}]""");
        await MergeAsync(old, stays);

        foreach (var name in (string[])["Rustem Umerov", "Рустем Умєров", "Der Minister", "Anna Gruber"])
        {
            var match = (await _api.Anonymous.PostJson("/v1/people/match", $$"""{"queries":[{"name":"{{name}}"}]}""").Answers())["results"]![0]!["candidates"]![0]!;
            Assert.Equal((name, stays, true), (name, match.Id(), match["match"]!.GetValue<bool>()));
            Assert.Equal([stays], (await _api.Anonymous.GetObject($"/v1/people/suggest?{Searching.Q(name[..5])}")).Each("id"));
            Assert.Equal([stays], (await _api.Anonymous.GetObject($"/v1/people?{Searching.Q(name)}")).Each("id"));
            var reconciled = await _api.Anonymous.GetObject($"/v1/reconcile?queries={Uri.EscapeDataString($$$"""{"a":{"query":"{{{name}}}"}}""")}");
            Assert.Equal(stays, reconciled["a"]!["result"]![0]!.Id());
        }

        var found = await _api.Anonymous.GetObject($"/v1/articles?{Searching.Q("Umerov")}&explain=true");
        Assert.Equal(2, found["items"]!.AsArray().Count);
        Assert.Equal(stays, found["explain"]!["people"]![0]!["person"]!.Id());
        Assert.Equal(["Anna Gruber"], (await _api.Anonymous.GetObject($"/v1/people/{stays}"))["names"]!.AsArray().Select(n => n!.Text("value")));
        using var preview = await _api.Anonymous.Get($"/v1/reconcile/preview?id={old}");
        Assert.Contains("Anna Gruber", await preview.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stands_around_a_name_counts_under_either_id()
    {
        var (old, stays) = await TwoAsync();
        var namesake = (await _api.Person("Rustem Umjerow")).Id();
        var together = (await _api.Person("Steve Witkoff")).Id();
        await _api.Article("Telefonat", $$""","people":[{"id":"{{old}}"},{"id":"{{together}}"}]""", "2026-01-02T10:00:00Z");
        await MergeAsync(old, stays);

        var results = await _api.Anonymous.PostJson(
            "/v1/people/match", """{"queries":[{"name":"Rustem Umjerow","context":{"people":["Steve Witkoff"],"date":"2026-01-03"}}]}""").Answers();

        var candidates = results["results"]![0]!["candidates"]!.AsArray();
        Assert.Equal([stays, namesake], candidates.Select(c => c!.Id()));
        Assert.Contains("named together with Steve Witkoff", candidates[0]!["reasons"]!.AsArray().Select(r => r!.GetValue<string>()));
        Assert.Contains("in the news around 2026-01-03", candidates[0]!["reasons"]!.AsArray().Select(r => r!.GetValue<string>()));
    }

    [Fact]
    public async Task Articles_are_related_by_a_person_whichever_id_they_link()
    {
        var (old, stays) = await TwoAsync();
        var one = await _api.Article("Eins", $$""","people":[{"id":"{{old}}"}]""");
        var two = await _api.Article("Zwei", $$""","people":[{"id":"{{stays}}"}]""");
        Assert.Empty((await _api.Anonymous.GetObject($"/v1/articles/{one.Id()}/related"))["items"]!.AsArray());

        await MergeAsync(old, stays);

        Assert.Equal([two.Id()], (await _api.Anonymous.GetObject($"/v1/articles/{one.Id()}/related")).Each("id"));
        Assert.Equal([one.Id()], (await _api.Anonymous.GetObject($"/v1/articles/{two.Id()}/related")).Each("id"));
    }

    [Fact]
    public async Task Partners_hear_who_went_where_and_who_came_back()
    {
        var (old, stays) = await TwoAsync();
        await _api.Article("Bericht", $$""","people":[{"id":"{{old}}"}]""");
        var follower = await new Follower(_api.Anonymous).CatchUpAsync();
        follower.Entries.Clear();

        await MergeAsync(old, stays);
        await follower.CatchUpAsync();
        Assert.Equal(["article upsert referenceChanged 1 after 1", "person remove merged 1 after 1"], follower.Said.Order(StringComparer.Ordinal));
        Assert.Equal(stays, Assert.Single(follower.Entries, e => e["mergedInto"] is not null).Text("mergedInto"));

        follower.Entries.Clear();
        await UnmergeAsync(old);
        await follower.CatchUpAsync();
        Assert.Equal(["article upsert referenceChanged 1 after 1", "person upsert unmerged 1 after -"], follower.Said.Order(StringComparer.Ordinal));
        Assert.Equal(await Follower.PublicAsync(_api), follower.Copy);
    }

    [Fact]
    public async Task Undoing_a_merge_leaves_everything_as_it_was()
    {
        var (old, stays) = await TwoAsync();
        var third = (await _api.Person("R. Umerow", ""","familyName":"Umerow","offices":[{"title":"Minister","country":"UA"}]""")).Id();
        var secret = (await _api.Person("Geheime Quelle", ""","visibility":"internal" """)).Id();
        await _api.Editor.PatchJson($"/v1/people/{old}", """{"slug":"umerov-neu"}""").Answers();
        var article = await _api.Article("Beide", $$""","people":[{"id":"{{old}}"},{"id":"{{stays}}","relation":"author"},{"id":"{{secret}}"}]""");
        await _api.Article("Dritte", $$""","people":[{"id":"{{third}}","relation":"author"}]""");
        await _api.Draft("Entwurf", $$""","people":[{"id":"{{old}}"},{"id":"{{secret}}"}]""");
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"teaser":"in Arbeit"}""").Answers();
        await _api.Event("Gespräch", more: $$""","participants":[{"person":{"id":"{{old}}" } },{"person":{"id":"{{third}}" } }]""");
        var before = Contents();

        await MergeAsync(third, old);
        var between = Contents();
        await MergeAsync(old, stays);
        await MergeAsync(secret, stays);
        Assert.Equal(stays, (await _api.Anonymous.GetObject($"/v1/people/{third}")).Id());
        await UnmergeAsync(secret);
        await UnmergeAsync(old);
        Assert.Equal(between, Contents());
        Assert.Equal(old, (await _api.Anonymous.GetObject($"/v1/people/{third}")).Id());
        await UnmergeAsync(third);

        Assert.Equal(before, Contents());
    }

    [Fact]
    public async Task A_chain_leads_to_its_end_and_can_be_taken_apart_in_the_middle()
    {
        var (first, second) = await TwoAsync();
        var third = (await _api.Person("Anna Gruber")).Id();
        var article = await _api.Article("Bericht", $$""","people":[{"id":"{{first}}"}]""");
        await MergeAsync(first, second);
        await MergeAsync(second, third);

        Assert.Equal(third, (await _api.Anonymous.GetObject($"/v1/people/{first}")).Id());
        Assert.Equal(third, (await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}"))["people"]![0]!.Id());
        Assert.Equal([article.Id()], (await _api.Anonymous.GetObject($"/v1/articles?person={third}")).Each("id"));
        Assert.Equal([third], (await _api.Anonymous.GetObject($"/v1/people?{Searching.Q("Umerov")}")).Each("id"));

        await UnmergeAsync(second);

        Assert.Equal(second, (await _api.Anonymous.GetObject($"/v1/people/{first}")).Id());
        Assert.Equal(second, (await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}"))["people"]![0]!.Id());
        Assert.Empty((await _api.Anonymous.GetObject($"/v1/articles?person={third}"))["items"]!.AsArray());
        Assert.Equal([second], (await _api.Anonymous.GetObject($"/v1/people?{Searching.Q("Umerov")}")).Each("id"));
    }

    [Fact]
    public async Task What_cannot_be_merged_is_refused_and_says_why()
    {
        var (old, stays) = await TwoAsync();
        var secret = (await _api.Person("Geheime Quelle", ""","visibility":"internal" """)).Id();
        var unknown = Guid.CreateVersion7();

        foreach (var into in (string[])[old, "rustem-umerov", $"{unknown}", "gibt-es-nicht", "Kein Slug", "", secret])
            await _api.Editor.PostJson($"/v1/people/{old}/merge", $$"""{"into":"{{into}}"}""").IsRefusedAt(422, "/into");
        await _api.Editor.PostJson($"/v1/people/{unknown}/merge", $$"""{"into":"{{stays}}"}""").IsRefused(404);
        await _api.Editor.PostJson("/v1/people/kein-id/merge", $$"""{"into":"{{stays}}"}""").IsRefused(400);
        await _api.Editor.PostJson($"/v1/people/{old}/merge", $$"""{"into":"{{stays}}","wohin":1}""").IsRefused(400);
        await _api.Editor.Send(HttpMethod.Post, $"/v1/people/{old}/merge", $$"""{"into":"{{stays}}"}""", ("If-Match", "\"7-1-full\"")).IsRefused(412);
        await _api.Anonymous.PostJson($"/v1/people/{old}/merge", $$"""{"into":"{{stays}}"}""").IsRefused(401);

        await MergeAsync(old, stays);
        await _api.Editor.PostJson($"/v1/people/{stays}/merge", $$"""{"into":"{{old}}"}""").IsRefusedAt(422, "/into");
        var third = (await _api.Person("Anna Gruber")).Id();
        Assert.Equal(stays, (await _api.Editor.PostJson($"/v1/people/{old}/merge", $$"""{"into":"{{third}}"}""").IsRefused(409, "merged")).Text("existingId"));
        Assert.Equal(stays, (await MergeAsync(third, "rustem-umerov")).Id());
    }

    [Fact]
    public async Task Merging_twice_and_undoing_twice_change_nothing_more()
    {
        var (old, stays) = await TwoAsync();
        await MergeAsync(old, stays);
        var merged = Contents();

        Assert.Equal(stays, (await MergeAsync(old, stays)).Id());
        Assert.Equal(merged, Contents());

        Assert.Equal(old, (await UnmergeAsync(old)).Id());
        var apart = Contents();
        Assert.Equal(old, (await UnmergeAsync(old)).Id());
        Assert.Equal(apart, Contents());
        await _api.Editor.Remove($"/v1/people/{Guid.CreateVersion7()}/merge", null).IsRefused(404);
    }

    [Fact]
    public async Task Somebody_merged_cannot_be_changed_and_their_survivor_not_deleted()
    {
        var (old, stays) = await TwoAsync();
        await MergeAsync(old, stays);

        Assert.Equal(stays, (await _api.Editor.PatchJson($"/v1/people/{old}", """{"name":"Neu"}""").IsRefused(409, "merged")).Text("existingId"));
        Assert.Equal(stays, (await _api.Editor.PutJson($"/v1/people/{old}", """{"name":"Neu"}""").IsRefused(409, "merged")).Text("existingId"));
        await _api.Editor.Remove($"/v1/people/{stays}").IsRefused(409, "inUse");

        await _api.Editor.Remove($"/v1/people/{old}").Succeeds();
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf($"/v1/people/{old}"));
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf("/v1/people/by-slug/rustem-umerov"));
        Assert.DoesNotContain("Rustem Umerov", (await _api.Anonymous.GetObject("/v1/people/suggest?q=Rustem")).Each("matched"));
        await _api.Editor.Remove($"/v1/people/{stays}").Succeeds();
    }

    [Fact]
    public async Task What_is_answered_for_a_merged_id_can_be_sent_back_to_the_survivor()
    {
        var (old, stays) = await TwoAsync();
        await MergeAsync(old, stays);
        using var read = await _api.Anonymous.Get($"/v1/people/{old}");

        await _api.Editor.PutJson($"/v1/people/{stays}", await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), read.Headers.ETag!.ToString()).Answers();
    }

    [Fact]
    public async Task Where_the_survivor_is_hidden_so_is_everybody_merged_into_them()
    {
        var (old, stays) = await TwoAsync();
        var article = await _api.Article("Bericht", $$""","people":[{"id":"{{old}}"}]""");
        await MergeAsync(old, stays);

        await _api.Editor.PatchJson($"/v1/people/{stays}", """{"visibility":"internal"}""").Answers();

        Assert.Empty((await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}"))["people"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf($"/v1/people/{old}"));
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf($"/v1/people/{old}/articles"));
        Assert.Empty((await _api.Anonymous.GetObject($"/v1/articles?person={old}"))["items"]!.AsArray());
        Assert.Equal(stays, (await _api.Preview("articles", article.Id()))["people"]![0]!.Id());
        Assert.Equal(stays, (await _api.Preview("people", old)).Id());
    }

    [Fact]
    public async Task Pages_that_are_imported_link_the_survivor_by_the_names_of_both()
    {
        var old = (await _api.Person("Rustem Umerov")).Id();
        var stays = (await _api.Person("Rustem Umjerow", ""","names":[{"value":"Rustem Umerov"}]""")).Id();
        await MergeAsync(old, stays);

        using var imported = await _api.Editor.PostAsync(
            "/v1/imports", new StringContent(Page), TestContext.Current.CancellationToken);
        var item = (await imported.Object(HttpStatusCode.OK))["items"]![0]!;

        Assert.Equal([stays], (await _api.Preview("articles", item.Id()))["people"]!.AsArray().Select(p => p!.Id()));
    }

    [Fact]
    public async Task A_document_that_is_read_and_sent_back_after_a_merge_keeps_whom_it_links_to()
    {
        var (old, stays) = await TwoAsync();
        var rubio = (await _api.Person("Marco Rubio")).Id();
        var article = await _api.Article(
            "Alle", $$""","people":[{"id":"{{old}}","relation":"quoted","office":"Minister"},{"id":"{{rubio}}"},{"id":"{{stays}}","relation":"about"}]""");
        var newsEvent = await _api.Event("Gespräch", more: $$""","participants":[{"person":{"id":"{{old}}"},"role":"Gastgeber"},{"name":"Jemand"},{"person":{"id":"{{stays}}"},"mode":"online"}]""");
        await MergeAsync(old, stays);

        foreach (var address in (string[])[$"/v1/articles/{article.Id()}", $"/v1/events/{newsEvent.Id()}"])
        {
            var read = await _api.Editor.GetObject($"{address}?perspective=preview");
            Sending.Same(read, await _api.Editor.PutJson(address, read.ToJsonString(), "*").Answers());
            await _api.Editor.PatchJson(address, $$"""{"{{(read["participants"] is null ? "kicker" : "description")}}":"neu"}""").Answers();
        }

        var again = await _api.Editor.GetObject($"/v1/articles/{article.Id()}?perspective=preview");
        again["people"]!.AsArray().RemoveAt(1);
        await _api.Editor.PutJson($"/v1/articles/{article.Id()}", again.ToJsonString(), "*").Answers();
        await UnmergeAsync(old);

        var people = (await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}"))["people"]!.AsArray();
        Assert.Equal([(old, "quoted", "Minister"), (stays, "about", null)], people.Select(p => (p!.Id(), p!.Text("relation"), p!["office"]?.GetValue<string>())));
        var participants = (await _api.Anonymous.GetObject($"/v1/events/{newsEvent.Id()}"))["participants"]!.AsArray();
        Assert.Contains((old, "Gastgeber", "attends"), participants.Select(p => (p!["person"]?.Id(), p!["role"]?.GetValue<string>(), p!.Text("mode"))));
        Assert.Contains((stays, null, "online"), participants.Select(p => (p!["person"]?.Id(), p!["role"]?.GetValue<string>(), p!.Text("mode"))));
        Assert.Equal(3, participants.Count);
    }

    [Fact]
    public async Task Somebody_who_is_taken_out_of_a_document_after_a_merge_does_not_come_back_with_its_undoing()
    {
        var (old, stays) = await TwoAsync();
        var article = await _api.Article("Beide", $$""","people":[{"id":"{{old}}"},{"id":"{{stays}}"}]""");
        await MergeAsync(old, stays);

        await _api.Editor.PutJson($"/v1/articles/{article.Id()}", """{"headline":"Niemand"}""", "*").Answers();
        await UnmergeAsync(old);

        Assert.Empty((await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}"))["people"]!.AsArray());
    }

    [Fact]
    public async Task Whom_the_public_did_not_know_gives_no_name_to_the_survivor()
    {
        var secret = (await _api.Person("Geheime Quelle", ""","visibility":"internal","familyName":"Quelle","externalIds":[{"source":"wikidata","value":"Q7"}]""")).Id();
        var stays = (await _api.Person("Rustem Umjerow", ""","familyName":"Umjerow" """)).Id();
        await MergeAsync(secret, stays);

        foreach (var address in (string[])["/v1/people?q=Geheime", "/v1/search?q=Quelle", "/v1/people/suggest?q=Geheime", "/v1/people?externalId=wikidata:Q7"])
            Assert.Empty((await _api.Anonymous.GetObject(address))["items"]!.AsArray());
        Assert.DoesNotContain("same name", (await _api.Anonymous.PostJson("/v1/people/match", """{"queries":[{"name":"Geheime Quelle"}]}""").Answers()).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_others_have_for_somebody_merged_finds_the_survivor()
    {
        var old = (await _api.Person("Rustem Umerov", ""","externalIds":[{"source":"wikidata","value":"Q7"}]""")).Id();
        var stays = (await _api.Person("Rustem Umjerow", ""","externalIds":[{"source":"wikidata","value":"Q8"}]""")).Id();
        await MergeAsync(old, stays);

        Assert.Equal([stays], (await _api.Anonymous.GetObject("/v1/people?externalId=wikidata:Q7")).Each("id"));
        Assert.Equal([stays], (await _api.Anonymous.GetObject("/v1/people?externalId=wikidata:Q8")).Each("id"));
        Assert.Equal(["Q8"], (await _api.Anonymous.GetObject($"/v1/people/{stays}"))["externalIds"]!.AsArray().Select(e => e!.Text("value")));

        await UnmergeAsync(old);
        Assert.Equal([old], (await _api.Anonymous.GetObject("/v1/people?externalId=wikidata:Q7")).Each("id"));
    }

    [Fact]
    public async Task A_version_from_before_a_merge_shows_the_survivor()
    {
        var (old, stays) = await TwoAsync();
        var article = await _api.Article("Telefonat", $$""","people":[{"id":"{{old}}"}]""");
        var newsEvent = await _api.Event("Gespräch", more: $$""","participants":[{"person":{"id":"{{old}}"},"role":"Gast"}]""");
        await MergeAsync(old, stays);

        var version = await _api.Editor.GetObject($"/v1/articles/{article.Id()}/revisions/1");
        var eventVersion = await _api.Editor.GetObject($"/v1/events/{newsEvent.Id()}/revisions/1");

        Assert.Equal([(stays, "Rustem Umjerow")], version["people"]!.AsArray().Select(p => (p!.Id(), p!.Text("name"))));
        Assert.Equal(stays, Assert.Single(eventVersion["participants"]!.AsArray())!["person"]!.Id());
    }

    [Fact]
    public async Task Somebody_with_a_working_version_is_not_merged_because_taking_it_back_would_publish_that()
    {
        var (old, stays) = await TwoAsync();
        await _api.Editor.PatchJson($"/v1/people/{old}", """{"description":"neu"}""").Answers();
        await _api.Editor.Send(HttpMethod.Post, $"/v1/people/{old}/revisions/1/restore", null).Answers();

        await _api.Editor.PostJson($"/v1/people/{old}/merge", $$"""{"into":"{{stays}}"}""").IsRefused(409, "workingVersion");

        Assert.Equal("neu", (await _api.Anonymous.GetObject($"/v1/people/{old}")).Text("description"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private async Task<(string Old, string Stays)> TwoAsync() =>
        ((await _api.Person("Rustem Umerov", ""","familyName":"Umerov" """)).Id(), (await _api.Person("Rustem Umjerow", ""","familyName":"Umjerow" """)).Id());

    private Task<JsonObject> MergeAsync(string id, string into) => _api.Editor.PostJson($"/v1/people/{id}/merge", $$"""{"into":"{{into}}"}""").Answers();

    private Task<JsonObject> UnmergeAsync(string id) => _api.Editor.Remove($"/v1/people/{id}/merge", null).Answers();

    /// <summary>All that readers and editors find, but for positions and the instants of rendering.</summary>
    private string Contents()
    {
        using var tables = StoredTables.Of(_api);
        var lines = new List<string>();
        foreach (var set in (string[])["public", "preview"])
        {
            Add($"SELECT type, id, slug, version, sort_key, content_hash, reference, filters, document FROM {set}_documents ORDER BY type, id");
            Add($"SELECT * FROM {set}_cards ORDER BY type, sort_key, id");
            Add($"SELECT * FROM {set}_filters ORDER BY type, filter, value, sort_key, id");
            Add($"SELECT * FROM {set}_entries ORDER BY number");
            Add($"SELECT * FROM {set}_slugs ORDER BY type, slug");
            lines.AddRange(tables.Tokens(set).OrderBy(t => t.Key).Select(t => $"{t.Key} {t.Value}"));
        }

        foreach (var table in (string[])["people", "article_people", "event_participants", "slugs", "revisions", "merged_people"]) Add($"SELECT * FROM {table} ORDER BY 1, 2, 3");
        return string.Join('\n', lines);

        void Add(string sql) => lines.AddRange(tables.Rows(sql, row => string.Join('|', Enumerable.Range(0, row.FieldCount).Select(i => row.GetValue(i) switch
        {
            byte[] bytes => System.Text.Encoding.UTF8.GetString(bytes),
            var value => Convert.ToString(value, CultureInfo.InvariantCulture),
        }))));
    }
}
