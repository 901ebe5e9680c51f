using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using NewsApi.Articles;
using NewsApi.Events;
using NewsApi.People;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Http;

/// <summary>Where the web framework left to itself answers otherwise than this API promises.</summary>
public sealed class FrameworkTrapTests : IAsyncDisposable
{
    private const string Nobody = "0190aaaa-0000-7000-8000-000000000001";

    private readonly Api _api = new();

    public static TheoryData<string, string> BrokenText => new()
    {
        { "{\"headline\":\"a\xff\"}", "/headline" },
        { "{\"headline\":\"a\xc3\"}", "/headline" },
        { "{\"headline\":\"a\\ud800\"}", "/headline" },
        { "{\"headline\":\"a\\udc00b\"}", "/headline" },
        { "{\"headline\":\"a\",\"tags\":[\"b\",\"\\ud800\"]}", "/tags/1" },
        { "{\"headline\":\"a\",\"people\":[{\"slug\":\"\\ud800\"}]}", "/people/0/slug" },
        { "{\"headline\":\"a\",\"x\xff\":1}", "" },
        { "{\"headline\":\"a\",\"x\\ud800\":1}", "" },
        { "{\"headline\":\"a\",\"headl\\ud800\":1}", "" },
        { "{\"headline\":\"a\",\"\\ud800\\ud800\":1}", "" },
        { "{\"headline\":\"a\",\"people\":[{\"\\udc00\\udc00\":1}]}", "/people/0" },
    };

