using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using NewsApi.Tests.Access;
using NewsApi.Tests.Search;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Subscriptions;

/// <summary>Subscriptions made, shown, changed and ended; who may do that; and checkpoints.</summary>
public sealed class SubscriptionTests : IAsyncDisposable
{
    private const string Url = "https://partner.example/hook";

    private readonly Api _api = new();

    [Fact]
    public async Task A_subscription_tells_its_secret_once()
    {
        using var answer = await _api.Editor.PostJson("/v1/subscriptions", $$"""{"webhookUrl":"{{Url}}","types":["event","article"],"active":false}""");
        var made = await answer.Object(HttpStatusCode.Created);

        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal($"/v1/subscriptions/{made.Id()}", answer.Header("Location"));
        Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", made.Text("secret"));
        Assert.Equal(["article", "event"], made["types"]!.AsArray().Select(t => t!.GetValue<string>()));
        Assert.Equal(("development", "development", Url, "paused"), (made.Text("name"), made.Text("createdBy"), made.Text("webhookUrl"), made.Text("disabledReason")));
        made.Remove("secret");
        Sending.Same(made, await _api.Editor.GetObject($"/v1/subscriptions/{made.Id()}"));
        Sending.Same(new JsonArray(made.DeepClone()), (await _api.Editor.GetObject("/v1/subscriptions"))["items"]);
        await _api.Editor.Remove($"/v1/subscriptions/{made.Id()}", null).Succeeds();
        await _api.Editor.Get($"/v1/subscriptions/{made.Id()}").IsRefused(404);
        await _api.Editor.Get($"/v1/subscriptions/{made.Id()}/deliveries").IsRefused(404);
        Assert.Empty((await _api.Editor.GetObject("/v1/subscriptions")).Items());
    }

    [Fact]
    public async Task Whoever_has_another_key_does_not_see_it_and_an_administrator_does()
    {
        var (one, other, reader) = (await _api.Holder(["sync:read"]), await _api.Holder(["sync:read"]), await _api.Holder(["content:read"]));
        var id = (await one.Subscribe(Url, ""","name":"Partner Süd","active":false""")).Id();

        foreach (var (method, path, body) in ((HttpMethod, string, string?)[])
        [
            (HttpMethod.Get, "", null), (HttpMethod.Patch, "", "{}"), (HttpMethod.Delete, "", null), (HttpMethod.Post, "/rotate", null), (HttpMethod.Get, "/deliveries", null),
            (HttpMethod.Put, "/checkpoint", """{"cursor":"a"}"""), (HttpMethod.Post, "/deliveries/0/replay", null), (HttpMethod.Post, "/replay", """{"since":"2026-01-01T00:00:00Z"}"""),
        ])
        {
            var type = method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json";
            await other.Ask(method, $"/v1/subscriptions/{id}{path}", body is null ? null : Json.Body(body, type)).IsRefused(404);
            await reader.Ask(method, $"/v1/subscriptions/{id}{path}", body is null ? null : Json.Body(body, type)).IsRefused(403, "scopeRequired");
            await _api.Anonymous.Ask(method, $"/v1/subscriptions/{id}{path}", body is null ? null : Json.Body(body, type)).IsRefused(401);
        }

        Assert.Empty((await other.GetObject("/v1/subscriptions")).Items());
        Assert.Equal([id], (await one.GetObject("/v1/subscriptions")).Each("id"));
        Assert.Equal([id], (await _api.Editor.GetObject("/v1/subscriptions")).Each("id"));
        Assert.Equal("Partner Süd", (await _api.Editor.GetObject($"/v1/subscriptions/{id}")).Text("name"));
    }

