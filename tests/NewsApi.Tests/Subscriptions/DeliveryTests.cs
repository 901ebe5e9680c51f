using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using NewsApi.Tests.Access;
using NewsApi.Tests.Search;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Subscriptions;

/// <summary>Doorbells that ring, are not heard, ring again, and are given up.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private Receiver _receiver = null!;

    [Fact]
    public async Task A_new_subscription_rings_at_once_and_then_with_each_commit_of_its_types()
    {
        await using var api = new Api(Webhooks.Local);
        var made = await api.Editor.Subscribe(_receiver.Url, ""","types":["article"]""");
        await _receiver.Hears(1);
        await api.Person("Marco Rubio");
        await api.Draft("Entwurf");
        var article = await api.Article("Eins");

        await _receiver.Hears(2);
        await api.Editor.Settles(made.Id());
        var calls = _receiver.Calls.ToList();
        Assert.Equal(["0", "2"], calls.Select(c => c.Position));
        Assert.All(calls, call => Assert.True(call.IsSignedWith(made.Text("secret"))));
        Assert.All(calls, call => Assert.InRange(long.Parse(call.Timestamp, CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60, DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
        Assert.Distinct(calls.Select(c => c.Id));
        var bell = calls[1].Doorbell;
        Assert.Equal(["type", "timestamp", "data"], bell.Select(m => m.Key));
        Assert.Equal("changes.available", bell.Text("type"));
        Assert.Equal(["article"], bell["data"]!["types"]!.AsArray().Select(t => t!.GetValue<string>()));
        Assert.DoesNotContain(article.Id(), calls[1].Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Eins", calls[1].Body, StringComparison.Ordinal);

        // Its cursor is the place behind what it rang for.
        Assert.Empty((await api.Anonymous.GetObject($"/v1/changes?cursor={bell["data"]!.Text("cursor")}")).Items());
        Assert.Equal([article.Id()], (await api.Anonymous.GetObject($"/v1/changes?cursor={calls[0].Doorbell["data"]!.Text("cursor")}&types=article")).Each("id"));
        Assert.All(await api.Editor.Deliveries(made.Id()), d => Assert.Equal(("delivered", 1, 204), (d.Text("state"), d.Int("attempts"), d.Int("lastStatus"))));
        Assert.Equal(calls.Select(c => c.Id).Reverse(), (await api.Editor.Deliveries(made.Id())).Select(d => d.Id()));
    }

    [Fact]
    public async Task What_is_not_heard_is_sent_again_over_three_days_and_then_given_up()
    {
        var clock = new TestClock(DateTimeOffset.Parse("2026-01-02T08:00:00Z", CultureInfo.InvariantCulture));
        await using var api = new Api(clock, null, Webhooks.Local);
        _receiver.AnswerWith(500);
        var made = await api.Editor.Subscribe(_receiver.Url);
        var started = clock.Now;

        for (var attempt = 1; attempt <= 11; attempt++)
        {
            var delivery = await Tried(api, made.Id(), attempt);
            if (attempt == 11) break;

            Assert.Equal("pending", delivery.Text("state"));
            clock.Now = DateTimeOffset.Parse(delivery.Text("nextAttemptAt"), CultureInfo.InvariantCulture);
        }

        await api.Editor.Settles(made.Id());
        Assert.InRange(clock.Now - started, TimeSpan.FromHours(64), TimeSpan.FromHours(80));
        Assert.Equal("failed", Assert.Single(await api.Editor.Deliveries(made.Id())).Text("state"));
        Assert.Single(_receiver.Calls.Select(c => c.Id).Distinct());
        Assert.All(_receiver.Calls, call => Assert.True(call.IsSignedWith(made.Text("secret"))));
        Assert.Equal((false, "unreachable"), await api.Activity(made.Id()));
        Assert.Equal("disabled", (await api.Editor.GetObject("/v1/audit?type=subscription")).Items()[0].Text("action"));
    }

    [Fact]
    public async Task Who_has_heard_meanwhile_is_not_taken_for_unreachable()
    {
        var clock = new TestClock(DateTimeOffset.Parse("2026-01-02T08:00:00Z", CultureInfo.InvariantCulture));
        await using var api = new Api(clock, null, Webhooks.Local);
        _receiver.Answer = (http, call) =>
        {
            http.Response.StatusCode = call.Position == "0" ? 500 : 204;
            return Task.CompletedTask;
        };
        var id = (await api.Editor.Subscribe(_receiver.Url)).Id();
        await api.Article("Eins");
        for (var attempt = 1; attempt <= 11; attempt++)
        {
            await Tried(api, id, attempt);
            clock.Now = clock.Now.AddDays(2);
        }

        await api.Editor.Settles(id);
        Assert.Equal(["delivered", "failed"], (await api.Editor.Deliveries(id)).Select(d => d.Text("state")));
        Assert.Equal((true, null), await api.Activity(id));
    }

    [Fact]
    public async Task Whoever_is_told_to_come_later_comes_later()
    {
        var clock = new TestClock(DateTimeOffset.Parse("2026-01-02T08:00:00Z", CultureInfo.InvariantCulture));
        await using var api = new Api(clock, null, Webhooks.Local);
        _receiver.AnswerWith(503, ("Retry-After", "3600"));
        var id = (await api.Editor.Subscribe(_receiver.Url)).Id();

        await Sending.Eventually(async () => (await api.Editor.Deliveries(id)) is [var d] && d["lastStatus"] is not null && d["nextAttemptAt"]!.GetValue<string>() == "2026-01-02T09:00:00.000Z", "it comes in an hour");
    }

    [Fact]
    public async Task A_410_ends_it_and_what_waits_is_cancelled()
    {
        await using var api = new Api(Webhooks.Local);
        _receiver.AnswerWith(503, ("Retry-After", "3600"));
        var id = (await api.Editor.Subscribe(_receiver.Url)).Id();
        await Sending.Eventually(async () => (await api.Editor.Deliveries(id)) is [var d] && d["lastStatus"] is not null, "it was tried");
        _receiver.AnswerWith(410);
        await api.Article("Eins");

        await api.Editor.Settles(id);
        Assert.Equal(["failed", "cancelled"], (await api.Editor.Deliveries(id)).Select(d => d.Text("state")));
        Assert.Equal((false, "gone"), await api.Activity(id));
        var calls = _receiver.Calls.Count;
        await api.Article("Zwei");
        Assert.Equal(2, (await api.Editor.Deliveries(id)).Count);

        // Whoever switches it on again hears once where the feed stands.
        _receiver.AnswerWith(200);
        await api.Editor.Send(HttpMethod.Post, $"/v1/subscriptions/{id}/deliveries/0/replay", null).IsRefused(409, "inactive");
        await api.Editor.PatchJson($"/v1/subscriptions/{id}", """{"active":true}""").Answers();
        await _receiver.Hears(calls + 1);
        await api.Editor.Settles(id);
        Assert.Equal("2", _receiver.Calls.Last().Position);
    }

    [Fact]
    public async Task While_a_secret_is_rotated_both_sign_and_then_the_new_one()
    {
        var clock = new TestClock(DateTimeOffset.Parse("2026-01-02T08:00:00Z", CultureInfo.InvariantCulture));
        await using var api = new Api(clock, null, Webhooks.Local);
        var made = await api.Editor.Subscribe(_receiver.Url);
        await _receiver.Hears(1);
        var rotated = await api.Editor.PostJson($"/v1/subscriptions/{made.Id()}/rotate", """{"overlapSeconds":60}""").Answers();
        Assert.Equal("2026-01-02T08:01:00.000Z", rotated.Text("previousSecretExpiresAt"));

        await api.Article("Eins");
        await _receiver.Hears(2);
        clock.Now = clock.Now.AddSeconds(61);
        await api.Article("Zwei");
        await _receiver.Hears(3);

        var (before, after) = (made.Text("secret"), rotated.Text("secret"));
        var calls = _receiver.Calls.ToList();
        Assert.Equal([(true, false), (true, true), (false, true)], calls.Select(c => (c.IsSignedWith(before), c.IsSignedWith(after))));
        Assert.Equal(2, calls[1].Signature.Split(' ').Length);
        Assert.Null((await api.Editor.GetObject($"/v1/subscriptions/{made.Id()}"))["previousSecretExpiresAt"]);
    }

    [Fact]
    public async Task What_failed_is_sent_again_when_somebody_asks_for_it()
    {
        await using var api = new Api(Webhooks.Local);
        _receiver.AnswerWith(503, ("Retry-After", "7200"));
        var id = (await api.Editor.Subscribe(_receiver.Url)).Id();
        await api.Article("Eins");
        await Sending.Eventually(async () => (await api.Editor.Deliveries(id)) is [{ } a, { } b] && a["lastStatus"] is not null && b["lastStatus"] is not null, "both were tried");
        await api.Editor.PatchJson($"/v1/subscriptions/{id}", """{"active":false}""").Answers();
        await api.Editor.PostJson($"/v1/subscriptions/{id}/replay", """{"since":"2026-01-01T00:00:00Z"}""").IsRefused(409, "inactive");
        _receiver.AnswerWith(204);
        await api.Editor.PatchJson($"/v1/subscriptions/{id}", """{"active":true}""").Answers();
        await api.Editor.Settles(id);
        Assert.Equal(["delivered", "cancelled"], (await api.Editor.Deliveries(id)).Select(d => d.Text("state")));

        var report = await api.Editor.PostJson($"/v1/subscriptions/{id}/replay", """{"since":"2026-01-01T00:00:00Z"}""").Answers(HttpStatusCode.Accepted);

        Assert.Equal(1, report.Int("replayed"));
        await api.Editor.Settles(id);
        Assert.Equal(["delivered", "delivered"], (await api.Editor.Deliveries(id)).Select(d => d.Text("state")));
        var heard = _receiver.Calls.Count;
        var once = await api.Editor.Send(HttpMethod.Post, $"/v1/subscriptions/{id}/deliveries/1/replay", null).Answers(HttpStatusCode.Accepted);
        Assert.Equal(("pending", 0), (once.Text("state"), once.Int("attempts")));
        await _receiver.Hears(heard + 1);
        Assert.Equal(once.Id(), _receiver.Calls.Last().Id);
        await api.Editor.Send(HttpMethod.Post, $"/v1/subscriptions/{id}/deliveries/99/replay", null).IsRefused(404);
        await api.Editor.Send(HttpMethod.Post, $"/v1/subscriptions/{id}/deliveries/x/replay", null).IsRefused(400);
        await api.Editor.PostJson($"/v1/subscriptions/{id}/replay", "{}").IsRefusedAt(422, "/since");
    }

    [Fact]
    public async Task The_log_has_pages_and_filters()
    {
        await using var api = new Api(Webhooks.Local);
        var id = (await api.Editor.Subscribe(_receiver.Url)).Id();
        for (var i = 0; i < 5; i++) await api.Article($"Meldung {i}");
        await api.Editor.Settles(id);

        var positions = new List<string>();
        var address = $"/v1/subscriptions/{id}/deliveries?limit=4&state=delivered";
        for (string? next = ""; next is not null;)
        {
            var page = await api.Editor.GetObject(address + next);
            positions.AddRange(page.Items().Select(d => d.Text("position")));
            next = page["nextCursor"] is { } cursor ? $"&cursor={cursor}" : null;
        }

        Assert.Equal(["5", "4", "3", "2", "1", "0"], positions);
        Assert.Empty(await api.Editor.Deliveries(id, "&state=failed"));
        foreach (var query in (string[])["state=gone", "limit=0", "cursor=x"]) await api.Editor.Get($"/v1/subscriptions/{id}/deliveries?{query}").IsRefused(400);
    }

    [Fact]
    public async Task With_its_key_a_subscription_ends()
    {
        await using var api = new Api(Webhooks.Local);
        var key = await api.Key(["sync:read"]);
        var id = (await api.With(key.Text("key")).Subscribe(_receiver.Url)).Id();
        await _receiver.Hears(1);
        await api.Editor.Remove($"/v1/keys/{key.Id()}", null).Succeeds();
        await api.Article("Eins");

        await api.Editor.Settles(id);
        Assert.Single(_receiver.Calls);
        Assert.Equal((false, "keyEnded"), await api.Activity(id));
    }

    [Fact]
    public async Task The_cursor_of_a_bell_is_one_for_the_licence_of_its_key()
    {
        await using var api = new Api(Webhooks.Local);
        var partner = await api.Holder(["sync:read"], ""","licence":{"sections":["sport"]}""");
        await partner.Subscribe(_receiver.Url);
        await _receiver.Hears(1);
        var cursor = _receiver.Calls.Single().Doorbell["data"]!.Text("cursor");
        await api.Article("Eins", ""","section":{"slug":"sport"}""");

        Assert.Single((await partner.GetObject($"/v1/changes?cursor={cursor}&types=article")).Items());
        await api.Anonymous.Get($"/v1/changes?cursor={cursor}").IsRefused(410, "scopeChanged");
    }

    [Fact]
    public async Task A_thousand_rings_all_arrive_at_a_partner_who_fails_a_fifth_of_them()
    {
        var calls = await ThousandRings.RunAsync();

        Assert.All(calls, c => Assert.True(c.Call.IsSignedWith(c.Secret)));
    }

    [Fact]
    public async Task What_an_old_address_answers_says_nothing_of_the_new_one()
    {
        await using var api = new Api(Webhooks.Local);
        await using var old = await Receiver.StartAsync();
        var moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        old.Answer = async (http, _) =>
        {
            await moved.Task;
            http.Response.StatusCode = 410;
        };
        var id = (await api.Editor.Subscribe(old.Url)).Id();
        await old.Hears(1);
        await api.Editor.PatchJson($"/v1/subscriptions/{id}", $$"""{"webhookUrl":"{{_receiver.Url}}"}""").Answers();
        moved.SetResult();

        await api.Editor.Settles(id);
        Assert.Equal("0", Assert.Single(_receiver.Calls).Position);
        Assert.Equal("delivered", Assert.Single(await api.Editor.Deliveries(id)).Text("state"));
        Assert.Equal((true, null), await api.Activity(id));
    }

    [Fact]
    public async Task What_is_answered_when_the_program_ends_is_kept()
    {
        using var folder = new TestFolder();
        _receiver.Answer = (http, _) => Task.Delay(500, CancellationToken.None);
        string id;
        await using (var before = new Api(null, folder, Webhooks.Local))
        {
            id = (await before.Editor.Subscribe(_receiver.Url)).Id();
            await _receiver.Hears(1);
        }

        await using var after = new Api(null, folder, Webhooks.Local);
        var delivery = Assert.Single(await after.Editor.Deliveries(id));
        Assert.Equal(("delivered", 1), (delivery.Text("state"), delivery.Int("attempts")));
    }

    [Fact]
    public async Task The_newsroom_sees_what_became_of_a_ring_for_several_changes_at_once()
    {
        await using var api = new Api(Webhooks.Local);
        var id = (await api.Editor.Subscribe(_receiver.Url)).Id();
        var (first, second) = ((await api.Draft("Eins")).Id(), (await api.Draft("Zwei")).Id());
        var jobs = ((string[])[first, second]).Select(article => $$"""{"operation":"publish","type":"article","id":"{{article}}","expectedVersion":1}""");
        await api.Editor.PostJson("/v1/batch", $$"""{"atomic":true,"jobs":[{{string.Join(',', jobs)}}]}""").Answers();
        await api.Editor.Settles(id);

        var partner = (await api.Editor.GetObject($"/v1/articles/{first}/propagation"))["partners"]!.AsArray().Single()!;

        Assert.Equal(("delivered", false), (partner.Text("delivery"), partner["acknowledged"]!.GetValue<bool>()));
    }

    /// <summary>A partner sets a checkpoint after each ring, while another node is ringing.</summary>
    [Fact]
    public async Task Checkpoints_and_commits_of_two_nodes_wait_for_nobody()
    {
        Assert.SkipUnless(TestDatabase.IsPostgres, "NEWSAPI_TEST_POSTGRES is not set; on SQLite there is one writer at a time");
        using var folder = new TestFolder();
        await using (var one = new Api(null, folder, Webhooks.Local))
        await using (var other = new Api(null, folder, Webhooks.Local))
        {
            var id = (await one.Editor.Subscribe(_receiver.Url)).Id();
            var cursor = (await one.Anonymous.GetObject("/v1/changes")).Text("nextCursor");
            var isOver = false;
            var marking = Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
            {
                while (!Volatile.Read(ref isOver))
                {
                    await other.Editor.PutJson($"/v1/subscriptions/{id}/checkpoint", $$"""{"cursor":"{{cursor}}"}""").Answers();
                    await other.Article($"Dort {i}");
                }
            })).ToList();
            for (var i = 0; i < 60; i++) await one.Article($"Hier {i}");
            Volatile.Write(ref isOver, true);
            await Task.WhenAll(marking);
        }

        using var tables = new Storage.StoredTables(folder);
        await Sending.Eventually(() => Task.FromResult(tables.Number("SELECT numbackends FROM pg_stat_database WHERE datname = current_database()") == 1), "both nodes have gone");
        Assert.Equal(0, tables.Number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
    }

    [Fact]
    public async Task Of_two_nodes_one_takes_a_ring_and_one_that_ended_leaves_its_rings_to_the_other()
    {
        using var folder = new TestFolder();
        await using var one = new Api(null, folder, Webhooks.Local);
        await using var other = new Api(null, folder, Webhooks.Local);
        var id = (await one.Editor.Subscribe(_receiver.Url)).Id();
        for (var i = 0; i < 40; i++) await (i % 2 == 0 ? one : other).Article($"Meldung {i}");

        await one.Editor.Settles(id);
        await Sending.Eventually(() => Task.FromResult(_receiver.Calls.Select(c => c.Id).Distinct().Count() == 41), "all have rung");
        Assert.Equal(41, _receiver.Calls.Count);
    }

    [Fact]
    public async Task A_ring_of_a_node_that_ended_in_the_middle_is_sent_again()
    {
        using var folder = new TestFolder();
        var clock = new TestClock(DateTimeOffset.Parse("2026-01-02T08:00:00Z", CultureInfo.InvariantCulture));
        _receiver.Answer = (http, _) => Task.Delay(Timeout.Infinite, http.RequestAborted);
        string id;
        await using (var before = new Api(clock, folder, Webhooks.Local))
        {
            id = (await before.Editor.Subscribe(_receiver.Url)).Id();
            await _receiver.Hears(1);
        }

        _receiver.AnswerWith(204);
        await using var after = new Api(clock, folder, Webhooks.Local);
        Assert.Equal("pending", Assert.Single(await after.Editor.Deliveries(id)).Text("state"));
        clock.Now = clock.Now.AddMinutes(2);
        await after.Editor.Settles(id);
        Assert.Equal(("delivered", 2), (Assert.Single(await after.Editor.Deliveries(id)).Text("state"), Assert.Single(await after.Editor.Deliveries(id)).Int("attempts")));
    }

    [Fact]
    public async Task What_is_over_is_forgotten_after_thirty_days()
    {
        using var folder = new TestFolder();
        var clock = new TestClock(DateTimeOffset.Parse("2026-01-02T08:00:00Z", CultureInfo.InvariantCulture));
        string id;
        await using (var before = new Api(clock, folder, Webhooks.Local))
        {
            id = (await before.Editor.Subscribe(_receiver.Url)).Id();
            await before.Editor.Settles(id);
            clock.Now = clock.Now.AddDays(20);
            await before.Article("Eins");
            await before.Editor.Settles(id);
        }

        clock.Now = clock.Now.AddDays(11);
        await using var after = new Api(clock, folder, Webhooks.Local);
        await Sending.Eventually(async () => (await after.Editor.Deliveries(id)).Count == 1, "the older one is forgotten");
        Assert.Equal("1", (await after.Editor.Deliveries(id))[0].Text("position"));
    }

    [Fact]
    public async Task One_partner_who_is_slow_holds_up_no_other()
    {
        await using var api = new Api(Webhooks.Local);
        await using var slow = await Receiver.StartAsync();
        slow.Answer = (http, _) => Task.Delay(Timeout.Infinite, http.RequestAborted);
        var slowId = (await api.Editor.Subscribe(slow.Url)).Id();
        var id = (await api.Editor.Subscribe(_receiver.Url)).Id();
        for (var i = 0; i < 30; i++) await api.Article($"Meldung {i}");

        await api.Editor.Settles(id);

        Assert.Equal(31, _receiver.Calls.Count);
        var onTheirWay = (await api.Editor.Deliveries(slowId)).Count(d => d.Int("attempts") > 0 && d["lastStatus"] is null && d["lastError"] is null);
        Assert.InRange(onTheirWay, 1, 8);
    }

    public async ValueTask InitializeAsync() => _receiver = await Receiver.StartAsync();

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    /// <summary>The oldest delivery once so many attempts were made and recorded.</summary>
    private static async Task<JsonNode> Tried(Api api, string id, int attempts)
    {
        JsonNode? oldest = null;
        await Sending.Eventually(
            async () =>
            {
                oldest = (await api.Editor.Deliveries(id))[^1];
                return oldest.Int("attempts") == attempts && oldest["lastStatus"] is not null;
            },
            $"attempt {attempts}");
        return oldest!;
    }
}
