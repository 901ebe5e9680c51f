using System.Globalization;
using System.Text;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Search;

/// <summary>A value that what was found can be narrowed by, and how often it comes up.</summary>
public sealed record FacetCount
{
    /// <summary>To be sent as the filter of the same name; a month as <c>2026-01</c>.</summary>
    public required string Value { get; init; }

    /// <summary>How readers know it; absent where that is the value itself.</summary>
    public required string? Label { get; init; }

    /// <summary>How many articles have it.</summary>
    public required int Count { get; init; }
}

/// <summary>How the articles of a list spread over values they can be narrowed by: those asked for, the most frequent first, fifty at most.</summary>
public sealed record Facets
{
    public required IReadOnlyList<FacetCount>? Section { get; init; }
    public required IReadOnlyList<FacetCount>? Tag { get; init; }

    /// <summary>Values are ids.</summary>
    public required IReadOnlyList<FacetCount>? Person { get; init; }
    public required IReadOnlyList<FacetCount>? Source { get; init; }
    public required IReadOnlyList<FacetCount>? Language { get; init; }

    /// <summary>Of publication, in the zone of <c>timeZone</c>; the latest first.</summary>
    public required IReadOnlyList<FacetCount>? Month { get; init; }

    /// <summary><c>true</c>: there are more than 10,000 articles, and only the newest 10,000 were counted.</summary>
    public required bool? Truncated { get; init; }

    /// <summary>Those of an empty list.</summary>
    internal static Facets None(IReadOnlyList<string> facets) => new()
    {
        Section = Of(facets, FacetCounting.Section),
        Tag = Of(facets, FacetCounting.Tag),
        Person = Of(facets, FacetCounting.Person),
        Source = Of(facets, FacetCounting.Source),
        Language = Of(facets, FacetCounting.Language),
        Month = Of(facets, FacetCounting.Month),
        Truncated = null,
    };

    private static FacetCount[]? Of(IReadOnlyList<string> facets, string name) => facets.Contains(name) ? [] : null;
}

/// <summary>Counts the facet values of matches.</summary>
/// <param name="facets">What is asked for.</param>
/// <param name="zone">In which months are counted.</param>
/// <param name="survivors">Who counts in the place of people who were merged.</param>
internal sealed class FacetCounting(IReadOnlyList<string> facets, string? zone, IReadOnlyDictionary<string, string> survivors)
{
    public const string Section = "section";
    public const string Tag = "tag";
    public const string Person = "person";
    public const string Source = "source";
    public const string Language = "language";
    public const string Month = "month";

    /// <summary>So many matches are counted.</summary>
    public const int Newest = 10_000;

    private const int ValuesLimit = 50;

    public static readonly string[] Names = [Section, Tag, Person, Source, Language, Month];

    private readonly TimeZoneInfo _zone = TimeZones.TryFind(zone ?? TimeZones.Default, out var found) ? found : TimeZoneInfo.Utc;
    private readonly Dictionary<string, int> _lines = [];
    private readonly Dictionary<string, int> _minutes = [];

    public void Add(Match match)
    {
        var counts = _lines.GetAlternateLookup<ReadOnlySpan<char>>();
        var lines = Encoding.UTF8.GetString(match.More).AsSpan();
        if (survivors.Count > 0) lines = Merged(lines.ToString());
        foreach (var line in lines.Split('\n')) counts[lines[line]] = counts.TryGetValue(lines[line], out var count) ? count + 1 : 1;

        if (!facets.Contains(Month)) return;

        var months = _minutes.GetAlternateLookup<ReadOnlySpan<char>>();
        var minute = match.SortKey.AsSpan(0, 16);
        months[minute] = months.TryGetValue(minute, out var known) ? known + 1 : 1;
    }

    /// <summary>The lines with survivors in the place of those who were merged, each once.</summary>
    private string Merged(string lines) => string.Join('\n', lines.Split('\n').Select(line =>
        line.StartsWith($"{Person}\t", StringComparison.Ordinal) && survivors.TryGetValue(FacetValues.Read(line).Value, out var survivor) ? $"{Person}\t{survivor}\t" : line).Distinct());

    /// <param name="isTruncated">Whether there was more to count.</param>
    /// <param name="labels">Finds the names of people by id, and of sections by slug.</param>
    public async Task<Facets> ReadAsync(
        bool isTruncated, Func<ResourceType, IReadOnlyList<string>, Task<IReadOnlyDictionary<string, string>>> labels)
    {
        var values = _lines.Where(l => l.Key.Length > 0).Select(l => (Value: FacetValues.Read(l.Key), Count: l.Value)).ToLookup(v => v.Value.Facet);
        return new Facets
        {
            Section = await NamedAsync(Section, ResourceType.Section),
            Tag = Of(Tag),
            Person = await NamedAsync(Person, ResourceType.Person),
            Source = Of(Source),
            Language = Of(Language),
            Month = !facets.Contains(Month) ? null : [.. Months().OrderByDescending(m => m.Value, StringComparer.Ordinal).Take(ValuesLimit)],
            Truncated = isTruncated ? true : null,
        };

        List<FacetCount>? Of(string facet) => !facets.Contains(facet) ? null :
        [
            .. values[facet].GroupBy(v => v.Value.Value).Select(v => (Value: v.Key, v.MaxBy(l => l.Count).Value.Label, Count: v.Sum(l => l.Count)))
                .OrderByDescending(v => v.Count).ThenBy(v => v.Value, StringComparer.Ordinal).Take(ValuesLimit)
                .Select(v => new FacetCount { Value = v.Value, Label = v.Label == v.Value ? null : v.Label, Count = v.Count }),
        ];

        async Task<IReadOnlyList<FacetCount>?> NamedAsync(string facet, ResourceType type)
        {
            if (Of(facet) is not { Count: > 0 } counts) return Of(facet);

            var names = await labels(type, counts.ConvertAll(c => c.Value));
            return counts.ConvertAll(c => c with { Label = names.GetValueOrDefault(c.Value) });
        }
    }

    private IEnumerable<FacetCount> Months() => _minutes
        .Select(m => (Month: TimeZoneInfo.ConvertTime(Instant(m.Key), _zone).ToString("yyyy-MM", CultureInfo.InvariantCulture), Count: m.Value))
        .GroupBy(m => m.Month, (month, minutes) => new FacetCount { Value = month, Label = null, Count = minutes.Sum(m => m.Count) });

    private static DateTimeOffset Instant(string minute) => DateTimeOffset.ParseExact(minute, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
