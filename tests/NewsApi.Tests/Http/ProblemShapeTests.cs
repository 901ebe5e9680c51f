using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Http;

/// <summary>Every refusal has one shape, whoever makes it.</summary>
public sealed class ProblemShapeTests : IAsyncDisposable
{
    private const string Nobody = "0190aaaa-0000-7000-8000-000000000001";

    private readonly Api _api = new();

    [Theory]
    [InlineData(400, "GET", "/v1/articles?limit=0", null, null)]
    [InlineData(400, "GET", "/v1/articles/gipfel", null, null)]
    [InlineData(400, "POST", "/v1/articles", "{", "application/json")]
    [InlineData(404, "GET", "/nowhere", null, null)]
    [InlineData(404, "GET", "/v1", null, null)]
    [InlineData(404, "GET", "/v1/articles/" + Nobody, null, null)]
    [InlineData(404, "GET", "/v1/articles/by-slug/nobody", null, null)]
    [InlineData(404, "GET", "/v1/people/" + Nobody + "/articles", null, null)]
    [InlineData(404, "PATCH", "/v1/articles/" + Nobody, "{}", "application/json")]
    [InlineData(404, "DELETE", "/v1/events/" + Nobody, null, null)]
    [InlineData(405, "PUT", "/v1/articles", "{}", "application/json")]
    [InlineData(405, "TRACE", "/v1/articles", null, null)]
    [InlineData(412, "PUT", "/v1/people/" + Nobody, """{"name":"a"}""", "application/json")]
    [InlineData(415, "POST", "/v1/articles", "a=b", "application/x-www-form-urlencoded")]
    [InlineData(415, "POST", "/v1/articles", "{}", null)]
    [InlineData(415, "POST", "/v1/imports", "{}", "application/json")]
    [InlineData(422, "POST", "/v1/articles", "{}", "application/json")]
    public async Task A_refusal_is_a_problem(int status, string method, string address, string? body, string? type)
    {
        using var content = body is null ? null : Asking.BytesOf(body, type ?? "");
        using var response = await _api.Editor.Ask(HttpMethod.Parse(method), address, content, ("If-Match", "\"1\""));

        await IsWhole(response, status, address);
    }

