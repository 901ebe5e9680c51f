using System.Text.Json.Serialization;
using NewsApi.People.Names;

namespace NewsApi.People;

/// <summary>A stored document, as far as finding somebody by name needs it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record FoundPerson
{
    private List<(NameEntry Entry, ComparableName Name)>? _comparable;

    public required Guid Id { get; init; }
    public required string Slug { get; init; }
    public required string Name { get; init; }
    public string? FamilyName { get; set; }
    public IReadOnlyList<NameEntry> Names { get; set; } = [];
    public IReadOnlyList<OfficeEntry> Offices { get; set; } = [];
    public string? Description { get; set; }

    /// <summary>The names of those who were merged into the person.</summary>
    [JsonIgnore]
    public IReadOnlyList<MergedNames> Others { get; set; } = [];

    /// <summary>Every name that leads to the person, with the family name it is read by; the preferred one first.</summary>
    [JsonIgnore]
    public IEnumerable<(NameEntry Entry, string? FamilyName)> AllNames => Preferred(Names, FamilyName).Concat(Others.SelectMany(o => Preferred(o.Names, o.FamilyName)));

    /// <summary>The offices held now.</summary>
    [JsonIgnore]
    public IReadOnlyList<OfficeEntry> CurrentOffices => [.. Offices.Where(o => o.To is null)];

    /// <summary>The first office held now, as a line of print.</summary>
    [JsonIgnore]
    public string? Title => CurrentOffices.Count == 0 ? null
        : CurrentOffices[0].Organisation is { } organisation ? $"{CurrentOffices[0].Title}, {organisation}" : CurrentOffices[0].Title;

    /// <summary>Every name on record, the preferred one first, made ready for comparing once.</summary>
    public IReadOnlyList<(NameEntry Entry, ComparableName Name)> Comparable() => _comparable ??=
    [
        .. AllNames.Select(n => (n.Entry, ComparableName.Read(n.Entry.Value, n.FamilyName)!)).Where(n => n.Item2 is not null),
    ];

    /// <summary>The name on record that begins, at one of its words, with what is typed: as it is written before by its sound, the preferred one before others.</summary>
    public string? Matched(IReadOnlyList<string> typed)
    {
        var names = AllNames.Select(n => (n.Entry.Value, Forms: NamePrefixes.Of(n.Entry.Value, n.FamilyName).ToList())).ToList();
        return names.Find(n => n.Forms.Exists(f => NamePrefixes.IsAsWritten(f) && typed.Any(t => f.StartsWith(t, StringComparison.Ordinal)))).Value
            ?? names.Find(n => n.Forms.Exists(f => typed.Any(t => f.StartsWith(t, StringComparison.Ordinal)))).Value;
    }

    private static IEnumerable<(NameEntry Entry, string? FamilyName)> Preferred(IReadOnlyList<NameEntry> names, string? familyName) =>
        names.OrderByDescending(n => n.Kind == NameKinds.Preferred).Select(n => (n, familyName));
}
