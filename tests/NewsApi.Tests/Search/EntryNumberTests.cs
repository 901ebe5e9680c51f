using System.Net;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Search;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Search;

/// <summary>The numbers of the index: made of an instant and an id, and never given twice.</summary>
public sealed class EntryNumberTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 3, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Later_is_higher_within_a_type_from_the_first_year_to_the_last()
    {
        var keys = new[] { "0002-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "2026-01-03T15:00:00.000Z", "2026-01-03T15:00:00.001Z", "9998-12-31T23:59:59.999Z" };

        foreach (var type in (ResourceType[])[ResourceType.Article, ResourceType.Event])
        {
            var numbers = keys.Select(key => EntryNumbers.Of(type, key, Guid.NewGuid().ToString())).ToList();
            Assert.Equal(numbers.Order(), numbers);
            Assert.All(numbers, n => Assert.InRange(n, EntryNumbers.First(type), EntryNumbers.Last(type)));
            Assert.All(numbers, n => Assert.Equal(type, EntryNumbers.TypeOf(n)));
        }
    }

    [Fact]
    public async Task Two_articles_that_want_the_same_number_are_both_found_one_public_and_one_a_draft()
    {
        await using var api = new Api(new TestClock(Now), null);
        var (first, second) = Alike();
        foreach (var id in (Guid[])[first, second])
        {
            await api.Editor.PutJson($"/v1/articles/{id}", """{ "headline": "Zwilling" }""").Answers(HttpStatusCode.Created);
            if (id == first) await api.Editor.Publish(id.ToString()).Answers();
        }

        var page = await api.Editor.GetObject("/v1/articles?q=Zwilling&limit=1&perspective=preview");
        var next = await api.Editor.GetObject($"/v1/articles?q=Zwilling&limit=1&perspective=preview&cursor={page.Text("nextCursor")}");

        Assert.Equal(
            new[] { first.ToString(), second.ToString() }.Order(),
            ((System.Text.Json.Nodes.JsonObject[])[page, next]).Select(p => Assert.Single(p["items"]!.AsArray())!.Id()).Order());
    }

    private static (Guid First, Guid Second) Alike()
    {
        var key = Instants.Format(Now);
        var seen = new Dictionary<long, Guid>();
        while (true)
        {
            var id = Guid.CreateVersion7(Now);
            var number = EntryNumbers.Of(ResourceType.Article, key, id.ToString());
            if (!seen.TryAdd(number, id)) return (seen[number], id);
        }
    }
}
