using System.Net;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Changes;

/// <summary>Partners who keep a copy while the newsroom works.</summary>
public sealed class FollowingTests
{
    [Fact]
    public async Task A_copy_made_of_the_sample_content_is_what_the_public_sees()
    {
        await using var api = new Api(("Samples:Load", "true"));

        var copy = (await new Follower(api.Anonymous, "limit=7").CatchUpAsync()).Copy;

        Assert.True(copy.Count > 20);
        Assert.Equal(await Follower.PublicAsync(api), copy);
    }

    [Theory]
    [InlineData("64")]
    [InlineData("0")]
    public async Task Followers_miss_nothing_while_many_write(string megabytes)
    {
        const int writers = 12;
        await using var api = new Api(("Cache:Megabytes", megabytes));
        var person = await api.Person("Person 0");
        var followers = ((string[])["limit=1", "limit=3", "limit=500", "types=event&limit=500", "types=person&limit=2", "types=article,event&limit=5"])
            .Select(query => (Query: query, Follower: new Follower(api.Anonymous, query))).ToList();
        var isOver = false;
        var following = followers.Select(f => Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver)) await f.Follower.StepAsync();
            await f.Follower.CatchUpAsync();
        })).ToList();

        await Task.WhenAll(Enumerable.Range(0, writers).Select(i => WriteAsync(api, person.Id(), i)));
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(following);

        var whole = await new Follower(api.Anonymous, "limit=500").CatchUpAsync();
        Assert.Equal(Enumerable.Range(1, whole.Entries.Count).Select(i => (long)i), whole.Entries.Select(Follower.Position));
        Assert.Equal(await Follower.PublicAsync(api), whole.Copy);
        foreach (var resource in whole.Entries.GroupBy(e => e.Id()))
        {
            var versions = resource.Select(e => e.Int("version")).ToList();
            Assert.Equal(versions.Order(), versions);
        }

        foreach (var (query, follower) in followers)
        {
            var types = query.Contains("types=", StringComparison.Ordinal) ? query.Split('=', '&')[1].Split(',') : ["article", "person", "event"];
            Assert.Equal(
                whole.Entries.Where(e => types.Contains(e.Text("type"))).Select(e => e.ToJsonString()),
                follower.Entries.Select(e => e.ToJsonString()));
            Assert.Equal(whole.Copy.Where(c => types.Contains(c.Key.Split(' ')[0])), follower.Copy);
            Assert.Equal(whole.Cursor, follower.Cursor);
        }
    }

    /// <summary>Everything that an entry can tell of, some of it left as a draft.</summary>
    private static async Task WriteAsync(Api api, string person, int writer)
    {
        var newsEvent = await api.Event($"Ereignis {writer}");
        var article = await api.Article($"Meldung {writer}", $$""","people":[{"id":"{{person}}"}],"events":[{"id":"{{newsEvent.Id()}}"}],"externalIds":[{"source":"desk","value":"{{writer}}"}]""");
        var address = $"/v1/articles/{article.Id()}";
        await api.Editor.PatchJson($"{address}?draft=true", """{"teaser":"in Arbeit"}""").Answers();
        await api.Editor.PatchJson($"/v1/people/{person}", $$"""{"name":"Person {{writer + 1}}"}""").Answers();
        await api.Editor.PatchJson($"/v1/events/{newsEvent.Id()}", """{"start":{"value":"2026-02"}}""").Answers();
        await api.Editor.Remove($"{address}/publication", null).Answers();
        if (writer % 3 == 0) return;

        await api.Editor.Publish(article.Id()).Answers();
        if (writer % 3 == 1) return;

        await api.Editor.Remove(address).Succeeds();
        await api.Editor.PutJson(address, """{"headline":"Wieder da"}""").Answers(HttpStatusCode.Created);
        await api.Editor.Publish(article.Id()).Answers();
    }
}
