using System.Text;

namespace NewsApi.Benchmarks;

/// <summary>One kind of request. A target is the least share of the bare server's requests per CPU second.</summary>
internal sealed record Case(string Name, bool IsCold, double? Target, Func<Written, IEnumerable<string>> Paths, string Header = "", bool IsConditional = false)
{
    private static readonly Random Random = new(2);

    private static readonly Case[] All =
    [
        new("hot-article", IsCold: false, 0.85, w => [$"/v1/articles/{w.Articles[0]}"]),
        new("hot-list", IsCold: false, 0.85, _ => ["/v1/articles?limit=20"]),
        new("not-modified", IsCold: false, 0.85, w => [$"/v1/articles/{w.Articles[0]}"], IsConditional: true),
        new("hot-article-br", IsCold: false, null, w => [$"/v1/articles/{w.Articles[0]}"], "Accept-Encoding: br\r\n"),
        new("cold-article", IsCold: true, 0.55, w => Enumerable.Range(0, 10_000).Select(_ => $"/v1/articles/{w.Articles[Random.Next(w.Articles.Length)]}")),
        new("cold-list", IsCold: true, null, _ => ["/v1/articles?limit=20"]),
        new("cold-list-person", IsCold: true, null, w => [$"/v1/articles?person={w.Person}"]),
    ];

    public static string[] Names => [.. All.Select(c => c.Name)];

    public static Case Of(string name) => All.Single(c => c.Name == name);

    /// <summary>The bytes to send; <paramref name="tag"/> is what a client of the conditional case holds.</summary>
    public byte[][] Requests(Written written, string? tag = null) =>
    [
        .. Paths(written).Select(path => Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: localhost\r\n{Header}{(tag is null ? "" : $"If-None-Match: {tag}\r\n")}\r\n")),
    ];
}
