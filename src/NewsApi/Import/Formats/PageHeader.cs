namespace NewsApi.Import.Formats;

/// <summary>
/// The lines over the body of a page saved as text, told apart: date and breadcrumb, kicker, headline, date line, caption, picture
/// credit, "Schriftgröße", "Von:". Any of them may be missing.
/// </summary>
internal sealed class PageHeader
{
    private const int LongestLine = 300;
    private const int LongestShortLine = 200;
    private const int LongestBreadcrumb = 1_000;
    private const int MostTitles = 6;

    private static readonly string[] BreadcrumbLabels = ["Aktuelle Seite:", "Sie sind hier:"];

    private readonly List<string> _warnings = [];
    private string? _breadcrumb;

    private PageHeader()
    {
    }

    private enum Kind
    {
        Text,
        Stamp,
        Breadcrumb,
        Date,
        FontSize,
        Credit,
        Picture,
    }

    public string? Kicker { get; private set; }

    public string? Headline { get; private set; }

    public string? Subhead { get; private set; }

    public string? Section { get; private set; }

    /// <summary>The "date …" of the first line.</summary>
    public PrintedDate? Stamp { get; private set; }

    /// <summary>The line under the headline: "Mittwoch, 31. Dezember 2025 | 21:53 Uhr".</summary>
    public PrintedDate? Date { get; private set; }

    public string? Caption { get; private set; }

    public string? ImageCredit { get; private set; }

    /// <summary>What follows "Von:", as printed.</summary>
    public string? Credit { get; private set; }

    public IReadOnlyList<string> Warnings => _warnings;

    public IReadOnlyList<PlainLine> Body { get; private set; } = [];

    /// <summary>Reads the header; null if the text has nothing by which a page of this form is known.</summary>
    public static PageHeader? Read(IReadOnlyList<PlainLine> lines)
    {
        var header = new PageHeader();

        return header.TryRead([.. lines.Take(1).SelectMany(SplitFirst), .. lines.Skip(1)]) ? header : null;
    }

    private bool TryRead(List<PlainLine> lines)
    {
        var (first, end) = FindTitles(lines);

        if (end is { } mark)
        {
            ReadTitles(lines[first..mark]);
            Body = lines[ReadMarks(lines, mark)..];
            return true;
        }

        if (Stamp is null && _breadcrumb is null)
            return false;

        Body = lines[ReadTitlesWithoutEnd(lines, first)..];
        return true;
    }

    /// <summary>Finds the lines between the breadcrumb and the next line that shows by its form what it is.</summary>
    private (int First, int? End) FindTitles(List<PlainLine> lines)
    {
        var first = 0;

        for (var i = 0; i < lines.Count && i - first <= MostTitles; i++)
        {
            var text = lines[i].Text;

            switch (KindOf(text))
            {
                case Kind.Stamp:
                    Stamp ??= PrintedDate.CutStamp(text, out _);
                    first = i + 1;
                    break;
                case Kind.Breadcrumb:
                    _breadcrumb ??= WithoutLabel(text);
                    first = i + 1;
                    break;
                case Kind.Text:
                    if (IsProse(text))
                        return (first, null);

                    break;
                case Kind.Picture or Kind.FontSize when i - first > 3:
                    return (first, null);
                default:
                    return (first, i);
            }
        }

        return (first, null);
    }

    private void ReadTitles(List<PlainLine> titles)
    {
        var (at, count) = FindHeadline(titles);

        if (count == 0)
            (at, count) = HeadlineByPlace(titles);

        if (count > 0)
            Headline = Join(titles[at..(at + count)]);

        Kicker ??= at > 0 ? titles[at - 1].Text : null;
        Subhead = at + count < titles.Count && count > 0 ? Join(titles[(at + count)..]) : null;

        if (at > 1)
            _warnings.Add("Lines above the kicker were left out.");
    }

    /// <summary>Where the breadcrumb's title does not stand among the titles, the last of them is the headline.</summary>
    private (int At, int Count) HeadlineByPlace(List<PlainLine> titles)
    {
        var title = TitleOfBreadcrumb();

        // Of one line that the breadcrumb does not know as the title, only the kicker is left to be.
        if (title is not null && titles.Count <= 1)
        {
            TakeHeadlineFromBreadcrumb(title);
            return (titles.Count, 0);
        }

        if (title is not null)
            _warnings.Add("The breadcrumb names another title than the headline.");

        return titles.Count == 0 ? (0, 0) : (titles.Count - 1, 1);
    }

