using System.Globalization;
using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Search;

/// <summary>What narrows a list narrows it the same where its texts are searched, although other rows answer then.</summary>
public sealed class SearchFilterTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task Every_filter_of_a_list_says_the_same_beside_a_query()
    {
        await _api.Generate(300);
        var article = (await _api.Anonymous.Walk("/v1/articles?limit=200"))[40];
        var (one, other) = (article["people"]![0]!, article["people"]![1]!);
        var newsEvent = (await _api.Anonymous.Walk("/v1/events")).First(e => e["participants"]!.AsArray().Any(p => p!["person"] is not null));
        var part = (await _api.Anonymous.Walk("/v1/events")).FirstOrDefault(e => e["partOf"] is not null);
        var person = (await _api.Anonymous.Walk("/v1/people")).First(p => p["offices"]!.AsArray().Count > 0);
        string[] filters =
        [
            $"/v1/articles?person={one.Id()}", $"/v1/articles?person={one.Text("slug")},{other.Id()}", $"/v1/articles?person={one.Id()},{other.Id()}&personMode=all",
            $"/v1/articles?event={article["events"]![0]!.Id()}", $"/v1/articles?section={article["section"]!.Text("slug")}", $"/v1/articles?section={article["section"]!.Text("slug").ToUpperInvariant()}",
            $"/v1/articles?tag={Escaped(article["tags"]![0]!)}", $"/v1/articles?tag={Escaped(article["tags"]![0]!)}&tag={Escaped(article["tags"]![1]!)}",
            $"/v1/articles?topic={Escaped(article["topics"]![0]!)}", $"/v1/articles?place={Escaped(article["places"]![0]!["name"]!).ToUpperInvariant()}",
            $"/v1/articles?source={Escaped(article["sources"]![0]!["name"]!)}", "/v1/articles?language=de", "/v1/articles?language=en", $"/v1/articles?genre={Escaped(article["genre"]!)}",
            $"/v1/articles?externalId={article["externalIds"]![0]!.Text("source")}:{article["externalIds"]![0]!.Text("value")}", "/v1/articles?corrected=true",
            "/v1/articles?publishedFrom=2005-02-01&publishedTo=2005-03-01", "/v1/articles?publishedFrom=2005-02-01&timeZone=America/New_York", "/v1/articles?publishedTo=2005-02-10T12:00:00Z",
            $"/v1/articles?publishedFrom={article.Text("publishedAt")}&publishedTo={article.Text("publishedAt")}", "/v1/articles?order=asc",
            $"/v1/articles?person={one.Id()}&section={article["section"]!.Text("slug")}&publishedFrom=2005-01-20", $"/v1/people/{one.Id()}/articles?tag={Escaped(article["tags"]![0]!)}",
            $"/v1/events/{article["events"]![0]!.Id()}/articles?language=de", "/v1/articles?person=niemand", "/v1/articles?view=full&include=people,events", "/v1/articles?perspective=preview",
            $"/v1/events?person={newsEvent["participants"]!.AsArray().First(p => p!["person"] is not null)!["person"]!.Id()}", "/v1/events?certainty=planned,confirmed",
            $"/v1/events?place={Escaped(newsEvent["place"]!["name"]!)}", "/v1/events?from=2005-02-01", "/v1/events?to=2005-02-01", "/v1/events?from=2005-01-10&to=2005-02-05&timeZone=UTC",
            "/v1/events?overdue=true", "/v1/events?order=asc&from=2005-01-10", $"/v1/events?externalId={newsEvent["externalIds"]![0]!.Text("source")}:{newsEvent["externalIds"]![0]!.Text("value")}",
            .. part is null ? (string[])[] : [$"/v1/events?partOf={part["partOf"]!.Id()}"],
            $"/v1/people?office={Escaped(person["offices"]![0]!["title"]!)}", "/v1/people?country=AT,IT", "/v1/people?order=desc",
            $"/v1/people?externalId={person["externalIds"]![0]!.Text("source")}:{person["externalIds"]![0]!.Text("value")}",
        ];
        foreach (var list in filters)
        {
            var all = await _api.Editor.Ids(list);
            var (path, more) = list.Split('?') is var parts ? (parts[0], parts[1]) : default;
            var order = more.Split('&').FirstOrDefault(p => p.StartsWith("order=", StringComparison.Ordinal));
            foreach (var query in (string[])["die", "in OR der", "Regierung OR Gemeinde", "-Regierung der", "Verhand*"])
            {
                var found = (await _api.Editor.Ids($"{path}?{Searching.Q(query)}&{order}")).ToHashSet();
                var expected = all.Where(found.Contains).ToArray();
                var both = $"{list}&{Searching.Q(query)}";
                Assert.Equal((both, string.Join(' ', expected)), (both, string.Join(' ', await _api.Editor.Ids(both))));
                Assert.Equal((both, expected.Length), (both, (await _api.Editor.GetObject($"{both}&limit=1&count=exact")).Int("total")));
                foreach (var sort in (string[])["sort=updatedAt", "sort=relevance"])
                {
                    if (order is not null) continue;

                    Assert.Equal((both, sort, string.Join(' ', expected.Order())), (both, sort, string.Join(' ', (await _api.Editor.Ids($"{both}&{sort}&limit=50")).Order())));
                }
            }

            // Another order asks the index too, without a query.
            Assert.Equal((list, string.Join(' ', all.Order())), (list, string.Join(' ', (await _api.Editor.Ids($"{list}&sort=updatedAt")).Order())));
            Assert.Equal((list, all.Length), (list, (await _api.Editor.GetObject($"{list}&sort=updatedAt&limit=1&count=exact")).Int("total")));
        }
    }

    [Fact]
    public async Task What_was_saved_since_is_found_with_and_without_a_query()
    {
        var clock = new TestClock(DateTimeOffset.Parse("2026-01-01T08:00:00Z", CultureInfo.InvariantCulture));
        await using var api = new Api(clock, null);
        var ids = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            ids.Add((await api.Article($"Bericht {i}", i % 2 == 0 ? ""","tags":["a"]""" : "", $"2025-01-0{6 - i}T08:00:00Z")).Id());
            clock.Now = clock.Now.AddDays(1);
        }

        await api.Editor.PatchJson($"/v1/articles/{ids[0]}", """{"teaser":"neu"}""").Answers();

        Assert.Equal([ids[0], ids[4], ids[5]], await api.Anonymous.Ids("/v1/articles?updatedFrom=2026-01-05T08:00:00Z"));
        Assert.Equal([ids[0], ids[4], ids[5]], await api.Anonymous.Ids("/v1/articles?updatedFrom=2026-01-05T08:00:00Z&q=Bericht&limit=1"));
        Assert.Equal([ids[0], ids[5], ids[4]], await api.Anonymous.Ids("/v1/articles?updatedFrom=2026-01-05T08:00:00Z&q=Bericht&sort=updatedAt&limit=1"));
        Assert.Equal([ids[0], ids[4]], await api.Anonymous.Ids("/v1/articles?updatedFrom=2026-01-05T08:00:00Z&tag=a&limit=1"));
        Assert.Equal([ids[0]], await api.Anonymous.Ids("/v1/articles?updatedFrom=2026-01-05T08:00:00Z&publishedFrom=2025-01-05"));
        Assert.Empty(await api.Anonymous.Ids("/v1/articles?updatedFrom=2026-01-07T08:00:00.001Z"));
        Assert.Equal(3, (await api.Anonymous.GetObject("/v1/articles?updatedFrom=2026-01-05T08:00:00Z&limit=1&count=exact")).Int("total"));
        Assert.Equal(6, (await api.Anonymous.Ids("/v1/articles?updatedFrom=2026-01-01&timeZone=UTC")).Length);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static string Escaped(JsonNode value) => Uri.EscapeDataString(value.GetValue<string>());
}
