using System.Collections.Frozen;

namespace NewsApi.Search;

/// <summary>
/// Takes endings from folded German words, so that "Verträge" and "Vertrages" are one word. What is left is a key and not always a word. The
/// rules know no vocabulary but the exceptions below, and what they do to a name they do to its genitive: "Moskaus" is "Moskau", and "Paris"
/// is the same in both.
/// </summary>
internal static class GermanStemming
{
    private const int ShortestFeminine = 6;

    // Words that the rules would join with others, or part from their own kin: each with what all its forms become.
    private static readonly FrozenDictionary<string, string> Irregular = Forms(
        // Who does it is not what is done, and Müller is no waste.
        """
        arbeiter besucher botschafter burger fischer fuhrer gesellschafter gewerkschafter gewinner kampfer kaufer kritiker lehrer mechaniker morder muller
        musiker physiker politiker rauber schlager schuler schutzer sieger spieler sportler techniker unternehmer urlauber verbraucher verbrecher
        verkaufer wahler
        """,
        """
        tal taler talern | rad rader radern | bad bader badern | gut guter gutern | ei eier eiern | amt amter amtern | alt alter
        neu neuer | rot roter | arm armer | tot toter | hoh hoher | reise reisen | eisen eisens | messe messen | messer messers messern
        wetter wetters wettern | see seen sees | ski skis skier skiern | herr herrn herren herrs | nachbar nachbarn nachbars
        forum foren forums | album alben albums | visum visa visums | datum datums | bus busse bussen busses | abo abos | ufo ufos
        opa opas | oma omas | bar bars | zoo zoos | praktikum praktika praktikums | hamas | thomas | lukas | jonas | andreas | elias
        niklas | nikolas | paris | bozen bozens bozner boznern | brixen brixens brixner brixnern | munchen munchens munchner munchnern
        bauer bauern bauers | jud jude juden judin | pol pole polen polens polin | dan dane danen danin | rat ratin
        name namen namens | stern sternen sternes sterne sterns | kern kerne kernen kerns | lunge lungen | zunge zungen | ente enten | niere nieren
        teller tellers tellern | kaltern kalterns | ritten rittens | klausen klausens | ulten ultens | groden grodens | sexten sextens
        """);

    private static readonly (string Ending, string Instead)[] Endings =
    [
        ("themen", "thema"), ("firmen", "firma"), ("konten", "konto"), ("risiken", "risiko"), ("villen", "villa"), ("dramen", "drama"),
        ("praxen", "praxis"), ("viren", "virus"), ("pizzen", "pizza"), ("busse", "bus"), ("bussen", "bus"), ("busses", "bus"),
        ("ismus", "ism"), ("ismen", "ism"), ("rhythmus", "rhythm"), ("rhythmen", "rhythm"),
        ("ium", "i"), ("iums", "i"), ("eum", "ee"), ("eums", "ee"), ("zentrum", "zentr"), ("zentrums", "zentr"),
        ("nisse", "nis"), ("nissen", "nis"), ("nisses", "nis"),
    ];

    // Before -in: what a man is called. The many words in -in that are no women ("Termin", "Berlin") end in none of these.
    private static readonly string[] Masculine =
    [
        "er", "ist", "ent", "ant", "or", "og", "eur", "nd", "alt", "arzt", "eg", "konig", "hlet", "didat", "krat", "omat", "ldat", "pilot", "pirat",
        "tekt", "wirt", "anzos", "oss", "chef", "koch", "iech", "schech", "russ", "turk", "zeug", "sekretar", "funktionar", "millionar", "aktionar",
        "jud", "bot", "xpert", "gatt", "nachbar", "gast", "held", "rat", "beamt", "schof", "konsul", "schwab", "sachs", "pol", "finn", "schwed", "brit",
    ];

