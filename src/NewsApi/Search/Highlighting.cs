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

    /// <summary>The heads in their order, and of the body the blocks with the most different words.</summary>
    private static IReadOnlyList<SearchHighlight> Of(byte[] json, QueryTerms terms)
    {
        using var document = JsonDocument.Parse(json);
        return
        [
            .. ResourceFields.Of(document.RootElement).Select(field => (Field: field, Best: terms.Best(field.Text))).Where(f => f.Best is not null)
                .OrderBy(f => f.Field.Block is not null)
                .ThenByDescending(f => f.Field.Block is null ? 0 : f.Best!.Ranges.Count)
                .Take(Places)
                .Select(f => new SearchHighlight
                {
                    Field = f.Field.Name,
                    Block = f.Field.Block,
                    Html = f.Best!.Html,
                    Start = f.Best.Start,
                    Matches = [.. f.Best.Ranges.Select(r => new TextMatch { Start = r.Start, Length = r.Length })],
                }),
        ];
    }
}
