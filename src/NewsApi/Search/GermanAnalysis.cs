using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace NewsApi.Search;

/// <summary>A word of a text.</summary>
/// <param name="Start">Where it starts in the text, in UTF-16 units.</param>
/// <param name="Length">How long it is there.</param>
/// <param name="Word">Its normal form: folded and without its ending. Letters and digits only.</param>
/// <param name="Parts">The normal forms of what it is put together of; empty for a simple word.</param>
internal readonly record struct Token(int Start, int Length, string Word, IReadOnlyList<string> Parts);

/// <summary>
/// Makes German text into the words that are indexed and searched for; both sides go through here. A word of a query finds a word of a text
/// <list type="bullet">
/// <item>exactly, when both have the same <see cref="Token.Word"/>,</item>
/// <item>as a part, when it equals one of the <see cref="Token.Parts"/> of the word in the text ("Garantie" in "Sicherheitsgarantien"),</item>
/// <item>loosely, when it is a compound and the document has each of its parts as a word or as a part of one.</item>
/// </list>
/// </summary>
internal static class GermanAnalysis
{
    /// <summary>The longest word, and what folding its last letter and stemming may add.</summary>
    internal const int Room = Folding.LongestWord + 28;

    private static readonly WordCache Known = new(Form);

    // In normal form: function words, which say nothing about what a text is about.
    private static readonly FrozenSet<string> Stopwords =
        """
        der die das den dem des ein eine einen einem einer eines und oder aber denn doch sondern sowie als wie wenn weil dass ob da damit um zu
        in im ins an am ans auf aus bei beim mit nach von vom vor zum zur über unter für gegen ohne durch bis seit zwischen während wegen trotz
        ich du er sie es wir ihr mich dich sich uns euch ihn ihm ihnen mir dir mein dein sein seine seinen seinem seiner seines unser euer ihre
        ihren ihrem ihrer ihres dieser diese dieses diesen diesem jener jene jenes jeder jede jedes alle allen aller alles man wer was wo wann
        warum welche welcher welches ist sind war waren wird werden wurde wurden worden bin bist hat haben hatte hatten habe kann können konnte
        soll sollen sollte will wollen wollte muss müssen musste darf dürfen mag nicht kein keine keinen keinem keiner nur auch noch schon so
        sehr mehr dann dort hier nun ja nein also etwa bereits wieder immer dabei dazu dafür davon daran darauf wäre würde würden hätte sei seien
        a the of and to for on at by is
        """
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Normal).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The words in text order. What has no letter or digit is no word; a hyphen stands between two.</summary>
    public static List<Token> Analyze(string text)
    {
        var tokens = new List<Token>(text.Length / 6 + 1);

        for (var i = 0; i < text.Length;)
        {
            var length = WordAt(text, i);

            if (length == 0)
            {
                i++;
                continue;
            }

            var known = Known.Get(text.AsSpan(i, length));

            if (known.Word.Length > 0)
                tokens.Add(new Token(i, length, known.Word, known.Parts));

            i += length;
        }

        return tokens;
    }

    /// <summary>The word without case, accents and umlauts but with its ending, as the beginning of words is compared.</summary>
    public static string Fold(string word)
    {
        Span<char> folded = stackalloc char[Room];
        return folded[..Folding.Fold(word, folded)].ToString();
    }

    /// <summary>Whether a normal form is that of a function word. Such words are indexed, as phrases need them, but tell nothing.</summary>
    public static bool IsStopword(string word) => Stopwords.Contains(word);

    /// <summary>The normal form of a single word.</summary>
    internal static string Normal(string word)
    {
        Span<char> normal = stackalloc char[Room];
        return normal[..GermanStemming.Stem(normal, Folding.Fold(word, normal))].ToString();
    }

    /// <summary>How long the word is that starts here; 0 if none does.</summary>
    internal static int WordAt(string text, int start)
    {
        var first = SignAt(text, start, out var length);

        if (first is Sign.None or Sign.Mark)
            return 0;

        if (first == Sign.Ideograph)
            return length;

        var end = start + length;
        var last = first;

        while (end < text.Length)
        {
            var sign = SignAt(text, end, out length);

            if (sign is Sign.Letter or Sign.Digit or Sign.Mark)
            {
                end += length;
                last = sign == Sign.Mark ? last : sign;
                continue;
            }

            var joint = sign == Sign.None ? JointAt(text, end, last, end - start) : 0;

            if (joint == 0)
                break;

            end += joint;
        }

        return end - start;
    }

    /// <summary>What may stand inside a word without being part of it, with what must follow it: an apostrophe, the point of thousands, the star of both genders.</summary>
    private static int JointAt(string text, int at, Sign last, int before)
    {
        switch (text[at])
        {
            case '\'' or '’' or '‘' or '\u02BC' or '`' or '´':
                return last == Sign.Letter && IsLetterAt(text, at + 1) ? 1 : 0;
            case '.' when last == Sign.Digit && before <= 3:
                return Thousands(text, at);
            case ':' or '*' or '_' or '/' or '·' or '•' or '(' when last == Sign.Letter && before >= 3:
                return FeminineEnding(text, at);
            default:
                return 0;
        }
    }

    private static int Thousands(string text, int at)
    {
        var end = at;

        while (end < text.Length && text[end] == '.' && HasDigits(text, end + 1, 3) && !HasDigits(text, end + 4, 1))
            end += 4;

        return end - at;
    }

    private static bool HasDigits(string text, int at, int count)
    {
        for (var i = at; i < at + count; i++)
        {
            if (i >= text.Length || !char.IsAsciiDigit(text[i]))
                return false;
        }

        return true;
    }

    private static int FeminineEnding(string text, int at)
    {
        var start = text[at] == '/' && at + 1 < text.Length && text[at + 1] == '-' ? at + 2 : at + 1;

        foreach (var ending in (ReadOnlySpan<string>)["innen", "in"])
        {
            if (string.CompareOrdinal(text, start, ending, 0, ending.Length) != 0)
                continue;

            var end = start + ending.Length;

            if (text[at] == '(')
                return end < text.Length && text[end] == ')' ? end + 1 - at : 0;

            return IsLetterAt(text, end) ? 0 : end - at;
        }

        return 0;
    }

    private static bool IsLetterAt(string text, int at) => at < text.Length && SignAt(text, at, out _) == Sign.Letter;

    private static Sign SignAt(string text, int at, out int length)
    {
        var c = text[at];
        length = 1;

        if (char.IsAscii(c))
            return char.IsAsciiLetter(c) ? Sign.Letter : char.IsAsciiDigit(c) ? Sign.Digit : Sign.None;

        if (c <= 'ɏ' && char.IsLetter(c))
            return Sign.Letter;

        if (Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out length) != OperationStatus.Done)
            return Sign.None;

        switch (Rune.GetUnicodeCategory(rune))
        {
            case UnicodeCategory.OtherLetter:
                return IsIdeograph(rune.Value) ? Sign.Ideograph : Sign.Letter;
            case <= UnicodeCategory.OtherLetter:
                return Sign.Letter;
            case <= UnicodeCategory.EnclosingMark:
                return Sign.Mark;
            case <= UnicodeCategory.OtherNumber:
                return Sign.Digit;
            case UnicodeCategory.Format when rune.Value is 0xAD or 0x200C or 0x200D or 0x2060 or 0xFEFF:
                return Sign.Mark;
            default:
                return Sign.None;
        }
    }

    private static bool IsIdeograph(int value) =>
        value is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);

    internal static WordForm Form(ReadOnlySpan<char> word)
    {
        Span<char> folded = stackalloc char[Room];
        Span<char> normal = stackalloc char[Room];
        var length = Folding.Fold(word, folded);
        folded[..length].CopyTo(normal);
        var ending = GermanStemming.Stem(normal, length);
        var parts = Compounds.Split(folded[..length], normal[..ending]);

        if (parts.Count == 0 && Folding.Fold(word, folded, umlauts: false) is var whole && whole != length)
            parts = Compounds.Split(folded[..whole], normal[..ending]);

        return new WordForm(normal[..ending].ToString(), parts);
    }

    private enum Sign
    {
        None,
        Letter,
        Digit,
        Ideograph,

        /// <summary>Belongs to the letter before it, or is not seen at all.</summary>
        Mark,
    }
}
