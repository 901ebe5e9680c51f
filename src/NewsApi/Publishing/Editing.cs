using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FluentValidation;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Sections;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>What the editing of one resource type needs to know; the rest is the same for all.</summary>
internal interface IEditor<TResource, TInput>
    where TResource : Resource
    where TInput : class, IResourceInput
{
    ResourceType Type { get; }

    /// <summary>The resource with everything its input form is made of, ready to be changed.</summary>
    Task<TResource?> FindAsync(NewsDbContext db, Guid id, CancellationToken cancel);

    TInput ToInput(TResource resource);

    /// <summary>After a merge patch: members that say the same thing follow the one that was changed.</summary>
    TInput Settle(TInput before, TInput merged) => merged;

    /// <summary>A new resource, or the changed old one. Resolves links; one that leads nowhere is a 422 that names it.</summary>
    Task<Outcome<TResource>> ApplyAsync(NewsDbContext db, Guid id, TResource? existing, TInput input, CancellationToken cancel);

    /// <summary>What a slug is made from.</summary>
    string TitleOf(TInput input);

    /// <summary>Where the input names people and events.</summary>
    IEnumerable<LinkPlace> Links(TInput input);

    /// <summary>The section the input names, where there are such.</summary>
    string? SectionOf(TInput input) => null;

    /// <summary>Lays the input over the resource, once its slug is claimed and it is known what its links lead to, in their order.</summary>
    Outcome<TResource> Apply(Guid id, TResource? existing, TInput input, string slug, IReadOnlyList<Guid> links);

    /// <summary>Decides what of the newest version the public sees, after a write.</summary>
    void Publish(TResource resource, bool keepAsDraft);

    /// <summary>Makes a new resource public, in a section that is, unless it is for the newsroom alone.</summary>
    void PublishNew(TResource resource, DateTimeOffset? at, Section? section) => Publish(resource, keepAsDraft: false);
}

