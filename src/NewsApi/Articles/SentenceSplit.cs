using System.Buffers;

namespace NewsApi.Articles;

/// <summary>
/// Takes German text apart into its sentences. A full stop also stands behind ordinal numbers, abbreviations and initials; where it is not clear
/// which one it is, the sentence goes on.
/// </summary>
internal static class SentenceSplit
{
    private const string Closing = "\"'”“’»«›‹)]";
    private const string Opening = "\"'„“”‚‘»«›‹([–—";

    private static readonly SearchValues<char> RomanDigits = SearchValues.Create("IVXLCM");

    /// <summary>What is written with a full stop and seldom ends a sentence.</summary>
    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "Abb", "Abg", "Abs", "Abt", "Adr", "allg", "Anm", "Art", "Aufl", "Bd", "Bez", "bes", "bzgl", "bzw", "ca", "Chr", "Dipl", "Dir", "dgl", "Dr", "dt", "ehem", "eigtl", "einschl",
        "engl", "Erg", "ev", "evtl", "exkl", "Fa", "Fam", "ff", "Fr", "frz", "geb", "gegr", "gem", "Gen", "ggf", "gest", "Hl", "Hr", "Hrn", "Hrsg", "Ing", "inkl", "insb", "ital", "jun", "Kap", "kath", "KR",
        "lat", "lt", "Lt", "Mag", "max", "min", "mind", "Mr", "Mrs", "Ms", "mtl", "Nr", "NR", "österr", "ÖR", "Pfr", "phil", "Präs", "Prof", "Red", "ref", "rd", "röm", "russ", "s", "sen", "Sen",
        "sog", "sogen", "St", "stellv", "Str", "südl", "nördl", "östl", "westl", "Tel", "teilw", "u", "ukr", "Univ", "urspr", "verh", "Verf", "vgl", "vorm", "vs", "zit", "zw", "zzgl", "Jän", "Jan",
        "Feb", "Febr", "Mär", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Okt", "Nov", "Dez",
    };

    /// <summary>Abbreviations that may stand at the end.</summary>
    private static readonly HashSet<string> Ending = new(StringComparer.OrdinalIgnoreCase)
    {
        "usw", "usf", "etc", "Mio", "Mrd", "Bio", "Mill", "Jh", "Jhd", "Std", "Sek", "Co", "Inc", "Corp", "Ltd", "Jr", "Sr",
    };

    /// <summary>Words that begin a sentence and follow neither an ordinal number nor an abbreviation with a capital letter.</summary>
    private static readonly HashSet<string> Starters = new(StringComparer.Ordinal)
    {
        "Aber", "Alle", "Allerdings", "Als", "Am", "An", "Auch", "Auf", "Aus", "Außerdem", "Bei", "Beide", "Bereits", "Bis", "Da", "Dabei", "Dadurch", "Dafür", "Dagegen", "Daher", "Damals",
        "Damit", "Danach", "Dann", "Daran", "Darauf", "Darüber", "Darum", "Das", "Dass", "Dazu", "Demnach", "Denn", "Dennoch", "Der", "Deshalb", "Dessen", "Die", "Dies", "Diese", "Dieser", "Dieses", "Doch",
        "Dort", "Durch", "Ebenso", "Ein", "Eine", "Einem", "Einen", "Einer", "Er", "Erst", "Es", "Etwa", "Für", "Gegen", "Gleichzeitig", "Hier", "Hinzu", "Ich", "Ihm", "Ihr", "Ihre", "Im", "Immer", "In",
        "Insgesamt", "Ist", "Jede", "Jeder", "Jedoch", "Jetzt", "Kein", "Keine", "Laut", "Man", "Manche", "Mehr", "Mit", "Nach", "Nachdem", "Neben", "Nicht", "Noch", "Nun", "Nur", "Ob", "Obwohl", "Oder",
        "Ohne", "Schließlich", "Schon", "Sein", "Seine", "Seit", "Seitdem", "Sie", "So", "Sobald", "Somit", "Sowohl", "Trotz", "Trotzdem", "Über", "Um", "Und", "Unter", "Viele", "Vom", "Von", "Vor", "Während",
        "Wann", "Warum", "Was", "Wegen", "Weil", "Weiter", "Weitere", "Wenn", "Wer", "Wie", "Wir", "Wo", "Zu", "Zudem", "Zuletzt", "Zum", "Zur", "Zuvor", "Zwar", "Zwischen",
    };

    public static IReadOnlyList<string> Split(string text)
    {
        var sentences = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var end = text[i] is '\n' or '\r' or '\u2028' or '\u2029' ? i : text[i] is '.' or '!' or '?' or '…' ? EndAt(text, start, i) : -1;
            if (end < 0) continue;

            Add(text.AsSpan(start, end - start));
            start = end;
            i = Math.Max(i, end - 1);
        }

        Add(text.AsSpan(start));
        return sentences;

        void Add(ReadOnlySpan<char> sentence)
        {
            if (sentence.Trim() is { Length: > 0 } said) sentences.Add(said.ToString());
        }
    }

    /// <summary>Behind the sign at this place and what closes with it, where a sentence ends there; else -1.</summary>
    private static int EndAt(string text, int start, int sign)
    {
        var end = sign + 1;
        while (end < text.Length && (text[end] is '.' or '!' or '?' or '…' || Closing.Contains(text[end], StringComparison.Ordinal))) end++;
        if (end < text.Length && !char.IsWhiteSpace(text[end])) return -1;

        var next = end;
        while (next < text.Length && (char.IsWhiteSpace(text[next]) || Opening.Contains(text[next], StringComparison.Ordinal))) next++;
        if (next == text.Length) return end;
        if (char.IsLower(text[next])) return -1;
        return text[sign] != '.' || text[sign + 1] == '.' || IsFullStop(text, start, sign, next) ? end : -1;
    }

    private static bool IsFullStop(string text, int start, int stop, int next)
    {
        var first = stop;
        while (first > start && !char.IsWhiteSpace(text[first - 1]) && !Opening.Contains(text[first - 1], StringComparison.Ordinal)) first--;
        var word = text.AsSpan(first, stop - first);
        var last = word[(word.LastIndexOfAny('-', '/', '–') + 1)..];
        if (last.Length == 0) return true;
        if (IsCount(last)) return last.Length - last.LastIndexOf('.') > 4 || BeginsASentence(text, next);
        if (last.Contains('.')) return !IsAbbreviation(last);
        if (last.Length == 1 && char.IsLetter(last[0])) return false;
        if (IsRoman(last) || Is(Ending, last)) return BeginsASentence(text, next);
        return !Is(Abbreviations, last);
    }

    private static bool BeginsASentence(string text, int next)
    {
        var end = next;
        while (end < text.Length && char.IsLetter(text[end])) end++;
        return Starters.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text.AsSpan(next, end - next));
    }

    /// <summary>What a full stop makes an ordinal number of, also the last part of a date: 3.1.</summary>
    private static bool IsCount(ReadOnlySpan<char> word)
    {
        foreach (var c in word[(word.LastIndexOf('.') + 1)..])
        {
            if (!char.IsAsciiDigit(c)) return false;
        }

        return char.IsAsciiDigit(word[^1]) && char.IsAsciiDigit(word[0]);
    }

    /// <summary>z.B, i.d.R, U.S: letters with full stops between them, few in each part.</summary>
    private static bool IsAbbreviation(ReadOnlySpan<char> word)
    {
        foreach (var part in word.Split('.'))
        {
            if (word[part].Length is 0 or > 3) return false;
        }

        return true;
    }

    private static bool IsRoman(ReadOnlySpan<char> word) => !word.ContainsAnyExcept(RomanDigits);

    private static bool Is(HashSet<string> words, ReadOnlySpan<char> word) => words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
}
