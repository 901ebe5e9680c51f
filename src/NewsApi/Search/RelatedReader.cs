using System.Text.Json;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Search;

/// <summary>How many related articles are shown, and to whom.</summary>
public sealed record RelatedQuery
{
    public const int DefaultLimit = 10;
    public const int MaximumLimit = 50;

    /// <summary>How many items there are at most.</summary>
    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    /// <summary><c>published</c> (default), or <c>preview</c>: working versions too, with a key.</summary>
    [FromQuery(Name = "perspective")]
    public string? Perspective { get; init; }
}

internal sealed class RelatedQueryValidator : AbstractValidator<RelatedQuery>
{
    public RelatedQueryValidator()
    {
        RuleFor(q => q.Limit).Integer(1, RelatedQuery.MaximumLimit, RelatedQuery.DefaultLimit);
        RuleFor(q => q.Perspective).OneOf(Perspectives.All);
    }
}

/// <summary>
/// Finds articles that share people, events, tags or rare words with one. Of each kind those next to it in time are looked at, earlier and
/// later; what few of them share counts most.
/// </summary>
internal sealed class RelatedReader(NewsDatabase database, AnswerCache cache, SourceSets sources)
{
    /// <summary>So many articles are looked at of each kind, on either side.</summary>
    private const int Neighbours = 100;

    /// <summary>A word that long is put together or rare.</summary>
    private const int LongWord = 10;
    private const double WordWeight = 1;
    private const string Word = "word";

    private static readonly Dictionary<string, double> Weights = new() { [FilterValue.Event] = 4, [FilterValue.Person] = 2, [FilterValue.Tag] = 1.5 };

    public ValueTask<IResult> ListAsync(HttpContext http, string id, RelatedQuery query, CancellationToken cancel) =>
        PathIds.TryRead(id, out var guid, out var problem)
            ? database.ReadAsync(commands => ListAsync(http, commands, guid.ToString(), query, cancel), cancel)
            : new ValueTask<IResult>(new ProblemResult(problem));

    private async ValueTask<IResult> ListAsync(HttpContext http, StoredCommands commands, string id, RelatedQuery query, CancellationToken cancel)
    {
        var stamp = cache.Everything();
        var preview = query.Perspective == Perspectives.Preview;
        var limit = QueryValues.Number(query.Limit, RelatedQuery.DefaultLimit);
        await using var snapshot = await commands.BeginSnapshotAsync(cancel);
        var sight = await sources.SightAsync(commands, Licences.Of(http), preview, cancel);
        if (await FindAsync(commands, id, preview, sight, cancel) is not { } article) return new ProblemResult(Problems.NotFound());

        var found = new Dictionary<string, Match>();
        foreach (var kind in article.Features.GroupBy(f => f.Kind, f => f.Tokens))
        {
            var isWord = kind.Key == Word;
            var any = sight is null ? Any("") : TokenQuery.All([sight.Narrow(Any), .. sight.Others]);
            foreach (var match in await NextToAsync(commands, article.Number, any, preview, sight?.Reduces == true ? More.TermsAndFacets : More.Terms, cancel)) found.TryAdd(match.Key.Id, match);

            TokenQuery Any(string sign) => TokenQuery.Any([.. kind.SelectMany(tokens => tokens).Select(token => new Has(isWord ? sign + token : token))]);
        }

        found.Remove(id);
        var matches = Rank(article, [.. found.Values], sight).Take(limit).ToList();
        var cards = PublishedReader.Shown(await FoundViews.CardsAsync(commands, matches, cancel), sight);
        matches.RemoveAll(m => !cards.ContainsKey(m));
        var answer = PublishedReader.Page(
            new PageParts { Items = matches.ConvertAll(m => cards[m]) }, new ListRequest { Type = ResourceType.Article, Preview = preview }, http);
        cache.Keep(http, answer, stamp);
        return answer;
    }

    private async Task<List<Match>> NextToAsync(StoredCommands commands, long number, TokenQuery tokens, bool preview, More more, CancellationToken cancel)
    {
        var earlier = new MatchRequest { Type = ResourceType.Article, Preview = preview, Tokens = tokens, Low = EntryNumbers.First(ResourceType.Article), High = number };
        var later = earlier with { Low = number, High = EntryNumbers.Last(ResourceType.Article) };
        return
        [
            .. await new MatchReader(commands, database.Search, earlier).ByNumberAsync(descending: true, Neighbours, more, cancel),
            .. await new MatchReader(commands, database.Search, later).ByNumberAsync(descending: false, Neighbours, more, cancel),
        ];
    }

