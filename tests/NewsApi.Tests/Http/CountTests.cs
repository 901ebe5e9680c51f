using NewsApi.Tests.Support;

namespace NewsApi.Tests.Http;

public sealed class CountTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task A_list_is_counted_where_it_is_asked_for_and_only_there()
    {
        var rubio = await _api.Person("Marco Rubio");
        var summit = await _api.Event("Gipfel", "2026-01-06");
        await _api.Event("Nachher", "2026-02", """,  "certainty":"announced" """);
        for (var i = 0; i < 5; i++)
            await _api.Article($"A{i}", $$""","tags":["a","{{(i < 2 ? "b" : "c")}}"],"people":[{"id":"{{rubio.Id()}}"}],"events":[{"id":"{{summit.Id()}}"}]""", $"2026-01-0{1 + i}T08:00:00Z");
        await _api.Draft("Entwurf", ""","tags":["a"]""");

        foreach (var (address, total) in ((string, int)[])
            [
                ("articles", 5), ("articles?tag=a", 5), ("articles?tag=b,c", 5), ("articles?tag=a,b", 5), ("articles?tag=b", 2), ("articles?tag=a&person=marco-rubio", 5),
                ("articles?publishedFrom=2026-01-02&publishedTo=2026-01-03", 2), ("articles?publishedFrom=2026-01-04&tag=c", 2), ("articles?tag=nichts", 0),
                ("articles?person=niemand", 0), ("people", 1), ("events", 2), ("events?from=2026-01-06", 2), ("events?to=2026-01-31", 1), ("events?certainty=planned,announced", 2),
                ("events?from=2026-02-02&to=2026-02-02&certainty=announced", 1), ("sections", 0), ($"people/{rubio.Id()}/articles?tag=b", 2),
                ($"events/{summit.Id()}/articles", 5), ("articles?view=full&include=people,events", 5),
            ])
        {
            var sign = address.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            Assert.Null((await _api.Anonymous.GetObject($"/v1/{address}"))["total"]);
            for (var limit = 1; limit <= 5; limit += 4)
            {
                var page = await _api.Anonymous.GetObject($"/v1/{address}{sign}limit={limit}&count=exact");
                Assert.True(page.Int("total") == total, $"{page.Int("total")} instead of {total} in {address}");
                if (page["nextCursor"] is { } next)
                    Assert.Equal(total, (await _api.Anonymous.GetObject($"/v1/{address}{sign}limit={limit}&count=exact&cursor={next.GetValue<string>()}")).Int("total"));
            }
        }

        Assert.Equal(6, (await _api.Editor.GetObject("/v1/articles?tag=a&count=exact&perspective=preview")).Int("total"));
        Assert.Equal(6, (await _api.Editor.GetObject("/v1/articles?count=exact&perspective=preview")).Int("total"));
    }

    [Fact]
    public async Task The_newsroom_counts_a_working_copy_once_and_as_it_is()
    {
        var article = await _api.Article("Bericht", ""","tags":["alt","immer"]""");
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"tags":["neu","immer"]}""").Answers();

        foreach (var (query, total) in ((string, int)[])[("tag=alt", 0), ("tag=neu", 1), ("tag=alt,neu,immer", 1), ("tag=immer&language=de", 1), ("view=full", 1)])
            Assert.Equal(total, (await _api.Editor.GetObject($"/v1/articles?{query}&count=exact&perspective=preview")).Int("total"));
    }

    [Fact]
    public async Task A_count_is_no_older_than_the_last_write()
    {
        await _api.Article("A");
        Assert.Equal(1, (await _api.Anonymous.GetObject("/v1/articles?count=exact&limit=1")).Int("total"));
        await _api.Article("B");
        Assert.Equal(2, (await _api.Anonymous.GetObject("/v1/articles?count=exact&limit=1")).Int("total"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
