using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Http;
using NewsApi.Http.OpenApi;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract;

/// <summary>The document is a promise: what is committed is what is served, and what it shows works.</summary>
public sealed class OpenApiDocumentTests : IAsyncDisposable
{
    private readonly Api _api = new(("Samples:Load", "true"));

    [Theory]
    [InlineData("json", "application/json")]
    [InlineData("yaml", "application/yaml")]
    public async Task The_committed_document_is_the_one_served(string form, string contentType)
    {
        using var response = await _api.Anonymous.GetAsync($"/openapi/v1.{form}", TestContext.Current.CancellationToken);
        var served = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var file = Path.Combine(Repository.Root, "openapi", $"newsapi.v1.{form}");

        if (Environment.GetEnvironmentVariable("NEWSAPI_UPDATE_OPENAPI") == "1") await File.WriteAllTextAsync(file, served, TestContext.Current.CancellationToken);

        Assert.Equal(contentType, response.Content.Headers.ContentType?.MediaType);
        Assert.True(
            served == await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            $"openapi/newsapi.v1.{form} differs from what is served. Write it anew: NEWSAPI_UPDATE_OPENAPI=1 dotnet test");
    }

    [Fact]
    public async Task Every_operation_has_an_id_a_summary_a_tag_and_its_errors()
    {
        foreach (var (path, method, operation) in await Operations())
        {
            var name = $"{method} {path}";
            Assert.True(operation["operationId"] is not null, name);
            Assert.True(operation["summary"] is not null, name);
            Assert.Single(operation["tags"]!.AsArray());
            var statuses = operation["responses"]!.AsObject().Select(r => r.Key).ToHashSet();
            Assert.True(statuses.IsSupersetOf(["400", "401", "403"]), name);
            if (path.Contains('{', StringComparison.Ordinal) && method is not "put") Assert.True(statuses.Contains("404"), name);
            if (operation["requestBody"] is not null) Assert.True(statuses.IsSupersetOf(["413", "415"]), name);
        }
    }

    [Fact]
    public async Task Operation_ids_are_unique_and_HEAD_is_not_in_the_document()
    {
        var operations = await Operations();

        Assert.Equal(operations.Count, operations.Select(o => o.Operation.Text("operationId")).Distinct().Count());
        Assert.DoesNotContain(operations, o => o.Method == "head");
    }

    [Fact]
    public async Task Answers_have_no_unions_and_nothing_nullable()
    {
        var document = await _api.Anonymous.GetObject("/openapi/v1.json");
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
        {
            var text = schema!.ToJsonString();
            Assert.DoesNotContain("oneOf", text, StringComparison.Ordinal);
            Assert.DoesNotContain("anyOf", text, StringComparison.Ordinal);
            if (!name.EndsWith("Patch", StringComparison.Ordinal)) Assert.DoesNotContain("nullable", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Limits_come_from_the_validators()
    {
        var document = await _api.Anonymous.GetObject("/openapi/v1.json");
        var article = document["components"]!["schemas"]!["ArticleInput"]!["properties"]!;
        var limit = document["paths"]!["/v1/articles"]!["get"]!["parameters"]!.AsArray().Single(p => p!.Text("name") == "limit")!["schema"]!;

        Assert.Equal(300, article["headline"]!.Int("maxLength"));
        Assert.Equal(1, article["headline"]!.Int("minLength"));
        Assert.Equal(9, article["urgency"]!.Int("maximum"));
        Assert.Equal(200, article["people"]!.Int("maxItems"));
        Assert.Equal(200, limit.Int("maximum"));
        Assert.Equal(20, limit.Int("default"));
    }

    [Theory]
    [InlineData("/v1/articles", "ArticleInput")]
    [InlineData("/v1/people", "PersonInput")]
    [InlineData("/v1/events", "EventInput")]
    [InlineData("/v1/subscriptions", "SubscriptionInput")]
    public async Task Input_examples_are_accepted(string address, string schema)
    {
        using var response = await _api.Editor.PostJson(address, Examples.Of(schema)!.ToJsonString());

        await response.Object(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("/v1/articles", "ArticleInput", "ArticlePatch")]
    [InlineData("/v1/people", "PersonInput", "PersonPatch")]
    [InlineData("/v1/events", "EventInput", "EventPatch")]
    [InlineData("/v1/subscriptions", "SubscriptionInput", "SubscriptionPatch")]
    public async Task Patch_examples_are_accepted(string address, string input, string patch)
    {
        using var created = await _api.Editor.PostJson(address, Examples.Of(input)!.ToJsonString());
        var id = (await created.Object(HttpStatusCode.Created)).Id();

        using var response = await _api.Editor.PatchJson($"{address}/{id}", Examples.Of(patch)!.ToJsonString());

        await response.Object(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Examples_of_answers_have_the_shape_of_their_schema()
    {
        foreach (var (schema, type) in (IEnumerable<(string, Type)>)
        [
            ("Article", typeof(NewsApi.Articles.ArticleResponse)), ("Person", typeof(NewsApi.People.PersonResponse)), ("Event", typeof(NewsApi.Events.EventResponse)),
            ("Section", typeof(NewsApi.Sections.SectionRef)), ("ImportReport", typeof(NewsApi.Import.ImportReport)), ("Problem404", typeof(Problem)),
            ("Subscription", typeof(NewsApi.Subscriptions.SubscriptionResponse)), ("Delivery", typeof(NewsApi.Subscriptions.DeliveryResponse)),
            ("Propagation", typeof(NewsApi.Subscriptions.PropagationResponse)), ("Doorbell", typeof(NewsApi.Subscriptions.Doorbell)),
        ])
        {
            var example = Examples.Of(schema)!;
            var known = WireJson.Default.GetTypeInfo(type)!.Properties.Select(p => p.Name).ToHashSet();
            Assert.All(example.AsObject(), member => Assert.Contains(member.Key, known));
        }

        var document = await _api.Anonymous.GetObject("/openapi/v1.json");
        foreach (var (path, method, operation) in await Operations())
        {
            foreach (var (status, response) in operation["responses"]!.AsObject())
            {
                if (response!["content"] is not JsonObject content) continue;

                // A page, or a map under keys of the client's: neither has a schema by name.
                var media = content.First().Value!;
                if (media["schema"]!["$ref"] is null) continue;

                Assert.True(media["examples"] is not null, $"{method} {path} {status} has no example");
                var example = Examples.Of(media["examples"]!.AsObject().Single().Key)!.AsObject();
                var schema = document["components"]!["schemas"]![media["schema"]!.Text("$ref").Split('/')[^1]]!;
                foreach (var required in schema["required"]?.AsArray() ?? [])
                    Assert.True(example.ContainsKey(required!.GetValue<string>()), $"{method} {path} {status}: the example lacks {required}");
            }
        }
    }

    [Fact]
    public async Task The_reference_page_is_served_with_scripts_of_its_own_only()
    {
        using var response = await _api.Anonymous.GetAsync("/docs/index.html", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self' 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private async Task<List<(string Path, string Method, JsonNode Operation)>> Operations()
    {
        var document = await _api.Anonymous.GetObject("/openapi/v1.json");
        return [.. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(o => (path.Key, o.Key, o.Value!)))];
    }
}
