namespace NewsApi.Articles;

/// <summary>What the newest version waits for before it goes public, and when it is to leave again.</summary>
public sealed record Schedule
{
    /// <summary>When it is to be published; absent where only the embargo keeps it.</summary>
    public DateTimeOffset? PublishAt { get; init; }

    /// <summary>Not public before this instant, whenever it is published.</summary>
    public DateTimeOffset? EmbargoedUntil { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The first instant at which the public may see it.</summary>
    internal DateTimeOffset Due => PublishAt is { } publish && EmbargoedUntil is { } embargo
        ? publish > embargo ? publish : embargo
        : PublishAt ?? EmbargoedUntil!.Value;
}
