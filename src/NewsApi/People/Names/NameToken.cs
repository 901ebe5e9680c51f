using System.Globalization;
using System.Text;

namespace NewsApi.People.Names;

internal enum TokenKind
{
    Word,
    Space,
    Hyphen,
    Apostrophe,
    Other,
}

/// <summary>A word, the white space between two words, or a single sign.</summary>
internal readonly record struct NameToken(TokenKind Kind, int Start, int Length)
{
    public int End => Start + Length;

    /// <summary>The token, with one sign for all printings of the same separator.</summary>
    public string Sign(string text) => Kind switch
    {
        TokenKind.Space => " ",
        TokenKind.Hyphen => "-",
        TokenKind.Apostrophe => "'",
        _ => text.Substring(Start, Length),
    };

    public ReadOnlySpan<char> In(string text) => text.AsSpan(Start, Length);

    public static List<NameToken> Of(string text)
    {
        var tokens = new List<NameToken>(text.Length / 3);

        for (var i = 0; i < text.Length;)
        {
            var kind = KindAt(text, i, out var length);
            var start = i;
            var lineBreaks = text[i] == '\n' ? 1 : 0;
            i += length;

            if (kind is TokenKind.Word or TokenKind.Space)
            {
                for (; i < text.Length && KindAt(text, i, out length) == kind; i += length)
                    lineBreaks += text[i] == '\n' ? 1 : 0;
            }

            // A blank line ends a paragraph, and no name runs across it.
            tokens.Add(new NameToken(lineBreaks > 1 ? TokenKind.Other : kind, start, i - start));
        }

        return tokens;
    }

    private static TokenKind KindAt(string text, int index, out int length)
    {
        var c = text[index];
        length = 1;

        if (char.IsAsciiLetterOrDigit(c) || c == '_')
            return TokenKind.Word;

        switch (c)
        {
            case '-' or '\u2010' or '\u2011':
                return TokenKind.Hyphen;
            case '\'' or '’' or '‘' or '\u02BC' or '`' or '´':
                return TokenKind.Apostrophe;
            case var _ when char.IsWhiteSpace(c):
                return TokenKind.Space;
        }

        if (Rune.TryGetRuneAt(text, index, out var rune))
            length = rune.Utf16SequenceLength;
        else
            return TokenKind.Other;

        return Rune.GetUnicodeCategory(rune) switch
        {
            // Letters, marks and numbers come first in the enumeration.
            <= UnicodeCategory.OtherNumber => TokenKind.Word,
            UnicodeCategory.Format when rune.Value is 0xAD or 0x200C or 0x200D => TokenKind.Word,
            _ => TokenKind.Other,
        };
    }
}
