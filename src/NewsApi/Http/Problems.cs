using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace NewsApi.Http;

/// <summary>
/// Every error, ours or the framework's, in the form of RFC 9457 (<c>application/problem+json</c>).
/// </summary>
public sealed record Problem
{
    internal const int ErrorsShown = 100;

    /// <summary>Names the kind of error for good: <c>urn:newsapi:problem:versionMismatch</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of error in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What is wrong with this request.</summary>
    public string? Detail { get; init; }

    /// <summary>The path that was asked for.</summary>
    public string? Instance { get; init; }

    /// <summary>The last part of <c>type</c>, for programs: <c>versionMismatch</c>.</summary>
    public required string Code { get; init; }

    /// <summary>The request's id, as it stands in the server's log.</summary>
    public string? TraceId { get; init; }

    /// <summary>One entry per fault found, for the first hundred.</summary>
    public IReadOnlyList<ProblemError>? Errors { get; init; }

    /// <summary>With 412: the version that is current.</summary>
    public int? CurrentVersion { get; init; }

    /// <summary>With 409: the id of the resource that is in the way.</summary>
    public string? ExistingId { get; init; }
}

/// <summary>One fault: where it is and what it is.</summary>
public sealed record ProblemError
{
    /// <summary>Where in the body, as JSON Pointer (RFC 6901): <c>/people/0/slug</c>.</summary>
    public string? Pointer { get; init; }

    /// <summary>Which query parameter, header or path member.</summary>
    public string? Parameter { get; init; }

    /// <summary>The kind of fault: <c>required</c>, <c>tooLong</c>, <c>unknownMember</c>, …</summary>
    public required string Code { get; init; }

    /// <summary>The fault in words.</summary>
    public required string Detail { get; init; }
}

