namespace NewsApi.Subscriptions;

/// <summary>Whether a ring is tried again, and when.</summary>
internal static class RetryPlan
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(24);

    /// <summary>How long after each attempt the next one is made: over three days.</summary>
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(16), TimeSpan.FromHours(24),
    ];

    /// <summary>What becomes of a ring after an attempt; where it is over there is no next one.</summary>
    /// <param name="attempts">How many there were, with this one.</param>
    /// <param name="answer">What came of it.</param>
    /// <param name="at">When that was known.</param>
    /// <param name="chance">From 0 to 1. It makes a pause a tenth shorter or longer, so that what failed together does not come back together.</param>
    public static (string State, DateTimeOffset? NextAt) After(int attempts, WebhookAnswer answer, DateTimeOffset at, double chance) =>
        answer.Succeeded ? (DeliveryStates.Delivered, null)
        : answer.IsGone || attempts > Pauses.Length ? (DeliveryStates.Failed, null)
        : (DeliveryStates.Pending, at + PauseAfter(attempts, answer.RetryAfter, chance));

    private static TimeSpan PauseAfter(int attempts, TimeSpan? wanted, double chance)
    {
        var pause = Pauses[Math.Clamp(attempts, 1, Pauses.Length) - 1] * (0.9 + chance * 0.2);
        return wanted is not { } longer || longer < pause ? pause : longer < LongestPause ? longer : LongestPause;
    }
}
