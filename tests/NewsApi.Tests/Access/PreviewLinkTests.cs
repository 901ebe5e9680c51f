using System.Globalization;
using System.Net;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Access;

/// <summary>Links that show one working version to somebody without a key.</summary>
public sealed class PreviewLinkTests : IAsyncDisposable
{
    private readonly TestClock _clock = new(DateTimeOffset.Parse("2026-01-02T08:00:00Z", CultureInfo.InvariantCulture));
    private readonly Api _api;

    public PreviewLinkTests() => _api = new Api(_clock, null);

    [Fact]
    public async Task A_link_shows_the_working_version_until_it_ends_and_nobody_keeps_the_answer()
    {
        var draft = await _api.Draft("Entwurf");
        using var made = await _api.Editor.PostJson($"/v1/articles/{draft.Id()}/preview-links", """{"expiresInSeconds":60}""");
        var link = await made.Object(HttpStatusCode.Created);
        Assert.Equal("no-store", made.Header("Cache-Control"));
        Assert.Equal("2026-01-02T08:01:00.000Z", link.Text("expiresAt"));
        Assert.StartsWith($"{_api.Anonymous.BaseAddress}v1/articles/{draft.Id()}?perspective=preview&token=", link.Text("url"), StringComparison.Ordinal);

        foreach (var address in (string[])[link.Text("url"), link.Text("url") + "&view=full"])
        {
            using var shown = await _api.Anonymous.Get(address);
            Assert.Equal("Entwurf", (await shown.Object(HttpStatusCode.OK)).Text("headline"));
            Assert.Equal("no-store", shown.Header("Cache-Control"));
        }

        await _api.Editor.PatchJson($"/v1/articles/{draft.Id()}", """{"headline":"Zweite Fassung"}""").Answers();
        _clock.Now += TimeSpan.FromMilliseconds(59_999);
        Assert.Equal("Zweite Fassung", (await _api.Anonymous.GetObject(link.Text("url"))).Text("headline"));
        _clock.Now += TimeSpan.FromMilliseconds(1);
        await _api.Anonymous.Get(link.Text("url")).IsRefused(401, "unauthorized");
        await _api.Anonymous.Get($"/v1/articles/{draft.Id()}").IsRefused(404);
    }

