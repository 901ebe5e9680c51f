using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NewsApi.Generate;
using NewsApi.Publishing;
using NewsApi.Search;
using NewsApi.Storage;

namespace NewsApi.Benchmarks;

/// <summary>
/// What a search costs where there is more to search: the same questions to databases of generated articles, in this process and without
/// HTTP. The databases take turns, and only the ratio of their medians counts. A question is asked as the program asks it, from the words of
/// the query to the bytes of the page.
/// </summary>
internal sealed class SearchRun(int rounds, string? postgres) : IDisposable
{
    /// <summary>What the newest twenty may cost of what they cost in the smallest database: indexes get deeper, and that is all.</summary>
    private const double NewestTarget = 1.5;

    private const int Seed = 1;
    private const int WarmUps = 30;

    private const string Frequent = "Prozent";
    private const string InOneOfTwenty = "Impfung";
    private const string Rare = "Lärchhofer";

    private static readonly ListRequest Newest = new() { Type = ResourceType.Article };
    private static readonly string[] Facets = [FacetCounting.Section, FacetCounting.Tag, FacetCounting.Person, FacetCounting.Source, FacetCounting.Month];

    private readonly string _folder = Directory.CreateTempSubdirectory("newsapi-search-").FullName;
    private readonly List<BenchmarkDatabase> _databases = [];

    public async Task<int> ExecuteAsync(IEnumerable<int> sizes)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}");
        Console.WriteLine($"{(postgres is null ? "SQLite" : "PostgreSQL")}, generated articles, medians of {rounds}");
        var searched = new List<Searched>();
        try
        {
            foreach (var size in sizes.Order()) searched.Add(await FillAsync(size));
            return await CompareAsync(searched) ? 0 : 1;
        }
        finally
        {
            foreach (var database in searched) await database.App.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _databases.ForEach(d => d.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<Searched> FillAsync(int articles)
    {
        var database = new BenchmarkDatabase(Path.Combine(_folder, articles.ToString(CultureInfo.InvariantCulture)), postgres);
        _databases.Add(database);
        if (await GenerateRun.GenerateAsync(["--articles", articles.ToString(CultureInfo.InvariantCulture), "--seed", Seed.ToString(CultureInfo.InvariantCulture), .. database.Settings]) != 0)
            throw new InvalidOperationException("The verb ended with an error; its output says why.");

        database.Analyze();
        var app = App.Build([.. database.Settings, "--Logging:LogLevel:Default=Warning"]);
        return new Searched(articles, app, app.Services.GetRequiredService<NewsDatabase>());
    }

    private async Task<bool> CompareAsync(List<Searched> databases)
    {
        Console.WriteLine();
        Console.WriteLine($"| question | {string.Join(" | ", databases.Select(d => $"found of {d.Articles}"))} | {string.Join(" | ", databases.Skip(1).Select(d => $"{d.Articles} / {databases[0].Articles}"))} | target |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", 2 * databases.Count))}");
        var isMet = true;
        foreach (var question in Questions())
        {
            var found = new List<long>();
            foreach (var database in databases)
            {
                found.Add(await database.ReadAsync(async commands => await (await IndexedList.ReadAsync(commands, database.News.Search, question.Request, default)).CountAsync(default)));
                for (var i = 0; i < WarmUps; i++) await AskAsync(database, question);
            }

            var times = databases.ConvertAll(_ => new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                foreach (var (database, ofDatabase) in databases.Zip(times)) ofDatabase.Add((await AskAsync(database, question)).TotalMilliseconds);
            }

            var ratios = times.Skip(1).Select(t => Median(t) / Median(times[0])).ToList();
            var misses = ratios.Exists(r => r > question.Target);
            isMet &= !misses;
            Console.WriteLine($"| {question.Name} | {string.Join(" | ", found)} | {string.Join(" | ", ratios.Select(r => $"**{r:0.00}**"))} | "
                + $"{(question.Target is null ? "" : $"{question.Target:0.00}{(misses ? " missed" : "")}")} |");
        }

        return isMet;
    }

    /// <summary>Words of <see cref="Prose"/>; how many articles have them is in the table.</summary>
    private static IEnumerable<Question> Questions()
    {
        var person = new GeneratedContent(Seed, people: 0, events: 0).Person(0);
        foreach (var (name, text) in ((string, string)[])
            [
                ("a frequent word", Frequent), ("a word in one of twenty", InOneOfTwenty), ("a rare word", Rare),
                ("two frequent words", $"{Frequent} Millionen"), ("two words", $"{Frequent} {InOneOfTwenty}"), ("a phrase", "\"Millionen Euro\""),
                ("a beginning of three letters", "Ste*"), ("a longer beginning", "Stern*"), ("a name on record", person.Name!),
            ])
            yield return new Question($"{name}, newest first", Newest with { Query = QueryParser.Parse(text) }, NewestTarget);

        var frequent = Newest with { Query = QueryParser.Parse(Frequent) };
        yield return new Question("a frequent word, of a person", frequent with { Filters = [new ListFilter(FilterValue.Person, [person.Id!.Value.ToString()])] }, NewestTarget);
        yield return new Question("a frequent word, by relevance", frequent with { Sort = ListSort.Relevance }, null);
        yield return new Question("facets of a frequent word", frequent with { Facets = Facets }, null);
        yield return new Question("facets of a rare word", Newest with { Query = QueryParser.Parse(Rare), Facets = Facets }, null);
    }

    private static async Task<TimeSpan> AskAsync(Searched database, Question question)
    {
        var start = Stopwatch.GetTimestamp();
        await database.ReadAsync(async commands =>
        {
            await using var snapshot = await commands.BeginSnapshotAsync(default);
            var list = await IndexedList.ReadAsync(commands, database.News.Search, question.Request, default);
            if (question.Request.Facets.Count > 0)
            {
                await list.CountFacetsAsync(default);
                return 0;
            }

            var (page, _) = await list.PageAsync(default);
            return (await FoundViews.CardsAsync(commands, page, default)).Count;
        });
        return Stopwatch.GetElapsedTime(start);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <param name="Name">What is asked for.</param>
    /// <param name="Request">How.</param>
    /// <param name="Target">The most that ten times the articles may cost.</param>
    private sealed record Question(string Name, ListRequest Request, double? Target);

    private sealed record Searched(int Articles, WebApplication App, NewsDatabase News)
    {
        public ValueTask<T> ReadAsync<T>(Func<StoredCommands, ValueTask<T>> read) => News.ReadAsync(read, default);
    }
}
