using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NewsApi.Import.Formats;

/// <summary>
/// Reads a news page that somebody saved as text: a line with date and breadcrumb, kicker, headline, date line, picture credit, "Von:" and
/// the body without markup. Every one of them may be missing, and no input makes it throw.
/// </summary>
internal static class PageText
{
    private const int LongestDateline = 80;

    /// <summary>The clock the site's date lines go by.</summary>
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Rome");

    public static Page Read(string text)
    {
        var warnings = new List<string>();
        var clean = PlainLines.WellFormed(text, out var damaged);

        if (damaged)
            warnings.Add("The text held characters that no text can hold; they were taken out or replaced by U+FFFD.");

        var lines = PlainLines.Of(clean);

        if (PageHeader.Read(lines) is not { } header)
        {
            warnings.Add(lines.Count == 0 ? "The text is empty." : "The text has no date, breadcrumb or credit by which a page is known.");

            return Complete(new Page(), warnings);
        }

        warnings.AddRange(header.Warnings);
        var (at, on) = Published(header.Date, header.Stamp, warnings);
        var page = new Page
        {
            Kicker = header.Kicker,
            Headline = header.Headline,
            Subhead = header.Subhead,
            Section = header.Section,
            PublishedAt = at,
            PublishedOn = on,
            ImageCaption = header.Caption,
            ImageCredit = header.ImageCredit,
        };

        if (page.Section is null)
            warnings.Add("The page names no section.");

        return Complete(WithBody(page, header, warnings), warnings);
    }

    /// <summary>
    /// The page's identity: a second import of the page has the same one, whatever became of its body. It is the lower-case hex SHA-256
    /// of the headline in NFC with white space collapsed, a line feed, and the instant of publication in UTC as RFC 3339
    /// ("2025-12-31T20:53:00Z"); nothing stands after the line feed when the instant is not known.
    /// </summary>
    public static string Identity(string headline, DateTimeOffset? publishedAt)
    {
        var title = PlainLines.Collapse(PlainLines.WellFormed(headline, out _).Normalize(NormalizationForm.FormC));
        var instant = publishedAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{title}\n{instant}")));
    }

    private static Page Complete(Page page, List<string> warnings)
    {
        if (page.Headline is null)
            warnings.Add("The page has no headline.");

        if (page.Body.Count == 0)
            warnings.Add("The page has no body.");

        return page with { Warnings = warnings };
    }

    private static Page WithBody(Page page, PageHeader header, List<string> warnings)
    {
        var blocks = PageBody.Blocks(header.Body);
        var credits = new List<string>();

        if (!string.IsNullOrEmpty(header.Credit))
            credits.Add(header.Credit);

        if (blocks.Count > 0 && ClosingCredit(blocks[^1]) is { Length: > 0 } closing)
        {
            credits.Add(closing);
            blocks.RemoveAt(blocks.Count - 1);
        }

        // A picture in the middle of the text leaves its credit there, and the photographer is no part of the story.
        var pictures = blocks.FindAll(CreditLine.IsPictureInText);
        blocks.RemoveAll(CreditLine.IsPictureInText);

        if (pictures.Count > (page.ImageCredit is null ? 1 : 0))
            warnings.Add("Credits of further pictures were left out.");

        var (dateline, agencies) = CutDateline(blocks);
        var sources = CreditLine.Sources(string.Join('/', credits.Append(agencies)));

        if (credits.Count == 0 && sources.Count == 0)
            warnings.Add("The page has no credit line.");

        return page with
        {
            Dateline = dateline,
            ImageCredit = page.ImageCredit ?? pictures.FirstOrDefault(),
            Byline = credits.Find(c => !CreditLine.IsMerelyAgencies(c)),
            Sources = sources,
            Body = PageBody.Typed(blocks),
        };
    }

    /// <summary>Some pages sign below: "Von: APA", "(APA/dpa)".</summary>
    private static string? ClosingCredit(string block) =>
        CreditLine.Text(block) ?? (CreditLine.IsMerelyKnownAgencies(block) ? block.Trim('(', ')') : null);

    /// <summary>Cuts "Wien/Kiew (APA/dpa) – " off the first paragraph.</summary>
    private static (string? Place, string Agencies) CutDateline(List<string> blocks)
    {
        if (blocks.Count == 0)
            return (null, "");

        var first = blocks[0];
        var open = first.AsSpan(0, Math.Min(first.Length, LongestDateline)).IndexOf(" (");
        var close = open < 0 ? -1 : first.AsSpan(0, Math.Min(first.Length, 2 * LongestDateline)).IndexOf(')');

        if (close < open + 3 || !CreditLine.IsMerelyAgencies(first[(open + 2)..close]) || !char.IsUpper(first[0]))
            return (null, "");

        var rest = first.AsSpan(close + 1).TrimStart();

        if (rest.Length < 2 || rest[0] is not ('–' or '-' or '—') || rest[1] != ' ')
            return (null, "");

        blocks[0] = rest[2..].ToString();
        return (first[..open], first[(open + 2)..close]);
    }

    private static (DateTimeOffset? At, DateOnly? On) Published(PrintedDate? line, PrintedDate? stamp, List<string> warnings)
    {
        var printed = line ?? stamp;

        if (printed is null)
        {
            warnings.Add("The page has no publication date.");
            return (null, null);
        }

        if (line is not null && stamp is not null && !Agree(line, stamp))
            warnings.Add("The date of the first line is not that of the date line; the date line was kept.");

        if (printed.Day is null)
        {
            warnings.Add("The date line gives only a month.");
            return (null, stamp is not null && Agree(printed, stamp) ? stamp.Date : null);
        }

        if (printed.Date is not { } day)
        {
            warnings.Add("The date line names a day that does not exist.");
            return (null, null);
        }

        if (printed.Weekday is { } weekday && weekday != day.DayOfWeek)
            warnings.Add($"The date line says {weekday}, but {day:yyyy-MM-dd} is a {day.DayOfWeek}.");

        return (Instant(day, printed, warnings), day);
    }

    private static bool Agree(PrintedDate line, PrintedDate stamp) =>
        line.Year == stamp.Year && line.Month == stamp.Month && (line.Day ?? stamp.Day) == (stamp.Day ?? line.Day);

    private static DateTimeOffset? Instant(DateOnly day, PrintedDate printed, List<string> warnings)
    {
        if (printed.Time is not { } time)
        {
            warnings.Add(printed.Minute is null
                ? "The page gives a day but no time of publication."
                : "The date line names a time that does not exist.");

            return null;
        }

        var local = day.ToDateTime(time);

        if (Zone.IsInvalidTime(local))
        {
            warnings.Add("The clocks skipped the time of the date line, so the instant of publication is unknown.");
            return null;
        }

        if (!Zone.IsAmbiguousTime(local))
            return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();

        warnings.Add("The time of the date line came twice on that day; the earlier instant was taken.");
        return new DateTimeOffset(local, Zone.GetAmbiguousTimeOffsets(local).Max()).ToUniversalTime();
    }
}
