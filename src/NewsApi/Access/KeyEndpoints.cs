using FluentValidation;
using NewsApi.Http;

namespace NewsApi.Access;

internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/keys").WithTags("Keys");

        keys.MapMethods("", Endpoints.GetAndHead, List).AsPrivateRead().WithName("ListKeys").WithSummary("List the keys on record, the newest first").RequireScope(Scopes.Admin)
            .Produces<KeyList>().ProducesProblems(400);
        keys.MapPost("", Create).WithName("CreateKey").WithSummary("Make a key; its text is in this answer and in no other").RequireScope(Scopes.Admin).NeverStored()
            .Accepts<KeyInput>("application/json").Produces<KeyResponse>(201).ProducesProblems(400, 413, 415, 422);
        keys.MapMethods("/{id}", Endpoints.GetAndHead, Get).AsPrivateRead().WithName("GetKey").WithSummary("Get one key").RequireScope(Scopes.Admin)
            .Produces<KeyResponse>().ProducesProblems(400, 404);
        keys.MapPatch("/{id}", Update).WithName("UpdateKey").WithSummary("Change what a key is for and what it may do (JSON Merge Patch)").RequireScope(Scopes.Admin).NeverStored()
            .AcceptsPatch<KeyInput>().Produces<KeyResponse>().ProducesProblems(400, 404, 409, 413, 415, 422);
        keys.MapDelete("/{id}", Revoke).WithName("DeleteKey").WithSummary("Revoke a key, at once and for good").RequireScope(Scopes.Admin).NeverStored()
            .Produces(204).ProducesProblems(400, 404);
        keys.MapPost("/{id}/rotate", Rotate).WithName("RotateKey").WithSummary("Give a key a new text; the old one stays good for a while").RequireScope(Scopes.Admin).NeverStored()
            .Accepts<RotationInput>(isOptional: true, "application/json").Produces<KeyResponse>().ProducesProblems(400, 404, 409, 413, 415, 422);
        routes.MapMethods("/me", Endpoints.GetAndHead, Me).AsPrivateRead().WithTags("Keys").WithName("GetMe").WithSummary("Tell whose key was sent and what it may do").RequireAnyKey()
            .Produces<MeResponse>().ProducesProblems(400);
    }

    private static async Task<IResult> List(KeyEditing editing, CancellationToken cancel) =>
        TypedResults.Ok(new KeyList { Items = await editing.ListAsync(cancel) });

    private static async Task<IResult> Create(HttpContext http, JsonBody<KeyInput> body, KeyEditing editing, CancellationToken cancel)
    {
        var outcome = await editing.CreateAsync(body.Value, Caller.Of(http), cancel);
        return outcome.Problem is { } problem ? new ProblemResult(problem) : TypedResults.Created($"/v1/keys/{outcome.Value!.Id}", outcome.Value);
    }

    private static async Task<IResult> Get(string id, KeyEditing editing, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var key, out var refused)) return new ProblemResult(refused);

        return await editing.FindAsync(key, cancel) is { } found ? TypedResults.Ok(found) : new ProblemResult(Problems.NotFound());
    }

    private static async Task<IResult> Update(
        HttpContext http, string id, JsonPatch patch, IValidator<KeyInput> validator, KeyEditing editing, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var key, out var refused)) return new ProblemResult(refused);

        var outcome = await editing.UpdateAsync(key, patch, validator, Caller.Of(http), cancel);
        return outcome.Problem is { } problem ? new ProblemResult(problem) : TypedResults.Ok(outcome.Value);
    }

    private static async Task<IResult> Revoke(HttpContext http, string id, KeyEditing editing, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var key, out var refused)) return new ProblemResult(refused);

        var outcome = await editing.RevokeAsync(key, Caller.Of(http), cancel);
        return outcome.Problem is { } problem ? new ProblemResult(problem) : TypedResults.NoContent();
    }

    private static async Task<IResult> Rotate(
        HttpContext http, string id, OptionalJsonBody<RotationInput> body, KeyEditing editing, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var key, out var refused)) return new ProblemResult(refused);

        var outcome = await editing.RotateAsync(key, (body.Value ?? new RotationInput()).Overlap, Caller.Of(http), cancel);
        return outcome.Problem is { } problem ? new ProblemResult(problem) : TypedResults.Ok(outcome.Value);
    }

    private static IResult Me(HttpContext http) => TypedResults.Ok(MeResponse.From(Caller.Of(http)));
}
