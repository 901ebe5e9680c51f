using System.Globalization;
using System.Text;

namespace NewsApi.Import.Formats;

/// <summary>
/// A date as a German page prints it, before anybody asked whether it exists: "Mittwoch, 31. Dezember 2025 | 21:53 Uhr",
/// "5. Jänner 2026", "Februar 2026", or the "date 2025-12-31" of the first line.
/// </summary>
internal sealed record PrintedDate
{
    private const int LongestLine = 120;

    private static readonly char[] Separators = [' ', ',', '|', '·', '•'];

    private static readonly Dictionary<string, int> Months = Numbered(1,
        "januar jänner jaenner jan jän", "februar feber feb", "märz maerz mär mrz", "april apr", "mai", "juni jun", "juli jul",
        "august aug", "september sept sep", "oktober okt", "november nov", "dezember dez");

    private static readonly Dictionary<string, int> Weekdays = Numbered((int)DayOfWeek.Sunday,
        "sonntag so", "montag mo", "dienstag di", "mittwoch mi", "donnerstag do", "freitag fr", "samstag sonnabend sa");

    public required int Year { get; init; }

    public required int Month { get; init; }

    /// <summary>Absent where only a month is printed.</summary>
    public int? Day { get; init; }

    public DayOfWeek? Weekday { get; init; }

    public int? Hour { get; init; }

    public int? Minute { get; init; }

    /// <summary>The day, if the calendar has it.</summary>
    public DateOnly? Date =>
        Day is { } day && Year is >= 1900 and < 2200 && Month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(Year, Month)
            ? new DateOnly(Year, Month, day)
            : null;

    /// <summary>The time, if both hour and minute are printed and the clock has them.</summary>
    public TimeOnly? Time => Hour is { } hour && Minute is { } minute && hour <= 23 && minute <= 59 ? new TimeOnly(hour, minute) : null;

    /// <summary>Reads a date line. The whole line must be one: a sentence that begins with a date is none.</summary>
    public static PrintedDate? FromLine(string line)
    {
        if (line.Length > LongestLine)
            return null;

        var words = new Queue<string>(line.Normalize(NormalizationForm.FormC).Split(Separators, StringSplitOptions.RemoveEmptyEntries));
        DayOfWeek? weekday = Take(words, Weekdays) is { } number ? (DayOfWeek)number : null;

        if (words.TryPeek(out var den) && den == "den")
            words.Dequeue();

        var date = TakeDate(words);

        if (date is null)
            return null;

        date = TakeTime(words, date with { Weekday = weekday });

        return words.TryPeek(out var rest) && !IsUpdateNote(rest) ? null : date;
    }

    /// <summary>Cuts the "date 2025-12-31" (or "date 2025-12") off the front of a line.</summary>
    public static PrintedDate? CutStamp(string line, out string rest)
    {
        rest = line;

        if (!line.StartsWith("date", StringComparison.OrdinalIgnoreCase))
            return null;

        var value = line.AsSpan(4).TrimStart(": ");
        var end = value.IndexOf(' ');
        var stamp = end < 0 ? value : value[..end];

        if (line.Length == 4 || char.IsLetterOrDigit(line[4]) || stamp.Length < 7 || Digits(stamp[..4]) is not { } year
            || stamp[4] != '-' || Digits(stamp.Slice(5, 2)) is not { } month)
            return null;

        int? day = stamp.Length >= 10 && stamp[7] == '-' ? Digits(stamp.Slice(8, 2)) : null;

        if (day is null && stamp.Length > 7)
            return null;

        rest = end < 0 ? "" : value[(end + 1)..].ToString();

        // A day of 00 is how some systems write "this month".
        return new PrintedDate { Year = year, Month = month, Day = day == 0 ? null : day };
    }

    private static PrintedDate? TakeDate(Queue<string> words)
    {
        if (!words.TryDequeue(out var first))
            return null;

        var numbers = first.Split('.');

        if (numbers is [var d, var m, var y] && Digits(d) is { } nDay && Digits(m) is { } nMonth && y.Length == 4 && Digits(y) is { } nYear)
            return new PrintedDate { Year = nYear, Month = nMonth, Day = nDay };

        int? day = first.Length <= 3 ? Digits(first.AsSpan().TrimEnd('.')) : null;
        int? month = day is null ? Month(first) : Take(words, Months);

        return month is { } named && words.TryDequeue(out var last) && last.Length == 4 && Digits(last) is { } year
            ? new PrintedDate { Year = year, Month = named, Day = day }
            : null;

        static int? Month(string word) => Months.TryGetValue(word.TrimEnd('.'), out var number) ? number : null;
    }

    private static PrintedDate TakeTime(Queue<string> words, PrintedDate date)
    {
        while (words.TryPeek(out var filler) && filler is "um" or "-" or "–" or "—" or "/")
            words.Dequeue();

        if (!words.TryPeek(out var word) || !char.IsAsciiDigit(word[0]))
            return date;

        words.Dequeue();

        if (word.EndsWith("Uhr", StringComparison.OrdinalIgnoreCase))
            word = word[..^3];
        else if (words.TryPeek(out var uhr) && uhr.Equals("Uhr", StringComparison.OrdinalIgnoreCase))
            words.Dequeue();

        var clock = word.Split(':', '.');

        return date with { Hour = Digits(clock[0]) ?? 99, Minute = clock.Length > 1 ? Digits(clock[1]) ?? 99 : null };
    }

    private static bool IsUpdateNote(string word) =>
        word.StartsWith('(') || word.StartsWith("aktualisiert", StringComparison.OrdinalIgnoreCase)
        || word.StartsWith("zuletzt", StringComparison.OrdinalIgnoreCase);

    private static int? Take(Queue<string> words, Dictionary<string, int> names)
    {
        if (!words.TryPeek(out var word) || !names.TryGetValue(word.TrimEnd('.'), out var number))
            return null;

        words.Dequeue();
        return number;
    }

    private static int? Digits(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Dictionary<string, int> Numbered(int first, params string[] names) =>
        names.SelectMany((line, index) => line.Split(' ').Select(name => (name, number: first + index)))
            .ToDictionary(n => n.name, n => n.number, StringComparer.OrdinalIgnoreCase);
}
