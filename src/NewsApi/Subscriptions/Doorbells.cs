using System.Globalization;
using NewsApi.Storage;

namespace NewsApi.Subscriptions;

/// <summary>What a writer does in its own transaction so that partners hear of it: whatever is committed has its rings, and nothing else has.</summary>
internal static class Doorbells
{
    /// <summary>A ring for everybody who wants to hear of one of these types.</summary>
    /// <param name="position">The newest position of the transaction.</param>
    /// <param name="types">What was changed in public.</param>
    /// <param name="at">In milliseconds since 1970.</param>
    public static Statement Ring(long position, FeedTypes types, long at) => new(
        """
        INSERT INTO deliveries (subscription_id, position, types, created_at, state, attempts, next_at)
        SELECT id, @position, types & @types, @at, 'pending', 0, @due FROM subscriptions WHERE is_active AND (types & @types) <> 0
        """,
        ("position", position), ("types", (int)types), ("at", at), ("due", at));

    /// <summary>Names a ring for the receiver, who may get it twice.</summary>
    public static string MessageId(Guid subscription, long position) => string.Create(CultureInfo.InvariantCulture, $"msg_{subscription:N}_{position}");
}
