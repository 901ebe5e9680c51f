using System.Collections.Frozen;

namespace NewsApi.People.Names;

/// <summary>
/// One way of writing Ukrainian or Russian in Latin letters: what each letter becomes, and what it becomes beside certain others.
/// </summary>
/// <remarks>
/// A table is words of the form <c>letter:Latin</c>. Letters in brackets before or behind the letter say beside which of them the word holds:
/// <c>^</c> is the start of the word, <c>$</c> its end, <c>V</c> any vowel, <c>K</c> any consonant. A later word of the table goes before an earlier one.
/// </remarks>
internal sealed class RomanisationSystem
{
    private const string English = "а:a б:b в:v г:g д:d е:e ж:zh з:z и:i й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh ц:ts ч:ch ш:sh щ:shch ";
    private const string RussianEnglish = English + "ё:ë ъ:” ы:y ь:’ э:e ю:yu я:ya і:i ";
    private const string UkrainianEnglish = English + "г:h ґ:g є:ye и:y і:i ї:yi ь:’ ю:yu я:ya ':” ";
    private const string Passport = UkrainianEnglish
        + "є:ie ї:i й:i ю:iu я:ia ь: ': (^)є:ye (^)ї:yi (^)й:y (^)ю:yu (^)я:ya ";
    private const string BgnRussian = RussianEnglish + "(^Vйъь)е:ye (^Vйъь)ё:yë ";
    private const string BgnUkrainian = UkrainianEnglish + "(зксц)г:·h (т)с:·s ";
    private const string Diacritics = English + "ж:ž й:j х:h ц:c ч:č ш:š щ:ŝ ё:ë ъ:ʺ ы:y ь:ʹ э:è ю:û я:â і:ì ";
    private const string Scholarly = English + "ж:ž й:j х:ch ц:c ч:č ш:š щ:šč ъ:ʺ ь:ʹ ю:ju я:ja ";
    private const string LibraryOfCongress = English + "ц:t\u0361s ю:i\u0361u я:i\u0361a ь:ʹ ";
    private const string German = English
        + "в:w ж:sch з:s й:i х:ch ц:z ч:tsch ш:sch щ:schtsch ъ: ь: ы:y э:e ю:ju я:ja (V)с(V):ss ";
    private const string French = English + "ж:j у:ou ч:tch ш:ch щ:chtch ъ: ь: ы:y э:e ю:iou я:ia (V)с(V):ss (и)н($):ne ";

    private readonly FrozenDictionary<char, Rule[]> _rules;

