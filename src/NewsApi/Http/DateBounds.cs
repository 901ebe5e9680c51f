using System.Globalization;

namespace NewsApi.Http;

/// <summary>Bounds of a date filter. A date means its whole day in the zone; an instant means itself.</summary>
internal static class DateBounds
{
    private const string Date = "yyyy-MM-dd";
    private static readonly DateTimeOffset Last = DateTimeOffset.MaxValue.AddMilliseconds(-1);

    public static bool IsValid(string text) => IsDate(text, out _) || Instants.TryParse(text, out _);

    /// <summary>The first instant that is inside.</summary>
    public static string? From(string? text, string? zone) =>
        text is null ? null : IsDate(text, out var day) ? Midnight(day, zone) : Instants.TryParse(text, out var instant) ? Instants.Format(instant) : null;

    /// <summary>The first instant that is outside again.</summary>
    public static string? Before(string? text, string? zone)
    {
        if (text is null) return null;
        if (IsDate(text, out var day)) return Midnight(day.AddDays(1), zone);

        // Behind the last instant there is nothing to leave out.
        return Instants.TryParse(text, out var instant) && instant < Last ? Instants.Format(instant.AddMilliseconds(1)) : null;
    }

    /// <summary>False only where both are given, can be read, and leave nothing between them.</summary>
    public static bool AreInOrder(string? from, string? to, string? zone) =>
        From(from, zone) is not { } first || Before(to, zone) is not { } end || string.CompareOrdinal(first, end) < 0;

    private static bool IsDate(string text, out DateTime day) =>
        DateTime.TryParseExact(text, Date, CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day.Year is > 1 and < 9999;

    private static string Midnight(DateTime day, string? zone) =>
        Instants.Format(new DateTimeOffset(TimeZones.ToInstant(day, TimeZones.TryFind(zone ?? TimeZones.Default, out var found) ? found : TimeZoneInfo.Utc), TimeSpan.Zero));
}
