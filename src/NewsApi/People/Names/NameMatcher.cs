namespace NewsApi.People.Names;

/// <summary>How near two names are, from 0 to 1, and the rules that say so.</summary>
internal sealed record NameLikeness(double Score, IReadOnlyList<string> Reasons)
{
    public static readonly NameLikeness None = new(0, []);
}

/// <summary>A name that is made ready once and compared with many.</summary>
internal sealed record ComparableName(PersonalName Name, IReadOnlyList<NameWordForms> Words)
{
    /// <summary>Nothing where there is no name in the text.</summary>
    public static ComparableName? Read(string text, string? familyName = null) =>
        PersonalName.Read(text, familyName) is { } name ? new ComparableName(name, NameWordForms.Of(name)) : null;
}

/// <summary>The words for rules that more than one class knows.</summary>
internal static class NameReasons
{
    public const string Same = "same name";
    public const string Romanisation = "same name in another romanisation";
    public const string Spelling = "same name in another spelling";
    public const string Genitive = "genitive";
    public const string Initial = "initial";
    public const string FamilyAlone = "family name alone";
}

/// <summary>
/// Compares two names of people. The family name decides: two that agree in it and differ in the given name are two people. Letters that
/// differ are never proof of anything; they lower the score below the point where somebody may be joined with somebody unseen.
/// </summary>
internal static class NameMatcher
{
    /// <summary>From here on two names may be of one person, and somebody should look.</summary>
    public const double Likely = 0.7;

    /// <summary>From here on they are as good as the same.</summary>
    public const double Safe = 0.9;

    private const double FamilyWeight = 0.55;
    private const int ShortestAlone = 8;

    public static NameLikeness Compare(string one, string other) => Compare(ComparableName.Read(one), ComparableName.Read(other));

    public static NameLikeness Compare(ComparableName? one, ComparableName? other)
    {
        if (one is null || other is null) return NameLikeness.None;

        var (ours, theirs) = (one.Words.ToList(), other.Words.ToList());
        if (ours.TrueForAll(w => w.Word.IsInitial) || theirs.TrueForAll(w => w.Word.IsInitial)) return NameLikeness.None;

        var reasons = new List<string>();
        if (Join(ours, theirs) | Join(theirs, ours)) reasons.Add("written together");

        if (reasons.Count == 0 && SystemBetween(one.Name.Text, other.Name.Text) is { } system) return new NameLikeness(0.98, [$"{NameReasons.Romanisation}: {system.Name}"]);

        var pairs = Align(ours, theirs, one.Name.NamesFather && other.Name.NamesFather);
        var score = Weigh(pairs, reasons) * Rest(ours, theirs, pairs, reasons);
        if (score > 0.99 && reasons.Count == 0) reasons.Add(NameReasons.Same);
        return new NameLikeness(Math.Round(Math.Clamp(score, 0, 1), 3), [.. reasons.Distinct()]);
    }

    private static RomanisationSystem? SystemBetween(string one, string other)
    {
        var isCyrillic = one.Any(Romanisation.IsCyrillic);
        if (isCyrillic == other.Any(Romanisation.IsCyrillic)) return null;

        return isCyrillic ? Romanisation.SystemThatWrites(other, one) : Romanisation.SystemThatWrites(one, other);
    }

    /// <summary>Brings "Hans Peter" to "Hanspeter" where the other name has it so.</summary>
    private static bool Join(List<NameWordForms> words, List<NameWordForms> others)
    {
        var joined = false;
        for (var i = 0; i + 1 < words.Count; i++)
        {
            if (words[i].Word.IsInitial || words[i + 1].Word.IsInitial) continue;

            var both = words[i].With(words[i + 1]);
            if (!others.Exists(o => o.SharesFormWith(both)) || others.Exists(o => o.SharesFormWith(words[i]))) continue;

            words[i] = both;
            words.RemoveAt(i + 1);
            joined = true;
        }

        return joined;
    }

