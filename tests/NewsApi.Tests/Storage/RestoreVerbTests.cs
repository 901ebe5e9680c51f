using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using NewsApi.Client;
using NewsApi.Storage;
using NewsApi.Tests.Search;
using NewsApi.Tests.Support;
using NewsApi.Tests.Sync;

namespace NewsApi.Tests.Storage;

/// <summary>A database that is set back, and those who follow it.</summary>
public sealed class RestoreVerbTests : IDisposable
{
    private const string Expired = "Every cursor from before has expired: partners start again from the exports.";

    private readonly TestFolder _folder = new();

    private string Database => Path.Combine(_folder, "news.db");

    private string Backup => Path.Combine(_folder, "backup.db");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_came_after_the_backup_is_gone_and_whoever_has_it_starts_again()
    {
        SkipOnPostgres();
        string id, lost, cursor;
        var (store, ahead) = (new MemorySyncStore(), "");
        await using (var api = new Api(null, _folder))
        {
            id = (await api.Article("Vorher")).Id();
            cursor = (await api.Anonymous.GetObject("/v1/changes")).Text("nextCursor");
            Assert.Equal(0, (await RunAsync("backup", Backup)).Status);
            await api.Editor.PatchJson($"/v1/articles/{id}", """{"teaser":"verloren"}""").Answers();
            lost = await api.Anonymous.TagOf($"/v1/articles/{id}");
            await api.Article("Nachher");
            await new SyncFollower(api.Anonymous, store).CatchUpAsync(Cancel);
            ahead = (await api.Anonymous.GetObject("/v1/changes")).Text("nextCursor");
        }

        Assert.Equal((0, $"SQLite {Database} is what {Backup} was.\n{Expired}"), await RunAsync("restore", Backup, "--force"));

        await using var restored = new Api(null, _folder);
        foreach (var old in (string[])[cursor, ahead])
        {
            await restored.Anonymous.Get($"/v1/changes?cursor={old}").IsRefused(410, "cursorExpired");
            await restored.Anonymous.Get($"/v1/sync/digest?cursor={old}").IsRefused(410, "cursorExpired");
        }

        Assert.Equal([id], await restored.Anonymous.Ids("/v1/articles"));
        Assert.Equal([id], await restored.Anonymous.Ids("/v1/articles?q=Vorher"));
        Assert.Empty(await (await (await new CopyKeeper(restored.Anonymous).StartAsync()).CatchUpAsync()).CompareAsync());

        // The same version is written once more, and is not taken for the one that was lost.
        await restored.Editor.PatchJson($"/v1/articles/{id}", """{"teaser":"anders"}""").Answers();
        using var answer = await restored.Anonymous.Get($"/v1/articles/{id}", ("If-None-Match", lost));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var partner = new SyncFollower(restored.Anonymous, store);
        await partner.CatchUpAsync(Cancel);
        Assert.Empty(await partner.VerifyAsync(Cancel));
        Assert.Equal(["Vorher"], (await restored.Anonymous.GetObject("/v1/articles")).Each("headline"));
    }

    [Fact]
    public async Task While_a_server_has_the_database_open_it_is_left_alone()
    {
        SkipOnPostgres();
        await using var api = new Api(null, _folder);
        Assert.Equal(0, (await RunAsync("backup", Backup)).Status);
        await api.Article("Nachher");

        Assert.Equal((1, $"{Database} is in use. Stop the server, and whatever else has it open, and restore again."), await RunAsync("restore", "--force", Backup));

        Assert.Single(await api.Anonymous.Ids("/v1/articles"));
        await api.Article("Danach");
        Assert.False(File.Exists(Database + ".restoring"));
    }

