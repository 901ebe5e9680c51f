using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NewsApi.Articles;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Benchmarks.Parts;

/// <summary>A SQLite database of its own with articles as the load runner writes them.</summary>
internal sealed class StoredArticles : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("newsapi-parts-").FullName;
    private readonly WebApplication _app;
    private readonly List<ResourceKey> _keys = [];

    private StoredArticles()
    {
        _app = App.Build([$"--ConnectionStrings:News=Data Source={Path.Combine(_folder, "news.db")}", "--Logging:LogLevel:Default=Warning"]);
        Database = _app.Services.GetRequiredService<NewsDatabase>();
    }

    public NewsDatabase Database { get; }

    public IReadOnlyList<ResourceKey> Keys => _keys;

    public static async Task<StoredArticles> CreateAsync(int articles)
    {
        var stored = new StoredArticles();
        await App.PrepareAsync(stored._app, CancellationToken.None);
        await stored.FillAsync(articles);
        return stored;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>One minute apart, as two articles of the same instant are rare.</summary>
    private async Task FillAsync(int articles)
    {
        using var commands = new StoredCommands(await Database.OpenWriterAsync(CancellationToken.None));
        var tables = new PublishedTables(commands, Database.Search, PublishedTables.Public);
        var material = new Material();
        var renderer = new ArticleRenderer();
        await commands.Prepare("BEGIN").ExecuteNonQueryAsync();
        for (var i = 0; i < articles; i++)
        {
            var stored = Material.Stored(material.Article(i), Material.Instant.AddMinutes(i));
            var key = new ResourceKey(ResourceType.Article, stored.State.Id.ToString());
            var rendering = renderer.Read(stored).Render(material.References);
            await tables.WriteAsync(key, null, rendering, rendering.Index!(), 1, CanonicalJson.Hash(rendering.Document), Material.Instant, CancellationToken.None);
            _keys.Add(key);
        }

        await commands.Prepare("COMMIT").ExecuteNonQueryAsync();
    }
}
