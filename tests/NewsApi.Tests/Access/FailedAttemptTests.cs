using System.Globalization;
using System.Net;
using NewsApi.Access;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Access;

/// <summary>Guessing keys.</summary>
public sealed class FailedAttemptTests : IAsyncDisposable
{
    private readonly TestClock _clock = new(DateTimeOffset.Parse("2026-01-02T08:00:00Z", CultureInfo.InvariantCulture));
    private readonly Api _api;

    public FailedAttemptTests() => _api = new Api(_clock, null);

    [Fact]
    public async Task After_twenty_bad_keys_in_a_minute_more_of_them_have_to_wait_and_good_ones_do_not()
    {
        for (var i = 0; i < FailedAttempts.Allowed; i++)
        {
            await _api.Anonymous.Get($"/v1/articles?a={i}", ("X-Api-Key", $"guess-{i}"), ("X-Forwarded-For", $"203.0.113.{i}")).IsRefused(401, "unauthorized");
            _clock.Now += TimeSpan.FromSeconds(1);
        }

        foreach (var header in ((string, string)[])[("X-Api-Key", "another"), ("Authorization", "Bearer another"), ("Authorization", "Basic YTpi")])
        {
            using var refused = await _api.Anonymous.Get("/v1/people", header, ("X-Forwarded-For", "198.51.100.7"), ("X-Real-IP", "198.51.100.7"), ("Forwarded", "for=198.51.100.7"));
            await refused.Problem(429, "tooManyAttempts");
            Assert.Equal("40", refused.Header("Retry-After"));
        }

        await _api.Editor.GetObject("/v1/me");
        await _api.Anonymous.GetObject("/v1/articles");
        await _api.Anonymous.Get("/v1/me").IsRefused(401, "unauthorized");
        _clock.Now += TimeSpan.FromSeconds(40);
        await _api.Anonymous.Get("/v1/people", ("X-Api-Key", "one more")).IsRefused(401, "unauthorized");
        await _api.Anonymous.Get("/v1/people", ("X-Api-Key", "and one")).IsRefused(429, "tooManyAttempts");
    }

    [Fact]
    public void Addresses_are_counted_apart_and_a_network_of_IPv6_as_one()
    {
        var attempts = new FailedAttempts(_clock);
        for (var i = 0; i < FailedAttempts.Allowed; i++) Assert.Null(attempts.Add(IPAddress.Parse($"2001:db8::{i:x}")));

        Assert.NotNull(attempts.Add(IPAddress.Parse("2001:db8::ffff")));
        Assert.Null(attempts.Add(IPAddress.Parse("2001:db8:0:1::1")));
        for (var i = 0; i < FailedAttempts.Allowed; i++) Assert.Null(attempts.Add(IPAddress.Parse(i % 2 == 0 ? "192.0.2.1" : "::ffff:192.0.2.1")));
        Assert.NotNull(attempts.Add(IPAddress.Parse("192.0.2.1")));
        Assert.Null(attempts.Add(IPAddress.Parse("192.0.2.2")));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
