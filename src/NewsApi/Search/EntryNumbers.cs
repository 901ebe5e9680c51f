using System.IO.Hashing;
using System.Text;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Search;

/// <summary>
/// The number under which a resource stands in the index: type, sort key, and some bits of its id, so that the newest matches are
/// the highest numbers and a span of time is a range of them. Numbers that meet move up by one.
/// </summary>
/// <remarks>
/// Two bits of type, 49 of milliseconds since the year 1, two of what stands behind the instant in the sort key, ten of the id. People have
/// no instant: theirs is made of the id alone.
/// </remarks>
internal static class EntryNumbers
{
    private const int TypeShift = 61;
    private const int TieBits = 12;
    private const int IdBits = 10;
    private const int InstantLength = 24;

    /// <summary>The number a resource would like to have.</summary>
    public static long Of(ResourceType type, string sortKey, string id)
    {
        var hash = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(id));
        return type == ResourceType.Person
            ? First(type) | (long)(hash >> (64 - TypeShift))
            : At(type, sortKey) | Rank(sortKey) << IdBits | (long)(hash & ((1 << IdBits) - 1));
    }

    /// <summary>The smallest number at or after an instant, given as a sort key.</summary>
    public static long At(ResourceType type, string sortKey)
    {
        if (!Instants.TryParse(sortKey.Length > InstantLength ? sortKey[..InstantLength] : sortKey, out var instant)) throw new ArgumentException($"'{sortKey}' is no instant.", nameof(sortKey));

        return First(type) | (instant.UtcTicks / TimeSpan.TicksPerMillisecond) << TieBits;
    }

    /// <summary>The smallest number of a type.</summary>
    public static long First(ResourceType type) => Code(type) << TypeShift;

    /// <summary>The largest number of a type.</summary>
    public static long Last(ResourceType type) => First(type) | ((1L << TypeShift) - 1);

    public static ResourceType TypeOf(long number) => (number >> TypeShift) switch
    {
        0 => ResourceType.Article,
        1 => ResourceType.Event,
        _ => ResourceType.Person,
    };

    /// <summary>Milliseconds since the year 1; nothing for people.</summary>
    public static long Milliseconds(long number) => (number & ((1L << TypeShift) - 1)) >> TieBits;

    /// <summary>Of what begins with the same instant, see the sort keys of events.</summary>
    private static long Rank(string sortKey) => sortKey.Length > InstantLength ? sortKey[InstantLength] - '0' : 0;

    private static long Code(ResourceType type) => type switch
    {
        ResourceType.Article => 0L,
        ResourceType.Event => 1L,
        ResourceType.Person => 2L,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not in the index."),
    };
}
