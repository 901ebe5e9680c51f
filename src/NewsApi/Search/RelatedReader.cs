using System.Globalization;
using System.Text.Json;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Http;
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
internal sealed class RelatedReader(NewsDatabase database, AnswerCache cache)
{
    /// <summary>So many articles are looked at of each kind, on either side.</summary>
    private const int Neighbours = 100;

    /// <summary>A word that long is put together or rare.</summary>
    private const int LongWord = 10;
    private const double WordWeight = 1;

    private static readonly Dictionary<string, double> Weights = new() { [FilterValue.Event] = 4, [FilterValue.Person] = 2, [FilterValue.Tag] = 1.5 };

    public ValueTask<IResult> ListAsync(HttpContext http, string id, RelatedQuery query, CancellationToken cancel) =>
        Guid.TryParseExact(id, "D", out var guid)
            ? database.ReadAsync(commands => ListAsync(http, commands, guid.ToString(), query, cancel), cancel)
            : new ValueTask<IResult>(new ProblemResult(Problems.Parameter("id", "invalid", "The id in the path is a UUID, not a slug.")));

    private async ValueTask<IResult> ListAsync(HttpContext http, StoredCommands commands, string id, RelatedQuery query, CancellationToken cancel)
    {
        var stamp = cache.Everything();
        var preview = query.Perspective == Perspectives.Preview;
        var limit = query.Limit is null ? RelatedQuery.DefaultLimit : int.Parse(query.Limit, CultureInfo.InvariantCulture);
        await using var snapshot = await commands.BeginSnapshotAsync(cancel);
        if (await FindAsync(commands, id, preview, cancel) is not { } article) return new ProblemResult(Problems.NotFound());

        var found = new Dictionary<string, Match>();
        foreach (var kind in article.Features.GroupBy(f => f.Kind, f => f.Token))
        {
            var tokens = TokenQuery.Any([.. kind.Select(token => new Has(token))]);
            foreach (var match in await NextToAsync(commands, article.Number, tokens, preview, cancel)) found.TryAdd(match.Key.Id, match);
        }

        found.Remove(id);
        var matches = Rank(article, [.. found.Values]).Take(limit).ToList();
        var cards = await FoundViews.CardsAsync(commands, matches, cancel);
        var answer = PublishedReader.Page(
            new PageParts { Items = matches.ConvertAll(m => cards[m]) }, new ListRequest { Type = ResourceType.Article, Preview = preview }, http);
        cache.Keep(http, answer, stamp);
        return answer;
    }

    private async Task<List<Match>> NextToAsync(StoredCommands commands, long number, TokenQuery tokens, bool preview, CancellationToken cancel)
    {
        var earlier = new MatchRequest { Type = ResourceType.Article, Preview = preview, Tokens = tokens, Low = EntryNumbers.First(ResourceType.Article), High = number };
        var later = earlier with { Low = number, High = EntryNumbers.Last(ResourceType.Article) };
        return
        [
            .. await new MatchReader(commands, database.Search, earlier).ByNumberAsync(descending: true, Neighbours, More.Terms, cancel),
            .. await new MatchReader(commands, database.Search, later).ByNumberAsync(descending: false, Neighbours, More.Terms, cancel),
        ];
    }

    private static IEnumerable<Match> Rank(Subject article, IReadOnlyList<Match> found)
    {
        var terms = article.Features.Select(f => (Term: TermWeights.TermOf(f.Token), f.Weight)).ToList();
        var shared = terms.ConvertAll(t => found.Count(m => new TermWeights(m.More)[t.Term] > 0));
        return found.Select(m => (Match: m, Score: Score(m))).Where(m => m.Score > 0)
            .OrderByDescending(m => m.Score).ThenByDescending(m => m.Match.Number).Select(m => m.Match);

        double Score(Match match)
        {
            var weights = new TermWeights(match.More);
            var score = 0.0;
            for (var i = 0; i < terms.Count; i++)
            {
                if (weights[terms[i].Term] > 0) score += terms[i].Weight * Math.Log(1 + (double)found.Count / shared[i]);
            }

            return score;
        }
    }

    private static async Task<Subject?> FindAsync(StoredCommands commands, string id, bool preview, CancellationToken cancel)
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
            if (await row.ReadAsync(cancel)) return new Subject(row.GetInt64(0), [.. Features((byte[])row.GetValue(1), (byte[])row.GetValue(2))]);
        }

        return null;
    }

    private static IEnumerable<Feature> Features(byte[] filters, byte[] card)
    {
        foreach (var filter in JsonSerializer.Deserialize(filters, WireJson.Default.FilterValueArray)!)
        {
            if (Weights.TryGetValue(filter.Filter, out var weight)) yield return new Feature(filter.Filter, Tokens.Of(filter.Filter, filter.Value), weight);
        }

        using var document = JsonDocument.Parse(card);
        var heads = ResourceFields.Of(document.RootElement).Where(f => f.Name is "headline" or "kicker" or "teaser");
        foreach (var word in heads.SelectMany(f => GermanAnalysis.Analyze(f.Text)).Where(w => w.Parts.Count > 0 || w.Length >= LongWord).Select(w => w.Word).Distinct())
            yield return new Feature("word", word, WordWeight);
    }

    private sealed record Subject(long Number, IReadOnlyList<Feature> Features);

    /// <summary>What an article can share with others.</summary>
    private sealed record Feature(string Kind, string Token, double Weight);
}
