using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.People;

public sealed class PersonTests : IAsyncDisposable
{
    private const string Everything = """
        {
          "slug": "wolodymyr-selenskyj",
          "name": "Wolodymyr Selenskyj",
          "givenName": "Wolodymyr",
          "familyName": "Selenskyj",
          "names": [
            { "value": "Wolodymyr Selenskyj", "language": "de", "script": "Latn", "kind": "preferred" },
            { "value": "Володимир Зеленський", "language": "uk", "script": "Cyrl", "kind": "alias" },
            { "value": "Volodymyr Zelenskyy", "kind": "romanisation" },
            { "value": "Selenski", "kind": "misspelling" }
          ],
          "offices": [{ "title": "Präsident", "organisation": "Ukraine", "country": "UA", "from": "2019-05-20", "to": "2029-05" }],
          "description": "Seit 2019 im Amt.\nFrüher Schauspieler.",
          "birthDate": "1978-01-25",
          "deathDate": "2078",
          "image": { "url": "https://example.org/s.jpg", "alt": "Porträt", "width": 300, "height": 400, "focalPoint": { "x": 0.5, "y": 0.3 } },
          "externalIds": [{ "source": "wikidata", "value": "Q3874799" }]
        }
        """;

    private readonly Api _api = new();

    [Fact]
    public async Task What_is_posted_is_read_back_and_can_be_sent_back()
    {
        using var created = await _api.Editor.PostJson("/v1/people", Everything);
        var id = (await created.Object(HttpStatusCode.Created)).Id();
        Assert.Equal($"/v1/people/{id}", created.Headers.Location?.ToString());

        using var read = await _api.Anonymous.Get($"/v1/people/{id}");
        var text = await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        foreach (var (member, value) in JsonNode.Parse(Everything)!.AsObject()) Sending.Same(value, JsonNode.Parse(text)![member]);
        Assert.Null(JsonNode.Parse(text)!["visibility"]);

        using var written = await _api.Editor.PutJson($"/v1/people/{id}", text, read.Headers.ETag!.ToString());
        Assert.Equal(text, await written.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(read.Headers.ETag, written.Headers.ETag);
    }

    [Fact]
    public async Task The_name_becomes_the_preferred_entry()
    {
        var person = await _api.Person("Wolodymyr Selenskyj", ""","names":[{"value":"Zelensky"}]""");

        Assert.Equal(["Wolodymyr Selenskyj preferred", "Zelensky alias"], NamesOf(person));
    }

    [Fact]
    public async Task A_spelling_on_record_that_is_the_name_becomes_the_preferred_one()
    {
        var person = await _api.Person("Selenskyj", ""","names":[{"value":"Zelensky"},{"value":"Selenskyj","language":"de"}]""");

        Assert.Equal(["Zelensky alias", "Selenskyj preferred"], NamesOf(person));
    }

    [Fact]
    public async Task The_preferred_entry_becomes_the_name()
    {
        var person = await _api.Editor.PostJson("/v1/people", """{"names":[{"value":"Zelensky"},{"value":"Selenskyj","kind":"preferred"}]}""")
            .Answers(HttpStatusCode.Created);

        Assert.Equal(("Selenskyj", "selenskyj"), (person.Text("name"), person.Text("slug")));
    }

    [Theory]
    [InlineData("""{"name":"Selenskyj","names":[{"value":"Zelensky","kind":"preferred"}]}""", "/name")]
    [InlineData("""{"names":[{"value":"Zelensky"}]}""", "/name")]
    [InlineData("""{"givenName":"Wolodymyr"}""", "/name")]
    [InlineData("""{"name":"a","names":[{"value":"a","kind":"preferred"},{"value":"b","kind":"preferred"}]}""", "/names")]
    [InlineData("""{"names":[{"value":"a","kind":"preferred"},{"value":"b","kind":"preferred"}]}""", "/names")]
    [InlineData("""{"name":"a","names":[{"value":"b"},{"value":"b"}]}""", "/names")]
    [InlineData("""{"name":"a","names":[{"value":"b","kind":"nickname"}]}""", "/names/0/kind")]
    [InlineData("""{"name":"a","names":[{"value":"b","script":"latin"}]}""", "/names/0/script")]
    [InlineData("""{"name":"a","names":[{"kind":"alias"}]}""", "/names/0/value")]
    [InlineData("""{"name":"a","offices":[{"organisation":"UN"}]}""", "/offices/0/title")]
    [InlineData("""{"name":"a","offices":[{"title":"b","country":"Ukraine"}]}""", "/offices/0/country")]
    [InlineData("""{"name":"a","offices":[{"title":"b","from":"2020-05","to":"2019"}]}""", "/offices/0/to")]
    [InlineData("""{"name":"a","birthDate":"1978-13"}""", "/birthDate")]
    [InlineData("""{"name":"a","birthDate":"25.1.1978"}""", "/birthDate")]
    [InlineData("""{"name":"a","birthDate":"1978-02","deathDate":"1978-01-31"}""", "/deathDate")]
    [InlineData("""{"name":"a","visibility":"secret"}""", "/visibility")]
    public async Task What_contradicts_itself_or_is_no_value_is_refused(string person, string pointer)
    {
        await _api.Editor.PostJson("/v1/people", person).IsRefusedAt(422, pointer);

        Assert.Empty((await _api.Editor.GetObject("/v1/people?perspective=preview"))["items"]!.AsArray());
    }

    [Theory]
    [InlineData("1978", "2078-01")]
    [InlineData("1978-01", "1978")]
    [InlineData("1978-01-25", "1978-01-25")]
    public async Task Dates_are_taken_as_far_as_they_are_known(string birth, string death)
    {
        var person = await _api.Person("Erika Beispiel", $$""","birthDate":"{{birth}}","deathDate":"{{death}}" """);

        Assert.Equal((birth, death), (person.Text("birthDate"), person.Text("deathDate")));
    }

    [Fact]
    public async Task An_internal_person_is_seen_by_the_newsroom_alone()
    {
        using var created = await _api.Editor.PostJson("/v1/people", """{"name":"Geheime Quelle","visibility":"internal"}""");
        var person = await created.Object(HttpStatusCode.Created);

        Assert.Equal($"/v1/people/{person.Id()}?perspective=preview", created.Headers.Location?.ToString());
        Assert.Equal("internal", person.Text("visibility"));
        foreach (var address in (string[])[$"/v1/people/{person.Id()}", "/v1/people/by-slug/geheime-quelle", $"/v1/people/{person.Id()}/articles"])
        {
            await _api.Anonymous.Get(address).IsRefused(404, "notFound");
            Assert.Equal(HttpStatusCode.OK, await _api.Editor.StatusOf($"{address}?perspective=preview"));
        }

        Assert.Empty((await _api.Anonymous.GetObject("/v1/people"))["items"]!.AsArray());
        Assert.Equal(["Geheime Quelle"], (await _api.Editor.GetObject("/v1/people?perspective=preview")).Each("name"));
    }

    [Fact]
    public async Task A_person_goes_internal_and_public_again_by_a_patch()
    {
        var person = await _api.Person("Erika Beispiel");
        var address = $"/v1/people/{person.Id()}";

        await _api.Editor.PatchJson(address, """{"visibility":"internal"}""").Answers();
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf(address));

        await _api.Editor.PatchJson(address, """{"visibility":null}""").Answers();
        Assert.Equal(3, (await _api.Anonymous.GetObject(address)).Int("version"));
    }

