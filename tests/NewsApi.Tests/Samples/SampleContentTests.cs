using System.Net;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Samples;

/// <summary>What somebody sees who starts the program for the first time.</summary>
public sealed class SampleContentTests(SampleContentTests.Samples samples) : IClassFixture<SampleContentTests.Samples>
{
    [Theory]
    [InlineData("wolodymyr-selenskyj", "Володимир Зеленський")]
    [InlineData("rustem-umjerow", "Умєров")]
    [InlineData("steve-witkoff", "Steven Witkoff")]
    [InlineData("marco-rubio", "Marco Rubio")]
    [InlineData("jared-kushner", "Jared Kushner")]
    [InlineData("donald-trump", "Donald Trump")]
    [InlineData("emmanuel-macron", "Emmanuel Macron")]
    [InlineData("wladimir-putin", "Путин")]
    public async Task The_people_are_there_with_their_spellings(string slug, string spelling)
    {
        var person = await samples.Api.Anonymous.GetObject($"/v1/people/by-slug/{slug}");

        Assert.Contains(person["names"]!.AsArray(), n => n!.Text("value").Contains(spelling, StringComparison.Ordinal));
        Assert.Single(person["names"]!.AsArray(), n => n!.Text("kind") == "preferred");
    }

    [Fact]
    public async Task The_newest_articles_are_listed_and_drafts_are_not()
    {
        var page = await samples.Api.Anonymous.GetObject("/v1/articles?limit=5");
        var all = await samples.Api.Anonymous.GetObject("/v1/articles?limit=200");
        var preview = await samples.Api.Editor.GetObject("/v1/articles?limit=200&perspective=preview");

        Assert.Equal(5, page["items"]!.AsArray().Count);
        Assert.True(all["items"]!.AsArray().Count >= 12);
        Assert.All(all["items"]!.AsArray(), a => Assert.Equal("published", a!.Text("status")));
        Assert.Contains(preview["items"]!.AsArray(), a => a!.Text("status") == "draft");
    }

    [Fact]
    public async Task Articles_of_a_person_bring_their_people_and_events_along()
    {
        var page = await samples.Api.Anonymous.GetObject("/v1/articles?person=steve-witkoff&include=people,events");

        Assert.NotEmpty(page["items"]!.AsArray());
        Assert.All(page["items"]!.AsArray(), a => Assert.Contains(a!["people"]!.AsArray(), p => p!.Text("slug") == "steve-witkoff"));
        var people = page["included"]!["people"]!.AsArray().Select(p => p!.Id()).ToList();
        Assert.Equal(people.Count, people.Distinct().Count());
        Assert.Equal(
            page["items"]!.AsArray().SelectMany(a => a!["people"]!.AsArray()).Select(p => p!.Id()).Distinct().Order(), people.Order());
        Assert.NotEmpty(page["included"]!["events"]!.AsArray());
    }

    [Fact]
    public async Task The_meeting_in_Paris_is_known_to_the_day_and_no_hour_is_invented()
    {
        var page = await samples.Api.Anonymous.GetObject("/v1/events?from=2026-01-01&to=2026-01-31");

        var paris = page["items"]!.AsArray().Single(e => e!.Text("slug").Contains("paris", StringComparison.Ordinal))!;
        Assert.Equal("2026-01-06", paris["start"]!.Text("value"));
        Assert.Equal("day", paris["start"]!.Text("precision"));
        Assert.Equal("Europe/Paris", paris["start"]!.Text("timeZone"));
        Assert.Equal("2026-01-05T23:00:00.000Z", paris["start"]!.Text("earliest"));
        Assert.Equal("2026-01-06T22:59:59.999Z", paris["start"]!.Text("latest"));
        Assert.DoesNotContain(page["items"]!.AsArray(), e => e!["start"]!.Text("value").StartsWith("2025-12", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_database_with_content_gets_no_samples()
    {
        using var folder = new TestFolder();
        await using (var first = new Api(null, folder)) await first.Person("Anna Gruber");

        await using var second = new Api(null, folder, ("Samples:Load", "true"));
        var people = await second.Anonymous.GetObject("/v1/people");

        Assert.Equal(["Anna Gruber"], people.Each("name"));
    }

    [Fact]
    public async Task Samples_are_written_once()
    {
        using var folder = new TestFolder();
        string id;
        await using (var first = new Api(null, folder, ("Samples:Load", "true")))
        {
            id = (await first.Anonymous.GetObject("/v1/articles?limit=1"))["items"]![0]!.Id();
            using var response = await first.Editor.Remove($"/v1/articles/{id}");
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        }

        await using var second = new Api(null, folder, ("Samples:Load", "true"));
        using var gone = await second.Anonymous.GetAsync($"/v1/articles/{id}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    /// <summary>One start for all: these tests only read.</summary>
    public sealed class Samples : IAsyncDisposable
    {
        internal Api Api { get; } = new(("Samples:Load", "true"));

        public ValueTask DisposeAsync() => Api.DisposeAsync();
    }
}
