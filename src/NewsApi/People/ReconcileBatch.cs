using System.Globalization;
using System.Text.Json;
using FluentValidation;
using NewsApi.Http;

namespace NewsApi.People;

/// <summary>
/// Reads a batch of the Reconciliation Service API 0.2 as queries of our own. The properties that it may give are what breaks ties here:
/// <c>person</c>, <c>place</c> (or <c>country</c>, <c>office</c>) and <c>date</c>; others are passed over.
/// </summary>
internal static class ReconcileBatch
{
    public const string PersonType = "person";

    private const string ParameterName = "queries";

    /// <summary>The queries by their keys; nothing for one that asks for another type than people.</summary>
    public static Outcome<IReadOnlyList<(string Key, MatchQuery? Query)>> Read(string json, IValidator<MatchInput> validator)
    {
        if (!UnicodeText.TryNormalize(json, out var text)) return Fault("brokenText", UnicodeText.Fault);

        try
        {
            return Read(JsonSerializer.Deserialize(text, WireJson.Default.DictionaryStringReconcileBatchQuery), validator);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half of a surrogate pair is an InvalidOperationException, and shows only when the text is taken.
            return Fault("invalid", "A batch is a JSON object with a query under each key: {\"q0\":{\"query\":\"Selenskyj\"}}.");
        }
    }

    private static Outcome<IReadOnlyList<(string Key, MatchQuery? Query)>> Read(Dictionary<string, ReconcileBatchQuery>? batch, IValidator<MatchInput> validator)
    {
        if (batch is null or { Count: 0 }) return Fault("required", "A batch holds one query at least.");
        if (batch.Count > MatchInput.QueriesLimit) return Fault("tooMany", $"A batch holds {MatchInput.QueriesLimit} queries at most.");

        var queries = new List<(string Key, MatchQuery? Query)>();
        foreach (var (key, query) in batch)
        {
            if (query is null || (string.IsNullOrWhiteSpace(query.Query) && query.Properties.Count == 0)) return Fault("required", $"The query '{key}' has no 'query'.");
            if (query.Limit is < 1) return Fault("outOfRange", $"The 'limit' of the query '{key}' is less than 1.");

            // Properties alone name nobody.
            queries.Add((key, IsOfPeople(query.Type) && !string.IsNullOrWhiteSpace(query.Query) ? Translated(query) : null));
        }

        var asked = new MatchInput { Queries = [.. queries.Select(q => q.Query).OfType<MatchQuery>()] };
        return validator.Validate(asked) is { IsValid: false } result ? Fault("invalid", result.Errors[0].ErrorMessage) : queries;
    }

    private static MatchQuery Translated(ReconcileBatchQuery query)
    {
        // Columns of others hold what they hold: a value that is no name, place or day breaks no tie, and is no fault either.
        var properties = query.Properties.Where(p => p?.Pid is not null).SelectMany(p => Values(p.V).Select(v => (p.Pid, Value: v)))
            .Where(p => p.Value.Length <= Person.NameLimit && !p.Value.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029')).ToLookup(p => p.Pid!, p => p.Value);
        return new MatchQuery
        {
            Name = query.Query!,
            Limit = Math.Min(query.Limit ?? MatchQuery.DefaultLimit, MatchQuery.MaximumLimit),
            Context = properties.Count == 0 ? null : new MatchContext
            {
                People = [.. properties["person"].Take(MatchContext.PeopleLimit)],
                Place = properties["place"].Concat(properties["country"]).Concat(properties["office"]).FirstOrDefault(),
                Date = properties["date"].FirstOrDefault(d => DateOnly.TryParseExact(d, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)),
            },
        };
    }

    private static bool IsOfPeople(JsonElement? type)
    {
        var types = type is { } given ? Values(given).ToList() : [];
        return types.Count == 0 || types.Contains(PersonType);
    }

    private static IEnumerable<string> Values(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? [text] : [],
        JsonValueKind.Number => [value.GetRawText()],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Values),
        JsonValueKind.Object => value.TryGetProperty("id", out var id) ? Values(id) : value.TryGetProperty("name", out var name) ? Values(name) : [],
        _ => [],
    };

    private static Problem Fault(string code, string detail) => Problems.Parameter(ParameterName, code, detail);
}
