using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Access;

/// <summary>Articles of all kinds that licences tell apart, and what a licence shows of them, worked out from its words alone.</summary>
public sealed class Licensed : IAsyncLifetime
{
    private static readonly string[] ManySources = [.. Enumerable.Range(0, 6).Select(i => $"Agentur {i} {new string('ä', 60)}")];
    private static readonly string[][] Sources = [[], ["APA"], ["dpa"], ["APA", "dpa"], ["Reuters"], ["apa", .. ManySources]];

    public const string WideSource = "Agentur 3 ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää";

    public static readonly string[] Licences =
    [
        """{"sections":["politik"]}""",
        """{"sections":["sport","nirgends"]}""",
        """{"languages":["de"]}""",
        """{"languages":["de-AT","EN"]}""",
        """{"sources":[{"name":"apa","level":"full"},{"name":"*","level":"teaser"}]}""",
        """{"sources":[{"name":"APA","level":"teaser"},{"name":"dpa","level":"metadata"}]}""",
        """{"sources":[{"name":"*","level":"metadata"}]}""",
        """{"sources":[{"name":"*","level":"full"}]}""",
        """{"sources":[{"name":"DPA","level":"full"}]}""",
        """{"sources":[{"name":"Niemand","level":"full"}]}""",
        """{"sections":["politik"],"languages":["de"],"sources":[{"name":"APA","level":"teaser"},{"name":"*","level":"full"}]}""",
        $$"""{"sources":[{"name":"APA","level":"full"},{"name":"{{WideSource}}","level":"metadata"},{"name":"*","level":"teaser"}]}""",
    ];

    public Api Api { get; } = new();

    public string Person { get; private set; } = "";
    public string Event { get; private set; } = "";

    /// <summary>As everybody sees them.</summary>
    public List<JsonObject> Articles { get; } = [];

    public async ValueTask InitializeAsync()
    {
        Person = (await Api.Person("Steven Witkoff")).Id();
        Event = (await Api.Event("Gipfel in Paris")).Id();
        var i = 0;
        foreach (var sources in Sources)
        {
            foreach (var (section, language) in ((string?, string)[])[("politik", "de"), ("sport", "de-AT"), (null, "en"), ("politik", "en")]) await AddAsync(i++, section, language, sources);
        }
    }

    public ValueTask DisposeAsync() => Api.DisposeAsync();

    /// <summary>0 nothing, 1 metadata, 2 teaser, 3 full.</summary>
    public static int Level(string licence, JsonNode article)
    {
        var rule = JsonNode.Parse(licence)!;
        if (rule["sections"] is { } sections && !sections.AsArray().Any(s => s!.GetValue<string>() == article["section"]?.Text("slug"))) return 0;

        var language = article.Text("language").ToLowerInvariant();
        if (rule["languages"] is { } languages && !languages.AsArray().Any(l => $"{language}-".StartsWith($"{l!.GetValue<string>().ToLowerInvariant()}-", StringComparison.Ordinal))) return 0;
        if (rule["sources"] is not { } named) return 3;

        var names = article["sources"]!.AsArray().Select(s => s!.Text("name")).DefaultIfEmpty("*");
        return names.Min(name => Of(name) ?? Of("*") ?? 0);

        int? Of(string name) => named.AsArray().FirstOrDefault(s => string.Equals(s!.Text("name"), name, StringComparison.OrdinalIgnoreCase))?.Text("level") switch
        {
            "metadata" => 1,
            "teaser" => 2,
            "full" => 3,
            _ => null,
        };
    }

    /// <summary>What of a document is shown at a level.</summary>
    public static JsonObject Shown(JsonNode article, int level)
    {
        var shown = article.DeepClone().AsObject();
        if (level == 3) return shown;

        shown.Remove("body");
        foreach (var correction in shown["corrections"]!.AsArray())
        {
            correction!.AsObject().Remove("was");
            correction.AsObject().Remove("now");
        }

        if (level == 2) return shown;

        shown.Remove("teaser");
        shown.Remove("subhead");
        shown["images"] = new JsonArray();
        return shown;
    }

    private async Task AddAsync(int i, string? section, string language, string[] sources)
    {
        var names = string.Join(',', sources.Select(s => $$"""{"name":"{{s}}"}"""));
        var article = await Api.Article(
            $"Kopfwort {i}",
            $$"""
            ,"kicker":"Dachwort","subhead":"Unterwort","teaser":"Vorspannwort {{i}}","language":"{{language}}","sources":[{{names}}],"tags":["gemeinsam"],
            "body":[{"type":"paragraph","text":"Textwort steht im Text, und Kopfwort auch."}],"images":[{"url":"https://example.org/{{i}}.jpg","alt":"Bild"}],
            "people":[{"id":"{{Person}}"}],"events":[{"id":"{{Event}}"}],"places":[{"name":"Paris"}]{{(section is null ? "" : $$""","section":{"slug":"{{section}}"}""")}}
            """,
            $"2026-01-0{1 + i % 9}T{10 + i / 9}:00:00Z");
        if (i % 5 == 0)
        {
            await Api.Editor.PostJson($"/v1/articles/{article.Id()}/corrections", """{"kind":"correction","note":"Berichtigt.","was":"Vorherwort","now":"Nachherwort"}""")
                .Answers(System.Net.HttpStatusCode.Created);
        }

        Articles.Add(await Api.Anonymous.GetObject($"/v1/articles/{article.Id()}"));
    }
}
