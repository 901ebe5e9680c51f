using System.Globalization;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Subscriptions;

/// <summary>A doorbell: an address that is called when something public changes.</summary>
public sealed record SubscriptionResponse
{
    public required Guid Id { get; init; }

    /// <summary>What the newsroom knows the partner by.</summary>
    public required string Name { get; init; }
    public required string WebhookUrl { get; init; }

    /// <summary>What it rings for: <c>article</c>, <c>person</c>, <c>event</c>.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>Whether it rings.</summary>
    public required bool Active { get; init; }

    /// <summary>
    /// Why it does not: <c>paused</c> by whoever has it, <c>gone</c> (the address answered 410), <c>unreachable</c> (nothing came through for three
    /// days), <c>keyEnded</c> (the key it was made with is not good any more, or lost <c>sync:read</c>).
    /// </summary>
    public required string? DisabledReason { get; init; }

    /// <summary>
    /// The secret that signs what is sent: <c>whsec_</c> and 256 bits in base64. It is in the answer that made it and nowhere else.
    /// </summary>
    public required string? Secret { get; init; }

    /// <summary>Until when the secret before the last rotation signs as well.</summary>
    public required DateTimeOffset? PreviousSecretExpiresAt { get; init; }

    /// <summary>How far the partner says its copy is; absent until it does.</summary>
    public required CheckpointResponse? Checkpoint { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The name of the key it was made with, which alone may see it, beside <c>admin</c>.</summary>
    public required string CreatedBy { get; init; }

    internal static SubscriptionResponse From(Subscription subscription, DateTimeOffset now, string? secret = null) => new()
    {
        Id = subscription.Id,
        Name = subscription.Name,
        WebhookUrl = subscription.WebhookUrl,
        Types = subscription.Types.Names(),
        Active = subscription.IsActive,
        DisabledReason = subscription.DisabledReason,
        Secret = secret,
        PreviousSecretExpiresAt = subscription.PreviousSecretExpiresAt > now ? subscription.PreviousSecretExpiresAt : null,
        Checkpoint = subscription is { CheckpointPosition: { } position, CheckpointAt: { } at }
            ? new CheckpointResponse { Position = position.ToString(CultureInfo.InvariantCulture), At = at }
            : null,
        CreatedAt = subscription.CreatedAt,
        CreatedBy = subscription.CreatedBy,
    };
}

/// <summary>The place in the change feed that a partner has applied everything up to.</summary>
public sealed record CheckpointResponse
{
    /// <summary>That of the newest entry it has applied, or passed over.</summary>
    public required string Position { get; init; }

    /// <summary>When it said so.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>The subscriptions that the key may see, the newest first.</summary>
public sealed record SubscriptionList
{
    public required IReadOnlyList<SubscriptionResponse> Items { get; init; }
}

/// <summary>A doorbell as it is asked for.</summary>
public sealed record SubscriptionInput
{
    /// <summary>
    /// What is called: <c>https://</c>, and nothing that is loopback, private or reserved, which is looked at with each connection. Redirects are not followed.
    /// </summary>
    public required string WebhookUrl { get; init; }

    /// <summary>What it rings for: any of <c>article</c>, <c>person</c>, <c>event</c>; all where absent.</summary>
    public IReadOnlyList<string> Types { get; set; } = FeedTypeNames.All;

    /// <summary>What the newsroom knows the partner by; the name of the key where absent.</summary>
    public string? Name { get; init; }

    /// <summary>Whether it rings; it does where this is absent. One that is switched on again rings at once.</summary>
    public bool? Active { get; init; }

    /// <summary>As it would be asked for, to lay a patch over.</summary>
    internal static SubscriptionInput From(Subscription subscription) => new()
    {
        WebhookUrl = subscription.WebhookUrl,
        Types = subscription.Types.Names(),
        Name = subscription.Name,
        Active = subscription.IsActive,
    };
}

internal sealed class SubscriptionInputValidator : AbstractValidator<SubscriptionInput>
{
    public SubscriptionInputValidator(WebhookTargets targets)
    {
        RuleFor(s => s.WebhookUrl).NotBlank().MaximumLength(Subscription.UrlLimit);
        RuleFor(s => s.WebhookUrl).Custom((url, context) =>
        {
            if (!string.IsNullOrWhiteSpace(url) && targets.Fault(url) is { } fault) context.AddFailure(new FluentValidation.Results.ValidationFailure(context.PropertyPath, fault) { ErrorCode = "addressRefused" });
        });
        RuleFor(s => s.Types).Must(types => types.Count > 0).WithErrorCode("required").WithMessage("Name one type at least, or leave this out for all.")
            .AtMost(FeedTypeNames.All.Length).Distinct();
        RuleForEach(s => s.Types).Present().OneOf(FeedTypeNames.All);
        RuleFor(s => s.Name).Word(Subscription.NameLimit);
    }
}

/// <summary>How far a copy is.</summary>
public sealed record CheckpointInput
{
    /// <summary>The cursor behind the newest entry that was applied: <c>nextCursor</c> of a page, or an entry's own.</summary>
    public required string Cursor { get; init; }
}

internal sealed class CheckpointInputValidator : AbstractValidator<CheckpointInput>
{
    public CheckpointInputValidator() => RuleFor(c => c.Cursor).NotBlank().MaximumLength(200);
}

/// <summary>A ring of the doorbell, and what became of it.</summary>
public sealed record DeliveryResponse
{
    /// <summary>What the receiver knows it by, in <c>webhook-id</c>; the same for each attempt.</summary>
    public required string Id { get; init; }

