namespace NewsApi.People.Names;

/// <summary>
/// What is typed of a name before it is complete, without accents and in whatever script: the folded name from each of its words on, and
/// with the family name first. Nothing here rests on letters that are still to come.
/// </summary>
internal static class NamePrefixes
{
    private const int WordStarts = 6;
    private const char Slavic = '~';

    /// <summary>Sorts behind everything that a folded name consists of.</summary>
    private const char Last = '\u007F';

    /// <summary>The forms of which one begins with what is typed.</summary>
    public static IEnumerable<string> Of(string name, string? familyName = null)
    {
        var words = Words(name);
        if (words.Length == 0) return [];

        var orders = new List<string[]>();
        for (var i = 0; i < Math.Min(words.Length, WordStarts); i++) orders.Add(words[i..]);
        var family = familyName is null ? [] : Words(familyName);
        var isAtEnd = family.Length > 0 && words.Length > family.Length && words.TakeLast(family.Length).SequenceEqual(family);
        var last = isAtEnd ? family.Length : 1;
        if (words.Length > last) orders.Add([.. words[^last..], .. words[..^last]]);
        var isSlavic = words.Where((w, i) => w.Any(Romanisation.IsCyrillic) || NameFold.LooksSlavic(NameFold.Plain(w), i == words.Length - 1)).Any();
        return orders.SelectMany(o => Forms(o, isSlavic)).Select(f => f.Length > NameKeys.Longest ? f[..NameKeys.Longest] : f).Distinct();
    }

    /// <summary>The ranges in which the forms lie that begin with what is typed.</summary>
    public static IReadOnlyList<(string From, string Before)> Ranges(string typed) => [.. Typed(typed).Select(f => (f, f + Last))];

    /// <summary>What is typed, folded as the forms are; several where it can be read in several ways.</summary>
    public static IReadOnlyList<string> Typed(string typed)
    {
        var words = Words(typed);
        return words.Length is 0 or > PersonalName.WordsLimit ? [] : [.. Forms(words, asSlavic: true).Select(f => f.Length > NameKeys.Longest ? f[..NameKeys.Longest] : f).Distinct()];
    }

    /// <summary>Whether a form has the letters of a spelling, and not their sound.</summary>
    public static bool IsAsWritten(string form) => form[0] != Slavic;

    private static IEnumerable<string> Forms(string[] words, bool asSlavic)
    {
        foreach (var spelling in NameKeys.Latin(words))
        {
            yield return string.Join(' ', spelling.Select(w => NameFold.Plain(w)));
            yield return string.Join(' ', spelling.Select(w => NameFold.Plain(w, german: true)));
        }

        if (!asSlavic) yield break;

        var first = NameFold.Slavic(words[0]).ToList();
        var rest = words.Skip(1).Select(w => NameFold.Slavic(w).FirstOrDefault() ?? "").ToList();
        foreach (var reading in first) yield return $"{Slavic}{string.Join(' ', [reading, .. rest])}";
    }

    private static string[] Words(string name) =>
        [.. name.Split([' ', '-', '\u2010', '\u2011', ',', '.', '\u00A0'], StringSplitOptions.RemoveEmptyEntries).Where(w => NameFold.Plain(w).Length > 0)];
}
