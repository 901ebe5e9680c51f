using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using NewsApi.Sync;
using NewsApi.Tests.Search;
using NewsApi.Tests.Subscriptions;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Sync;

/// <summary>The check of a copy as somebody runs it on the command line.</summary>
public sealed class VerifyVerbTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task It_names_the_rows_that_are_wrong_and_no_others()
    {
        for (var i = 0; i < 30; i++) await _api.Article($"Artikel {i}");
        var copy = await new CopyKeeper(_api.Anonymous).StartAsync();
        Assert.Equal((0, "30 rows are right.\n"), await VerifyAsync(copy, "right"));

        var (altered, missing) = (copy.Copy.Keys.First().Id, copy.Copy.Keys.Last().Id);
        copy.Copy[("article", altered)]["teaser"] = "anders";
        Assert.Equal((2, $"article {altered} has another content\n1 of 30 rows are wrong.\n"), await VerifyAsync(copy, "altered"));
        copy.Copy[("article", altered)].Remove("teaser");
        copy.Copy.Remove(("article", missing));
        var strange = Guid.CreateVersion7().ToString();
        copy.Copy[("person", strange)] = System.Text.Json.Nodes.JsonNode.Parse($$"""{"id":"{{strange}}","version":1}""")!.AsObject();
        var (status, said) = await VerifyAsync(copy, "both");
        Assert.Equal(2, status);
        Assert.Equal([$"article {missing} is missing", $"person {strange} is not public", "2 of 30 rows are wrong."], said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).OrderBy(l => l.Contains("rows", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""UPDATE resources SET document = '{"a":"\ud800"}'""", "has another content")]
    [InlineData("UPDATE resources SET document = NULL", "has another content")]
    [InlineData("UPDATE resources SET document = 'kein JSON'", "has another content")]
    [InlineData("UPDATE resources SET version = 99999999999", "has another version")]
    [InlineData("UPDATE resources SET version = NULL", "has another version")]
    [InlineData("UPDATE resources SET version = 'eins'", "has another version")]
    public async Task A_row_that_is_damaged_however_badly_is_named(string damage, string what)
    {
        for (var i = 0; i < 3; i++) await _api.Article($"Artikel {i}");
        var copy = await new CopyKeeper(_api.Anonymous).StartAsync();
        var file = Path.Combine(_api.Folder, "damaged.db");
        copy.Save(file);
        var id = copy.Copy.Keys.First().Id;
        Run(file, $"{damage} WHERE id = '{id}'");

        Assert.Equal((2, $"article {id} {what}\n1 of 3 rows are wrong.\n"), await RunAsync("--url", _api.Anonymous.BaseAddress!.ToString(), "--copy", file));
    }

    [Fact]
    public async Task Rows_that_no_server_can_know_are_named_and_one_that_is_there_twice()
    {
        var article = await _api.Article("Artikel");
        var copy = await new CopyKeeper(_api.Anonymous).StartAsync();
        var file = Path.Combine(_api.Folder, "strange.db");
        copy.Save(file);
        Run(file, "CREATE TABLE other AS SELECT * FROM resources; DROP TABLE resources; ALTER TABLE other RENAME TO resources");
        Run(file, "INSERT INTO resources SELECT * FROM resources; INSERT INTO resources VALUES ('person', 'broken', 1, '{}'), ('foo', 'x', 1, '{}'), (NULL, NULL, 1, '{}')");

        var (status, said) = await RunAsync("--url", _api.Anonymous.BaseAddress!.ToString(), "--copy", file);

        Assert.Equal(2, status);
        string[] expected = ["  is not public", $"article {article.Id()} is there more than once", "foo x is not public", "person broken is not public"];
        Assert.Equal([.. expected, "4 of 5 rows are wrong."], said.TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal).OrderBy(l => l.Contains("rows", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_server_may_be_found_behind_a_path()
    {
        await _api.Article("Artikel");
        await using var gateway = await Gateway.StartAsync(_api.Anonymous);
        var copy = await new CopyKeeper(_api.Anonymous).StartAsync();
        var file = Path.Combine(_api.Folder, "path.db");
        copy.Save(file);

        Assert.Equal((0, "1 rows are right.\n"), await RunAsync("--url", gateway.Root(), "--copy", file));
        Assert.Equal((0, "1 rows are right.\n"), await RunAsync("--url", $"{gateway.Root()}/", "--copy", file));
    }

    [Theory]
    [InlineData(200, "<html>Wartung</html>", "What was answered is no digest")]
    [InlineData(200, "{}", "What was answered is no digest")]
    [InlineData(200, """{"changedSince":[],"buckets":[]}""", "What was answered is no digest")]
    [InlineData(502, "<html>Wartung</html>", "The server answered 502: Bad Gateway")]
    [InlineData(502, """{"detail":"Wartung"}""", "The server answered 502: Wartung")]
    [InlineData(502, """{"detail":7}""", "The server answered 502: Bad Gateway")]
    public async Task What_is_no_digest_is_said_in_a_sentence(int status, string body, string said)
    {
        await using var server = await Receiver.StartAsync();
        server.Answer = (http, _) =>
        {
            http.Response.StatusCode = status;
            return http.Response.WriteAsync(body, http.RequestAborted);
        };
        using var client = new HttpClient { BaseAddress = new Uri(server.Url) };
        var refused = await Assert.ThrowsAsync<CopyCheckException>(async () => await CopyCheck.RunAsync(client, await EmptyAsync(), TestContext.Current.CancellationToken));
        Assert.StartsWith(said, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_silent_or_away_is_said_in_a_sentence()
    {
        await using var server = await Receiver.StartAsync();
        server.Answer = (http, _) => Task.Delay(Timeout.Infinite, http.RequestAborted);
        using var client = new HttpClient { BaseAddress = new Uri(server.Url), Timeout = TimeSpan.FromSeconds(1) };
        var silent = await Assert.ThrowsAsync<CopyCheckException>(async () => await CopyCheck.RunAsync(client, await EmptyAsync(), TestContext.Current.CancellationToken));
        Assert.Equal("The server did not answer within 1 seconds.", silent.Message);

        Assert.Equal((1, ""), await RunAsync("--url", "http://127.0.0.1:9", "--copy", Path.Combine(_api.Folder, "empty.db")));
    }

    [Fact]
    public async Task What_cannot_be_compared_is_said_in_a_sentence()
    {
        var copy = await new CopyKeeper(_api.Anonymous).StartAsync();
        copy.Cursor = "x";
        Assert.Equal(1, (await VerifyAsync(copy, "cursor")).Status);
        Assert.Equal(1, (await RunAsync("--url", _api.Anonymous.BaseAddress!.ToString(), "--copy", "/nowhere/copy.db")).Status);
        Assert.Equal(1, (await RunAsync("--url", "nowhere", "--copy", Path.Combine(_api.Folder, "cursor.db"))).Status);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private Task<(int Status, string Said)> VerifyAsync(CopyKeeper copy, string name)
    {
        var file = Path.Combine(_api.Folder, $"{name}.db");
        copy.Save(file);
        return RunAsync("--url", _api.Anonymous.BaseAddress!.ToString(), "--copy", file);
    }

    private async Task<string> EmptyAsync()
    {
        var copy = await new CopyKeeper(_api.Anonymous).StartAsync();
        var file = Path.Combine(_api.Folder, "empty.db");
        copy.Save(file);
        return file;
    }

    private static void Run(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static async Task<(int Status, string Said)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "NewsApi.dll"), "verify", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("   at ", await error, StringComparison.Ordinal);
        return (process.ExitCode, said);
    }
}
