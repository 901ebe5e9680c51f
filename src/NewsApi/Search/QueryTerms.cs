namespace NewsApi.Search;

/// <summary>A stretch of a text, in UTF-16 units.</summary>
internal readonly record struct TextRange(int Start, int Length)
{
    public int End => Start + Length;
}

/// <summary>
/// What a query looks for in a text, to show where it stands. What the query excludes is left out, as are function words beside others; the
/// names are further spellings of people that it was understood to mean, and stand as they are. Words match as <see cref="GermanAnalysis"/> says,
/// but of a compound in the query that the text has in pieces, only the pieces that are words of their own are shown.
/// </summary>
internal sealed class QueryTerms
{
    private readonly List<Token> _words = [];
    private readonly List<string> _beginnings = [];
    private readonly List<string[]> _sequences = [];

    /// <summary>A bit for the first letter of everything that is looked for: most words of a text are passed over by it.</summary>
    private readonly ulong _initials;

    public QueryTerms(QueryNode query, IReadOnlyList<string> names)
    {
        Add(query);

        if (_words.Exists(w => !GermanAnalysis.IsStopword(w.Word)) || _sequences.Count > 0 || _beginnings.Count > 0)
            _words.RemoveAll(w => GermanAnalysis.IsStopword(w.Word));

        foreach (var name in names)
            AddSequence(name);

        foreach (var word in _words.SelectMany(w => w.Parts.Append(w.Word)).Concat(_beginnings).Concat(_sequences.Select(s => s[0])).Where(w => w.Length > 0))
            _initials |= Initial(word);
    }

    /// <summary>Where the text has what is looked for, in order and not overlapping; a phrase is one range.</summary>
    public IReadOnlyList<TextRange> Find(string text)
    {
        var found = new List<TextRange>();
        var tokens = GermanAnalysis.Analyze(text);

        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Parts.Count == 0 && (_initials & Initial(tokens[i].Word)) == 0)
                continue;

            var last = i + Matching(tokens, i) - 1;

            if (last < i)
                continue;

            // A phrase may begin inside another.
            for (var next = i + 1; next <= last; next++)
                last = Math.Max(last, next + Matching(tokens, next) - 1);

            found.Add(new TextRange(tokens[i].Start, tokens[last].Start + tokens[last].Length - tokens[i].Start));
            i = last;
        }

        return found;
    }

    /// <summary>The stretch of the text that shows best what was found; none if nothing was.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="length">How long it may be at most, in UTF-16 units.</param>
    public Highlight? Best(string text, int length = Highlight.UsualLength) => Highlight.Of(text, Find(text), length);

    private static ulong Initial(string word) => 1UL << (word[0] & 63);

    private void Add(QueryNode node)
    {
        switch (node)
        {
            case WordNode word when GermanAnalysis.Analyze(word.Text) is [var single]:
                _words.Add(single);
                break;
            case WordNode word:
                AddSequence(word.Text);
                break;
            case PhraseNode phrase:
                AddSequence(phrase.Text);
                break;
            case PrefixNode prefix:
                _beginnings.Add(GermanAnalysis.Fold(prefix.Text));
                AddSequence(prefix.Text);
                break;
            case AndNode all:
                foreach (var part in all.Parts)
                    Add(part);
                break;
            case OrNode any:
                foreach (var part in any.Parts)
                    Add(part);
                break;
        }
    }

    private void AddSequence(string text)
    {
        if (GermanAnalysis.Analyze(text) is { Count: > 0 } tokens)
            _sequences.Add([.. tokens.Select(t => t.Word)]);
    }

    /// <summary>How many words from here on are what is looked for.</summary>
    private int Matching(List<Token> tokens, int at)
    {
        var longest = 0;

        foreach (var sequence in _sequences)
        {
            if (sequence.Length > longest && Stands(sequence, tokens, at))
                longest = sequence.Length;
        }

        return longest > 0 ? longest : IsMatch(tokens[at]) ? 1 : 0;
    }

    private static bool Stands(string[] sequence, List<Token> tokens, int at)
    {
        if (at + sequence.Length > tokens.Count)
            return false;

        for (var i = 0; i < sequence.Length; i++)
        {
            if (tokens[at + i].Word != sequence[i])
                return false;
        }

        return true;
    }

    /// <summary>Asked of every word of every text that is shown: plain loops, which make nothing that has to be collected.</summary>
    private bool IsMatch(Token token)
    {
        foreach (var word in _words)
        {
            if (word.Word == token.Word || Has(token.Parts, word.Word) || IsPiece(token, word))
                return true;
        }

        foreach (var beginning in _beginnings)
        {
            if (token.Word.StartsWith(beginning, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static bool IsPiece(Token token, Token compound)
    {
        if (compound.Parts.Count == 0)
            return false;

        if (Has(compound.Parts, token.Word))
            return !GermanAnalysis.IsStopword(token.Word);

        for (var i = 0; i < compound.Parts.Count; i++)
        {
            if (!Has(token.Parts, compound.Parts[i]))
                return false;
        }

        return true;
    }

    private static bool Has(IReadOnlyList<string> parts, string word)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] == word)
                return true;
        }

        return false;
    }
}
