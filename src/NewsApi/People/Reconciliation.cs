using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using FluentValidation;
using NewsApi.Http;
using NewsApi.Storage;

namespace NewsApi.People;

/// <summary>
/// People on record as a service that OpenRefine and its like reconcile with (Reconciliation Service API 0.2): matching, suggestions and
/// previews in the shapes of that specification.
/// </summary>
internal sealed class Reconciliation(
    NewsDatabase database, PeopleMatcher matcher, PeopleFinder finder, AnswerCache cache, ServiceAddress address, IValidator<MatchInput> validator)
{
    private const int SuggestionsAtOnce = 10;
    private static readonly ReconcileType People = new() { Id = ReconcileBatch.PersonType, Name = "Person" };

    public IResult Manifest(HttpContext http)
    {
        var root = $"{address.Root}/v1";
        var manifest = new ReconcileManifest
        {
            Versions = ["0.2"],
            Name = "NewsApi people",
            IdentifierSpace = $"{root}/people/",
            SchemaSpace = $"{root}/reconcile/types/",
            DefaultTypes = [People],
            BatchSize = MatchInput.QueriesLimit,
            View = new ReconcileView { Url = $"{root}/people/{{{{id}}}}" },
            Preview = new ReconcilePreview { Url = $"{root}/reconcile/preview?id={{{{id}}}}", Width = 400, Height = 160 },
            Suggest = new ReconcileSuggestServices { Entity = new ReconcileSuggestService { ServiceUrl = root, ServicePath = "/reconcile/suggest/entity" } },
        };
        return finder.Keep(http, JsonSerializer.SerializeToUtf8Bytes(manifest, WireJson.Default.ReconcileManifest), preview: false, cache.Everything());
    }

    /// <summary>The candidates of each query, under its key.</summary>
    public async ValueTask<Outcome<byte[]>> MatchAsync(string queries, CancellationToken cancel)
    {
        var read = ReconcileBatch.Read(queries, validator);
        if (read.Problem is not null) return read.Problem;

        var asked = read.Value!.Where(q => q.Query is not null).ToList();
        var results = await matcher.MatchAsync([.. asked.Select(q => q.Query!)], preview: false, cancel);
        var titles = await TitlesAsync(results.SelectMany(r => r.Candidates).Select(c => c.Id.ToString()), cancel);
        var answers = read.Value!.ToDictionary(q => q.Key, _ => new ReconcileResult { Result = [] });
        for (var i = 0; i < asked.Count; i++)
            answers[asked[i].Key] = new ReconcileResult { Result = [.. results[i].Candidates.Select(c => Candidate(c, titles.GetValueOrDefault(c.Id.ToString())))] };
        return JsonSerializer.SerializeToUtf8Bytes(answers, WireJson.Default.DictionaryStringReconcileResult);
    }

    public async ValueTask<IResult> SuggestAsync(HttpContext http, ReconcileSuggestQuery query, CancellationToken cancel)
    {
        var stamp = cache.Everything();
        var found = await finder.SuggestAsync(query.Prefix!, query.Skip + SuggestionsAtOnce, preview: false, cancel);
        var list = new ReconcileSuggestions
        {
            Result =
            [
                .. found.Skip(query.Skip).Select(f => new ReconcileSuggestion
                {
                    Id = f.Person.Id.ToString(),
                    Name = f.Person.Name,
                    Description = f.Matched == f.Person.Name ? f.Person.Title : string.Join(" – ", ((string?[])[f.Matched, f.Person.Title]).OfType<string>()),
                    Notable = [People],
                }),
            ],
        };
        return finder.Keep(http, JsonSerializer.SerializeToUtf8Bytes(list, WireJson.Default.ReconcileSuggestions), preview: false, stamp);
    }

    /// <summary>A few lines about somebody as a page of its own: no script, no style, nothing from elsewhere.</summary>
    public async ValueTask<IResult> PreviewAsync(string id, CancellationToken cancel)
    {
        var key = Guid.ParseExact(id, "D").ToString();
        key = await database.ReadAsync(async commands => await MergedPeople.SurvivorAsync(commands, key, cancel) ?? key, cancel);
        var people = await database.ReadAsync(commands => new PeopleReader(commands, preview: false).LoadAsync([key], cancel), cancel);
        if (!people.TryGetValue(key, out var person)) return new ProblemResult(Problems.NotFound());

        var page = new StringBuilder("<!doctype html><html lang=\"de\"><head><meta charset=\"utf-8\"><title>").Append(WebUtility.HtmlEncode(person.Name)).Append("</title></head><body><h1>")
            .Append(WebUtility.HtmlEncode(person.Name)).Append("</h1>");
        foreach (var line in (string?[])[person.Title, Shortened(person.Description)])
        {
            if (line is not null) page.Append("<p>").Append(WebUtility.HtmlEncode(line)).Append("</p>");
        }

        var body = Encoding.UTF8.GetBytes(page.Append("</body></html>\n").ToString());
        return new Answer(body, Answer.TagOf(body)) { IsPublic = true, SurrogateKey = $"person-{key}", ContentType = "text/html; charset=utf-8" };
    }

    private async ValueTask<Dictionary<string, string?>> TitlesAsync(IEnumerable<string> ids, CancellationToken cancel)
    {
        var people = await database.ReadAsync(commands => new PeopleReader(commands, preview: false).LoadAsync(ids, cancel), cancel);
        return people.ToDictionary(p => p.Key, p => p.Value.Title);
    }

    private static ReconcileCandidate Candidate(MatchCandidate candidate, string? title) => new()
    {
        Id = candidate.Id.ToString(),
        Name = candidate.Name,
        Description = title,
        Score = Math.Round(100 * candidate.Score, 1),
        Match = candidate.Match,
        Type = [People],
        Features = [.. candidate.Reasons.Select(r => new ReconcileFeature { Id = r, Value = true })],
    };

    private static string? Shortened(string? text) => text is null || text.Length <= 300 ? text : string.Create(CultureInfo.InvariantCulture, $"{text[..299].TrimEnd()}…");
}
