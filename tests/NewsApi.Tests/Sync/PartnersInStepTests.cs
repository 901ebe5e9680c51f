using NewsApi.Generate;
using NewsApi.Tests.Changes;
using NewsApi.Tests.Search;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Sync;

/// <summary>Eight who write and four who follow, badly: in the end everybody holds what is public, and can tell.</summary>
public sealed class PartnersInStepTests : IAsyncDisposable
{
    private const int Writers = 8;
    private const int WritesEach = 40;

    private readonly Api _api = new();

    [Fact]
    public async Task Whatever_is_written_meanwhile_all_copies_are_the_public_set()
    {
        var people = new List<string>();
        for (var i = 0; i < 12; i++) people.Add((await _api.Person($"Person {i}")).Id());
        var isOver = false;
        var partners = Enumerable.Range(0, 4).Select(i => Task.Run(() => FollowAsync(i, () => Volatile.Read(ref isOver)))).ToList();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(() => WriteAsync(i, people))));
        await Sending.Eventually(async () => (await _api.Editor.GetObject("/v1/articles?perspective=preview&limit=200")).Items().All(a => a.Text("status") != "scheduled"), "all schedules are over");
        Volatile.Write(ref isOver, true);
        var copies = await Task.WhenAll(partners);

        var state = await Follower.PublicAsync(_api);
        Assert.NotEmpty(state);
        foreach (var copy in copies)
        {
            await copy.CatchUpAsync();
            Assert.Empty(await copy.CompareAsync());
            Assert.Equal(state.Keys, copy.Copy.Keys.Select(k => $"{k.Type} {k.Id}"));
        }
    }

    [Fact]
    public async Task A_skip_a_swap_and_a_missing_tombstone_are_each_found_out()
    {
        var article = await _api.Article("Eins");
        var copy = await new CopyKeeper(_api.Anonymous).StartAsync();
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"teaser":"zwei"}""").Answers();
        var second = (await _api.Anonymous.GetObject("/v1/changes?include=resource")).Items()[^1]["article"]!.DeepClone().AsObject();
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"teaser":"drei"}""").Answers();
        var person = await _api.Person("Marco Rubio");
        var key = ("article", article.Id());

        // A skip: the cursor is moved on, what lies between was not applied.
        copy.Rewind((await _api.Anonymous.GetObject("/v1/changes")).Text("nextCursor"));
        Assert.Equal(3, (await copy.CompareAsync()).Count);

        // A swap: the older of two versions was applied last.
        await copy.StartAsync();
        copy.Copy[key] = second;
        Assert.All(await copy.CompareAsync(), line => Assert.Contains(article.Id(), line, StringComparison.Ordinal));
        Assert.Equal(2, (await copy.CompareAsync()).Count);

        // A tombstone that was lost.
        await copy.StartAsync();
        var kept = copy.Copy[("person", person.Id())];
        await _api.Editor.Remove($"/v1/people/{person.Id()}").Succeeds();
        await copy.CatchUpAsync();
        copy.Copy[("person", person.Id())] = kept;
        Assert.Contains(person.Id(), Assert.Single(await copy.CompareAsync()), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private async Task WriteAsync(int writer, List<string> people)
    {
        var dice = new Dice(11, (char)('a' + writer), 0);
        var articles = new List<string>();
        for (var i = 0; i < WritesEach; i++)
        {
            if (articles.Count == 0 || i % 6 == 0)
            {
                articles.Add((await _api.Draft($"Meldung {writer} {i}", $$""","people":[{"id":"{{people[(writer + i) % people.Count]}}"}]""")).Id());
                await SendAsync(HttpMethod.Put, $"/v1/articles/{articles[^1]}/publication", "{}");
                continue;
            }

            var article = articles[i * 7 % articles.Count];
            switch (dice.Pick(["teaser", "withdraw", "publish", "schedule", "rename", "merge", "delete", "retract"]))
            {
                case "teaser": await SendAsync(HttpMethod.Patch, $"/v1/articles/{article}", $$"""{"teaser":"{{writer}} {{i}}"}"""); break;
                case "withdraw": await SendAsync(HttpMethod.Delete, $"/v1/articles/{article}/publication", null); break;
                case "publish": await SendAsync(HttpMethod.Put, $"/v1/articles/{article}/publication", "{}"); break;
                case "schedule":
                    await SendAsync(HttpMethod.Patch, $"/v1/articles/{article}?draft=true", $$"""{"kicker":"{{i}}"}""");
                    await SendAsync(HttpMethod.Put, $"/v1/articles/{article}/publication", $$"""{"publishAt":"{{DateTime.UtcNow.AddSeconds(2):yyyy-MM-ddTHH:mm:ss.fffZ}}"}""");
                    break;
                case "rename": await SendAsync(HttpMethod.Patch, $"/v1/people/{people[writer]}", $$"""{"name":"Neu {{writer}} {{i}}"}"""); break;
                case "merge":
                    await SendAsync(HttpMethod.Post, $"/v1/people/{people[writer]}/merge", $$"""{"into":"{{people[8 + writer % 4]}}"}""");
                    if (i % 2 == 0) await SendAsync(HttpMethod.Delete, $"/v1/people/{people[writer]}/merge", null);
                    break;
                case "delete":
                    articles.Remove(article);
                    await SendAsync(HttpMethod.Delete, $"/v1/articles/{article}", null);
                    break;
                default: await SendAsync(HttpMethod.Post, $"/v1/articles/{article}/retraction", """{"reason":"legal","note":"Zurückgezogen."}"""); break;
            }
        }
    }

    /// <summary>What the state of things refuses is refused; nothing is to go wrong.</summary>
    private async Task SendAsync(HttpMethod method, string address, string? body)
    {
        var content = body is null ? null : Json.Body(body, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        using var response = await _api.Editor.Ask(method, address, content, ("If-Match", "*"));
        Assert.True((int)response.StatusCode < 500, $"{method} {address}: {response.StatusCode} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }

    private async Task<CopyKeeper> FollowAsync(int partner, Func<bool> isOver)
    {
        var random = new Random(partner);
        var copy = partner % 2 == 0 ? await new CopyKeeper(_api.Anonymous).StartAsync() : new CopyKeeper(_api.Anonymous);
        var earlier = new List<string>();
        while (!isOver())
        {
            await copy.StepAsync(random.Next(1, 60));
            earlier.Add(copy.Cursor!);
            switch (random.Next(12))
            {
                case 0:
                    // Back, and never ahead of it again but by reading: what lies between would be missing.
                    var back = random.Next(earlier.Count);
                    copy.Rewind(earlier[back]);
                    earlier.RemoveRange(back + 1, earlier.Count - back - 1);
                    break;
                case 1: await copy.StartAsync(); break;
                case 2: await Task.Delay(random.Next(200), TestContext.Current.CancellationToken); break;
                case 3: await copy.CompareAsync(); break;
            }

            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        return copy;
    }
}
