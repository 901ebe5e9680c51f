using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using NewsApi.Tests.Access;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Import;

public sealed class ImportTests : IAsyncDisposable
{
    private const string Page =
        """
         date 2026-02-14 Aktuelle Seite: Home > Chronik > Brücke in Klausen wieder offen
        Anna Gruber lobt die Arbeiten

        Brücke in Klausen wieder offen

        Samstag, 14. Februar 2026 | 09:30 Uhr
        APA/Erich Moser
        Von: APA/dpa

        Die Brücke über den Eisack ist seit Samstagfrüh wieder für den Verkehr freigegeben. Landesrätin Anna Gruber sprach von einem guten Tag für die Gemeinde.

        Längere Sperre vermieden

        Nach Grubers Worten hätte eine Sperre bis in den März hinein die Betriebe schwer getroffen. Der Bürgermeister dankte den Arbeitern und erinnerte an das Hochwasser.
        """;

    private readonly Api _api = new();

    [Fact]
    public async Task A_page_becomes_a_draft_with_what_it_says()
    {
        var item = await Import(Page);
        var article = await Read(item.Id());

        Assert.Equal("created", item.Text("outcome"));
        Assert.Empty(item["warnings"]!.AsArray());
        Assert.Equal("draft", article.Text("status"));
        Assert.Equal("Brücke in Klausen wieder offen", article.Text("headline"));
        Assert.Equal("Anna Gruber lobt die Arbeiten", article.Text("kicker"));
        Assert.Equal("chronik", article["section"]!.Text("slug"));
        Assert.Equal("Chronik", article["section"]!.Text("name"));
        Assert.Equal("2026-02-14T08:30:00.000Z", article.Text("publishedAt"));
        Assert.Equal(["APA", "dpa"], article["sources"]!.AsArray().Select(s => s!.Text("name")));
        Assert.Equal("APA/Erich Moser", article["images"]![0]!.Text("credit"));
        Assert.Equal(["paragraph", "crosshead", "paragraph"], article["body"]!.AsArray().Select(b => b!.Text("type")));
        Assert.Equal("de", article.Text("language"));
        Assert.Empty((await _api.Anonymous.GetObject("/v1/articles"))["items"]!.AsArray());
        Assert.Empty((await _api.Anonymous.GetObject("/v1/sections"))["items"]!.AsArray());
    }

    [Fact]
    public async Task People_on_record_are_linked_by_any_of_their_names_and_photographers_are_not()
    {
        var gruber = await _api.Person("Anna Gruber", ""","names":[{"value":"Gruber","kind":"alias"}]""");
        await _api.Person("Erich Moser");

        var article = await Read((await Import(Page)).Id());

        var person = Assert.Single(article["people"]!.AsArray())!;
        Assert.Equal(gruber.Id(), person.Id());
        Assert.Equal("mentioned", person.Text("relation"));
    }

