using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace NewsApi.Tests.Support;

/// <summary>Requests and answers beyond the usual: headers of one's own, bytes as they go over the wire.</summary>
internal static class Asking
{
    public static Task<HttpResponseMessage> Ask(this HttpClient client, string address, params (string Name, string Value)[] headers) =>
        client.Ask(HttpMethod.Get, address, null, headers);

    public static Task<HttpResponseMessage> Ask(
        this HttpClient client, HttpMethod method, string address, HttpContent? content, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, address) { Content = content };
        foreach (var (name, value) in headers) Assert.True(request.Headers.TryAddWithoutValidation(name, value), name);

        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>A header of the answer or of its body as it came, lines joined; null where it is absent.</summary>
    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    public static Task<byte[]> Bytes(this HttpResponseMessage response) => response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

    /// <summary>A body of these characters, one byte each, so that it need not be valid UTF-8.</summary>
    public static ByteArrayContent BytesOf(string latin1, string type = "application/json")
    {
        var content = new ByteArrayContent(Encoding.Latin1.GetBytes(latin1));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }

    /// <summary>Where the faults of a problem are: pointers into the body, names of parameters.</summary>
    public static string[] Places(this JsonObject problem) =>
        [.. problem["errors"]!.AsArray().Select(e => (e!["pointer"] ?? e["parameter"])!.GetValue<string>())];

    /// <summary>Sends bytes that no HTTP client would send; answers the status and everything that came back, 0 where nothing did.</summary>
    public static async Task<(int Status, string Text)> Raw(this Api api, string request)
    {
        using var client = new TcpClient();
        var cancel = TestContext.Current.CancellationToken;
        await client.ConnectAsync(api.Anonymous.BaseAddress!.Host, api.Anonymous.BaseAddress.Port, cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), cancel);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, cancel);
        var text = Encoding.UTF8.GetString(answer.ToArray());
        return (text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0, text);
    }

    /// <summary>A raw request that closes the connection after it.</summary>
    public static Task<(int Status, string Text)> Raw(this Api api, string method, string target, string headers = "") =>
        api.Raw($"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
}
