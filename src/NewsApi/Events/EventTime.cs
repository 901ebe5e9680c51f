using System.Globalization;
using NewsApi.Http;

namespace NewsApi.Events;

/// <summary>
/// A time as far as it is known. <c>value</c> is cut at the precision; nothing invents a day or an hour that the source did not give.
/// </summary>
public sealed record EventTime
{
    public const int ValueLimit = 35;
    public const int TimeZoneLimit = 50;

    /// <summary>
    /// <c>2026</c>, <c>2026-01</c>, <c>2026-01-06</c> or local wall time <c>2026-01-06T15:00</c>; only in the hour that a change
    /// from summer time repeats does the offset follow.
    /// </summary>
    public required string Value { get; init; }

    /// <summary><c>minute</c>, <c>day</c>, <c>month</c> or <c>year</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>IANA name of the zone the value is meant in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The first instant the value can mean.</summary>
    public required DateTimeOffset Earliest { get; init; }

    /// <summary>The last millisecond the value can mean.</summary>
    public required DateTimeOffset Latest { get; init; }

    /// <summary>The better known first.</summary>
    internal static readonly string[] Precisions = ["minute", "day", "month", "year"];
    private static readonly (string Format, string Precision)[] Calendar = [("yyyy-MM-dd", "day"), ("yyyy-MM", "month"), ("yyyy", "year")];
    private static readonly string[] WallFormats = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.fff"];
    private static readonly string[] InstantFormats = ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.fffzzz"];

    /// <summary>Reads what a client wrote; the sentence says what is wrong with which member.</summary>
    public static bool TryRead(EventTimeInput input, out EventTime time, out string member, out string detail)
    {
        time = null!;
        member = "timeZone";
        detail = $"'{input.TimeZone}' is no time zone; use an IANA name such as {TimeZones.Default}.";
        if (!TimeZones.TryFind(input.TimeZone ?? TimeZones.Default, out var zone)) return false;

        member = "precision";
        detail = $"Use one of {string.Join(", ", Precisions)}.";
        if (input.Precision is not null && !Precisions.Contains(input.Precision)) return false;

        member = "value";
        detail = $"'{input.Value}' is no date; use 2026, 2026-01, 2026-01-06 or 2026-01-06T15:00.";
        if (!TryReadValue(input.Value, zone, out time, ref detail)) return false;

        member = "precision";
        detail = $"The value '{input.Value}' has the precision {time.Precision}, not {input.Precision}.";
        return input.Precision is null || input.Precision == time.Precision;
    }

    /// <summary>The time that a checked input means.</summary>
    public static EventTime Of(EventTimeInput input) =>
        TryRead(input, out var time, out _, out var detail) ? time : throw new ArgumentException(detail, nameof(input));

    /// <summary>The minute of an instant, in the zone that is meant where none is named.</summary>
    internal static EventTime At(DateTimeOffset instant) => OfMinute(instant, TimeZones.TryFind(TimeZones.Default, out var zone) ? zone : TimeZoneInfo.Utc);

    private static bool TryReadValue(string value, TimeZoneInfo zone, out EventTime time, ref string detail)
    {
        foreach (var (format, precision) in Calendar)
        {
            if (!DateTime.TryParseExact(value, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)) continue;

            return TryMakeSpan(value, precision, first, zone, out time, ref detail);
        }

        var text = value.EndsWith('Z') ? string.Concat(value.AsSpan(0, value.Length - 1), "+00:00") : value;
        if (DateTimeOffset.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant))
        {
            if (IsOutside(instant.UtcDateTime, value, out time, ref detail)) return false;

            time = OfMinute(instant, zone);
            return true;
        }

        if (DateTime.TryParseExact(value, WallFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall))
        {
            if (IsOutside(wall, value, out time, ref detail)) return false;
            if (zone.IsInvalidTime(wall))
            {
                detail = $"'{value}' does not exist in {zone.Id}: the clock is put forward over it.";
                time = null!;
                return false;
            }

            time = OfMinute(new DateTimeOffset(TimeZones.ToInstant(wall, zone), TimeSpan.Zero), zone);
            return true;
        }

        time = null!;
        return false;
    }

    private static bool TryMakeSpan(string value, string precision, DateTime first, TimeZoneInfo zone, out EventTime time, ref string detail)
    {
        if (IsOutside(first, value, out time, ref detail)) return false;

        var next = precision switch { "day" => first.AddDays(1), "month" => first.AddMonths(1), _ => first.AddYears(1) };
        time = new EventTime
        {
            Value = value,
            Precision = precision,
            TimeZone = zone.Id,
            Earliest = new DateTimeOffset(TimeZones.ToInstant(first, zone), TimeSpan.Zero),
            Latest = new DateTimeOffset(TimeZones.ToInstant(next, zone), TimeSpan.Zero).AddMilliseconds(-1),
        };
        return true;
    }

    /// <summary>Zones reach a day beyond either end of the calendar, so its first and last year are left out.</summary>
    private static bool IsOutside(DateTime when, string value, out EventTime time, ref string detail)
    {
        time = null!;
        if (when.Year is >= 2 and <= 9998) return false;

        detail = $"'{value}' is outside the years 0002 to 9998.";
        return true;
    }

    private static EventTime OfMinute(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var minute = new DateTimeOffset(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
        var local = TimeZoneInfo.ConvertTime(minute, zone);
        var format = zone.IsAmbiguousTime(local.DateTime) ? "yyyy-MM-dd'T'HH:mmzzz" : "yyyy-MM-dd'T'HH:mm";
        return new EventTime
        {
            Value = local.ToString(format, CultureInfo.InvariantCulture),
            Precision = "minute",
            TimeZone = zone.Id,
            Earliest = minute,
            Latest = minute.AddMinutes(1).AddMilliseconds(-1),
        };
    }
}

/// <summary>A time as a client gives it; the precision follows from the form of the value.</summary>
[ServerOwned("earliest", "latest")]
public sealed record EventTimeInput
{
    /// <summary>
    /// <c>2026</c>, <c>2026-01</c>, <c>2026-01-06</c>, wall time <c>2026-01-06T15:00</c> or an instant with offset, which is turned into wall time.
    /// </summary>
    public required string Value { get; init; }

    /// <summary><c>minute</c>, <c>day</c>, <c>month</c> or <c>year</c>; may be left out, must agree with the value.</summary>
    public string? Precision { get; init; }

    /// <summary>IANA name; <c>Europe/Rome</c> where absent.</summary>
    public string? TimeZone { get; init; }
}
