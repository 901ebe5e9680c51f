using System.Net;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Articles;

public sealed class PublicationTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task Publishing_a_draft_makes_it_public_and_dates_it()
    {
        var draft = await _api.Draft("Gipfel angekündigt");
        Assert.Null(draft["publishedAt"]);

        using var response = await _api.Editor.Publish(draft.Id());

        var article = await response.Object(HttpStatusCode.OK);
        Assert.Equal(("published", 1), (article.Text("status"), article.Int("version")));
        Assert.NotEmpty(article.Text("publishedAt"));
        Assert.Equal($"/v1/articles/{draft.Id()}", response.Content.Headers.ContentLocation?.ToString());
        Sending.Same(article, await _api.Anonymous.GetObject($"/v1/articles/{draft.Id()}"));
        Sending.Same(article, await _api.Preview("articles", draft.Id()));
    }

    [Theory]
    [InlineData("2025-12-31T18:30:00Z", "2025-12-31T18:30:00.000Z")]
    [InlineData("2025-12-31T19:30:00.1239+01:00", "2025-12-31T18:30:00.123Z")]
    public async Task An_article_can_be_dated_back(string publishAt, string publishedAt)
    {
        var article = await _api.Article("Neujahrsansprache", at: publishAt);

        Assert.Equal(publishedAt, article.Text("publishedAt"));
    }

    [Theory]
    [InlineData("""{"publishAt":"2999-01-01T00:00:00Z"}""", 422, "/publishAt")]
    [InlineData("""{"embargoedUntil":"2999-01-01T00:00:00Z"}""", 422, "/embargoedUntil")]
    [InlineData("""{"expiresAt":"2025-12-31T18:30:00Z"}""", 422, "/expiresAt")]
    [InlineData("""{"embargoedUntil":"2030-02-01T00:00:00Z","expiresAt":"2030-01-01T00:00:00Z"}""", 422, "/expiresAt")]
    [InlineData("""{"publishAt":"2025-12-31"}""", 400, "/publishAt")]
    [InlineData("""{"publishAt":"2025-12-31T18:30:00"}""", 400, "/publishAt")]
    [InlineData("""{"publishedAt":"2025-12-31T18:30:00Z"}""", 400, "/publishedAt")]
    public async Task A_date_that_cannot_be_meant_publishes_nothing(string body, int status, string pointer)
    {
        var draft = await _api.Draft("Bleibt Entwurf");

        await _api.Editor.PutJson($"/v1/articles/{draft.Id()}/publication", body).IsRefusedAt(status, pointer);

        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf($"/v1/articles/{draft.Id()}"));
    }

    [Fact]
    public async Task An_empty_object_publishes_as_no_body_does()
    {
        var draft = await _api.Draft("Leer");

        var article = await _api.Editor.PutJson($"/v1/articles/{draft.Id()}/publication", "{}").Answers();

        Assert.Equal("published", article.Text("status"));
    }

    [Fact]
    public async Task Publishing_again_changes_nothing()
    {
        var article = await _api.Article("Einmal genügt", at: "2025-12-31T18:30:00Z");
        var tag = await _api.Anonymous.TagOf($"/v1/articles/{article.Id()}");

        var again = await _api.Editor.Publish(article.Id()).Answers();

        Sending.Same(article, again);
        Assert.Equal(tag, await _api.Anonymous.TagOf($"/v1/articles/{article.Id()}"));
    }

    [Fact]
    public async Task A_withdrawn_article_is_gone_from_every_public_address_at_once()
    {
        var person = await _api.Person("Steven Witkoff");
        var newsEvent = await _api.Event("Gipfel in Paris");
        var article = await _api.Article("Zurückgezogen", $$"""
            ,"section":{"slug":"politik"},"tags":["Ukraine"],"people":[{"id":"{{person.Id()}}"}],"events":[{"id":"{{newsEvent.Id()}}"}]
            """);
        var documents = (string[])[$"/v1/articles/{article.Id()}", "/v1/articles/by-slug/zurueckgezogen"];
        var lists = (string[])
        [
            "/v1/articles", "/v1/articles?section=politik", "/v1/articles?tag=Ukraine", $"/v1/articles?person={person.Id()}",
            "/v1/articles?event=gipfel-in-paris", $"/v1/people/{person.Id()}/articles", $"/v1/events/{newsEvent.Id()}/articles", "/v1/articles?view=full",
        ];
        foreach (var address in documents) Assert.Equal(HttpStatusCode.OK, await _api.Anonymous.StatusOf(address));
        foreach (var address in lists) Assert.Single((await _api.Anonymous.GetObject(address))["items"]!.AsArray());

        await _api.Editor.Remove($"/v1/articles/{article.Id()}/publication", null).Answers();

        foreach (var address in documents) Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf(address));
        foreach (var address in lists) Assert.Empty((await _api.Anonymous.GetObject(address))["items"]!.AsArray());
        Assert.Equal("withdrawn", (await _api.Preview("articles", article.Id())).Text("status"));
    }

    [Fact]
    public async Task An_article_published_again_keeps_its_date()
    {
        var article = await _api.Article("Wieder da", at: "2025-12-31T18:30:00Z");
        await _api.Editor.Remove($"/v1/articles/{article.Id()}/publication", null).Answers();
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"teaser":"verbessert"}""").Answers();
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf($"/v1/articles/{article.Id()}"));

        var again = await _api.Editor.Publish(article.Id()).Answers();

        Assert.Equal(("published", 2, article.Text("publishedAt")), (again.Text("status"), again.Int("version"), again.Text("publishedAt")));
        Assert.Equal("verbessert", (await _api.Anonymous.GetObject("/v1/articles/by-slug/wieder-da")).Text("teaser"));
    }

    [Fact]
    public async Task Withdrawing_a_draft_leaves_it_a_draft()
    {
        var draft = await _api.Draft("Nie öffentlich");

        var article = await _api.Editor.Remove($"/v1/articles/{draft.Id()}/publication", null).Answers();

        Sending.Same(draft, article);
    }

    [Fact]
    public async Task A_write_to_a_published_article_is_public_at_once()
    {
        var article = await _api.Article("Erste Fassung");
        await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}");

        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"headline":"Zweite Fassung"}""").Answers();

        var read = await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}");
        Assert.Equal(("Zweite Fassung", 2, article.Text("publishedAt")), (read.Text("headline"), read.Int("version"), read.Text("publishedAt")));
        Assert.Equal(["Zweite Fassung"], (await _api.Anonymous.GetObject("/v1/articles")).Each("headline"));
    }

    [Fact]
    public async Task A_working_copy_is_seen_only_in_preview_until_it_is_published()
    {
        var article = await _api.Article("Öffentlich", ""","tags":["alt"]""");
        var address = $"/v1/articles/{article.Id()}";
        var tag = await _api.Anonymous.TagOf(address);

        using var written = await _api.Editor.PutJson($"{address}?draft=true", """{"headline":"In Arbeit","tags":["neu"]}""", tag);

        Assert.Equal($"{address}?perspective=preview", written.Content.Headers.ContentLocation?.ToString());
        var working = await written.Object(HttpStatusCode.OK);
        Assert.Equal(("In Arbeit", 2, "draft"), (working.Text("headline"), working.Int("version"), working.Text("status")));
        Sending.Same(article, await _api.Anonymous.GetObject(address));
        Assert.Equal(tag, await _api.Anonymous.TagOf(address));
        Sending.Same(working, await _api.Preview("articles", article.Id()));
        Assert.Equal(["Öffentlich"], (await _api.Anonymous.GetObject("/v1/articles")).Each("headline"));
        Assert.Equal(["In Arbeit"], (await _api.Editor.GetObject("/v1/articles?perspective=preview")).Each("headline"));
        Assert.Empty((await _api.Anonymous.GetObject("/v1/articles?tag=neu"))["items"]!.AsArray());
        Assert.Empty((await _api.Editor.GetObject("/v1/articles?tag=alt&perspective=preview"))["items"]!.AsArray());

        await _api.Editor.Publish(article.Id()).Answers();

        var read = await _api.Anonymous.GetObject(address);
        Assert.Equal(("In Arbeit", 2, "published"), (read.Text("headline"), read.Int("version"), read.Text("status")));
        Sending.Same(read, await _api.Preview("articles", article.Id()));
    }

    [Fact]
    public async Task A_working_copy_is_made_by_patch_too_and_the_newest_version_counts()
    {
        var article = await _api.Article("Öffentlich");
        var address = $"/v1/articles/{article.Id()}";
        var stale = await _api.Anonymous.TagOf(address);
        await _api.Editor.PatchJson($"{address}?draft=true", """{"teaser":"in Arbeit"}""", stale).Answers();

        var problem = await _api.Editor.PatchJson(address, """{"teaser":"anders"}""", stale).IsRefused(412, "versionMismatch");
        Assert.Equal(2, problem.Int("currentVersion"));

        var newest = await _api.Editor.TagOf($"{address}?perspective=preview");
        var written = await _api.Editor.PatchJson(address, """{"kicker":"Dachzeile"}""", newest).Answers();

        Assert.Equal(("in Arbeit", "Dachzeile", 3), (written.Text("teaser"), written.Text("kicker"), written.Int("version")));
        Sending.Same(written, await _api.Anonymous.GetObject(address));
    }

    [Fact]
    public async Task Withdrawing_takes_the_public_version_and_keeps_the_working_copy()
    {
        var article = await _api.Article("Öffentlich");
        var address = $"/v1/articles/{article.Id()}";
        await _api.Editor.PatchJson($"{address}?draft=true", """{"headline":"In Arbeit"}""").Answers();

        var withdrawn = await _api.Editor.Remove($"{address}/publication", null).Answers();

        Assert.Equal(("In Arbeit", "withdrawn"), (withdrawn.Text("headline"), withdrawn.Text("status")));
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf(address));
    }

    [Fact]
    public async Task If_Match_of_a_publication_is_honoured_where_it_is_sent()
    {
        var draft = await _api.Draft("Erste Fassung");
        var address = $"/v1/articles/{draft.Id()}";
        var stale = await _api.Editor.TagOf($"{address}?perspective=preview");
        await _api.Editor.PatchJson(address, """{"headline":"Zweite Fassung"}""").Answers();

        var problem = await _api.Editor.Send(HttpMethod.Put, $"{address}/publication", null, ("If-Match", stale)).IsRefused(412, "versionMismatch");

        Assert.Equal(2, problem.Int("currentVersion"));
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf(address));
        var current = await _api.Editor.TagOf($"{address}?perspective=preview");
        await _api.Editor.Send(HttpMethod.Put, $"{address}/publication", null, ("If-Match", current)).Answers();
        await _api.Editor.Send(HttpMethod.Delete, $"{address}/publication", null, ("If-Match", current)).Answers();
    }

    [Theory]
    [InlineData("/v1/articles/{id}?draft=ja", "draft")]
    [InlineData("/v1/articles/{id}?drfat=true", "drfat")]
    public async Task A_misspelt_draft_parameter_publishes_nothing(string address, string parameter)
    {
        var article = await _api.Article("Öffentlich");

        var problem = await _api.Editor.PatchJson(address.Replace("{id}", article.Id(), StringComparison.Ordinal), """{"headline":"Neu"}""")
            .IsRefused(400, "invalidParameter");

        Assert.Equal(parameter, problem["errors"]![0]!.Text("parameter"));
        Sending.Same(article, await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
