using System.Net;
using System.Text;
using NewsApi.Publishing;
using NewsApi.Tests.Access;
using NewsApi.Tests.Changes;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Publishing;

/// <summary>What the law takes away is nowhere any more.</summary>
public sealed class EraseTests : IAsyncDisposable
{
    private const string Canary = "Kanarienvogel";

    private readonly Api _api = new();

    [Fact]
    public async Task A_person_is_erased_from_every_table_and_every_version()
    {
        var kept = await _api.Person("Steven Witkoff");
        var person = await _api.Person($"{Canary} Eins", $$"""
            ,"familyName":"{{Canary}}","names":[{"value":"{{Canary}}a"}],"description":"{{Canary}}","externalIds":[{"source":"wikidata","value":"{{Canary}}"}],"offices":[{"title":"{{Canary}}-Amt"}]
            """);
        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", $$"""{"name":"{{Canary}} Zwei","slug":"kanarienvogel-zwei"}""").Answers();
        var both = $$""" "people":[{"id":"{{person.Id()}}","office":"{{Canary}}-Rat"},{"id":"{{kept.Id()}}"}] """;
        var newsEvent = await _api.Event("Treffen", more: $$""","participants":[{"person":{"id":"{{person.Id()}}" },"role":"{{Canary}}" },{"person":{"id":"{{kept.Id()}}"} }]""");
        var article = await _api.Article("Öffentlich", $",{both}");
        var working = await _api.Article("Mit Kopie", $",{both}");
        await _api.Editor.PatchJson($"/v1/articles/{working.Id()}?draft=true", """{"headline":"Kopie"}""").Answers();
        var former = await _api.Draft("Nennt sie nicht mehr", $",{both}");
        await _api.Editor.PatchJson($"/v1/articles/{former.Id()}", """{"people":[]}""").Answers();
        var deleted = await _api.Draft("Gelöscht", $",{both}");
        await _api.Editor.Remove($"/v1/articles/{deleted.Id()}").Succeeds();
        await _api.Anonymous.GetObject("/v1/changes");
        Assert.True(((string[])["people", "revisions", "slugs", "external_ids", "changes", TestDatabase.IsPostgres ? "public_search" : "public_search_data"]).All(Places(Canary).Contains));

        await _api.Editor.Remove($"/v1/people/{person.Id()}?erase=true", "\"2-0-full\"").Succeeds();

        Assert.Empty(Places(Canary));
        foreach (var linked in (string[])[article.Id(), working.Id()])
        {
            Assert.Equal(["Steven Witkoff"], (await _api.Anonymous.GetObject($"/v1/articles/{linked}"))["people"]!.AsArray().Select(p => p!.Text("name")));
            Assert.Equal(["Steven Witkoff"], (await _api.Preview("articles", linked))["people"]!.AsArray().Select(p => p!.Text("name")));
        }

        Assert.Equal(["Steven Witkoff"], (await _api.Anonymous.GetObject($"/v1/events/{newsEvent.Id()}"))["participants"]!.AsArray().Select(p => p!.Text("name")));
        Assert.Equal(["Steven Witkoff"], (await _api.Editor.GetObject($"/v1/articles/{former.Id()}/revisions/1"))["people"]!.AsArray().Select(p => p!.Text("name")));
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf($"/v1/people/{person.Id()}"));
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf("/v1/people/by-slug/kanarienvogel-eins"));
        Assert.Empty((await _api.Anonymous.GetObject($"/v1/search?q={Canary}"))["items"]!.AsArray());

        // Nothing was written anew: the versions are those there were, and saying the same again makes none.
        Assert.Equal(1, (await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", "{}").Answers()).Int("version"));
        Assert.Equal(1, (await _api.Editor.PatchJson($"/v1/events/{newsEvent.Id()}", "{}").Answers()).Int("version"));
    }

    [Fact]
    public async Task The_feed_tells_it_by_the_id_alone_and_forgets_what_it_told_before()
    {
        var person = await _api.Person(Canary, ""","externalIds":[{"source":"wikidata","value":"Q1"}]""");
        var article = await _api.Article("Öffentlich", $$""","people":[{"id":"{{person.Id()}}"}]""");
        await _api.Anonymous.GetObject("/v1/changes");

        await _api.Editor.Remove($"/v1/people/{person.Id()}?erase=true").Succeeds();

        var entries = (await _api.Anonymous.GetObject("/v1/changes"))["items"]!.AsArray().Select(e => e!).ToList();
        Assert.Equal(
            ["upsert published", "upsert published", "remove erased", "upsert referenceChanged"],
            entries.Select(e => $"{e.Text("operation")} {e.Text("reason")}"));
        foreach (var entry in entries.Where(e => e.Id() == person.Id()))
        {
            Assert.Equal(person.Id(), entry.Text("slug"));
            Assert.Empty(entry["externalIds"]!.AsArray());
        }

        Assert.Equal((article.Id(), 1), (entries[^1].Id(), entries[^1].Int("version")));
    }

    [Fact]
    public async Task Of_what_was_taken_from_the_public_before_partners_hear_that_it_is_erased()
    {
        var withdrawn = await _api.Article($"{Canary} eins");
        await _api.Editor.Remove($"/v1/articles/{withdrawn.Id()}/publication", null).Answers();
        var deleted = await _api.Article($"{Canary} zwei");
        await _api.Editor.Remove($"/v1/articles/{deleted.Id()}").Succeeds();
        var (merged, survivor) = ((await _api.Person(Canary)).Id(), (await _api.Person("Steven Witkoff")).Id());
        await _api.Editor.PostJson($"/v1/people/{merged}/merge", $$"""{"into":"{{survivor}}"}""").Answers();
        var draft = await _api.Draft($"{Canary} drei");

        foreach (var address in (string[])[$"articles/{withdrawn.Id()}", $"articles/{deleted.Id()}", $"people/{merged}", $"articles/{draft.Id()}"])
            await _api.Editor.Remove($"/v1/{address}?erase=true").Succeeds();
        await _api.Editor.Remove($"/v1/articles/{deleted.Id()}?erase=true").Succeeds();

        Assert.Empty(Places(Canary));
        var told = (await _api.Anonymous.GetObject("/v1/changes"))["items"]!.AsArray().Where(e => e!.Text("reason") == "erased").ToList();
        Assert.Equal([withdrawn.Id(), deleted.Id(), merged], told.Select(e => e!.Id()));
        Assert.All(told, e => Assert.Equal(("remove", 1, e!.Id()), (e!.Text("operation"), e!.Int("version"), e!.Text("slug"))));
    }

    [Fact]
    public async Task Nothing_of_it_is_left_in_the_files()
    {
        Assert.SkipWhen(TestDatabase.IsPostgres, "PostgreSQL keeps its files itself");
        var article = await _api.Article($"{Canary} im Park", $$""","body":[{"type":"paragraph","text":"Ein {{Canary}}."}]""");
        foreach (var teaser in (string[])["eins", "zwei", "drei"]) await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", $$"""{"teaser":"{{teaser}} {{Canary}}"}""").Answers();
        Assert.NotEqual(0, Bytes());

        await _api.Editor.Remove($"/v1/articles/{article.Id()}?erase=true").Succeeds();

        await Sending.Eventually(() => Task.FromResult(Bytes() == 0), "the text is in no file");

        int Bytes() => Directory.GetFiles(_api.Folder).Sum(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return Encoding.Latin1.GetString(bytes.ToArray()).Split(Canary).Length - 1 + Encoding.Latin1.GetString(bytes.ToArray()).Split("kanarienvog").Length - 1;
        });
    }

    [Fact]
    public async Task An_imported_article_is_erased_with_the_page_it_came_from()
    {
        var page = $"Home > Politik\n\n{Canary} im Park gesehen\n\n01. Januar 2026\n\nEin {Canary} wurde im Park gesehen. Mehr ist nicht bekannt, sagten Zeugen.\n\nEr flog nach dem Mittag davon und blieb verschwunden.\n";
        using var content = new StringContent(page, Encoding.UTF8, "text/plain");
        var report = await _api.Editor.PostAsync("/v1/imports", content, TestContext.Current.CancellationToken).Answers();
        var id = report["items"]![0]!.Id();
        Assert.Contains("imports", Places(Canary));
        await _api.Editor.Publish(id).Answers();
        await _api.Editor.PatchJson($"/v1/articles/{id}?draft=true&note={Canary}", """{"teaser":"anders"}""").Answers();

        await _api.Editor.Remove($"/v1/articles/{id}?erase=true").Succeeds();

        Assert.Empty(Places(Canary));
        Assert.Equal(HttpStatusCode.NotFound, await _api.Editor.StatusOf($"/v1/articles/{id}?perspective=preview"));
    }

    [Fact]
    public async Task An_event_is_erased_from_articles_and_from_its_parts()
    {
        var whole = await _api.Event($"{Canary}-Gipfel");
        var part = await _api.Event("Abendessen", more: $$""","partOf":{"id":"{{whole.Id()}}"}""");
        var article = await _api.Article("Öffentlich", $$""","events":[{"id":"{{whole.Id()}}"},{"id":"{{part.Id()}}"}]""");

        await _api.Editor.Remove($"/v1/events/{whole.Id()}?erase=true").Succeeds();

        Assert.Empty(Places(Canary));
        Assert.Null((await _api.Anonymous.GetObject($"/v1/events/{part.Id()}"))["partOf"]);
        Assert.Equal([part.Id()], (await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}"))["events"]!.AsArray().Select(e => e!.Id()));
    }

    [Fact]
    public async Task Somebody_for_the_newsroom_alone_is_erased_without_a_word_to_the_public()
    {
        var hidden = await _api.Person(Canary, ""","visibility":"internal" """);
        var article = await _api.Article("Öffentlich", $$""","people":[{"id":"{{hidden.Id()}}"}]""");
        var shown = await _api.Anonymous.GetObject("/v1/changes");
        using (var tables = StoredTables.Of(_api)) Assert.NotEqual(0, Links(tables, hidden.Id()));

        await _api.Editor.Remove($"/v1/people/{hidden.Id()}?erase=true").Succeeds();

        Assert.Empty(Places(Canary));
        Sending.Same(shown, await _api.Anonymous.GetObject("/v1/changes"));
        Assert.Empty((await _api.Preview("articles", article.Id()))["people"]!.AsArray());
        using (var tables = StoredTables.Of(_api)) Assert.Equal(0, Links(tables, hidden.Id()));

        static long Links(StoredTables tables, string id) =>
            tables.Number($"SELECT (SELECT count(*) FROM public_filters WHERE value = '{id}') + (SELECT count(*) FROM preview_filters WHERE value = '{id}')");
    }

    [Fact]
    public async Task What_was_deleted_before_can_be_erased_still()
    {
        var person = await _api.Person(Canary);
        await _api.Editor.Remove($"/v1/people/{person.Id()}").Succeeds();
        Assert.Contains("revisions", Places(Canary));

        await _api.Editor.Remove($"/v1/people/{person.Id()}?erase=true").Succeeds();

        Assert.Empty(Places(Canary));
        var audit = await _api.Editor.GetObject($"/v1/audit?id={person.Id()}");
        Assert.Equal(["erased", "deleted", "created"], audit.Each("action"));
        Assert.All(audit["items"]!.AsArray(), e => Assert.Null(e!["detail"]));
    }

    [Fact]
    public async Task Somebody_merged_is_erased_and_leads_to_nobody_any_more()
    {
        var survivor = await _api.Person("Steven Witkoff");
        var merged = await _api.Person(Canary, $$""","names":[{"value":"{{Canary}}a"}]""");
        var article = await _api.Article("Öffentlich", $$""","people":[{"id":"{{merged.Id()}}"}]""");
        await _api.Editor.PostJson($"/v1/people/{merged.Id()}/merge", $$"""{"into":"{{survivor.Id()}}"}""").Answers();
        Assert.Single((await _api.Anonymous.GetObject($"/v1/people?q={Canary}"))["items"]!.AsArray());

        await _api.Editor.Remove($"/v1/people/{merged.Id()}?erase=true").Succeeds();

        Assert.Empty(Places(Canary));
        Assert.Empty((await _api.Anonymous.GetObject($"/v1/people?q={Canary}"))["items"]!.AsArray());
        Assert.Empty((await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}"))["people"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf($"/v1/people/{merged.Id()}"));
    }

    [Fact]
    public async Task Answers_kept_for_an_idempotency_key_are_erased_too()
    {
        var person = await _api.Editor.Send(HttpMethod.Post, "/v1/people", $$"""{"name":"{{Canary}}"}""", ("Idempotency-Key", "p")).Answers(HttpStatusCode.Created);
        var body = $$"""{"headline":"Öffentlich","people":[{"id":"{{person.Id()}}","office":"{{Canary}}"}]}""";
        var article = await _api.Editor.Send(HttpMethod.Post, "/v1/articles", body, ("Idempotency-Key", "a")).Answers(HttpStatusCode.Created);
        await _api.Editor.Publish(article.Id()).Answers();
        await _api.Editor.Send(HttpMethod.Post, $"/v1/articles/{article.Id()}/corrections", """{"kind":"update","note":"Ein Satz kam dazu."}""", ("Idempotency-Key", "c")).Answers(HttpStatusCode.Created);
        Assert.Contains("kept_answers", Places(Canary));

        await _api.Editor.Remove($"/v1/people/{person.Id()}?erase=true").Succeeds();

        Assert.Empty(Places(Canary));
        Assert.Equal(article.Id(), (await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}")).Id());
    }

    [Fact]
    public async Task A_retracted_article_is_erased_with_its_notice_and_what_reported_on_it()
    {
        var newsEvent = await _api.Event("Gipfel");
        var article = await _api.Article(Canary, $$""","events":[{"id":"{{newsEvent.Id()}}"}]""");
        await _api.Editor.PostJson($"/v1/events/{newsEvent.Id()}/status", $$"""{"certainty":"confirmed","articleId":"{{article.Id()}}"}""").Answers();
        await _api.Editor.PostJson($"/v1/articles/{article.Id()}/retraction", $$"""{"reason":"legal","note":"{{Canary}}"}""").Answers();

        await _api.Editor.Remove($"/v1/articles/{article.Id()}?erase=true").Succeeds();

        Assert.Empty(Places(Canary));
        Assert.All((await _api.Anonymous.GetObject($"/v1/events/{newsEvent.Id()}/history"))["items"]!.AsArray(), rung => Assert.Null(rung!["article"]));
    }

    [Fact]
    public async Task The_id_comes_back_with_a_higher_version_only()
    {
        var person = await _api.Person(Canary);
        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"description":"a"}""").Answers();
        await _api.Editor.Remove($"/v1/people/{person.Id()}?erase=true").Succeeds();