    [Theory]
    [InlineData("article")]
    [InlineData("draft")]
    [InlineData("event")]
    [InlineData("internal event")]
    public async Task A_person_who_is_linked_cannot_be_deleted(string where)
    {
        var person = await _api.Person("Steven Witkoff");
        var link = $$""","people":[{"id":"{{person.Id()}}"}]""";
        var participants = $$""","participants":[ { "person": { "id": "{{person.Id()}}" } } ]""";
        var linking = where switch
        {
            "article" => $"/v1/articles/{(await _api.Article("Telefonat", link)).Id()}",
            "draft" => $"/v1/articles/{(await _api.Draft("Telefonat", link)).Id()}",
            "event" => $"/v1/events/{(await _api.Event("Gipfel", more: participants)).Id()}",
            _ => $"/v1/events/{(await _api.Event("Gipfel", more: participants + ",\"visibility\":\"internal\"")).Id()}",
        };

        await _api.Editor.Remove($"/v1/people/{person.Id()}").IsRefused(409, "inUse");
        Assert.Equal(HttpStatusCode.OK, await _api.Anonymous.StatusOf($"/v1/people/{person.Id()}"));

        await _api.Editor.Remove(linking).Succeeds();
        await _api.Editor.Remove($"/v1/people/{person.Id()}").Succeeds();
        Assert.Equal(HttpStatusCode.NotFound, await _api.Editor.StatusOf($"/v1/people/{person.Id()}?perspective=preview"));
    }

    [Fact]
    public async Task A_person_the_public_article_still_shows_cannot_be_deleted()
    {
        var person = await _api.Person("Steven Witkoff");
        var article = await _api.Article("Telefonat", $$""","people":[{"id":"{{person.Id()}}"}]""");
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"people":[]}""").Answers();

        await _api.Editor.Remove($"/v1/people/{person.Id()}").IsRefused(409, "inUse");
    }

    [Fact]
    public async Task People_stand_in_the_order_of_a_German_register()
    {
        await _api.Person("Zarah Öttl", ""","givenName":"Zarah","familyName":"Öttl" """);
        await _api.Person("Anna Zeller", ""","givenName":"Anna","familyName":"Zeller" """);
        await _api.Person("Otto", "");
        await _api.Person("Bernd Ärmel", ""","givenName":"Bernd","familyName":"Ärmel" """);

        Assert.Equal(["Bernd Ärmel", "Zarah Öttl", "Otto", "Anna Zeller"], (await _api.Anonymous.GetObject("/v1/people")).Each("name"));
        Assert.Equal(["Anna Zeller", "Otto", "Zarah Öttl", "Bernd Ärmel"], (await _api.Anonymous.GetObject("/v1/people?order=desc")).Each("name"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static IEnumerable<string> NamesOf(JsonObject person) => person["names"]!.AsArray().Select(n => $"{n!.Text("value")} {n!.Text("kind")}");
}