    /// <summary>Pairs the words that belong together, the nearest first; where fathers are named only in their order.</summary>
    private static List<Pair> Align(List<NameWordForms> ours, List<NameWordForms> theirs, bool inOrder)
    {
        var likely = new List<Pair>();
        for (var i = 0; i < ours.Count; i++)
        {
            for (var j = 0; j < theirs.Count; j++)
            {
                var likeness = NameWordMatcher.Compare(ours[i], theirs[j]);
                if (likeness.Score > 0) likely.Add(new Pair(ours[i], theirs[j], i, j, likeness));
            }
        }

        var pairs = new List<Pair>();
        foreach (var pair in likely.OrderByDescending(p => p.Likeness.Score).ThenByDescending(p => p.One.IsFamily == p.Other.IsFamily).ThenBy(p => Math.Abs(p.I - p.J)))
        {
            if (pairs.Exists(p => p.I == pair.I || p.J == pair.J)) continue;
            if (inOrder && pairs.Exists(p => p.I < pair.I != p.J < pair.J)) continue;

            pairs.Add(pair);
        }

        return pairs;
    }

    private static double Weigh(List<Pair> pairs, List<string> reasons)
    {
        if (pairs.Count == 0) return 0;

        reasons.AddRange(pairs.OrderBy(p => p.I).Select(p => p.Likeness.Reason).OfType<string>());
        var family = pairs.Where(p => p.One.IsFamily && p.Other.IsFamily).ToList();
        var given = pairs.Except(family).ToList();

        // A word that stands alone has nothing beside it that could bear it out.
        if (pairs is [{ Likeness: { Score: < 0.9 } alone, One.Letters: { } letters }] && letters.Length < ShortestAlone) return alone.Score * 0.8;
        if (family.Count == 0 || given.Count == 0) return pairs.Average(p => p.Likeness.Score);

        return FamilyWeight * family.Average(p => p.Likeness.Score) + (1 - FamilyWeight) * given.Average(p => p.Likeness.Score);
    }

    /// <summary>What the words mean that have no partner.</summary>
    private static double Rest(List<NameWordForms> ours, List<NameWordForms> theirs, List<Pair> pairs, List<string> reasons)
    {
        var ourRest = ours.Where((_, i) => !pairs.Exists(p => p.I == i)).ToList();
        var theirRest = theirs.Where((_, i) => !pairs.Exists(p => p.J == i)).ToList();
        if (ourRest.Count > 0 && theirRest.Count > 0)
        {
            reasons.Add(ourRest.Concat(theirRest).Any(w => w.IsFamily) ? "family names differ" : "given names differ");
            return 0.5;
        }

        var order = 1.0;
        if (pairs.Exists(p => p.One.IsFamily != p.Other.IsFamily) && pairs.Count > 1 && ourRest.Count + theirRest.Count == 0)
        {
            reasons.Add("order of names");
            order = 0.98;
        }

        var (rest, whole) = ourRest.Count > 0 ? (ourRest, ours) : (theirRest, theirs);
        return rest.Count == 0 ? order : Missing(rest, whole, pairs.Count, reasons);
    }

    private static double Missing(List<NameWordForms> rest, List<NameWordForms> whole, int matched, List<string> reasons)
    {
        if (whole.Where(w => w.IsFamily).All(rest.Contains))
        {
            reasons.Add(matched > 1 ? "family name missing" : "given name alone");
            return matched > 1 ? 0.8 : 0.4;
        }

        if (rest.Exists(w => w.IsFamily))
        {
            reasons.Add("half of a double name");
            return 0.85;
        }

        if (whole.Where(w => !w.IsFamily).All(rest.Contains))
        {
            reasons.Add(NameReasons.FamilyAlone);
            return 0.75;
        }

        var score = 1.0;
        if (rest.Contains(whole[0]) && !whole[0].Word.IsInitial)
        {
            reasons.Add("first given name missing");
            score = 0.85;
        }
        else
        {
            reasons.Add(rest.TrueForAll(w => w.IsPatronymic) ? "patronymic" : rest.TrueForAll(w => w.Word.IsInitial) ? "missing initial" : "missing middle name");
        }

        var weighty = rest.Count(w => !w.IsPatronymic && !w.Word.IsInitial);
        return score * (weighty switch { 0 => 0.99, 1 => 0.97, 2 => 0.95, 3 => 0.92, _ => 0.65 });
    }

    private sealed record Pair(NameWordForms One, NameWordForms Other, int I, int J, WordLikeness Likeness);
}