    private static IEnumerable<Match> Rank(Subject article, IReadOnlyList<Match> found, Sight? sight)
    {
        var bySign = new Dictionary<string, uint[][]>();
        var shared = article.Features.Select((_, i) => found.Count(m => IsShared(TermsOf(m)[i], m))).ToList();
        return found.Select(m => (Match: m, Score: Score(m))).Where(m => m.Score > 0)
            .OrderByDescending(m => m.Score).ThenByDescending(m => m.Match.Number).Select(m => m.Match);

        double Score(Match match)
        {
            var terms = TermsOf(match);
            var score = 0.0;
            for (var i = 0; i < terms.Length; i++)
            {
                if (IsShared(terms[i], match)) score += article.Features[i].Weight * Math.Log(1 + (double)found.Count / shared[i]);
            }

            return score;
        }

        static bool IsShared(uint[] terms, Match match)
        {
            var weights = new TermWeights(match.More);
            foreach (var term in terms)
            {
                if (weights[term] > 0) return true;
            }

            return false;
        }

        // By words that stand in what is shown of it.
        uint[][] TermsOf(Match match)
        {
            var sign = sight?.SignOf(match) ?? "";
            return bySign.TryGetValue(sign, out var known) ? known
                : bySign[sign] = [.. article.Features.Select(f => f.Tokens.Select(token => TermWeights.TermOf(f.Kind == Word ? sign + token : token)).ToArray())];
        }
    }

    private static async Task<Subject?> FindAsync(StoredCommands commands, string id, bool preview, Sight? sight, CancellationToken cancel)
    {
        foreach (var set in preview ? (string[])[PublishedTables.Preview, PublishedTables.Public] : [PublishedTables.Public])
        {
            var sql = $"""
                SELECT e.number, d.filters, c.card FROM {set}_documents AS d
                JOIN {set}_entries AS e ON e.type = d.type AND e.id = d.id
                JOIN {set}_cards AS c ON c.type = d.type AND c.sort_key = d.sort_key AND c.id = d.id
                WHERE d.type = 'article' AND d.id = @id
                """;
            await using var row = await commands.Prepare(sql, ("id", id)).ExecuteReaderAsync(cancel);
            if (!await row.ReadAsync(cancel)) continue;

            var (number, filters, card) = (row.GetInt64(0), JsonSerializer.Deserialize((byte[])row.GetValue(1), WireJson.Default.FilterValueArray)!, (byte[])row.GetValue(2));
            await row.CloseAsync();
            if ((sight is null ? card : sight.Show(card)) is not { } shown) return null;

            var people = await MergedPeople.GroupsAsync(commands, filters.Where(f => f.Filter == FilterValue.Person).Select(f => f.Value), cancel);
            return new Subject(number, [.. Features(filters, people, shown)]);
        }

        return null;
    }

    private static IEnumerable<Feature> Features(FilterValue[] filters, PeopleGroups people, byte[] card)
    {
        foreach (var filter in filters.Where(f => Weights.ContainsKey(f.Filter)).DistinctBy(f => (f.Filter, f.Filter == FilterValue.Person ? people.SurvivorOf(f.Value) : f.Value)))
        {
            var values = filter.Filter == FilterValue.Person ? people.Of(filter.Value) : [filter.Value];
            yield return new Feature(filter.Filter, [.. values.Select(value => Tokens.Of(filter.Filter, value))], Weights[filter.Filter]);
        }

        using var document = JsonDocument.Parse(card);
        var heads = ResourceFields.Of(document.RootElement).Where(f => f.Name is "headline" or "kicker" or "teaser");
        foreach (var word in heads.SelectMany(f => GermanAnalysis.Analyze(f.Text)).Where(w => w.Parts.Count > 0 || w.Length >= LongWord).Select(w => w.Word).Distinct())
            yield return new Feature(Word, [word], WordWeight);
    }

    private sealed record Subject(long Number, IReadOnlyList<Feature> Features);

    /// <summary>What an article can share with others, by any of these tokens.</summary>
    private sealed record Feature(string Kind, IReadOnlyList<string> Tokens, double Weight);
}
