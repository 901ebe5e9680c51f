using System.Text.Json.Nodes;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Http;

public sealed class PagingTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Theory]
    [InlineData("asc")]
    [InlineData("desc")]
    public async Task Walking_all_pages_meets_every_item_once_and_in_order(string order)
    {
        // Three instants for seven articles, so that pages end between equal ones.
        for (var i = 0; i < 7; i++) await _api.Article($"A{i}", at: $"2026-01-0{1 + i % 3}T08:00:00Z");
        for (var i = 0; i < 7; i++) await _api.Person(i % 2 == 0 ? "Gleicher Name" : $"Name {i}");
        for (var i = 0; i < 7; i++) await _api.Event($"E{i}", $"2026-01-0{1 + i % 3}");

        foreach (var list in (string[])["/v1/articles", "/v1/people", "/v1/events"])
        {
            var whole = (await _api.Anonymous.GetObject($"{list}?order={order}&limit=200")).Each("id");
            Assert.Equal(7, whole.Distinct().Count());
            for (var limit = 1; limit <= 8; limit++) Assert.Equal(whole, await Walk($"{list}?order={order}&limit={limit}"));
        }

        Assert.Equal(
            (await Walk("/v1/articles?order=asc&limit=3")).Reverse(),
            await Walk("/v1/articles?order=desc&limit=2"));
    }

    [Theory]
    [InlineData("asc")]
    [InlineData("desc")]
    public async Task Items_of_the_same_instant_stand_by_their_ids(string order)
    {
        for (var i = 0; i < 5; i++) await _api.Article($"A{i}", at: "2026-01-06T14:00:00Z");

        var ids = await Walk($"/v1/articles?order={order}&limit=2");

        Assert.Equal(order == "asc" ? ids.Order(StringComparer.Ordinal) : ids.OrderDescending(StringComparer.Ordinal), ids);
        Assert.Equal(5, ids.Length);
    }

    [Fact]
    public async Task Filters_stay_with_the_walk()
    {
        var rubio = await _api.Person("Marco Rubio");
        for (var i = 0; i < 9; i++)
            await _api.Article($"A{i}", i % 3 == 0 ? "" : $$""","tags":["a","b"],"people":[{"id":"{{rubio.Id()}}"}]""", $"2026-01-0{1 + i % 4}T08:00:00Z");

        foreach (var filter in (string[])["tag=a", "tag=a,b", "tag=a&tag=b&person=marco-rubio", "publishedFrom=2026-01-01&person=marco-rubio&view=full"])
        {
            var ids = await Walk($"/v1/articles?limit=1&{filter}");
            Assert.Equal((6, 6), (ids.Length, ids.Distinct().Count()));
        }

        Assert.Equal(6, (await Walk($"/v1/people/{rubio.Id()}/articles?limit=4")).Length);
    }

    [Fact]
    public async Task The_last_page_has_no_next_one()
    {
        await _api.Person("Marco Rubio");
        await _api.Person("Emmanuel Macron");

        using var exact = await _api.Anonymous.Ask("/v1/people?limit=2");
        Assert.Null((await exact.Object(System.Net.HttpStatusCode.OK))["nextCursor"]);
        Assert.Null(exact.Header("Link"));
        using var first = await _api.Anonymous.Ask("/v1/people?limit=1");
        Assert.NotNull((await first.Object(System.Net.HttpStatusCode.OK))["nextCursor"]);
    }

    [Fact]
    public async Task The_Link_header_leads_to_the_page_of_nextCursor()
    {
        for (var i = 0; i < 3; i++) await _api.Article($"A{i}", ""","tags":["Öl & Gas","b"]""");

        using var response = await _api.Anonymous.Ask("/v1/articles?tag=%C3%96l%20%26%20Gas&tag=b&limit=2&view=full");
        var page = await response.Object(System.Net.HttpStatusCode.OK);
        var link = response.Header("Link")!;
        Assert.EndsWith(">; rel=\"next\"", link, StringComparison.Ordinal);
        var next = link[1..link.IndexOf('>', StringComparison.Ordinal)];
        Assert.StartsWith("/v1/articles?", next, StringComparison.Ordinal);
        Assert.Contains($"cursor={page.Text("nextCursor")}", next, StringComparison.Ordinal);

        var second = await _api.Anonymous.GetObject(next);
        Assert.Single(second["items"]!.AsArray());
        Assert.NotNull(second["items"]![0]!["body"]);
        Assert.DoesNotContain(second.Each("id").Single(), page.Each("id"));
    }

    [Theory]
    [InlineData("/v1/articles?order=asc")]
    [InlineData("/v1/articles?tag=b")]
    [InlineData("/v1/articles?publishedFrom=2026-01-01")]
    [InlineData("/v1/articles?perspective=preview")]
    [InlineData("/v1/people")]
    [InlineData("/v1/events")]
    [InlineData("/v1/sections")]
    public async Task A_cursor_of_another_list_filter_or_order_is_refused(string other)
    {
        for (var i = 0; i < 2; i++) await _api.Article($"A{i}", ""","tags":["a"]""");
        foreach (var query in (string[])["limit=1", "tag=a&limit=1"])
        {
            var cursor = (await _api.Anonymous.GetObject($"/v1/articles?{query}")).Text("nextCursor");

            using var response = await _api.Editor.Ask($"{other}{(other.Contains('?', StringComparison.Ordinal) ? "&" : "?")}cursor={cursor}");

            Assert.Equal(["cursor"], (await response.Problem(400, "invalidParameter")).Places());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAA")]
    [InlineData("AQ")]
    [InlineData("%F0%9F%98%80")]
    [InlineData("'; DROP TABLE articles; --")]
    public async Task A_cursor_that_never_was_one_is_refused(string cursor)
    {
        foreach (var text in (string[])[cursor, cursor + new string('A', 4_000)])
        {
            using var response = await _api.Anonymous.Ask($"/v1/articles?cursor={text}");
            Assert.Equal(["cursor"], (await response.Problem(400, "invalidParameter")).Places());
        }
    }

    [Theory]
    [InlineData("2026-01-06T14:00:00.000Z\0", "a")]
    [InlineData("2026-01-06T14:00:00.000Z", "\0")]
    [InlineData("\uFFFF", "\uFFFF")]
    [InlineData("", "")]
    public async Task A_cursor_that_somebody_made_up_is_refused_or_read_but_never_fails(string sortKey, string id)
    {
        await _api.Article("Bericht");
        var cursor = new Cursor(sortKey, id).Write(new ListRequest { Type = ResourceType.Article }.Fingerprint);

        using var response = await _api.Anonymous.Ask($"/v1/articles?cursor={cursor}");

        Assert.True((int)response.StatusCode == (sortKey.Contains('\0', StringComparison.Ordinal) || id == "\0" ? 400 : 200), $"{response.StatusCode}");
    }

    [Fact]
    public async Task A_cursor_cut_anywhere_is_refused_or_read_but_never_fails()
    {
        for (var i = 0; i < 2; i++) await _api.Article($"A{i}");
        var cursor = (await _api.Anonymous.GetObject("/v1/articles?limit=1")).Text("nextCursor");

        for (var length = 0; length < cursor.Length; length++)
        {
            using var response = await _api.Anonymous.Ask($"/v1/articles?limit=1&cursor={cursor[..length]}");
            Assert.True((int)response.StatusCode is 200 or 400, $"{response.StatusCode} for {cursor[..length]}");
        }
    }

    [Fact]
    public async Task What_stands_all_the_time_is_neither_missed_nor_repeated_while_others_come_and_go()
    {
        var standing = new List<string>();
        var leaving = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            var id = (await _api.Article($"A{i}", at: $"2026-01-06T14:{i / 2:00}:00Z")).Id();
            (i % 4 == 3 ? leaving : standing).Add(id);
        }

        foreach (var order in (string[])["asc", "desc"])
        {
            var met = new List<string>();
            string? address = $"/v1/articles?order={order}&limit=2";
            for (var page = 0; address is not null; page++)
            {
                var items = await _api.Anonymous.GetObject(address);
                met.AddRange(items.Each("id"));

                // Ahead of the walk, behind it and on the very instant where the page ended.
                await _api.Article($"neu {order} {page}", at: items["items"]!.AsArray()[^1]!.Text("publishedAt"));
                await _api.Article($"neu {order} {page} davor", at: "2026-01-06T13:00:00Z");
                if (leaving.Count > 0 && page % 2 == 0)
                {
                    using var gone = await _api.Editor.Remove($"/v1/articles/{leaving[^1]}");
                    Assert.True(gone.IsSuccessStatusCode);
                    leaving.RemoveAt(leaving.Count - 1);
                }

                if (page > 60) Assert.Fail("The walk does not end.");
                address = items["nextCursor"] is { } next ? $"/v1/articles?order={order}&limit=2&cursor={next.GetValue<string>()}" : null;
            }

            Assert.Equal(met.Count, met.Distinct().Count());
            Assert.Empty(standing.Except(met));
        }
    }

    [Fact]
    public async Task People_stand_in_German_order()
    {
        string[] expected = ["Abel", "Ähre", "Albers", "Öhler", "Ohm", "Oz", "Ruß", "Russe", "Über", "Ubl", "Zorn"];
        foreach (var name in expected.Reverse()) await _api.Person(name);

        Assert.Equal(expected, (await _api.Anonymous.GetObject("/v1/people")).Each("name"));
        Assert.Equal(expected.Reverse(), (await _api.Anonymous.GetObject("/v1/people?order=desc")).Each("name"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    /// <summary>The ids of all pages, following <c>nextCursor</c>.</summary>
    private async Task<string[]> Walk(string address)
    {
        var ids = new List<string>();
        JsonObject page;
        var next = address;
        do
        {
            page = await _api.Anonymous.GetObject(next);
            ids.AddRange(page.Each("id"));
            next = $"{address}&cursor={page["nextCursor"]?.GetValue<string>()}";
            if (ids.Count > 1_000) Assert.Fail("The walk does not end.");
        }
        while (page["nextCursor"] is not null);

        return [.. ids];
    }
}
