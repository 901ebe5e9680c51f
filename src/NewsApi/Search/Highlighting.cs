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
        return documents.ToDictionary(d => d.Key, IReadOnlyList<SearchHighlight> (d) => Of(d.Value, terms));
    }

    /// <summary>The heads first, then the body in its order. What stands behind the last place is not looked at: reading texts is what this costs.</summary>
    private static List<SearchHighlight> Of(byte[] json, QueryTerms terms)
    {
        using var document = JsonDocument.Parse(json);
        var places = new List<SearchHighlight>(Places);
        foreach (var field in ResourceFields.Of(document.RootElement))
        {
            if (terms.Best(field.Text) is not { } best) continue;

            places.Add(new SearchHighlight
            {
                Field = field.Name,
                Block = field.Block,
                Html = best.Html,
                Start = best.Start,
                Matches = [.. best.Ranges.Select(r => new TextMatch { Start = r.Start, Length = r.Length })],
            });
            if (places.Count == Places) break;
        }

        return places;
    }
}
