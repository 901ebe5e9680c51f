using System.Text.Json.Nodes;
using NewsApi.Access;
using NewsApi.Tests.Search;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Access;

/// <summary>A licence holds at every door: what it does not show is not there, and of what it shows in part there is no more.</summary>
public sealed class LicensedReadingTests(Licensed content) : IClassFixture<Licensed>
{
    private readonly Api _api = content.Api;

    public static TheoryData<string> Licences => [.. Licensed.Licences];

    [Theory]
    [MemberData(nameof(Licences))]
    public async Task A_document_is_shown_as_the_licence_says_and_otherwise_is_not_there(string licence)
    {
        using var partner = await Partner(licence);
        foreach (var article in content.Articles)
        {
            var level = Licensed.Level(licence, article);
            string[] addresses = [$"/v1/articles/{article.Id()}", $"/v1/articles/by-slug/{article.Text("slug")}", $"/v1/articles/{article.Id()}?view=summary", $"/v1/articles/{article.Id()}?perspective=preview"];
            foreach (var address in addresses)
            {
                if (level == 0)
                {
                    var hidden = await partner.Get(address).IsRefused(404, "notFound");
                    var absent = await partner.Get(address.Replace(article.Text("slug"), "nie-gewesen", StringComparison.Ordinal).Replace(article.Id(), Guid.CreateVersion7().ToString(), StringComparison.Ordinal))
                        .IsRefused(404, "notFound");
                    Assert.Equal(absent.Text("detail"), hidden.Text("detail"));
                    continue;
                }

                var whole = await _api.Editor.GetObject(address);
                Sending.Same(Licensed.Shown(whole, level), await partner.GetObject(address));
                Assert.Equal(level == 3, await partner.TagOf(address) == await _api.Editor.TagOf(address));
            }

            if (level == 0) await partner.Get($"/v1/articles/{article.Id()}/corrections").IsRefused(404);
            else Sending.Same(Licensed.Shown(article, level)["corrections"], (await partner.GetObject($"/v1/articles/{article.Id()}/corrections"))["items"]);
        }
    }

    [Theory]
    [MemberData(nameof(Licences))]
    public async Task A_list_is_the_list_of_everybody_without_what_is_not_shown(string licence)
    {
        using var partner = await Partner(licence);
        var shown = content.Articles.ToDictionary(a => a.Id(), a => Licensed.Level(licence, a));
        string[] lists =
        [
            "/v1/articles?", "/v1/articles?view=full", "/v1/articles?order=asc", "/v1/articles?section=politik", "/v1/articles?section=sport", "/v1/articles?language=de",
            "/v1/articles?language=en", "/v1/articles?source=apa", "/v1/articles?source=dpa,reuters", "/v1/articles?tag=gemeinsam", $"/v1/articles?person={content.Person}",
            "/v1/articles?person=steven-witkoff&section=politik&source=apa", $"/v1/articles?event={content.Event}", "/v1/articles?place=paris", "/v1/articles?corrected=true",
            "/v1/articles?publishedFrom=2026-01-03&publishedTo=2026-01-06", "/v1/articles?sort=updatedAt", "/v1/articles?sort=updatedAt&section=politik", "/v1/articles?updatedFrom=2020-01-01",
            "/v1/articles?perspective=preview", "/v1/articles?perspective=preview&language=de&view=full", "/v1/articles?include=people,events", "/v1/articles?q=kopfwort",
            "/v1/articles?q=dachwort+gemeinsam&section=politik", "/v1/articles?q=kopfwort&sort=updatedAt", "/v1/articles?q=Steven+Witkoff", "/v1/articles?q=-niemals+kopfwort&perspective=preview",
            $"/v1/people/{content.Person}/articles?", $"/v1/people/{content.Person}/articles?language=de", $"/v1/events/{content.Event}/articles?",
        ];
        foreach (var list in lists)
        {
            var all = await _api.Editor.Walk($"{list}&limit=7");
            var seen = await partner.Walk($"{list}&limit=7");
            var expected = all.Where(item => shown[item.Id()] > 0).Select(item => Licensed.Shown(item, shown[item.Id()])).ToList();

            Assert.Equal(expected.Select(item => item.Id()), seen.Select(item => item.Id()));
            foreach (var (one, other) in expected.Zip(seen)) Sending.Same(one, other);
            Assert.Equal(expected.Count, (await partner.GetObject($"{list}&count=exact&limit=1")).Int("total"));
        }
    }

