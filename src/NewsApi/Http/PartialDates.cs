using System.Globalization;

namespace NewsApi.Http;

/// <summary>Calendar dates as far as they are known: <c>2019-05-20</c>, <c>2019-05</c> or <c>2019</c>.</summary>
internal static class PartialDates
{
    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM", "yyyy"];

    public static bool IsValid(string text) =>
        DateOnly.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>True only where it is certain: 2019 is not before 2019-05.</summary>
    public static bool IsBefore(string a, string b)
    {
        var known = Math.Min(a.Length, b.Length);
        return string.CompareOrdinal(a[..known], b[..known]) < 0;
    }
}
