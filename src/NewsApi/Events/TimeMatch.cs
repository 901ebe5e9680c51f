using System.Text.Json;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Events;

/// <summary>Whether an event that may overlap a span is sure to.</summary>
internal static class TimeMatch
{
    public const string Certain = "certain";
    public const string Possible = "possible";

    /// <summary>The stored event with <c>timeMatch</c> behind its other members.</summary>
    public static byte[] Mark(byte[] card, string? from, string? before)
    {
        var (start, end) = Read(card);
        return StoredJson.Append(card, "timeMatch", JsonSerializer.SerializeToUtf8Bytes(Of(start, end, from, before), WireJson.Default.String));
    }

    /// <summary>
    /// The start is some instant of its span, the end some instant of its own and not before the start; an event without an end lasts at least
    /// for the instant of its start.
    /// </summary>
    /// <param name="start">When it begins.</param>
    /// <param name="end">When it ends, where that is known.</param>
    /// <param name="from">The first instant that is inside, as sortable text.</param>
    /// <param name="before">The first instant that is outside again.</param>
    public static string Of(EventTime start, EventTime? end, string? from, string? before)
    {
        var latestStart = end is not null && end.Latest < start.Latest ? end.Latest : start.Latest;
        var earliestEnd = end is not null && end.Earliest > start.Earliest ? end.Earliest : start.Earliest;
        var beginsInTime = before is null || string.CompareOrdinal(Instants.Format(latestStart), before) < 0;
        var lasts = from is null || string.CompareOrdinal(Instants.Format(earliestEnd), from) >= 0;
        return beginsInTime && lasts ? Certain : Possible;
    }

    private static (EventTime Start, EventTime? End) Read(byte[] card) =>
        (JsonSerializer.Deserialize(StoredJson.Member(card, "start"u8).Span, WireJson.Default.EventTime)!,
            StoredJson.Member(card, "end"u8) is { IsEmpty: false } end ? JsonSerializer.Deserialize(end.Span, WireJson.Default.EventTime) : null);
}
