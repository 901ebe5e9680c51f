using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Access;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract.Owasp;

/// <summary>API6, unrestricted access to sensitive business flows: nothing becomes public, and nothing is done again, by a way round.</summary>
public sealed class FlowTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task Who_may_not_publish_gets_nothing_into_the_public_by_any_way_round()
    {
        var article = await _api.Article("Bericht");
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"headline":"Arbeitskopie"}""").Answers();
        var draft = await _api.Draft("Entwurf");
        var seen = await SeenAsync();
        var writer = await _api.Holder(Keys.AllBut("content:publish", "admin"));
        foreach (var (method, address, body) in ((string, string, string?)[])
        [
            ("PUT", $"/v1/articles/{draft.Id()}/publication", null), ("PUT", $"/v1/articles/{draft.Id()}/publication", """{"publishAt":"2020-01-01T00:00:00Z"}"""),
            ("PUT", $"/v1/articles/{article.Id()}/publication", """{"expiresAt":"2035-01-01T00:00:00Z"}"""), ("DELETE", $"/v1/articles/{article.Id()}/publication", null),
            ("POST", $"/v1/articles/{article.Id()}/corrections", """{"kind":"update","note":"a"}"""), ("POST", $"/v1/articles/{article.Id()}/retraction", """{"reason":"legal","note":"a"}"""),
            ("PATCH", $"/v1/articles/{article.Id()}", """{"headline":"a"}"""), ("PUT", $"/v1/articles/{article.Id()}?draft=false", """{"headline":"a"}"""),
            ("DELETE", $"/v1/articles/{article.Id()}", null), ("DELETE", $"/v1/articles/{article.Id()}?erase=true", null),
        ])
            await writer.Send(HttpMethod.Parse(method), address, body, ("If-Match", "*")).IsRefused(403, "scopeRequired");
        foreach (var (method, address, body) in ((string, string, string?)[])
        [
            ("POST", $"/v1/articles/{article.Id()}/revisions/1/restore", null), ("PATCH", $"/v1/articles/{article.Id()}?draft=true", """{"headline":"a"}"""),
            ("POST", "/v1/articles", """{"headline":"a","status":"published"}"""), ("PUT", $"/v1/articles/{draft.Id()}", """{"headline":"b","status":"published","publishedAt":"2020-01-01T00:00:00Z"}"""),
        ])
        {
            using var answer = await writer.Send(HttpMethod.Parse(method), address, body, ("If-Match", "*"));
            Assert.True(answer.IsSuccessStatusCode, $"{method} {address}: {(int)answer.StatusCode}");
        }

        Assert.Equal(seen, await SeenAsync());
    }

    [Fact]
    public async Task The_answer_kept_under_an_Idempotency_Key_is_for_whoever_sent_it()
    {
        const string body = """{"headline":"Geheim"}""";
        var one = await _api.Holder(["content:write"]);
        var mine = await one.Send(HttpMethod.Post, "/v1/articles", body, ("Idempotency-Key", "k")).Answers(HttpStatusCode.Created);

        var other = await _api.Holder(["content:write"]);
        var theirs = await other.Send(HttpMethod.Post, "/v1/articles", body, ("Idempotency-Key", "k")).Answers(HttpStatusCode.Created);
        var reader = await _api.Holder(["content:read"]);
        await reader.Send(HttpMethod.Post, "/v1/articles", body, ("Idempotency-Key", "k")).IsRefused(403, "scopeRequired");
        await _api.Anonymous.Send(HttpMethod.Post, "/v1/articles", body, ("Idempotency-Key", "k")).IsRefused(401);

        Assert.NotEqual(mine.Id(), theirs.Id());
        Assert.Equal(mine.Id(), (await one.Send(HttpMethod.Post, "/v1/articles", body, ("Idempotency-Key", "k")).Answers(HttpStatusCode.Created)).Id());
    }

    [Fact]
    public async Task An_answer_kept_is_gone_for_a_key_that_was_revoked()
    {
        var key = await _api.Key(["content:write"]);
        var client = _api.With(key.Text("key"));
        await client.Send(HttpMethod.Post, "/v1/articles", """{"headline":"Geheim"}""", ("Idempotency-Key", "k")).Answers(HttpStatusCode.Created);

        await _api.Editor.Remove($"/v1/keys/{key.Id()}").Succeeds();

        await client.Send(HttpMethod.Post, "/v1/articles", """{"headline":"Geheim"}""", ("Idempotency-Key", "k")).IsRefused(401);
    }

    [Fact]
    public async Task A_key_s_secret_is_not_kept_for_whoever_asks_again()
    {
        const string body = """{"name":"a","scopes":["content:read"]}""";
        var made = await _api.Editor.Send(HttpMethod.Post, "/v1/keys", body, ("Idempotency-Key", "k")).Answers(HttpStatusCode.Created);

        using var tables = Storage.StoredTables.Of(_api);
        Assert.DoesNotContain(made.Text("key"), tables.Everything(), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private async Task<string> SeenAsync()
    {
        var seen = new JsonArray();
        foreach (var address in (string[])["/v1/articles?view=full", "/v1/people", "/v1/events", "/v1/sections", "/v1/changes"]) seen.Add(await _api.Anonymous.GetObject(address));
        return seen.ToJsonString();
    }
}
