using System.Buffers.Text;
using System.Text;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Search;

public sealed class SearchPagingTests : IAsyncDisposable
{
    private static readonly string[] Lists =
    [
        "/v1/articles?q=Bericht", "/v1/articles?q=Bericht&order=asc", "/v1/articles?q=Bericht&sort=updatedAt", "/v1/articles?q=Bericht&sort=updatedAt&order=asc",
        "/v1/articles?q=Bericht&sort=relevance", "/v1/articles?sort=updatedAt", "/v1/articles?sort=updatedAt&order=asc", "/v1/articles?updatedFrom=2020-01-01", "/v1/search?q=Bericht",
        "/v1/articles?q=Bericht&tag=a", "/v1/articles?q=Bericht&tag=a&sort=updatedAt", "/v1/articles?q=Bericht&tag=a,b&sort=relevance",
    ];

    private readonly Api _api = new();

    [Theory]
    [InlineData("/v1/articles")]
    [InlineData("/v1/people")]
    [InlineData("/v1/events")]
    public async Task Every_order_gives_every_hit_once_however_long_a_page_is(string list)
    {
        // Few instants, so that pages end between equal ones.
        for (var i = 0; i < 7; i++) await _api.Article($"Bericht {i}", at: $"2026-01-0{1 + i % 3}T08:00:00Z");
        for (var i = 0; i < 7; i++) await _api.Person(i % 2 == 0 ? "Anna Bericht" : $"Bericht {i}");
        for (var i = 0; i < 7; i++) await _api.Event($"Bericht {i}", $"2026-01-0{1 + i % 3}");
        await _api.Article("Anderes");
        var own = list switch { "/v1/articles" => "publishedAt", "/v1/people" => "name", _ => "start" };

        foreach (var sort in (string[])["", $"sort={own}&order=asc", $"sort={own}&order=desc", "sort=updatedAt", "sort=updatedAt&order=asc", "sort=relevance", "sort=relevance&order=desc"])
        {
            foreach (var perspective in (string[])["", "&perspective=preview"])
            {
                var address = $"{list}?q=Bericht&{sort}{perspective}";
                var whole = await _api.Editor.Ids($"{address}&limit=200");
                Assert.Equal(7, whole.Distinct().Count());
                for (var limit = 1; limit <= 8; limit++) Assert.Equal(whole, await _api.Editor.Ids($"{address}&limit={limit}"));
            }
        }
    }

    [Fact]
    public async Task Hits_stand_as_their_order_says()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add((await _api.Article($"Bericht {i}", at: $"2026-01-0{1 + i * 2 % 5}T08:00:00Z")).Id());
        await _api.Editor.PatchJson($"/v1/articles/{ids[1]}", """{"teaser":"neu"}""").Answers();

