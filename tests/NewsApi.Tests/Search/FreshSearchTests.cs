using NewsApi.Tests.Support;

namespace NewsApi.Tests.Search;

/// <summary>A search knows at once what became of what it finds.</summary>
public sealed class FreshSearchTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task What_is_withdrawn_or_deleted_is_gone_with_the_answer_to_the_write()
    {
        var withdrawn = await _api.Article("Mauerblümchen eins");
        var deleted = await _api.Article("Mauerblümchen zwei");
        await IsFound("Mauerblümchen", withdrawn.Id(), deleted.Id());

        await _api.Editor.Remove($"/v1/articles/{withdrawn.Id()}/publication", null).Answers();
        await IsFound("Mauerblümchen", deleted.Id());
        await _api.Editor.Remove($"/v1/articles/{deleted.Id()}").Succeeds();
        await IsFound("Mauerblümchen");
        await _api.Editor.Publish(withdrawn.Id()).Answers();
        await IsFound("Mauerblümchen", withdrawn.Id());
    }

    [Fact]
    public async Task A_changed_article_is_found_by_its_new_words_and_not_by_its_old_ones()
    {
        var article = await _api.Article("Mauerblümchen", ""","tags":["alt"],"body":[{"type":"paragraph","text":"Löwenzahn"}]""", "2026-01-01T08:00:00Z");
        await IsFound("Löwenzahn", article.Id());

        await _api.Editor.PutJson($"/v1/articles/{article.Id()}", """{"headline":"Gänseblümchen","tags":["neu"],"body":[{"type":"paragraph","text":"Vergissmeinnicht"}]}""", "*").Answers();

        foreach (var word in (string[])["Mauerblümchen", "Löwenzahn", "alt", "Mauer*"]) await IsFound(word);
        foreach (var word in (string[])["Gänseblümchen", "Vergissmeinnicht", "neu", "Gänse*"]) await IsFound(word, article.Id());
        Assert.Empty(await _api.Anonymous.Ids("/v1/articles?tag=alt&q=Gänseblümchen"));
        Assert.Equal([article.Id()], await _api.Anonymous.Ids("/v1/articles?tag=neu&sort=updatedAt"));
    }

    [Fact]
    public async Task An_article_with_another_date_stands_at_its_new_place()
    {
        var first = await _api.Article("Bericht eins", at: "2026-01-01T08:00:00Z");
        var second = await _api.Article("Bericht zwei", at: "2026-01-02T08:00:00Z");
        await _api.Editor.PutJson($"/v1/articles/{first.Id()}/publication", """{"publishAt":"2026-01-03T08:00:00Z"}""").Answers();

        Assert.Equal([first.Id(), second.Id()], await _api.Anonymous.Ids("/v1/articles?q=Bericht"));
        Assert.Equal([first.Id()], await _api.Anonymous.Ids("/v1/articles?q=Bericht&publishedFrom=2026-01-03"));
        Assert.Equal([second.Id()], await _api.Anonymous.Ids("/v1/articles?q=Bericht&publishedTo=2026-01-02"));
        await IsFound("Bericht", first.Id(), second.Id());
    }

    [Fact]
    public async Task The_newsroom_finds_the_working_version_and_the_public_finds_the_public_one()
    {
        var article = await _api.Article("Mauerblümchen");
        await _api.Editor.PutJson($"/v1/articles/{article.Id()}?draft=true", """{"headline":"Gänseblümchen"}""", "*").Answers();
        var draft = await _api.Draft("Gänseblümchen im Entwurf");

        await IsFound("Mauerblümchen", article.Id());
        await IsFound("Gänseblümchen");
        foreach (var list in (string[])["/v1/articles", "/v1/search"])
        {
            Assert.Empty(await _api.Editor.Ids($"{list}?q=Mauerblümchen&perspective=preview"));
            Assert.Equal(new[] { article.Id(), draft.Id() }.Order(), (await _api.Editor.Ids($"{list}?q=Gänseblümchen&perspective=preview&limit=1")).Order());
            Assert.Equal([article.Id()], await _api.Editor.Ids($"{list}?q=Gänseblümchen+-Entwurf&perspective=preview"));
        }

        Assert.Equal(2, (await _api.Editor.GetObject("/v1/articles?q=Gänseblümchen&perspective=preview&count=exact")).Int("total"));
        await _api.Editor.Publish(article.Id()).Answers();
        await IsFound("Mauerblümchen");
        await IsFound("Gänseblümchen", article.Id());
    }

    [Fact]
    public async Task Who_is_renamed_is_found_by_the_new_name_alone()
    {
        var person = await _api.Person("Anna Gruber");
        var newsEvent = await _api.Event("Gipfel", more: $$""","participants":[{ "person": { "id": "{{person.Id()}}" } }]""");
        Assert.Equal([person.Id()], await _api.Anonymous.Ids("/v1/people?q=Gruber"));

        await _api.Editor.PutJson($"/v1/people/{person.Id()}", """{"name":"Anna Oberhofer"}""", "*").Answers();

        Assert.Empty(await _api.Anonymous.Ids("/v1/search?q=Gruber"));
        Assert.Equal([person.Id()], await _api.Anonymous.Ids("/v1/people?q=Oberhofer"));
        Assert.Equal(new[] { person.Id(), newsEvent.Id() }.Order(), (await _api.Anonymous.Ids("/v1/search?q=Oberhofer")).Order());
        await _api.Editor.Remove($"/v1/people/{person.Id()}").Answers(System.Net.HttpStatusCode.Conflict);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private async Task IsFound(string query, params string[] ids)
    {
        Assert.Equal(ids.Order(), (await _api.Anonymous.Ids($"/v1/articles?{Searching.Q(query)}")).Order());
        Assert.Equal(ids.Order(), (await _api.Anonymous.Ids($"/v1/articles?{Searching.Q(query)}&sort=updatedAt")).Order());
        Assert.Equal(ids.Order(), (await _api.Anonymous.Ids($"/v1/articles?{Searching.Q(query)}&sort=relevance")).Order());
        Assert.Equal(ids.Order(), (await _api.Anonymous.Ids($"/v1/search?{Searching.Q(query)}")).Order());
        Assert.Equal(ids.Length, (await _api.Anonymous.GetObject($"/v1/articles?{Searching.Q(query)}&count=exact")).Int("total"));
    }
}
