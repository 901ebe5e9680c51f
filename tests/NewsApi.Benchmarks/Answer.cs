using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace NewsApi.Benchmarks;

/// <summary>An answer as it stands on the wire, taken from one server so that another can send the same.</summary>
internal sealed partial record Answer(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    public static ReadOnlySpan<byte> Chunked => "\r\nTransfer-Encoding: chunked"u8;

    public string? this[string header] => Headers.FirstOrDefault(h => h.Name.Equals(header, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Everything as text, but for the date.</summary>
    public string Comparable => Encoding.Latin1.GetString(ToBytes(Headers.Where(h => h.Name != "Date")));

    public static Answer Fetch(IPEndPoint server, byte[] request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(server);
        socket.Send(request);
        var received = new byte[1_048_576];
        var length = 0;
        while (!IsComplete(received.AsSpan(0, length)))
        {
            var read = socket.Receive(received.AsSpan(length));
            if (read == 0) throw new InvalidOperationException("The server closed the connection in the middle of an answer.");

            length += read;
        }

        return Parse(received[..length]);
    }

    public static Answer Load(string file) => Parse(File.ReadAllBytes(file));

    public void Save(string file) => File.WriteAllBytes(file, ToBytes(Headers));

    /// <summary>Whether the last chunk is there, the empty one. JSON has no such line in itself.</summary>
    public static bool EndsChunks(ReadOnlySpan<byte> received) => received.EndsWith("0\r\n\r\n"u8);

    private static bool IsComplete(ReadOnlySpan<byte> received)
    {
        var head = received.IndexOf(EndOfHead);
        if (head >= 0 && received[..head].IndexOf(Chunked) >= 0) return EndsChunks(received);

        return head >= 0 && received.Length >= head + EndOfHead.Length + BodyLength(Encoding.Latin1.GetString(received[..head]));
    }

    private static int BodyLength(string head) => ContentLength().Match(head) is { Success: true } found ? int.Parse(found.ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static Answer Parse(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf(EndOfHead);
        var lines = Encoding.Latin1.GetString(bytes, 0, end).Split("\r\n");
        var headers = lines[1..].Select(line => line.Split(": ", 2)).Select(parts => (parts[0], parts[1])).ToList();
        return new Answer(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, bytes[(end + EndOfHead.Length)..]);
    }

    private byte[] ToBytes(IEnumerable<(string Name, string Value)> headers)
    {
        var head = $"HTTP/1.1 {Status}{string.Concat(headers.Select(h => $"\r\n{h.Name}: {h.Value}"))}\r\n\r\n";
        return [.. Encoding.Latin1.GetBytes(head), .. Body];
    }

    [GeneratedRegex(@"(?<=\r\nContent-Length: )\d+")]
    private static partial Regex ContentLength();
}
