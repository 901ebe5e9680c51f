using System.Text.Json.Nodes;
using NewsApi.Tests.Access;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Subscriptions;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract.Owasp;

/// <summary>API3, broken object property level authorization: no member is written by those who may not, and none is read that is not promised.</summary>
public sealed class PropertyTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task Nothing_is_published_by_a_member_of_a_body()
    {
        var writer = await _api.Holder(["content:write", "content:preview"]);
        const string claims = """
            "status":"published","version":7,"publicVersion":7,"publishedAt":"2020-01-01T00:00:00Z","publishAt":"2020-01-01T00:00:00Z","embargoedUntil":null,
            "createdAt":"1999-01-01T00:00:00Z","corrections":[{"kind":"correction","note":"erfunden"}]
            """;

        var made = await writer.PostJson("/v1/articles", $$"""{"headline":"Entwurf",{{claims}}}""").Answers(System.Net.HttpStatusCode.Created);
        var patched = await writer.PatchJson($"/v1/articles/{made.Id()}", $$"""{"headline":"Entwurf 2",{{claims}}}""").Answers();
        var replaced = await writer.PutJson($"/v1/articles/{made.Id()}", $$"""{"headline":"Entwurf 3",{{claims}}}""", "*").Answers();

        foreach (var (article, version) in ((JsonObject, int)[])[(made, 1), (patched, 2), (replaced, 3)])
        {
            Assert.Equal(("draft", version), (article.Text("status"), article.Int("version")));
            foreach (var member in (string[])["publicVersion", "publishedAt", "publishAt"]) Assert.Null(article[member]);
            Assert.DoesNotContain("erfunden", article.ToJsonString(), StringComparison.Ordinal);
            Assert.DoesNotContain("1999", article.ToJsonString(), StringComparison.Ordinal);
        }

        await _api.Anonymous.Get($"/v1/articles/{made.Id()}").IsRefused(404);
    }

    [Theory]
    [InlineData("/v1/articles", "headline")]
    [InlineData("/v1/people", "name")]
    [InlineData("/v1/events", "title")]
    [InlineData("/v1/keys", "name")]
    public async Task The_columns_of_a_table_are_no_members_of_a_body(string address, string member)
    {
        foreach (var name in (string[])["savedBy", "saved_by", "deletedAt", "position", "contentHash", "hash", "secretHash", "isPublic", "isAdmin", "role", "__proto__", "constructor", "$type"])
        {
            var problem = await _api.Editor.PostJson(address, $$"""{"{{member}}":"a","{{name}}":"b"}""").IsRefused(400);
            Assert.Contains($"/{name}", problem["errors"]!.AsArray().Select(e => e!["pointer"]?.GetValue<string>()));
        }
    }

    [Fact]
    public async Task No_answer_has_a_member_that_the_document_does_not_promise()
    {
        var person = await _api.Person("Marco Rubio", ""","offices":[{"title":"Außenminister"}]""");
        var newsEvent = await _api.Event("Gipfel", more: $$""","participants":[{"person":{"id":"{{person.Id()}}"} }]""");
        var article = await _api.Article("Bericht", $$""","section":{"slug":"politik"},"people":[{"id":"{{person.Id()}}"}],"events":[{"id":"{{newsEvent.Id()}}"}],"body":[{"type":"paragraph","text":"Text"}]""");
        var key = await _api.Key(["content:read"]);
        var subscription = await _api.Editor.Subscribe("https://partner.example/");
        var document = await _api.Anonymous.GetObject("/openapi/v1.json");
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            if (operations!["get"] is not { } get || path.Contains("reconcile", StringComparison.Ordinal)) continue;

            var id = path.Split('/')[2] switch { "articles" => article.Id(), "people" => person.Id(), "events" => newsEvent.Id(), "keys" => key.Id(), "subscriptions" => subscription.Id(), _ => "" };
            var slug = path.Split('/')[2] switch { "articles" => "bericht", "people" => "marco-rubio", "events" => "gipfel", _ => "" };
            var address = path.Replace("{id}", id, StringComparison.Ordinal).Replace("{slug}", slug, StringComparison.Ordinal).Replace("{version}", "1", StringComparison.Ordinal);
            var query = path switch
            {
                "/v1/search" => "?q=Bericht&highlight=true&explain=true",
                "/v1/people/suggest" => "?q=Rub",
                "/v1/timelines" => "?person=marco-rubio",
                "/v1/articles/{id}/diff" => "?from=1&to=1",
                "/v1/articles" => "?q=Bericht&highlight=true&explain=true&include=people,events&facets=section,person&count=exact&view=full",
                _ => "",
            };
            if (get["responses"]!["200"]?["content"]?["application/json"]?["schema"] is not { } schema) continue;

            Check(document, path, await _api.Editor.GetObject(address + query), schema.AsObject());
        }
    }

    [Fact]
    public async Task Keys_are_listed_without_what_opens_anything()
    {
        var key = await _api.Key(["content:read"]);
        using var tables = StoredTables.Of(_api);
        var hashes = tables.Rows("SELECT hash FROM api_key_secrets", r => r.GetString(0));
        Assert.NotEmpty(hashes);
        foreach (var address in (string[])["/v1/keys", $"/v1/keys/{key.Id()}", "/v1/me", "/v1/audit"])
        {
            var said = (await _api.Editor.GetObject(address)).ToJsonString();
            Assert.DoesNotContain(key.Text("key"), said, StringComparison.Ordinal);
            foreach (var hash in hashes) Assert.DoesNotContain(hash, said, StringComparison.OrdinalIgnoreCase);
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static void Check(JsonObject document, string where, JsonNode? node, JsonObject schema)
    {
        if (schema["$ref"] is { } reference) schema = document["components"]!["schemas"]![reference.GetValue<string>().Split('/')[^1]]!.AsObject();
        if (schema["allOf"] is JsonArray { Count: 1 } all) Check(document, where, node, all[0]!.AsObject());
        else if (node is JsonArray items) foreach (var item in items) Check(document, where, item, schema["items"]!.AsObject());
        else if (node is JsonObject members && schema["properties"] is JsonObject properties)
        {
            foreach (var (name, value) in members)
            {
                Assert.True(properties.ContainsKey(name), $"{where} has {name}");
                Check(document, $"{where} {name}", value, properties[name]!.AsObject());
            }
        }
    }
}
