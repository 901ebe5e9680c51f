using System.Net;
using NewsApi.Access;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Access;

/// <summary>What a key is for and what it may do is changed without a new text.</summary>
public sealed class KeyChangeTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task A_key_is_changed_in_parts_and_the_change_holds_from_the_next_request_on()
    {
        var article = await _api.Article("Meldung", ""","section":{"slug":"politik"}""");
        var key = await _api.Key([Scopes.Read], ""","licence":{"sections":["politik"]},"expiresAt":"2100-01-01T00:00:00Z" """);
        using var holder = _api.With(key.Text("key"));
        Assert.Equal(HttpStatusCode.OK, await holder.StatusOf($"/v1/articles/{article.Id()}"));

        var changed = await Patch(key.Id(), """{"name":"Anderer","licence":{"sections":["sport"]}}""").Answers();
        Assert.Equal(("Anderer", "sport"), (changed.Text("name"), changed["licence"]!["sections"]![0]!.GetValue<string>()));
        Assert.Equal("2100-01-01T00:00:00.000Z", changed.Text("expiresAt"));
        Assert.Null(changed["key"]);
        Assert.Equal(HttpStatusCode.NotFound, await holder.StatusOf($"/v1/articles/{article.Id()}"));

        changed = await Patch(key.Id(), """{"licence":null,"expiresAt":null,"scopes":["sync:read","content:read"]}""").Answers();
        Assert.Null(changed["licence"]);
        Assert.Null(changed["expiresAt"]);
        Assert.Equal(["content:read", "sync:read"], changed["scopes"]!.AsArray().Select(s => s!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.OK, await holder.StatusOf($"/v1/articles/{article.Id()}"));
        Sending.Same(changed, await _api.Editor.GetObject($"/v1/keys/{key.Id()}"));
    }

    [Theory]
    [InlineData("""{"name":""}""", "/name")]
    [InlineData("""{"scopes":[]}""", "/scopes")]
    [InlineData("""{"scopes":["alles"]}""", "/scopes/0")]
    [InlineData("""{"expiresAt":"2001-01-01T00:00:00Z"}""", "/expiresAt")]
    [InlineData("""{"licence":{}}""", "/licence")]
    [InlineData("""{"licence":{"sources":[{"name":"APA","level":"halb"}]}}""", "/licence/sources/0/level")]
    public async Task What_does_not_go_is_refused_where_it_stands(string patch, string pointer)
    {
        var key = await _api.Key([Scopes.Read]);
        await Patch(key.Id(), patch).IsRefusedAt(422, pointer);
    }

    [Fact]
    public async Task Nobody_gives_more_than_they_have()
    {
        var key = await _api.Key([Scopes.Read], ""","licence":{"sections":["politik"]}""");
        var wide = await _api.Key([Scopes.Write]);
        using var admin = await _api.Holder([Scopes.Admin, Scopes.Read], ""","licence":{"sections":["politik","sport"]}""");

        await admin.PatchJson($"/v1/keys/{key.Id()}", """{"licence":{"sections":["sport"]}}""", null).Answers();
        await admin.PatchJson($"/v1/keys/{key.Id()}", """{"licence":{"sections":["kultur"]}}""", null).IsRefusedAt(422, "/licence");
        await admin.PatchJson($"/v1/keys/{key.Id()}", """{"licence":null}""", null).IsRefusedAt(422, "/licence");
        await admin.PatchJson($"/v1/keys/{key.Id()}", """{"scopes":["content:read","content:write"]}""", null).IsRefusedAt(422, "/scopes/1");
        await admin.PatchJson($"/v1/keys/{wide.Id()}", """{"name":"Meiner"}""", null).IsRefused(403);
        await Patch(Guid.CreateVersion7().ToString(), """{"name":"Niemand"}""").IsRefused(404);
        await Patch(key.Id(), """{"prefix":"nk_x"}""").IsRefused(400);
        await _api.Editor.Remove($"/v1/keys/{key.Id()}", null).Succeeds();
        await Patch(key.Id(), """{"name":"Zu spät"}""").IsRefused(409, "keyEnded");
    }

    [Theory]
    [InlineData("""{"sources":[{"name":"APA","level":"full"}]}""", 404)]
    [InlineData("""{"sources":[{"name":"dpa","level":"teaser"}]}""", 403)]
    [InlineData("""{"sources":[{"name":"dpa","level":"full"}]}""", 200)]
    public async Task Nobody_writes_to_what_they_do_not_see_as_a_whole(string licence, int status)
    {
        var article = await _api.Article("Meldung", ""","sources":[{"name":"dpa"}],"body":[{"type":"paragraph","text":"Text"}]""");
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"headline":"Zweite"}""").Answers();
        using var editor = await _api.Holder(Scopes.All, $",\"licence\":{licence}");
        var address = $"/v1/articles/{article.Id()}";

        foreach (var (method, path, body) in ((HttpMethod, string, string?)[])
        [
            (HttpMethod.Patch, address, """{"kicker":"Neu"}"""), (HttpMethod.Put, address, """{"headline":"Neu","sources":[{"name":"dpa"}]}"""), (HttpMethod.Put, $"{address}/publication", null),
            (HttpMethod.Post, $"{address}/corrections", """{"kind":"correction","note":"Berichtigt."}"""), (HttpMethod.Post, $"{address}/revisions/1/restore", null),
            (HttpMethod.Get, $"{address}/diff", null), (HttpMethod.Delete, $"{address}/publication", null), (HttpMethod.Delete, address, null),
        ])
        {
            using var response = await editor.Send(method, path, body, ("If-Match", "*"));
            Assert.True(status == 200 ? response.IsSuccessStatusCode : (int)response.StatusCode == status, $"{method} {path}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task Versions_and_preview_links_show_what_the_licence_shows()
    {
        var article = await _api.Article("Meldung", ""","sources":[{"name":"dpa"}],"teaser":"Kurz","body":[{"type":"paragraph","text":"Text"}]""");
        var other = await _api.Article("Andere", ""","sources":[{"name":"Reuters"}]""");
        var key = await _api.Key([Scopes.Read, Scopes.Preview], ""","licence":{"sources":[{"name":"dpa","level":"teaser"}]}""");
        using var holder = _api.With(key.Text("key"));

        Assert.Null((await holder.GetObject($"/v1/articles/{article.Id()}/revisions/1"))["body"]);
        await holder.GetObject($"/v1/articles/{article.Id()}/revisions");
        await holder.Get($"/v1/articles/{other.Id()}/revisions").IsRefused(404);
        await holder.Get($"/v1/articles/{other.Id()}/revisions/1").IsRefused(404);
        await holder.PostJson($"/v1/articles/{other.Id()}/preview-links", "{}").IsRefused(404);
        var link = await holder.PostJson($"/v1/articles/{article.Id()}/preview-links", "{}").Answers(HttpStatusCode.Created);
        var shown = await _api.Anonymous.GetObject(link.Text("url"));
        Assert.Equal(("Kurz", null), (shown.Text("teaser"), shown["body"]));

        await Patch(key.Id(), """{"licence":{"sources":[{"name":"Reuters","level":"full"}]}}""").Answers();
        await _api.Anonymous.Get(link.Text("url")).IsRefused(404);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private Task<HttpResponseMessage> Patch(string id, string patch) => _api.Editor.PatchJson($"/v1/keys/{id}", patch, null);
}
