using NewsApi.People.Names;
using NewsApi.Publishing;

namespace NewsApi.People;

/// <summary>The filter rows by which a person is found by name. No list can be asked for them.</summary>
internal static class NameRows
{
    // Together at most 200 rows a person; the spellings that the house prints come first.
    private const int KeysLimit = 120;
    private const int PrefixesLimit = 72;
    private const int LooseLimit = 8;

    public static IEnumerable<FilterValue> Of(PersonInput form) =>
        Of([form.PrintedName!, .. form.Names.Where(n => n.Value != form.PrintedName).Select(n => n.Value)], form.FamilyName);

    /// <summary>Of somebody who was merged into the person: as many again.</summary>
    public static IEnumerable<FilterValue> Of(MergedNames other) =>
        Of([.. other.Names.OrderByDescending(n => n.Kind == NameKinds.Preferred).Select(n => n.Value)], other.FamilyName);

    private static IEnumerable<FilterValue> Of(IReadOnlyList<string> names, string? familyName)
    {
        var keys = names.SelectMany(n => NameKeys.OfName(n, familyName));
        if (familyName is { } family) keys = keys.Concat(NameKeys.OfFamily(family));
        return
        [
            .. keys.Distinct().Take(KeysLimit).Select(k => new FilterValue(FilterValue.Name, k)),
            .. names.SelectMany(n => NamePrefixes.Of(n, familyName)).Distinct().Take(PrefixesLimit).Select(p => new FilterValue(FilterValue.NamePrefix, p)),
            .. names.Select(n => NameKeys.Loose(n, familyName)).OfType<string>().Distinct().Take(LooseLimit).Select(l => new FilterValue(FilterValue.NameLoose, l)),
        ];
    }
}
