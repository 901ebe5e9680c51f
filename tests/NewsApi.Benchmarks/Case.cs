using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace NewsApi.Benchmarks;

/// <summary>One kind of request, with the least shares of what the bare servers do per CPU second.</summary>
internal sealed record Case(string Name, bool IsCold, Func<Written, IEnumerable<string>> Paths, string Header = "", bool IsConditional = false)
{
    /// <summary>What the cases are compared with that no bare server knows.</summary>
    public const string List = "cold-list";

    private const int Various = 2_000;
    private const int NamesInBatch = 10;

    private static readonly Random Random = new(2);

    private static readonly Case[] All =
    [
        new("hot-article", IsCold: false, w => [$"/v1/articles/{w.Articles[0]}"]) { OfKestrel = 0.85 },
        new("hot-list", IsCold: false, _ => ["/v1/articles?limit=20"]) { OfKestrel = 0.85 },
        new("not-modified", IsCold: false, w => [$"/v1/articles/{w.Articles[0]}"], IsConditional: true) { OfKestrel = 0.85 },
        new("hot-article-br", IsCold: false, w => [$"/v1/articles/{w.Articles[0]}"], "Accept-Encoding: br\r\n"),
        new("cold-article", IsCold: true, w => Enumerable.Range(0, 10_000).Select(_ => $"/v1/articles/{w.Articles[Random.Next(w.Articles.Length)]}"))
        {
            OfKestrel = 0.55, OfDatabaseOnPostgres = 0.8,
        },
        new(List, IsCold: true, _ => ["/v1/articles?limit=20"]),
        new("cold-list-person", IsCold: true, w => [$"/v1/articles?person={w.Person}"]),
        new("search", IsCold: true, w => Queries(w).Select(q => $"/v1/articles?q={q}")) { IsProductOnly = true },
        new("search-relevance", IsCold: true, w => Queries(w).Select(q => $"/v1/articles?q={q}&sort=relevance")) { IsProductOnly = true },
        new("search-highlight", IsCold: true, w => Queries(w).Select(q => $"/v1/articles?q={q}&highlight=true")) { IsProductOnly = true },
        new("suggest", IsCold: true, w => Some(() => Beginning(Pick(w.Names))).Select(q => $"/v1/people/suggest?q={q}")) { IsProductOnly = true },
        new("match", IsCold: true, w => Some(() => "/v1/people/match")) { IsProductOnly = true, Body = w => Batch(w.Names) },
    ];

    /// <summary>Of a server that does nothing; where a request goes to the database, on SQLite only: the way to PostgreSQL costs more than all else.</summary>
    public double? OfKestrel { get; init; }

    /// <summary>Of bare Npgsql.</summary>
    public double? OfDatabaseOnPostgres { get; init; }

    /// <summary>Whether no bare server knows such requests, so that they are compared with the product's own list.</summary>
    public bool IsProductOnly { get; init; }

    /// <summary>What is posted; nothing where the requests only read.</summary>
    public Func<Written, string>? Body { get; init; }

    /// <summary>Whether the bare ADO.NET server knows such requests.</summary>
    public bool IsPlain => !IsConditional && Header.Length == 0 && !IsProductOnly;

    public static string[] Names => [.. All.Select(c => c.Name)];

    public static Case Of(string name) => All.Single(c => c.Name == name);

    /// <summary>The bytes to send; <paramref name="tag"/> is what a client of the conditional case holds.</summary>
    public byte[][] Requests(Written written, string? tag = null) =>
    [
        .. Paths(written).Select(path => Encoding.UTF8.GetBytes(Body is null
            ? $"GET {path} HTTP/1.1\r\nHost: localhost\r\n{Header}{(tag is null ? "" : $"If-None-Match: {tag}\r\n")}\r\n"
            : Post(path, Body(written)))),
    ];

    private static string Post(string path, string json) => string.Create(
        CultureInfo.InvariantCulture, $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");

    /// <summary>A frequent word, two of them, or a frequent and a rare one.</summary>
    private static IEnumerable<string> Queries(Written written) => Some(() => Uri.EscapeDataString(Random.Next(3) switch
    {
        0 => Pick(written.Words),
        1 => $"{Pick(written.Words)} {Pick(written.Words)}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Pick(written.Words)} OR {Random.Next(written.Articles.Length)}"),
    }));

    private static string Beginning(string name) => Uri.EscapeDataString(name[..Random.Next(2, name.Length)]);

    private static string Batch(string[] names) =>
        new JsonObject { ["queries"] = new JsonArray([.. Enumerable.Range(0, NamesInBatch).Select(_ => new JsonObject { ["name"] = Spelt(Pick(names)) })]) }.ToJsonString();

    /// <summary>As somebody writes it who has no umlauts, or has heard it only.</summary>
    private static string Spelt(string name) => Random.Next(3) switch
    {
        0 => name,
        1 => name.Replace("ü", "ue", StringComparison.Ordinal).Replace("ö", "oe", StringComparison.Ordinal).Replace("ß", "ss", StringComparison.Ordinal),
        _ => name.Replace("tsch", "ch", StringComparison.Ordinal).Replace("th", "t", StringComparison.Ordinal),
    };

    private static IEnumerable<string> Some(Func<string> make) => Enumerable.Range(0, Various).Select(_ => make());

    private static string Pick(string[] values) => values[Random.Next(values.Length)];
}