    [Fact]
    public async Task A_file_that_is_no_backup_is_named_and_changes_nothing()
    {
        SkipOnPostgres();
        await using (var api = new Api(null, _folder))
        {
            for (var i = 0; i < 20; i++) await api.Article($"Artikel {i}");
        }

        Assert.Equal(0, (await RunAsync("backup", Backup)).Status);
        var before = await File.ReadAllBytesAsync(Database, Cancel);
        var whole = await File.ReadAllBytesAsync(Backup, Cancel);
        await File.WriteAllTextAsync(In("text.db"), "This is no database, however long it is said. " + new string('.', 5_000), Cancel);
        await File.WriteAllBytesAsync(In("empty.db"), [], Cancel);
        await File.WriteAllBytesAsync(In("truncated.db"), whole[..(whole.Length / 2)], Cancel);
        var flipped = (byte[])whole.Clone();
        flipped.AsSpan(flipped.Length / 2, 20_000).Fill(0x55);
        await File.WriteAllBytesAsync(In("flipped.db"), flipped, Cancel);
        await File.WriteAllBytesAsync(In("newer.db"), whole, Cancel);
        Run(In("newer.db"), """INSERT INTO "__EFMigrationsHistory" VALUES ('29991231235959_Tomorrow', '99.0.0')""");
        Run(In("strange.db"), "CREATE TABLE feed (id INTEGER PRIMARY KEY, epoch TEXT)");

        await IsRefusedAsync("none.db", "There is no file ");
        await IsRefusedAsync("text.db", "is no database, or a damaged one");
        await IsRefusedAsync("truncated.db", "is no database, or a damaged one");
        await IsRefusedAsync("flipped.db", "damaged");
        await IsRefusedAsync("empty.db", "is no database of this program");
        await IsRefusedAsync("strange.db", "is no database of this program");
        await IsRefusedAsync("newer.db", "is a database of a newer version (it has 29991231235959_Tomorrow)");
        Assert.Equal((1, $"There is a database {Database} already. With --force the backup takes its place, and what is in it now is lost."), await RunAsync("restore", Backup));
        Assert.Equal((1, "Say which backup takes the place of the database: restore FILE --force."), await RunAsync("restore", "--force"));

        async Task IsRefusedAsync(string name, string why)
        {
            var (status, said) = await RunAsync("restore", In(name), "--force");
            Assert.Equal(1, status);
            Assert.Contains(In(name), said, StringComparison.Ordinal);
            Assert.Contains(why, said, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
            Assert.Equal(before, await File.ReadAllBytesAsync(Database, Cancel));
            Assert.Empty(Directory.GetFiles(_folder, "*.restoring*"));
        }
    }

    [Fact]
    public async Task A_backup_of_an_older_version_goes_where_nothing_is_and_the_start_brings_it_up_to_date()
    {
        SkipOnPostgres();
        await using (var db = new SqliteNewsDbContext(SqliteDatabase.Options($"Data Source={Backup};Pooling=false")))
            await db.GetService<IMigrator>().MigrateAsync("ChangeFeed", Cancel);

        var place = In("new/news.db");
        var (status, said) = await RunAsync("restore", $"--ConnectionStrings:News=Data Source={place}", Backup);
        Assert.True(status == 0, said);
        Assert.Equal("wal", Run(place, "PRAGMA journal_mode"));
        Assert.NotEqual(Run(Backup, "SELECT epoch FROM feed"), Run(place, "SELECT epoch FROM feed"));

        using var server = await NewsApiProcess.Start(_folder, "Development", $"--ConnectionStrings:News=Data Source={place}").ReadyAsync();
        await server.Editor.PostJson("/v1/people", """{"name":"Marco Rubio"}""").Answers(HttpStatusCode.Created);
        Assert.Single((await server.Anonymous.GetObject("/v1/changes")).Items());
    }

    [Fact]
    public async Task Without_a_file_cursors_expire_on_a_server_that_runs_on()
    {
        await using var api = new Api(null, _folder, ("Storage:MigrateAtStart", "false"));
        var person = await api.Person("Marco Rubio");
        var cursor = (await api.Anonymous.GetObject("/v1/changes")).Text("nextCursor");
        var kept = $"/v1/changes?cursor={cursor}";
        await api.Anonymous.GetObject(kept);
        using var stream = await api.Anonymous.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, $"/v1/changes/stream?cursor={cursor}") { Headers = { { "Accept", "text/event-stream" } } }, HttpCompletionOption.ResponseHeadersRead, Cancel);
        var waiting = api.Anonymous.Get($"{kept}&wait=30");

        Assert.Equal((0, Expired), await RunAsync("restore"));

        // The stream ends, and who waits is told, long before anything is published.
        await stream.Content.ReadAsStringAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), Cancel).IsRefused(410, "cursorExpired");
        await api.Anonymous.Get(kept).IsRefused(410, "cursorExpired");
        var copy = await new CopyKeeper(api.Anonymous).StartAsync();
        await api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"name":"Marco Antonio Rubio"}""").Answers();
        await copy.CatchUpAsync();
        Assert.Empty(await copy.CompareAsync());
        Assert.Equal(2, copy.Copy.Single().Value.Int("version"));
    }

    [Fact]
    public async Task On_PostgreSQL_the_tool_that_does_it_is_named()
    {
        Assert.SkipUnless(TestDatabase.IsPostgres, "NEWSAPI_TEST_POSTGRES is not set");
        var (status, said) = await RunAsync("restore", "news.dump");
        Assert.Equal(1, status);
        Assert.Contains("pg_restore --clean --if-exists --single-transaction --host=", said, StringComparison.Ordinal);
        Assert.Contains("'restore' without a file", said, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static void SkipOnPostgres() => Assert.SkipWhen(TestDatabase.IsPostgres, "A PostgreSQL database is restored by pg_restore");

    private static object? Run(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private string In(string name) => Path.Combine(_folder, name);

    private async Task<(int Status, string Said)> RunAsync(params string[] arguments)
    {
        using var program = NewsApiProcess.Start(_folder, "Production", arguments);
        return (await program.EndAsync(), program.Output);
    }
}
