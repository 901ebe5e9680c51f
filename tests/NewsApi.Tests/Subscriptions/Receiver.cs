using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NewsApi.Tests.Subscriptions;

/// <summary>A partner's server: it keeps what it is called with, and answers as it is told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    public ConcurrentQueue<Call> Calls { get; } = new();

    /// <summary>What it answers to a call.</summary>
    public Func<HttpContext, Call, Task> Answer { get; set; } = (http, _) =>
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    };

    public string Url => $"{_app.Urls.Single()}/hook";
    public int Port => new Uri(_app.Urls.Single()).Port;

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.HearAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Answers with this status.</summary>
    public void AnswerWith(int status, params (string Name, string Value)[] headers) => Answer = (http, _) =>
    {
        http.Response.StatusCode = status;
        foreach (var (name, value) in headers) http.Response.Headers[name] = value;
        return Task.CompletedTask;
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HearAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var headers = http.Request.Headers;
        var call = new Call(http.Request.Path, headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), Encoding.UTF8.GetString(body.ToArray()));
        Calls.Enqueue(call);
        await Answer(http, call);
    }
}

/// <summary>What a webhook was called with.</summary>
internal sealed record Call(string Path, string Id, string Timestamp, string Signature, string Body)
{
    public JsonObject Doorbell => JsonNode.Parse(Body)!.AsObject();

    public string Position => Doorbell["data"]!["position"]!.GetValue<string>();

    /// <summary>Whether one of its signatures is made with this secret; worked out from the words of the specification.</summary>
    public bool IsSignedWith(string secret)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}")));
        return Signature.Split(' ').Contains(expected);
    }
}
