using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract.Owasp;

/// <summary>API4, unrestricted resource consumption: nothing that a client sends makes the work grow without an end.</summary>
public sealed class ConsumptionTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task A_parameter_of_any_length_and_number_is_answered_or_refused_on_every_route()
    {
        var asked = 0;
        foreach (var (path, operations) in (await _api.Anonymous.GetObject("/openapi/v1.json"))["paths"]!.AsObject())
        {
            foreach (var parameter in operations!["get"]?["parameters"]?.AsArray().Where(p => p!.Text("in") == "query") ?? [])
            {
                var address = path.Replace("{id}", Guid.CreateVersion7().ToString(), StringComparison.Ordinal).Replace("{slug}", "a", StringComparison.Ordinal).Replace("{version}", "1", StringComparison.Ordinal);
                var name = parameter!.Text("name");
                foreach (var query in (string[])
                    [
                        $"{name}={new string('a', 60_000)}", $"{name}={string.Join(',', Enumerable.Range(0, 10_000))}", string.Join('&', Enumerable.Repeat($"{name}=a", 2_000)),
                        $"{name}={string.Concat(Enumerable.Repeat("(a OR ", 5_000))}", $"{name}={new string('a', 5_000)}!", $"{name}={string.Concat(Enumerable.Repeat("a-", 20_000))}!",
                        $"{name}={string.Concat(Enumerable.Repeat("%5B", 10_000))}",
                    ])
                {
                    using var answer = await _api.Editor.Ask($"{address}?{query}");
                    Assert.True((int)answer.StatusCode is (>= 200 and < 300) or (>= 400 and < 500), $"{(int)answer.StatusCode} for {address}?{query[..Math.Min(80, query.Length)]}");
                    Assert.True((await answer.Bytes()).Length < 100_000, $"{address}?{name}");
                    asked++;
                }
            }
        }

        Assert.True(asked > 1_000, $"only {asked}");
    }

    [Fact]
    public async Task Every_list_has_a_largest_page_and_says_so()
    {
        var document = await _api.Anonymous.GetObject("/openapi/v1.json");
        var lists = 0;
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            if (operations!["get"] is not { } get) continue;

            // A stream has no pages, and the cursor of a digest leads to none.
            if (path is "/v1/changes/stream" or "/v1/sync/digest") continue;

            var limit = get["parameters"]?.AsArray().FirstOrDefault(p => p!.Text("name") == "limit");
            if (get["parameters"]?.AsArray().Any(p => p!.Text("name") == "cursor") == true && !path.Contains("reconcile", StringComparison.Ordinal)) Assert.True(limit is not null, path);
            if (limit is null) continue;

            Assert.InRange(limit["schema"]!.Int("maximum"), 1, 500);
            var needed = path is "/v1/search" or "/v1/people/suggest" ? "q=a&" : path is "/v1/timelines" ? "person=a&" : "";
            var address = $"{path.Replace("{id}", Guid.CreateVersion7().ToString(), StringComparison.Ordinal)}?{needed}limit";
            foreach (var value in (string[])["0", "-1", $"{limit["schema"]!.Int("maximum") + 1}", "99999999999999999999", "1e2", "ten"])
            {
                var problem = await _api.Editor.Get($"{address}={value}").IsRefused(400);
                Assert.Contains("limit", problem.Places());
            }

            lists++;
        }

        Assert.True(lists > 10, $"only {lists}");
    }

    [Fact]
    public void Every_list_in_a_body_has_a_limit()
    {
        var document = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "openapi", "newsapi.v1.json")))!;
        var schemas = document["components"]!["schemas"]!.AsObject();
        foreach (var (name, schema) in schemas.Where(s => s.Key.EndsWith("Input", StringComparison.Ordinal) || s.Key.EndsWith("Patch", StringComparison.Ordinal)))
        {
            foreach (var (member, property) in schema!["properties"]!.AsObject())
            {
                if (property!["type"]?.GetValue<string>() == "array") Assert.True(property["maxItems"] is not null, $"{name}.{member} takes any number of entries");
            }
        }
    }

    [Fact]
    public void No_pattern_goes_back_over_a_text()
    {
        var patterns = typeof(Program).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .SelectMany(m => m.GetCustomAttributes<GeneratedRegexAttribute>()).ToList();

        Assert.NotEmpty(patterns);
        Assert.All(patterns, p => Assert.True(p.Options.HasFlag(RegexOptions.NonBacktracking) || p.MatchTimeoutMilliseconds is > 0 and <= 100, p.Pattern));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
