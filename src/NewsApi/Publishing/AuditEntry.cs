using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NewsApi.Publishing;

/// <summary>Who did what, in the transaction that did it. Never what anything said: that is in the revisions.</summary>
internal sealed class AuditEntry
{
    public long Id { get; init; }

    /// <summary>In milliseconds since 1970.</summary>
    public required long At { get; init; }
    public required string Actor { get; init; }

    /// <summary>One of <see cref="AuditActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>Of what kind it was done to: <c>article</c>, …</summary>
    public required string Type { get; init; }

    /// <summary>How documents name it; of a section its slug.</summary>
    public string? ResourceId { get; init; }

    /// <summary>The newest version after it.</summary>
    public int? Version { get; init; }
    public string? Detail { get; init; }
}

internal static class AuditActions
{
    public const string Created = "created";
    public const string Updated = "updated";
    public const string DraftSaved = "draftSaved";
    public const string Published = "published";
    public const string Scheduled = "scheduled";
    public const string ScheduleCancelled = "scheduleCancelled";
    public const string Withdrawn = "withdrawn";
    public const string Restored = "restored";
    public const string Deleted = "deleted";
    public const string Rotated = "rotated";
    public const string Revoked = "revoked";
    public const string Disabled = "disabled";

    /// <summary>What keys are called in the place of a type.</summary>
    public const string KeyType = "key";

    /// <summary>And subscriptions.</summary>
    public const string SubscriptionType = "subscription";
}

internal sealed class AuditConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entry)
    {
        entry.ToTable("audit");

        // One for each filter that leaves little; the others are looked at on the way.
        entry.HasIndex(e => new { e.At, e.Id });
        entry.HasIndex(e => new { e.ResourceId, e.At, e.Id });
        entry.HasIndex(e => new { e.Actor, e.At, e.Id });
        entry.HasIndex(e => new { e.Action, e.At, e.Id });
    }
}
