using NewsApi.Http;

namespace NewsApi.Publishing;

/// <summary>
/// The longest that something may take from its first possible instant to its last. What overlaps a day is then found by its start alone:
/// nothing that takes a month began longer than a month before.
/// </summary>
internal sealed record Span(string Name, TimeSpan? Longest)
{
    /// <summary>Days and years as long as they are where clocks are put back, also from one zone to another.</summary>
    private static readonly Span[] Bounded = [new("day", TimeSpan.FromHours(26)), new("month", TimeSpan.FromDays(32)), new("year", TimeSpan.FromDays(367))];

    private static readonly Span Longer = new("longer", null);

    public static IReadOnlyList<Span> All { get; } = [.. Bounded, Longer];

    public static Span Of(TimeSpan length) => Array.Find(Bounded, span => length <= span.Longest) ?? Longer;

    /// <summary>When it must have begun to last until then; nothing where that may be any time.</summary>
    public string? EarliestStart(string until) =>
        Longest is { } longest && Instants.TryParse(until, out var instant) && instant.UtcTicks > longest.Ticks ? Instants.Format(instant - longest) : null;
}
