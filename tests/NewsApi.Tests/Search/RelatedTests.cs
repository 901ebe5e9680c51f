using NewsApi.Tests.Support;

namespace NewsApi.Tests.Search;

public sealed class RelatedTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task What_shares_people_events_tags_or_rare_words_is_related_and_the_nearest_first()
    {
        var person = await _api.Person("Anna Gruber");
        var newsEvent = await _api.Event("Gipfel in Paris");
        var article = await _api.Article("Energiewende in Paris", $$""","tags":["Ukraine"],"people":[{"id":"{{person.Id()}}"}],"events":[{"id":"{{newsEvent.Id()}}"}]""", "2026-01-05T08:00:00Z");
        var twin = await _api.Article("Wieder so", $$""","tags":["Ukraine"],"people":[{"id":"{{person.Id()}}"}],"events":[{"id":"{{newsEvent.Id()}}"}]""", "2025-01-05T08:00:00Z");
        var ofPerson = await _api.Article("Eins", $$""","people":[{"id":"{{person.Id()}}"}]""", "2026-01-04T08:00:00Z");
        var ofEvent = await _api.Article("Zwei", $$""","events":[{"id":"{{newsEvent.Id()}}"}]""", "2026-01-06T08:00:00Z");
        var ofTag = await _api.Article("Drei", ""","tags":["Ukraine"]""", "2026-01-07T08:00:00Z");
        var ofWord = await _api.Article("Vier", ""","body":[{"type":"paragraph","text":"Die Energiewende stockt."}]""", "2026-01-07T08:00:00Z");
        await _api.Article("In Paris", ""","tags":["Russland"]""", "2026-01-05T08:00:00Z");

        var related = await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}/related");

        var ids = related.Each("id");
        Assert.Equal(twin.Id(), ids[0]);
        Assert.Equal(ofEvent.Id(), ids[1]);
        Assert.Equal(new[] { twin.Id(), ofPerson.Id(), ofEvent.Id(), ofTag.Id(), ofWord.Id() }.Order(), ids.Order());
        Assert.Null(related["nextCursor"]);
        Assert.All(related.Items(), item => Assert.Null(item["body"]));
        Assert.Equal(ids.Take(2), (await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}/related?limit=2")).Each("id"));
    }

    [Fact]
    public async Task What_is_not_public_is_related_to_nothing_and_names_nothing()
    {
        var hidden = await _api.Person("Geheime Quelle", ""","visibility":"internal" """);
        var article = await _api.Article("Eins", $$""","tags":["Ukraine"],"people":[{"id":"{{hidden.Id()}}"}]""");
        var other = await _api.Article("Zwei", $$""","people":[{"id":"{{hidden.Id()}}"}]""");
        var withdrawn = await _api.Article("Drei", ""","tags":["Ukraine"]""");
        var draft = await _api.Draft("Vier", ""","tags":["Ukraine"]""");
        await _api.Editor.Remove($"/v1/articles/{withdrawn.Id()}/publication", null).Answers();

        Assert.Empty((await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}/related")).Items());
        Assert.Equal(new[] { other.Id(), withdrawn.Id(), draft.Id() }.Order(), (await _api.Editor.GetObject($"/v1/articles/{article.Id()}/related?perspective=preview")).Each("id").Order());
        foreach (var id in (string[])[draft.Id(), withdrawn.Id(), Guid.CreateVersion7().ToString()])
            await _api.Anonymous.Get($"/v1/articles/{id}/related").IsRefused(404, "notFound");
        Assert.Equal([article.Id()], (await _api.Editor.GetObject($"/v1/articles/{withdrawn.Id()}/related?perspective=preview")).Each("id").Except([draft.Id()]));
    }

    [Fact]
    public async Task A_changed_link_changes_what_is_related_at_once()
    {
        var article = await _api.Article("Eins", ""","tags":["Ukraine"]""");
        var other = await _api.Article("Zwei", ""","tags":["Ukraine"]""");
        Assert.Equal([other.Id()], (await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}/related")).Each("id"));

        await _api.Editor.PatchJson($"/v1/articles/{other.Id()}", """{"tags":["Russland"]}""").Answers();

        Assert.Empty((await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}/related")).Items());
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=51", "limit")]
    [InlineData("cursor=x", "cursor")]
    [InlineData("perspective=all", "perspective")]
    public async Task A_parameter_that_does_not_go_here_is_refused_by_name(string query, string parameter)
    {
        var article = await _api.Article("Eins");

        Assert.Equal([parameter], (await _api.Anonymous.Get($"/v1/articles/{article.Id()}/related?{query}").IsRefused(400, "invalidParameter")).Places());
        Assert.Equal(["id"], (await _api.Anonymous.Get("/v1/articles/eins/related").IsRefused(400, "invalidParameter")).Places());
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