    private static readonly FrozenSet<string> NoWomen = FrozenSet.Create(
        "besinnen", "ersinnen", "entsinnen", "nachsinnen", "gerinnen", "verrinnen", "zerrinnen", "entrinnen", "dachrinnen", "regenrinnen", "konstantin",
        "gewinnen", "beginnen", "zuruckgewinnen", "hinzugewinnen", "abgewinnen", "konstantins", "valentin", "valentins", "severin", "severins", "quentin");

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> IrregularForms = Irregular.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> NoWomenForms = NoWomen.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Shortens the word in place and says how long it is now. A little room behind it may be used.</summary>
    public static int Stem(Span<char> word, int length)
    {
        if (length < 3 || word[..length].ContainsAnyInRange('0', '9'))
            return length;

        length = Austrian(word, length);

        if (IrregularForms.TryGetValue(word[..length], out var known))
            return Write(word, 0, known);

        length = Feminine(word, length);
        length = Replaced(word, length);
        var shorter = Shortened(word, length);
        length = word[shorter - 1] is 'e' or 's' ? shorter : Shortened(word, shorter);

        if (length >= 5 && word[length - 1] == 's' && word[length - 2] != 's')
            return length - 1;

        return length;
    }

    /// <summary>One ending less: those of number and case, which may stand one behind the other ("Größeren", "Friedens").</summary>
    private static int Shortened(ReadOnlySpan<char> word, int length)
    {
        if (length < 4)
            return length;

        var last = word[length - 1];
        var before = word[length - 2];

        switch (last)
        {
            case 'n' when before == 'r' && word[length - 3] == 'e':
                return length >= 7 ? length - 3 : length - 1;
            case 'n' when before == 'l' && word[length - 3] == 'e':
                return length - 1;
            case 'n' or 's' or 'm' when before == 'e' && length >= 5:
                return length - 2;
            case 'r' when before == 'e' && length >= 6:
                return length - 2;
            case 'e':
                return length - 1;
            case 's' when before != 's' && (length >= 5 || before is 'b' or 'd' or 'f' or 'g' or 'k' or 'm' or 'p' or 't' or 'w' or 'v'):
                return length - 1;
            default:
                return length;
        }
    }

    private static int Austrian(Span<char> word, int length)
    {
        if (word[..length].StartsWith("janner"))
            "januar".CopyTo(word);

        if (!word[..length].StartsWith("feber"))
            return length;

        word[5..length].CopyTo(word[7..]);
        "februar".CopyTo(word);
        return length + 2;
    }

    /// <summary>"Lehrerin" and "Lehrerinnen" are what "Lehrer" is.</summary>
    private static int Feminine(Span<char> word, int length)
    {
        var whole = word[..length];
        var end = whole.EndsWith("innen") ? length - 5 : whole.EndsWith("ins") ? length - 3 : whole.EndsWith("in") ? length - 2 : 0;

        if (end < 3 || length < ShortestFeminine || NoWomenForms.Contains(whole))
            return length;

        foreach (var ending in Masculine)
        {
            if (whole[..end].EndsWith(ending))
                return end;
        }

        return length;
    }

    private static int Replaced(Span<char> word, int length)
    {
        foreach (var (ending, instead) in Endings)
        {
            if (length >= ending.Length + (ending.Length < 5 ? 2 : 0) && word[..length].EndsWith(ending))
                return Write(word, length - ending.Length, instead);
        }

        return length;
    }

    private static int Write(Span<char> word, int at, string text)
    {
        text.CopyTo(word[at..]);
        return at + text.Length;
    }

    private static FrozenDictionary<string, string> Forms(string people, string table)
    {
        var forms = new Dictionary<string, string>(StringComparer.Ordinal);

        foreach (var word in people.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var ending in (ReadOnlySpan<string>)["", "s", "n", "in", "innen"])
                forms.Add(word + ending, word);
        }

        foreach (var line in table.Split(['|', '\n'], StringSplitOptions.TrimEntries))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

            foreach (var word in words)
                forms.Add(word, words[0]);
        }

        return forms.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