    [Fact]
    public async Task A_name_of_two_people_links_nobody_and_is_reported()
    {
        await _api.Person("Anna Gruber");
        await _api.Person("Anna Gruber");

        var item = await Import(Page);

        Assert.Contains("Anna Gruber", item["warnings"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty((await Read(item.Id()))["people"]!.AsArray());
    }

    [Fact]
    public async Task The_same_page_again_changes_nothing_and_says_so()
    {
        var first = await Import(Page);
        var before = await Read(first.Id());

        var second = await Import(Page);

        Assert.Equal("unchanged", second.Text("outcome"));
        Assert.Equal(first.Id(), second.Id());
        Assert.True(JsonNode.DeepEquals(before, await Read(first.Id())));
    }

    [Fact]
    public async Task The_same_page_again_does_not_undo_what_an_editor_did()
    {
        var id = (await Import(Page)).Id();
        await (await _api.Editor.PatchJson($"/v1/articles/{id}", """{"teaser":"Seit Samstag rollt der Verkehr.","kicker":null}""")).Object(HttpStatusCode.OK);

        await Import(Page);

        var article = await Read(id);
        Assert.Equal("Seit Samstag rollt der Verkehr.", article.Text("teaser"));
        Assert.Null(article["kicker"]);
    }

    [Fact]
    public async Task A_changed_page_updates_its_draft_and_keeps_what_it_does_not_know()
    {
        var id = (await Import(Page)).Id();
        await (await _api.Editor.PatchJson($"/v1/articles/{id}", """{"tags":["Verkehr"]}""")).Object(HttpStatusCode.OK);

        var item = await Import(Page.Replace("dankte den Arbeitern", "dankte allen Arbeitern", StringComparison.Ordinal));

        var article = await Read(id);
        Assert.Equal("updated", item.Text("outcome"));
        Assert.Equal(id, item.Id());
        Assert.Contains("allen Arbeitern", article["body"]![2]!.Text("text"), StringComparison.Ordinal);
        Assert.Equal("Verkehr", article["tags"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task A_changed_page_does_not_undo_what_an_editor_changed()
    {
        await _api.Person("Anna Gruber");
        var id = (await Import(Page)).Id();
        await (await _api.Editor.PatchJson(
            $"/v1/articles/{id}", """{"kicker":"Verkehr","subhead":"Freie Fahrt","people":[],"sources":[{"name":"APA"}]}""")).Object(HttpStatusCode.OK);

        var item = await Import(Page.Replace("dankte den Arbeitern", "dankte allen Arbeitern", StringComparison.Ordinal).Replace("Gruber lobt", "Gruber preist", StringComparison.Ordinal));

        var article = await Read(id);
        Assert.Equal("updated", item.Text("outcome"));
        Assert.Equal(("Verkehr", "Freie Fahrt"), (article.Text("kicker"), article.Text("subhead")));
        Assert.Equal("APA", Assert.Single(article["sources"]!.AsArray())!.Text("name"));
        Assert.Empty(article["people"]!.AsArray());
        Assert.Contains("allen Arbeitern", article["body"]![2]!.Text("text"), StringComparison.Ordinal);
        Assert.Contains("kicker", Assert.Single(item["warnings"]!.AsArray())!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_page_of_a_published_article_makes_a_working_copy()
    {
        var id = (await Import(Page)).Id();
        await (await _api.Editor.Publish(id)).Object(HttpStatusCode.OK);

        await Import(Page.Replace("dankte den Arbeitern", "dankte allen Arbeitern", StringComparison.Ordinal));

        var published = await _api.Anonymous.GetObject($"/v1/articles/{id}");
        Assert.DoesNotContain("allen Arbeitern", published.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("2026-02-14T08:30:00.000Z", published.Text("publishedAt"));
        Assert.Contains("allen Arbeitern", (await Read(id)).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_page_of_an_article_that_waits_for_its_time_is_for_those_who_may_publish()
    {
        var id = (await Import(Page)).Id();
        await _api.Editor.PutJson($"/v1/articles/{id}/publication", $$"""{"publishAt":"{{DateTime.UtcNow.AddDays(2):yyyy-MM-dd}}T00:00:00Z"}""").Answers();
        using var writer = await _api.Holder(["content:read", "content:preview", "content:write"]);

        var page = Page.Replace("dankte den Arbeitern", "dankte allen Arbeitern", StringComparison.Ordinal);
        await writer.PostAsync("/v1/imports", Json.Body(page, "text/plain"), TestContext.Current.CancellationToken).IsRefused(403, "scopeRequired");

        Assert.DoesNotContain("allen Arbeitern", (await Read(id)).ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nur ein Satz")]
    public async Task What_is_no_page_is_refused_and_nothing_is_kept(string text)
    {
        var item = await Import(text);

        Assert.Equal("refused", item.Text("outcome"));
        Assert.Null(item["id"]);
        Assert.NotEmpty(item["warnings"]!.AsArray());
        Assert.Empty((await _api.Editor.GetObject("/v1/articles?perspective=preview"))["items"]!.AsArray());
    }

    [Theory]
    [InlineData("application/json", 415)]
    [InlineData("text/plain; charset=iso-8859-1", 415)]
    [InlineData("text/plain; charset=bogus", 415)]
    public async Task Other_types_and_encodings_are_refused(string contentType, int status)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Page));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await _api.Editor.PostAsync("/v1/imports", content, TestContext.Current.CancellationToken);

        await response.Problem(status);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_a_400()
    {
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(Page));
        content.Headers.TryAddWithoutValidation("Content-Type", "text/plain");
        using var response = await _api.Editor.PostAsync("/v1/imports", content, TestContext.Current.CancellationToken);

        await response.Problem(400);
    }

    [Fact]
    public async Task The_page_of_the_corpus_links_everybody_the_samples_know()
    {
        var corpus = Environment.GetEnvironmentVariable("NEWSAPI_CORPUS");
        Assert.SkipWhen(string.IsNullOrEmpty(corpus), "NEWSAPI_CORPUS is not set");
        await using var api = new Api(("Samples:Load", "true"));
        var text = await File.ReadAllTextAsync(Path.Combine(corpus!, "seed-article.txt"), TestContext.Current.CancellationToken);

        var item = await Import(text, api);
        var article = await api.Editor.GetObject($"/v1/articles/{item.Id()}?perspective=preview");

        Assert.Equal(
            ["donald-trump", "emmanuel-macron", "jared-kushner", "marco-rubio", "rustem-umjerow", "steve-witkoff", "wladimir-putin", "wolodymyr-selenskyj"],
            article["people"]!.AsArray().Select(p => p!.Text("slug")).Order());
        Assert.Equal("2025-12-31T20:53:00.000Z", article.Text("publishedAt"));
        Assert.Equal("politik", article["section"]!.Text("slug"));
        Assert.Equal(["APA", "Reuters", "dpa"], article["sources"]!.AsArray().Select(s => s!.Text("name")));
        Assert.Equal(7, article["body"]!.AsArray().Count(b => b!.Text("type") == "paragraph"));
        Assert.Equal(2, article["body"]!.AsArray().Count(b => b!.Text("type") == "crosshead"));
        Assert.Equal("unchanged", (await Import(text, api)).Text("outcome"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private async Task<JsonNode> Import(string text, Api? api = null)
    {
        using var response = await (api ?? _api).Editor.PostAsync("/v1/imports", Json.Body(text, "text/plain"), TestContext.Current.CancellationToken);
        return Assert.Single((await response.Object(HttpStatusCode.OK))["items"]!.AsArray())!;
    }

    private Task<JsonObject> Read(string id) => _api.Editor.GetObject($"/v1/articles/{id}?perspective=preview");
}
