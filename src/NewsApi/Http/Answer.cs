using System.Buffers.Text;
using System.Globalization;
using System.IO.Hashing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace NewsApi.Http;

/// <summary>
/// A 200 that is ready to be sent: bytes, tag and headers. It is sent any number of times; the Brotli and gzip forms are
/// made when first asked for.
/// </summary>
internal sealed class Answer : IResult
{
    /// <summary>Below this a compressed form is not worth its headers.</summary>
    private const int WorthCompressing = 512;

    private const string Varies = "Accept-Encoding, Authorization, Origin, X-Api-Key";
    private const string PublicCaching = "public, max-age=5, s-maxage=30, stale-while-revalidate=60, stale-if-error=300";

    private const string BriefCaching = "public, max-age=5";

    private readonly Form _identity;
    private Form? _gzip;
    private Form? _brotli;
    private string? _lastModified;

    /// <param name="body">JSON in UTF-8.</param>
    /// <param name="tag">The entity tag without quotes and coding.</param>
    public Answer(ReadOnlyMemory<byte> body, string tag)
    {
        Tag = tag;
        _identity = new Form(body, tag, "");
    }

    public string Tag { get; }

    public string ContentType { get; init; } = "application/json; charset=utf-8";

    /// <summary>Whether caches may keep it; what only some may see is never stored.</summary>
    public bool IsPublic { get; init; }

    /// <summary>The clock alone makes another answer of it: nothing here keeps it, and others only for a moment.</summary>
    public bool GoesStale { get; init; }
    public DateTimeOffset? LastModified { get; init; }
    public string? SurrogateKey { get; init; }
    public string? ContentLocation { get; init; }
    public string? Link { get; init; }

    /// <summary>About the memory it takes, all forms together.</summary>
    public int Size => 1_000 + 2 * _identity.Body.Length;

    /// <summary>A tag made of the bytes, for what has no version of its own.</summary>
    public static string TagOf(ReadOnlySpan<byte> body) => Base64Url.EncodeToString(XxHash128.Hash(body));

    /// <summary>A <c>Link</c> to the same address with the next cursor: relative, so that no Host header finds its way into an answer.</summary>
    public static string NextLink(HttpRequest request, string cursor)
    {
        var query = request.Query.Where(p => p.Key != "cursor").Append(new KeyValuePair<string, StringValues>("cursor", cursor));
        return $"<{QueryHelpers.AddQueryString(request.PathBase + request.Path, query)}>; rel=\"next\"";
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var request = httpContext.Request.Headers;
        var response = httpContext.Response;
        var form = Choose(request.AcceptEncoding);
        var headers = response.Headers;
        headers.ETag = form.Tag;
        headers.Vary = Varies;
        headers.CacheControl = IsPublic ? IsKeyed(request) ? "private, no-cache" : GoesStale ? BriefCaching : PublicCaching : "no-store";
        if (LastModified is { } modified) headers.LastModified = _lastModified ??= modified.ToString("R", CultureInfo.InvariantCulture);
        if (SurrogateKey is not null) headers["Surrogate-Key"] = SurrogateKey;
        if (ContentLocation is not null) headers.ContentLocation = ContentLocation;
        if (Link is not null) headers.Link = Link;
        if (IsNotModified(request, form))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        if (form.Coding.Length > 0) headers.ContentEncoding = form.Coding;
        headers.ContentType = ContentType;
        headers.ContentLength = form.Body.Length;
        if (HttpMethods.IsHead(httpContext.Request.Method)) return Task.CompletedTask;

        var written = response.BodyWriter.WriteAsync(form.Body, httpContext.RequestAborted);
        return written.IsCompletedSuccessfully ? Task.CompletedTask : written.AsTask();
    }

    private Form Choose(StringValues acceptEncoding)
    {
        if (_identity.Body.Length < WorthCompressing) return _identity;

        return ContentCodings.Choose(acceptEncoding) switch
        {
            ContentCoding.Brotli => _brotli ??= new Form(ContentCodings.Encode(_identity.Body.Span, ContentCoding.Brotli), Tag, "br"),
            ContentCoding.Gzip => _gzip ??= new Form(ContentCodings.Encode(_identity.Body.Span, ContentCoding.Gzip), Tag, "gzip"),
            _ => _identity,
        };
    }

    /// <summary>RFC 9110 §13.2.2: If-None-Match decides; If-Modified-Since only where it is absent.</summary>
    private bool IsNotModified(IHeaderDictionary request, Form form)
    {
        var ifNoneMatch = request.IfNoneMatch;
        if (ifNoneMatch.Count > 0) return EntityTags.Names(ifNoneMatch, form.Tag);

        var since = request.IfModifiedSince;
        return since.Count > 0 && LastModified is { } modified
            && DateTimeOffset.TryParseExact(since, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var held)
            && modified.ToUnixTimeSeconds() <= held.ToUnixTimeSeconds();
    }

    /// <summary>The same address may one day show a key more, so its answers are never shared.</summary>
    private static bool IsKeyed(IHeaderDictionary request) => request.Authorization.Count > 0 || request.ContainsKey("X-Api-Key");

    private sealed class Form(ReadOnlyMemory<byte> body, string tag, string coding)
    {
        public ReadOnlyMemory<byte> Body { get; } = body;
        public string Coding { get; } = coding;
        public string Tag { get; } = coding.Length == 0 ? $"\"{tag}\"" : $"\"{tag}-{coding}\"";
    }
}
