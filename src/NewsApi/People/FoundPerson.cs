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
        .. Names.OrderByDescending(n => n.Kind == NameKinds.Preferred).Select(n => (n, ComparableName.Read(n.Value, FamilyName)!)).Where(n => n.Item2 is not null),
    ];

    /// <summary>The name on record that begins, at one of its words, with what is typed: as it is written before by its sound, the preferred one before others.</summary>
    public string? Matched(IReadOnlyList<string> typed)
    {
        var names = Names.OrderByDescending(n => n.Kind == NameKinds.Preferred).Select(n => (n.Value, Forms: NamePrefixes.Of(n.Value, FamilyName).ToList())).ToList();
        return names.Find(n => n.Forms.Exists(f => NamePrefixes.IsAsWritten(f) && typed.Any(t => f.StartsWith(t, StringComparison.Ordinal)))).Value
            ?? names.Find(n => n.Forms.Exists(f => typed.Any(t => f.StartsWith(t, StringComparison.Ordinal)))).Value;
    }
}
