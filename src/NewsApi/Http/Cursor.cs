using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NewsApi.Http;

/// <summary>
/// Where a list goes on: after the row with this sort key and id. Bound to the query it came from, because in another
/// order or under another filter the place means nothing. Opaque to clients.
/// </summary>
internal sealed record Cursor(string SortKey, string Id)
{
    private const byte Format = 1;
    private const int FingerprintLength = 6;

    public string Write(string query)
    {
        var bytes = new List<byte> { Format };
        bytes.AddRange(Fingerprint(query));
        bytes.AddRange(Encoding.UTF8.GetBytes($"{SortKey}\n{Id}"));
        return Base64Url.EncodeToString(bytes.ToArray());
    }

    public static bool TryRead(string text, string query, out Cursor cursor)
    {
        cursor = null!;
        if (text.Length > 1_000 || !Base64Url.IsValid(text)) return false;

        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length <= 1 + FingerprintLength || bytes[0] != Format || !bytes.AsSpan(1, FingerprintLength).SequenceEqual(Fingerprint(query))) return false;

        var parts = Encoding.UTF8.GetString(bytes.AsSpan(1 + FingerprintLength)).Split('\n');
        if (parts.Length != 2 || parts.Any(part => part.Contains('\0', StringComparison.Ordinal))) return false;

        cursor = new Cursor(parts[0], parts[1]);
        return true;
    }

    /// <summary>The place as so many numbers, where it is that.</summary>
    public long[]? Numbers(int count)
    {
        var parts = SortKey.Split(':');
        var numbers = new long[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i])) return null;
        }

        return numbers.Length == count ? numbers : null;
    }

    /// <summary>A place in an order of numbers.</summary>
    public static Cursor Of(params IEnumerable<long> numbers) => new(string.Join(':', numbers.Select(n => n.ToString(CultureInfo.InvariantCulture))), "");

    private static byte[] Fingerprint(string query) => SHA256.HashData(Encoding.UTF8.GetBytes(query))[..FingerprintLength];
}
