namespace NewsApi.Articles;

/// <summary>Counts the words of a body: runs of letters or digits, with the apostrophes and hyphens inside them.</summary>
internal static class Words
{
    public static int Count(IEnumerable<Block> body) => body.Sum(Count);

    private static int Count(Block block) =>
        Count(block.Text) + (block.Items?.Sum(Count) ?? 0) + (block.Rows?.Sum(row => row.Sum(Count)) ?? 0);

    private static int Count(string? text)
    {
        var words = 0;
        var inside = false;
        for (var i = 0; i < text?.Length; i++)
        {
            var letter = char.IsLetterOrDigit(text[i]);
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length) letter = char.IsLetterOrDigit(text, i++);
            if (letter && !inside) words++;
            inside = letter || (inside && text[i] is '\'' or '\u2019' or '-' or '\u00AD');
        }

        return words;
    }
}
