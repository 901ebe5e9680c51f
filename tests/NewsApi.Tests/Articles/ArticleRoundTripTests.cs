using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using NewsApi.Articles;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Articles;

public sealed class ArticleRoundTripTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public void The_article_posted_here_uses_every_member_there_is()
    {
        var article = Everything("p1", "p2", "e1");

        Assert.Equal(MembersOf<ArticleInput>(), KeysOf([article]));
        Assert.Equal(MembersOf<Block>(), KeysOf(article["body"]!.AsArray()));
        Assert.Equal(MembersOf<Image>(), KeysOf(article["images"]!.AsArray()));
        Assert.Equal(MembersOf<Source>(), KeysOf(article["sources"]!.AsArray()));
        Assert.Equal(MembersOf<Organisation>(), KeysOf(article["organisations"]!.AsArray()));
        Assert.Equal(MembersOf<Place>(), KeysOf(article["places"]!.AsArray()));
        Assert.Equal(MembersOf<PersonLink>().Where(m => m != "slug"), KeysOf(article["people"]!.AsArray()));
    }

    [Fact]
    public async Task What_is_posted_is_read_back_whole_as_draft_and_as_public_article()
    {
        var (input, expected) = await PostEverythingAsync();
        var id = input.Id();

        var draft = await _api.Preview("articles", id);
        await _api.Editor.Publish(id).Answers();
        var article = await _api.Anonymous.GetObject($"/v1/articles/{id}");

        foreach (var (member, value) in expected)
        {
            Sending.Same(value, draft[member]);
            Sending.Same(value, article[member]);
        }

        Assert.Equal(("draft", "published"), (draft.Text("status"), article.Text("status")));
        Assert.Equal(1, article.Int("version"));
        Assert.Equal(["Witkoff Steven"], article["authors"]!.AsArray().Select(a => a!.Text("name")));
    }

    [Fact]
    public async Task Sending_back_what_was_read_changes_nothing()
    {
        var (input, _) = await PostEverythingAsync();
        var address = $"/v1/articles/{input.Id()}";
        await _api.Editor.Publish(input.Id()).Answers();
        using var read = await _api.Anonymous.Get(address);
        var text = await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        using var written = await _api.Editor.PutJson(address, text, read.Headers.ETag!.ToString());

        Assert.Equal(HttpStatusCode.OK, written.StatusCode);
        Assert.Equal(text, await written.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(read.Headers.ETag, written.Headers.ETag);
        Assert.Equal(read.Headers.ETag!.ToString(), await _api.Anonymous.TagOf(address));
    }

    [Fact]
    public async Task Sending_back_a_draft_changes_nothing()
    {
        var (input, _) = await PostEverythingAsync();
        var address = $"/v1/articles/{input.Id()}";
        using var read = await _api.Editor.Get($"{address}?perspective=preview");
        var text = await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        using var written = await _api.Editor.PutJson(address, text, read.Headers.ETag!.ToString());

        Assert.Equal(text, await written.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(read.Headers.ETag, written.Headers.ETag);
    }

    [Fact]
    public async Task A_headline_is_enough_and_what_is_not_known_is_absent()
    {
        var article = await _api.Draft("Nur ein Titel");

        Assert.Equal(("de", "draft", "nur-ein-titel"), (article.Text("language"), article.Text("status"), article.Text("slug")));
        Assert.Equal((1, 0), (article.Int("version"), article.Int("wordCount")));
        foreach (var list in (string[])
            ["body", "tags", "topics", "authors", "sources", "images", "people", "events", "organisations", "places", "externalIds"])
        {
            Assert.Empty(article[list]!.AsArray());
        }

        Assert.Equal(
            ["authors", "body", "corrections", "createdAt", "events", "externalIds", "headline", "id", "images", "language", "organisations", "people", "places",
                "slug", "sources", "status", "tags", "topics", "updatedAt", "version", "wordCount"],
            KeysOf([article]));
    }

    [Fact]
    public async Task No_answer_holds_a_null()
    {
        var (input, _) = await PostEverythingAsync();
        var minimal = await _api.Article("Nur ein Titel");

        foreach (var address in (string[])[$"/v1/articles/{input.Id()}", $"/v1/articles/{minimal.Id()}", "/v1/articles", "/v1/people", "/v1/events"])
        {
            using var response = await _api.Editor.Get($"{address}?perspective=preview");
            Assert.DoesNotContain(":null", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_summary_is_the_whole_but_for_the_body()
    {
        var (input, _) = await PostEverythingAsync();
        var address = $"/v1/articles/{input.Id()}?perspective=preview";

        var whole = await _api.Editor.GetObject(address);
        var summary = await _api.Editor.GetObject($"{address}&view=summary");

        Assert.True(whole.Remove("body"));
        Sending.Same(whole, summary);
    }

    [Theory]
    [InlineData("""[{"type":"paragraph","text":"Am 6. Jänner wird's ernst."}]""", 5)]
    [InlineData("""[{"type":"paragraph","html":"<b>Fett</b> und <i>schräg</i>"},{"type":"crosshead","text":"EU-Gipfel"}]""", 4)]
    [InlineData("""[{"type":"list","items":["eins","zwei drei"]},{"type":"table","rows":[["a","b"],["c d","–"]]}]""", 7)]
    [InlineData("""[{"type":"embed","url":"https://example.org/viele/worte"}]""", 0)]
    public async Task Words_of_the_body_are_counted(string body, int words)
    {
        var article = await _api.Draft("Die Wörter des Titels zählen nicht", $",\"body\":{body}");

        Assert.Equal(words, article.Int("wordCount"));
    }

    [Fact]
    public async Task Text_is_derived_from_markup_and_markup_is_made_harmless()
    {
        var article = await _api.Draft("Auszeichnung", """
            ,"body":[{"type":"paragraph","html":"<p onclick=\"x()\">Ein <a href=\"javascript:x()\">Link</a> &amp; <em>mehr</em><script>böse()</script></p>","text":"etwas anderes"}]
            """);

        var block = article["body"]![0]!;
        Assert.Equal("Ein Link & mehr", block.Text("text"));
        Assert.Equal("Ein Link &amp; <em>mehr</em>", block.Text("html"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static string[] MembersOf<T>() =>
    [
        .. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))
            .Order(StringComparer.Ordinal),
    ];

    private static string[] KeysOf(IEnumerable<JsonNode?> objects) =>
        [.. objects.SelectMany(o => o!.AsObject().Select(m => m.Key)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The input, and the members an answer must have because of it: the same, with the names inside references.</summary>
    private async Task<(JsonObject Input, JsonObject Expected)> PostEverythingAsync()
    {
        var first = await _api.Person("Steven Witkoff");
        var second = await _api.Person("Rustem Umjerow");
        var newsEvent = await _api.Event("Gipfel in Paris");
        await _api.Editor.PatchJson($"/v1/people/{first.Id()}", """{"names":[{"value":"Witkoff Steven","kind":"preferred"}],"name":"Witkoff Steven"}""").Answers();
        await _api.Editor.PutJson("/v1/sections/politik", """{"name":"Politik & Welt"}""").Answers(HttpStatusCode.Created);
        var input = Everything(first.Id(), second.Id(), newsEvent.Id());
        await _api.Editor.PostJson("/v1/articles", input.ToJsonString()).Answers(HttpStatusCode.Created);

        var expected = input.DeepClone().AsObject();
        expected["section"]!["name"] = "Politik & Welt";
        (expected["people"]![0]!["name"], expected["people"]![0]!["slug"]) = ("Witkoff Steven", "steven-witkoff");
        (expected["people"]![1]!["name"], expected["people"]![1]!["slug"]) = ("Rustem Umjerow", "rustem-umjerow");
        foreach (var member in (string[])["slug", "title", "start", "certainty"]) expected["events"]![0]![member] = newsEvent[member]!.DeepClone();
        return (input, expected);
    }

    private static JsonObject Everything(string person, string other, string newsEvent) => JsonNode.Parse($$"""
        {
          "id": "{{Guid.CreateVersion7()}}",
          "slug": "telefonat-vor-dem-gipfel",
          "language": "de-AT",
          "kicker": "Diplomatie",
          "headline": "Telefonat vor dem Gipfel in Paris",
          "subhead": "Unterhändler sprechen über Garantien",
          "teaser": "Vor dem Treffen haben die Unterhändler\nmiteinander telefoniert.",
          "body": [
            { "type": "paragraph", "html": "Ein <em>langes</em> <a href=\"https://example.org/telefonat\">Gespräch</a>.", "text": "Ein langes Gespräch." },
            { "type": "crosshead", "text": "Zwischen den Jahren" },
            { "type": "quote", "text": "Wir kommen voran.", "cite": "Rustem Umjerow" },
            { "type": "list", "items": ["Garantien", "Wiederaufbau"] },
            { "type": "image", "image": { "url": "https://example.org/bild.jpg", "alt": "Zwei Männer an einem Tisch" } },
            { "type": "table", "rows": [["Tag", "Ort"], ["6. Jänner", "Paris"]] },
            { "type": "embed", "url": "https://example.org/karte" },
            { "type": "liveticker", "text": "11.40 Uhr: Beginn", "url": "https://example.org/ticker", "items": ["a"], "cite": "Redaktion" }
          ],
          "dateline": "Kiew/Washington",
          "section": { "slug": "politik" },
          "tags": ["Ukraine", "Diplomatie"],
          "topics": ["medtop:11000000"],
          "byline": "Von unserer Redaktion",
          "sources": [{ "name": "APA", "role": "agency" }, { "name": "dpa" }],
          "genre": "report",
          "urgency": 3,
          "images": [{
            "url": "https://example.org/gross.jpg", "alt": "Der Élysée-Palast", "caption": "Hier wird verhandelt.", "credit": "APA/Muster",
            "width": 1600, "height": 900, "focalPoint": { "x": 0.25, "y": 0.5 }
          }],
          "people": [
            { "id": "{{person}}", "relation": "author", "office": "Sondergesandter" },
            { "id": "{{other}}", "relation": "quoted" }
          ],
          "events": [{ "id": "{{newsEvent}}" }],
          "organisations": [{ "name": "Europäische Union", "externalIds": [{ "source": "wikidata", "value": "Q458" }] }],
          "places": [{
            "name": "Paris", "country": "FR", "latitude": 48.8566, "longitude": 2.3522, "externalIds": [{ "source": "geonames", "value": "2988507" }]
          }],
          "externalIds": [{ "source": "apa", "value": "APA0042" }],
          "usageTerms": "Nur für Bezieher.",
          "copyrightNotice": "© Redaktion",
          "digitalSourceType": "digitalCapture"
        }
        """)!.AsObject();
}
