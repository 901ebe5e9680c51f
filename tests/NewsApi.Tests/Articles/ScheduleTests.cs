using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Access;
using NewsApi.Tests.Changes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Articles;

public sealed class ScheduleTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 10, 0, 0, TimeSpan.Zero);

    private readonly TestClock _clock = new(Now);
    private readonly Api _api;

    public ScheduleTests() => _api = new Api(_clock, null);

    [Fact]
    public async Task A_scheduled_article_appears_everywhere_at_its_instant_and_not_before()
    {
        var draft = await _api.Draft("Gipfel in Paris", ""","tags":["Ukraine"]""");

        var scheduled = await Plan(draft, """{"publishAt":"2026-01-02T10:00:02Z"}""");

        Assert.Equal(("scheduled", "2026-01-02T10:00:02.000Z", 1), (scheduled.Text("status"), scheduled.Text("publishAt"), scheduled.Int("version")));
        Assert.Null(scheduled["publicVersion"]);
        _clock.Now = Now.AddSeconds(1.999);
        await Task.Delay(1_200, TestContext.Current.CancellationToken);
        await IsNowhere(draft.Id(), "Gipfel");

        _clock.Now = Now.AddSeconds(2);
        await IsThere(draft.Id());

        var article = await _api.Anonymous.GetObject($"/v1/articles/{draft.Id()}");
        Assert.Equal(("published", "2026-01-02T10:00:02.000Z", 1), (article.Text("status"), article.Text("publishedAt"), article.Int("version")));
        Assert.Null(article["publishAt"]);
        Assert.Single((await _api.Anonymous.GetObject("/v1/articles?tag=Ukraine"))["items"]!.AsArray());
        Assert.Single((await _api.Anonymous.GetObject("/v1/articles?q=Gipfel"))["items"]!.AsArray());
        Assert.Single((await _api.Anonymous.GetObject("/v1/articles/by-slug/gipfel-in-paris"))["tags"]!.AsArray());
        var entry = Assert.Single(await Entries(draft.Id()));
        Assert.Equal(("upsert", "wentLive", 1), (entry.Text("operation"), entry.Text("reason"), entry.Int("version")));
        Sending.Same(article, await _api.Preview("articles", draft.Id()));
    }

    [Fact]
    public async Task An_embargo_holds_whenever_the_article_is_published()
    {
        var draft = await _api.Draft("Gesperrt");

        var embargoed = await Plan(draft, """{"publishAt":"2026-01-02T10:00:01Z","embargoedUntil":"2026-01-02T10:00:05Z"}""");

        Assert.Equal(("scheduled", "2026-01-02T10:00:05.000Z"), (embargoed.Text("status"), embargoed.Text("embargoedUntil")));
        _clock.Now = Now.AddSeconds(4);
        await Task.Delay(1_200, TestContext.Current.CancellationToken);
        await IsNowhere(draft.Id(), "Gesperrt");

        _clock.Now = Now.AddSeconds(5);
        await IsThere(draft.Id());

        Assert.Equal("2026-01-02T10:00:05.000Z", (await _api.Anonymous.GetObject($"/v1/articles/{draft.Id()}")).Text("publishedAt"));
        Assert.Equal(["embargoEnded"], (await Entries(draft.Id())).Select(e => e.Text("reason")));
    }

    [Fact]
    public async Task An_embargo_that_becomes_known_too_late_takes_the_article_back()
    {
        var article = await _api.Article("Zu früh");

        var embargoed = await Plan(article, """{"embargoedUntil":"2026-01-02T10:00:05Z"}""");

        Assert.Equal("scheduled", embargoed.Text("status"));
        await IsNowhere(article.Id(), "früh");
        _clock.Now = Now.AddSeconds(5);
        await IsThere(article.Id());
        Assert.Equal(["published", "withdrawn", "embargoEnded"], (await Entries(article.Id())).Select(e => e.Text("reason")));
        Assert.Equal(article.Text("publishedAt"), (await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}")).Text("publishedAt"));
    }

    [Fact]
    public async Task An_embargo_holds_for_the_earlier_version_as_well()
    {
        var article = await _api.Article("Zu früh");
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"teaser":"Zwischenstand"}""").Answers();

        await Plan(article, """{"embargoedUntil":"2026-01-02T10:00:05Z"}""");

        await IsNowhere(article.Id(), "früh");
        _clock.Now = Now.AddSeconds(5);
        await IsThere(article.Id());
        Assert.Equal("Zwischenstand", (await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}")).Text("teaser"));
    }

    [Fact]
    public async Task An_article_that_expires_leaves_the_public_and_stays_in_the_newsroom()
    {
        var draft = await _api.Draft("Nur kurz");
        var published = await Plan(draft, """{"expiresAt":"2026-01-02T10:00:03+00:00"}""");
        Assert.Equal(("published", "2026-01-02T10:00:03.000Z"), (published.Text("status"), published.Text("expiresAt")));
        Assert.Equal("2026-01-02T10:00:03.000Z", (await _api.Anonymous.GetObject($"/v1/articles/{draft.Id()}")).Text("expiresAt"));

        _clock.Now = Now.AddSeconds(3);
        await Sending.Eventually(async () => await _api.Anonymous.StatusOf($"/v1/articles/{draft.Id()}") == HttpStatusCode.NotFound, "it expires");

        await IsNowhere(draft.Id(), "kurz", feed: false);
        var entry = (await Entries(draft.Id()))[^1];
        Assert.Equal(("remove", "expired"), (entry.Text("operation"), entry.Text("reason")));
        Assert.Equal("withdrawn", (await _api.Preview("articles", draft.Id())).Text("status"));

        await _api.Editor.Publish(draft.Id()).Answers();
        Assert.Null((await _api.Anonymous.GetObject($"/v1/articles/{draft.Id()}"))["expiresAt"]);
    }

    [Fact]
    public async Task A_schedule_can_be_cancelled_and_the_answer_says_what_the_public_sees()
    {
        var article = await _api.Article("Erste Fassung");
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"headline":"Zweite Fassung"}""").Answers();
        var scheduled = await Plan(article, """{"publishAt":"2026-01-02T10:00:02Z"}""");
        Assert.Equal(("scheduled", 2, 1), (scheduled.Text("status"), scheduled.Int("version"), scheduled.Int("publicVersion")));

        var cancelled = await _api.Editor.Remove($"/v1/articles/{article.Id()}/publication", null).Answers();

        Assert.Equal(("draft", 2, 1), (cancelled.Text("status"), cancelled.Int("version"), cancelled.Int("publicVersion")));
        _clock.Now = Now.AddSeconds(10);
        await Task.Delay(1_200, TestContext.Current.CancellationToken);
        Assert.Equal("Erste Fassung", (await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}")).Text("headline"));
        var withdrawn = await _api.Editor.Remove($"/v1/articles/{article.Id()}/publication", null).Answers();
        Assert.Null(withdrawn["publicVersion"]);
    }

    [Fact]
    public async Task What_is_written_while_a_version_waits_waits_with_it()
    {
        var article = await _api.Article("Erste Fassung");
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"headline":"Zweite Fassung"}""").Answers();
        await Plan(article, """{"publishAt":"2026-01-02T10:00:02Z","expiresAt":"2026-01-03T10:00:00Z"}""");

        var written = await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"teaser":"dazu"}""").Answers();

        Assert.Equal(("scheduled", 3), (written.Text("status"), written.Int("version")));
        Assert.Equal("Erste Fassung", (await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}")).Text("headline"));
        _clock.Now = Now.AddSeconds(2);
        await Sending.Eventually(async () => (await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}")).Int("version") == 3, "it goes live");
        Assert.Equal("2026-01-03T10:00:00.000Z", (await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}")).Text("expiresAt"));
    }

    [Fact]
    public async Task What_was_due_while_nobody_kept_the_clock_is_caught_up_with()
    {
        using var folder = new TestFolder();
        string live, expired, missed;
        await using (var before = new Api(_clock, folder))
        {
            live = (await before.Draft("Geht online")).Id();
            expired = (await before.Draft("Läuft ab")).Id();
            missed = (await before.Draft("Verpasst")).Id();
            await before.Editor.PutJson($"/v1/articles/{live}/publication", """{"publishAt":"2026-01-02T11:00:00Z"}""").Answers();
            await before.Editor.PutJson($"/v1/articles/{expired}/publication", """{"expiresAt":"2026-01-02T11:00:00Z"}""").Answers();
            await before.Editor.PutJson($"/v1/articles/{missed}/publication", """{"publishAt":"2026-01-02T11:00:00Z","expiresAt":"2026-01-02T11:30:00Z"}""").Answers();
        }

        _clock.Now = Now.AddHours(2);
        await using (var after = new Api(_clock, folder))
        {
            // The very first reader finds it so.
            Assert.Equal(HttpStatusCode.NotFound, await after.Anonymous.StatusOf($"/v1/articles/{expired}"));
            Assert.Equal(HttpStatusCode.OK, await after.Anonymous.StatusOf($"/v1/articles/{live}"));
            Assert.Equal("withdrawn", (await after.Preview("articles", missed)).Text("status"));
            Assert.Equal("2026-01-02T11:00:00.000Z", (await after.Anonymous.GetObject($"/v1/articles/{live}")).Text("publishedAt"));
            var told = (await after.Anonymous.GetObject("/v1/changes"))["items"]!.AsArray().Select(e => (e!.Text("id"), e!.Text("reason"))).ToList();
            Assert.Contains((live, "wentLive"), told);
            Assert.Contains((expired, "expired"), told);
            Assert.DoesNotContain(told, entry => entry.Item1 == missed);
        }
    }

    [Fact]
    public async Task Two_clocks_on_one_database_publish_once()
    {
        const int articles = 60;
        await using var other = new Api(_clock, _api.Folder);
        var ids = new List<string>();
        for (var i = 0; i < articles; i++)
        {
            var draft = await _api.Draft($"Gemeinsam {i}");
            ids.Add(draft.Id());
            await Plan(draft, $$"""{"publishAt":"2026-01-02T10:00:02.{{i:000}}Z"}""");
        }

        _clock.Now = Now.AddSeconds(3);
        foreach (var id in ids) await IsThere(id);
        await Task.Delay(1_200, TestContext.Current.CancellationToken);

        var follower = await new Follower(_api.Anonymous).CatchUpAsync();
        Assert.Equal(articles, follower.Entries.Count);
        Assert.All(follower.Entries, e => Assert.Equal("wentLive", e.Text("reason")));
        Assert.Equal(ids.Order(), follower.Entries.Select(e => e.Text("id")).Order());
    }

    [Theory]
    [InlineData("""{"publishAt":"0001-01-01T00:00:00Z"}""", 422, "/publishAt")]
    [InlineData("""{"publishAt":"2026-01-02T10:00:05Z"}""", 422, "/publishAt")]
    [InlineData("""{"publishAt":"2026-01-02T10:00:05Z","expiresAt":"2026-01-02T10:00:04Z"}""", 422, "/expiresAt")]
    [InlineData("""{"expiresAt":"2026-01-02T10:00:00Z"}""", 422, "/expiresAt")]
    [InlineData("""{"embargoedUntil":"2126-01-02T10:00:00Z"}""", 422, "/embargoedUntil")]
    [InlineData("""{"embargoUntil":"2026-01-02T10:00:00Z"}""", 400, "/embargoUntil")]
    public async Task A_plan_that_cannot_be_meant_changes_nothing(string body, int status, string pointer)
    {
        var article = await _api.Article("Bleibt");
        var tag = await _api.Anonymous.TagOf($"/v1/articles/{article.Id()}");

        await _api.Editor.PutJson($"/v1/articles/{article.Id()}/publication", body).IsRefusedAt(status, pointer);

        Assert.Equal(tag, await _api.Anonymous.TagOf($"/v1/articles/{article.Id()}"));
    }

    [Fact]
    public async Task What_will_be_published_is_changed_by_those_who_may_publish()
    {
        using var writer = await _api.Holder(["content:read", "content:preview", "content:write"]);
        var draft = await _api.Draft("Gipfel", ""","slug":"gipfel" """);
        await _api.Editor.PatchJson($"/v1/articles/{draft.Id()}", """{"teaser":"geprüft"}""").Answers();
        await Plan(draft, """{"publishAt":"2026-01-02T11:00:00Z"}""");
        var address = $"/v1/articles/{draft.Id()}";

        foreach (var query in (string[])["", "?draft=true"])
        {
            await writer.PatchJson(address + query, """{"teaser":"anders"}""").IsRefused(403, "scopeRequired");
            await writer.PutJson(address + query, """{"headline":"Anders"}""", "*").IsRefused(403, "scopeRequired");
        }

        await writer.Send(HttpMethod.Post, $"{address}/revisions/1/restore", null).IsRefused(403, "scopeRequired");
        Assert.Equal("geprüft", (await _api.Preview("articles", draft.Id())).Text("teaser"));
        await _api.Editor.Remove($"{address}/publication", null).Answers();
        await writer.PatchJson(address, """{"teaser":"anders"}""").Answers();
    }

    [Fact]
    public async Task A_new_version_whose_time_was_missed_takes_the_old_one_with_it_as_expired()
    {
        using var folder = new TestFolder();
        string id;
        await using (var before = new Api(_clock, folder))
        {
            id = (await before.Article("Öffentlich")).Id();
            await before.Editor.PatchJson($"/v1/articles/{id}?draft=true", """{"teaser":"neu"}""").Answers();
            await before.Editor.PutJson($"/v1/articles/{id}/publication", """{"publishAt":"2026-01-02T11:00:00Z","expiresAt":"2026-01-02T11:30:00Z"}""").Answers();
        }

        _clock.Now = Now.AddHours(2);
        await using (var after = new Api(_clock, folder))
        {
            await Sending.Eventually(async () => await after.Anonymous.StatusOf($"/v1/articles/{id}") == HttpStatusCode.NotFound, "it is over");
            Assert.Equal("expired", (await after.Anonymous.GetObject("/v1/changes"))["items"]!.AsArray()[^1]!.Text("reason"));
        }
    }


    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private Task<JsonObject> Plan(JsonObject article, string plan) => _api.Editor.PutJson($"/v1/articles/{article.Id()}/publication", plan).Answers();

    private Task IsThere(string id) =>
        Sending.Eventually(async () => await _api.Anonymous.StatusOf($"/v1/articles/{id}") == HttpStatusCode.OK, "it goes live");

    private async Task IsNowhere(string id, string word, bool feed = true)
    {
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf($"/v1/articles/{id}"));
        Assert.Empty((await _api.Anonymous.GetObject("/v1/articles"))["items"]!.AsArray());
        Assert.Empty((await _api.Anonymous.GetObject($"/v1/articles?q={Uri.EscapeDataString(word)}"))["items"]!.AsArray());
        if (feed) Assert.DoesNotContain("upsert", (await Entries(id)).Select(e => e.Text("operation")).TakeLast(1));
    }

    private async Task<List<JsonNode>> Entries(string id) =>
        [.. (await _api.Anonymous.GetObject("/v1/changes"))["items"]!.AsArray().Where(e => e!.Text("id") == id).Select(e => e!)];
}
