using System.Net;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Generate;

/// <summary>The verb as somebody uses it who wants to see the product under load.</summary>
public sealed class GenerateVerbTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task What_was_generated_is_served_and_a_second_run_adds_what_is_missing()
    {
        Assert.Contains("articles: 60 of 60", await RunAsync(0, "--articles", "60", "--people", "30"), StringComparison.Ordinal);
        Assert.Contains("there already", await RunAsync(0, "--articles", "60", "--people", "30"), StringComparison.Ordinal);
        Assert.Contains("12 written, 100 were there already.", await RunAsync(0, "--articles", "70", "--people", "32"), StringComparison.Ordinal);
        await RunAsync(0, "--articles", "5", "--seed", "2");

        using var program = await NewsApiProcess.Start(_folder, "Development").ReadyAsync();
        var articles = await program.Anonymous.GetObject("/v1/articles?limit=100&include=people,events");
        Assert.Equal(75, articles["items"]!.AsArray().Count);
        Assert.NotEmpty(articles["included"]!["people"]!.AsArray());
        Assert.Equal(8, (await program.Anonymous.GetObject("/v1/sections"))["items"]!.AsArray().Count);
        Assert.Equal(52, (await program.Anonymous.GetObject("/v1/people?limit=100"))["items"]!.AsArray().Count);
        var changes = await program.Anonymous.GetObject("/v1/changes?limit=200");
        Assert.Equal(75 + 52 + 20, changes["items"]!.AsArray().Count);
        using var stored = new StoredTables(_folder);
        Assert.All(stored.Changes(), c => Assert.Contains("upsert published 1 after -", c.Said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_beside_it_goes_on_writing_and_shows_what_is_generated()
    {
        using var program = await NewsApiProcess.Start(_folder, "Development").ReadyAsync();
        Assert.Empty((await program.Anonymous.GetObject("/v1/articles"))["items"]!.AsArray());

        var generating = RunAsync(0, "--articles", "1500");
        var names = 0;
        do
        {
            using var person = await program.Editor.PostJson("/v1/people", $$"""{"name":"Käthe Oberthalguter {{names++}}"}""");
            await person.Object(HttpStatusCode.Created);
        }
        while (!generating.IsCompleted);

        await generating;
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Equal(20, (await program.Anonymous.GetObject("/v1/articles"))["items"]!.AsArray().Count);
        using var stored = new StoredTables(_folder);
        Assert.Equal(1500 + 50 + 25 + names, stored.Changes().Count);
    }

    [Theory]
    [InlineData("--articles", "--articles")]
    [InlineData("--articles", "--articles", "viele")]
    [InlineData("--articles", "--articles", "-1")]
    [InlineData("--people", "--articles", "5", "--people", "1.5")]
    [InlineData("--seed", "--articles", "5", "--seed", "x")]
    [InlineData("--people", "--articles", "5", "--peple", "3")]
    [InlineData("--articles", "--seed", "5")]
    public async Task A_bad_value_is_named_in_one_sentence(string named, params string[] arguments)
    {
        var output = await RunAsync(1, arguments);

        Assert.Contains(named, output, StringComparison.Ordinal);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> RunAsync(int code, params string[] arguments)
    {
        using var program = NewsApiProcess.Start(_folder, "Production", ["generate", .. arguments]);
        Assert.True(await program.EndAsync() == code, program.Output);
        return program.Output;
    }
}
