using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NewsApi.Publishing;

namespace NewsApi.Subscriptions;

/// <summary>A partner's address that rings when something public changes, and how far the partner says its copy is.</summary>
internal sealed class Subscription
{
    public const int NameLimit = 100;
    public const int UrlLimit = 2_000;

    public required Guid Id { get; init; }

    /// <summary>The id of the key on record it was made with; of a key of the settings the name.</summary>
    public required string Owner { get; init; }

    /// <summary>The name of that key.</summary>
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string Name { get; set; }
    public required string WebhookUrl { get; set; }

    /// <summary>What it rings for.</summary>
    public required FeedTypes Types { get; set; }

    /// <summary>Signs what is sent; as the partner has it.</summary>
    public required string Secret { get; set; }

    /// <summary>The secret before, which signs as well for a while.</summary>
    public string? PreviousSecret { get; set; }
    public DateTimeOffset? PreviousSecretExpiresAt { get; set; }
    public bool IsActive { get; set; } = true;

    /// <summary>One of <see cref="DisabledReasons"/>, where it does not ring.</summary>
    public string? DisabledReason { get; set; }

    /// <summary>The place in the feed that the partner has applied everything up to.</summary>
    public long? CheckpointPosition { get; set; }

    /// <summary>The history of the feed that place is of.</summary>
    public string? CheckpointEpoch { get; set; }
    public DateTimeOffset? CheckpointAt { get; set; }

    /// <summary>From now on it does not ring; what waits is not sent.</summary>
    public void Disable(string reason) => (IsActive, DisabledReason) = (false, reason);
}

/// <summary>One ring of the doorbell for one commit: what is to be sent, and what became of it.</summary>
internal sealed class Delivery
{
    public required Guid SubscriptionId { get; init; }

    /// <summary>The newest position of the commit.</summary>
    public required long Position { get; init; }

    /// <summary>What was changed by it.</summary>
    public required FeedTypes Types { get; init; }

    /// <summary>In milliseconds since 1970, as all its times are.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>One of <see cref="DeliveryStates"/>.</summary>
    public required string State { get; set; }
    public int Attempts { get; set; }

    /// <summary>When it is due; while an attempt runs, when that is taken for lost. Absent once it is over.</summary>
    public long? NextAt { get; set; }
    public long? AttemptedAt { get; set; }
    public int? Status { get; set; }
    public string? Error { get; set; }
    public long? DeliveredAt { get; set; }

    /// <summary>As if it had never been tried.</summary>
    public void MakeDue(long at) => (State, NextAt, Attempts) = (DeliveryStates.Pending, at, 0);
}

internal static class DeliveryStates
{
    public const string Pending = "pending";
    public const string Delivered = "delivered";

    /// <summary>It was tried for days.</summary>
    public const string Failed = "failed";

    /// <summary>Its subscription was disabled before it came through.</summary>
    public const string Cancelled = "cancelled";

    public static readonly string[] All = [Pending, Delivered, Failed, Cancelled];
}

internal static class DisabledReasons
{
    /// <summary>The partner wants it so.</summary>
    public const string Paused = "paused";

    /// <summary>The address answered 410.</summary>
    public const string Gone = "gone";

    /// <summary>Nothing came through for days.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The key it was made with is revoked, has expired, or may not follow the feed any more.</summary>
    public const string KeyEnded = "keyEnded";
}

/// <summary>Types of the feed as one number, so that the database compares them.</summary>
[Flags]
internal enum FeedTypes
{
    None = 0,
    Article = 1,
    Person = 2,
    Event = 4,
}

internal static class FeedTypeNames
{
    public static readonly string[] All = ["article", "person", "event"];

    public static FeedTypes Of(ResourceType type) => type switch
    {
        ResourceType.Article => FeedTypes.Article,
        ResourceType.Person => FeedTypes.Person,
        ResourceType.Event => FeedTypes.Event,
        _ => FeedTypes.None,
    };

    public static FeedTypes Read(IEnumerable<string> names) =>
        names.Aggregate(FeedTypes.None, (types, name) => types | Of(ResourceTypes.Parse(name)));

    public static IReadOnlyList<string> Names(this FeedTypes types) => [.. All.Where(name => types.HasFlag(Of(ResourceTypes.Parse(name))))];
}

internal sealed class SubscriptionConfiguration : IEntityTypeConfiguration<Subscription>, IEntityTypeConfiguration<Delivery>
{
    public void Configure(EntityTypeBuilder<Subscription> subscription)
    {
        subscription.ToTable("subscriptions");
        subscription.Property(s => s.Id).ValueGeneratedNever();
        subscription.Property(s => s.Name).HasMaxLength(Subscription.NameLimit);
        subscription.Property(s => s.WebhookUrl).HasMaxLength(Subscription.UrlLimit);
        subscription.HasIndex(s => s.Owner);
    }

    public void Configure(EntityTypeBuilder<Delivery> delivery)
    {
        delivery.ToTable("deliveries");
        delivery.HasKey(d => new { d.SubscriptionId, d.Position });
        delivery.HasOne<Subscription>().WithMany().HasForeignKey(d => d.SubscriptionId).OnDelete(DeleteBehavior.Cascade);

        // What is over is not in it.
        delivery.HasIndex(d => new { d.SubscriptionId, d.NextAt }).HasFilter("next_at IS NOT NULL");
        delivery.HasIndex(d => d.CreatedAt);
    }
}
