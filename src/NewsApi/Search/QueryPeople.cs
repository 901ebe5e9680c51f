using System.Text.Json;
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

    /// <summary>Every spelling on record of those that are searched for.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    public static async Task<QueryPeople> ReadAsync(StoredCommands commands, ReadQuery? query, bool preview, CancellationToken cancel)
    {
        var people = new QueryPeople();
        if (query is null) return people;

        var ids = query.Named.SelectMany(n => n.People).Distinct().ToList();
        if (ids.Count == 0) return people;

        var documents = (await StoredViews.DocumentsAsync(commands, ResourceType.Person, ids, preview, cancel)).ConvertAll(Read);
        foreach (var named in query.Named)
        {
            people._understood.AddRange(documents.Where(d => named.People.Contains(d.Person.Id.ToString()))
                .Select(d => new UnderstoodName { Text = named.Text, Person = d.Person }));
        }

        var wanted = query.Named.Where(n => !n.IsExcluded).SelectMany(n => n.People).ToHashSet();
        people.Names = [.. documents.Where(d => wanted.Contains(d.Person.Id.ToString())).SelectMany(d => d.Names).Distinct()];

        return people;
    }

    public SearchExplanation Explain(QueryNode query) => new() { Query = query.ToString()!, People = _understood };

    /// <summary>What a document does not say is absent in it, so it is not read as a whole.</summary>
    private static (PersonRef Person, List<string> Names) Read(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var person = document.RootElement;
        return (
            new PersonRef { Id = person.GetProperty("id").GetGuid(), Slug = person.GetProperty("slug").GetString()!, Name = person.GetProperty("name").GetString()! },
            [.. person.GetProperty("names").EnumerateArray().Select(name => name.GetProperty("value").GetString()!)]);
    }
}
