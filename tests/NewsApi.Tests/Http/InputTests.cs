using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Http;

/// <summary>What the server makes of a body that it can read: limits, its own members, Unicode.</summary>
public sealed class InputTests : IAsyncDisposable
{
    private readonly Api _api = new();

    public static TheoryData<string, string, string> TooMuch => new()
    {
        { "articles", $$"""{"headline":"{{Of(10_000)}}"}""", "/headline" },
        { "articles", $$"""{"headline":"a","slug":"{{Of(101)}}"}""", "/slug" },
        { "articles", $$"""{"headline":"a","tags":["{{Of(10_000)}}"]}""", "/tags/0" },
        { "articles", $$"""{"headline":"a","tags":[{{Many(2_000, i => $"\"t{i}\"")}}]}""", "/tags" },
        { "articles", $$"""{"headline":"a","body":[{"type":"paragraph","text":"{{Of(50_001)}}"}]}""", "/body/0/text" },
        { "articles", $$"""{"headline":"a","body":[{{Many(10_000, _ => """{"type":"x"}""")}}]}""", "/body" },
        { "articles", $$"""{"headline":"a","body":[{"type":"list","items":[{{Many(501, _ => "\"a\"")}}]}]}""", "/body/0/items" },
        { "articles", $$"""{"headline":"a","images":[{"url":"https://example.org/{{Of(2_000)}}"}]}""", "/images/0/url" },
        { "articles", """{"headline":"a\nb"}""", "/headline" },
        { "articles", """{"headline":"a","urgency":0}""", "/urgency" },
        { "articles", """{"headline":"a","images":[{"url":"javascript:alert(1)"}]}""", "/images/0/url" },
        { "people", $$"""{"name":"{{Of(201)}}"}""", "/name" },
        { "people", "{\"name\":\"a\",\"names\":[" + Many(201, i => $"{{\"value\":\"n{i}\"}}") + "]}", "/names" },
        { "people", """{"name":"a","birthDate":"1978-13"}""", "/birthDate" },
        { "events", $$"""{"start":{"value":"2026"},"title":"{{Of(10_000)}}"}""", "/title" },
        { "events", """{"title":"a","start":{"value":"2026-02-30"}}""", "/start/value" },
        { "events", """{"title":"a","start":{"value":"2026","timeZone":"Mars/Olympus"}}""", "/start/timeZone" },
    };