/// <summary>
/// POST, PUT, PATCH and DELETE for every resource type: preconditions, identity, the answer. A handler is one call.
/// </summary>
internal sealed class Editing<TResource, TInput>(IEditor<TResource, TInput> editor, Publisher publisher, IValidator<TInput> validator)
    where TResource : Resource
    where TInput : class, IResourceInput
{
    private static readonly JsonTypeInfo<TInput> Json = (JsonTypeInfo<TInput>)WireJson.Default.GetTypeInfo(typeof(TInput))!;

    public async Task<IResult> CreateAsync(HttpContext http, TInput input, bool keepAsDraft, CancellationToken cancel)
    {
        var outcome = await publisher.WriteAsync<TResource>((db, token) => CreateAsync(db, input, keepAsDraft, token), Caller.Of(http), cancel);
        return Answer(outcome, StatusCodes.Status201Created);
    }

    /// <summary>A new resource inside a write that is under way; imports and samples come this way too.</summary>
    public async Task<Outcome<TResource>> CreateAsync(NewsDbContext db, TInput input, bool keepAsDraft, CancellationToken cancel)
    {
        var id = input.Id ?? Guid.CreateVersion7();
        if (input.Id is not null && await FindAsync(db, id, cancel) is not null)
            return Problems.Conflict("idExists", $"There is a {editor.Type.Name()} with the id {id} already.", id.ToString(), "/id");

        return await SaveAsync(db, id, null, input, keepAsDraft, cancel);
    }

    public async Task<IResult> ReplaceAsync(HttpContext http, string id, TInput input, bool keepAsDraft, CancellationToken cancel)
    {
        if (!TryReadId(id, out var guid, out var problem)) return new ProblemResult(problem);
        if (input.Id is { } inside && inside != guid) return new ProblemResult(Problems.Invalid("/id", "disagreement", "The id differs from the one in the path."));

        var created = false;
        var outcome = await publisher.WriteAsync<TResource>(
            async (db, token) =>
            {
                var existing = await FindAsync(db, guid, token);
                created = existing is null;
                if (Preconditions.OfReplace(http.Request, existing?.Version) is { } refused) return refused;

                return await SaveAsync(db, guid, existing, input, keepAsDraft, token);
            },
            Caller.Of(http),
            cancel);
        return Answer(outcome, created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    public async Task<IResult> UpdateAsync(HttpContext http, string id, JsonPatch patch, bool keepAsDraft, CancellationToken cancel)
    {
        if (!TryReadId(id, out var guid, out var problem)) return new ProblemResult(problem);

        var outcome = await publisher.WriteAsync<TResource>(
            async (db, token) =>
            {
                var existing = await FindAsync(db, guid, token);
                if (existing is null) return Problems.NotFound();
                if (Preconditions.OfChange(http.Request, existing.Version) is { } refused) return refused;

                var input = Merge(existing, patch);
                if (input.Problem is not null) return input.Problem;

                var faults = await validator.ValidateAsync(input.Value!, token);
                if (!faults.IsValid) return RequestValidation.Problem(faults);
                if (input.Value!.Id is { } inside && inside != guid) return Problems.Invalid("/id", "disagreement", "The id cannot be changed.");

                return await SaveAsync(db, guid, existing, input.Value!, keepAsDraft, token);
            },
            Caller.Of(http),
            cancel);
        return Answer(outcome, StatusCodes.Status200OK);
    }

    public async Task<IResult> DeleteAsync(HttpContext http, string id, CancellationToken cancel)
    {
        if (!TryReadId(id, out var guid, out var problem)) return new ProblemResult(problem);

        var outcome = await publisher.WriteAsync<TResource>(
            async (db, token) =>
            {
                var existing = await FindAsync(db, guid, token);
                if (existing is null) return Problems.NotFound();
                if (Preconditions.OfChange(http.Request, existing.Version) is { } refused) return refused;
                if (await Links.IsShownAsync(db, existing.Key, token))
                    return Problems.InUse($"Other resources link to this {editor.Type.Name()}; remove the links first.");

                db.Remove(existing);
                return existing;
            },
            Caller.Of(http),
            cancel);
        return outcome.Problem is { } refusal ? new ProblemResult(refusal) : TypedResults.NoContent();
    }

    /// <summary>Any other change of one resource, such as publishing it. <c>If-Match</c> is honoured where it is sent.</summary>
    public async Task<IResult> ChangeAsync(HttpContext http, string id, Action<TResource> change, CancellationToken cancel)
    {
        if (!TryReadId(id, out var guid, out var problem)) return new ProblemResult(problem);

        var outcome = await publisher.WriteAsync<TResource>(
            async (db, token) =>
            {
                var existing = await FindAsync(db, guid, token);
                if (existing is null) return Problems.NotFound();
                if (Preconditions.WhereSent(http.Request, existing.Version) is { } refused) return refused;

                change(existing);
                return existing;
            },
            Caller.Of(http),
            cancel);
        return Answer(outcome, StatusCodes.Status200OK);
    }

    /// <summary>The resource, held until the write is over, with everything its input form is made of.</summary>
    public async Task<TResource?> FindAsync(NewsDbContext db, Guid id, CancellationToken cancel)
    {
        await db.HoldAsync(editor.Type, [id], Hold.ToChange, cancel);
        return await editor.FindAsync(db, id, cancel);
    }

    /// <summary>Writes an input over a resource, or as a new one, inside a write that is under way.</summary>
    public async Task<Outcome<TResource>> SaveAsync(
        NewsDbContext db, Guid id, TResource? existing, TInput input, bool keepAsDraft, CancellationToken cancel)
    {
        var applied = await editor.ApplyAsync(db, id, existing, input, cancel);
        if (applied.Problem is not null) return applied;

        var resource = applied.Value!;
        if (await ExternalIds.ClaimAsync(db, resource, cancel) is { } taken) return taken;

        if (existing is null) db.Add(resource);
        editor.Publish(resource, keepAsDraft);
        return resource;
    }

    private Outcome<TInput> Merge(TResource existing, JsonPatch patch)
    {
        if (JsonBodies.Check(patch.Root, Json) is { } problem) return problem;

        var before = editor.ToInput(existing);
        using var current = JsonSerializer.SerializeToDocument(before, Json);
        using var merged = MergePatch.Apply(current.RootElement, patch.Root);
        var input = JsonBodies.To<TInput>(merged.RootElement);
        return input.Problem is null ? editor.Settle(before, input.Value!) : input;
    }

    private IResult Answer(Outcome<Written<TResource>> outcome, int status)
    {
        if (outcome.Problem is { } problem) return new ProblemResult(problem);

        var resource = outcome.Value!.Value;
        var document = outcome.Value.Documents[resource.Key];
        var location = $"/v1/{editor.Type.Plural()}/{resource.PublishedId}{(document.IsWorking ? "?perspective=preview" : "")}";
        return new WrittenResult(document, location, status);
    }

    private static bool TryReadId(string id, out Guid guid, out Problem problem)
    {
        problem = Problems.Parameter("id", "invalid", "The id in the path is a UUID.");
        return Guid.TryParseExact(id, "D", out guid) && guid != Guid.Empty;
    }
}

/// <summary>If-Match and If-None-Match of a write (RFC 9110 §13, RFC 6585 §3), checked inside the writer against the newest version.</summary>
internal static class Preconditions
{
    public static Problem? OfReplace(HttpRequest request, int? version)
    {
        if (version is { } current)
            return EntityTags.NamesAny(request.Headers.IfNoneMatch) ? Problems.Exists(current) : OfChange(request, current);

        return request.Headers.IfMatch.Count > 0 ? Problems.VersionMismatch(null) : null;
    }

    public static Problem? OfChange(HttpRequest request, int version) =>
        request.Headers.IfMatch.Count == 0 ? Problems.PreconditionRequired() : WhereSent(request, version);

    public static Problem? WhereSent(HttpRequest request, int version) =>
        request.Headers.IfMatch.Count == 0 || EntityTags.Matches(request.Headers.IfMatch, version) ? null : Problems.VersionMismatch(version);
}

/// <summary>The answer to a write: the newest document, never cached.</summary>
internal sealed class WrittenResult(StoredDocument document, string location, int status) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = document.Document.Length;
        response.Headers.ETag = $"\"{EntityTags.Of(document.Version, document.Position, document.IsWorking, EntityTags.Full)}\"";
        response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status201Created) response.Headers.Location = location;
        else response.Headers.ContentLocation = location;
        return response.Body.WriteAsync(document.Document, 0, document.Document.Length, httpContext.RequestAborted);
    }
}
