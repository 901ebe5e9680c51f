using NewsApi.People;
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

        var found = await new PeopleReader(commands, preview).LoadAsync(ids, cancel);
        foreach (var named in query.Named)
        {
            var understood = named.People.Where(found.ContainsKey).Select(id => found[id]).ToList();
            people._understood.AddRange(understood.Select(p => new UnderstoodName { Text = named.Text, Person = new PersonRef { Id = p.Id, Slug = p.Slug, Name = p.Name } }));
            if (!named.IsExcluded) people.Names = [.. people.Names.Union(understood.SelectMany(p => p.AllNames).Select(n => n.Entry.Value))];
        }

        return people;
    }

    public SearchExplanation Explain(QueryNode query) => new() { Query = query.ToString()!, People = _understood };
}
