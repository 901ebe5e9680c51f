using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NewsApi.Access;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Access;

/// <summary>Keys on record: made, shown, rotated, revoked.</summary>
public sealed class KeyTests : IAsyncDisposable
{
    private const string OwnLicence =
        """{"sections":["politik","sport"],"languages":["de"],"sources":[{"name":"APA","level":"teaser"},{"name":"*","level":"metadata"}]}""";

    private readonly TestClock _clock = new(DateTimeOffset.Parse("2026-01-02T08:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
    private readonly Api _api;

    public KeyTests() => _api = new Api(_clock, null);

    [Fact]
    public async Task A_key_is_answered_once_and_works_at_once()
    {
        using var answer = await _api.Editor.PostJson("/v1/keys", Keys.Wanted(["content:write", "content:read"], ""","expiresAt":"2026-02-01T00:00:00+01:00" """));
        var made = await answer.Object(HttpStatusCode.Created);

        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal($"/v1/keys/{made.Id()}", answer.Header("Location"));
        Assert.Matches("^nk_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$", made.Text("key"));
        Assert.StartsWith(made.Text("prefix") + "_", made.Text("key"), StringComparison.Ordinal);
        Assert.Equal(["content:read", "content:write"], made["scopes"]!.AsArray().Select(s => s!.GetValue<string>()));
        Assert.Equal(("Prüfung", "development", "2026-01-02T08:00:00.000Z", "2026-01-31T23:00:00.000Z"), (made.Text("name"), made.Text("createdBy"), made.Text("createdAt"), made.Text("expiresAt")));
        await _api.With(made.Text("key")).PostJson("/v1/articles", """{"headline":"a"}""").Answers(HttpStatusCode.Created);

        using var shown = await _api.Editor.Ask($"/v1/keys/{made.Id()}");
        Assert.Equal("no-store", shown.Header("Cache-Control"));
        Assert.Null(shown.Header("ETag"));
        var again = await shown.Object(HttpStatusCode.OK);
        made.Remove("key");
        Sending.Same(made, again);
        Sending.Same(new JsonArray(made.DeepClone()), (await _api.Editor.GetObject("/v1/keys"))["items"]);
    }

    [Fact]
    public async Task The_newest_key_stands_first_and_those_of_the_settings_in_no_list()
    {
        await using var api = new Api(("Access:KeyHashes:desk", new string('a', 64)));
        var ids = new List<string>();
        for (var i = 0; i < 3; i++) ids.Insert(0, (await api.Key(["content:read"])).Id());

        Assert.Equal(ids, (await api.Editor.GetObject("/v1/keys")).Each("id"));
    }

    [Theory]
    [InlineData("""{"scopes":["admin"]}""", 422, "/name")]
    [InlineData("""{"name":" ","scopes":["admin"]}""", 422, "/name")]
    [InlineData("""{"name":"a\nb","scopes":["admin"]}""", 422, "/name")]
    [InlineData("""{"name":"a"}""", 422, "/scopes")]
    [InlineData("""{"name":"a","scopes":[]}""", 422, "/scopes")]
    [InlineData("""{"name":"a","scopes":["admin","admin"]}""", 422, "/scopes")]
    [InlineData("""{"name":"a","scopes":["admin","root"]}""", 422, "/scopes/1")]
    [InlineData("""{"name":"a","scopes":["Admin"]}""", 422, "/scopes/0")]
    [InlineData("""{"name":"a","scopes":[null]}""", 422, "/scopes/0")]
    [InlineData("""{"name":"a","scopes":"admin"}""", 400, "/scopes")]
    [InlineData("""{"name":"a","scopes":["admin"],"expiresAt":"2026-01-02T08:00:00Z"}""", 422, "/expiresAt")]
    [InlineData("""{"name":"a","scopes":["admin"],"expiresAt":"morgen"}""", 400, "/expiresAt")]
    [InlineData("""{"name":"a","scopes":["admin"],"id":"0190aaaa-0000-7000-8000-000000000001"}""", 400, "/id")]
    [InlineData("""{"name":"a","scopes":["admin"],"key":"nk_abcdefgh_mine"}""", 400, "/key")]
    [InlineData("""{"name":"a","scopes":["admin"],"hash":"00"}""", 400, "/hash")]
    [InlineData("""{"name":"a","scopes":["admin"],"prefix":"nk_"}""", 400, "/prefix")]
    [InlineData("""{"name":"a","scopes":["admin"],"createdBy":"x"}""", 400, "/createdBy")]
    [InlineData("""{"name":"a","scopes":["admin"],"revokedAt":null}""", 400, "/revokedAt")]
    [InlineData("""{"name":"a","scopes":["admin"],"licence":{}}""", 422, "/licence")]
    [InlineData("""{"name":"a","scopes":["admin"],"licence":{"sections":[]}}""", 422, "/licence/sections")]
    [InlineData("""{"name":"a","scopes":["admin"],"licence":{"sections":["Politik!"]}}""", 422, "/licence/sections/0")]
    [InlineData("""{"name":"a","scopes":["admin"],"licence":{"languages":["deutsch in Österreich"]}}""", 422, "/licence/languages/0")]
    [InlineData("""{"name":"a","scopes":["admin"],"licence":{"languages":[""]}}""", 422, "/licence/languages/0")]
    [InlineData("""{"name":"a","scopes":["admin"],"licence":{"sources":[{"name":"APA","level":"some"}]}}""", 422, "/licence/sources/0/level")]
    [InlineData("""{"name":"a","scopes":["admin"],"licence":{"sources":[{"name":"APA"}]}}""", 422, "/licence/sources/0/level")]
    [InlineData("""{"name":"a","scopes":["admin"],"licence":{"sources":[{"name":"","level":"full"}]}}""", 422, "/licence/sources/0/name")]
    [InlineData("""{"name":"a","scopes":["admin"],"licence":{"sources":[{"name":"APA","level":"full"},{"name":"apa","level":"teaser"}]}}""", 422, "/licence/sources")]
    [InlineData("""{"name":"a","scopes":["admin"],"licence":{"sources":[null]}}""", 422, "/licence/sources/0")]
    [InlineData("""{"name":"a","scopes":["admin"],"licence":{"tags":["a"]}}""", 400, "/licence/tags")]
    public async Task What_a_key_cannot_be_is_refused_by_its_place(string body, int status, string pointer)
    {
        await _api.Editor.PostJson("/v1/keys", body).IsRefusedAt(status, pointer);

        Assert.Empty((await _api.Editor.GetObject("/v1/keys"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Nobody_makes_a_key_that_can_do_more_than_their_own()
    {
        var admin = await _api.Holder(["admin", "content:read"]);
        var before = Everything();

        var problem = await admin.PostJson("/v1/keys", Keys.Wanted(["content:write", "admin", "content:publish"])).IsRefused(422, "invalid");

        Assert.Equal(["/scopes/0", "/scopes/2"], problem.Places());
        Assert.All(problem["errors"]!.AsArray(), e => Assert.Equal("scopeTooWide", e!.Text("code")));
        Assert.Equal(before, Everything());
        await _api.Key(["admin"], by: admin);
    }

    [Fact]
    public async Task Nobody_gets_the_text_of_a_key_that_can_do_more_by_rotating_it()
    {
        var admin = await _api.Holder(["admin"]);
        var licensed = await _api.Holder(["admin", "content:write"], ""","licence":{"sections":["politik"]}""");
        var wider = await _api.Key(["content:write"]);
        var before = Everything();

        await admin.PostAsync($"/v1/keys/{wider.Id()}/rotate", null, TestContext.Current.CancellationToken).IsRefused(403, "scopeRequired");
        await licensed.PostAsync($"/v1/keys/{wider.Id()}/rotate", null, TestContext.Current.CancellationToken).IsRefused(403, "forbidden");

        Assert.Equal(before, Everything());
    }

    [Theory]
    [InlineData(OwnLicence, true)]
    [InlineData("""{"sections":["politik"],"languages":["de-AT"],"sources":[{"name":"APA","level":"metadata"}]}""", true)]
    [InlineData("""{"sections":["politik"],"languages":["de"],"sources":[{"name":"apa","level":"teaser"},{"name":"*","level":"metadata"}]}""", true)]
    [InlineData(null, false)]
    [InlineData("""{"sections":["politik","kultur"],"languages":["de"],"sources":[{"name":"APA","level":"teaser"}]}""", false)]
    [InlineData("""{"sections":["politik"],"languages":["it"],"sources":[{"name":"APA","level":"teaser"}]}""", false)]
    [InlineData("""{"sections":["politik"],"languages":["de"],"sources":[{"name":"APA","level":"full"}]}""", false)]
    [InlineData("""{"sections":["politik"],"languages":["de"],"sources":[{"name":"*","level":"teaser"}]}""", false)]
    [InlineData("""{"sections":["politik"],"languages":["de"]}""", false)]
    public async Task Nobody_gives_a_wider_licence_than_their_own(string? licence, bool isWithin)
    {
        var admin = await _api.Holder(["admin"], $""","licence":{OwnLicence}""");

        var sent = admin.PostJson("/v1/keys", Keys.Wanted(["admin"], licence is null ? "" : $""","licence":{licence}"""));

        if (isWithin) await sent.Answers(HttpStatusCode.Created);
        else Assert.Equal("licenceTooWide", (await sent.IsRefusedAt(422, "/licence"))["errors"]![0]!.Text("code"));
    }

    [Fact]
    public async Task Everybody_may_ask_who_they_are()
    {
        var made = await _api.Key(["sync:read"], ""","expiresAt":"2026-02-01T00:00:00Z","licence":{"sections":["politik"]}""");
        var me = await _api.With(made.Text("key")).GetObject("/v1/me");

        Sending.Same(
            new JsonObject
            {
                ["name"] = "Prüfung",
                ["prefix"] = made.Text("prefix"),
                ["scopes"] = new JsonArray("sync:read"),
                ["expiresAt"] = "2026-02-01T00:00:00.000Z",
                ["licence"] = new JsonObject { ["sections"] = new JsonArray("politik") },
            },
            me);
        Sending.Same(
            new JsonObject { ["name"] = "development", ["scopes"] = new JsonArray([.. Scopes.All.Select(s => JsonValue.Create(s))]) },
            await _api.Editor.GetObject("/v1/me"));
        await _api.Anonymous.Get("/v1/me").IsRefused(401, "unauthorized");
        await _api.With("wrong").Get("/v1/me").IsRefused(401, "unauthorized");
        Assert.Equal("no-store", (await _api.Editor.Get("/v1/me")).Header("Cache-Control"));
    }

    [Fact]
    public async Task A_revoked_key_is_refused_everywhere_from_that_moment_on()
    {
        var made = await _api.Key(Scopes.All);
        var client = _api.With(made.Text("key"));
        await client.GetObject("/v1/articles");

        await _api.Editor.Remove($"/v1/keys/{made.Id()}", null).Succeeds();

        foreach (var address in (string[])["/v1/articles", "/v1/me", "/v1/keys", "/v1/changes", "/health/live", "/openapi/v1.json"])
            await client.Get(address).IsRefused(401, "unauthorized");
        var shown = await _api.Editor.GetObject($"/v1/keys/{made.Id()}");
        Assert.Equal("2026-01-02T08:00:00.000Z", shown.Text("revokedAt"));
        _clock.Now += TimeSpan.FromHours(1);
        await _api.Editor.Remove($"/v1/keys/{made.Id()}", null).Succeeds();
        Sending.Same(shown, await _api.Editor.GetObject($"/v1/keys/{made.Id()}"));
        await _api.Editor.PostJson($"/v1/keys/{made.Id()}/rotate", "{}").IsRefused(409, "keyEnded");
    }

    [Fact]
    public async Task A_key_may_revoke_itself()
    {
        var made = await _api.Key(["admin"]);
        var client = _api.With(made.Text("key"));

        await client.Remove($"/v1/keys/{made.Id()}", null).Succeeds();

        await client.Get("/v1/keys").IsRefused(401);
    }

    [Fact]
    public async Task Unknown_keys_and_bad_ids_have_their_answers()
    {
        const string unknown = "/v1/keys/0190aaaa-0000-7000-8000-000000000001";
        await _api.Editor.Get(unknown).IsRefused(404);
        await _api.Editor.Remove(unknown, null).IsRefused(404);
        await _api.Editor.PostJson($"{unknown}/rotate", "{}").IsRefused(404);
        await _api.Editor.Get("/v1/keys/desk").IsRefused(400);
        await _api.Editor.Remove("/v1/keys/desk", null).IsRefused(400);
        await _api.Editor.PostJson("/v1/keys/desk/rotate", "{}").IsRefused(400);
    }

    [Fact]
    public async Task While_a_key_is_rotated_both_texts_are_good_and_then_the_new_one()
    {
        var made = await _api.Key(["content:preview"]);
        var old = _api.With(made.Text("key"));
        var rotated = await _api.Editor.PostJson($"/v1/keys/{made.Id()}/rotate", """{"overlapSeconds":600}""").Answers();
        var now = _api.With(rotated.Text("key"));

        Assert.NotEqual(made.Text("key"), rotated.Text("key"));
        Assert.NotEqual(made.Text("prefix"), rotated.Text("prefix"));
        Assert.Equal((made.Id(), "2026-01-02T08:10:00.000Z"), (rotated.Id(), rotated.Text("previousExpiresAt")));
        Assert.Equal("2026-01-02T08:10:00.000Z", (await old.GetObject("/v1/me")).Text("expiresAt"));
        foreach (var client in (HttpClient[])[old, now]) await client.GetObject("/v1/articles?perspective=preview");
        _clock.Now += TimeSpan.FromMilliseconds(599_999);
        await old.GetObject("/v1/articles");
        _clock.Now += TimeSpan.FromMilliseconds(1);
        await old.Get("/v1/articles").IsRefused(401);
        await now.GetObject("/v1/articles?perspective=preview");
        Assert.Null((await _api.Editor.GetObject($"/v1/keys/{made.Id()}"))["previousExpiresAt"]);
    }

    [Fact]
    public async Task There_are_never_three_texts_and_no_overlap_means_none()
    {
        var made = await _api.Key(["content:read"]);
        var second = await _api.Editor.PostAsync($"/v1/keys/{made.Id()}/rotate", null, TestContext.Current.CancellationToken).Answers();
        Assert.Equal("2026-01-03T08:00:00.000Z", second.Text("previousExpiresAt"));
        var third = await _api.Editor.PostJson($"/v1/keys/{made.Id()}/rotate", """{"overlapSeconds":2592000}""").Answers();

        await _api.With(made.Text("key")).Get("/v1/articles").IsRefused(401);
        await _api.With(second.Text("key")).GetObject("/v1/articles");
        var fourth = await _api.Editor.PostJson($"/v1/keys/{made.Id()}/rotate", """{"overlapSeconds":0}""").Answers();
        await _api.With(third.Text("key")).Get("/v1/articles").IsRefused(401);
        await _api.With(fourth.Text("key")).GetObject("/v1/articles");
        Assert.Null(fourth["previousExpiresAt"]);
        foreach (var wrong in (string[])["-1", "2592001", "1.5", "\"600\""]) Assert.True((int)(await _api.Editor.PostJson($"/v1/keys/{made.Id()}/rotate", $$"""{"overlapSeconds":{{wrong}}}""")).StatusCode is 400 or 422);
    }

    [Fact]
    public async Task An_expired_key_is_refused_without_anybody_doing_anything()
    {
        var made = await _api.Key(["content:read"], ""","expiresAt":"2026-01-02T09:00:00Z" """);
        var client = _api.With(made.Text("key"));
        _clock.Now += TimeSpan.FromMilliseconds(3_599_999);
        await client.GetObject("/v1/articles");

        _clock.Now += TimeSpan.FromMilliseconds(1);

        await client.Get("/v1/articles").IsRefused(401);
        await _api.Editor.PostJson($"/v1/keys/{made.Id()}/rotate", "{}").IsRefused(409, "keyEnded");
    }

    [Fact]
    public async Task Bad_keys_of_any_kind_have_one_answer()
    {
        var revoked = await _api.Key(["content:read"]);
        await _api.Editor.Remove($"/v1/keys/{revoked.Id()}", null).Succeeds();
        var expired = await _api.Key(["content:read"], ""","expiresAt":"2026-01-02T08:00:01Z" """);
        var good = (await _api.Key(["content:read"])).Text("key");
        _clock.Now += TimeSpan.FromMinutes(1);

        var answers = new HashSet<string>();
        foreach (var bad in (string[])[revoked.Text("key"), expired.Text("key"), "wrong", good[..^1], good + "x", good.ToUpperInvariant(), good[..11], "a.b.c"])
        {
            var problem = await _api.With(bad).Get("/v1/articles").IsRefused(401, "unauthorized");
            problem.Remove("traceId");
            answers.Add(problem.ToJsonString());
        }

        Assert.Single(answers);
        await _api.With(good).GetObject("/v1/articles");
    }

    [Fact]
    public async Task The_text_of_a_key_is_nowhere_but_in_the_answer_that_made_it()
    {
        await using var api = new Api(LogKeeper.Everything);
        using var log = new LogKeeper();
        api.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        var made = await api.Key(Scopes.All);
        var rotated = await api.Editor.PostJson($"/v1/keys/{made.Id()}/rotate", "{}").Answers();
        var secrets = ((JsonObject[])[made, rotated]).Select(k => k.Text("key")[12..]).ToList();
        var elsewhere = new StringBuilder();
        foreach (var secret in (string[])[made.Text("key"), rotated.Text("key")])
        {
            foreach (var (method, address) in ((HttpMethod, string)[])
            [
                (HttpMethod.Get, "/v1/keys"), (HttpMethod.Get, $"/v1/keys/{made.Id()}"), (HttpMethod.Get, "/v1/me"), (HttpMethod.Get, "/v1/articles?limit=0"),
                (HttpMethod.Post, "/v1/articles"), (HttpMethod.Post, "/v1/keys"), (HttpMethod.Get, "/nowhere"), (HttpMethod.Get, $"/v1/keys/{Uri.EscapeDataString(secret)}x"[..20]),
            ])
            {
                using var response = await api.With(secret).Send(method, address, method == HttpMethod.Post ? "{" : null);
                elsewhere.Append(response).Append(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            }
        }

        using (var tables = StoredTables.Of(api)) elsewhere.Append(tables.Everything());
        foreach (var file in Directory.GetFiles(api.Folder)) elsewhere.Append(Encoding.Latin1.GetString(await Shared(file)));
        foreach (var line in log.Lines) elsewhere.AppendLine(line);
        var text = elsewhere.ToString();
        Assert.Contains(made.Text("prefix"), text, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static async Task<byte[]> Shared(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, TestContext.Current.CancellationToken);
        return copy.ToArray();
    }

    private string Everything()
    {
        using var tables = StoredTables.Of(_api);
        return tables.Everything();
    }
}