    /// <summary>Reads the titles of a page without date line and credit: only the breadcrumb tells where they end.</summary>
    /// <returns>The first line of the body.</returns>
    private int ReadTitlesWithoutEnd(List<PlainLine> lines, int first)
    {
        var titles = lines.Skip(first).Take(MostTitles).TakeWhile(l => !IsProse(l.Text)).ToList();
        var (at, count) = FindHeadline(titles);

        if (count > 0)
        {
            Headline = Join(titles[at..(at + count)]);
            Kicker = at > 0 ? titles[at - 1].Text : null;

            if (at > 1)
                _warnings.Add("Lines above the kicker were left out.");

            return first + at + count;
        }

        if (TitleOfBreadcrumb() is not { } title)
            return first;

        TakeHeadlineFromBreadcrumb(title);

        // The kicker stands right under the breadcrumb, and nothing else does.
        if (titles is [{ AfterBlank: false } kicker, ..] && !PlainLines.EndsWithFullStop(kicker.Text) && lines.Count > first + 1 && lines[first + 1].AfterBlank)
        {
            Kicker = kicker.Text;
            return first + 1;
        }

        return first;
    }

    private void TakeHeadlineFromBreadcrumb(string title)
    {
        Headline = title;
        _warnings.Add("The headline was taken from the breadcrumb.");
    }

    /// <summary>
    /// Finds the breadcrumb's title among the titles and the section before it. A title may hold a ">" of its own, so the longest end of
    /// the breadcrumb that stands there is taken.
    /// </summary>
    private (int At, int Count) FindHeadline(List<PlainLine> titles)
    {
        var path = Path();
        Section = path.Length > 1 ? NullIfEmpty(path[^2]) : null;

        for (var k = 0; k < path.Length; k++)
        {
            var title = PlainLines.Loosely(string.Join(" > ", path[k..]));

            if (title.Length == 0)
                continue;

            for (var count = 1; count <= 3; count++)
            {
                for (var at = titles.Count - count; at >= 0; at--)
                {
                    if (!IsSameTitle(title, PlainLines.Loosely(Join(titles[at..(at + count)]))))
                        continue;

                    Section = k > 0 ? NullIfEmpty(path[k - 1]) : null;
                    return (at, count);
                }
            }
        }

        return (0, 0);
    }

    // A breadcrumb may cut a long title short and says so with an ellipsis.
    private static bool IsSameTitle(string inBreadcrumb, string printed) =>
        inBreadcrumb == printed
        || (inBreadcrumb.Length > 13 && inBreadcrumb.EndsWith("...", StringComparison.Ordinal)
            && printed.StartsWith(inBreadcrumb[..^3], StringComparison.Ordinal));

    // A single word at the end of a breadcrumb is as likely a section as a title.
    private string? TitleOfBreadcrumb() => Path() is [.., var title] && title.Contains(' ', StringComparison.Ordinal) ? title : null;

    private string[] Path()
    {
        var path = _breadcrumb?.Split(['>', '›', '»'], StringSplitOptions.TrimEntries) ?? [];

        return path is [var home, ..] && home.ToUpperInvariant() is "HOME" or "STARTSEITE" ? path[1..] : path;
    }

    /// <summary>Reads the date line and what stands under it, as far as a line that is known by its form follows.</summary>
    /// <returns>The first line of the body.</returns>
    private int ReadMarks(List<PlainLine> lines, int mark)
    {
        var between = new List<PlainLine>();
        var body = mark;
        var credit = lines.FindIndex(mark, Math.Min(8, lines.Count - mark), l => CreditLine.Text(l.Text) is not null);

        for (var i = mark; i < lines.Count; i++)
        {
            var kind = KindOf(lines[i].Text);

            if (kind == Kind.Text)
            {
                if (Credit is not null || i - body >= 3 || IsProse(lines[i].Text))
                    break;

                continue;
            }

            // Sentences over a picture's credit are paragraphs, unless "Von:" is still to come.
            if (i > credit && lines[body..i].Exists(l => l.AfterBlank && PlainLines.EndsWithFullStop(l.Text)))
                break;

            // A stamp belongs to the next page, a second date or credit line to the text.
            if (!Take(kind, lines[i].Text))
                break;

            between.AddRange(lines[body..i]);
            body = i + 1;
        }

        var captions = CaptionsAtTheTop(lines, body, mark);
        between.AddRange(lines[body..(body + captions)]);
        ReadCaption(between);

        return body + captions;
    }

    private bool Take(Kind kind, string text)
    {
        switch (kind)
        {
            case Kind.Date when Date is null:
                Date = PrintedDate.FromLine(text);
                return true;
            case Kind.Credit when Credit is null:
                Credit = CreditLine.Text(text);
                return true;
            case Kind.Picture when Credit?.Length == 0:
                Credit = text;
                return true;
            case Kind.Picture when ImageCredit is null:
                ImageCredit = text;
                return true;
            default:
                return kind == Kind.FontSize;
        }
    }

