using System.Globalization;
using NewsApi.Http;
using NewsApi.People.Names;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.People;

/// <summary>
/// Finds whom names mean. Candidates come by keys, in a handful of statements however many names there are; the names on record are then
/// compared one by one, and what stands around a name decides between those that are as near as each other.
/// </summary>
internal sealed class PeopleMatcher(NewsDatabase database)
{
    private const int CandidatesLimit = 40;
    private const int TiedLimit = 10;

    /// <summary>Two people this near are not told apart by their names.</summary>
    private const double Tie = 0.05;

    /// <summary>How much each thing around the name counts.</summary>
    private const double Support = 0.02;

    private const int DaysAround = 30;

    public ValueTask<IReadOnlyList<MatchResult>> MatchAsync(IReadOnlyList<MatchQuery> queries, bool preview, CancellationToken cancel) =>
        database.ReadAsync(commands => MatchAsync(queries, new PeopleReader(commands, preview), cancel), cancel);

    private static async ValueTask<IReadOnlyList<MatchResult>> MatchAsync(IReadOnlyList<MatchQuery> queries, PeopleReader reader, CancellationToken cancel)
    {
        var asked = queries.Select(q => new Asked(q)).ToList();
        var named = asked.SelectMany(a => a.ContextNames).ToDictionary(n => n, NameKeys.OfQuery, StringComparer.Ordinal);
        var byKey = await reader.FindAsync(FilterValue.Name, asked.SelectMany(a => a.Whole.Concat(a.Family)).Concat(named.Values.SelectMany(k => k)), cancel);
        var byLoose = await reader.FindAsync(FilterValue.NameLoose, asked.Select(a => a.Loose).OfType<string>(), cancel);
        foreach (var query in asked)
        {
            query.Candidates =
            [
                .. query.Whole.SelectMany(k => byKey[k]).Concat(query.Family.SelectMany(k => byKey[k]))
                    .Concat(query.Loose is { } loose ? byLoose[loose] : []).Distinct().Take(CandidatesLimit),
            ];
        }

        var people = await reader.LoadAsync(asked.SelectMany(a => a.Candidates), cancel);
        foreach (var query in asked) query.Score(people);
        await BreakTiesAsync(asked, named, byKey, reader, cancel);
        return [.. asked.Select(a => a.Result())];
    }

    private static async ValueTask BreakTiesAsync(
        List<Asked> asked, Dictionary<string, IReadOnlyList<string>> named, ILookup<string, string> byKey, PeopleReader reader, CancellationToken cancel)
    {
        var tied = asked.Where(a => a.Query.Context is not null && a.Tied().Count > 1).ToList();
        if (tied.Count == 0) return;

        var slugs = await reader.BySlugAsync(tied.SelectMany(t => t.ContextSlugs), cancel);
        var together = new Dictionary<Asked, List<(string Name, string[] Ids)>>();
        foreach (var query in tied)
        {
            together[query] =
            [
                .. query.Query.Context!.People.Select(p => (p, Guid.TryParseExact(p, "D", out var id) ? [id.ToString()]
                    : slugs.TryGetValue(p, out var slug) ? [slug]
                    : named.TryGetValue(p, out var keys) ? keys.SelectMany(k => byKey[k]).Distinct().Take(3).ToArray() : [])),
            ];
        }

        var groups = await reader.GroupsAsync(tied.SelectMany(t => t.Tied().Select(c => c.Id).Concat(together[t].SelectMany(p => p.Ids))), cancel);
        var pairs = (await reader.TogetherAsync(
            tied.SelectMany(t => t.Tied().SelectMany(c => together[t].SelectMany(p => p.Ids.SelectMany(id => Pairs(c.Id, id))))), cancel))
            .Select(p => (groups.SurvivorOf(p.One), groups.SurvivorOf(p.Other))).ToHashSet();
        var inTheNews = (await reader.InTheNewsAsync(
            tied.Where(t => t.Period is not null).SelectMany(t => t.Tied().SelectMany(c => groups.Of(c.Id)).Select(id => (id, t.Period!.Value.From, t.Period.Value.Before))), cancel))
            .Select(p => p with { Id = groups.SurvivorOf(p.Id) }).ToHashSet();
        foreach (var query in tied)
        {
            foreach (var candidate in query.Tied())
            {
                foreach (var (name, ids) in together[query])
                {
                    if (Array.Exists(ids, id => pairs.Contains((candidate.Id, groups.SurvivorOf(id))))) candidate.Support($"named together with {name}");
                }

                if (query.Query.Context!.Place is { } place && BelongsTo(candidate.Person, place)) candidate.Support($"place: {place}");
                if (query.Period is { } period && inTheNews.Contains((candidate.Id, period.From, period.Before))) candidate.Support($"in the news around {query.Query.Context.Date}");
            }
        }

        // Nobody stands together with themselves, under whatever id.
        IEnumerable<(string One, string Other)> Pairs(string one, string other) =>
            groups.SurvivorOf(one) == groups.SurvivorOf(other) ? [] : groups.Of(one).SelectMany(a => groups.Of(other).Select(b => (a, b)));
    }

