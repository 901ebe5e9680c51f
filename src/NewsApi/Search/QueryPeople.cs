using System.Text.Json;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Search;

/// <summary>The people that a query was understood to name.</summary>
internal sealed class QueryPeople
{
    private readonly List<UnderstoodName> _understood = [];

    private QueryPeople()
    {
    }

    /// <summary>Every spelling on record of any of them.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    public static async Task<QueryPeople> ReadAsync(StoredCommands commands, ReadQuery? query, bool preview, CancellationToken cancel)
    {
        var people = new QueryPeople();
        if (query is null) return people;

        var ids = query.Named.SelectMany(n => n.People).Distinct().ToList();
        if (ids.Count == 0) return people;

        var documents = (await StoredViews.DocumentsAsync(commands, ResourceType.Person, ids, preview, cancel))
            .ConvertAll(d => JsonSerializer.Deserialize(d, WireJson.Default.PersonResponse)!);
        people.Names = [.. documents.SelectMany(d => d.Names).Select(n => n.Value).Distinct()];
        foreach (var named in query.Named)
        {
            people._understood.AddRange(documents.Where(d => named.People.Contains(d.Id.ToString()))
                .Select(d => new UnderstoodName { Text = named.Text, Person = new PersonRef { Id = d.Id, Slug = d.Slug, Name = d.Name } }));
        }

        return people;
    }

    public SearchExplanation Explain(QueryNode query) => new() { Query = query.ToString()!, People = _understood };
}
