namespace NewsApi.Http;

/// <summary>Headers that every answer carries, whoever makes it.</summary>
internal static class StandardHeaders
{
    // One set for all: any origin may read, without credentials, so that no answer depends on who asks.
    public const string Methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    public const string RequestHeaders =
        "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-Modified-Since, If-None-Match, Last-Event-ID, X-Api-Key";
    public const string Exposed = "ETag, Link, Location, Content-Location, Accept-Patch, Allow, Changes-Cursor, Retry-After";

    public static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = Exposed;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)) headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
    }
}