    /// <summary>The place stands in an office or in the description, as a word of it or as the code of the country.</summary>
    private static bool BelongsTo(FoundPerson person, string place)
    {
        var wanted = NameFold.Plain(place);
        return wanted.Length > 0 && (person.Offices.Any(o => o.Country?.Equals(place.Trim(), StringComparison.OrdinalIgnoreCase) == true)
            || person.Offices.SelectMany(o => (string?[])[o.Title, o.Organisation]).Append(person.Description)
                .OfType<string>().SelectMany(text => text.Split([' ', ',', '.', '-', '(', ')', '/'], StringSplitOptions.RemoveEmptyEntries))
                .Any(word => NameFold.Plain(word) == wanted));
    }

    /// <summary>One query on its way.</summary>
    private sealed class Asked
    {
        private readonly ComparableName? _name;
        private List<Scored> _scored = [];

        public Asked(MatchQuery query)
        {
            Query = query;
            _name = ComparableName.Read(query.Name);
            Whole = NameKeys.OfQuery(query.Name);
            Family = _name is { Name: { } name } && name.Given.Any() ? NameKeys.OfQuery(string.Join(' ', name.Family.Select(w => w.Text))) : [];
            Loose = _name is null ? null : NameKeys.Loose(query.Name);
        }

        public MatchQuery Query { get; }
        public IReadOnlyList<string> Whole { get; }
        public IReadOnlyList<string> Family { get; }
        public string? Loose { get; }
        public IReadOnlyList<string> Candidates { get; set; } = [];
        public IEnumerable<string> ContextSlugs => Query.Context?.People.Where(p => p.Length <= Publishing.Resource.SlugLimit && Rules.SlugPattern().IsMatch(p)) ?? [];
        public IEnumerable<string> ContextNames => Query.Context?.People.Where(p => !Guid.TryParseExact(p, "D", out _)).Distinct() ?? [];

        /// <summary>The days around that of the text, as sort keys of articles.</summary>
        public (string From, string Before)? Period => Query.Context?.Date is not { } date ? null
            : DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture) is var day && day.Year is > 1 and < 9999
                ? (Day(day.AddDays(-DaysAround)), Day(day.AddDays(DaysAround + 1))) : null;

        public void Score(Dictionary<string, FoundPerson> people)
        {
            if (_name is null) return;

            foreach (var id in Candidates.Where(people.ContainsKey))
            {
                var (score, reasons) = PersonLikeness.Of(_name, people[id]);
                if (reasons.Contains(NameReasons.Genitive) && Query.Language?.StartsWith("de", StringComparison.OrdinalIgnoreCase) == false) continue;
                if (score >= NameMatcher.Likely) _scored.Add(new Scored(id, people[id], score, [.. reasons]));
            }

            Order();
        }

        /// <summary>Those at the top that the names alone do not tell apart.</summary>
        public List<Scored> Tied() => [.. _scored.Where(s => s.NameScore > _scored.Max(x => x.NameScore) - Tie).Take(TiedLimit)];

        public MatchResult Result()
        {
            Order();
            var isClear = _scored.Count == 1 || (_scored.Count > 1 && _scored[0].Score - _scored[1].Score >= (_name!.Words.Count > 1 ? Tie - 0.0001 : 1 - NameMatcher.Likely));
            return new MatchResult
            {
                Id = Query.Id,
                Candidates =
                [
                    .. _scored.Take(Query.Limit).Select((s, i) => new MatchCandidate
                    {
                        Id = s.Person.Id,
                        Slug = s.Person.Slug,
                        Name = s.Person.Name,
                        Score = Math.Round(Math.Min(1, s.Score), 3),
                        Match = i == 0 && isClear && s.NameScore >= NameMatcher.Safe,
                        Reasons = s.Reasons,
                    }),
                ],
            };
        }

        private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        private void Order() => _scored = [.. _scored.OrderByDescending(s => s.Score).ThenBy(s => s.Person.Name, StringComparer.Ordinal).ThenBy(s => s.Id, StringComparer.Ordinal)];
    }

    private sealed class Scored(string id, FoundPerson person, double score, List<string> reasons)
    {
        public string Id => id;
        public FoundPerson Person => person;
        public double NameScore { get; } = score;
        public double Score { get; private set; } = score;
        public List<string> Reasons => reasons;

        public void Support(string reason)
        {
            Score += PeopleMatcher.Support;
            reasons.Add(reason);
        }
    }
}
