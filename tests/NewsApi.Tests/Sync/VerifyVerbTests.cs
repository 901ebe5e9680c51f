using System.Diagnostics;
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
