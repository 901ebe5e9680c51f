using System.Net;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Articles;

public sealed class SlugTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task The_slug_is_made_from_the_title_and_leads_to_the_document()
    {
        await _api.Article("Größe über alles");
        await _api.Person("Володимир Зеленський");
        await _api.Event("Gespräche in Genf");

        foreach (var address in (string[])
            ["/v1/articles/by-slug/groesse-ueber-alles", "/v1/people/by-slug/volodimir-zelenskiy", "/v1/events/by-slug/gespraeche-in-genf"])
        {
            Assert.Equal(HttpStatusCode.OK, await _api.Anonymous.StatusOf(address));
        }
    }

    [Fact]
    public async Task Equal_titles_are_numbered_per_type()
    {
        var slugs = new List<string>();
        for (var i = 0; i < 3; i++) slugs.Add((await _api.Article("Wetter heute")).Text("slug"));

        Assert.Equal(["wetter-heute", "wetter-heute-2", "wetter-heute-3"], slugs);
        Assert.Equal("wetter-heute", (await _api.Event("Wetter heute")).Text("slug"));
    }

    [Fact]
    public async Task Equal_titles_written_at_once_get_different_slugs()
    {
        var drafts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _api.Draft("Eilmeldung")));

        Assert.Equal(20, drafts.Select(d => d.Text("slug")).Distinct().Count());
    }

    [Fact]
    public async Task A_title_without_letters_gets_the_name_of_the_type()
    {
        Assert.Equal("article", (await _api.Draft("?!")).Text("slug"));
        Assert.Equal("article-2", (await _api.Draft("…")).Text("slug"));
    }

    [Fact]
    public async Task The_slug_stays_when_the_title_changes()
    {
        var article = await _api.Article("Erster Titel");

        var changed = await _api.Editor.PutJson($"/v1/articles/{article.Id()}", """{"headline":"Zweiter Titel"}""", "*").Answers();

        Assert.Equal("erster-titel", changed.Text("slug"));
    }

    [Fact]
    public async Task Asking_for_a_slug_that_is_taken_is_a_conflict_that_names_the_owner()
    {
        var first = await _api.Draft("Gipfel in Paris");
        var second = await _api.Draft("Anderes");

        var created = await _api.Editor.PostJson("/v1/articles", """{"headline":"Neu","slug":"gipfel-in-paris"}""").IsRefused(409, "slugExists");
        var changed = await _api.Editor.PatchJson($"/v1/articles/{second.Id()}", """{"slug":"gipfel-in-paris"}""").IsRefused(409, "slugExists");

        Assert.Equal((first.Id(), first.Id()), (created.Text("existingId"), changed.Text("existingId")));
        Assert.Equal("/slug", created["errors"]![0]!.Text("pointer"));
    }

    [Theory]
    [InlineData("Gipfel")]
    [InlineData("gipfel--paris")]
    [InlineData("-gipfel")]
    [InlineData("größe")]
    [InlineData("gipfel paris")]
    [InlineData("")]
    public async Task A_slug_that_is_none_is_refused(string slug) =>
        await _api.Editor.PostJson("/v1/articles", $$"""{"headline":"Neu","slug":"{{slug}}"}""").IsRefusedAt(422, "/slug");

    [Fact]
    public async Task A_former_public_slug_still_leads_to_the_article()
    {
        var article = await _api.Article("Alter Name");
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"slug":"neuer-name"}""").Answers();

        using var old = await _api.Anonymous.Get("/v1/articles/by-slug/alter-name");
        using var current = await _api.Anonymous.Get("/v1/articles/by-slug/neuer-name");

        Assert.Equal("neuer-name", (await old.Object(HttpStatusCode.OK)).Text("slug"));
        Assert.Equal($"/v1/articles/{article.Id()}", old.Content.Headers.ContentLocation?.ToString());
        Assert.Equal($"/v1/articles/{article.Id()}", current.Content.Headers.ContentLocation?.ToString());
        await _api.Editor.PostJson("/v1/articles", """{"headline":"Neu","slug":"alter-name"}""").IsRefused(409, "slugExists");
    }

    [Fact]
    public async Task Former_slugs_come_back_with_an_article_that_was_withdrawn()
    {
        var article = await _api.Article("Alter Name");
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"slug":"neuer-name"}""").Answers();
        await _api.Editor.Remove($"/v1/articles/{article.Id()}/publication", null).Answers();
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf("/v1/articles/by-slug/alter-name"));

        await _api.Editor.Publish(article.Id()).Answers();

        Assert.Equal(HttpStatusCode.OK, await _api.Anonymous.StatusOf("/v1/articles/by-slug/alter-name"));
        Assert.Equal(HttpStatusCode.OK, await _api.Anonymous.StatusOf("/v1/articles/by-slug/neuer-name"));
    }

    [Fact]
    public async Task Filters_take_former_slugs_too()
    {
        var person = await _api.Person("Steven Witkoff");
        await _api.Article("Telefonat", $$""","people":[{"id":"{{person.Id()}}"}]""");
        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"slug":"steve-witkoff"}""").Answers();

        Assert.Equal(["Telefonat"], (await _api.Anonymous.GetObject("/v1/articles?person=steven-witkoff")).Each("headline"));
        Assert.Equal(["Telefonat"], (await _api.Anonymous.GetObject("/v1/articles?person=steve-witkoff")).Each("headline"));
    }

    [Fact]
    public async Task A_slug_that_was_never_public_is_free_again()
    {
        var draft = await _api.Draft("Arbeitstitel");
        await _api.Editor.PatchJson($"/v1/articles/{draft.Id()}", """{"slug":"endgueltig"}""").Answers();
        var second = await _api.Draft("Arbeitstitel");
        await _api.Editor.Remove($"/v1/articles/{second.Id()}").Succeeds();

        var third = await _api.Article("Arbeitstitel");

        Assert.Equal(("arbeitstitel", "arbeitstitel"), (second.Text("slug"), third.Text("slug")));
        Assert.Equal(third.Id(), (await _api.Anonymous.GetObject("/v1/articles/by-slug/arbeitstitel")).Id());
        Assert.Equal(third.Id(), (await _api.Editor.GetObject("/v1/articles/by-slug/arbeitstitel?perspective=preview")).Id());
    }

    [Fact]
    public async Task A_released_slug_leads_to_its_new_owner_in_preview_too()
    {
        var hidden = await _api.Person("Erika Beispiel", ""","visibility":"internal" """);
        await _api.Editor.PatchJson($"/v1/people/{hidden.Id()}", """{"slug":"andere"}""").Answers();
        var person = await _api.Person("Erika Beispiel");

        Assert.Equal("erika-beispiel", person.Text("slug"));
        Assert.Equal(person.Id(), (await _api.Anonymous.GetObject("/v1/people/by-slug/erika-beispiel")).Id());
        Assert.Equal(person.Id(), (await _api.Editor.GetObject("/v1/people/by-slug/erika-beispiel?perspective=preview")).Id());
    }

    [Fact]
    public async Task A_deleted_public_article_keeps_its_slug()
    {
        var article = await _api.Article("Gelöscht");
        await _api.Editor.Remove($"/v1/articles/{article.Id()}").Succeeds();

        var problem = await _api.Editor.PostJson("/v1/articles", """{"headline":"Neu","slug":"geloescht"}""").IsRefused(409, "slugExists");

        Assert.Equal(article.Id(), problem.Text("existingId"));
        Assert.Equal("geloescht-2", (await _api.Draft("Gelöscht")).Text("slug"));
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf("/v1/articles/by-slug/geloescht"));
    }

    [Fact]
    public async Task The_slug_of_a_working_copy_is_not_public()
    {
        var article = await _api.Article("Öffentlich");
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"slug":"in-arbeit"}""").Answers();

        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf("/v1/articles/by-slug/in-arbeit"));
        Assert.Equal(HttpStatusCode.OK, await _api.Anonymous.StatusOf("/v1/articles/by-slug/oeffentlich"));
        Assert.Equal(HttpStatusCode.OK, await _api.Editor.StatusOf("/v1/articles/by-slug/in-arbeit?perspective=preview"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
