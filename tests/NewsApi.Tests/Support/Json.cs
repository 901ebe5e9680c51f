using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NewsApi.Tests.Support;

/// <summary>Short words for what tests say all the time: bodies, statuses, members.</summary>
internal static class Json
{
    public static StringContent Body(string json, string type = "application/json") => new(json, Encoding.UTF8, type);

    public static Task<HttpResponseMessage> PostJson(this HttpClient client, string address, string json) =>
        client.PostAsync(address, Body(json), TestContext.Current.CancellationToken);

    /// <summary>PUT; <paramref name="ifMatch"/> is an entity tag with its quotes, or <c>*</c>.</summary>
    public static Task<HttpResponseMessage> PutJson(this HttpClient client, string address, string json, string? ifMatch = null) =>
        client.SendJson(HttpMethod.Put, address, Body(json), ifMatch);

    public static Task<HttpResponseMessage> PatchJson(this HttpClient client, string address, string json, string? ifMatch = "*") =>
        client.SendJson(HttpMethod.Patch, address, Body(json, "application/merge-patch+json"), ifMatch);

    public static Task<HttpResponseMessage> Remove(this HttpClient client, string address, string? ifMatch = "*") =>
        client.SendJson(HttpMethod.Delete, address, null, ifMatch);

    /// <summary>PUT without a body: publishes the newest version now.</summary>
    public static Task<HttpResponseMessage> Publish(this HttpClient client, string id) =>
        client.SendJson(HttpMethod.Put, $"/v1/articles/{id}/publication", null, null);

    /// <summary>GET that must succeed, as a JSON object.</summary>
    public static async Task<JsonObject> GetObject(this HttpClient client, string address)
    {
        using var response = await client.GetAsync(address, TestContext.Current.CancellationToken);
        return await response.Object(HttpStatusCode.OK);
    }

    /// <summary>The answer's object, after checking its status.</summary>
    public static async Task<JsonObject> Object(this HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode} instead of {(int)expected} for {response.RequestMessage?.RequestUri}: {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>The answer's object where it must be this problem, in the one form that problems have.</summary>
    public static async Task<JsonObject> Problem(this HttpResponseMessage response, int status, string? code = null)
    {
        var problem = await response.Object((HttpStatusCode)status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status, problem.Int("status"));
        Assert.False(string.IsNullOrEmpty(problem.Text("type")) || string.IsNullOrEmpty(problem.Text("title")));
        if (code is not null) Assert.Equal(code, problem.Text("code"));
        return problem;
    }

    public static string Text(this JsonNode node, string member) => node[member]?.GetValue<string>() ?? throw new KeyNotFoundException($"{member} in {node}");

    public static int Int(this JsonNode node, string member) => node[member]?.GetValue<int>() ?? throw new KeyNotFoundException($"{member} in {node}");

    public static string Id(this JsonNode node) => node.Text("id");

    /// <summary>A member of every item of a page.</summary>
    public static string[] Each(this JsonNode page, string member) => [.. page["items"]!.AsArray().Select(item => item!.Text(member))];

    public static string Quoted(string text) => JsonSerializer.Serialize(text);

    private static Task<HttpResponseMessage> SendJson(this HttpClient client, HttpMethod method, string address, HttpContent? content, string? ifMatch)
    {
        var request = new HttpRequestMessage(method, address) { Content = content };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

/// <summary>Content as tests need it: made over HTTP like any client's.</summary>
internal static class Make
{
    /// <summary>A person; answers the id.</summary>
    public static async Task<JsonObject> Person(this Api api, string name, string more = "")
    {
        using var response = await api.Editor.PostJson("/v1/people", $$"""{"name":{{Json.Quoted(name)}}{{more}}}""");
        return await response.Object(HttpStatusCode.Created);
    }

    public static async Task<JsonObject> Event(this Api api, string title, string start = "2026-01-06", string more = "")
    {
        using var response = await api.Editor.PostJson("/v1/events", $$"""{"title":{{Json.Quoted(title)}},"start":{"value":"{{start}}"}{{more}}}""");
        return await response.Object(HttpStatusCode.Created);
    }

    /// <summary>A draft.</summary>
    public static async Task<JsonObject> Draft(this Api api, string headline, string more = "")
    {
        using var response = await api.Editor.PostJson("/v1/articles", $$"""{"headline":{{Json.Quoted(headline)}}{{more}}}""");
        return await response.Object(HttpStatusCode.Created);
    }

    /// <summary>A public article; <paramref name="at"/> dates it.</summary>
    public static async Task<JsonObject> Article(this Api api, string headline, string more = "", string? at = null)
    {
        var draft = await api.Draft(headline, more);
        using var response = await api.Editor.PutAsync(
            $"/v1/articles/{draft.Id()}/publication",
            at is null ? null : Json.Body($$"""{"publishAt":"{{at}}"}"""),
            TestContext.Current.CancellationToken);
        return await response.Object(HttpStatusCode.OK);
    }
}
