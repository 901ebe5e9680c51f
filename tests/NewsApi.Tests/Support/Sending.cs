using System.Net;
using System.Text.Json.Nodes;

namespace NewsApi.Tests.Support;

/// <summary>What becomes of a request, said in one line.</summary>
internal static class Sending
{
    /// <summary>The object answered, after checking the status.</summary>
    public static async Task<JsonObject> Answers(this Task<HttpResponseMessage> sent, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await sent;
        return await response.Object(expected);
    }

    /// <summary>The problem answered, after checking its status, form and code.</summary>
    public static async Task<JsonObject> IsRefused(this Task<HttpResponseMessage> sent, int status, string? code = null)
    {
        using var response = await sent;
        return await response.Problem(status, code);
    }

    /// <summary>The problem answered, after checking that one of its entries points to this place in the body.</summary>
    public static async Task<JsonObject> IsRefusedAt(this Task<HttpResponseMessage> sent, int status, string pointer)
    {
        var problem = await sent.IsRefused(status);
        Assert.Contains(pointer, problem["errors"]!.AsArray().Select(e => e!["pointer"]?.GetValue<string>()));
        return problem;
    }

    public static async Task Succeeds(this Task<HttpResponseMessage> sent, HttpStatusCode expected = HttpStatusCode.NoContent)
    {
        using var response = await sent;
        Assert.Equal(expected, response.StatusCode);
    }

    public static Task<HttpResponseMessage> Get(this HttpClient client, string address, params (string Name, string Value)[] headers) =>
        client.Send(HttpMethod.Get, address, null, headers);

    public static Task<HttpResponseMessage> Send(
        this HttpClient client, HttpMethod method, string address, string? json, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, address) { Content = json is null ? null : Json.Body(json) };
        foreach (var (name, value) in headers) Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The tag under which an address is served now, with its quotes.</summary>
    public static async Task<string> TagOf(this HttpClient client, string address)
    {
        using var response = await client.Get(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.ETag!.ToString();
    }

    public static async Task<HttpStatusCode> StatusOf(this HttpClient client, string address)
    {
        using var response = await client.Get(address);
        return response.StatusCode;
    }

    /// <summary>The newest version, as the newsroom sees it.</summary>
    public static Task<JsonObject> Preview(this Api api, string type, string id) => api.Editor.GetObject($"/v1/{type}/{id}?perspective=preview");

    /// <summary>Asks until it is so; fails where it is not in time.</summary>
    public static async Task Eventually(Func<Task<bool>> isSo, string what)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (!await isSo())
        {
            Assert.True(DateTime.UtcNow < deadline, $"Not within a minute: {what}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public static void Same(JsonNode? expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"expected {expected?.ToJsonString()}\nbut got {actual?.ToJsonString()}");
}