    [Theory]
    [MemberData(nameof(TooMuch))]
    public async Task What_is_over_a_limit_is_a_422_with_its_pointer(string resource, string body, string pointer)
    {
        using var response = await _api.Editor.PostJson($"/v1/{resource}", body);

        Assert.Equal([pointer], (await response.Problem(422, "invalid")).Places());
        Assert.Empty((await _api.Editor.GetObject($"/v1/{resource}?perspective=preview"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_fault_calls_a_member_by_its_name_on_the_wire()
    {
        using var response = await _api.Editor.PostJson("/v1/articles", $$"""{"headline":"a","usageTerms":"{{Of(10_000)}}"}""");

        var error = (await response.Problem(422))["errors"]![0]!;
        Assert.Equal(("/usageTerms", "tooLong"), (error.Text("pointer"), error.Text("code")));
        Assert.Contains("'usageTerms'", error.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_owns_may_stand_in_an_input_and_is_ignored()
    {
        var person = await _api.Person("Marco Rubio");
        var held = await _api.Event("Gipfel");

        var draft = await _api.Draft(
            "Bericht",
            $$"""
            ,"version":99,"status":"published","wordCount":7,"createdAt":"1999-01-01T00:00:00Z","updatedAt":5,"publishedAt":"nie","authors":"egal",
            "people":[{"id":"{{person.Id()}}","name":"Falsch","slug":"falsch"}],
            "events":[{"id":"{{held.Id()}}","title":"Falsch","start":{"value":"1999"},"certainty":"cancelled"}],
            "section":{"slug":"politik","name":"Falsch"}
            """);

        Assert.Equal((1, "draft", 0), (draft.Int("version"), draft.Text("status"), draft.Int("wordCount")));
        Assert.Equal("Marco Rubio", draft["people"]![0]!.Text("name"));
        Assert.Equal("Gipfel", draft["events"]![0]!.Text("title"));
        Assert.StartsWith("20", draft.Text("createdAt"), StringComparison.Ordinal);
        Assert.NotEqual("1999-01-01T00:00:00.000Z", draft.Text("createdAt"));
    }

    [Fact]
    public async Task An_answer_can_be_sent_back_as_it_is()
    {
        var person = await _api.Person("Marco Rubio", ""","offices":[{"title":"Außenminister","country":"US"}]""");
        var held = await _api.Event("Gipfel", more: $$""","participants":[{"person":{"id":"{{person.Id()}}"} },{"name":"Niemand"}],"place":{"name":"Paris"}""");
        var article = await _api.Article(
            "Bericht",
            $$""","people":[{"id":"{{person.Id()}}","relation":"author"}],"events":[{"id":"{{held.Id()}}"}],"section":{"slug":"politik"},"body":[{"type":"paragraph","text":"Text."}]""");

        foreach (var (resource, document) in ((string, JsonObject)[])[("people", person), ("events", held), ("articles", article)])
        {
            using var read = await _api.Anonymous.Ask($"/v1/{resource}/{document.Id()}");
            var whole = (await read.Object(HttpStatusCode.OK)).ToJsonString();
            using var response = await _api.Editor.PutJson($"/v1/{resource}/{document.Id()}", whole, read.Header("ETag"));
            Assert.Equal(whole, (await response.Object(HttpStatusCode.OK)).ToJsonString());
        }
    }

    [Fact]
    public async Task Text_is_brought_into_one_Unicode_form()
    {
        var decomposed = "Schröder und Ålesund über 각".Normalize(NormalizationForm.FormD);

        var draft = await _api.Draft(decomposed, $$""","tags":[{{Json.Quoted(decomposed)}}]""");
        Assert.Equal(decomposed.Normalize(), draft.Text("headline"));
        Assert.Equal(decomposed.Normalize(), draft["tags"]![0]!.GetValue<string>());

        using var response = await _api.Editor.PatchJson($"/v1/articles/{draft.Id()}", $$"""{"kicker":{{Json.Quoted(decomposed)}}}""");
        Assert.Equal(decomposed.Normalize(), (await response.Object(HttpStatusCode.OK)).Text("kicker"));
    }

    [Fact]
    public async Task Tags_that_differ_only_in_their_Unicode_form_are_the_same_tag()
    {
        using var response = await _api.Editor.PostJson("/v1/articles", """{"headline":"a","tags":["Öl","O\u0308l"]}""");

        Assert.Equal(["/tags"], (await response.Problem(422)).Places());
    }

    [Theory]
    [InlineData("\u0301\u0323")]
    [InlineData("\u0323\u0301")]
    [InlineData("\u0301")]
    [InlineData("\u0345\u0323\u0301")]
    public async Task A_flood_of_combining_marks_is_refused_at_once(string marks)
    {
        var flood = "a" + string.Concat(Enumerable.Repeat(marks, 300_000 / marks.Length));

        using var member = await _api.Editor.PostJson("/v1/articles", $$"""{"headline":"a","teaser":"{{flood}}"}""");
        Assert.Equal(["/teaser"], (await member.Problem(400, "malformed")).Places());
        using var name = await _api.Editor.PostJson("/v1/articles", $$"""{"headline":"a","{{flood}}":1}""");
        await name.Problem(400, "malformed");
        using var patch = await _api.Editor.PatchJson($"/v1/articles/{(await _api.Draft("a")).Id()}", $$"""{"teaser":"{{flood}}"}""");
        await patch.Problem(400, "malformed");
        using var page = await _api.Editor.PostAsync("/v1/imports", Json.Body(flood, "text/plain"), TestContext.Current.CancellationToken);
        await page.Problem(400, "malformed");
    }

    [Fact]
    public async Task Combining_marks_as_languages_use_them_are_kept()
    {
        // Vietnamese, Hebrew with points, Hindi, a family of emoji, and thirty marks: as many as Stream-Safe Text allows.
        var text = $"Việt Nam · שָׁלוֹם · हिन्दी · 👨‍👩‍👧 · a{string.Concat(Enumerable.Repeat("\u0334", 30))}";

        var draft = await _api.Draft("a", $$""","teaser":{{Json.Quoted(text.Normalize(NormalizationForm.FormD))}}""");

        Assert.Equal(text.Normalize(), draft.Text("teaser"));
    }

    [Fact]
    public async Task A_body_that_may_be_left_out_is_never_overlooked()
    {
        var draft = await _api.Draft("Bericht");
        var address = $"/v1/articles/{draft.Id()}/publication";
        foreach (var chunked in (bool[])[true, false])
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = Asking.BytesOf("""{"publishAt":"2020-01-01T00:00:00Z"}""", "") };
            request.Headers.TransferEncodingChunked = chunked;
            request.Headers.Authorization = _api.Editor.DefaultRequestHeaders.Authorization;
            using var untyped = await _api.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);
            await untyped.Problem(415);
        }

        Assert.Equal("draft", (await _api.Editor.GetObject($"/v1/articles/{draft.Id()}?perspective=preview")).Text("status"));
        using var now = await _api.Editor.Publish(draft.Id());
        Assert.Equal("published", (await now.Object(HttpStatusCode.OK)).Text("status"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static string Of(int length) => new('a', length);

    private static string Many(int count, Func<int, string> item) =>
        string.Join(',', Enumerable.Range(0, count).Select(item));
}
