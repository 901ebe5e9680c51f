using System.Globalization;
using System.Text;
using AnyAscii;

namespace NewsApi.People.Names;

/// <summary>
/// Brings the spellings of one word of a name together. What comes out is for comparing, never for reading: it stands for sounds more
/// than for letters, and different spellings of the same sound are the same there.
/// </summary>
internal static class NameFold
{
    // The letters of Ukrainian and Russian by their sound, г and х alike: one is the other across the two languages.
    private static readonly Dictionary<char, string> Cyrillic =
        "а:a б:b в:v г:h ґ:h д:d е:e є:e ж:x з:s и:i і:i ї:i й:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ў:u ф:f х:h ц:! ч:q ш:x щ:w ъ: ы:i ь: э:e ё:e ю:iu я:ia"
            .Split(' ').ToDictionary(pair => pair[0], pair => pair[2..]);

    private static readonly string[] SlavicEndings =
    [
        "sky", "skyj", "skij", "skiy", "skyy", "skyi", "skii", "ski", "skoy", "skoi", "skoj", "ska", "skaja", "skaya", "skaia", "zki", "zky", "zkij", "zkyj",
        "ov", "ow", "ev", "ew", "off", "eff", "ova", "owa", "eva", "ewa", "ovs", "ows", "enko", "chko", "shko", "yuk", "juk", "iuk", "chuk",
        "vich", "vych", "vitch", "vytch", "witsch", "wytsch", "nyj", "lyj", "nyy", "nyi", "lnyi", "lny",
    ];

    private static readonly string[] SlavicFamilyEndings = ["in", "yn", "ine", "ina", "yna"];
    private static readonly string[] SlavicSigns = ["shch", "tsch", "zh", "kh"];

    /// <summary>The two ways of writing letters that German has and English lacks: ä as a, or as ae.</summary>
    private static readonly Dictionary<char, string> German = new() { ['ä'] = "ae", ['ö'] = "oe", ['ü'] = "ue", ['ø'] = "oe", ['å'] = "aa" };

    private static readonly Dictionary<char, string> Letters = new() { ['ß'] = "ss", ['æ'] = "ae", ['œ'] = "oe", ['ø'] = "o", ['ł'] = "l", ['đ'] = "d", ['ı'] = "i" };

