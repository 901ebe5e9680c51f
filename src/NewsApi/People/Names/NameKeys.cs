namespace NewsApi.People.Names;

/// <summary>
/// The keys by which a name is found: two spellings of one name share a key, in whatever system and script they are written. A key is
/// folded text, exact to compare; those that rest on a reading as Ukrainian or Russian begin with <c>~</c> and meet only their like.
/// </summary>
internal static class NameKeys
{
    /// <summary>Longer keys are cut; no name differs only behind this.</summary>
    public const int Longest = 60;

    private const int WordsInQuery = 6;
    private const int ReadingsLimit = 12;
    private const char Slavic = '~';

    private static readonly string[] Common = ["kmu-2010", "duden-uk", "bgnpcgn-ru-1947", "duden-ru"];

    /// <summary>The keys of somebody's name: of the whole, in any order, with and without middle names, and of the family name alone.</summary>
    public static IReadOnlyList<string> OfName(string name, string? familyName = null)
    {
        if (PersonalName.Read(name, familyName) is not { } read) return [];

        return Keys([.. OfRecord(read), .. read.Given.Any() ? (string[][])[Written(read.Family)] : []]);
    }

    /// <summary>The keys of a family name alone.</summary>
    public static IReadOnlyList<string> OfFamily(string familyName) =>
        PersonalName.Read(familyName) is { } read ? Keys([Written(read.Words)]) : [];

    /// <summary>
    /// The keys to look for where somebody asks for these words as a name: a whole name or a family name, with or without the -s of the
    /// genitive. A given name alone is on nobody's record, so it finds nobody.
    /// </summary>
    public static IReadOnlyList<string> OfQuery(string words)
    {
        if (PersonalName.Read(words) is not { Words.Count: <= WordsInQuery } read) return [];

        var spellings = new List<string[]> { Written(read.Words) };
        spellings.AddRange(Shortened(read));
        if (WithoutGenitive(read.Words[^1].Text) is { } stem)
        {
            var nominative = read with { Words = [.. read.Words.SkipLast(1), read.Words[^1] with { Text = stem }] };
            spellings.Add(Written(nominative.Words));
            spellings.AddRange(Shortened(nominative));
        }

        return Keys(spellings);
    }

    /// <summary>A key that near misses share: the consonants of the family name, in no order. For finding whom to compare, no more.</summary>
    public static string? Loose(string name, string? familyName = null)
    {
        if (PersonalName.Read(name, familyName) is not { } read) return null;

        var latin = Latin([read.Family.Last().Text]).First()[0];
        var consonants = string.Concat(NameFold.Consonants(NameFold.General(NameFold.Plain(latin))).Distinct().Order());
        return consonants.Length < 2 ? null : consonants.Length > Longest ? consonants[..Longest] : consonants;
    }

    /// <summary>The word without the -s of the German genitive; nothing where it has none.</summary>
    public static string? WithoutGenitive(string word)
    {
        if (word.Length < 4 || word[^1] is not ('s' or 'S') || Romanisation.IsCyrillic(word[^2])) return null;
        if (word[^2] is '\'' or '’') return word[..^2];

        return word[^2] is 's' or 'S' or 'x' or 'X' or 'z' or 'Z' or 'ß' ? null : word[..^1];
    }

    /// <summary>The spellings of the words in Latin letters: themselves, or what the common systems make of them.</summary>
    public static IEnumerable<string[]> Latin(string[] words)
    {
        var text = string.Join(' ', words);
        if (!text.Any(Romanisation.IsCyrillic)) return [words];

        return Romanisation.SystemsFor(text).Where(s => Common.Contains(s.Id)).Select(s => words.Select(w => Romanisation.Of(w, s)).ToArray());
    }

    /// <summary>The whole name, what is left of it where it is shortened, and the initial in place of the given name, as agencies have it.</summary>
    private static IEnumerable<string[]> OfRecord(PersonalName name)
    {
        yield return Written(name.Words);
        foreach (var shortened in Shortened(name)) yield return shortened;
        if (name.Given.FirstOrDefault() is { IsInitial: false, Text: { } first } && !char.IsSurrogate(first[0])) yield return [first[..1], .. Written(name.Family)];
    }

    /// <summary>First given name and family name.</summary>
    private static IEnumerable<string[]> Shortened(PersonalName name)
    {
        var given = name.Given.ToList();
        if (given.Count < 2) yield break;

        var family = Written(name.Family);
        yield return [given[0].Text, .. family];
        if (given[0].IsInitial && given.Find(w => !w.IsInitial) is { Text: { } spelt }) yield return [spelt, .. family];
    }

    private static string[] Written(IEnumerable<NameWord> words) => [.. words.Select(w => w.Text)];

    private static IReadOnlyList<string> Keys(IEnumerable<string[]> spellings) => [.. spellings.SelectMany(Keys).Where(k => k.Length > 1).Distinct()];

    private static IEnumerable<string> Keys(string[] words)
    {
        foreach (var spelling in Latin(words))
        {
            yield return Joined(spelling.Select(w => NameFold.General(NameFold.Plain(w))));
            yield return Joined(spelling.Select(w => NameFold.General(NameFold.Plain(w, german: true))));
        }

        if (!words.Any(w => w.Any(Romanisation.IsCyrillic)) && !words.Where((w, i) => NameFold.LooksSlavic(NameFold.Plain(w), i == words.Length - 1)).Any()) yield break;

        // Each word in each of its readings: a German given name goes before an English family name.
        IEnumerable<string[]> readings = [[]];
        foreach (var word in words) readings = readings.SelectMany(r => NameFold.Slavic(word).Select(w => (string[])[.. r, w])).Take(ReadingsLimit).ToList();
        foreach (var reading in readings)
        {
            if (Joined(reading) is { Length: > 0 } key) yield return Slavic + (key.Length < Longest ? key : key[..(Longest - 1)]);
        }
    }

    private static string Joined(IEnumerable<string> words)
    {
        var key = string.Join(' ', words.Where(w => w.Length > 0).Order(StringComparer.Ordinal));
        return key.Length > Longest ? key[..Longest] : key;
    }
}