    /// <summary>The place in the change feed that it tells of.</summary>
    public required string Position { get; init; }

    /// <summary>What was changed.</summary>
    public required IReadOnlyList<string> Types { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// <c>pending</c>, <c>delivered</c> (an answer of 200 to 299), <c>failed</c> (given up after three days, or at a 410), <c>cancelled</c> (the subscription was
    /// disabled before).
    /// </summary>
    public required string State { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>When it is tried again; while an attempt runs, when that is taken for lost.</summary>
    public required DateTimeOffset? NextAttemptAt { get; init; }
    public required DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>The HTTP status that the last attempt was answered with; absent while one runs.</summary>
    public required int? LastStatus { get; init; }

    /// <summary>
    /// Why the last attempt had none, or none that counts: <c>addressRefused</c>, <c>timeout</c>, <c>connectionFailed</c>, <c>tlsFailed</c>, <c>badAnswer</c>, <c>redirect</c>.
    /// </summary>
    public required string? LastError { get; init; }
    public required DateTimeOffset? DeliveredAt { get; init; }

    internal static DeliveryResponse From(Delivery delivery) => new()
    {
        Id = Doorbells.MessageId(delivery.SubscriptionId, delivery.Position),
        Position = delivery.Position.ToString(CultureInfo.InvariantCulture),
        Types = delivery.Types.Names(),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(delivery.CreatedAt),
        State = delivery.State,
        Attempts = delivery.Attempts,
        NextAttemptAt = Instant(delivery.NextAt),
        LastAttemptAt = Instant(delivery.AttemptedAt),
        LastStatus = delivery.Status,
        LastError = delivery.Error,
        DeliveredAt = Instant(delivery.DeliveredAt),
    };

    private static DateTimeOffset? Instant(long? milliseconds) => milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}

/// <summary>Which deliveries are asked for.</summary>
public sealed record DeliveryQuery
{
    /// <summary>Only those that are <c>pending</c>, <c>delivered</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    [FromQuery(Name = "state")]
    public string? State { get; init; }

    /// <summary>How many items a page holds.</summary>
    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    /// <summary>Where to go on: <c>nextCursor</c> of the page before, with the same filters.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    internal int MostItems => QueryValues.Number(Limit, ListParameters.DefaultLimit);
}

internal sealed class DeliveryQueryValidator : AbstractValidator<DeliveryQuery>
{
    public DeliveryQueryValidator()
    {
        RuleFor(q => q.State).OneOf(DeliveryStates.All);
        RuleFor(q => q.Limit).Integer(1, ListParameters.MaximumLimit, ListParameters.DefaultLimit);
    }
}

/// <summary>Which deliveries are to be sent once more.</summary>
public sealed record ReplayInput
{
    /// <summary>Those that failed or were cancelled and are not older than this.</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>What is sent once more.</summary>
public sealed record ReplayReport
{
    /// <summary>How many deliveries are due again.</summary>
    public required int Replayed { get; init; }
}

/// <summary>
/// What a webhook is called with: a doorbell (Standard Webhooks 1.0). It says that something changed and where the feed then stood, and nothing of
/// what was changed: that is read from the feed, with the key and its licence.
/// </summary>
public sealed record Doorbell
{
    public const string ChangesAvailable = "changes.available";

    /// <summary><c>changes.available</c>. More will come; a receiver passes over what it does not know.</summary>
    public required string Type { get; init; }

    /// <summary>When that was committed which it tells of.</summary>
    public required DateTimeOffset Timestamp { get; init; }
    public required DoorbellData Data { get; init; }
}

/// <summary>Where the feed stood.</summary>
public sealed record DoorbellData
{
    /// <summary>
    /// The place behind the change. A partner goes on from its own cursor; once its own stands here or behind, it has what the bell rang for.
    /// </summary>
    public required string Cursor { get; init; }

    /// <summary>The same place as the entries of the feed give it in <c>position</c>, to be compared.</summary>
    public required string Position { get; init; }

    /// <summary>What was changed: <c>article</c>, <c>person</c>, <c>event</c>.</summary>
    public required IReadOnlyList<string> Types { get; init; }
}
