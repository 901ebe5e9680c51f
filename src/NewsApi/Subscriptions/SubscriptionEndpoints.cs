using FluentValidation;
using NewsApi.Access;
using NewsApi.Http;

namespace NewsApi.Subscriptions;

internal static class SubscriptionEndpoints
{
    private const string HowItRings =
        """
        Whenever something public of the wanted types is committed, the address gets a POST whose body is a `Doorbell`: it says that there is something new, and where the
        feed stands. Read `/v1/changes` from your own cursor then. Calls follow Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp` and `webhook-signature`
        (`v1`, HMAC-SHA256) over `id.timestamp.body`; while a secret is rotated there are two signatures. Verify before you believe it; a ring may come twice, and
        rings may come in another order than they were made.

        Any answer of 200 to 299 within 15 seconds counts. Others are tried again after 5 s, 30 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 16 h and 24 h (each a tenth more or less;
        later where `Retry-After` says so), then given up. 410 disables the subscription. Redirects are not followed.

        A new subscription rings once at once, and so does one that is switched on again. It rings for what the licence of the key does not show as well; the feed then has nothing.
        """;

    public static void MapSubscriptions(this IEndpointRouteBuilder routes)
    {
        var subscriptions = routes.MapGroup("/subscriptions").WithTags("Sync");

        subscriptions.MapMethods("", Endpoints.GetAndHead, List).AsPrivateRead().WithName("ListSubscriptions").WithSummary("List the subscriptions made with the key, the newest first; with admin all")
            .RequireScope(Scopes.Sync).Produces<SubscriptionList>().ProducesProblems(400);
        subscriptions.MapPost("", Create).WithName("CreateSubscription").WithSummary("Have an address called when something public changes").WithDescription(HowItRings)
            .WithMetadata(new CallsBack("changesAvailable", "$request.body#/webhookUrl", typeof(Doorbell), "Hear that something public changed"))
            .RequireScope(Scopes.Sync).NeverStored().Accepts<SubscriptionInput>("application/json").Produces<SubscriptionResponse>(201).ProducesProblems(400, 409, 413, 415, 422);
        subscriptions.MapMethods("/{id}", Endpoints.GetAndHead, Get).AsPrivateRead().WithName("GetSubscription").WithSummary("Get one subscription")
            .RequireScope(Scopes.Sync).Produces<SubscriptionResponse>().ProducesProblems(400, 404);
        subscriptions.MapPatch("/{id}", Update).WithName("UpdateSubscription").WithSummary("Change a subscription, pause it or switch it on again (JSON Merge Patch)")
            .RequireScope(Scopes.Sync).NeverStored().AcceptsPatch<SubscriptionInput>().Produces<SubscriptionResponse>().ProducesProblems(400, 404, 413, 415, 422);
        subscriptions.MapDelete("/{id}", Delete).WithName("DeleteSubscription").WithSummary("End a subscription; its log goes with it")
            .RequireScope(Scopes.Sync).NeverStored().Produces(204).ProducesProblems(400, 404);
        subscriptions.MapPost("/{id}/rotate", Rotate).WithName("RotateSubscription").WithSummary("Give a subscription a new secret; the old one signs as well for a while, one before that no more")
            .RequireScope(Scopes.Sync).NeverStored().Accepts<RotationInput>(isOptional: true, "application/json").Produces<SubscriptionResponse>().ProducesProblems(400, 404, 413, 415, 422);
        subscriptions.MapPut("/{id}/checkpoint", SetCheckpoint).WithName("SetCheckpoint").WithSummary("Say how far the copy is").RequireScope(Scopes.Sync).NeverStored()
            .Accepts<CheckpointInput>("application/json").Produces<SubscriptionResponse>().ProducesProblems(400, 404, 410, 413, 415, 422);
        subscriptions.MapMethods("/{id}/deliveries", Endpoints.GetAndHead, Deliveries).AsPrivateRead().WithName("ListDeliveries")
            .WithSummary("List what was sent and what became of it, the newest first; kept for 30 days").RequireScope(Scopes.Sync).Produces<Page<DeliveryResponse>>().ProducesProblems(400, 404);
        subscriptions.MapPost("/{id}/deliveries/{position}/replay", Replay).WithName("ReplayDelivery").WithSummary("Send one delivery again, at once").RequireScope(Scopes.Sync).NeverStored()
            .Produces<DeliveryResponse>(202).ProducesProblems(400, 404, 409);
        subscriptions.MapPost("/{id}/replay", ReplayAll).WithName("ReplayDeliveries").WithSummary("Send again what failed or was cancelled since an instant").RequireScope(Scopes.Sync).NeverStored()
            .Accepts<ReplayInput>("application/json").Produces<ReplayReport>(202).ProducesProblems(400, 404, 409, 413, 415, 422);
        routes.MapMethods("/articles/{id}/propagation", Endpoints.GetAndHead, Propagation).AsPrivateRead().WithTags("Articles").WithName("GetArticlePropagation")
            .WithSummary("Tell which partners have acknowledged the newest public change of an article").RequireScope(Scopes.Publish).Produces<PropagationResponse>().ProducesProblems(400, 404);
    }

