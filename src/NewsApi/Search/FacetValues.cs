using System.Text;

namespace NewsApi.Search;

/// <summary>What a resource counts for under one facet.</summary>
/// <param name="Facet">The name of the facet.</param>
/// <param name="Value">What the filter of that name is asked with.</param>
/// <param name="Label">How readers know it, where that is in the resource itself; the names of people and sections are looked up.</param>
internal readonly record struct FacetValue(string Facet, string Value, string? Label = null);

/// <summary>Facet values as they lie in a row: a line each, its members behind tabs.</summary>
internal static class FacetValues
{
    public static byte[] Pack(IEnumerable<FacetValue> values) =>
        Encoding.UTF8.GetBytes(string.Join('\n', values.DistinctBy(v => (v.Facet, v.Value)).Select(v => $"{v.Facet}\t{Clean(v.Value)}\t{Clean(v.Label ?? "")}")));

    public static FacetValue Read(string line)
    {
        var members = line.Split('\t');
        return new FacetValue(members[0], members[1], members[2].Length == 0 ? null : members[2]);
    }

    public static IEnumerable<FacetValue> ReadAll(byte[] packed) =>
        Encoding.UTF8.GetString(packed).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read);

    private static string Clean(string text) => text.Replace('\t', ' ').Replace('\n', ' ');
}
