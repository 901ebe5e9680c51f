using System.Text;

namespace NewsApi.Benchmarks;

/// <summary>One kind of request, with the least shares of what the bare servers do per CPU second.</summary>
internal sealed record Case(string Name, bool IsCold, Func<Written, IEnumerable<string>> Paths, string Header = "", bool IsConditional = false)
{
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
        new("cold-list", IsCold: true, _ => ["/v1/articles?limit=20"]),
        new("cold-list-person", IsCold: true, w => [$"/v1/articles?person={w.Person}"]),
    ];

    /// <summary>Of a server that does nothing; where a request goes to the database, on SQLite only: the way to PostgreSQL costs more than all else.</summary>
    public double? OfKestrel { get; init; }

    /// <summary>Of bare Npgsql.</summary>
    public double? OfDatabaseOnPostgres { get; init; }

    /// <summary>Whether the bare ADO.NET server knows such requests.</summary>
    public bool IsPlain => !IsConditional && Header.Length == 0;

    public static string[] Names => [.. All.Select(c => c.Name)];

    public static Case Of(string name) => All.Single(c => c.Name == name);

    /// <summary>The bytes to send; <paramref name="tag"/> is what a client of the conditional case holds.</summary>
    public byte[][] Requests(Written written, string? tag = null) =>
    [
        .. Paths(written).Select(path => Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: localhost\r\n{Header}{(tag is null ? "" : $"If-None-Match: {tag}\r\n")}\r\n")),
    ];
}
