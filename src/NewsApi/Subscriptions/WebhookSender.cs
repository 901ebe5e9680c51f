using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Security.AntiSSRF;

namespace NewsApi.Subscriptions;

/// <summary>A ring as it goes over the wire.</summary>
/// <param name="Id">Of the message, the same for each attempt.</param>
/// <param name="Address">Where to.</param>
/// <param name="Secrets">Each makes a signature.</param>
/// <param name="Body">A <see cref="Doorbell"/>.</param>
internal sealed record WebhookCall(string Id, string Address, IReadOnlyList<string> Secrets, byte[] Body);

/// <summary>What came of an attempt.</summary>
/// <param name="Status">The HTTP status, where there was one.</param>
/// <param name="Error">What went wrong where there was none, or why it does not count.</param>
/// <param name="RetryAfter">How long the receiver wants to be left alone with this ring.</param>
internal sealed record WebhookAnswer(int? Status, string? Error = null, TimeSpan? RetryAfter = null)
{
    public bool Succeeded => Status is >= 200 and <= 299;
    public bool IsGone => Status == (int)HttpStatusCode.Gone;
}

/// <summary>Calls webhooks, each once. Nothing of an answer is read but its status; where a name leads is decided by <see cref="WebhookTargets"/>.</summary>
internal sealed class WebhookSender(WebhookTargets targets, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http = new(targets.CreateHandler()) { Timeout = Patience };

    public void Dispose() => _http.Dispose();

    public async Task<WebhookAnswer> SendAsync(WebhookCall call, CancellationToken cancel)
    {
        // The settings may have become stricter since the address was taken.
        if (targets.Fault(call.Address) is not null) return new WebhookAnswer(null, "addressRefused");

        var now = clock.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, call.Address) { Content = new ByteArrayContent(call.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("NewsApi", "1"));
        request.Headers.Add(WebhookSignature.IdHeader, call.Id);
        request.Headers.Add(WebhookSignature.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(call.Id, now, call.Body, call.Secrets));
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            var status = (int)response.StatusCode;
            return new WebhookAnswer(status, status is >= 300 and <= 399 ? "redirect" : null, RetryAfter(response, now));
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            return new WebhookAnswer(null, ErrorOf(e));
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now) =>
        response.Headers.RetryAfter is not { } header ? null : header.Delta ?? (header.Date is { } date ? date - now : null);

    private static string ErrorOf(Exception e) => e switch
    {
        // The guard's own words for 0.0.0.0 and :: are those of the name resolution.
        AntiSSRFException or ArgumentException => "addressRefused",
        OperationCanceledException => "timeout",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "tlsFailed",
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded } => "badAnswer",
        HttpRequestException { InnerException: { } inner } => ErrorOf(inner),
        _ => "connectionFailed",
    };
}