    [Theory]
    [InlineData("text/html")]
    [InlineData("image/png, image/*;q=0.8")]
    [InlineData("application/json;q=0")]
    [InlineData("application/json;q=0, */*")]
    public async Task An_Accept_that_excludes_JSON_is_a_406_problem(string accept)
    {
        var article = await _api.Article("Gipfel");

        foreach (var address in (string[])["/v1/articles", $"/v1/articles/{article.Id()}", "/v1/sections"])
        {
            using var response = await _api.Anonymous.Ask(address, ("Accept", accept));
            await response.Problem(406, "notAcceptable");
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("*/*")]
    [InlineData("application/*")]
    [InlineData("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8")]
    [InlineData("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2")]
    [InlineData("")]
    public async Task An_Accept_that_leaves_room_for_JSON_is_answered(string accept)
    {
        using var response = await _api.Anonymous.Ask("/v1/articles", ("Accept", accept));

        await response.Object(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_problem_is_JSON_whatever_Accept_says()
    {
        using var unknown = await _api.Anonymous.Ask("/nowhere", ("Accept", "text/html"));
        await unknown.Problem(404);
        using var refused = await _api.Anonymous.Ask(HttpMethod.Post, "/v1/articles", Json.Body("{}"), ("Accept", "image/png"));
        await refused.Problem(401);
        using var wrong = await _api.Anonymous.Ask(HttpMethod.Delete, "/v1/articles", null, ("Accept", "application/json;q=0"));
        await wrong.Problem(405);
    }

    [Theory]
    [InlineData("POST", "/v1/articles", "application/json")]
    [InlineData("PUT", $"/v1/articles/{Nobody}", "application/json")]
    [InlineData("PATCH", $"/v1/articles/{Nobody}", "application/merge-patch+json")]
    [InlineData("POST", "/v1/imports", "text/plain")]
    public async Task A_charset_nobody_knows_is_a_415(string method, string address, string type)
    {
        foreach (var charset in (string[])["bogus", "utf-7", "iso-8859-1", "\"\""])
        {
            using var content = Asking.BytesOf("{\"headline\":\"a\"}", $"{type}; charset={charset}");
            using var response = await _api.Editor.Ask(HttpMethod.Parse(method), address, content);
            await response.Problem(415, "unsupportedMediaType");
        }
    }

    [Theory]
    [MemberData(nameof(BrokenText))]
    public async Task Text_that_is_no_Unicode_is_a_400_with_its_pointer(string body, string pointer)
    {
        var draft = await _api.Draft("Vorher");
        foreach (var (method, address, type) in ((HttpMethod, string, string)[])
        [
            (HttpMethod.Post, "/v1/articles", "application/json"),
            (HttpMethod.Put, $"/v1/articles/{draft.Id()}", "application/json"),
            (HttpMethod.Patch, $"/v1/articles/{draft.Id()}", "application/merge-patch+json"),
        ])
        {
            using var response = await _api.Editor.Ask(method, address, Asking.BytesOf(body, type), ("If-Match", "*"));
            var problem = await response.Problem(400, "malformed");
            Assert.Contains(pointer, problem.Places());
            Assert.Contains("brokenText", problem["errors"]!.AsArray().Select(e => e!.Text("code")));
        }

        Assert.Equal(["Vorher"], (await _api.Editor.GetObject("/v1/articles?perspective=preview")).Each("headline"));
    }

    [Theory]
    [InlineData("articles", """{"headline":"a","body":[null]}""", "/body/0")]
    [InlineData("articles", """{"headline":"a","people":[null]}""", "/people/0")]
    [InlineData("articles", """{"headline":"a","tags":["b",null]}""", "/tags/1")]
    [InlineData("articles", """{"headline":"a","topics":[null]}""", "/topics/0")]
    [InlineData("articles", """{"headline":"a","sources":[null]}""", "/sources/0")]
    [InlineData("articles", """{"headline":"a","images":[null]}""", "/images/0")]
    [InlineData("articles", """{"headline":"a","events":[null]}""", "/events/0")]
    [InlineData("articles", """{"headline":"a","organisations":[null]}""", "/organisations/0")]
    [InlineData("articles", """{"headline":"a","organisations":[{"name":"b","externalIds":[null]}]}""", "/organisations/0/externalIds/0")]
    [InlineData("articles", """{"headline":"a","places":[null]}""", "/places/0")]
    [InlineData("articles", """{"headline":"a","externalIds":[null]}""", "/externalIds/0")]
    [InlineData("articles", """{"headline":"a","body":[{"type":"list","items":[null]}]}""", "/body/0/items/0")]
    [InlineData("articles", """{"headline":"a","body":[{"type":"table","rows":[null]}]}""", "/body/0/rows/0")]
    [InlineData("articles", """{"headline":"a","body":[{"type":"table","rows":[[null]]}]}""", "/body/0/rows/0")]
    [InlineData("people", """{"name":"a","names":[null]}""", "/names/0")]
    [InlineData("people", """{"name":"a","offices":[null]}""", "/offices/0")]
    [InlineData("people", """{"name":"a","externalIds":[null]}""", "/externalIds/0")]
    [InlineData("events", """{"title":"a","start":{"value":"2026"},"participants":[null]}""", "/participants/0")]
    public async Task A_null_in_a_list_is_refused_and_nothing_is_stored(string resource, string body, string pointer)
    {
        using var posted = await _api.Editor.PostJson($"/v1/{resource}", body);
        Assert.Contains(pointer, (await posted.Problem(422)).Places());
        using var put = await _api.Editor.PutJson($"/v1/{resource}/{Nobody}", body);
        Assert.Contains(pointer, (await put.Problem(422)).Places());

        Assert.Empty((await _api.Editor.GetObject($"/v1/{resource}?perspective=preview"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_null_in_a_list_of_a_merge_patch_is_refused()
    {
        var draft = await _api.Draft("Vorher", ""","tags":["alt"]""");

        using var response = await _api.Editor.PatchJson($"/v1/articles/{draft.Id()}", """{"tags":[null],"body":[null]}""");

        Assert.Equal(["/body/0", "/tags/0"], (await response.Problem(422)).Places().Order());
        var kept = await _api.Editor.GetObject($"/v1/articles/{draft.Id()}?perspective=preview");
        Assert.Equal("alt", kept["tags"]![0]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"headline":"a","body":[{"type":"paragraph"}]}""", "/body/0/text")]
    [InlineData("""{"headline":"a","body":[{"type":"paragraph","text":"x"},{"type":"image","image":{"width":0}}]}""", "/body/1/image/width")]
    [InlineData("""{"headline":"a","people":[{"slug":"x","relation":"friend"}]}""", "/people/0/relation")]
    [InlineData("""{"headline":"a","places":[{"name":"x","latitude":91,"longitude":0}]}""", "/places/0/latitude")]
    [InlineData("""{"headline":"a","images":[{"focalPoint":{"x":2,"y":0}}]}""", "/images/0/focalPoint/x")]
    [InlineData("""{"headline":"a","section":{"slug":"Groß"}}""", "/section/slug")]
    public async Task A_broken_rule_inside_a_list_has_the_pointer_of_its_place(string body, string pointer)
    {
        using var response = await _api.Editor.PostJson("/v1/articles", body);

        Assert.Equal([pointer], (await response.Problem(422)).Places());
    }

    [Theory]
    [InlineData(typeof(ArticleInput), "articles", """{"headline":"a"}""")]
    [InlineData(typeof(PersonInput), "people", """{"name":"a"}""")]
    [InlineData(typeof(EventInput), "events", """{"title":"a","start":{"value":"2026-01"}}""")]
    public async Task Optional_members_may_be_absent_or_null(Type input, string resource, string least)
    {
        using var absent = await _api.Editor.PostJson($"/v1/{resource}", least);
        await absent.Object(HttpStatusCode.Created);

        var body = JsonNode.Parse(least)!.AsObject();
        foreach (var member in input.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => char.ToLowerInvariant(p.Name[0]) + p.Name[1..]))
            if (!body.ContainsKey(member)) body[member] = null;
        using var allNull = await _api.Editor.PostJson($"/v1/{resource}", body.ToJsonString());
        await allNull.Object(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("/v1/articles?perspective=Preview", "perspective")]
    [InlineData("/v1/articles?perspective=99", "perspective")]
    [InlineData("/v1/articles?perspective=1", "perspective")]
    [InlineData("/v1/articles?order=DESC", "order")]
    [InlineData("/v1/articles?order=0", "order")]
    [InlineData("/v1/articles?view=Full", "view")]
    [InlineData("/v1/articles?personMode=All", "personMode")]
    [InlineData("/v1/articles?include=People", "include")]
    [InlineData("/v1/events?certainty=Planned", "certainty")]
    [InlineData("/v1/events?certainty=1", "certainty")]
    public async Task A_value_of_a_query_parameter_is_its_exact_name_on_the_wire(string address, string parameter)
    {
        using var response = await _api.Editor.Ask(address);

        Assert.Equal([parameter], (await response.Problem(400, "invalidParameter")).Places());
    }

    [Fact]
    public async Task Faults_of_binding_and_of_rules_have_one_shape_and_the_names_of_the_wire()
    {
        using var range = await _api.Anonymous.Ask("/v1/articles?limit=0");
        using var unknown = await _api.Anonymous.Ask("/v1/articles?limt=1");
        using var rule = await _api.Editor.PostJson("/v1/articles", """{"headline":" "}""");
        using var missing = await _api.Editor.PostJson("/v1/articles", "{}");
        using var type = await _api.Editor.PostJson("/v1/articles", """{"headline":5}""");
        JsonObject[] problems =
        [
            await range.Problem(400), await unknown.Problem(400), await rule.Problem(422), await missing.Problem(422), await type.Problem(400),
        ];

        Assert.Equal(["limit", "limt", "/headline", "/headline", "/headline"], problems.Select(p => p.Places().Single()));
        foreach (var error in problems.SelectMany(p => p["errors"]!.AsArray()))
        {
            Assert.NotEqual(error!["pointer"] is null, error["parameter"] is null);
            Assert.NotEmpty(error.Text("code"));
            Assert.NotEmpty(error.Text("detail"));
        }
    }

    [Fact]
    public async Task Any_origin_is_allowed_with_and_without_Origin_and_Vary_names_it()
    {
        var article = await _api.Article("Gipfel");
        foreach (var address in (string[])["/v1/articles", $"/v1/articles/{article.Id()}"])
        {
            using var without = await _api.Anonymous.Ask(address);
            using var with = await _api.Anonymous.Ask(address, ("Origin", "https://example.org"));
            foreach (var response in (HttpResponseMessage[])[without, with])
            {
                Assert.Equal("*", response.Header("Access-Control-Allow-Origin"));
                Assert.Contains("Origin", response.Header("Vary")!.Split(", "));
            }
        }
    }

    [Fact]
    public async Task What_the_server_refuses_below_the_program_has_its_status_and_harms_nobody()
    {
        Assert.Equal(400, (await _api.Raw("GET", "/v1/articles/by-slug/a%00b")).Status);
        Assert.Equal(400, (await _api.Raw("nonsense\r\n\r\n")).Status);
        Assert.Equal(414, (await _api.Raw("GET", $"/v1/articles?tag={new string('a', 70_000)}")).Status);
        Assert.Equal(431, (await _api.Raw("GET", "/v1/articles", $"X-Large: {new string('a', 33_000)}\r\n")).Status);

        await _api.Anonymous.GetObject("/v1/articles");
    }

    [Fact]
    public async Task HEAD_answers_every_read_with_the_headers_of_GET_and_no_body()
    {
        var person = await _api.Person("Rubio");
        var held = await _api.Event("Gipfel");
        var article = await _api.Article("Bericht", ",\"section\":{\"slug\":\"politik\"}");
        foreach (var address in (string[])
        [
            "/v1/articles", "/v1/people", "/v1/events", "/v1/sections", "/v1/changes", "/v1/changes?limit=1", "/v1/changes?cursor=x", $"/v1/articles/{article.Id()}", "/v1/articles/by-slug/bericht",
            $"/v1/people/{person.Id()}", "/v1/people/by-slug/rubio", $"/v1/people/{person.Id()}/articles", $"/v1/events/{held.Id()}",
            "/v1/events/by-slug/gipfel", $"/v1/events/{held.Id()}/articles", $"/v1/articles/{Nobody}", "/v1/articles?limit=0",
        ])
        {
            // Asked thrice: from the database, from memory, and once more by the other method.
            using var first = await _api.Anonymous.Ask(HttpMethod.Head, address, null);
            using var get = await _api.Anonymous.Ask(address);
            using var head = await _api.Anonymous.Ask(HttpMethod.Head, address, null);
            foreach (var response in (HttpResponseMessage[])[first, head])
            {
                Assert.Equal(get.StatusCode, response.StatusCode);
                Assert.Equal(Headers(get), Headers(response));
                Assert.Empty(await response.Bytes());
            }

            // The id of the request is in the body of a problem, so its length may differ; that of a document may not.
            if (get.IsSuccessStatusCode) Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static List<string> Headers(HttpResponseMessage response) =>
    [
        .. response.Headers.Concat(response.Content.Headers).Where(h => h.Key is not ("Date" or "Content-Length"))
            .Select(h => $"{h.Key}: {string.Join(", ", h.Value)}").Order(),
    ];
}
