using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using NewsApi.Access;
using NewsApi.Publishing;

namespace NewsApi.Http;

/// <summary>
/// Reads <c>Idempotency-Key</c> of a POST (draft-ietf-httpapi-idempotency-key-header): makes the fingerprint of the request, and refuses it
/// while the same key is at work on this node. The answers are kept by the writer.
/// </summary>
internal sealed class IdempotencyMiddleware(RequestDelegate next)
{
    public const string Header = "Idempotency-Key";
    private const int KeyLimit = 255;

    private readonly ConcurrentDictionary<(string Caller, string Key), bool> _running = new();

    public Task InvokeAsync(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && context.Request.Headers.TryGetValue(Header, out var keys) && context.GetEndpoint() is RouteEndpoint
            && !Caller.Of(context).IsAnonymous
            ? RunAsync(context, keys.Count == 1 ? keys[0]! : "")
            : next(context);

    private async Task RunAsync(HttpContext context, string key)
    {
        if (key.Length is 0 or > KeyLimit || !key.All(c => c is >= '!' and <= '~'))
        {
            await new ProblemResult(Problems.BadHeader(Header, "invalid", $"One key of 1 to {KeyLimit} visible ASCII characters, such as a UUID.")).ExecuteAsync(context);
            return;
        }

        var caller = Caller.Of(context);
        var identity = (caller.Identity, key);
        if (!_running.TryAdd(identity, true))
        {
            await new ProblemResult(Problems.IdempotencyKeyAtWork()).ExecuteAsync(context);
            return;
        }

        try
        {
            context.Features.Set(new IdempotentRequest(caller.Identity, key, await FingerprintAsync(context.Request)));
            await next(context);
        }
        finally
        {
            _running.TryRemove(identity, out _);
        }
    }

    /// <summary>The body is read once for this and lies in memory afterwards; the server has limited it.</summary>
    private static async Task<string> FingerprintAsync(HttpRequest request)
    {
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        body.Position = 0;
        request.Body = body;

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString} {request.ContentType}\n"));
        hash.AppendData(body.GetBuffer().AsSpan(0, (int)body.Length));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
