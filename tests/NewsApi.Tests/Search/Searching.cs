using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NewsApi.Access;
using NewsApi.Articles;
using NewsApi.Generate;
using NewsApi.Publishing;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Search;

/// <summary>What the tests of the search say all the time.</summary>
internal static class Searching
{
    private static readonly Caller Caller = new("tests");

    public static string Q(string query) => $"q={Uri.EscapeDataString(query)}";

    public static List<JsonNode> Items(this JsonNode page) => [.. page["items"]!.AsArray().Select(item => item!)];

    /// <summary>The resource of a hit of <c>/v1/search</c>.</summary>
    public static JsonNode Found(this JsonNode hit) => hit[hit.Text("type")]!;

    public static async Task<string[]> Ids(this HttpClient client, string address) =>
        [.. (await client.Walk(address)).Select(item => item["type"] is null ? item.Id() : item.Found().Id())];

    public static async Task<string[]> Headlines(this HttpClient client, string address) => [.. (await client.Walk(address)).Select(item => item.Text("headline"))];

    /// <summary>The items of all pages; a word about the limit may be in the address.</summary>
    public static async Task<List<JsonNode>> Walk(this HttpClient client, string address, Func<Task>? between = null)
    {
        var items = new List<JsonNode>();
        if (!address.Contains("limit=", StringComparison.Ordinal)) address += $"{(address.Contains('?', StringComparison.Ordinal) ? "&" : "?")}limit=200";
        string? next = address;
        while (next is not null)
        {
            var page = await client.GetObject(next);
            items.AddRange(page.Items());
            Assert.True(items.Count < 20_000, "The walk does not end.");
            next = page["nextCursor"] is { } cursor ? $"{address}&cursor={cursor.GetValue<string>()}" : null;
            if (between is not null) await between();
        }

        return items;
    }

    /// <summary>All that an article is found by, but for its links; fields apart from each other.</summary>
    public static string TextOf(JsonNode article)
    {
        var text = new StringBuilder();
        Add(article["headline"]);
        Add(article["kicker"]);
        Add(article["subhead"]);
        Add(article["teaser"]);
        Add(article["dateline"]);
        Add(article["byline"]);
        foreach (var tag in article["tags"]!.AsArray()) Add(tag);
        foreach (var image in article["images"]!.AsArray()) Add(image!["caption"]);
        foreach (var block in article["body"]!.AsArray())
        {
            Add(block!["text"]);
            Add(block["image"]?["caption"]);
            foreach (var item in block["items"]?.AsArray() ?? []) Add(item);
            foreach (var cell in block["rows"]?.AsArray().SelectMany(row => row!.AsArray()) ?? []) Add(cell);
        }

        return text.ToString();

        void Add(JsonNode? field) => text.Append(field?.GetValue<string>()).Append('\n');
    }

    /// <summary>An article that is short, public since then, and quickly made by the thousand.</summary>
    public static NewResource<ArticleInput> Short(string headline, DateTimeOffset at, string? body = null, string? tag = null) => new(
        new ArticleInput
        {
            Headline = headline,
            Body = body is null ? [] : [new Block { Type = "paragraph", Text = body }],
            Tags = tag is null ? [] : [tag],
        },
        at);

    public static async Task Add(this Api api, IEnumerable<NewResource<ArticleInput>> articles)
    {
        var outcome = await api.Services.GetRequiredService<BulkPublisher<Article, ArticleInput>>().AddAsync(articles, Caller, null, TestContext.Current.CancellationToken);
        Assert.True(outcome.Problem is null, outcome.Problem?.Detail);
    }

    public static async Task Generate(this Api api, int articles, int people = 30, int events = 40, long seed = 1)
    {
        var outcome = await ActivatorUtilities.CreateInstance<Generator>(api.Services)
            .RunAsync(new Amounts(articles, people, events, seed), (_, _) => new Silence(), TestContext.Current.CancellationToken);
        Assert.True(outcome.Problem is null, outcome.Problem?.Detail);
    }

    private sealed class Silence : IProgress<int>
    {
        public void Report(int value)
        {
        }
    }
}