    /// <summary>Without a line that closes the header, a caption is known by repeating a title, or by standing close under the date line.</summary>
    private int CaptionsAtTheTop(List<PlainLine> lines, int body, int mark)
    {
        if (Credit is not null || body >= lines.Count || IsProse(lines[body].Text))
            return 0;

        var line = lines[body];
        var isClose = body > mark && !line.AfterBlank && lines.Count > body + 1 && lines[body + 1].AfterBlank;

        return RepeatsTitle(line.Text) || (isClose && !PlainLines.EndsWithFullStop(line.Text)) ? 1 : 0;
    }

    private void ReadCaption(List<PlainLine> between)
    {
        // "A", "+" and "-" are the buttons beside "Schriftgröße".
        var lines = between.ConvertAll(l => l.Text).FindAll(l => l.Length > 2);

        if (ImageCredit is null && lines.Count > 0 && IsBareCredit(lines[^1], lines.Count > 1))
        {
            ImageCredit = lines[^1];
            lines.RemoveAt(lines.Count - 1);
        }

        Caption = lines.Count > 0 ? string.Join(' ', lines.Distinct()) : null;
    }

    // "privat" or "Erika Muster" alone could as well be the caption; under a caption it is the credit.
    private bool IsBareCredit(string line, bool underCaption) =>
        line.Length <= 80 && !PlainLines.EndsWithFullStop(line) && !RepeatsTitle(line)
        && (underCaption || (line.Contains('/', StringComparison.Ordinal) && line.Count(c => c == ' ') < 6));

    private bool RepeatsTitle(string line)
    {
        var key = PlainLines.Loosely(line);

        return (Kicker is not null && key == PlainLines.Loosely(Kicker)) || (Headline is not null && key == PlainLines.Loosely(Headline));
    }

    private static Kind KindOf(string line)
    {
        if (PrintedDate.CutStamp(line, out var rest) is not null && rest.Length == 0)
            return Kind.Stamp;

        if (WithoutLabel(line) is not null)
            return Kind.Breadcrumb;

        if (CreditLine.Text(line) is not null)
            return Kind.Credit;

        if (PrintedDate.FromLine(line) is not null)
            return Kind.Date;

        if (line.Length <= 40 && PlainLines.Loosely(line).StartsWith("SCHRIFTGRÖ", StringComparison.Ordinal))
            return Kind.FontSize;

        return CreditLine.IsPicture(line) ? Kind.Picture : Kind.Text;
    }

    // Titles and captions are short; a long line that closes with a full stop is the body.
    private static bool IsProse(string line) => line.Length > LongestLine || (line.Length > LongestShortLine && PlainLines.EndsWithFullStop(line));

    /// <summary>The first line may hold the date, the breadcrumb, the credit and even the first paragraph, one after the other.</summary>
    private static IEnumerable<PlainLine> SplitFirst(PlainLine line)
    {
        var text = line.Text;
        var stamped = PrintedDate.CutStamp(text, out var rest) is not null;

        if (stamped)
        {
            yield return line with { Text = text[..(text.Length - rest.Length)].TrimEnd() };
            text = rest;
        }

        var credit = $" {text[..Math.Min(text.Length, LongestBreadcrumb)]}".IndexOf(" Von: ", StringComparison.OrdinalIgnoreCase);
        var isBreadcrumb = WithoutLabel(text) is not null;

        // In a title, "Von:" is a word like any other, unless nothing but agencies follows.
        if (credit < 0 || !(isBreadcrumb ? CreditLine.IsMerelyAgencies(text[(credit + 5)..]) : stamped))
        {
            if (text.Length > 0)
                yield return line with { Text = text };

            yield break;
        }

        if (text[..credit].Any(char.IsLetter))
            yield return line with { Text = text[..credit].Trim() };

        var names = text[(credit + 5)..];
        var gap = names.IndexOf(' ', StringComparison.Ordinal);

        if (gap > 0 && CreditLine.IsMerelyAgencies(names[..gap])
            && (names.Length > LongestShortLine || PlainLines.EndsWithFullStop(names)))
        {
            yield return line with { Text = "Von: " + names[..gap] };
            yield return new PlainLine(names[(gap + 1)..], AfterBlank: true);
        }
        else
        {
            yield return line with { Text = "Von: " + names };
        }
    }

    private static string? WithoutLabel(string line) =>
        line.Length <= LongestBreadcrumb && Array.Find(BreadcrumbLabels, l => line.StartsWith(l, StringComparison.OrdinalIgnoreCase)) is { } label
            ? line[label.Length..].Trim()
            : null;

    private static string Join(List<PlainLine> lines) => string.Join(' ', lines.Select(l => l.Text));

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