    [Theory]
    [MemberData(nameof(Licences))]
    public async Task Searches_timelines_related_articles_and_facets_know_what_is_shown_and_nothing_else(string licence)
    {
        using var partner = await Partner(licence);
        var shown = content.Articles.ToDictionary(a => a.Id(), a => Licensed.Level(licence, a));
        var visible = shown.Where(s => s.Value > 0).Select(s => s.Key).Order(StringComparer.Ordinal).ToList();

        foreach (var address in (string[])["/v1/search?q=kopfwort&limit=5", "/v1/search?q=kopfwort&types=article&perspective=preview", "/v1/search?q=dachwort+OR+textwort&types=article"])
        {
            var found = (await partner.Walk(address)).Where(hit => hit["article"] is not null).Select(hit => hit["article"]!).ToList();
            Assert.Equal(visible, found.Select(a => a.Id()).Order(StringComparer.Ordinal));
            foreach (var article in found)
                Sending.Same(Licensed.Shown((await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}?view=summary")), shown[article.Id()]), article);
        }

        foreach (var address in (string[])[$"/v1/timelines?person={content.Person}", $"/v1/timelines?event={content.Event}&perspective=preview", $"/v1/people/{content.Person}/timeline?limit=5", $"/v1/timelines?event={content.Event}&types=article&order=desc"])
        {
            var items = await partner.Walk(address);
            var all = await _api.Editor.Walk(address);
            Assert.Equal(all.Where(item => item["article"] is null || shown[item["article"]!.Id()] > 0).Select(Key), items.Select(Key));
            foreach (var item in items.Where(item => item["article"] is not null))
                Sending.Same(Licensed.Shown(all.Single(a => Key(a) == Key(item))["article"]!, shown[item["article"]!.Id()]), item["article"]);
            Assert.Equal(items.Count, (await partner.GetObject($"{address}&count=exact")).Int("total"));
        }

        foreach (var id in shown.Keys)
        {
            if (shown[id] == 0) await partner.Get($"/v1/articles/{id}/related").IsRefused(404);
            else Assert.Equal(visible.Where(v => v != id), (await partner.GetObject($"/v1/articles/{id}/related?limit=50")).Each("id").Order(StringComparer.Ordinal));
        }

        foreach (var query in (string[])["", "&q=kopfwort", "&section=politik"])
        {
            var facets = (await partner.GetObject($"/v1/articles?facets=section,source,language,person,month&limit=1{query}"))["facets"]!;
            var counted = content.Articles.Where(a => shown[a.Id()] > 0 && (query != "&section=politik" || a["section"]?.Text("slug") == "politik")).ToList();
            Assert.Equal(counted.Count(a => a["section"]?.Text("slug") == "politik"), Count(facets, "section", "politik"));
            Assert.Equal(counted.Count(a => a["section"]?.Text("slug") == "sport"), Count(facets, "section", "sport"));
            Assert.Equal(counted.Count(a => a["sources"]!.AsArray().Any(s => s!.Text("name") == "dpa")), Count(facets, "source", "dpa"));
            Assert.Equal(counted.Count(a => a.Text("language") == "en"), Count(facets, "language", "en"));
            Assert.Equal(counted.Count, Count(facets, "person", content.Person));
            Assert.Equal(counted.Count, Count(facets, "month", "2026-01"));
        }
    }

    [Fact]
    public async Task What_one_reader_got_is_never_given_to_another()
    {
        using var partner = await Partner("""{"sources":[{"name":"*","level":"metadata"}]}""");
        foreach (var address in (string[])[$"/v1/articles/{content.Articles[3].Id()}", "/v1/articles?view=full", "/v1/search?q=kopfwort", $"/v1/articles/{content.Articles[3].Id()}/related", $"/v1/timelines?person={content.Person}"])
        {
            using var first = await partner.Get(address);
            Assert.Equal("private, no-cache", first.Header("Cache-Control"));
            Assert.DoesNotContain("Vorspannwort", await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            using var everybody = await _api.Anonymous.Get(address);
            Assert.Contains("Vorspannwort", await everybody.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            using var again = await partner.Get(address);
            Assert.DoesNotContain("Vorspannwort", await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task People_events_and_sections_are_there_whatever_the_licence()
    {
        using var partner = await Partner("""{"sources":[{"name":"Niemand","level":"full"}]}""");
        foreach (var address in (string[])["/v1/people", "/v1/events", "/v1/sections", $"/v1/people/{content.Person}", $"/v1/events/{content.Event}?include=people", "/v1/people/suggest?q=wit", "/v1/search?q=witkoff&types=person,event"])
            Sending.Same(await _api.Editor.GetObject(address), await partner.GetObject(address));
    }

    [Theory]
    [InlineData("/v1/articles?limit=3")]
    [InlineData("/v1/articles?limit=3&q=kopfwort")]
    [InlineData("/v1/articles?limit=3&q=kopfwort&sort=relevance")]
    [InlineData("/v1/articles?limit=3&sort=updatedAt")]
    [InlineData("/v1/search?limit=3&q=kopfwort")]
    [InlineData("/v1/timelines?limit=3&person=steven-witkoff")]
    [InlineData("/v1/sections?limit=1")]
    public async Task A_cursor_goes_with_the_licence_it_came_from(string address)
    {
        var key = await _api.Key(Scopes.All, $$""","licence":{"languages":["de","en"]}""");
        using var partner = _api.With(key.Text("key"));
        var (theirs, everybodys) = ((await partner.GetObject(address)).Text("nextCursor"), (await _api.Anonymous.GetObject(address)).Text("nextCursor"));

        await partner.GetObject($"{address}&cursor={theirs}");
        await partner.Get($"{address}&cursor={everybodys}").IsRefused(410, "scopeChanged");
        await _api.Anonymous.Get($"{address}&cursor={theirs}").IsRefused(410, "scopeChanged");
        await partner.Get($"{address}&cursor={theirs[..8]}").IsRefused(400, "invalidParameter");

        await _api.Editor.PatchJson($"/v1/keys/{key.Id()}", """{"licence":{"languages":["en","de"]}}""", null).Answers();
        await partner.GetObject($"{address}&cursor={theirs}");
        await _api.Editor.PatchJson($"/v1/keys/{key.Id()}", """{"licence":{"languages":["de"]}}""", null).Answers();
        await partner.Get($"{address}&cursor={theirs}").IsRefused(410, "scopeChanged");
        await _api.Editor.PatchJson($"/v1/keys/{key.Id()}", """{"licence":null}""", null).Answers();
        await partner.Get($"{address}&cursor={theirs}").IsRefused(410, "scopeChanged");
        await partner.GetObject($"{address}&cursor={everybodys}");
    }

    private Task<HttpClient> Partner(string licence) => _api.Holder([Scopes.Read, Scopes.Preview], $",\"licence\":{licence}");

    private static string Key(JsonNode item) => item["article"]?.Id() ?? item["event"]!.Id();

    private static int Count(JsonNode facets, string facet, string value) =>
        facets[facet]!.AsArray().FirstOrDefault(v => v!.Text("value") == value)?.Int("count") ?? 0;
}
