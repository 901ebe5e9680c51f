using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests;

/// <summary>The program seen from the command line.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData("Storage:Synchronous", "sometimes")]
    [InlineData("Storage:Provider", "Oracle")]
    [InlineData("Storage:ReadConnections", "0")]
    [InlineData("Cache:Megabytes", "many")]
    [InlineData("Cache:Megabyte", "1")]
    [InlineData("Access:KeyHashes:desk", "secret")]
    [InlineData("Access:AnonymousRead", "sometimes")]
    [InlineData("Access:Tokens:Authority", "http://login.example")]
    [InlineData("Access:Tokens:Audience", "", "--Access:Tokens:Authority=https://login.example")]
    [InlineData("Access:Tokens:SigningKeys", "no keys", "--Access:Tokens:Audience=a", "--Access:Tokens:Issuer=b")]
    [InlineData("Access:Tokens:SigningKeys", """{"keys":[]}""", "--Access:Tokens:Audience=a", "--Access:Tokens:Issuer=b")]
    [InlineData("Access:Tokens:Issuer", "", "--Access:Tokens:Audience=a", "--Access:Tokens:SigningKeys={}")]
    [InlineData("ConnectionStrings:News", "Data Source=:memory:")]
    [InlineData("ConnectionStrings:News", "Host=localhost")]
    [InlineData("Service:PublicUrl", "javascript:alert(1)")]
    [InlineData("Service:PublicUrl", "https://user:secret@news.example")]
    [InlineData("Webhooks:AllowedNetworks:0", "10.0.0.1/8x")]
    [InlineData("Webhooks:AllowHttp", "sometimes")]
    public async Task A_wrong_setting_stops_the_start_with_a_sentence_that_names_it(string setting, string value, params string[] others)
    {
        using var program = NewsApiProcess.Start(_folder, "Production", [$"--{setting}={value}", .. others]);

        Assert.Equal(1, await program.EndAsync());
        Assert.Contains($"The setting {(setting.StartsWith("Cache", StringComparison.Ordinal) ? "Cache" : setting)}", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at NewsApi", program.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1", "ICU")]
    [InlineData("TZDIR", "/nonexistent", "time zones")]
    public async Task A_system_that_does_not_know_German_or_time_zones_is_refused(string variable, string value, string missing)
    {
        using var program = NewsApiProcess.Start(_folder, "Production", [(variable, value)]);

        Assert.Equal(1, await program.EndAsync());
        Assert.Contains(missing, program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_Production_the_log_is_JSON_with_request_ids_and_reads_leave_no_line()
    {
        using var program = await NewsApiProcess.Start(_folder, "Production").ReadyAsync();

        await program.Anonymous.GetObject("/v1/articles");

        var lines = program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.NotNull(JsonNode.Parse(line)!["Message"]));
        Assert.DoesNotContain(lines, line => line.Contains("/v1/articles", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_is_imported_from_the_command_line()
    {
        var file = Path.Combine(_folder, "page.txt");
        await File.WriteAllTextAsync(
            file,
            " date 2026-02-14 Aktuelle Seite: Home > Sport > Sieg im Derby\nFußball\n\nSieg im Derby\n\nSamstag, 14. Februar 2026 | 18:05 Uhr\nVon: apa\n\nDas Derby endete nach einer späten Wende mit einem Sieg der Heimelf.",
            TestContext.Current.CancellationToken);

        using (var first = NewsApiProcess.Start(_folder, "Production", "import", file))
        {
            Assert.Equal(0, await first.EndAsync());
            Assert.Contains("created", first.Output, StringComparison.Ordinal);
        }

        using var second = NewsApiProcess.Start(_folder, "Production", "import", file);
        Assert.Equal(0, await second.EndAsync());
        Assert.Contains("unchanged", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        using var program = NewsApiProcess.Start(_folder, "Production", "import", "nowhere.txt");

        Assert.NotEqual(0, await program.EndAsync());
        Assert.Contains("nowhere.txt", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_tells_live_from_ready()
    {
        using var program = await NewsApiProcess.Start(_folder, "Production").ReadyAsync();

        using var live = await program.Anonymous.GetAsync("/health/live", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task A_schema_that_is_not_there_is_refused_until_the_verb_migrate_has_made_it()
    {
        using (var early = NewsApiProcess.Start(_folder, "Production", Empty()))
        {
            Assert.Equal(1, await early.EndAsync());
            Assert.Contains("ConnectionStrings:News", early.Output, StringComparison.Ordinal);
            Assert.Contains("'migrate'", early.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", early.Output, StringComparison.Ordinal);
        }

        foreach (var said in (string[])["applied", "up to date"])
        {
            using var migrate = NewsApiProcess.Start(_folder, "Production", Empty(), "migrate");
            Assert.True(await migrate.EndAsync() == 0, migrate.Output);
            Assert.Contains(said, migrate.Output, StringComparison.Ordinal);
        }

        using var program = await NewsApiProcess.Start(_folder, "Production", Empty()).ReadyAsync();
        await program.Anonymous.GetObject("/v1/articles");
    }

    [Fact]
    public async Task A_schema_of_a_newer_version_is_refused()
    {
        using (var program = await NewsApiProcess.Start(_folder, "Production").ReadyAsync()) program.Kill();
        await using (var connection = TestDatabase.Open(_folder))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = """INSERT INTO "__EFMigrationsHistory" VALUES ('29991231235959_Tomorrow', '99.0.0')""";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        foreach (var migrates in (string[])["true", "false"])
        {
            using var program = NewsApiProcess.Start(_folder, "Production", [("Storage__MigrateAtStart", migrates)]);
            Assert.Equal(1, await program.EndAsync());
            Assert.Contains("newer version", program.Output, StringComparison.Ordinal);
            Assert.Contains("29991231235959_Tomorrow", program.Output, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A database of this test in which there is nothing, not even a schema.</summary>
    private (string, string)[] Empty() =>
    [
        ("ConnectionStrings__News", TestDatabase.IsPostgres ? TestDatabase.Empty(_folder) : $"Data Source={Path.Combine(_folder, "empty.db")}"),
        ("Storage__MigrateAtStart", "false"),
    ];
}
