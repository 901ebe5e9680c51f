using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Access;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Publishing;

public sealed class IdempotencyTests : IAsyncDisposable
{
    private const string Article = """{"headline":"Nur einmal"}""";

    private readonly TestClock _clock = new(new DateTimeOffset(2026, 1, 2, 10, 0, 0, TimeSpan.Zero));
    private readonly Api _api;

    public IdempotencyTests() => _api = new Api(_clock, null);

    [Fact]
    public async Task The_same_request_is_answered_with_the_same_bytes_and_happens_once()
    {
        using var first = await Post("/v1/articles", Article, "schluessel-1");
        using var again = await Post("/v1/articles", Article, "schluessel-1");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, again.StatusCode));
        Assert.Equal(await first.Bytes(), await again.Bytes());
        Assert.Equal((first.Headers.ETag, first.Headers.Location), (again.Headers.ETag, again.Headers.Location));
        Assert.NotNull(again.Headers.Location);
        Assert.Single((await _api.Editor.GetObject("/v1/articles?perspective=preview"))["items"]!.AsArray());
    }

    [Fact]
    public async Task What_was_answered_then_is_answered_although_the_resource_is_another_now()
    {
        var created = await Post("/v1/articles", Article, "k").Answers(HttpStatusCode.Created);
        await _api.Editor.PatchJson($"/v1/articles/{created.Id()}", """{"headline":"Anders"}""").Answers();

        Sending.Same(created, await Post("/v1/articles", Article, "k").Answers(HttpStatusCode.Created));
        Assert.Equal("Anders", (await _api.Preview("articles", created.Id())).Text("headline"));
    }

    [Fact]
    public async Task What_was_retracted_since_is_not_answered_again()
    {
        var created = await Post("/v1/articles", Article, "k").Answers(HttpStatusCode.Created);
        await _api.Editor.Publish(created.Id()).Answers();
        await Post($"/v1/articles/{created.Id()}/corrections", """{"kind":"update","note":"Ein Satz kam dazu."}""", "c").Answers(HttpStatusCode.Created);
        await Post($"/v1/articles/{created.Id()}/retraction", """{"reason":"legal","note":"Gerichtsbeschluss."}""", "r").Answers();

        await Post("/v1/articles", Article, "k").IsRefused(409, "answerWithheld");
        await Post($"/v1/articles/{created.Id()}/corrections", """{"kind":"update","note":"Ein Satz kam dazu."}""", "c").IsRefused(409, "answerWithheld");
        await Post($"/v1/articles/{created.Id()}/retraction", """{"reason":"legal","note":"Gerichtsbeschluss."}""", "r").Answers();
        Assert.Single((await _api.Editor.GetObject("/v1/articles?perspective=preview"))["items"]!.AsArray());
    }

    [Fact]
    public async Task What_the_licence_does_not_show_any_more_is_not_answered_again()
    {
        var key = await _api.Key(["content:write"]);
        using var writer = _api.With(key.Text("key"));
        await writer.Send(HttpMethod.Post, "/v1/articles", Article, ("Idempotency-Key", "k")).Answers(HttpStatusCode.Created);

        await _api.Editor.PatchJson($"/v1/keys/{key.Id()}", """{"licence":{"sections":["sport"]}}""").Answers();

        await writer.Send(HttpMethod.Post, "/v1/articles", Article, ("Idempotency-Key", "k")).IsRefused(409, "answerWithheld");
        Assert.Single((await _api.Editor.GetObject("/v1/articles?perspective=preview"))["items"]!.AsArray());
    }

    [Theory]
    [InlineData("/v1/articles", """{"headline":"Etwas anderes"}""")]
    [InlineData("/v1/articles", """{ "headline":"Nur einmal"}""")]
    [InlineData("/v1/events", """{"title":"Nur einmal","start":{"value":"2026"}}""")]
    public async Task A_key_is_for_one_request(string address, string body)
    {
        await Post("/v1/articles", Article, "k").Answers(HttpStatusCode.Created);

        var problem = await Post(address, body, "k").IsRefused(422, "idempotencyKeyReused");

        Assert.Equal("Idempotency-Key", problem["errors"]![0]!.Text("parameter"));
        Assert.Single((await _api.Editor.GetObject("/v1/articles?perspective=preview"))["items"]!.AsArray());
        Assert.Empty((await _api.Anonymous.GetObject("/v1/events"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_refused_request_may_come_again_with_its_key()
    {
        await Post("/v1/articles", """{"headline":"a","people":[{"slug":"rubio"}]}""", "k").IsRefused(422);
        await _api.Person("Rubio");

        await Post("/v1/articles", """{"headline":"a","people":[{"slug":"rubio"}]}""", "k").Answers(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("corrections", """{"kind":"update","note":"Ein Satz kam dazu."}""", 201)]
    [InlineData("retraction", """{"reason":"legal","note":"Gerichtsbeschluss."}""", 200)]
    public async Task What_is_done_to_an_article_is_done_once(string route, string body, int status)
    {
        var article = await _api.Article("Öffentlich");
        var address = $"/v1/articles/{article.Id()}/{route}";

        var first = await Post(address, body, "k").Answers((HttpStatusCode)status);
        var again = await Post(address, body, "k").Answers((HttpStatusCode)status);

        Sending.Same(first, again);
        Assert.Equal(2, (await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}")).Int("version"));
    }

    [Fact]
    public async Task An_import_is_reported_once_more_as_it_was()
    {
        const string page = """
             date 2026-02-14 Aktuelle Seite: Home > Chronik > Steg gesperrt
            Arbeiten bis März

            Steg gesperrt

            Samstag, 14. Februar 2026 | 09:30 Uhr
            Von: APA

            Der Steg über den Bach bleibt bis März gesperrt. Das teilte die Gemeinde am Samstag mit.
            """;
        var first = await Import(page);
        var again = await Import(page);

        Assert.Equal("created", first["items"]![0]!.Text("outcome"));
        Sending.Same(first, again);

        Task<JsonObject> Import(string text) => _api.Editor.Ask(
            HttpMethod.Post, "/v1/imports", new StringContent(text, System.Text.Encoding.UTF8, "text/plain"), ("Idempotency-Key", "k")).Answers();
    }

    [Fact]
    public async Task The_answer_survives_a_restart_and_holds_for_a_day()
    {
        using var folder = new TestFolder();
        JsonObject first;
        await using (var before = new Api(_clock, folder)) first = await Post(before, "/v1/articles", Article, "k").Answers(HttpStatusCode.Created);

        await using (var after = new Api(_clock, folder))
        {
            _clock.Now = _clock.Now.AddHours(24);
            Sending.Same(first, await Post(after, "/v1/articles", Article, "k").Answers(HttpStatusCode.Created));

            _clock.Now = _clock.Now.AddSeconds(1);
            var second = await Post(after, "/v1/articles", Article, "k").Answers(HttpStatusCode.Created);
            Assert.NotEqual(first.Id(), second.Id());
        }
    }

    [Fact]
    public async Task Two_hundred_keys_and_eight_racers_each_make_two_hundred_articles()
    {
        const int keys = 200;
        await using var other = new Api(_clock, _api.Folder);
        var ids = new List<string>();
        await Parallel.ForAsync(0, keys, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (key, _) =>
        {
            var body = new JsonObject { ["headline"] = $"Artikel {key}" }.ToJsonString();
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(racer => Race(racer % 2 == 0 ? _api : other, body, $"key-{key}")));
            lock (ids) ids.Add(Assert.Single(answers.OfType<string>().Distinct()));
        });

        var list = await _api.Editor.GetObject("/v1/articles?perspective=preview&limit=200&count=exact");
        Assert.Equal((keys, keys), (list.Int("total"), ids.Distinct().Count()));
        Assert.Equal(ids.Order(), list.Each("id").Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("zwei Worte")]
    public async Task A_key_that_is_none_is_refused(string key)
    {
        var problem = await Post("/v1/articles", Article, key).IsRefused(400, "invalidParameter");

        Assert.Equal("Idempotency-Key", problem["errors"]![0]!.Text("parameter"));
        Assert.Empty((await _api.Editor.GetObject("/v1/articles?perspective=preview"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_key_of_more_than_255_characters_is_refused() => await Post("/v1/articles", Article, new string('k', 256)).IsRefused(400, "invalidParameter");

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    /// <summary>The id answered; nothing where another racer was still at work.</summary>
    private static async Task<string?> Race(Api api, string body, string key)
    {
        using var response = await Post(api, "/v1/articles", body, key);
        if (response.StatusCode == HttpStatusCode.Conflict)
        {
            await response.Problem(409, "idempotencyKeyAtWork");
            return null;
        }

        return (await response.Object(HttpStatusCode.Created)).Id();
    }

    private static Task<HttpResponseMessage> Post(Api api, string address, string body, string key) =>
        api.Editor.Send(HttpMethod.Post, address, body, ("Idempotency-Key", key));

    private Task<HttpResponseMessage> Post(string address, string body, string key) => Post(_api, address, body, key);
}
