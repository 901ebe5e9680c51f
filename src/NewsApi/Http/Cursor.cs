using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NewsApi.Access;

namespace NewsApi.Http;

/// <summary>
/// Where a list goes on: after the row with this sort key and id. Bound to the query it came from, because in another
/// order or under another filter the place means nothing. Opaque to clients.
/// </summary>
internal sealed record Cursor(string SortKey, string Id)
{
    private const byte Format = 1;

    /// <summary>With the fingerprint of a licence behind that of the query.</summary>
    private const byte LicensedFormat = 3;
    private const int FingerprintLength = 6;
    private const int LicenceLength = 8;

    /// <param name="query">What the list was asked for.</param>
    /// <param name="licence">What the reader may see of it, where that is not everything.</param>
    public string Write(string query, Licence? licence = null)
    {
        var bytes = new List<byte> { licence is null ? Format : LicensedFormat };
        bytes.AddRange(Fingerprint(query));
        if (licence is not null) bytes.AddRange(Convert.FromHexString(licence.Fingerprint));
        bytes.AddRange(Encoding.UTF8.GetBytes($"{SortKey}\n{Id}"));
        return Base64Url.EncodeToString(bytes.ToArray());
    }

    public static bool TryRead(string text, string query, out Cursor cursor) => TryRead(text, query, null, out cursor);

    public static bool TryRead(string text, string query, Licence? licence, out Cursor cursor)
    {
        cursor = null!;
        if (!TryOpen(text, query, out var scope, out var place) || scope != licence?.Fingerprint) return false;

        var parts = Encoding.UTF8.GetString(place).Split('\n');
        if (parts.Length != 2 || parts.Any(part => part.Contains('\0', StringComparison.Ordinal))) return false;

        cursor = new Cursor(parts[0], parts[1]);
        return true;
    }

    /// <summary>What is said of a cursor that cannot be read: that the reader sees another part of the list than before, or what else is wrong.</summary>
    public static Problem Refusal(string text, string query, Licence? licence, string detail) =>
        TryOpen(text, query, out var scope, out _) && scope != licence?.Fingerprint ? Problems.ScopeChanged("cursor") : Problems.Parameter("cursor", "invalid", detail);

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

    private static bool TryOpen(string text, string query, out string? scope, out ReadOnlySpan<byte> place)
    {
        scope = null;
        place = default;
        if (text.Length > 1_000 || !Base64Url.IsValid(text)) return false;

        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length == 0 || bytes[0] is not (Format or LicensedFormat)) return false;

        var start = 1 + FingerprintLength + (bytes[0] == LicensedFormat ? LicenceLength : 0);
        if (bytes.Length <= start || !bytes.AsSpan(1, FingerprintLength).SequenceEqual(Fingerprint(query))) return false;

        if (bytes[0] == LicensedFormat) scope = Convert.ToHexStringLower(bytes, 1 + FingerprintLength, LicenceLength);
        place = bytes.AsSpan(start);
        return true;
    }

    private static byte[] Fingerprint(string query) => SHA256.HashData(Encoding.UTF8.GetBytes(query))[..FingerprintLength];
}