    private RomanisationSystem(string id, string name, string language, string table)
    {
        (Id, Name, Language) = (id, name, language);
        _rules = table.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Rule.Read).GroupBy(r => r.Letter)
            .ToFrozenDictionary(g => g.Key, g => g.Reverse().OrderByDescending(r => r.IsNarrow).ToArray());
    }

    /// <summary>A short name that stays the same.</summary>
    public string Id { get; }

    /// <summary>What it is called in print.</summary>
    public string Name { get; }

    /// <summary><c>uk</c> or <c>ru</c>.</summary>
    public string Language { get; }

    /// <summary>Every system, the most common in print first.</summary>
    public static IReadOnlyList<RomanisationSystem> All { get; } =
    [
        new("duden-uk", "German (Duden)", "uk", German + "г:h ґ:g є:je и:y і:i ї:ji й:j (з)г:g ': (ь)о:o ь(о):j "),
        new("kmu-2010", "KMU 2010, UN 2012", "uk", Passport + "(з)г:gh "),
        new("bgnpcgn-uk-1965", "BGN/PCGN 1965", "uk", BgnUkrainian),
        new("bgnpcgn-uk-2019", "BGN/PCGN 2019", "uk", Passport + "(з)г:gh "),
        new("french-uk", "French", "uk", French + "г:h ґ:g (еєиіїю)ґ:gu є:ie и:y і:i ї:ï й:y ': (и)н($):n "),
        new("iso9-uk", "ISO 9:1995", "uk", Diacritics + "ґ:g\u0300 є:ê и:i і:ì ї:ï ':’ "),
        new("scholarly-uk", "scholarly", "uk", Scholarly + "г:h ґ:g є:je и:y і:i ї:ji х:x ': "),
        new("alalc-uk", "ALA-LC", "uk", LibraryOfCongress + "г:h ґ:g є:i\u0361e ж:z\u0361h и:y і:i ї:ï й:ĭ ': "),
        new("odni-uk-2015", "ODNI 2015", "uk", UkrainianEnglish + "ь: ': "),
        new("cadastre-uk-1993", "State Geocadastre 1993", "uk", Passport + "ь:’ ь(о): (ь)о:io (з)г:gh "),
        new("national-uk-1996", "Ukrainian National 1996", "uk", Passport + "ь:’ ':” щ:sch (з)г:gh "),
        new("passport-uk-2007", "Ukrainian passport 2007", "uk", Passport + "г:g "),

        new("duden-ru", "German (Duden)", "ru", German + "ё:jo (жчшщ)ё:o (^Vъь)е:je (и)й($): (ы)й($): і:i "),
        new("bgnpcgn-ru-1947", "BGN/PCGN 1947", "ru", BgnRussian + "й(ауыэ):y· (V)ы:·y ы(ауыэ):y· (бвгджзклмнпрстфхцчшщ)э:·e (т)с:·s (ш)ч:·ch "),
        new("icao-ru", "ICAO, Russian passport", "ru", RussianEnglish + "ё:e й:i ъ:ie ь: ю:iu я:ia "),
        new("gost-52535-2006", "GOST R 52535.1-2006", "ru", RussianEnglish + "ё:e й:i ц:tc ъ: ь: ю:iu я:ia "),
        new("passport-ru-1997", "Russian passport 1997", "ru", RussianEnglish + "ё:ye ь: ъ: (ь)е:ye (ь)ё:ye "),
        new("french-ru", "French", "ru", French + "г:g г(еёиэюя):gu ё:io (^V)е:ïe (^)е:ie й:ï (и)й($): "),
        new("iso9-ru", "ISO 9:1995", "ru", Diacritics),
        new("scholarly-ru", "scholarly", "ru", Scholarly + "ё:ë ы:y э:ė "),
        new("alalc-ru", "ALA-LC", "ru", LibraryOfCongress + "ё:ë й:ǐ ъ:ʺ ы:y э:ė "),
        new("gost-16876-1983", "GOST 16876-71", "ru", Diacritics + "ъ:\" ь:´ "),
        new("gost-7.79-2000", "GOST 7.79-2000 A", "ru", Diacritics + "ъ:\" ь:´ "),
        new("un-ru-1987", "UN 1987", "ru", Diacritics + "щ:šč ъ:” ь:’ ю:ju я:ja "),
        new("odni-ru-2015", "ODNI 2015", "ru", BgnRussian + "ъ: ь: "),
    ];

    /// <summary>What a letter becomes between two others; nothing where the system does not know it.</summary>
    public string? Write(char letter, char before, char after)
    {
        if (!_rules.TryGetValue(letter, out var rules)) return null;

        foreach (var rule in rules)
        {
            if (rule.Holds(before, after)) return rule.Latin;
        }

        return null;
    }

    private sealed record Rule(string Before, char Letter, string After, string Latin)
    {
        private const string Vowels = "аеёиоуыэюяєії";
        private const string Consonants = "бвгґджзйклмнпрстфхцчшщ";

        public bool IsNarrow => Before.Length + After.Length > 0;

        public static Rule Read(string word)
        {
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            var key = word[..colon];
            var (before, after) = ("", "");
            if (key[0] == '(')
            {
                before = key[1..key.IndexOf(')', StringComparison.Ordinal)];
                key = key[(before.Length + 2)..];
            }

            if (key.Length > 1) after = key[2..^1];
            return new Rule(Spelled(before), key[0], Spelled(after), word[(colon + 1)..]);
        }

        public bool Holds(char before, char after) => (Before.Length == 0 || Before.Contains(before, StringComparison.Ordinal))
            && (After.Length == 0 || After.Contains(after, StringComparison.Ordinal));

        private static string Spelled(string set) =>
            set.Replace("V", Vowels, StringComparison.Ordinal).Replace("K", Consonants, StringComparison.Ordinal);
    }
}
