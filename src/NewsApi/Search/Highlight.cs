using System.Buffers;
using System.Globalization;
using System.Text;

namespace NewsApi.Search;

/// <summary>A stretch of a text with what was found in it. Of most only the number of ranges is wanted, so what is shown is written when it is asked for.</summary>
/// <param name="Whole">The text that it is a stretch of.</param>
/// <param name="Start">Where it starts in the text.</param>
/// <param name="End">Where it ends there.</param>
/// <param name="Ranges">What was found, in places of the whole text.</param>
internal sealed record Highlight(string Whole, int Start, int End, IReadOnlyList<TextRange> Ranges)
{
    public const int UsualLength = 240;

    private const int ShortestLength = 20;
    private const char Ellipsis = '…';

    private static readonly SearchValues<char> Escaped = SearchValues.Create("&<>\"'");

    /// <summary>The stretch as it stands in the text.</summary>
    public string Text => Whole[Start..End];

    /// <summary>The stretch as HTML, with what was found in mark elements and an ellipsis where the text goes on.</summary>
    public string Html => Marked(Whole, Start, End, Ranges);

    /// <summary>The stretch with most of what was found, the earlier of two alike; none if nothing was.</summary>
    public static Highlight? Of(string text, IReadOnlyList<TextRange> found, int length = UsualLength)
    {
        if (found.Count == 0)
            return null;

        length = Math.Max(length, ShortestLength);
        var (first, last) = Densest(text, found, length);
        var start = Beginning(text, found[first].Start, Math.Min(found[last].End, found[first].Start + length), length);
        var end = Ending(text, start, Math.Min(found[last].End, start + length), length);

        var ranges = new List<TextRange>(last - first + 1);

        foreach (var range in found)
        {
            var from = Math.Max(range.Start, start);

            if (Math.Min(range.End, end) > from)
                ranges.Add(new TextRange(from, Math.Min(range.End, end) - from));
        }

        return new Highlight(text, start, end, ranges);
    }

    /// <summary>As many as fit, and of those with as many the ones that are the most different words.</summary>
    private static (int First, int Last) Densest(string text, IReadOnlyList<TextRange> found, int length)
    {
        var (best, most) = ((First: 0, Last: 0), 0);

        if (found.Count == 1)
            return best;

        var words = Words(text, found);
        var counts = new int[found.Count];
        var different = 0;

        for (int first = 0, next = 0; first < found.Count; first++)
        {
            for (; next < found.Count && found[next].End - found[first].Start <= length; next++)
            {
                if (counts[words[next]]++ == 0)
                    different++;
            }

            // Longer than what is shown, all by itself.
            if (next == first)
            {
                next++;
                continue;
            }

            var weight = 3 * different + next - 1 - first;

            if (weight > most)
                (best, most) = ((first, next - 1), weight);

            if (--counts[words[first]] == 0)
                different--;
        }

        return best;
    }

    /// <summary>A number for each word that was found; the same for the same word.</summary>
    private static int[] Words(string text, IReadOnlyList<TextRange> found)
    {
        var numbers = new Dictionary<string, int>(found.Count, StringComparer.OrdinalIgnoreCase);
        var known = numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        var words = new int[found.Count];

        for (var i = 0; i < found.Count; i++)
        {
            var word = text.AsSpan(found[i].Start, found[i].Length);

            if (!known.TryGetValue(word, out words[i]))
                known[word] = words[i] = numbers.Count;
        }

        return words;
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

    private static string Marked(string text, int start, int end, IReadOnlyList<TextRange> ranges)
    {
        var html = new StringBuilder(end - start + 16 * ranges.Count + 8);

        if (start > 0)
            html.Append(Ellipsis);

        var at = start;

        foreach (var range in ranges)
        {
            Append(html, text.AsSpan(at, range.Start - at));
            html.Append("<mark>");
            Append(html, text.AsSpan(range.Start, range.Length));
            html.Append("</mark>");
            at = range.End;
        }

        Append(html, text.AsSpan(at, end - at));

        if (end < text.Length)
            html.Append(Ellipsis);

        return html.ToString();
    }

    private static void Append(StringBuilder html, ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOfAny(Escaped); i >= 0; i = text.IndexOfAny(Escaped))
        {
            html.Append(text[..i]).Append(text[i] switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '"' => "&quot;", _ => "&#39;" });
            text = text[(i + 1)..];
        }

        html.Append(text);
    }
}
