using System.Globalization;
using NewsApi.Subscriptions;

namespace NewsApi.Tests.Subscriptions;

/// <summary>What becomes of a ring after an attempt.</summary>
public sealed class RetryPlanTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "00:00:05")]
    [InlineData(1, "00:00:05")]
    [InlineData(2, "00:00:30")]
    [InlineData(3, "00:05:00")]
    [InlineData(4, "00:30:00")]
    [InlineData(5, "02:00:00")]
    [InlineData(6, "05:00:00")]
    [InlineData(7, "10:00:00")]
    [InlineData(8, "14:00:00")]
    [InlineData(9, "16:00:00")]
    [InlineData(10, "1.00:00:00")]
    [InlineData(11, null)]
    public void What_is_not_heard_is_tried_ten_times_more(int attempts, string? pause) =>
        Assert.Equal((pause is null ? "failed" : "pending", After(pause)), RetryPlan.After(attempts, new WebhookAnswer(500), At, 0.5));

    [Theory]
    [InlineData(0, "00:04:30")]
    [InlineData(0.5, "00:05:00")]
    [InlineData(1, "00:05:30")]
    public void A_pause_is_a_tenth_shorter_or_longer(double chance, string pause) =>
        Assert.Equal(("pending", After(pause)), RetryPlan.After(3, new WebhookAnswer(null, "timeout"), At, chance));

    [Theory]
    [InlineData("-00:01:00", "00:05:00")]
    [InlineData("00:00:10", "00:05:00")]
    [InlineData("01:00:00", "01:00:00")]
    [InlineData("3.00:00:00", "1.00:00:00")]
    public void Whoever_wants_to_be_left_alone_is_for_a_day_at_most(string wanted, string pause) =>
        Assert.Equal(("pending", After(pause)), RetryPlan.After(3, new WebhookAnswer(503, null, Span(wanted)), At, 0.5));

    [Theory]
    [InlineData(1, 200, "delivered")]
    [InlineData(11, 204, "delivered")]
    [InlineData(1, 410, "failed")]
    public void What_is_heard_or_will_never_be_is_over(int attempts, int status, string state) =>
        Assert.Equal((state, After(null)), RetryPlan.After(attempts, new WebhookAnswer(status, null, TimeSpan.FromHours(1)), At, 0.5));

    private static DateTimeOffset? After(string? pause) => pause is null ? null : At + Span(pause);

    private static TimeSpan Span(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
