using System.Text.Json;
using BenchmarkDotNet.Attributes;
using NewsApi.Publishing;
using NewsApi.Search;

namespace NewsApi.Benchmarks.Parts;

/// <summary>
/// A page of a search with the places where it was found, against what cannot be spared for it: reading the same twenty documents by their
/// keys and analysing their texts. It is to cost 1.5 times as much at most.
/// </summary>
public class HighlightParts
{
    private const int Articles = 1_000;
    private const int Page = 20;

    private StoredArticles _articles = null!;
    private ListRequest _request = null!;
    private List<ResourceKey> _found = null!;

    [Params("Verhandlungen", "Sicherheitsgarantien Landeshauptmann", "\"mit großer Mehrheit\" OR Bürgermeist*")]
    public string Query { get; set; } = "";

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _articles = await StoredArticles.CreateAsync(Articles);
        _request = new ListRequest { Type = ResourceType.Article, Query = QueryParser.Parse(Query), Highlight = true };
        var highlights = await FindAsync();
        _found = [.. highlights.Keys.Select(m => m.Key)];
        if (_found.Count != Page || highlights.Values.Any(h => h.Count == 0)) throw new InvalidOperationException("The query is not found on a whole page.");
    }

    [GlobalCleanup]
    public async Task CleanUpAsync() => await _articles.DisposeAsync();

    [Benchmark(Baseline = true)]
    public async Task<int> ReadAndAnalyze() => await _articles.Database.ReadAsync(
        async commands =>
        {
            var tables = new PublishedTables(commands, _articles.Database.Search, PublishedTables.Public);
            var words = 0;
            foreach (var key in _found)
            {
                using var document = JsonDocument.Parse((await tables.ReadAsync(key, CancellationToken.None))!.Document);
                foreach (var field in ResourceFields.Of(document.RootElement)) words += GermanAnalysis.Analyze(field.Text).Count;
            }

            return words;
        },
        CancellationToken.None);

    [Benchmark]
    public async Task<int> SearchAndHighlight() => (await FindAsync()).Count;

    private async Task<Dictionary<Match, IReadOnlyList<SearchHighlight>>> FindAsync() => await _articles.Database.ReadAsync(
        async commands =>
        {
            await using var snapshot = await commands.BeginSnapshotAsync(CancellationToken.None);
            var list = await IndexedList.ReadAsync(commands, _articles.Database.Search, _request, CancellationToken.None);
            var (page, _) = await list.PageAsync(CancellationToken.None);
            var documents = await FoundViews.DocumentsAsync(commands, page, CancellationToken.None);
            return Highlighting.Of(_request.Query!, await list.PeopleAsync(CancellationToken.None), documents);
        },
        CancellationToken.None);
}
