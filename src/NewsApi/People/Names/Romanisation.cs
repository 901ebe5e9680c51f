using System.Buffers;
using System.Text;

namespace NewsApi.People.Names;

/// <summary>Writes Ukrainian and Russian in Latin letters, as one of the systems in use has it. The answer is in NFC.</summary>
internal static class Romanisation
{
    /// <summary>Joins two letters of the Library of Congress to one; both of them are capitals where the letter was.</summary>
    private const char Tie = '\u0361';

    private const char WordStart = '^';
    private const char WordEnd = '$';

    private static readonly SearchValues<char> UkrainianLetters = SearchValues.Create("іїєґІЇЄҐ");
    private static readonly SearchValues<char> RussianLetters = SearchValues.Create("ыэёъЫЭЁЪ");

    public static string Of(string text, RomanisationSystem system)
    {
        var cyrillic = text.Normalize(NormalizationForm.FormC);
        var latin = new StringBuilder(cyrillic.Length * 2);
        for (var i = 0; i < cyrillic.Length; i++)
        {
            var letter = Plain(cyrillic, i);
            var before = i > 0 && IsOfWord(cyrillic, i - 1) ? Plain(cyrillic, i - 1) : WordStart;
            var after = i + 1 < cyrillic.Length && IsOfWord(cyrillic, i + 1) ? Plain(cyrillic, i + 1) : WordEnd;
            var written = system.Write(letter, before, after);
            if (written is null) latin.Append(cyrillic[i]);
            else if (char.IsUpper(cyrillic[i])) latin.Append(IsInCapitals(cyrillic, i) ? written.ToUpperInvariant() : Capitalised(written));
            else latin.Append(written);
        }

        return latin.ToString().Normalize(NormalizationForm.FormC);
    }

    public static bool IsCyrillic(char c) => c is >= '\u0400' and <= '\u052F';

    /// <summary>The systems of the languages that a text can be in, by the letters that only one of them has.</summary>
    public static IEnumerable<RomanisationSystem> SystemsFor(string text)
    {
        var isUkrainian = text.AsSpan().ContainsAny(UkrainianLetters);
        var isRussian = text.AsSpan().ContainsAny(RussianLetters);
        return RomanisationSystem.All.Where(s => isUkrainian == isRussian || s.Language == (isUkrainian ? "uk" : "ru"));
    }

    /// <summary>The system that makes this Latin spelling of a Cyrillic one, marks of soft signs aside.</summary>
    public static RomanisationSystem? SystemThatWrites(string latin, string cyrillic) => SystemsFor(cyrillic).FirstOrDefault(s => Letters(Of(cyrillic, s)) == Letters(latin));

    private static string Letters(string text) => string.Concat(text.Normalize(NormalizationForm.FormC).ToLowerInvariant().Where(c => char.IsLetter(c) && c is not 'ʹ' and not 'ʺ'));

    private static char Plain(string text, int i) => IsApostrophe(text[i]) && IsOfWord(text, i) ? '\'' : char.ToLowerInvariant(text[i]);

    /// <summary>A letter, or an apostrophe between two.</summary>
    private static bool IsOfWord(string text, int i) => char.IsLetter(text[i])
        || (IsApostrophe(text[i]) && i > 0 && i + 1 < text.Length && IsCyrillic(text[i - 1]) && IsCyrillic(text[i + 1]));

    private static bool IsApostrophe(char c) => c is '\'' or '’' or 'ʼ' or '‘' or '`' or '´';

    /// <summary>The letter that follows decides, at the end of a word the one before: "Ёж" and "ЁЖ", "Щука" and "БОРЩ".</summary>
    private static bool IsInCapitals(string text, int i)
    {
        if (i + 1 < text.Length && char.IsLetter(text[i + 1])) return char.IsUpper(text[i + 1]);

        return i > 0 && char.IsUpper(text[i - 1]);
    }

    private static string Capitalised(string latin)
    {
        var first = 0;
        while (first < latin.Length && !char.IsLetter(latin[first])) first++;
        if (first == latin.Length) return latin;

        var isTied = first + 2 < latin.Length && latin[first + 1] == Tie;
        var end = first + (isTied ? 3 : 1);
        return $"{latin[..first]}{latin[first..end].ToUpperInvariant()}{latin[end..]}";
    }
}
