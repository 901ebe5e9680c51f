using System.Diagnostics;
using System.Net;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Http;

/// <summary>Answers come from memory, and nobody can tell by their age.</summary>
public sealed class FreshnessTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("64")]
    [InlineData("0")]
    public async Task An_acknowledged_write_is_what_the_next_read_shows(string megabytes)
    {
        await using var api = new Api(("Cache:Megabytes", megabytes));
        var person = await api.Person("Marco Rubio");
        var article = await api.Article("Bericht", $$""","section":{"slug":"politik"},"people":[{"id":"{{person.Id()}}"}]""");
        string[] addresses =
        [
            "/v1/articles", "/v1/articles?person=marco-rubio&include=people", $"/v1/articles/{article.Id()}", $"/v1/articles/{article.Id()}?view=summary",
            $"/v1/articles/{article.Id()}?include=people", "/v1/articles/by-slug/bericht", $"/v1/people/{person.Id()}/articles",
        ];
        for (var i = 0; i < 5; i++)
        {
            using var rename = await api.Editor.PatchJson($"/v1/people/{person.Id()}", $$"""{"name":"Marco Rubio {{i}}"}""");
            await rename.Object(HttpStatusCode.OK);
            using var write = await api.Editor.PatchJson($"/v1/articles/{article.Id()}", $$"""{"kicker":"Stand {{i}}"}""");
            await write.Object(HttpStatusCode.OK);
            using var section = await api.Editor.PutJson("/v1/sections/politik", $$"""{"name":"Politik {{i}}"}""");
            await section.Object(HttpStatusCode.OK);

            // Twice: the second answer comes from memory.
            foreach (var address in addresses.Concat(addresses))
            {
                var text = await api.Anonymous.GetStringAsync(address, TestContext.Current.CancellationToken);
                foreach (var expected in (string[])["Marco Rubio", "Stand", "Politik"]) Assert.Contains($"\"{expected} {i}\"", text, StringComparison.Ordinal);
            }
        }

        using var withdrawn = await api.Editor.Remove($"/v1/articles/{article.Id()}/publication");
        await withdrawn.Object(HttpStatusCode.OK);
        foreach (var address in addresses)
        {
            using var response = await api.Anonymous.Ask(address);
            Assert.DoesNotContain("Bericht", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("64")]
    [InlineData("0")]
    public async Task No_reader_sees_an_older_version_than_the_last_acknowledged_one(string megabytes)
    {
        const int writes = 60;
        await using var api = new Api(("Cache:Megabytes", megabytes));
        var article = await api.Article("Bericht");
        var acknowledged = 1;
        var reads = 0;
        string[] addresses = [$"/v1/articles/{article.Id()}", "/v1/articles/by-slug/bericht", "/v1/articles", $"/v1/articles/{article.Id()}?view=summary"];

        var readers = addresses.Select(address => Task.Run(async () =>
        {
            while (Volatile.Read(ref acknowledged) <= writes)
            {
                var least = Volatile.Read(ref acknowledged);
                var answer = await api.Anonymous.GetObject(address);
                var version = (answer["items"]?[0] ?? answer).Int("version");
                Assert.True(version >= least, $"{address} shows version {version} after {least} was acknowledged");
                Interlocked.Increment(ref reads);
            }
        })).ToList();
        for (var i = 0; i < writes; i++)
        {
            using var response = await api.Editor.PatchJson($"/v1/articles/{article.Id()}", $$"""{"kicker":"Stand {{i}}"}""");
            var version = (await response.Object(HttpStatusCode.OK)).Int("version");
            Volatile.Write(ref acknowledged, version);
        }

        await Task.WhenAll(readers);
        Assert.Equal(writes + 1, acknowledged);
        Assert.True(reads > 0);
    }

    [Fact]
    public async Task A_slug_leads_to_the_resource_that_has_it_now()
    {
        await using var api = new Api();
        var first = await api.Person("Erster", ""","slug":"name" """);
        Assert.Equal(first.Id(), (await api.Anonymous.GetObject("/v1/people/by-slug/name")).Id());
        using var delete = await api.Editor.Remove($"/v1/people/{first.Id()}");
        Assert.Equal(HttpStatusCode.NoContent, delete.StatusCode);
        using var gone = await api.Anonymous.Ask("/v1/people/by-slug/name");
        await gone.Problem(404);

        // The deleted one comes back under its id; nobody else can have its slug.
        using var taken = await api.Editor.PostJson("/v1/people", """{"name":"Zweiter","slug":"name"}""");
        await taken.Problem(409, "slugExists");
        using var back = await api.Editor.PutJson($"/v1/people/{first.Id()}", """{"name":"Wieder da","slug":"name"}""");
        await back.Object(HttpStatusCode.Created);
        Assert.Equal("Wieder da", (await api.Anonymous.GetObject("/v1/people/by-slug/name")).Text("name"));
    }

    [Fact]
    public async Task What_another_server_writes_to_the_same_database_is_seen_soon()
    {
        using var folder = new TestFolder();
        await using var one = new Api(null, folder);
        await using var other = new Api(null, folder);
        var article = await one.Article("Bericht");
        foreach (var address in (string[])["/v1/articles", $"/v1/articles/{article.Id()}"])
        {
            await one.Anonymous.GetObject(address);
            await Soon(other, address, "Bericht");
            using var write = await other.Editor.PatchJson($"/v1/articles/{article.Id()}", $$"""{"headline":{{Json.Quoted("Neu " + address)}}}""");
            await write.Object(HttpStatusCode.OK);
            await Soon(one, address, "Neu " + address);
            using var back = await one.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"headline":"Bericht"}""");
            await back.Object(HttpStatusCode.OK);
            Assert.Contains("\"Bericht\"", await one.Anonymous.GetStringAsync(address, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_a_verb_imports_into_the_database_of_a_running_server_is_there_and_can_be_published()
    {
        await using var api = new Api();
        Assert.Empty((await api.Editor.GetObject("/v1/articles?perspective=preview"))["items"]!.AsArray());
        await api.Anonymous.GetObject("/v1/articles");
        var file = Path.Combine(api.Folder, "page.txt");
        await File.WriteAllTextAsync(
            file,
            "Brücke im Almdorf wird gebaut\n\nMittwoch, 19. November 2025 | 17:05 Uhr\nVon: APA\n\nDer Gemeinderat hat am Mittwoch den Bau einer Brücke beschlossen.\n",
            TestContext.Current.CancellationToken);

        using var import = NewsApiProcess.Start(api.Folder, "Production", "import", file);
        Assert.True(await import.EndAsync() == 0, import.Output);

        var id = (await api.Editor.GetObject("/v1/articles?perspective=preview")).Each("id").Single();
        using var published = await api.Editor.Publish(id);
        await published.Object(HttpStatusCode.OK);
        Assert.Equal([id], (await api.Anonymous.GetObject("/v1/articles")).Each("id"));
    }

    [Fact]
    public async Task Thousands_of_different_questions_do_no_harm_to_a_small_cache()
    {
        await using var api = new Api(("Cache:Megabytes", "1"));
        var article = await api.Article("Bericht");
        await Parallel.ForEachAsync(Enumerable.Range(0, 4_000), TestContext.Current.CancellationToken, async (i, cancel) =>
        {
            var address = i % 2 == 0 ? $"/v1/articles?tag=t{i}" : $"/v1/articles/by-slug/bericht?view=full&{new string('&', i % 400)}";
            using var response = await api.Anonymous.GetAsync(address, cancel);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        });

        using var write = await api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"headline":"Neu"}""");
        await write.Object(HttpStatusCode.OK);
        Assert.Equal(["Neu"], (await api.Anonymous.GetObject("/v1/articles")).Each("headline"));
        Assert.Equal("Neu", (await api.Anonymous.GetObject("/v1/articles/by-slug/bericht?view=full&")).Text("headline"));
    }

    private static async Task Soon(Api api, string address, string expected)
    {
        var clock = Stopwatch.StartNew();
        string text;
        do
        {
            text = await api.Anonymous.GetStringAsync(address, TestContext.Current.CancellationToken);
            if (text.Contains(Json.Quoted(expected), StringComparison.Ordinal)) return;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        while (clock.Elapsed < Deadline);

        Assert.Fail($"{address} does not show '{expected}': {text}");
    }
}