    [Fact]
    public async Task A_refusal_for_a_missing_key_says_which_kind_of_key()
    {
        using var response = await _api.Anonymous.PostJson("/v1/articles", """{"headline":"a"}""");

        await IsWhole(response, 401, "/v1/articles");
        Assert.StartsWith("Bearer ", response.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_without_or_with_an_old_precondition_is_refused()
    {
        var draft = await _api.Draft("Gipfel");
        var address = $"/v1/articles/{draft.Id()}";

        using var without = await _api.Editor.PutJson(address, """{"headline":"b"}""");
        await IsWhole(without, 428, address);
        using var old = await _api.Editor.PutJson(address, """{"headline":"b"}""", "\"7-0-full\"");
        Assert.Equal(1, (await IsWhole(old, 412, address)).Int("currentVersion"));
    }

    [Fact]
    public async Task A_conflict_names_what_is_in_the_way()
    {
        var person = await _api.Person("Rubio", ""","slug":"rubio","externalIds":[{"source":"wikidata","value":"Q1"}]""");

        foreach (var (body, pointer) in ((string, string)[])
        [
            ($$"""{"name":"a","id":"{{person.Id()}}"}""", "/id"),
            ("""{"name":"a","slug":"rubio"}""", "/slug"),
            ("""{"name":"a","externalIds":[{"source":"wikidata","value":"Q1"}]}""", "/externalIds/0"),
        ])
        {
            using var response = await _api.Editor.PostJson("/v1/people", body);
            var problem = await IsWhole(response, 409, "/v1/people");
            Assert.Equal(person.Id(), problem.Text("existingId"));
            Assert.Equal([pointer], problem.Places());
        }
    }

    [Fact]
    public async Task A_method_that_is_not_known_gets_the_list_of_those_that_are()
    {
        using var response = await _api.Editor.Ask(HttpMethod.Delete, "/v1/articles", null);

        await IsWhole(response, 405, "/v1/articles");
        Assert.Equal(["GET", "HEAD", "POST"], response.Header("Allow")!.Split(", ").Order());
    }

    [Fact]
    public async Task A_patch_of_another_type_gets_the_list_of_those_that_are_taken()
    {
        foreach (var type in (string[])["text/plain", "application/json-patch+json", "application/merge-patch+json; charset=latin1"])
        {
            using var response = await _api.Editor.Ask(HttpMethod.Patch, $"/v1/articles/{Nobody}", Asking.BytesOf("{}", type), ("If-Match", "*"));

            await IsWhole(response, 415, $"/v1/articles/{Nobody}");
            Assert.Equal("application/merge-patch+json, application/json", response.Header("Accept-Patch"));
        }
    }

    [Fact]
    public async Task A_body_over_one_megabyte_is_too_large()
    {
        var body = $$"""{"headline":"a","teaser":"{{new string('x', 1_050_000)}}"}""";
        using var told = await _api.Editor.PostJson("/v1/articles", body);
        await IsWhole(told, 413, "/v1/articles");

        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/v1/articles") { Content = Json.Body(body) };
        chunked.Headers.TransferEncodingChunked = true;
        using var untold = await _api.Editor.SendAsync(chunked, TestContext.Current.CancellationToken);
        await IsWhole(untold, 413, "/v1/articles");
    }

    [Fact]
    public async Task Faults_are_reported_together()
    {
        using var rules = await _api.Editor.PostJson(
            "/v1/articles", """{"headline":"","urgency":10,"tags":["a","a"],"language":"deutsch!","body":[{"type":""}]}""");
        Assert.Equal(["/body/0/type", "/headline", "/language", "/tags", "/urgency"], (await rules.Problem(422)).Places().Order());

        using var members = await _api.Editor.PostJson("/v1/articles", """{"titel":"a","people":[{"relaton":"about"}],"headline":"a","headline":"b"}""");
        Assert.Equal(["/headline", "/people/0/relaton", "/titel"], (await members.Problem(400)).Places().Order());

        using var query = await _api.Anonymous.Ask("/v1/articles?limit=0&order=up&publishedFrom=gestern&tag=");
        Assert.Equal(["limit", "order", "publishedFrom", "tag"], (await EveryPlace(query)).Order());
    }

    [Theory]
    [InlineData("articles", """{"headline":"a","people":[{"relaton":"about"}]}""", "/people/0/relaton", "relation")]
    [InlineData("articles", """{"headlin":"a"}""", "/headlin", "headline")]
    [InlineData("articles", """{"headline":"a","body":[{"type":"paragraph","txt":"a"}]}""", "/body/0/txt", "text")]
    [InlineData("articles", """{"headline":"a","section":{"slag":"a"}}""", "/section/slag", "slug")]
    [InlineData("articles", """{"headline":"a","images":[{"focalPoint":{"x":0,"y":0,"z":0}}]}""", "/images/0/focalPoint/z", null)]
    [InlineData("articles", """{"headline":"a","Teaser":"a"}""", "/Teaser", "teaser")]
    [InlineData("articles", """{"headline":"a","a/b~c":1}""", "/a~1b~0c", null)]
    [InlineData("people", """{"name":"a","offices":[{"titel":"a"}]}""", "/offices/0/titel", "title")]
    [InlineData("people", """{"name":"a","names":[{"valeu":"a"}]}""", "/names/0/valeu", "value")]
    [InlineData("events", """{"title":"a","start":{"valu":"2026"}}""", "/start/valu", "value")]
    [InlineData("events", """{"title":"a","start":{"value":"2026"},"participants":[{"person":{"idd":1}}]}""", "/participants/0/person/idd", "id")]
    public async Task A_member_nobody_knows_is_named_with_the_nearest_one(string resource, string body, string pointer, string? nearest)
    {
        using var response = await _api.Editor.PostJson($"/v1/{resource}", body);

        var problem = await response.Problem(400, "malformed");
        var error = problem["errors"]!.AsArray().Single(e => e!.Text("pointer") == pointer)!;
        Assert.Equal("unknownMember", error.Text("code"));
        if (nearest is not null) Assert.Contains($"did you mean '{nearest}'?", error.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_nobody_knows_is_refused_in_a_merge_patch_even_to_remove_it()
    {
        var draft = await _api.Draft("Gipfel", ""","teaser":"a" """);

        foreach (var body in (string[])["""{"teeser":"b"}""", """{"teeser":null}"""])
        {
            using var response = await _api.Editor.PatchJson($"/v1/articles/{draft.Id()}", body);
            Assert.Equal(["/teeser"], (await response.Problem(400, "malformed")).Places());
        }
    }

    [Theory]
    [InlineData("articles", """{"headline":"a","headline":"a"}""", "/headline")]
    [InlineData("articles", """{"headline":"a","section":{"slug":"a","slug":"b"}}""", "/section/slug")]
    [InlineData("articles", """{"headline":"a","version":1,"version":2}""", "/version")]
    [InlineData("articles", """{"headline":"a","h\u0065adline":"b"}""", "/headline")]
    [InlineData("articles", """{"headline":5}""", "/headline")]
    [InlineData("articles", """{"headline":"a","tags":"b"}""", "/tags")]
    [InlineData("articles", """{"headline":"a","tags":[1]}""", "/tags/0")]
    [InlineData("articles", """{"headline":"a","urgency":"1"}""", "/urgency")]
    [InlineData("articles", """{"headline":"a","urgency":1.5}""", "/urgency")]
    [InlineData("articles", """{"headline":"a","urgency":99999999999}""", "/urgency")]
    [InlineData("articles", """{"headline":"a","body":{}}""", "/body")]
    [InlineData("articles", """{"headline":"a","body":["x"]}""", "/body/0")]
    [InlineData("articles", """{"headline":"a","people":[{"id":"x"}]}""", "/people/0/id")]
    [InlineData("articles", """{"headline":"a","id":true}""", "/id")]
    [InlineData("articles", """{"headline":"a\u0000b"}""", "/headline")]
    [InlineData("articles", """{"headline":"a","tags":["\u0000"]}""", "/tags/0")]
    [InlineData("people", """{"name":"a","birthDate":1978}""", "/birthDate")]
    [InlineData("events", """{"title":"a","start":"2026"}""", "/start")]
    public async Task A_wrong_form_is_a_400_with_its_pointer(string resource, string body, string pointer)
    {
        using var response = await _api.Editor.PostJson($"/v1/{resource}", body);

        Assert.Contains(pointer, (await response.Problem(400, "malformed")).Places());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{\"headline\":\"a\",}")]
    [InlineData("{'headline':'a'}")]
    [InlineData("{\"headline\":NaN}")]
    public async Task A_body_that_is_no_object_is_a_400(string body)
    {
        var draft = await _api.Draft("Gipfel");
        foreach (var (method, address) in ((HttpMethod, string)[])
        [
            (HttpMethod.Post, "/v1/articles"), (HttpMethod.Put, $"/v1/articles/{draft.Id()}"), (HttpMethod.Patch, $"/v1/articles/{draft.Id()}"),
            (HttpMethod.Post, "/v1/people"), (HttpMethod.Post, "/v1/events"), (HttpMethod.Put, "/v1/sections/politik"),
        ])
        {
            using var response = await _api.Editor.Ask(method, address, Json.Body(body), ("If-Match", "*"));
            await IsWhole(response, 400, address);
        }
    }

    [Theory]
    [InlineData(200)]
    [InlineData(20_000)]
    public async Task A_body_nested_too_deeply_is_a_400(int depth)
    {
        foreach (var body in (string[])[new string('[', depth), new string('[', depth) + new string(']', depth), $$"""{"headline":"a","x":{{new string('[', depth)}}"""])
        {
            using var post = await _api.Editor.PostJson("/v1/articles", body);
            await IsWhole(post, 400, "/v1/articles");
            using var patch = await _api.Editor.PatchJson($"/v1/articles/{Nobody}", body);
            await IsWhole(patch, 400, $"/v1/articles/{Nobody}");
        }
    }

    [Theory]
    [InlineData("articles", "{}", "/headline")]
    [InlineData("articles", """{"headline":null}""", "/headline")]
    [InlineData("articles", """{"headline":"a","body":[{}]}""", "/body/0/type")]
    [InlineData("articles", """{"headline":"a","people":[{}]}""", "/people/0/id")]
    [InlineData("articles", """{"headline":"a","section":{}}""", "/section/slug")]
    [InlineData("people", "{}", "/name")]
    [InlineData("people", """{"name":"  "}""", "/name")]
    [InlineData("events", """{"title":"a"}""", "/start")]
    [InlineData("events", """{"start":{"value":"2026"}}""", "/title")]
    [InlineData("events", """{"title":"a","start":{}}""", "/start/value")]
    public async Task A_required_member_that_is_missing_is_a_422_with_its_pointer(string resource, string body, string pointer)
    {
        using var response = await _api.Editor.PostJson($"/v1/{resource}", body);

        var problem = await response.Problem(422, "invalid");
        Assert.Contains(pointer, problem.Places());
        Assert.Equal("required", problem["errors"]![0]!.Text("code"));
    }

    [Fact]
    public async Task A_refusal_stays_small_however_much_is_wrong()
    {
        var members = string.Join(',', Enumerable.Range(0, 60_000).Select(i => $"\"x{i}\":1"));

        using var response = await _api.Editor.PostJson("/v1/articles", $"{{{members}}}");
        await response.Problem(400, "malformed");

        Assert.True((await response.Bytes()).Length < 100_000);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static async Task<string[]> EveryPlace(HttpResponseMessage response) => (await response.Problem(400)).Places();

    /// <summary>All the members of a problem, and the headers that go with one.</summary>
    private static async Task<JsonObject> IsWhole(HttpResponseMessage response, int status, string address)
    {
        var problem = await response.Problem(status);
        Assert.Equal($"urn:newsapi:problem:{problem.Text("code")}", problem.Text("type"));
        Assert.NotEmpty(problem.Text("detail"));
        Assert.NotEmpty(problem.Text("traceId"));
        Assert.Equal(address.Split('?')[0], problem.Text("instance"));
        Assert.Equal("no-store", response.Header("Cache-Control"));
        Assert.Equal("nosniff", response.Header("X-Content-Type-Options"));
        return problem;
    }
}