    private static async Task<IResult> List(HttpContext http, SubscriptionEditing editing, CancellationToken cancel) =>
        TypedResults.Ok(new SubscriptionList { Items = await editing.ListAsync(Caller.Of(http), cancel) });

    private static async Task<IResult> Create(HttpContext http, JsonBody<SubscriptionInput> body, SubscriptionEditing editing, CancellationToken cancel)
    {
        var outcome = await editing.CreateAsync(body.Value, Caller.Of(http), cancel);
        return outcome.Problem is { } problem ? new ProblemResult(problem) : TypedResults.Created($"/v1/subscriptions/{outcome.Value!.Id}", outcome.Value);
    }

    private static async Task<IResult> Get(HttpContext http, string id, SubscriptionEditing editing, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var subscription, out var refused)) return new ProblemResult(refused);

        return await editing.FindAsync(subscription, Caller.Of(http), cancel) is { } found ? TypedResults.Ok(found) : new ProblemResult(Problems.NotFound());
    }

    private static async Task<IResult> Update(
        HttpContext http, string id, JsonPatch patch, IValidator<SubscriptionInput> validator, SubscriptionEditing editing, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var subscription, out var refused)) return new ProblemResult(refused);

        return Answer(await editing.UpdateAsync(subscription, patch, validator, Caller.Of(http), cancel));
    }

    private static async Task<IResult> Delete(HttpContext http, string id, SubscriptionEditing editing, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var subscription, out var refused)) return new ProblemResult(refused);

        var outcome = await editing.DeleteAsync(subscription, Caller.Of(http), cancel);
        return outcome.Problem is { } problem ? new ProblemResult(problem) : TypedResults.NoContent();
    }

    private static async Task<IResult> Rotate(HttpContext http, string id, OptionalJsonBody<RotationInput> body, SubscriptionEditing editing, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var subscription, out var refused)) return new ProblemResult(refused);

        return Answer(await editing.RotateAsync(subscription, (body.Value ?? new RotationInput()).Overlap, Caller.Of(http), cancel));
    }

    private static async Task<IResult> SetCheckpoint(HttpContext http, string id, JsonBody<CheckpointInput> body, SubscriptionEditing editing, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var subscription, out var refused)) return new ProblemResult(refused);

        return Answer(await editing.SetCheckpointAsync(subscription, body.Value.Cursor, Caller.Of(http), cancel));
    }

    private static async Task<IResult> Deliveries(HttpContext http, string id, [AsParameters] DeliveryQuery query, DeliveryLog log, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var subscription, out var refused)) return new ProblemResult(refused);

        return await log.ListAsync(http, subscription, query, cancel);
    }

    private static async Task<IResult> Replay(HttpContext http, string id, string position, DeliveryLog log, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var subscription, out var refused)) return new ProblemResult(refused);
        if (!long.TryParse(position, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var place))
            return new ProblemResult(Problems.Parameter("position", "invalid", "The position in the path is a whole number."));

        var outcome = await log.ReplayAsync(subscription, place, Caller.Of(http), cancel);
        return outcome.Problem is { } problem ? new ProblemResult(problem) : TypedResults.Accepted((string?)null, outcome.Value);
    }

    private static async Task<IResult> ReplayAll(HttpContext http, string id, JsonBody<ReplayInput> body, DeliveryLog log, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var subscription, out var refused)) return new ProblemResult(refused);

        var outcome = await log.ReplayAsync(subscription, body.Value.Since, Caller.Of(http), cancel);
        return outcome.Problem is { } problem ? new ProblemResult(problem) : TypedResults.Accepted((string?)null, outcome.Value);
    }

    private static async Task<IResult> Propagation(string id, PropagationReader propagation, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var article, out var refused)) return new ProblemResult(refused);

        return await propagation.ReadAsync(article, cancel) is { } found ? TypedResults.Ok(found) : new ProblemResult(Problems.NotFound("There is no article with this id that was ever public."));
    }

    private static IResult Answer(Outcome<SubscriptionResponse> outcome) => outcome.Problem is { } problem ? new ProblemResult(problem) : TypedResults.Ok(outcome.Value);
}