    [Fact]
    public async Task A_link_opens_its_article_and_nothing_else()
    {
        var person = await _api.Person("Rubio", ""","visibility":"internal" """);
        var draft = await _api.Draft("Entwurf", $$""","slug":"entwurf","people":[{"id":"{{person.Id()}}"}]""");
        var other = await _api.Draft("Anderer");
        var token = await Token(draft.Id());
        var unkeyed = await _api.Anonymous.Get($"/v1/articles/{draft.Id()}?perspective=preview").IsRefused(401);

        foreach (var address in (string[])
        [
            $"/v1/articles/{other.Id()}?perspective=preview&token={token}", $"/v1/articles?perspective=preview&token={token}",
            $"/v1/articles/{draft.Id()}?perspective=preview&token={token}&include=people", $"/v1/articles/{draft.Id()}?perspective=preview&token={token}&Include=people",
            $"/v1/articles/by-slug/entwurf?perspective=preview&token={token}", $"/v1/articles/{draft.Id()}/related?perspective=preview&token={token}",
            $"/v1/people/{person.Id()}?perspective=preview&token={token}", $"/v1/people/{draft.Id()}?perspective=preview&token={token}",
            $"/v1/articles/{draft.Id()}?perspective=preview&token={token}&token={token}", $"/v1/articles/{draft.Id()}?perspective=preview&token=",
            $"/v1/articles/{draft.Id()}?perspective=preview&token={token}A", $"/v1/articles/{draft.Id()}?perspective=preview&token={token[..^2]}",
            $"/v1/articles/{draft.Id()}?perspective=preview&token={new string('A', 20_000)}", $"/v1/articles/{draft.Id()}?perspective=preview&token=%00%2B%3D",
        ])
        {
            var problem = await _api.Anonymous.Get(address).IsRefused(401, "unauthorized");
            Assert.Equal(unkeyed.Text("detail"), problem.Text("detail"));
        }

        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete])
            await _api.Anonymous.Send(method, $"/v1/articles/{draft.Id()}?perspective=preview&token={token}", "{}").IsRefused(401);
        await _api.Anonymous.Get("/v1/me", ("Authorization", $"Bearer {token}")).IsRefused(401);
        await _api.Anonymous.Get($"/v1/articles/{draft.Id()}?token={token}").IsRefused(400, "invalidParameter");
        await _api.Anonymous.GetObject($"/v1/articles/{draft.Id()}?perspective=preview&token={token}");
    }

    [Fact]
    public async Task No_letter_of_a_token_can_be_another()
    {
        var draft = await _api.Draft("Entwurf");
        var token = await Token(draft.Id());

        for (var i = 0; i < token.Length - 1; i++)
        {
            var changed = $"{token[..i]}{(token[i] == 'A' ? 'B' : 'A')}{token[(i + 1)..]}";
            await _api.Anonymous.Get($"/v1/articles/{draft.Id()}?perspective=preview&token={changed}").IsRefused(401);
        }
    }

    [Fact]
    public async Task A_link_ends_with_the_key_that_made_it()
    {
        var draft = await _api.Draft("Entwurf");
        var made = await _api.Key(["content:preview"]);
        var holder = _api.With(made.Text("key"));
        var address = $"/v1/articles/{draft.Id()}?perspective=preview&token={await Token(draft.Id(), holder)}";
        await _api.Editor.PostJson($"/v1/keys/{made.Id()}/rotate", """{"overlapSeconds":0}""").Answers();
        await _api.Anonymous.GetObject(address);

        await _api.Editor.Remove($"/v1/keys/{made.Id()}", null).Succeeds();

        await _api.Anonymous.Get(address).IsRefused(401);
        var ending = await _api.Key(["content:preview"], ""","expiresAt":"2026-01-02T08:00:10Z" """);
        address = $"/v1/articles/{draft.Id()}?perspective=preview&token={await Token(draft.Id(), _api.With(ending.Text("key")))}";
        await _api.Anonymous.GetObject(address);
        _clock.Now += TimeSpan.FromSeconds(10);
        await _api.Anonymous.Get(address).IsRefused(401);
    }

    [Fact]
    public async Task A_link_ends_when_its_key_may_not_preview_any_more()
    {
        var draft = await _api.Draft("Entwurf");
        var made = await _api.Key(["content:read", "content:preview"]);
        var address = $"/v1/articles/{draft.Id()}?perspective=preview&token={await Token(draft.Id(), _api.With(made.Text("key")))}";
        await _api.Anonymous.GetObject(address);

        await _api.Editor.PatchJson($"/v1/keys/{made.Id()}", """{"scopes":["content:read"]}""").Answers();

        await _api.Anonymous.Get(address).IsRefused(401);
    }

    [Fact]
    public async Task A_link_of_a_key_of_the_settings_ends_when_it_is_taken_out_of_them()
    {
        using var folder = new TestFolder();
        string address;
        await using (var before = new Api(_clock, folder))
        {
            var draft = await before.Draft("Entwurf");
            address = new Uri((await before.Editor.PostJson($"/v1/articles/{draft.Id()}/preview-links", "{}").Answers(HttpStatusCode.Created)).Text("url")).PathAndQuery;
        }

        await using (var same = new Api(_clock, folder)) await same.Anonymous.GetObject(address);
        await using var without = new Api(_clock, folder, ("Environment", "Production"));
        await without.Anonymous.Get(address).IsRefused(401);
    }

    [Fact]
    public async Task The_token_of_another_database_is_worth_nothing_here()
    {
        await using var other = new Api(_clock, null);
        const string id = "0190aaaa-0000-7000-8000-000000000001";
        foreach (var api in (Api[])[_api, other]) await api.Editor.PutJson($"/v1/articles/{id}", """{"headline":"Entwurf"}""").Answers(HttpStatusCode.Created);
        var link = new Uri((await other.Editor.PostJson($"/v1/articles/{id}/preview-links", "{}").Answers(HttpStatusCode.Created)).Text("url")).PathAndQuery;

        await other.Anonymous.GetObject(link);
        await _api.Anonymous.Get(link).IsRefused(401);
    }

    [Fact]
    public async Task Where_nobody_reads_without_a_key_a_link_still_opens_its_article()
    {
        await using var closed = new Api(("Access:AnonymousRead", "false"), ("Service:PublicUrl", "https://news.example/api/"));
        var article = await closed.Article("Bericht");
        var link = await closed.Editor.PostJson($"/v1/articles/{article.Id()}/preview-links", "{}").Answers(HttpStatusCode.Created);

        Assert.StartsWith("https://news.example/api/v1/articles/", link.Text("url"), StringComparison.Ordinal);
        await closed.Anonymous.GetObject(link.Text("url")["https://news.example/api".Length..]);
        await closed.Anonymous.Get($"/v1/articles/{article.Id()}").IsRefused(401);
    }

    [Fact]
    public async Task What_cannot_be_a_link_is_refused()
    {
        var draft = await _api.Draft("Entwurf");
        foreach (var (body, status) in ((string, int)[])[("""{"expiresInSeconds":59}""", 422), ("""{"expiresInSeconds":604801}""", 422), ("""{"expiresInSeconds":"60"}""", 400), ("""{"expires":60}""", 400)])
            await _api.Editor.PostJson($"/v1/articles/{draft.Id()}/preview-links", body).IsRefused(status);
        await _api.Editor.PostJson("/v1/articles/0190aaaa-0000-7000-8000-000000000001/preview-links", "{}").IsRefused(404);
        await _api.Editor.PostJson("/v1/articles/entwurf/preview-links", "{}").IsRefused(400);
        var link = await _api.Editor.PostAsync($"/v1/articles/{draft.Id()}/preview-links", null, TestContext.Current.CancellationToken).Answers(HttpStatusCode.Created);
        Assert.Equal("2026-01-03T08:00:00.000Z", link.Text("expiresAt"));
        await (await _api.Holder(Keys.AllBut("content:preview"))).PostJson($"/v1/articles/{draft.Id()}/preview-links", "{}").IsRefused(403, "scopeRequired");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private async Task<string> Token(string id, HttpClient? by = null)
    {
        var link = await (by ?? _api.Editor).PostJson($"/v1/articles/{id}/preview-links", "{}").Answers(HttpStatusCode.Created);
        return link.Text("url")[(link.Text("url").IndexOf("token=", StringComparison.Ordinal) + 6)..];
    }
}
