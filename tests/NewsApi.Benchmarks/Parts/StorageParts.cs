using BenchmarkDotNet.Attributes;
using NewsApi.Publishing;

namespace NewsApi.Benchmarks.Parts;

/// <summary>One document from SQLite, on a connection that is kept.</summary>
public class StorageParts
{
    private const int Articles = 1_000;

    private StoredArticles _articles = null!;
    private int _next;

    [GlobalSetup]
    public async Task SetUpAsync() => _articles = await StoredArticles.CreateAsync(Articles);

    [GlobalCleanup]
    public async Task CleanUpAsync() => await _articles.DisposeAsync();

    [Benchmark]
    public async Task<int> ReadDocument()
    {
        var key = _articles.Keys[_next++ % Articles];
        return await _articles.Database.ReadAsync(
            async commands => (await new PublishedTables(commands, _articles.Database.Search, PublishedTables.Public).ReadAsync(key, CancellationToken.None))!.Document.Length,
            CancellationToken.None);
    }
}