    [Theory]
    [InlineData("""{}""", "/webhookUrl")]
    [InlineData("""{"webhookUrl":""}""", "/webhookUrl")]
    [InlineData("""{"webhookUrl":"partner.example/hook"}""", "/webhookUrl")]
    [InlineData("""{"webhookUrl":"http://partner.example/hook"}""", "/webhookUrl")]
    [InlineData("""{"webhookUrl":"ftp://partner.example/hook"}""", "/webhookUrl")]
    [InlineData("""{"webhookUrl":"https://user:word@partner.example/hook"}""", "/webhookUrl")]
    [InlineData("""{"webhookUrl":"https://partner.example/hook#a"}""", "/webhookUrl")]
    [InlineData("""{"webhookUrl":"https://partner.example/","types":[]}""", "/types")]
    [InlineData("""{"webhookUrl":"https://partner.example/","types":["section"]}""", "/types/0")]
    [InlineData("""{"webhookUrl":"https://partner.example/","types":["article","article"]}""", "/types")]
    [InlineData("""{"webhookUrl":"https://partner.example/","name":" "}""", "/name")]
    [InlineData("""{"webhookUrl":"https://partner.example/","name":"a\nb"}""", "/name")]
    public async Task What_is_wrong_is_said_by_its_name(string body, string pointer)
    {
        await _api.Editor.PostJson("/v1/subscriptions", body).IsRefusedAt(422, pointer);

        Assert.Empty((await _api.Editor.GetObject("/v1/subscriptions")).Items());
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_is_checked_as_a_whole()
    {
        var id = (await _api.Editor.Subscribe(Url, ""","types":["person"],"name":"Süd","active":false""")).Id();

        var changed = await _api.Editor.PatchJson($"/v1/subscriptions/{id}", """{"types":null,"name":"Nord"}""").Answers();
        Assert.Equal(3, changed["types"]!.AsArray().Count);
        Assert.Equal(("Nord", Url, false), (changed.Text("name"), changed.Text("webhookUrl"), changed["active"]!.GetValue<bool>()));
        await _api.Editor.PatchJson($"/v1/subscriptions/{id}", """{"webhookUrl":"https://127.0.0.1/"}""").IsRefusedAt(422, "/webhookUrl");
        await _api.Editor.PatchJson($"/v1/subscriptions/{id}", """{"webhookUrl":null}""").IsRefusedAt(422, "/webhookUrl");
        await _api.Editor.PatchJson($"/v1/subscriptions/{id}", """{"secret":"a"}""").IsRefused(400);
        await _api.Editor.PatchJson("/v1/subscriptions/a", "{}").IsRefused(400);
        Assert.Equal(Url, (await _api.Editor.GetObject($"/v1/subscriptions/{id}")).Text("webhookUrl"));
    }

    [Fact]
    public async Task A_key_has_twenty_at_most()
    {
        var partner = await _api.Holder(["sync:read"]);
        for (var i = 0; i < 20; i++) await partner.Subscribe(Url, ""","active":false""");

        await partner.PostJson("/v1/subscriptions", $$"""{"webhookUrl":"{{Url}}"}""").IsRefused(409, "tooManySubscriptions");
        await (await _api.Holder(["sync:read"])).Subscribe(Url, ""","active":false""");
    }

    [Fact]
    public async Task What_is_done_to_it_is_in_the_audit_and_the_secret_is_not()
    {
        var made = await _api.Editor.Subscribe(Url, ""","active":false""");
        await _api.Editor.PatchJson($"/v1/subscriptions/{made.Id()}", """{"name":"Nord"}""").Answers();
        var rotated = await _api.Editor.Send(HttpMethod.Post, $"/v1/subscriptions/{made.Id()}/rotate", null).Answers();
        await _api.Editor.Remove($"/v1/subscriptions/{made.Id()}", null).Succeeds();

        var audit = await _api.Editor.GetObject("/v1/audit?type=subscription");
        Assert.Equal(["deleted", "rotated", "updated", "created"], audit.Each("action"));
        Assert.DoesNotContain("whsec_", audit.ToJsonString(), StringComparison.Ordinal);
        Assert.NotEqual(made.Text("secret"), rotated.Text("secret"));
    }

    [Fact]
    public async Task A_checkpoint_is_a_place_of_the_feed_and_may_go_back()
    {
        var partner = await _api.Holder(["sync:read", "content:read"]);
        var id = (await partner.Subscribe(Url, ""","active":false""")).Id();
        await _api.Article("Eins");
        await _api.Article("Zwei");
        var entries = (await partner.GetObject("/v1/changes")).Items().ToList();

        foreach (var entry in (JsonNode[])[entries[^1], entries[0]])
        {
            var set = await partner.PutJson($"/v1/subscriptions/{id}/checkpoint", $$"""{"cursor":"{{entry.Text("cursor")}}"}""").Answers();
            Assert.Equal(entry.Text("position"), set["checkpoint"]!.Text("position"));
            Sending.Same(set, await partner.GetObject($"/v1/subscriptions/{id}"));
        }

        await partner.PutJson($"/v1/subscriptions/{id}/checkpoint", """{"cursor":"unsinn!"}""").IsRefusedAt(422, "/cursor");
        await partner.PutJson($"/v1/subscriptions/{id}/checkpoint", "{}").IsRefusedAt(422, "/cursor");
        await using var elsewhere = new Api();
        var foreign = (await elsewhere.Anonymous.GetObject("/v1/changes")).Text("nextCursor");
        await partner.PutJson($"/v1/subscriptions/{id}/checkpoint", $$"""{"cursor":"{{foreign}}"}""").IsRefused(410, "cursorExpired");
        Assert.Equal(entries[0].Text("position"), (await partner.GetObject($"/v1/subscriptions/{id}"))["checkpoint"]!.Text("position"));
    }

    [Fact]
    public async Task Whoever_has_acknowledged_a_correction_is_told_to_the_newsroom()
    {
        var (south, north, people) = (await _api.Holder(["sync:read"]), await _api.Holder(["sync:read"]), await _api.Holder(["sync:read"]));
        var licensed = await _api.Holder(["sync:read"], ""","licence":{"sections":["sport"]}""");
        var (southId, northId) = ((await south.Subscribe(Url, ""","name":"Süd","active":false""")).Id(), (await north.Subscribe(Url, ""","name":"Nord","active":false""")).Id());
        await people.Subscribe(Url, ""","name":"Personen","types":["person"],"active":false""");
        await licensed.Subscribe(Url, ""","name":"Sport","active":false""");
        var article = await _api.Article("Gipfel in Paris", ""","section":{"slug":"politik"}""");
        var before = (await south.GetObject("/v1/changes")).Text("nextCursor");
        await north.PutJson($"/v1/subscriptions/{northId}/checkpoint", $$"""{"cursor":"{{before}}"}""").Answers();
        await _api.Editor.PostJson($"/v1/articles/{article.Id()}/corrections", """{"kind":"correction","note":"Der Gipfel ist am 6. Jänner."}""").Answers(HttpStatusCode.Created);
        var after = (await south.GetObject("/v1/changes")).Text("nextCursor");
        await south.PutJson($"/v1/subscriptions/{southId}/checkpoint", $$"""{"cursor":"{{after}}"}""").Answers();

        var told = await _api.Editor.GetObject($"/v1/articles/{article.Id()}/propagation");

        Assert.Equal(("corrected", 2), (told.Text("reason"), told.Int("version")));
        Assert.Equal((await south.GetObject("/v1/changes")).Items()[^1].Text("position"), told.Text("position"));
        Assert.Equal(["Nord", "Süd"], told["partners"]!.AsArray().Select(p => p!.Text("name")));
        Assert.Equal([false, true], told["partners"]!.AsArray().Select(p => p!["acknowledged"]!.GetValue<bool>()));
        Assert.Equal([1, 2], told["partners"]!.AsArray().Select(p => p!.Int("version")));
        await _api.Editor.Remove($"/v1/articles/{article.Id()}/publication", null).Answers();
        var gone = await _api.Editor.GetObject($"/v1/articles/{article.Id()}/propagation");
        Assert.Equal("withdrawn", gone.Text("reason"));
        Assert.Null(gone["version"]);
        Assert.All(gone["partners"]!.AsArray(), p => Assert.False(p!["acknowledged"]!.GetValue<bool>()));
        await _api.Editor.Get($"/v1/articles/{(await _api.Draft("Entwurf")).Id()}/propagation").IsRefused(404);
        await south.Get($"/v1/articles/{article.Id()}/propagation").IsRefused(403, "scopeRequired");
    }

    [Fact]
    public async Task Whoever_may_not_follow_the_feed_any_more_is_not_waited_for()
    {
        var key = await _api.Key(["sync:read"]);
        await _api.With(key.Text("key")).Subscribe(Url, ""","active":false""");
        var article = (await _api.Article("Eins")).Id();
        Assert.Single(await Partners(_api, article));

        await _api.Editor.PatchJson($"/v1/keys/{key.Id()}", """{"scopes":["content:read"]}""").Answers();

        Assert.Empty(await Partners(_api, article));
    }

    [Fact]
    public async Task Whoever_is_shown_more_has_acknowledged_nothing_of_it_yet()
    {
        var key = await _api.Key(["sync:read"], ""","licence":{"sections":["sport"]}""");
        var holder = _api.With(key.Text("key"));
        var id = (await holder.Subscribe(Url, ""","active":false""")).Id();
        var article = (await _api.Article("Gipfel in Paris", ""","section":{"slug":"politik"}""")).Id();
        var cursor = (await holder.GetObject("/v1/changes")).Text("nextCursor");
        await holder.PutJson($"/v1/subscriptions/{id}/checkpoint", $$"""{"cursor":"{{cursor}}"}""").Answers();

        await _api.Editor.PatchJson($"/v1/keys/{key.Id()}", """{"licence":{"sections":["sport","politik"]}}""").Answers();

        Assert.False(Assert.Single(await Partners(_api, article))!["acknowledged"]!.GetValue<bool>());
        Assert.Null((await holder.GetObject($"/v1/subscriptions/{id}"))["checkpoint"]);
    }

    [Fact]
    public async Task Whoever_had_a_key_of_the_settings_that_is_gone_is_not_waited_for()
    {
        var folder = Directory.CreateTempSubdirectory("newsapi-").FullName;
        try
        {
            string article;
            await using (var before = new Api(null, folder, ("Access:KeyHashes:partner", Convert.ToHexString(SHA256.HashData("partner-key"u8)))))
            {
                await before.With("partner-key").Subscribe(Url, ""","active":false""");
                article = (await before.Article("Eins")).Id();
                Assert.Equal(["partner"], (await Partners(before, article)).Select(p => p!.Text("name")));
            }

            await using var after = new Api(null, folder);
            Assert.Empty(await Partners(after, article));
        }
        finally
        {
            TestDatabase.Drop(folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_checkpoint_of_another_history_acknowledges_nothing()
    {
        var id = (await _api.Editor.Subscribe(Url, ""","active":false""")).Id();
        var article = await _api.Article("Eins");
        await _api.Editor.PutJson($"/v1/subscriptions/{id}/checkpoint", $$"""{"cursor":"{{(await _api.Editor.GetObject("/v1/changes")).Text("nextCursor")}}"}""").Answers();
        Assert.True((await _api.Editor.GetObject($"/v1/articles/{article.Id()}/propagation"))["partners"]![0]!["acknowledged"]!.GetValue<bool>());

        using (var tables = StoredTables.Of(_api)) tables.Execute("UPDATE feed SET epoch = '00112233445566ff'");

        Assert.False((await _api.Editor.GetObject($"/v1/articles/{article.Id()}/propagation"))["partners"]![0]!["acknowledged"]!.GetValue<bool>());
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static async Task<JsonArray> Partners(Api api, string article) =>
        (await api.Editor.GetObject($"/v1/articles/{article}/propagation"))["partners"]!.AsArray();
}
