using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using NewsApi.Publishing;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Publishing;

/// <summary>Every version stays readable, and can be had back.</summary>
public sealed class RevisionTests : IAsyncDisposable
{
    private const string Nobody = "0190aaaa-0000-7000-8000-000000000001";

    private readonly Api _api = new();

    public static TheoryData<string, string, string> Types => new()
    {
        { "articles", "headline", """{"headline":"Erste Fassung"}""" },
        { "people", "name", """{"name":"Erste Fassung"}""" },
        { "events", "title", """{"title":"Erste Fassung","start":{"value":"2026-01-06"}}""" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public async Task The_versions_are_listed_newest_first_with_who_and_why(string type, string member, string first)
    {
        var id = (await _api.Editor.PostJson($"/v1/{type}?note=Von%20der%20Agentur", first).Answers(HttpStatusCode.Created)).Id();
        await _api.Editor.PatchJson($"/v1/{type}/{id}", $$"""{"{{member}}":"Zweite Fassung"}""").Answers();
        await _api.Editor.PutJson($"/v1/{type}/{id}?note=%20Name%20richtig%20", first.Replace("Erste", "Dritte", StringComparison.Ordinal), "*").Answers();
        if (type == "articles") await _api.Editor.Publish(id).Answers();

        using var response = await _api.Editor.Get($"/v1/{type}/{id}/revisions");
        var page = await response.Object(HttpStatusCode.OK);

        Assert.Equal("no-store", response.Header("Cache-Control"));
        Assert.Equal([3, 2, 1], page["items"]!.AsArray().Select(r => r!.Int("version")));
        Assert.Equal(["Name richtig", null, "Von der Agentur"], page["items"]!.AsArray().Select(r => r!["note"]?.GetValue<string>()));
        Assert.All(page["items"]!.AsArray(), r => Assert.Equal("development", r!.Text("savedBy")));
        Assert.Equal([(true, true), (false, false), (false, false)], page["items"]!.AsArray().Select(r => (r!["isPublic"]!.GetValue<bool>(), r["isNewest"]!.GetValue<bool>())));
        Assert.Null(page["nextCursor"]);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_version_is_shown_as_it_was(string type, string member, string first)
    {
        var made = await _api.Editor.PostJson($"/v1/{type}", first).Answers(HttpStatusCode.Created);
        await _api.Editor.PatchJson($"/v1/{type}/{made.Id()}", $$"""{"{{member}}":"Zweite Fassung"}""").Answers();

        using var response = await _api.Editor.Get($"/v1/{type}/{made.Id()}/revisions/1");

        Sending.Same(made, await response.Object(HttpStatusCode.OK));
        Assert.Equal("no-store", response.Header("Cache-Control"));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Restoring_makes_a_working_version_and_leaves_the_public_one(string type, string member, string first)
    {
        var made = await _api.Editor.PostJson($"/v1/{type}", first).Answers(HttpStatusCode.Created);
        var address = $"/v1/{type}/{made.Id()}";
        if (type == "articles") await _api.Editor.Publish(made.Id()).Answers();
        await _api.Editor.PatchJson(address, $$"""{"{{member}}":"Zweite Fassung"}""").Answers();
        var shown = await _api.Anonymous.GetObject(address);
        var tag = await _api.Anonymous.TagOf(address);

        using var restored = await _api.Editor.Send(HttpMethod.Post, $"{address}/revisions/1/restore", null);

        var working = await restored.Object(HttpStatusCode.OK);
        Assert.Equal($"{address}?perspective=preview", restored.Content.Headers.ContentLocation?.ToString());
        Assert.Equal(("Erste Fassung", 3), (working.Text(member), working.Int("version")));
        Sending.Same(working, await _api.Preview(type, made.Id()));
        Sending.Same(shown, await _api.Anonymous.GetObject(address));
        Assert.Equal(tag, await _api.Anonymous.TagOf(address));
        var newest = (await _api.Editor.GetObject($"{address}/revisions?limit=1"))["items"]![0]!;
        Assert.Equal((3, "restored from version 1", false), (newest.Int("version"), newest.Text("note"), newest["isPublic"]!.GetValue<bool>()));

        // Any write that is no draft publishes it.
        await _api.Editor.PatchJson(address, "{}").Answers();
        Assert.Equal("Erste Fassung", (await _api.Anonymous.GetObject(address)).Text(member));
    }

    [Theory]
    [InlineData("people", """{"name":"Quelle"}""")]
    [InlineData("events", """{"title":"Hintergrundgespräch","start":{"value":"2026"}}""")]
    public async Task Who_may_see_it_is_not_restored(string type, string body)
    {
        var made = await _api.Editor.PostJson($"/v1/{type}", body).Answers(HttpStatusCode.Created);
        var address = $"/v1/{type}/{made.Id()}";
        await _api.Editor.PatchJson(address, """{"visibility":"internal"}""").Answers();

        var restored = await _api.Editor.Send(HttpMethod.Post, $"{address}/revisions/1/restore", null).Answers();
        await _api.Editor.PatchJson(address, """{"description":"Bleibt im Haus."}""").Answers();

        Assert.Equal("internal", restored.Text("visibility"));
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf(address));
    }

    [Fact]
    public async Task If_Match_of_a_restore_is_honoured_where_it_is_sent()
    {
        var draft = await _api.Draft("Eins");
        var address = $"/v1/articles/{draft.Id()}";
        var stale = await _api.Editor.TagOf($"{address}?perspective=preview");
        await _api.Editor.PatchJson(address, """{"headline":"Zwei"}""").Answers();

        var problem = await _api.Editor.Send(HttpMethod.Post, $"{address}/revisions/1/restore", null, ("If-Match", stale)).IsRefused(412, "versionMismatch");

        Assert.Equal(2, problem.Int("currentVersion"));
        Assert.Equal("Zwei", (await _api.Preview("articles", draft.Id())).Text("headline"));
    }

    [Fact]
    public async Task A_version_with_links_and_a_slug_that_lead_elsewhere_by_now_can_be_restored()
    {
        var person = await _api.Person("Steven Witkoff");
        var gone = await _api.Person("Kurz dabei");
        var draft = await _api.Draft("Telefonat", $$""","slug":"telefonat","people":[{"id":"{{gone.Id()}}"},{"id":"{{person.Id()}}"}]""");
        await _api.Editor.PatchJson($"/v1/articles/{draft.Id()}", """{"slug":"telefonat-mit-kiew","people":[]}""").Answers();
        await _api.Editor.Remove($"/v1/people/{gone.Id()}").Succeeds();
        await _api.Draft("Ein anderes Telefonat", ""","slug":"telefonat" """);

        var restored = await _api.Editor.Send(HttpMethod.Post, $"/v1/articles/{draft.Id()}/revisions/1/restore", null).Answers();

        Assert.Equal("telefonat-mit-kiew", restored.Text("slug"));
        Assert.Equal([person.Id()], restored["people"]!.AsArray().Select(p => p!.Id()));
    }

    [Fact]
    public async Task An_external_id_that_somebody_else_has_by_now_is_a_conflict()
    {
        var person = await _api.Person("Eins", ""","externalIds":[{"source":"wikidata","value":"Q1"}]""");
        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"externalIds":[]}""").Answers();
        var other = await _api.Person("Zwei", ""","externalIds":[{"source":"wikidata","value":"Q1"}]""");

        var problem = await _api.Editor.Send(HttpMethod.Post, $"/v1/people/{person.Id()}/revisions/1/restore", null).IsRefused(409, "externalIdExists");

        Assert.Equal(other.Id(), problem.Text("existingId"));
    }

    [Fact]
    public async Task References_are_shown_as_the_newsroom_sees_them_now()
    {
        var person = await _api.Person("Steven Witkoff");
        var hidden = await _api.Person("Geheim", ""","visibility":"internal" """);
        var draft = await _api.Draft("Telefonat", $$""","people":[{"id":"{{person.Id()}}"},{"id":"{{hidden.Id()}}"}],"section":{"slug":"politik"}""");
        await _api.Editor.PatchJson($"/v1/articles/{draft.Id()}", """{"people":[]}""").Answers();
        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"name":"Steve Witkoff"}""").Answers();

        var version = await _api.Editor.GetObject($"/v1/articles/{draft.Id()}/revisions/1");

        Assert.Equal(["Steve Witkoff", "Geheim"], version["people"]!.AsArray().Select(p => p!.Text("name")));
        Assert.Equal("politik", version["section"]!.Text("slug"));
    }

    [Fact]
    public async Task The_list_goes_on_where_a_page_ends()
    {
        var draft = await _api.Draft("0");
        for (var i = 1; i < 5; i++) await _api.Editor.PatchJson($"/v1/articles/{draft.Id()}", $$"""{"headline":"{{i}}"}""").Answers();
        var address = $"/v1/articles/{draft.Id()}/revisions?limit=2";
        var seen = new List<int>();
        for (var cursor = ""; ;)
        {
            var page = await _api.Editor.GetObject(address + cursor);
            seen.AddRange(page["items"]!.AsArray().Select(r => r!.Int("version")));
            if (page["nextCursor"] is not { } next) break;

            cursor = $"&cursor={next.GetValue<string>()}";
        }

        Assert.Equal([5, 4, 3, 2, 1], seen);
    }

    [Fact]
    public async Task What_is_not_there_is_a_404_and_what_cannot_be_a_400()
    {
        var draft = await _api.Draft("Eins");
        var address = $"/v1/articles/{draft.Id()}/revisions";
        foreach (var missing in (string[])[$"{address}/2", $"/v1/articles/{Nobody}/revisions", $"/v1/articles/{Nobody}/revisions/1", $"/v1/people/{draft.Id()}/revisions"])
            await _api.Editor.Get(missing).IsRefused(404, "notFound");
        await _api.Editor.Send(HttpMethod.Post, $"{address}/2/restore", null).IsRefused(404, "notFound");
        await _api.Editor.Send(HttpMethod.Post, $"/v1/articles/{Nobody}/revisions/1/restore", null).IsRefused(404, "notFound");
        foreach (var (wrong, parameter) in ((string, string)[])
            [($"{address}/0", "version"), ($"{address}/eins", "version"), ($"{address}/99999999999", "version"), ($"{address}?limit=0", "limit"), ($"{address}?cursor=AAAA", "cursor")])
            Assert.Equal([parameter], (await _api.Editor.Get(wrong).IsRefused(400, "invalidParameter")).Places());
    }

    [Fact]
    public async Task What_was_deleted_has_no_versions_until_it_comes_back()
    {
        var draft = await _api.Draft("Eins");
        var address = $"/v1/articles/{draft.Id()}";
        await _api.Editor.Remove(address).Succeeds();
        await _api.Editor.Get($"{address}/revisions").IsRefused(404, "notFound");
        await _api.Editor.Get($"{address}/revisions/1").IsRefused(404, "notFound");

        await _api.Editor.PutJson(address, """{"headline":"Zwei"}""").Answers(HttpStatusCode.Created);

        Assert.Equal([2, 1], (await _api.Editor.GetObject($"{address}/revisions"))["items"]!.AsArray().Select(r => r!.Int("version")));
        Assert.Equal("Eins", (await _api.Editor.GetObject($"{address}/revisions/1")).Text("headline"));
    }

    [Theory]
    [InlineData("a%0Ab")]
    [InlineData("a%00")]
    [InlineData("long")]
    public async Task A_note_is_one_short_line(string note)
    {
        if (note == "long") note = new string('a', 501);

        var problem = await _api.Editor.PostJson($"/v1/articles?note={note}", """{"headline":"Eins"}""").IsRefused(400, "invalidParameter");

        Assert.Equal(["note"], problem.Places());
    }

    [Fact]
    public async Task The_public_hears_nothing_of_versions()
    {
        var article = await _api.Article("Öffentlich");
        foreach (var address in (string[])["/revisions", "/revisions/1"]) await _api.Anonymous.Get($"/v1/articles/{article.Id()}{address}").IsRefused(401);
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}?note=Geheim", """{"headline":"Neu"}""").Answers();

        foreach (var address in (string[])[$"/v1/articles/{article.Id()}", "/v1/changes", "/v1/articles"])
            Assert.DoesNotContain("Geheim", (await _api.Anonymous.GetObject(address)).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_in_an_older_schema_is_read_compared_and_restored()
    {
        var person = await _api.Person("Steven Witkoff");
        var whole = await _api.Event("Gipfel");
        var part = await _api.Event("Abendessen", more: $$""","participants":[{"person":{"id":"{{person.Id()}}"},"role":"Gast"},{"name":"Ohne Eintrag"}],"partOf":{"id":"{{whole.Id()}}"}""");
        var article = await _api.Article("Vor dem Essen", $$""","events":[{"id":"{{part.Id()}}"},{"id":"{{whole.Id()}}"}]""");
        Plant(part.Id(), 1, $$"""
            {"slug":"abendessen","title":"Abendessen & „mehr“","start":{"value":"2026-01-06","timeZone":"Europe/Rome"},"certainty":"planned","participants":[{"person":{"id":"{{person.Id()}}"},"mode":"attends","role":"Gast"},{"name":"Ohne Eintrag","mode":"attends"}],"partOf":{"id":"{{whole.Id()}}"},"externalIds":[],"visibility":"public"}
            """.Trim(), 1);
        Plant(article.Id(), 1, Form(article.Id(), 1).Replace($$"""["{{part.Id()}}","{{whole.Id()}}"]""", $$"""[{"id":"{{part.Id()}}"},{"id":"{{whole.Id()}}"}]""", StringComparison.Ordinal), 1);

        // What is written again as it was is no new version.
        Assert.Equal(1, (await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", "{}").Answers()).Int("version"));
        await _api.Editor.PatchJson($"/v1/events/{part.Id()}", """{"title":"Essen","participants":[],"partOf":null}""").Answers();
        Assert.Equal(["Essen", "Gipfel"], (await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}"))["events"]!.AsArray().Select(e => e!.Text("title")));

        var read = await _api.Editor.GetObject($"/v1/events/{part.Id()}/revisions/1");
        var restored = await _api.Editor.Send(HttpMethod.Post, $"/v1/events/{part.Id()}/revisions/1/restore", null).Answers();

        foreach (var shown in (JsonObject[])[read, restored])
        {
            Assert.Equal("Abendessen & „mehr“", shown.Text("title"));
            Assert.Equal(["Steven Witkoff", "Ohne Eintrag"], shown["participants"]!.AsArray().Select(p => p!.Text("name")));
            Assert.Equal(whole.Id(), shown["partOf"]!.Id());
        }
    }

    [Fact]
    public async Task A_version_in_a_newer_schema_is_for_a_newer_program()
    {
        var draft = await _api.Draft("Eins");
        Plant(draft.Id(), 1, """{"überschrift":"Eins"}""", Revision.CurrentSchema + 1);

        await _api.Editor.Get($"/v1/articles/{draft.Id()}/revisions/1").IsRefused(503, "unavailable");
        await _api.Editor.Send(HttpMethod.Post, $"/v1/articles/{draft.Id()}/revisions/1/restore", null).IsRefused(503, "unavailable");
        await _api.Editor.PatchJson($"/v1/articles/{draft.Id()}", """{"headline":"Zwei"}""").IsRefused(503, "unavailable");
        Assert.Single((await _api.Editor.GetObject($"/v1/articles/{draft.Id()}/revisions"))["items"]!.AsArray());
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private string Form(string id, int version)
    {
        using var tables = StoredTables.Of(_api);
        var sql = string.Create(CultureInfo.InvariantCulture, $"SELECT content FROM revisions WHERE resource_id = '{id}' AND version = {version}");
        return Encoding.UTF8.GetString(Revisions.Unpack(tables.Rows(sql, r => (byte[])r.GetValue(0)).Single()));
    }

    private void Plant(string id, int version, string form, int schema)
    {
        using var connection = TestDatabase.Open(_api.Folder);
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"UPDATE revisions SET content = @content, schema = {schema} WHERE resource_id = '{id}' AND version = {version}");
        var content = command.CreateParameter();
        (content.ParameterName, content.Value) = ("content", Revisions.Pack(Encoding.UTF8.GetBytes(form)));
        command.Parameters.Add(content);
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}
