namespace NewsApi.Subscriptions;

/// <summary>How far the newest public change of an article has come.</summary>
public sealed record PropagationResponse
{
    /// <summary>The article's UUID.</summary>
    public required string Id { get; init; }

    /// <summary>The place of its newest entry in the change feed.</summary>
    public required string Position { get; init; }

    /// <summary>Why it changed, as the feed says it: <c>corrected</c>, <c>retracted</c>, … Absent where the feed was cut since.</summary>
    public required string? Reason { get; init; }

    /// <summary>The version that is public; absent where the article is not.</summary>
    public required int? Version { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>The subscriptions that follow articles, whose key is good and whose licence shows this one, or showed it before.</summary>
    public required IReadOnlyList<PartnerProgress> Partners { get; init; }
}

/// <summary>What a partner says of its copy.</summary>
public sealed record PartnerProgress
{
    public required Guid SubscriptionId { get; init; }
    public required string Name { get; init; }

    /// <summary>Whether its doorbell rings.</summary>
    public required bool Active { get; init; }

    /// <summary>Whether its checkpoint is at the newest change or behind it.</summary>
    public required bool Acknowledged { get; init; }

    /// <summary>The version of the article that was public where its checkpoint is; absent where none was, or where it has never set one.</summary>
    public required int? Version { get; init; }

    /// <summary>When it last set its checkpoint.</summary>
    public required DateTimeOffset? CheckpointAt { get; init; }

    /// <summary>What became of the first doorbell at this change or behind it: a state of <c>Delivery</c>; absent where none rang, or that is forgotten.</summary>
    public required string? Delivery { get; init; }
}
