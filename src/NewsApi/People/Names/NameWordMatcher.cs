using NewsApi.Http;

namespace NewsApi.People.Names;

/// <summary>How near two words of names are, from 0 to 1, and the rule that says so.</summary>
internal readonly record struct WordLikeness(double Score, string? Reason)
{
    public static readonly WordLikeness None = new(0, null);
}

/// <summary>Compares a word of one name with a word of another. Letters that differ are a slip only in long words that agree in the rest.</summary>
internal static class NameWordMatcher
{
    private const int ShortestSlip = 5;
    private const int ShortestDoubleSlip = 10;
    private const int ShortestConsonants = 3;
    private const double SoundDistance = 0.34;

    // What many families share is no evidence: of "Henriksen" and "Frederiksen" the stems are compared.
    private static readonly string[] SharedEndings =
    [
        "dotir", "svili", "shvili", "ovich", "enko", "stein", "mann", "man", "berg", "burg", "feld", "bauer", "meier", "maier", "huber", "hofer", "inger", "sohn", "son", "sen",
        "ovska", "ovski", "evski", "inski", "ski", "ova", "eva", "ina", "ov", "ev", "iev", "in", "uk", "ian", "zai", "oglu", "idis", "opulos", "escu", "eli", "eti",
    ];

    public static WordLikeness Compare(NameWordForms one, NameWordForms other)
    {
        if (one.Word.IsInitial || other.Word.IsInitial) return Initials(one, other);
        if (one.Letters == other.Letters) return new(1, null);

        var areForeign = !one.IsLatin && !one.IsCyrillic && !other.IsLatin && !other.IsCyrillic;
        if (areForeign) return one.IsIdeographic || other.IsIdeographic ? WordLikeness.None : Slip(one.Letters, other.Letters, one, other);
        if (one.SharesFormWith(other)) return Respelt(one, other);
        if (IsGenitive(one, other) || IsGenitive(other, one)) return new(0.95, NameReasons.Genitive);

        if (!one.IsFamily || !other.IsFamily)
        {
            var nickname = $"nickname: {Shorter(one, other)} for {Longer(one, other)}";
            switch (GivenNames.Compare(one.All, other.All))
            {
                case GivenNameKinship.Nickname: return new(0.95, nickname);
                case GivenNameKinship.Form: return new(0.92, $"forms of one given name: {one.Word.Text} and {other.Word.Text}");
                case GivenNameKinship.Translation: return new(0.75, $"given name in another language: {one.Word.Text} and {other.Word.Text}");
            }
        }

        var best = WordLikeness.None;
        foreach (var a in one.Generals)
        {
            foreach (var b in other.Generals)
            {
                if (Slip(a, b, one, other) is var likeness && likeness.Score > best.Score) best = likeness;
            }
        }

        return best;
    }

    private static WordLikeness Respelt(NameWordForms one, NameWordForms other)
    {
        if (one.IsLatin && other.IsLatin && one.Plain == other.Plain) return new(0.99, "accents");

        return new(0.98, one.IsLatin && other.IsLatin && !one.Slavics.Intersect(other.Slavics).Any() ? NameReasons.Spelling : NameReasons.Romanisation);
    }

    private static WordLikeness Initials(NameWordForms one, NameWordForms other)
    {
        var agree = one.Generals.Concat(one.Slavics).Where(f => f.Length > 0).Any(a => other.Generals.Concat(other.Slavics).Any(b => b.Length > 0 && a[0] == b[0]));
        return agree ? new(0.6, NameReasons.Initial) : WordLikeness.None;
    }

    private static bool IsGenitive(NameWordForms one, NameWordForms other) =>
        NameKeys.WithoutGenitive(one.Word.Text) is { } stem && (NameFold.General(NameFold.Plain(stem)) is var general)
        && (other.Generals.Contains(general) || NameFold.Slavic(stem).Intersect(other.Slavics).Any());

    private static WordLikeness Slip(string a, string b, NameWordForms one, NameWordForms other)
    {
        if (a.Length < 3 || b.Length < 3) return WordLikeness.None;

        var isFamily = one.IsFamily && other.IsFamily;
        if (!isFamily && DifferInGender(a, b)) return WordLikeness.None;
        if (isFamily) (a, b) = Stems(a, b);
        var length = Math.Max(a.Length, b.Length);
        var distance = Distance(a, b);
        if (SoundsAlike(a, b) && distance <= SoundDistance * length) return new(0.8, "spelling: by ear");
        if (distance == 1 && length >= ShortestSlip) return new(0.7, "spelling: one letter");
        return distance == 2 && length >= ShortestDoubleSlip ? new(0.65, "spelling: two letters") : WordLikeness.None;
    }

    /// <summary>Martin and Martina, Angelo and Angela: two people.</summary>
    private static bool DifferInGender(string a, string b) => a[^1] != b[^1] && (a[^1] == 'a' || b[^1] == 'a') && Distance(a, b) == 1;

    private static (string One, string Other) Stems(string a, string b)
    {
        var ending = Array.Find(SharedEndings, e => a.EndsWith(e, StringComparison.Ordinal) && b.EndsWith(e, StringComparison.Ordinal));
        return ending is null || a.Length == ending.Length || b.Length == ending.Length ? (a, b) : (a[..^ending.Length], b[..^ending.Length]);
    }

    private static bool SoundsAlike(string a, string b)
    {
        var consonants = NameFold.Consonants(a);
        return consonants.Length >= ShortestConsonants && consonants == NameFold.Consonants(b) && IsVowel(a[0]) == IsVowel(b[0]);
    }

    private static bool IsVowel(char c) => "aeiou".Contains(c, StringComparison.Ordinal);

    private static string Shorter(NameWordForms one, NameWordForms other) => one.Word.Text.Length <= other.Word.Text.Length ? one.Word.Text : other.Word.Text;

    private static string Longer(NameWordForms one, NameWordForms other) => one.Word.Text.Length <= other.Word.Text.Length ? other.Word.Text : one.Word.Text;

    /// <summary>Edits, and two letters changed round count as one.</summary>
    private static int Distance(string a, string b)
    {
        var distance = Spelling.Distance(a, b);
        if (distance != 2 || a.Length != b.Length) return distance;

        var first = 0;
        while (a[first] == b[first]) first++;
        return first + 1 < a.Length && a[first] == b[first + 1] && a[first + 1] == b[first] && a[(first + 2)..] == b[(first + 2)..] ? 1 : 2;
    }
}
