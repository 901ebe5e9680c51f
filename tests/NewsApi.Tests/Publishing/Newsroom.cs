using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Publishing;

/// <summary>A newsroom with secrets: a draft, a withdrawn article, a working copy, somebody and something internal, all full of canaries.</summary>
internal sealed record Newsroom
{
    public required string[] PublicIds { get; init; }
    public required string PublicSlug { get; init; }

    /// <summary>Ids that no public answer may hold.</summary>
    public required string[] HiddenIds { get; init; }
    public required string[] HiddenSlugs { get; init; }

    /// <summary>The one among the hidden that was public before, with its external ids as they stand in answers.</summary>
    public required (string Id, string Slug, string ExternalIds) WasPublic { get; init; }

    /// <summary>Names of sections and tags.</summary>
    public string[] HiddenWords { get; } = ["kanari-ressort", "kanari-ressort-zwei", "Kanari-Schlagwort", "Kanari-Schlagwort-2"];

    public static async Task<Newsroom> FillAsync(Api api)
    {
        var person = await api.Person("Steven Witkoff");
        var hiddenPerson = await api.Editor.PostJson("/v1/people", Secret("""
            {
              "name": "Kanari Person", "givenName": "Kanari", "familyName": "Kanari", "names": [{ "value": "Kanari Spitzname" }],
              "offices": [{ "title": "Kanari-Amt", "organisation": "Kanari-Haus" }], "description": "Kanari", "birthDate": "1970",
              "image": { "url": "https://example.org/kanari.jpg", "alt": "Kanari" }, "externalIds": [{ "source": "kanari", "value": "kanari" }],
              "visibility": "internal"
            }
            """)).Answers(HttpStatusCode.Created);
        var hiddenEvent = await api.Editor.PostJson("/v1/events", Secret($$"""
            {
              "title": "Kanari-Treffen", "description": "Kanari", "kind": "kanari", "start": { "value": "2026-01-06" }, "place": { "name": "Kanari-Ort" },
              "participants": [{ "person": { "id": "{{person.Id()}}" }, "role": "Kanari" }, { "person": { "id": "{{hiddenPerson.Id()}}" } }],
              "externalIds": [{ "source": "kanari", "value": "kanari" }], "visibility": "internal"
            }
            """)).Answers(HttpStatusCode.Created);
        var newsEvent = await api.Event("Gipfel in Paris", more: $$"""
            ,"participants": [{ "person": { "id": "{{hiddenPerson.Id()}}" }, "role": "Kanari" }, { "person": { "id": "{{person.Id()}}" } }],
            "partOf": { "id": "{{hiddenEvent.Id()}}" }
            """);

        var links = $$"""
            "people": [{ "id": "{{hiddenPerson.Id()}}", "relation": "author", "office": "Kanari" }, { "id": "{{person.Id()}}" }],
            "events": [{ "id": "{{hiddenEvent.Id()}}" }, { "id": "{{newsEvent.Id()}}" }]
            """;
        var draft = await api.Editor.PostJson("/v1/articles", Article("kanari-ressort", "Kanari-Schlagwort", "1", links)).Answers(HttpStatusCode.Created);
        var withdrawn = await api.Editor.PostJson("/v1/articles", Article("politik", "Kanari-Schlagwort", "2", links)).Answers(HttpStatusCode.Created);
        await api.Editor.Publish(withdrawn.Id()).Answers();
        await api.Editor.Remove($"/v1/articles/{withdrawn.Id()}/publication", null).Answers();
        var article = await api.Article("Telefonat vor dem Gipfel", $$""","section":{"slug":"politik"},"tags":["Ukraine"],{{links}}""");
        await api.Article("Reaktionen", $$""","section":{"slug":"politik"},"tags":["Ukraine"],{{links}}""");
        await api.Editor.PutJson($"/v1/articles/{article.Id()}?draft=true", Article("kanari-ressort-zwei", "Kanari-Schlagwort-2", "3", links), "*").Answers();

        return new Newsroom
        {
            PublicIds = [article.Id(), person.Id(), newsEvent.Id()],
            PublicSlug = "telefonat-vor-dem-gipfel",
            HiddenIds = [draft.Id(), withdrawn.Id(), hiddenPerson.Id(), hiddenEvent.Id()],
            WasPublic = (withdrawn.Id(), "kanari-entwurf-2", """[{"source":"kanari","value":"kanari-2"}]"""),
            HiddenSlugs = ["kanari-entwurf-1", "kanari-entwurf-2", "kanari-entwurf-3", "kanari-person", "kanari-treffen"],
        };
    }

    private static string Article(string section, string tag, string number, string links) => Secret($$"""
        {
          "slug": "kanari-entwurf-{{number}}", "language": "de", "kicker": "Kanari", "headline": "Kanari-Entwurf {{number}}", "subhead": "Kanari",
          "teaser": "Kanari", "dateline": "Kanari", "byline": "Kanari", "genre": "kanari", "usageTerms": "Kanari", "copyrightNotice": "Kanari",
          "digitalSourceType": "kanari", "section": { "slug": "{{section}}" }, "tags": ["{{tag}}"], "topics": ["kanari:1"],
          "body": [
            { "type": "paragraph", "html": "<b>Kanari</b>" }, { "type": "list", "items": ["Kanari"] }, { "type": "table", "rows": [["Kanari"]] },
            { "type": "image", "image": { "url": "https://example.org/kanari.jpg", "caption": "Kanari" } }, { "type": "kanari", "cite": "Kanari" }
          ],
          "sources": [{ "name": "Kanari" }], "images": [{ "caption": "Kanari", "credit": "Kanari" }],
          "organisations": [{ "name": "Kanari", "externalIds": [{ "source": "kanari", "value": "kanari" }] }], "places": [{ "name": "Kanari" }],
          "externalIds": [{ "source": "kanari", "value": "kanari-{{number}}" }],
          {{links}}
        }
        """);

    private static string Secret(string json) => JsonNode.Parse(json)!.ToJsonString();
}
