using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Audit;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Audit;

/// <summary>Who did what: one entry for each resource that a write has touched.</summary>
public sealed class AuditTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task The_life_of_an_article_is_on_record()
    {
        var draft = await _api.Draft("Geheimer Titel", ""","section":{"slug":"politik"}""");
        var address = $"/v1/articles/{draft.Id()}";
        await _api.Editor.PatchJson(address, """{"teaser":"in Arbeit"}""").Answers();
        await _api.Editor.Publish(draft.Id()).Answers();
        await _api.Editor.PatchJson(address, """{"teaser":"öffentlich"}""").Answers();
        await _api.Editor.PatchJson($"{address}?draft=true", """{"teaser":"Kopie"}""").Answers();
        await _api.Editor.Publish(draft.Id()).Answers();
        await _api.Editor.Send(HttpMethod.Post, $"{address}/revisions/1/restore", null).Answers();
        await _api.Editor.Remove($"{address}/publication", null).Answers();
        await _api.Editor.Remove(address).Succeeds();

        using var response = await _api.Editor.Get($"/v1/audit?id={draft.Id().ToUpperInvariant()}");
        var page = await response.Object(HttpStatusCode.OK);

        Assert.Equal("no-store", response.Header("Cache-Control"));
        Assert.Equal(
            ["deleted 5", "withdrawn 5", "restored 5", "published 4", "draftSaved 4", "updated 3", "published 2", "draftSaved 2", "created 1"],
            page["items"]!.AsArray().Select(e => $"{e!.Text("action")} {e!.Int("version")}"));
        Assert.All(page["items"]!.AsArray(), e => Assert.Equal(("development", "article"), (e!.Text("actor"), e!.Text("type"))));
        Assert.Equal("restored from version 1", page["items"]![2]!.Text("detail"));
        Assert.DoesNotContain("Titel", (await _api.Editor.GetObject("/v1/audit?limit=200")).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["published", "created"], (await _api.Editor.GetObject("/v1/audit?type=section&id=politik")).Each("action"));
    }

    [Fact]
    public async Task People_are_created_published_and_taken_back_with_their_visibility()
    {
        var person = await _api.Person("Steven Witkoff");
        foreach (var patch in (string[])["""{"visibility":"internal"}""", """{"visibility":"public"}""", """{"description":"Gesandter"}"""])
            await _api.Editor.PatchJson($"/v1/people/{person.Id()}", patch).Answers();

        Assert.Equal(["updated", "published", "withdrawn", "created"], (await _api.Editor.GetObject($"/v1/audit?id={person.Id()}")).Each("action"));
    }

    [Fact]
    public async Task What_changes_nothing_and_what_is_refused_leaves_no_entry()
    {
        var person = await _api.Person("Steven Witkoff");
        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", "{}").Answers();
        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"birthDate":"gestern"}""").IsRefused(422);
        await _api.Draft("Nennt sie", $$""","people":[{"id":"{{person.Id()}}"}]""");

        Assert.Single((await _api.Editor.GetObject($"/v1/audit?id={person.Id()}"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Filters_narrow_and_pages_go_on()
    {
        for (var i = 0; i < 5; i++) await _api.Person($"Person {i}");
        await _api.Draft("Artikel");

        Assert.Equal(["article"], (await _api.Editor.GetObject("/v1/audit?type=article&actor=development&action=created")).Each("type"));
        foreach (var nothing in (string[])["actor=niemand", "action=deleted", "from=2999-01-01", "to=2000-01-01", "type=event"])
            Assert.Empty((await _api.Editor.GetObject($"/v1/audit?{nothing}"))["items"]!.AsArray());
        var all = await _api.Editor.GetObject("/v1/audit?from=2000-01-01&to=2999-01-01");
        var paged = new List<JsonNode>();
        for (var cursor = ""; ;)
        {
            var page = await _api.Editor.GetObject($"/v1/audit?limit=2{cursor}");
            paged.AddRange(page["items"]!.AsArray().Select(e => e!));
            if (page["nextCursor"] is not { } next) break;

            cursor = $"&cursor={next.GetValue<string>()}";
        }

        Assert.Equal(all["items"]!.AsArray().Select(e => e!.ToJsonString()), paged.Select(e => e.ToJsonString()));
        Assert.Equal(6, paged.Count);
    }

    [Theory]
    [InlineData("actor=", "actor")]
    [InlineData("from=gestern", "from")]
    [InlineData("from=2026-02-01&to=2026-01-01", "to")]
    [InlineData("limit=201", "limit")]
    [InlineData("cursor=AAAA", "cursor")]
    [InlineData("acter=a", "acter")]
    [InlineData("timeZone=Nirgends", "timeZone")]
    public async Task What_cannot_be_meant_is_a_400(string query, string parameter) =>
        Assert.Equal([parameter], (await _api.Editor.Get($"/v1/audit?{query}").IsRefused(400, "invalidParameter")).Places());

    [Fact]
    public async Task What_is_done_to_keys_is_on_record_without_their_texts()
    {
        var key = await _api.Editor.PostJson("/v1/keys", """{"name":"Partner","scopes":["content:read"]}""").Answers(HttpStatusCode.Created);
        await _api.Editor.PatchJson($"/v1/keys/{key.Id()}", """{"scopes":["content:read","sync:read"]}""", null).Answers();
        var turned = await _api.Editor.PostJson($"/v1/keys/{key.Id()}/rotate", "{}").Answers();
        await _api.Editor.Remove($"/v1/keys/{key.Id()}", null).Succeeds();
        await _api.Editor.Remove($"/v1/keys/{key.Id()}", null).Succeeds();

        var entries = (await _api.Editor.GetObject($"/v1/audit?type=key&id={key.Id()}"))["items"]!.AsArray().Reverse().Select(e => e!).ToList();

        Assert.Equal(["created", "updated", "rotated", "revoked"], entries.Select(e => e.Text("action")));
        Assert.All(entries, e => Assert.Equal("development", e.Text("actor")));
        Assert.EndsWith(": content:read sync:read", entries[1].Text("detail"), StringComparison.Ordinal);
        Assert.All(entries, e => Assert.DoesNotContain(e.Text("detail"), (string[])[key.Text("key"), turned.Text("key")]));
        Assert.DoesNotContain(key.Text("key")[^20..], string.Join(' ', entries.Select(e => e.ToJsonString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_is_for_admins() => await _api.Anonymous.Get("/v1/audit").IsRefused(401);

    [Fact]
    public async Task Every_page_walks_an_index()
    {
        using (var connection = TestDatabase.Open(_api.Folder))
        using (var command = connection.CreateCommand())
        {
            var numbers = TestDatabase.IsPostgres
                ? "SELECT generate_series(1, 20000) AS i"
                : "WITH RECURSIVE series(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < 20000) SELECT i FROM series";
            command.CommandText = $"""
                INSERT INTO audit (at, actor, action, type, resource_id, version)
                SELECT i, 'key-' || CAST(i % 5 AS text), 'action-' || CAST(i % 12 AS text), 'type-' || CAST(i % 3 AS text), 'id-' || CAST(i % 3000 AS text), 1
                FROM ({numbers}) AS numbers
                """;
            command.ExecuteNonQuery();
            command.CommandText = "ANALYZE";
            command.ExecuteNonQuery();
        }

        var plans = new QueryPlans(_api.Folder, articles: 100);
        foreach (var after in ((long, long)?[])[null, (10_000, 10_000)])
        {
            foreach (var query in (AuditQuery[])
            [
                new(), new() { Id = "id-1" }, new() { Actor = "key-1" }, new() { Action = "action-1" }, new() { Type = "type-1" }, new() { From = "1970-01-01" },
                new() { Id = "id-1", Actor = "key-1", Action = "action-1", Type = "type-1", From = "1970-01-01", To = "2026-01-01" }, new() { Actor = "key-1", Action = "action-1" },
            ])
            {
                var (sql, parameters) = AuditSql.Write(query, after, 21);
                foreach (var plan in await plans.ExplainAsync(sql, parameters))
                {
                    // Without a filter SQLite walks an index from its end on, which it calls a scan; it has no word for a sort either.
                    Assert.True(plan.Steps.All(s => s.IsThroughAnIndex || s.Condition.Contains("USING INDEX", StringComparison.Ordinal)), plan.Text);
                    Assert.DoesNotContain("TEMP B-TREE", plan.Text, StringComparison.Ordinal);
                    if (query.Id is null) Assert.Empty(plan.Sorted);
                }
            }
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