    /// <summary>Latin letters and digits in lower case without marks, other scripts as Latin ones.</summary>
    public static string Plain(string word, bool german = false)
    {
        var plain = new StringBuilder(word.Length + 4);
        foreach (var c in word.Normalize(NormalizationForm.FormC).ToLowerInvariant())
        {
            if (german && German.TryGetValue(c, out var two)) plain.Append(two);
            else if (Letters.TryGetValue(c, out var one)) plain.Append(one);
            else plain.Append(c);
        }

        var latin = new StringBuilder(plain.Length);
        foreach (var c in plain.ToString().Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c) || (char.IsLetter(c) && c > '\u02FF')) latin.Append(c);
            else if (char.IsSurrogate(c) || (char.IsLetter(c) && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.ModifierLetter)) latin.Append(c);
        }

        var text = latin.ToString();
        return Ascii.IsValid(text) ? text : string.Concat(text.Transliterate().ToLowerInvariant().Where(char.IsAsciiLetterOrDigit));
    }

    /// <summary>The sound of a Latin word in any language, roughly: what doubles a letter or writes the same sound with another is gone.</summary>
    public static string General(string plain)
    {
        var word = Replaced(
            plain, "sch", "sh", "ck", "k", "ph", "f", "th", "t", "wh", "w", "qu", "kv", "w", "v", "x", "ks", "y", "i", "j", "i", "ce", "<e", "ci", "<i", "ch", "<h", "c", "k", "<", "c");
        return Collapsed(word);
    }

    /// <summary>The sound of a word as Ukrainian or Russian, however it is written; several where the spelling has several readings.</summary>
    public static IEnumerable<string> Slavic(string word)
    {
        var lower = word.Normalize(NormalizationForm.FormC).ToLowerInvariant();
        if (lower.Any(Romanisation.IsCyrillic)) return SlavicOfCyrillic(lower);

        var plain = Plain(Replaced(lower, "šč", "shch", "š", "sh", "ž", "zh", "č", "tch", "ŝ", "shch", "û", "yu", "â", "ya"));
        return new[] { English(plain), GermanReading(plain), French(plain), Scholarly(plain) }.OfType<string>().Distinct();
    }

    /// <summary>Whether a Latin word may be a Ukrainian or Russian name; some endings say so of a family name alone.</summary>
    public static bool LooksSlavic(string plain, bool isFamily) =>
        plain.Length > 3 && (SlavicEndings.Any(e => plain.EndsWith(e, StringComparison.Ordinal))
            || SlavicSigns.Any(s => plain.Contains(s, StringComparison.Ordinal))
            || (isFamily && plain.Length > 4 && SlavicFamilyEndings.Any(e => plain.EndsWith(e, StringComparison.Ordinal))));

    /// <summary>The consonants alone, those that languages mix up taken together: what is left when vowels are written by ear.</summary>
    public static string Consonants(string general)
    {
        var word = Replaced(general, "gh", "k", "kh", "k", "q", "k", "g", "k", "sh", "x", "ch", "x", "ts", "s", "z", "s", "c", "s", "dzh", "x", "d", "t", "b", "p", "v", "f");
        return string.Concat(word.Where(c => c is not ('a' or 'e' or 'i' or 'o' or 'u' or 'h')));
    }

    private static IEnumerable<string> SlavicOfCyrillic(string lower)
    {
        var word = lower;

        // Cyrillic has no W: "Уиткофф".
        if (word.Length > 2 && word[0] == 'у' && "аеиіоэ".Contains(word[1], StringComparison.Ordinal)) word = "в" + word[1..];
        yield return Sound(Replaced(string.Concat(word.Select(c => Cyrillic.GetValueOrDefault(c) ?? (char.IsLetter(c) ? c.ToString() : ""))), "ts", "!"));

        if (word.Contains('ё', StringComparison.Ordinal))
            yield return Sound(Replaced(string.Concat(word.Replace("ё", "йо", StringComparison.Ordinal).Select(c => Cyrillic.GetValueOrDefault(c) ?? "")), "ts", "!"));
    }

    private static string English(string plain) => Sound(Replaced(Shared(plain), "ch", "q", "c", "!", "z", "s"));

    private static string GermanReading(string plain) => Sound(Replaced(Shared(plain), "ch", "h", "c", "!", "z", "!"));

    private static string? French(string plain)
    {
        var isFrench = plain.Contains("ou", StringComparison.Ordinal) || plain.EndsWith("ine", StringComparison.Ordinal) || plain.Contains("tch", StringComparison.Ordinal);
        if (!isFrench) return null;

        var word = plain.EndsWith("ine", StringComparison.Ordinal) ? plain[..^1] : plain;
        return Sound(Replaced(Shared(Replaced(word, "ou", "u", "gue", "ge", "gui", "gi", "j", "zh", "chtch", "shch")), "ch", "x", "c", "k", "z", "s"));
    }

    private static string? Scholarly(string plain) =>
        plain.Contains("ch", StringComparison.Ordinal) ? Sound(Replaced(Shared(plain), "ch", "h", "c", "!", "z", "s")) : null;

    /// <summary>Letters in groups that mean one sound in every spelling: щ is w, ч is q, ш and ж are x (German has one spelling for both), ц is !.</summary>
    private static string Shared(string plain) => Replaced(
        plain, "x", "ks", "w", "v", "ph", "f", "schtsch", "w", "shtch", "w", "shch", "w", "tsch", "q", "tch", "q", "cz", "q", "sch", "x", "sh", "x", "zh", "x",
        "kh", "h", "gh", "h", "ck", "k", "tz", "!", "ts", "!", "tc", "!");

    /// <summary>What is the same in every reading: g and h, the vowel before -e, doubled letters, endings.</summary>
    private static string Sound(string word)
    {
        word = Collapsed(Replaced(word, "g", "h", "j", "i", "y", "i"));
        word = Collapsed(Replaced(word, "ie", "e"));
        foreach (var tail in (string[])["", "a"])
        {
            if (word.EndsWith("of" + tail, StringComparison.Ordinal)) word = $"{word[..^(2 + tail.Length)]}ov{tail}";
            if (word.EndsWith("ef" + tail, StringComparison.Ordinal)) word = $"{word[..^(2 + tail.Length)]}ev{tail}";

            // Gorbatschow and Gorbachev, Solowjow and Solovyev: written with o by its sound, with e by its letter.
            if (word.EndsWith("iov" + tail, StringComparison.Ordinal)) word = $"{word[..^(3 + tail.Length)]}ev{tail}";
            if (word.Length > 3 + tail.Length && word.EndsWith("ov" + tail, StringComparison.Ordinal) && word[^(3 + tail.Length)] is 'q' or 'w' or 'x')
                word = $"{word[..^(2 + tail.Length)]}ev{tail}";
        }

        return word;
    }

    private static string Replaced(string word, params ReadOnlySpan<string> pairs)
    {
        for (var i = 0; i < pairs.Length; i += 2) word = word.Replace(pairs[i], pairs[i + 1], StringComparison.Ordinal);

        return word;
    }

    private static string Collapsed(string word)
    {
        var letters = new StringBuilder(word.Length);
        foreach (var c in word)
        {
            if (letters.Length == 0 || letters[^1] != c) letters.Append(c);
        }

        return letters.ToString();
    }
}
