using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NewsApi.Articles;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Benchmarks.Parts;

/// <summary>One document from SQLite, on a connection that is kept.</summary>
public class StorageParts
{
    private const int Articles = 1_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("newsapi-parts-").FullName;
    private readonly List<ResourceKey> _keys = [];
    private WebApplication _app = null!;
    private NewsDatabase _database = null!;
    private int _next;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _app = App.Build([$"--ConnectionStrings:News=Data Source={Path.Combine(_folder, "news.db")}", "--Logging:LogLevel:Default=Warning"]);
        await App.PrepareAsync(_app, CancellationToken.None);
        _database = _app.Services.GetRequiredService<NewsDatabase>();
        using var commands = new StoredCommands(await _database.OpenWriterAsync(CancellationToken.None));
        var tables = new PublishedTables(commands, _database.Search, PublishedTables.Public);
        var material = new Material();
        var renderer = new ArticleRenderer();
        await commands.Prepare("BEGIN").ExecuteNonQueryAsync();
        foreach (var stored in Enumerable.Range(0, Articles).Select(i => Material.Stored(material.Article(i))))
        {
            var key = new ResourceKey(ResourceType.Article, stored.State.Id.ToString());
            var rendering = renderer.Read(stored).Render(material.References);
            await tables.WriteAsync(key, null, rendering, rendering.Index!(), 1, CanonicalJson.Hash(rendering.Document), Material.Instant, CancellationToken.None);
            _keys.Add(key);
        }

        await commands.Prepare("COMMIT").ExecuteNonQueryAsync();
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public async Task<int> ReadDocument()
    {
        var key = _keys[_next++ % Articles];
        return await _database.ReadAsync(
            async commands => (await new PublishedTables(commands, _database.Search, PublishedTables.Public).ReadAsync(key, CancellationToken.None))!.Document.Length,
            CancellationToken.None);
    }
}