        Assert.Equal([ids[2], ids[4], ids[1], ids[3], ids[0]], await _api.Anonymous.Ids("/v1/articles?q=Bericht&sort=publishedAt"));
        Assert.Equal([ids[0], ids[3], ids[1], ids[4], ids[2]], await _api.Anonymous.Ids("/v1/articles?q=Bericht&sort=publishedAt&order=asc"));
        Assert.Equal(ids[1], (await _api.Anonymous.Ids("/v1/articles?q=Bericht&sort=updatedAt"))[0]);
        Assert.Equal(ids[1], (await _api.Anonymous.Ids("/v1/articles?sort=updatedAt"))[0]);
        Assert.Equal(ids[1], (await _api.Anonymous.Ids("/v1/articles?q=Bericht&sort=updatedAt&order=asc"))[^1]);
        await _api.Person("Zacharias Bericht");
        await _api.Person("Änne Bericht");
        Assert.Equal(["Änne Bericht", "Zacharias Bericht"], (await _api.Anonymous.GetObject("/v1/people?q=Bericht")).Each("name"));
        Assert.Equal(["Zacharias Bericht", "Änne Bericht"], (await _api.Anonymous.GetObject("/v1/people?q=Bericht&order=desc")).Each("name"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_stands_all_the_time_is_neither_missed_nor_repeated_while_others_come_change_and_go(bool preview)
    {
        foreach (var (list, round) in Lists.Select((list, round) => (list, round)))
        {
            await using var api = new Api();
            var standing = new List<string>();
            var changing = new Queue<string>();
            var leaving = new Queue<string>();
            for (var i = 0; i < 18; i++)
            {
                var id = (await api.Article($"Bericht {(i % 5 == 0 ? "Bericht" : i)}", Tagged, $"2026-01-06T14:{i / 2:00}:00Z")).Id();
                if (i % 6 == 3) leaving.Enqueue(id);
                else if (i % 6 == 4) changing.Enqueue(id);
                else standing.Add(id);
            }

            var page = 0;
            var address = $"{list}&limit=2{(preview ? "&perspective=preview" : "")}";
            var met = (await (preview ? api.Editor : api.Anonymous).Walk(address, async () =>
            {
                if (++page > 8) return;

                await api.Article($"Bericht neu {page}", Tagged, $"2026-01-06T14:{page:00}:00Z");
                await api.Article($"Bericht davor {page}", Tagged, "2026-01-06T13:00:00Z");
                await api.Article($"Bericht zuletzt {page}", Tagged, "2026-01-07T13:00:00Z");
                if (changing.TryDequeue(out var changed))
                    await api.Editor.PatchJson($"/v1/articles/{changed}", """{"headline":"Bericht Bericht","teaser":"Bericht"}""").Answers();
                if (leaving.TryDequeue(out var gone))
                {
                    if (page % 2 == 0) await api.Editor.Remove($"/v1/articles/{gone}").Succeeds();
                    else await api.Editor.Remove($"/v1/articles/{gone}/publication", null).Answers();
                }
            })).Select(item => item["type"] is null ? item.Id() : item.Found().Id()).ToList();

            Assert.True(standing.All(id => met.Count(m => m == id) == 1), $"{list} ({round}, preview: {preview}): {string.Join(' ', standing.Select(id => met.Count(m => m == id)))}");
        }
    }

    [Fact]
    public async Task More_than_a_window_is_walked_to_its_end_by_relevance()
    {
        const int many = 2_300;
        var first = DateTimeOffset.Parse("2025-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        await _api.Add(Enumerable.Range(0, many).Select(i => Searching.Short($"{(i % 3 == 0 ? "Mauerblümchen" : "Notiz")} {i}", first.AddHours(i), "Das Mauerblümchen blüht.")));

        var met = await _api.Anonymous.Ids("/v1/articles?q=Mauerblümchen&sort=relevance&limit=190");
        var byTime = await _api.Anonymous.Ids("/v1/articles?q=Mauerblümchen");

        Assert.Equal((many, many), (met.Length, met.Distinct().Count()));
        Assert.Equal(byTime.Order(), met.Order());
        Assert.Equal(many, (await _api.Anonymous.GetObject("/v1/articles?q=Mauerblümchen&sort=relevance&limit=1&count=exact")).Int("total"));
        for (var window = 0; window < 3; window++)
            Assert.Equal(byTime.Skip(1_000 * window).Take(1_000).Order(), met.Skip(1_000 * window).Take(1_000).Order());

        // The search stops behind the newest thousand.
        Assert.Equal(byTime.Take(1_000).Order(), (await _api.Anonymous.Ids("/v1/search?q=Mauerblümchen")).Order());
    }

    [Fact]
    public async Task A_cursor_goes_with_the_query_it_came_from()
    {
        for (var i = 0; i < 3; i++) await _api.Article($"Bericht {i}", Tagged);
        foreach (var list in Lists)
        {
            var cursor = (await _api.Anonymous.GetObject($"{list}&limit=1")).Text("nextCursor");
            foreach (var other in (string[])
                [.. Lists.Append("/v1/articles?q=Bericht+0").Append("/v1/search?q=Bericht&types=article").Append("/v1/search?q=Berichte").Append("/v1/people?q=Bericht").Except([list])])
            {
                using var response = await _api.Anonymous.Ask($"{other}&limit=1&cursor={cursor}");
                Assert.True((int)response.StatusCode == 400, $"{list} → {other}");
                Assert.Equal(["cursor"], (await response.Problem(400, "invalidParameter")).Places());
            }
        }

        var ofSearch = (await _api.Anonymous.GetObject("/v1/search?q=Bericht&limit=1")).Text("nextCursor");
        await _api.Anonymous.GetObject($"/v1/search?q=Bericht&types=event,article,person&highlight=true&cursor={ofSearch}");
    }

    [Fact]
    public async Task A_cursor_that_somebody_made_up_is_refused_or_read_but_never_fails()
    {
        for (var i = 0; i < 3; i++) await _api.Article($"Bericht {i}", Tagged);
        foreach (var list in Lists)
        {
            var real = Base64Url.DecodeFromChars((await _api.Anonymous.GetObject($"{list}&limit=1")).Text("nextCursor"));
            foreach (var place in (string[])
                [
                    "", "x", "-1", "0", ":", "::", ":::", "1:2", "1:2:3:4", "-1:-1:-1:-1", "1:2:3:4:5:6:7:8", "9223372036854775807", "9223372036854775808",
                    "9223372036854775807:9223372036854775807:9223372036854775807:9223372036854775807", "-9223372036854775808", "-9223372036854775808:-9223372036854775808",
                    "1:2:3:x", "1: 2:3:4", "2026-01-06T14:00:00.000Z", "1e3", "١:٢",
                ])
            {
                var cursor = Base64Url.EncodeToString([.. real.AsSpan(0, 7), .. Encoding.UTF8.GetBytes($"{place}\n")]);
                using var response = await _api.Anonymous.Ask($"{list}&limit=1&cursor={cursor}");
                Assert.True((int)response.StatusCode is 200 or 400, $"{(int)response.StatusCode} for {list} after '{place}'");
                if ((int)response.StatusCode == 400) Assert.Equal(["cursor"], (await response.Problem(400, "invalidParameter")).Places());
            }
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private const string Tagged = ""","tags":["a","b"]""";
}
