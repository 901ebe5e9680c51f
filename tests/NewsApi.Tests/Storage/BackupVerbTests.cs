using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NewsApi.Tests.Search;
using NewsApi.Tests.Support;
using NewsApi.Tests.Sync;

namespace NewsApi.Tests.Storage;

/// <summary>A backup as somebody makes it on the command line, beside a server that is at work.</summary>
public sealed class BackupVerbTests : IDisposable
{
    private const int Writers = 4;

    private readonly TestFolder _folder = new();
    private readonly TestFolder _other = new();

    [Fact]
    public async Task While_four_write_it_is_the_whole_of_one_state()
    {
        SkipOnPostgres();
        await using var api = new Api(null, _folder);
        var (acknowledged, isOver) = (0, false);
        var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAsync)).ToList();
        await Sending.Eventually(() => Task.FromResult(Volatile.Read(ref acknowledged) > 20), "the writers write");
        var before = Volatile.Read(ref acknowledged);
        var backup = Path.Combine(_other, "news.db");

        Assert.Equal((0, $"{backup} is a backup of SQLite {Path.Combine(_folder, "news.db")}."), await RunAsync("backup", backup));

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(writers);
        Assert.Equal(["news.db"], Directory.GetFiles(_other).Select(Path.GetFileName));
        await using var copy = new Api(null, _other);
        var told = await EntriesAsync(copy);
        var source = await EntriesAsync(api);
        Assert.InRange(told.Count, before + 1, source.Count);
        Assert.Equal(source.Take(told.Count), told);
        Assert.Equal(Digest(told), (await copy.Anonymous.GetObject("/v1/sync/digest?buckets=1"))["buckets"]![0]!.Text("hash"));
        Assert.Empty(await (await new CopyKeeper(copy.Anonymous).StartAsync()).CompareAsync());

        async Task WriteAsync()
        {
            while (!Volatile.Read(ref isOver))
            {
                var article = await api.Article("Gipfel", ",\"section\":{\"slug\":\"politik\"}");
                await api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"teaser":"neu"}""").Answers();
                Interlocked.Increment(ref acknowledged);
            }
        }
    }

    [Fact]
    public async Task What_is_there_already_stays_and_nothing_half_made_is_left()
    {
        SkipOnPostgres();
        await using (new Api(null, _folder))
        {
        }

        var file = Path.Combine(_other, "backup.db");
        await File.WriteAllTextAsync(file, "mine", TestContext.Current.CancellationToken);
        Assert.Equal((1, $"There is a file {file} already; a backup takes the place of nothing."), await RunAsync("backup", file));
        Assert.Equal("mine", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal((1, $"There is no folder {Path.Combine(_other, "nowhere")}."), await RunAsync("backup", Path.Combine(_other, "nowhere", "backup.db")));
        Assert.Equal((1, "Say where the backup is to be: backup FILE."), await RunAsync("backup", "--Storage:Synchronous=normal"));
        Assert.Equal((1, "There is one file at most, and not a and b; a setting is written --Name=value."), await RunAsync("backup", "a", "b"));
        Assert.Equal(
            (1, $"There is no database {Path.Combine(_other, "none.db")}."),
            await RunAsync("backup", $"--ConnectionStrings:News=Data Source={Path.Combine(_other, "none.db")}", Path.Combine(_other, "new.db")));

        await File.WriteAllTextAsync(Path.Combine(_folder, "news.db"), "no database at all", TestContext.Current.CancellationToken);
        var (status, said) = await RunAsync("backup", Path.Combine(_other, "new.db"));
        Assert.Equal(1, status);
        Assert.StartsWith("The backup cannot be made: ", said, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFiles(_other));
    }

    [Fact]
    public async Task On_PostgreSQL_the_tool_that_does_it_is_named()
    {
        Assert.SkipUnless(TestDatabase.IsPostgres, "NEWSAPI_TEST_POSTGRES is not set");
        var (status, said) = await RunAsync("backup", "news.dump");
        Assert.Equal(1, status);
        Assert.Contains("pg_dump --format=custom --file=news.dump --host=", said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _other.Dispose();
    }

    private static void SkipOnPostgres() => Assert.SkipWhen(TestDatabase.IsPostgres, "A PostgreSQL database is copied by pg_dump");

    private static async Task<List<(string Position, string Type, string Id, int Version, string Hash)>> EntriesAsync(Api api)
    {
        var entries = new List<(string, string, string, int, string)>();
        for (var address = "/v1/changes?limit=200"; ;)
        {
            var page = await api.Anonymous.GetObject(address);
            entries.AddRange(page.Items().Select(e => (e.Text("position"), e.Text("type"), e.Id(), e.Int("version"), e.Text("contentHash"))));
            if (!page["hasMore"]!.GetValue<bool>()) return entries;

            address = $"/v1/changes?limit=200&cursor={page.Text("nextCursor")}";
        }
    }

    /// <summary>The hash of everything in one bucket, worked out from what the feed told.</summary>
    private static string Digest(IEnumerable<(string Position, string Type, string Id, int Version, string Hash)> entries)
    {
        var lines = entries.GroupBy(e => (e.Type, e.Id)).Select(g => g.Last()).OrderBy(e => e.Type, StringComparer.Ordinal).ThenBy(e => e.Id, StringComparer.Ordinal)
            .Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Type} {e.Id} {e.Version} {e.Hash}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    private async Task<(int Status, string Said)> RunAsync(params string[] arguments)
    {
        using var program = NewsApiProcess.Start(_folder, "Production", arguments);
        return (await program.EndAsync(), program.Output);
    }
}
