using NewsApi.Http;

namespace NewsApi.Publishing;

/// <summary>The answer to a write, never cached: what it came to as bytes, so that it can be kept and given once more.</summary>
/// <param name="Status">200, 201 or 204.</param>
/// <param name="Body">JSON in UTF-8; nothing with 204.</param>
internal sealed record WriteAnswer(int Status, byte[] Body) : IResult
{
    public string? ETag { get; init; }

    /// <summary>Where it is to be read: <c>Location</c> of what is new, <c>Content-Location</c> of the others.</summary>
    public string? Location { get; init; }

    /// <summary>Whose document it is.</summary>
    public ResourceKey? Resource { get; init; }

    /// <summary>The newest document of a resource.</summary>
    public static WriteAnswer Of(ResourceKey key, StoredDocument document, int status) => new(status, document.Document)
    {
        ETag = $"\"{EntityTags.Of(document.Version, document.Position, document.IsWorking, EntityTags.Full)}\"",
        Location = $"/v1/{key.Type.Plural()}/{key.Id}{(document.IsWorking ? "?perspective=preview" : "")}",
        Resource = key,
    };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        if (ETag is not null) response.Headers.ETag = ETag;
        if (Location is not null && Status == StatusCodes.Status201Created) response.Headers.Location = Location;
        else if (Location is not null) response.Headers.ContentLocation = Location;
        if (Status == StatusCodes.Status204NoContent) return Task.CompletedTask;

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Body.Length;
        return response.Body.WriteAsync(Body, 0, Body.Length, httpContext.RequestAborted);
    }
}
