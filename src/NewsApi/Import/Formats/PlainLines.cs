using System.Text;

namespace NewsApi.Import.Formats;

/// <summary>A line that says something: trimmed, white space collapsed.</summary>
/// <param name="Text">Never empty.</param>
/// <param name="AfterBlank">Whether a blank line stands before it.</param>
internal readonly record struct PlainLine(string Text, bool AfterBlank);

/// <summary>Takes text apart into lines, whatever was used to break them and to fill them.</summary>
internal static class PlainLines
{
    private const string Quotes = "\"'`´„“”‟‚‘’‛«»‹›";

    public static List<PlainLine> Of(string wellFormed)
    {
        var lines = new List<PlainLine>();
        var blank = false;

        foreach (var raw in wellFormed.Split('\n'))
        {
            var text = Collapse(raw);

            if (text.Length > 0)
                lines.Add(new PlainLine(text, blank && lines.Count > 0));

            blank = text.Length == 0;
        }

        return lines;
    }

    /// <summary>
    /// The text with '\n' as its only line break, without byte order marks, soft hyphens, control characters and noncharacters, and with U+FFFD for half
    /// a surrogate pair: databases and normalisation refuse what is taken out here.
    /// </summary>
    public static string WellFormed(string text, out bool damaged)
    {
        var clean = new StringBuilder(text.Length);
        damaged = false;

        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];

            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                clean.Append(c).Append(text[++i]);
            }
            else if (char.IsSurrogate(c))
            {
                clean.Append('\uFFFD');
                damaged = true;
            }
            else if (c is '\r' or '\n' or '\u0085' or '\u2028' or '\u2029')
            {
                clean.Append('\n');
                i += c == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 1 : 0;
            }
            else if ((char.IsControl(c) && !char.IsWhiteSpace(c)) || c is '\uFFFE' or '\uFFFF')
            {
                damaged = true;
            }
            else if (c is not ('\uFEFF' or '\u00AD' or '\u200B' or '\u2060'))
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }

    public static string Collapse(string text)
    {
        var line = new StringBuilder(text.Length);
        var gap = false;

        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c))
            {
                gap = line.Length > 0;
                continue;
            }

            if (gap)
                line.Append(' ');

            line.Append(c);
            gap = false;
        }

        return line.ToString();
    }

    /// <summary>A key under which two printings of the same line are equal: quotes, dashes, blanks and case do not count.</summary>
    public static string Loosely(string line)
    {
        var key = new StringBuilder(line.Length);

        foreach (var c in line.Normalize(NormalizationForm.FormC))
        {
            if (IsQuote(c) || char.IsWhiteSpace(c))
                continue;

            if (c == '…')
                key.Append("...");
            else
                key.Append(c is '–' or '—' or '‐' or '‑' or '−' ? '-' : char.ToUpperInvariant(c));
        }

        return key.ToString();
    }

    /// <summary>Whether the line closes with a full stop, before or after the closing quote or bracket. An ellipsis is none.</summary>
    public static bool EndsWithFullStop(string line)
    {
        var words = WithoutClosers(line);

        return words.EndsWith('.') && !words.EndsWith("...");
    }

    /// <summary>The line without the quotes and brackets that close it.</summary>
    public static ReadOnlySpan<char> WithoutClosers(string line)
    {
        var end = line.Length;

        while (end > 0 && (IsQuote(line[end - 1]) || line[end - 1] is ')' or ']' or ' '))
            end--;

        return line.AsSpan(0, end);
    }

    public static bool IsQuote(char c) => Quotes.Contains(c, StringComparison.Ordinal);
}
