using System.Net;
using Microsoft.AspNetCore.Http;
using NewsApi.Access;

namespace NewsApi.Tests.Access;

/// <summary>Who has a turn at what takes long, and who waits.</summary>
public sealed class TurnsTests
{
    private readonly Turns _turns = new(3, TimeSpan.FromMilliseconds(50));

    [Fact]
    public async Task A_caller_has_one_turn_and_gets_the_next_when_it_is_given_back()
    {
        using var other = await TakeAsync("203.0.113.1", "b");
        var first = await TakeAsync("203.0.113.1", "a");

        Assert.Null(await TakeAsync("203.0.113.9", "a"));
        first!.Dispose();
        using var next = await TakeAsync("203.0.113.9", "a");
        Assert.NotNull(next);
    }

    [Fact]
    public async Task An_address_without_a_key_is_a_caller_and_all_of_them_leave_one_turn()
    {
        using var first = await TakeAsync("203.0.113.1");
        Assert.Null(await TakeAsync("203.0.113.1"));
        using var second = await TakeAsync("2001:db8::1");
        Assert.Null(await TakeAsync("2001:db8::2"));
        Assert.Null(await TakeAsync("203.0.113.3"));

        using var partner = await TakeAsync("203.0.113.1", "a");
        Assert.NotNull(partner);
        Assert.Null(await TakeAsync("203.0.113.1", "b"));
        second!.Dispose();
        using var other = await TakeAsync("203.0.113.1", "b");
        Assert.NotNull(other);
    }

    [Fact]
    public async Task Whoever_waits_goes_on_as_soon_as_there_is_room()
    {
        var turns = new Turns(1, TimeSpan.FromMinutes(1));
        var first = await turns.TakeAsync(Of("203.0.113.1", null), TestContext.Current.CancellationToken);
        var waiting = turns.TakeAsync(Of("203.0.113.1", "a"), TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        first!.Dispose();

        using var turn = await waiting;
        Assert.NotNull(turn);
    }

    private Task<IDisposable?> TakeAsync(string address, string? key = null) => _turns.TakeAsync(Of(address, key), TestContext.Current.CancellationToken);

    private static DefaultHttpContext Of(string address, string? key)
    {
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
        if (key is not null) http.Features.Set(new Caller(key));
        return http;
    }
}
