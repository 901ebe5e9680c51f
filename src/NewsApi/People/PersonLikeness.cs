using NewsApi.People.Names;

namespace NewsApi.People;

/// <summary>How near a name is to a person: to the nearest of the names on record.</summary>
internal static class PersonLikeness
{
    public static (double Score, IReadOnlyList<string> Reasons) Of(ComparableName asked, FoundPerson person)
    {
        var best = NameLikeness.None;
        NameEntry? entry = null;

        // "Witkoff" is on record, but Zach is not: whoever is asked for by two names is compared with whole names.
        var hasWhole = person.Comparable().Any(n => n.Name.Words.Count > 1);
        foreach (var (known, name) in person.Comparable())
        {
            if (hasWhole && asked.Words.Count > 1 && name.Words.Count == 1) continue;

            var likeness = NameMatcher.Compare(asked, name);
            if (likeness.Score <= best.Score) continue;

            (best, entry) = (likeness, known);
            if (best.Score >= 1) break;
        }

        if (entry is null) return (0, []);

        var reasons = best.Reasons.Select(r => r == NameReasons.Romanisation && SystemOf(asked, person) is { } system ? $"{r}: {system.Name}" : r).ToList();
        if (entry.Kind != NameKinds.Preferred) reasons.Add($"{entry.Kind} on record: {entry.Value}");
        return (best.Score, reasons);
    }

    /// <summary>The system that writes one of the Cyrillic names on record as it was asked for.</summary>
    private static RomanisationSystem? SystemOf(ComparableName asked, FoundPerson person) => person.Names.Select(n => n.Value)
        .Where(n => n.Any(Romanisation.IsCyrillic)).Select(n => Romanisation.SystemThatWrites(asked.Name.Text, n)).FirstOrDefault(s => s is not null);
}
