using System.Net;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Sections;

public sealed class SectionTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task Put_creates_and_renames()
    {
        await _api.Editor.PutJson("/v1/sections/politik", """{"name":"Politik"}""").Answers(HttpStatusCode.Created);
        var renamed = await _api.Editor.PutJson("/v1/sections/politik", """{"slug":"politik","name":"Politik & Welt"}""").Answers();

        Assert.Equal(("politik", "Politik & Welt"), (renamed.Text("slug"), renamed.Text("name")));
        Assert.Equal(["Politik & Welt"], (await _api.Anonymous.GetObject("/v1/sections")).Each("name"));
    }

    [Fact]
    public async Task Sections_stand_from_A_to_Z()
    {
        foreach (var (slug, name) in ((string, string)[])[("a", "Wirtschaft"), ("b", "Österreich"), ("c", "Panorama"), ("d", "Nachrichten")])
            await _api.Editor.PutJson($"/v1/sections/{slug}", $$"""{"name":"{{name}}"}""").Answers(HttpStatusCode.Created);

        Assert.Equal(["Nachrichten", "Österreich", "Panorama", "Wirtschaft"], (await _api.Anonymous.GetObject("/v1/sections")).Each("name"));
    }

    [Fact]
    public async Task Articles_show_the_new_name_at_once()
    {
        var article = await _api.Article("Gipfel", ""","section":{"slug":"politik"}""");
        var draft = await _api.Draft("Entwurf", ""","section":{"slug":"politik"}""");
        var address = $"/v1/articles/{article.Id()}";
        var tag = await _api.Anonymous.TagOf(address);
        Assert.Equal("Politik", article["section"]!.Text("name"));

        await _api.Editor.PutJson("/v1/sections/politik", """{"name":"Politik & Welt"}""").Answers();

        var read = await _api.Anonymous.GetObject(address);
        Assert.Equal(("Politik & Welt", 1), (read["section"]!.Text("name"), read.Int("version")));
        Assert.NotEqual(tag, await _api.Anonymous.TagOf(address));
        Assert.Equal("Politik & Welt", (await _api.Anonymous.GetObject("/v1/articles?section=politik"))["items"]![0]!["section"]!.Text("name"));
        Assert.Equal("Politik & Welt", (await _api.Preview("articles", draft.Id()))["section"]!.Text("name"));
    }

    [Fact]
    public async Task A_draft_does_not_make_its_section_public_but_its_publication_does()
    {
        var draft = await _api.Draft("Entwurf", ""","section":{"slug":"geheimes-ressort"}""");

        Assert.Empty((await _api.Anonymous.GetObject("/v1/sections"))["items"]!.AsArray());
        Assert.Equal(["geheimes-ressort"], (await _api.Editor.GetObject("/v1/sections?perspective=preview")).Each("slug"));

        await _api.Editor.Publish(draft.Id()).Answers();

        Assert.Equal(["Geheimes Ressort"], (await _api.Anonymous.GetObject("/v1/sections")).Each("name"));
        Assert.Equal("geheimes-ressort", (await _api.Anonymous.GetObject($"/v1/articles/{draft.Id()}"))["section"]!.Text("slug"));
        Assert.Equal(["Entwurf"], (await _api.Anonymous.GetObject("/v1/articles?section=geheimes-ressort")).Each("headline"));
    }

    [Fact]
    public async Task A_working_copy_does_not_make_its_section_public_but_its_publication_does()
    {
        var article = await _api.Article("Öffentlich", ""","section":{"slug":"politik"}""");
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"section":{"slug":"geheimes-ressort"}}""").Answers();

        Assert.Equal(["politik"], (await _api.Anonymous.GetObject("/v1/sections")).Each("slug"));
        Assert.Equal("politik", (await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}"))["section"]!.Text("slug"));

        await _api.Editor.Publish(article.Id()).Answers();

        Assert.Equal(["geheimes-ressort", "politik"], (await _api.Anonymous.GetObject("/v1/sections")).Each("slug"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_section_that_articles_stand_in_cannot_be_deleted(bool published)
    {
        const string section = ""","section":{"slug":"politik"}""";
        var article = published ? await _api.Article("Gipfel", section) : await _api.Draft("Gipfel", section);

        await _api.Editor.Remove("/v1/sections/politik", null).IsRefused(409, "inUse");

        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"section":null}""").Answers();
        await _api.Editor.Remove("/v1/sections/politik", null).Succeeds();
        Assert.Empty((await _api.Editor.GetObject("/v1/sections?perspective=preview"))["items"]!.AsArray());
        await _api.Editor.Remove("/v1/sections/politik", null).IsRefused(404, "notFound");
    }

    [Fact]
    public async Task A_deleted_section_can_be_made_anew()
    {
        await _api.Editor.PutJson("/v1/sections/politik", """{"name":"Politik"}""").Answers(HttpStatusCode.Created);
        await _api.Editor.Remove("/v1/sections/politik", null).Succeeds();

        await _api.Editor.PutJson("/v1/sections/politik", """{"name":"Wieder da"}""").Answers(HttpStatusCode.Created);

        Assert.Equal(["Wieder da"], (await _api.Anonymous.GetObject("/v1/sections")).Each("name"));
    }

    [Theory]
    [InlineData("Politik", """{"name":"Politik"}""", 400)]
    [InlineData("politik-", """{"name":"Politik"}""", 400)]
    [InlineData("politik", """{"name":" "}""", 422)]
    [InlineData("politik", """{}""", 422)]
    [InlineData("politik", """{"name":"a\nb"}""", 422)]
    [InlineData("politik", """{"name":"Politik","farbe":"rot"}""", 400)]
    public async Task A_section_without_a_proper_slug_and_name_is_refused(string slug, string body, int status)
    {
        await _api.Editor.PutJson($"/v1/sections/{slug}", body).IsRefused(status);

        Assert.Empty((await _api.Editor.GetObject("/v1/sections?perspective=preview"))["items"]!.AsArray());
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
