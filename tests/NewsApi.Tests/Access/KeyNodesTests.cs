using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Access;

/// <summary>Keys on several nodes and from the command line, all on one database.</summary>
public sealed class KeyNodesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_one_node_does_with_a_key_the_others_know_at_once_or_soon(bool notifications)
    {
        await using var one = new Api(null, _folder);
        await using var other = new Api(null, _folder, ("Storage:Notifications", notifications ? "true" : "false"));
        for (var trial = 0; trial < 5; trial++)
        {
            var made = await one.Key(["content:preview"]);
            Assert.True(await IsGood(one, made));
            await Soon(other, made, isGood: true);

            var rotated = await other.Editor.PostJson($"/v1/keys/{made.Id()}/rotate", """{"overlapSeconds":0}""").Answers();
            Assert.False(await IsGood(other, made));
            await Soon(one, rotated, isGood: true);
            Assert.False(await IsGood(one, made));

            await one.Editor.Remove($"/v1/keys/{made.Id()}", null).Succeeds();
            Assert.False(await IsGood(one, rotated));
            await Soon(other, rotated, isGood: false);
        }
    }

    [Fact]
    public async Task Two_who_rotate_a_key_at_once_leave_two_texts_of_it()
    {
        await using var one = new Api(null, _folder);
        await using var other = new Api(null, _folder);
        var made = await one.Key(["content:read"]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? one : other).Editor.PostJson($"/v1/keys/{made.Id()}/rotate", "{}").Answers()));

        await using var fresh = new Api(null, _folder);
        var good = 0;
        foreach (var key in answers.Append(made).Select(k => k.Text("key")))
        {
            if (await fresh.With(key).StatusOf("/v1/me") == HttpStatusCode.OK) good++;
        }

        Assert.Equal(2, good);
    }

    [Fact]
    public async Task A_service_in_Production_gets_its_keys_from_the_command_line_while_it_runs()
    {
        using var server = await NewsApiProcess.Start(_folder, "Production").ReadyAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await server.Editor.StatusOf("/v1/me"));
        var licence = Path.Combine(_folder, "licence.json");
        await File.WriteAllTextAsync(licence, """{"sections":["politik"]}""", TestContext.Current.CancellationToken);

        var (code, output) = await Run("create", "--name", "Redaktion", "--scopes", "content:write,content:preview", "--expires", "90d", "--licence", licence);
        Assert.True(code == 0, output);
        var key = Text(output);
        await Soon(server.Anonymous, key, isGood: true);
        using var asked = await server.Anonymous.Ask("/v1/me", ("X-Api-Key", key));
        var me = await asked.Object(HttpStatusCode.OK);
        Assert.Equal(("Redaktion", key[..11]), (me.Text("name"), me.Text("prefix")));
        Assert.NotNull(me["expiresAt"]);
        Assert.Equal("politik", me["licence"]!["sections"]![0]!.GetValue<string>());

        (_, output) = await Run("list");
        Assert.Contains("Redaktion  content:preview,content:write  good until ", output, StringComparison.Ordinal);
        Assert.Contains("with a licence", output, StringComparison.Ordinal);
        Assert.DoesNotContain(key[12..], output, StringComparison.Ordinal);

        (code, output) = await Run("rotate", key[..11], "--overlap", "12h");
        Assert.True(code == 0, output);
        var rotated = Text(output);
        await Soon(server.Anonymous, rotated, isGood: true);
        await Soon(server.Anonymous, key, isGood: true);

        // By either of its texts; whose it was that somebody has lost is seen in the list.
        (_, output) = await Run("list");
        Assert.Contains($"{rotated[..11]}  Redaktion", output, StringComparison.Ordinal);
        Assert.Contains($"{key[..11]} too until ", output, StringComparison.Ordinal);
        (code, output) = await Run("revoke", key[3..11]);
        Assert.True(code == 0, output);
        foreach (var text in (string[])[key, rotated]) await Soon(server.Anonymous, text, isGood: false);
        (_, output) = await Run("list");
        Assert.Contains("revoked 20", output, StringComparison.Ordinal);
        Assert.DoesNotContain(key[12..], server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scopes", "create", "--name", "a", "--scopes", "content:write,root")]
    [InlineData("Option '--scopes' is required", "create", "--name", "a")]
    [InlineData("one scope", "create", "--name", "a", "--scopes", "")]
    [InlineData("--expires is", "create", "--name", "a", "--scopes", "admin", "--expires", "soon")]
    [InlineData("in the future", "create", "--name", "a", "--scopes", "admin", "--expires", "2020-01-01")]
    [InlineData("There is no file", "create", "--name", "a", "--scopes", "admin", "--licence", "/nowhere.json")]
    [InlineData("There is no key 'nobody'", "revoke", "nobody")]
    [InlineData("There is no key 'nk_nobodyxx'", "rotate", "nk_nobodyxx")]
    [InlineData("--overlap is", "rotate", "nobody", "--overlap", "31d")]
    public async Task What_cannot_be_done_is_said_in_a_sentence(string sentence, params string[] arguments)
    {
        var (code, output) = await Run(arguments);

        Assert.Equal(1, code);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at NewsApi", output, StringComparison.Ordinal);
        Assert.DoesNotContain("nk_", output.Replace("nk_nobodyxx", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Text(string output) => Assert.Single(output.Split('\n'), line => line.StartsWith("nk_", StringComparison.Ordinal));

    private static Task Soon(Api api, JsonObject key, bool isGood) => Soon(api.Anonymous, key.Text("key"), isGood);

    private static Task Soon(HttpClient client, string key, bool isGood) => Sending.Eventually(async () => await IsGood(client, key) == isGood, $"the key is good: {isGood}");

    private static Task<bool> IsGood(Api api, JsonObject key) => IsGood(api.Anonymous, key.Text("key"));

    /// <summary>A bad key is a 401, and a 429 once it was tried too often.</summary>
    private static async Task<bool> IsGood(HttpClient client, string key)
    {
        using var response = await client.Ask("/v1/me", ("X-Api-Key", key));
        if (response.StatusCode == HttpStatusCode.OK) return true;

        Assert.True(response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests, $"{response.StatusCode}");
        return false;
    }

    private async Task<(int Code, string Output)> Run(params string[] arguments)
    {
        using var program = NewsApiProcess.Start(_folder, "Production", ["keys", .. arguments]);
        return (await program.EndAsync(), program.Output);
    }
}
