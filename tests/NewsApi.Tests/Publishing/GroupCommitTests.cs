using System.Net;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Publishing;

/// <summary>Writes that wait together share a commit, and none of them feels it.</summary>
public sealed class GroupCommitTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task A_write_that_is_refused_takes_none_of_its_neighbours_along()
    {
        await _api.Person("Anna Gruber", ""","externalIds":[{"source":"desk","value":"1"}]""");

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => _api.Editor.PostJson(
            "/v1/people",
            i % 5 == 0
                ? """{"name":"Doppelt","externalIds":[{"source":"desk","value":"1"}]}"""
                : $$"""{"name":"Person {{i:000}}"}""")));

        Assert.All(answers.Where((_, i) => i % 5 == 0), a => Assert.Equal(HttpStatusCode.Conflict, a.StatusCode));
        Assert.All(answers.Where((_, i) => i % 5 != 0), a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        var names = (await _api.Anonymous.GetObject("/v1/people?limit=200")).Each("name");
        Assert.Equal(81, names.Length);
        Assert.DoesNotContain("Doppelt", names);
    }

    [Fact]
    public async Task Titles_that_arrive_together_get_slugs_of_their_own()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => _api.Editor.PostJson("/v1/articles", """{"headline":"Wetter heute"}""")));

        var slugs = new List<string>();
        foreach (var answer in answers) slugs.Add((await answer.Object(HttpStatusCode.Created)).Text("slug"));

        Assert.Equal(Enumerable.Range(1, 30).Select(i => i == 1 ? "wetter-heute" : $"wetter-heute-{i}").Order(), slugs.Order());
    }

    [Fact]
    public async Task A_client_that_hangs_up_does_not_disturb_the_others()
    {
        using var hangsUp = new CancellationTokenSource();
        var abandoned = Enumerable.Range(0, 20).Select(i => _api.Editor.PostAsync("/v1/people", Json.Body($$"""{"name":"Weg {{i}}"}"""), hangsUp.Token)).ToList();
        var kept = Enumerable.Range(0, 20).Select(i => _api.Editor.PostJson("/v1/people", $$"""{"name":"Da {{i}}"}""")).ToList();
        await hangsUp.CancelAsync();

        var answers = await Task.WhenAll(kept);

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        await Task.WhenAll(abandoned.Select(a => a.ContinueWith(_ => { }, TaskScheduler.Default)));
        Assert.Equal(20, (await _api.Anonymous.GetObject("/v1/people?limit=200")).Each("name").Count(n => n.StartsWith("Da", StringComparison.Ordinal)));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
