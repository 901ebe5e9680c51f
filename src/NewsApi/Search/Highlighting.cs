using System.Text.Json;

namespace NewsApi.Search;

/// <summary>Finds, in the documents that are shown, the places where they answer a query.</summary>
internal static class Highlighting
{
    /// <summary>So many places of a resource are shown.</summary>
    private const int Places = 4;

    public static Dictionary<Match, IReadOnlyList<SearchHighlight>> Of(QueryNode query, QueryPeople people, Dictionary<Match, byte[]> documents)
    {
        var terms = new QueryTerms(query, people.Names);
        return documents.ToDictionary(d => d.Key, d => Of(d.Value, terms));
    }

    /// <summary>The heads in their order, and of the body the blocks where most was found.</summary>
    private static IReadOnlyList<SearchHighlight> Of(byte[] json, QueryTerms terms)
    {
        using var document = JsonDocument.Parse(json);
        var found = new List<(ResourceField Field, IReadOnlyList<TextRange> Ranges)>();
        foreach (var field in ResourceFields.Of(document.RootElement))
        {
            if (terms.Find(field.Text) is { Count: > 0 } ranges) found.Add((field, ranges));
        }

        return
        [
            .. found.OrderBy(f => f.Field.Block is not null).ThenByDescending(f => f.Field.Block is null ? 0 : f.Ranges.Count).Take(Places)
                .Select(f => (f.Field, Best: Highlight.Of(f.Field.Text, f.Ranges)!))
                .Select(f => new SearchHighlight
                {
                    Field = f.Field.Name,
                    Block = f.Field.Block,
                    Html = f.Best.Html,
                    Start = f.Best.Start,
                    Matches = [.. f.Best.Ranges.Select(r => new TextMatch { Start = r.Start, Length = r.Length })],
                }),
        ];
    }
}