        var again = await _api.Editor.PutJson($"/v1/people/{person.Id()}", """{"name":"Jemand anders"}""").Answers(HttpStatusCode.Created);

        Assert.Equal(3, again.Int("version"));
        Assert.Equal([3], (await _api.Editor.GetObject($"/v1/people/{person.Id()}/revisions"))["items"]!.AsArray().Select(r => r!.Int("version")));
    }

    [Fact]
    public async Task Without_the_word_what_is_linked_stays_and_the_precondition_holds()
    {
        var person = await _api.Person(Canary);
        await _api.Article("Öffentlich", $$""","people":[{"id":"{{person.Id()}}"}]""");

        await _api.Editor.Remove($"/v1/people/{person.Id()}").IsRefused(409, "inUse");
        await _api.Editor.Remove($"/v1/people/{person.Id()}?erase=false").IsRefused(409, "inUse");
        await _api.Editor.Remove($"/v1/people/{person.Id()}?erase=true", null).IsRefused(428);
        await _api.Editor.Remove($"/v1/people/{person.Id()}?erase=true", "\"7-0-full\"").IsRefused(412);
        await _api.Editor.Remove($"/v1/people/{person.Id()}?erase=ja").IsRefused(400);
        await _api.Editor.Remove($"/v1/people/{Guid.NewGuid()}?erase=true").IsRefused(404);

        Assert.Equal(Canary, (await _api.Anonymous.GetObject($"/v1/people/{person.Id()}")).Text("name"));
    }

    [Fact]
    public async Task Whoever_had_it_under_a_licence_and_lost_it_is_still_told_so_when_it_is_erased()
    {
        using var partner = await _api.Holder(["content:read", "sync:read"], ""","licence":{"sections":["politik"]}""");
        var article = await _api.Article("Zieht um", ""","section":{"slug":"politik"}""");
        var follower = await new Follower(partner).CatchUpAsync();
        Assert.Single(follower.Copy);
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"section":{"slug":"sport"}}""").Answers();
        await _api.Editor.Remove($"/v1/articles/{article.Id()}?erase=true", "*").Succeeds();

        await follower.CatchUpAsync();

        Assert.Empty(follower.Copy);
        Assert.Equal(article.Id(), follower.Entries[^1].Text("slug"));
    }


    public ValueTask DisposeAsync() => _api.DisposeAsync();

    /// <summary>The tables with the word in any column, in any spelling: as text, as bytes, packed as revisions are, or as a word of an index.</summary>
    private List<string> Places(string word)
    {
        using var tables = StoredTables.Of(_api);
        var names = TestDatabase.IsPostgres ? tables.Tables() : tables.Rows("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'", r => r.GetString(0));
        return
        [
            .. names.Where(name => tables.Rows($"SELECT * FROM \"{name}\"", r => Enumerable.Range(0, r.FieldCount).Any(i => Holds(name, r.GetName(i), r.GetValue(i), word))).Contains(true)),
        ];
    }

    private static bool Holds(string table, string column, object value, string word)
    {
        var text = value switch
        {
            byte[] content when (table, column) is ("revisions", "content") or ("kept_answers", "body") => Encoding.UTF8.GetString(Revisions.Unpack(content)),
            byte[] bytes => Encoding.UTF8.GetString(bytes),
            _ => value.ToString()!,
        };
        return text.Contains(word, StringComparison.OrdinalIgnoreCase) || text.Contains("kanarie", StringComparison.OrdinalIgnoreCase);
    }
}
