using System.Net;
using System.Net.Sockets;

namespace NewsApi.Access;

/// <summary>
/// Counts bad keys by the address of the connection, which nobody can make up; a header could be anything. Good keys from the
/// same address are not held up.
/// </summary>
internal sealed class FailedAttempts(TimeProvider clock)
{
    public const int Allowed = 20;

    private const int MostAddresses = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Dictionary<IPAddress, Queue<DateTimeOffset>> _attempts = [];
    private readonly Lock _gate = new();

    /// <summary>Counts one more. Where there were too many: the seconds until another one is taken.</summary>
    public int? Add(IPAddress? remote)
    {
        var (address, now) = (Origin(remote), clock.GetUtcNow());
        lock (_gate)
        {
            if (!_attempts.TryGetValue(address, out var attempts)) _attempts[address] = attempts = Begin(now);
            while (attempts.TryPeek(out var oldest) && now - oldest >= Window) attempts.Dequeue();
            if (attempts.Count >= Allowed) return (int)Math.Ceiling((attempts.Peek() + Window - now).TotalSeconds);

            attempts.Enqueue(now);
            return null;
        }
    }

    /// <summary>Who has one address of IPv6 has 2^64 of them.</summary>
    public static IPAddress Origin(IPAddress? remote)
    {
        if (remote is null) return IPAddress.None;
        if (remote.IsIPv4MappedToIPv6) return remote.MapToIPv4();
        if (remote.AddressFamily != AddressFamily.InterNetworkV6) return remote;

        var bytes = remote.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    /// <summary>Room for another address: those that were quiet go first, and all where there were none.</summary>
    private Queue<DateTimeOffset> Begin(DateTimeOffset now)
    {
        if (_attempts.Count >= MostAddresses)
        {
            foreach (var (address, attempts) in _attempts)
            {
                if (attempts.Count == 0 || now - attempts.Last() >= Window) _attempts.Remove(address);
            }

            if (_attempts.Count >= MostAddresses) _attempts.Clear();
        }

        return new Queue<DateTimeOffset>();
    }
}
