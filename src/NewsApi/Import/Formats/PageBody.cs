namespace NewsApi.Import.Formats;

/// <summary>Makes paragraphs and crossheads of lines that carry no markup.</summary>
internal static class PageBody
{
    private const int LongestCrosshead = 120;
    private const int MostCrossheadWords = 16;

    /// <summary>
    /// One text per block. Where blank lines separate the blocks, a single line break is a soft one; where there are none, each line is a
    /// block.
    /// </summary>
    public static List<string> Blocks(IReadOnlyList<PlainLine> lines)
    {
        var eachLine = !lines.Skip(1).Any(l => l.AfterBlank) || BreaksBetweenSentences(lines);
        var blocks = new List<List<string>>();

        foreach (var line in lines)
        {
            if (eachLine || line.AfterBlank || blocks.Count == 0)
                blocks.Add([]);

            blocks[^1].Add(line.Text);
        }

        return [.. blocks.Select(b => string.Join(' ', b))];
    }

    /// <summary>
    /// Tells crossheads from paragraphs. A crosshead is a short line without a full stop, alone between two proper paragraphs. So the first
    /// and the last block are none, nor are short lines in a row (a list, a table, verses), nor what a colon announces.
    /// </summary>
    public static List<PageBlock> Typed(IReadOnlyList<string> blocks)
    {
        var typed = new List<PageBlock>(blocks.Count);

        for (var i = 0; i < blocks.Count; i++)
        {
            var crosshead = i > 0 && i < blocks.Count - 1 && IsCrosshead(blocks[i], blocks[i - 1], blocks[i + 1]);
            typed.Add(new PageBlock(crosshead ? PageBlock.Crosshead : PageBlock.Paragraph, blocks[i]));
        }

        return typed;
    }

    private static bool IsCrosshead(string block, string before, string after)
    {
        if (!IsShortLine(block) || before.EndsWith(':'))
            return false;

        // A question, an exclamation or an unfinished sentence may be either: only its neighbours tell.
        return EndsOpen(block)
            ? IsProperParagraph(before) && IsProperParagraph(after) && before.Length > block.Length && after.Length > block.Length
            : (IsProperParagraph(before) || EndsOpen(before)) && (IsProperParagraph(after) || EndsOpen(after));
    }

    private static bool IsShortLine(string block)
    {
        if (block.Length > LongestCrosshead || block.Count(c => c == ' ') >= MostCrossheadWords || PlainLines.EndsWithFullStop(block))
            return false;

        var words = PlainLines.WithoutClosers(block);
        var first = block.AsSpan().TrimStart("\"'„“”‚‘«»‹›([ ");

        return words.Length > 0 && words[^1] is not (':' or ',' or ';')
            && first.Length > 0 && (char.IsDigit(first[0]) || (char.IsLetter(first[0]) && !char.IsLower(first[0])))
            && !IsListItem(block);
    }

    private static bool IsProperParagraph(string block) => !IsShortLine(block) && !IsListItem(block) && block.Any(char.IsLetter);

    private static bool IsListItem(string block)
    {
        if (block[0] is '-' or '–' or '—' or '•' or '*' or '·' or '▪' or '►')
            return true;

        var number = block.AsSpan().TrimStart("0123456789");

        return number.Length < block.Length && number.StartsWith(") ");
    }

    private static bool EndsOpen(string block) => PlainLines.WithoutClosers(block) is [.., '?' or '!' or '…' or '.'];

    // A stray blank line does not turn a page of one-line paragraphs into a single one: soft breaks seldom follow a full stop.
    private static bool BreaksBetweenSentences(IReadOnlyList<PlainLine> lines)
    {
        var breaks = Enumerable.Range(1, Math.Max(0, lines.Count - 1)).Where(i => !lines[i].AfterBlank).ToList();

        return breaks.Count >= 3 && breaks.Count(i => PlainLines.EndsWithFullStop(lines[i - 1].Text)) * 3 >= breaks.Count * 2;
    }
}