/// <summary>One method per kind of error.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    public static Problem NotFound(string detail = "There is no such resource.") => Of(404, "notFound", "Not found", detail);

    public static Problem Malformed(string detail, params IReadOnlyList<ProblemError> errors) => Of(400, "malformed", "Malformed request", detail, errors);

    public static Problem Parameters(IReadOnlyList<ProblemError> errors) =>
        Of(400, "invalidParameter", "Invalid parameter", errors[0].Detail, errors);

    public static Problem Parameter(string name, string code, string detail) =>
        Parameters([new ProblemError { Parameter = name, Code = code, Detail = detail }]);

    public static Problem Invalid(params IReadOnlyList<ProblemError> errors) => Of(422, "invalid", "Rule broken", errors[0].Detail, errors);

    public static Problem Invalid(string pointer, string code, string detail) =>
        Invalid(new ProblemError { Pointer = pointer, Code = code, Detail = detail });

    public static Problem Unauthorized(string detail) => Of(401, "unauthorized", "Key needed", detail);

    public static Problem BadKey() => Unauthorized("The key or token is not known here, or not good any more.");

    public static Problem Forbidden(string detail) => Of(403, "forbidden", "Not allowed", detail);

    public static Problem ScopeRequired(string scope) => Of(403, "scopeRequired", "Scope required", $"This needs the scope {scope}, which the key lacks.");

    public static Problem TooManyAttempts() =>
        Of(429, "tooManyAttempts", "Too many attempts", "Too many bad keys came from this address; a good one is taken at any time.");

    public static Problem KeyEnded() => Of(409, "keyEnded", "Key ended", "The key is revoked or has expired; make another one.");

    public static Problem NotAcceptable(string detail = "This API answers application/json.") => Of(406, "notAcceptable", "Not acceptable", detail);

    public static Problem UnsupportedMediaType(string detail) => Of(415, "unsupportedMediaType", "Unsupported media type", detail);

    public static Problem Conflict(string code, string detail, string? existingId, string pointer)
    {
        var problem = Of(409, code, "Conflict", detail, [new ProblemError { Pointer = pointer, Code = code, Detail = detail }]);
        return problem with { ExistingId = existingId };
    }

    /// <summary>What is asked for does not go with the state it is in.</summary>
    public static Problem Conflict(string code, string detail) => Of(409, code, "Conflict", detail);

    public static Problem IdempotencyKeyReused()
    {
        const string detail = "This Idempotency-Key came with another request before; take a new key for a new request.";
        return Of(422, "idempotencyKeyReused", "Key used before", detail, [Header("Idempotency-Key", "idempotencyKeyReused")]);
    }

    public static Problem IdempotencyKeyAtWork()
    {
        const string detail = "The request with this Idempotency-Key is still at work; ask again in a moment.";
        return Of(409, "idempotencyKeyAtWork", "At work", detail, [Header("Idempotency-Key", "idempotencyKeyAtWork")]);
    }

    public static Problem BadHeader(string name, string code, string detail) =>
        Of(400, "invalidParameter", "Invalid parameter", detail, [new ProblemError { Parameter = name, Code = code, Detail = detail }]);

    public static Problem InUse(string detail) => Of(409, "inUse", "In use", detail);

    public static Problem Merged(string detail, string survivor) => Of(409, "merged", "Merged", detail) with { ExistingId = survivor };

    public static Problem CursorExpired(string parameter)
    {
        const string detail = "The cursor is older than 90 days, or belongs to another history of the change feed. Start again from an export, such as /v1/exports/articles.ndjson, or without a cursor.";
        return Of(410, "cursorExpired", "Cursor expired", detail, [new ProblemError { Parameter = parameter, Code = "cursorExpired", Detail = detail }]);
    }

    /// <summary>The licence shows a part of the article.</summary>
    public static Problem NotShownWhole() => Forbidden("The licence of your key does not show the whole article.");

    public static Problem ScopeChanged(string parameter)
    {
        const string detail = "The cursor belongs to another licence than the key has now. Start again without a cursor.";
        return Of(410, "scopeChanged", "Scope changed", detail, [new ProblemError { Parameter = parameter, Code = "scopeChanged", Detail = detail }]);
    }

    public static Problem PreconditionRequired() =>
        Of(428, "preconditionRequired", "Precondition required", "Send If-Match with the ETag read before.", [Header("If-Match", "required")]);

    public static Problem ExpectedVersionRequired()
    {
        const string detail = "Give expectedVersion: the version this is based on.";
        return Of(428, "preconditionRequired", "Precondition required", detail, [new ProblemError { Pointer = "/expectedVersion", Code = "required", Detail = detail }]);
    }

    public static Problem VersionMismatch(int? currentVersion)
    {
        var detail = currentVersion is null ? "The resource does not exist." : $"The current version is {currentVersion}.";
        return Of(412, "versionMismatch", "Version mismatch", detail, [Header("If-Match", "versionMismatch")]) with { CurrentVersion = currentVersion };
    }

    public static Problem Exists(int currentVersion)
    {
        const string detail = "If-None-Match: * was sent, and the resource exists.";
        return Of(412, "exists", "Exists already", detail, [Header("If-None-Match", "exists")]) with { CurrentVersion = currentVersion };
    }

    public static Problem Unavailable(string detail) => Of(503, "unavailable", "Unavailable", detail);

    /// <summary>For what the framework refuses without a word of its own.</summary>
    public static Problem OfStatus(int status, string? detail = null) => status switch
    {
        404 => NotFound(detail ?? "There is nothing at this address."),
        405 => Of(405, "methodNotAllowed", "Method not allowed", detail ?? "This address does not know the method; see Allow."),
        406 => NotAcceptable(),
        413 => Of(413, "tooLarge", "Too large", detail ?? "The body is larger than this address takes."),
        415 => UnsupportedMediaType(detail ?? "This address does not take the Content-Type."),
        500 => Of(500, "internalError", "Internal error", "Something went wrong here; the traceId finds it in the log."),
        _ => Of(status, status is >= 400 and < 500 ? "malformed" : "internalError", ReasonPhrases.GetReasonPhrase(status), detail),
    };

    private static ProblemError Header(string name, string code) => new() { Parameter = name, Code = code, Detail = $"See the header {name}." };

    private static Problem Of(int status, string code, string title, string? detail, IReadOnlyList<ProblemError>? errors = null) => new()
    {
        Type = $"urn:newsapi:problem:{code}",
        Title = title,
        Status = status,
        Detail = detail,
        Code = code,
        Errors = errors is { Count: > 0 } ? [.. errors.Take(Problem.ErrorsShown)] : null,
    };
}

/// <summary>Writes a problem whatever the client says it accepts: an unreadable error is worse than an unexpected type.</summary>
internal sealed class ProblemResult(Problem problem) : IResult
{
    public Problem Problem { get; } = problem;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var whole = Problem with { Instance = httpContext.Request.Path, TraceId = httpContext.TraceIdentifier };
        var response = httpContext.Response;
        response.StatusCode = whole.Status;
        response.ContentType = Problems.ContentType;
        response.Headers.CacheControl = "no-store";
        if (whole.Status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer realm=\"NewsApi\"";
        if (whole.Status == StatusCodes.Status415UnsupportedMediaType && HttpMethods.IsPatch(httpContext.Request.Method))
            response.Headers["Accept-Patch"] = "application/merge-patch+json, application/json";
        if (whole.Code == "cursorExpired") response.Headers.Link = "</v1/exports/articles.ndjson>; rel=\"alternate\"";
        if (whole.Status == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = "2";

        var body = JsonSerializer.SerializeToUtf8Bytes(whole, WireJson.Default.Problem);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method)) await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    public static implicit operator ProblemResult(Problem problem) => new(problem);
}

/// <summary>Thrown where a request is read, before a handler has a say; the outermost middleware turns it into an answer.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}

/// <summary>A value, or the problem that stands in its place.</summary>
internal readonly struct Outcome<T>
{
    private Outcome(T? value, Problem? problem) => (Value, Problem) = (value, problem);

    public T? Value { get; }
    public Problem? Problem { get; }

    public static implicit operator Outcome<T>(T value) => new(value, null);
    public static implicit operator Outcome<T>(Problem problem) => new(default, problem);
}
