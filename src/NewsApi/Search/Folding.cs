using System.Globalization;
using System.Text;

namespace NewsApi.Search;

/// <summary>
/// What is left of a word when case, accents and the two spellings of umlauts are taken away: "Größe", "Groesse" and "GRÖSSE" are all
/// "grosse". Latin letters lose their accents, letters of other scripts keep theirs.
/// </summary>
internal static class Folding
{
    /// <summary>What is longer is cut: nobody searches for it, and an index does not want it.</summary>
    public const int LongestWord = 100;

    private const int LastOfTable = 0x24F;

    // Two vowels and not an umlaut, where taking them for one would join what differs or part what belongs together ("Statue", "Statuen").
    private static readonly (string Word, int Place)[] TwoVowels =
    [
        .. new[]
        {
            "isra|el", "micha|el", "rapha|el", "rafa|el", "isma|el", "a|ero", "po|et", "po|es", "bo|eing", "ko|exist", "obo|e", "alo|e",
            "statu|e", "revu|e", "avenu|e", "du|ell", "du|ett", "samu|el", "manu|el",
        }
        .Select(w => (w.Replace("|", "", StringComparison.Ordinal), w.IndexOf('|', StringComparison.Ordinal))),
    ];

    private static readonly string[] Latin = [.. Enumerable.Range(0, LastOfTable + 1).Select(c => FoldLatin((char)c))];

    private enum Vowel
    {
        None,

        /// <summary>An e behind it makes an umlaut.</summary>
        Open,

        /// <summary>A u behind it belongs to it: "Bauer", "neue", "Quelle".</summary>
        Closed,
    }

    /// <summary>Writes the folded word and says how long it is; signs that are no letters or digits are left out.</summary>
    /// <param name="word">The word as it is written.</param>
    /// <param name="target">Room for <see cref="LongestWord"/> letters and a few more.</param>
    /// <param name="umlauts">Whether ae, oe and ue may be umlauts; they are none where two words meet ("Chinaexperte").</param>
    public static int Fold(ReadOnlySpan<char> word, Span<char> target, bool umlauts = true)
    {
        if (word.ContainsAnyExceptInRange('\0', '\u02FF'))
            word = Composed(word);

        var length = 0;
        var state = Vowel.None;

        for (var i = 0; i < word.Length && length < LongestWord; i++)
        {
            var c = word[i];

            if (char.IsAsciiLetter(c))
            {
                c = (char)(c | 0x20);

                if (umlauts && c == 'e' && state == Vowel.Open && !IsTwoVowels(word, i))
                {
                    state = Vowel.Closed;
                    continue;
                }

                state = c switch
                {
                    'a' or 'o' => Vowel.Open,
                    'u' => state == Vowel.None ? Vowel.Open : Vowel.Closed,
                    'e' or 'i' or 'q' or 'y' => Vowel.Closed,
                    _ => Vowel.None,
                };
                target[length++] = c;
            }
            else if (c <= LastOfTable)
            {
                foreach (var letter in Latin[c])
                    target[length++] = letter;

                state = c is 'ä' or 'ö' or 'ü' or 'Ä' or 'Ö' or 'Ü' ? Vowel.Closed : char.IsLetterOrDigit(c) ? Vowel.None : state;
            }
            else
            {
                state = Vowel.None;
                length = FoldOther(word, ref i, target, length);
            }
        }

        if (length > LongestWord)
            length = LongestWord;

        return length > 0 && char.IsHighSurrogate(target[length - 1]) ? length - 1 : length;
    }

    private static int FoldOther(ReadOnlySpan<char> word, ref int i, Span<char> target, int length)
    {
        if (Rune.DecodeFromUtf16(word[i..], out var rune, out var used) != System.Buffers.OperationStatus.Done)
            return length;

        i += used - 1;
        var category = Rune.GetUnicodeCategory(rune);

        if (category > UnicodeCategory.OtherNumber || (IsMark(category) && length > 0 && char.IsAsciiLetter(target[length - 1])))
            return length;

        if (rune.Value == 'ẞ')
        {
            target[length++] = 's';
            target[length++] = 's';
            return length;
        }

        if (rune.Value is (>= 0x1E00 and <= 0x1EFF) or (>= 0xFB00 and <= 0xFB06) or (>= 0xFF10 and <= 0xFF5A))
        {
            foreach (var letter in rune.ToString().Normalize(NormalizationForm.FormKD).ToLowerInvariant().Where(char.IsAsciiLetterOrDigit))
                target[length++] = letter;

            return length;
        }

        return length + Rune.ToLowerInvariant(rune).EncodeToUtf16(target[length..]);
    }

    private static bool IsTwoVowels(ReadOnlySpan<char> word, int e)
    {
        foreach (var (known, place) in TwoVowels)
        {
            var start = e - place;

            if (start >= 0 && start + known.Length <= word.Length && word.Slice(start, known.Length).Equals(known, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static bool IsMark(UnicodeCategory category) =>
        category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static string Composed(ReadOnlySpan<char> word)
    {
        // A lone surrogate cannot be composed.
        var whole = new StringBuilder(word.Length);

        foreach (var rune in word.EnumerateRunes())
            whole.Append(rune.ToString());

        return whole.ToString().Normalize(NormalizationForm.FormC);
    }

    private static string FoldLatin(char c) => char.ToLowerInvariant(c) switch
    {
        'ß' => "ss",
        'æ' => "a",
        'œ' or 'ø' => "o",
        'đ' or 'ð' => "d",
        'þ' => "th",
        'ł' => "l",
        'ı' => "i",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ſ' => "s",
        var lower when lower < 0x80 => char.IsAsciiLetterOrDigit(lower) ? lower.ToString() : "",
        var lower when char.IsLetter(lower) => new string([.. lower.ToString().Normalize(NormalizationForm.FormD).Where(char.IsLetter)]),
        var lower => char.IsNumber(lower) ? lower.ToString() : "",
    };
}
