using System.Globalization;
using System.Text;

namespace NewsApi.Search;

/// <summary>A stretch of a text with what was found in it.</summary>
/// <param name="Start">Where it starts in the text.</param>
/// <param name="Text">The stretch as it stands there.</param>
/// <param name="Ranges">What was found, in places of the whole text.</param>
/// <param name="Html">The stretch as HTML, with what was found in mark elements and an ellipsis where the text goes on.</param>
internal sealed record Highlight(int Start, string Text, IReadOnlyList<TextRange> Ranges, string Html)
{
    public const int UsualLength = 240;

    private const int ShortestLength = 20;
    private const char Ellipsis = '…';

    /// <summary>The stretch with most of what was found, the earlier of two alike; none if nothing was.</summary>
    public static Highlight? Of(string text, IReadOnlyList<TextRange> found, int length = UsualLength)
    {
        if (found.Count == 0)
            return null;

        length = Math.Max(length, ShortestLength);
        var (first, last) = Densest(text, found, length);
        var start = Beginning(text, found[first].Start, Math.Min(found[last].End, found[first].Start + length), length);
        var end = Ending(text, start, Math.Min(found[last].End, start + length), length);

        var ranges = found
            .Select(r => new TextRange(Math.Max(r.Start, start), Math.Min(r.End, end) - Math.Max(r.Start, start)))
            .Where(r => r.Length > 0).ToList();

        return new Highlight(start, text[start..end], ranges, Marked(text, start, end, ranges));
    }

    /// <summary>As many as fit, and of those with as many the ones that are the most different words.</summary>
    private static (int First, int Last) Densest(string text, IReadOnlyList<TextRange> found, int length)
    {
        var (best, most) = ((First: 0, Last: 0), 0);
        var different = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

        for (var first = 0; first < found.Count; first++)
        {
            different.Clear();
            var last = first;

            for (var i = first; i < found.Count && found[i].End - found[first].Start <= length; i++)
            {
                different.Add(text.Substring(found[i].Start, found[i].Length));
                last = i;
            }

            var weight = 3 * different.Count + last - first;

            if (weight > most)
                (best, most) = ((first, last), weight);
        }

        return best;
    }

    /// <summary>A sentence begins best, then a word some way before.</summary>
    private static int Beginning(string text, int first, int end, int length)
    {
        var spare = length - (end - first);
        var earliest = Math.Max(0, first - spare);

        for (var i = first; i >= Math.Max(earliest, first - length / 2); i--)
        {
            if (IsSentenceStart(text, i))
                return i;
        }

        var lead = Math.Max(earliest, first - Math.Min(spare, length / 4));

        if (lead == 0)
            return SkipSpace(text, 0, first);

        for (var i = lead; i < first; i++)
        {
            if (char.IsWhiteSpace(text[i]))
                return SkipSpace(text, i, first);
        }

        return first;
    }

    private static bool IsSentenceStart(string text, int at)
    {
        if (at == text.Length || char.IsWhiteSpace(text[at]))
            return false;

        if (at == 0 || text[at - 1] == '\n')
            return true;

        // "3. Jänner" and "z. B." are no ends of sentences.
        return char.IsWhiteSpace(text[at - 1]) && at > 3 && text[at - 2] is '.' or '!' or '?' or ':' && char.IsLower(text[at - 3]) && char.IsLower(text[at - 4])
            && !char.IsLower(text[at]);
    }

    /// <summary>The end of a word, with the stop behind it, as late as there is room.</summary>
    private static int Ending(string text, int start, int last, int length)
    {
        if (text.Length - start <= length)
            return TrimEnd(text, text.Length, last);

        var latest = start + length;

        for (var i = latest; i > last; i--)
        {
            if (char.IsWhiteSpace(text[i]) || (i < latest && char.IsWhiteSpace(text[i - 1])))
                return TrimEnd(text, i, last);
        }

        return WholeSign(text, start, latest, last);
    }

    /// <summary>Text without white space is cut between two signs as they are seen, not inside one.</summary>
    private static int WholeSign(string text, int start, int latest, int last)
    {
        var end = start;

        while (end < text.Length)
        {
            var next = end + StringInfo.GetNextTextElementLength(text, end);

            if (next > latest && (end >= last || end > start))
                break;

            end = next;
        }

        return end;
    }

    private static int SkipSpace(string text, int from, int to)
    {
        while (from < to && char.IsWhiteSpace(text[from]))
            from++;

        return from;
    }

    private static int TrimEnd(string text, int end, int last)
    {
        while (end > last && char.IsWhiteSpace(text[end - 1]))
            end--;

        return end;
    }

    private static string Marked(string text, int start, int end, List<TextRange> ranges)
    {
        var html = new StringBuilder(end - start + 16 * ranges.Count + 8);

        if (start > 0)
            html.Append(Ellipsis);

        var at = start;

        foreach (var range in ranges)
        {
            html.Append(Escaped(text[at..range.Start])).Append("<mark>").Append(Escaped(text[range.Start..range.End])).Append("</mark>");
            at = range.End;
        }

        html.Append(Escaped(text[at..end]));

        if (end < text.Length)
            html.Append(Ellipsis);

        return html.ToString();
    }

    private static string Escaped(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal);
}
