using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace NewsApi.Benchmarks;

/// <summary>
/// Connections that are kept, each with one request on its way at any time. One thread waits for all of them at once and
/// neither allocates nor parses more than it must, so that the server is the slower side.
/// </summary>
internal sealed class LoadClient : IDisposable
{
    public const int Connections = 64;

    /// <summary>Instead of a length: the last chunk ends the answer.</summary>
    private const int InChunks = int.MinValue;

    private readonly List<Socket> _sockets = [];
    private readonly Dictionary<Socket, Exchange> _exchanges = [];
    private readonly byte[] _buffer = new byte[262_144];
    private readonly byte[] _status;
    private readonly IReadOnlyList<byte[]> _requests;
    private int _next;

    /// <param name="requests">Sent one after the other, over and over.</param>
    /// <param name="status">What every answer must be.</param>
    public LoadClient(IPEndPoint server, IReadOnlyList<byte[]> requests, int status)
    {
        _requests = requests;
        _status = System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 {status} ");
        for (var i = 0; i < Connections; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(server);
            _sockets.Add(socket);
            _exchanges.Add(socket, new Exchange());
        }
    }

    public Load Run(TimeSpan duration)
    {
        var latencies = new Latencies();
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var underWay = Connections;
        var ready = new List<Socket>(Connections);
        foreach (var socket in _sockets) Send(socket);
        while (underWay > 0)
        {
            ready.Clear();
            ready.AddRange(_sockets);
            Socket.Select(ready, null, null, TimeSpan.FromSeconds(10));
            if (ready.Count == 0) throw new InvalidOperationException("The server does not answer any more.");

            foreach (var socket in ready)
            {
                if (!Receive(socket)) continue;

                var now = Stopwatch.GetTimestamp();
                latencies.Add(now - _exchanges[socket].SentAt);
                if (now < end) Send(socket);
                else underWay--;
            }
        }

        return new Load(latencies.Count, Stopwatch.GetElapsedTime(start), latencies.Percentile(0.99));
    }

    public void Dispose() => _sockets.ForEach(s => s.Dispose());

    private void Send(Socket socket)
    {
        _exchanges[socket].SentAt = Stopwatch.GetTimestamp();
        socket.Send(_requests[_next]);
        _next = (_next + 1) % _requests.Count;
    }

    /// <summary>True where the answer is there to the last byte.</summary>
    private bool Receive(Socket socket)
    {
        var exchange = _exchanges[socket];
        var length = socket.Receive(_buffer);
        if (length == 0) throw new InvalidOperationException("The server closed a connection.");

        if (exchange.Missing == 0) exchange.Missing = AnswerLength(_buffer.AsSpan(0, length));
        if (exchange.Missing == InChunks) exchange.Missing = Answer.EndsChunks(_buffer.AsSpan(0, length)) ? length : InChunks + length;
        exchange.Missing -= length;
        return exchange.Missing == 0;
    }

    private int AnswerLength(ReadOnlySpan<byte> received)
    {
        var head = received.IndexOf("\r\n\r\n"u8);
        if (head < 0 || !received.StartsWith(_status)) throw new InvalidOperationException($"Not the answer expected: {System.Text.Encoding.UTF8.GetString(received)}");

        var field = received[..head].IndexOf("\r\nContent-Length: "u8);
        if (field < 0) return received[..head].IndexOf(Answer.Chunked) < 0 ? head + 4 : InChunks;

        return Utf8Parser.TryParse(received[(field + 18)..], out int body, out _) ? head + 4 + body : throw new InvalidOperationException("Not a length.");
    }

    private sealed class Exchange
    {
        public long SentAt { get; set; }
        public int Missing { get; set; }
    }
}

/// <summary>What one round came to.</summary>
internal sealed record Load(long Requests, TimeSpan Elapsed, TimeSpan Slow)
{
    public double PerSecond => Requests / Elapsed.TotalSeconds;
}

/// <summary>Counts by the microsecond, up to a second.</summary>
internal sealed class Latencies
{
    private readonly int[] _counts = new int[1_000_000];

    public long Count { get; private set; }

    public void Add(long ticks)
    {
        var microseconds = ticks * 1_000_000 / Stopwatch.Frequency;
        _counts[Math.Min(microseconds, _counts.Length - 1)]++;
        Count++;
    }

    public TimeSpan Percentile(double share)
    {
        var left = (long)(Count * share);
        var i = 0;
        while (i < _counts.Length - 1 && (left -= _counts[i]) >= 0) i++;
        return TimeSpan.FromMicroseconds(i);
    }
}
