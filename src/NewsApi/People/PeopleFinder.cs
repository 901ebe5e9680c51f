using System.Text.Json;
using NewsApi.Http;
using NewsApi.People.Names;
using NewsApi.Storage;

namespace NewsApi.People;

/// <summary>Suggests people while their name is typed: those first who are in the news, then from A to Z.</summary>
internal sealed class PeopleFinder(NewsDatabase database, RecentCoverage coverage, AnswerCache cache)
{
    public ValueTask<IReadOnlyList<(FoundPerson Person, string Matched)>> SuggestAsync(string typed, int limit, bool preview, CancellationToken cancel) =>
        database.ReadAsync(commands => SuggestAsync(commands, typed, limit, preview, cancel), cancel);

    /// <summary>The suggestions as an answer that is kept until something changes.</summary>
    public async ValueTask<IResult> AnswerAsync(HttpContext http, SuggestQuery query, CancellationToken cancel)
    {
        var stamp = cache.Everything();
        var found = await SuggestAsync(query.Q!, query.Count, query.IsPreview, cancel);
        var list = new SuggestionList
        {
            Items =
            [
                .. found.Select(f => new PersonSuggestion
                {
                    Id = f.Person.Id,
                    Slug = f.Person.Slug,
                    Name = f.Person.Name,
                    Matched = f.Matched,
                    Offices = f.Person.CurrentOffices,
                }),
            ],
        };
        return Keep(http, JsonSerializer.SerializeToUtf8Bytes(list, WireJson.Default.SuggestionList), query.IsPreview, stamp);
    }

    public IResult Keep(HttpContext http, byte[] body, bool preview, AnswerCache.Stamp stamp)
    {
        var answer = new Answer(body, Answer.TagOf(body)) { IsPublic = !preview, SurrogateKey = "people" };
        cache.Keep(http, answer, stamp);
        return answer;
    }

    private async ValueTask<IReadOnlyList<(FoundPerson Person, string Matched)>> SuggestAsync(
        StoredCommands commands, string text, int limit, bool preview, CancellationToken cancel)
    {
        var typed = NamePrefixes.Typed(text);
        if (typed.Count == 0) return [];

        var reader = new PeopleReader(commands, preview);
        var covered = await coverage.GetAsync(commands, cancel);
        var places = await reader.BeginningAsync(NamePrefixes.Ranges(text), cancel);

        // The range is cut where few letters have been typed; whoever is in the news is not lost by that.
        var ids = covered.Values.Where(c => c.Prefixes.Any(p => typed.Any(t => p.StartsWith(t, StringComparison.Ordinal)))).Select(c => c.Id)
            .Concat(places.Keys).Distinct()
            .OrderByDescending(id => covered.TryGetValue(id, out var person) ? person.Articles : 0)
            .ThenBy(id => places.GetValueOrDefault(id) ?? "", StringComparer.Ordinal).ThenBy(id => id, StringComparer.Ordinal)
            .Take(2 * limit).ToList();
        var people = await reader.LoadAsync(ids, cancel);

        // What the rows of a moment ago said is asked of the document once more.
        return
        [
            .. ids.Where(people.ContainsKey).Select(id => (Person: people[id], Matched: people[id].Matched(typed)!)).Where(p => p.Matched is not null).Take(limit),
        ];
    }
}
