using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract;

/// <summary>
/// Everything that can be asked for, from the document as it is served: each route with each of its parameters. A route or parameter that
/// nobody has thought of ends the walk, so whoever adds one says here what to ask it for.
/// </summary>
internal sealed class DocumentWalk(JsonObject document, CanaryNewsroom room)
{
    private static readonly string[] Instants = ["1990-01-01", "2026-01-05", "2026-01-02T10:05:00Z", "2100-01-01", "kanari990x"];

    /// <summary>What goes along with any other parameter, where the route knows it, so that an answer holds as much as it can.</summary>
    private static readonly (string Name, string Value)[] Companions =
    [
        ("view", "full"), ("include", "people,events"), ("facets", "section,tag,person,source,language,month"), ("count", "exact"), ("limit", "50"), ("sort", "updatedAt"),
    ];

    /// <summary>A body for each POST that asks and changes nothing.</summary>
    private static readonly Dictionary<string, Func<string, Ask>> Questions = new()
    {
        ["/v1/people/match"] = name => new Ask("POST", "/v1/people/match", $$"""{"queries":[{"id":"1","name":{{Json.Quoted(name)}},"context":{"people":["steve-witkoff"]},"limit":20}]}"""),
        ["/v1/reconcile"] = name => new Ask("POST", "/v1/reconcile", $"queries={Uri.EscapeDataString(Batch(name))}", "application/x-www-form-urlencoded"),
    };

    public static async Task<DocumentWalk> OfAsync(Api api, CanaryNewsroom room) => new(await api.Anonymous.GetObject("/openapi/v1.json"), room);

    public IEnumerable<(string Method, string Path, JsonObject Operation)> Operations() =>
        document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(o => (o.Key.ToUpperInvariant(), path.Key, o.Value!.AsObject())));

    /// <summary>Every read, of what is there and of what is hidden.</summary>
    public IEnumerable<Ask> Reads()
    {
        foreach (var (_, path, operation) in Operations().Where(o => o.Method == "GET"))
        {
            var parameters = Parameters(operation, "query");
            foreach (var address in Addresses(path, Public)) foreach (var query in Queries(parameters)) yield return new Ask("GET", address + query);
            if (!path.Contains('{', StringComparison.Ordinal)) continue;

            foreach (var address in Addresses(path, Hidden))
                foreach (var query in (string[])["", "?perspective=preview", "?unbekannt=1", $"?token={room.Token}&perspective=preview", .. FirstOf(parameters)])
                    yield return new Ask("GET", address + query);
        }
    }

    /// <summary>Every question that is too long for an address.</summary>
    public IEnumerable<Ask> LongReads() => Questions.SelectMany(q => Words().Concat(Phrases()).Select(q.Value));

    /// <summary>Every write, with bodies that tell by their refusal whether something is there.</summary>
    public IEnumerable<Ask> Writes()
    {
        foreach (var (method, path, operation) in Operations().Where(o => o.Method != "GET" && !(o.Method == "POST" && Questions.ContainsKey(o.Path))))
        {
            // Nothing but what a write is known to take: a new parameter is looked at before it is walked past.
            foreach (var name in Parameters(operation, "query")) Assert.Contains(name, (string[])["note", "draft", "erase"]);
            var type = operation["requestBody"]?["content"]!.AsObject().First().Key ?? "application/json";
            foreach (var address in Addresses(path, name => [.. Public(name), .. Hidden(name)]))
                foreach (var body in path == "/v1/batch" ? Bodies().Concat(Batches()) : Bodies()) yield return new Ask(method, address, body, type);
        }
    }

    private static List<string> Parameters(JsonObject operation, string place) =>
        [.. (operation["parameters"]?.AsArray() ?? []).Where(p => p!.Text("in") == place).Select(p => p!.Text("name"))];

    private IEnumerable<string> Addresses(string path, Func<string, IEnumerable<string>> names)
    {
        var first = path.IndexOf('{', StringComparison.Ordinal);
        if (first < 0) return [path];

        var end = path.IndexOf('}', StringComparison.Ordinal);
        return names($"{path.Split('/')[2]}/{path[(first + 1)..end]}").SelectMany(name => Addresses(path[..first] + name + path[(end + 1)..], names));
    }

    /// <summary>What is public, under the name of a type and a variable of the path.</summary>
    private IEnumerable<string> Public(string variable) => variable.Split('/') switch
    {
        [var type, "id"] when room.PublicIds.TryGetValue(type, out var id) => [id],
        [var type, "slug"] when room.PublicSlugs.TryGetValue(type, out var slug) => [slug],
        ["sections", "slug"] => ["politik"],
        ["keys" or "subscriptions", "id"] => [room.HiddenIds[^1]],
        [_, "version" or "position"] => ["1"],
        _ => throw new NotSupportedException($"Nobody has said what to ask {variable} for."),
    };

    /// <summary>What is not, and what is of another type.</summary>
    private IEnumerable<string> Hidden(string variable) => variable.Split('/') switch
    {
        [var type, "id"] => [.. room.HiddenIds, .. room.PublicIds.Where(p => p.Key != type && !(type == "articles" && p.Key == "other")).Select(p => p.Value)],
        ["sections", "slug"] => room.Of("section.slug"),
        [_, "slug"] => room.HiddenSlugs,
        [_, "version" or "position"] => ["1"],
        _ => throw new NotSupportedException($"Nobody has said what to ask {variable} for."),
    };

    private IEnumerable<string> Queries(List<string> parameters)
    {
        yield return "";
        yield return "?unbekannt=1";
        foreach (var name in parameters)
        {
            var along = string.Concat(Companions.Where(c => c.Name != name && parameters.Contains(c.Name)).Select(c => $"&{c.Name}={c.Value}"));
            var marked = name == "q" && parameters.Contains("highlight") ? "&highlight=true" : "";
            var explained = name == "q" && parameters.Contains("explain") ? "&explain=true" : "";
            foreach (var value in Values(name).Select(Uri.EscapeDataString))
            {
                yield return $"?{name}={value}";
                if (along.Length + marked.Length + explained.Length > 0) yield return $"?{name}={value}{along}{marked}{explained}";
            }
        }
    }

    /// <summary>One value of each parameter, for what is hidden anyway.</summary>
    private IEnumerable<string> FirstOf(List<string> parameters) => parameters.Select(name => $"?{name}={Uri.EscapeDataString(Values(name).First())}");

    private IEnumerable<string> Values(string parameter) => parameter switch
    {
        "q" => [.. Words(), .. Phrases(), "Gipfel", $"Gipfel -{CanaryNewsroom.Bait}", $"Gipfel OR {CanaryNewsroom.Bait}"],
        "prefix" => [.. Words(), "kanari", "Steve"],
        "queries" => [.. Words().Append("Witkoff").Select(Batch)],
        "person" or "event" or "partOf" => [.. Ids(), .. room.HiddenSlugs, .. room.PublicSlugs.Values],
        "id" => [.. Ids()],
        "section" => [.. room.Of("section.slug"), "politik"],
        "tag" => [.. room.Of("tags"), "Ukraine"],
        "topic" => room.Of("topics"),
        "place" => [.. room.Of("places.name", "place.name"), "Paris"],
        "source" => [.. room.Of("sources.name"), "APA"],
        "genre" => room.Of("genre"),
        "language" => ["de", "gsw"],
        "country" => ["US", "NR"],
        "office" => [.. room.Of("offices.title", "people.office"), "Sondergesandter"],
        "externalId" => [.. room.Of("externalIds.value").Select(value => $"haus:{value}")],
        "actor" => ["development", CanaryNewsroom.Bait],
        "perspective" => ["preview", "published", "Preview", "preview,published", "kanari990x"],
        "cursor" => [room.Cursor, "kanari990x"],
        "token" => [room.Token, "kanari990x"],
        "asOf" or "from" or "to" or "publishedFrom" or "publishedTo" or "updatedFrom" => Instants,
        "corrected" or "overdue" or "highlight" or "explain" => ["true", "kanari990x"],
        "personMode" => ["all", "any"],
        "certainty" => ["rumoured,planned,announced,confirmed,occurred,postponed,cancelled", "kanari990x"],
        "types" or "type" => ["article", "person", "event", "kanari990x"],
        "state" => ["delivered", "kanari990x"],
        "action" => ["published", "kanari990x"],
        "sort" => ["publishedAt", "updatedAt", "relevance", "name", "start", "kanari990x"],
        "order" => ["asc", "desc"],
        "facets" => ["section,tag,person,source,language,month", "kanari990x"],
        "include" => ["people,events", "people", "resource"],
        "view" => ["full", "summary"],
        "count" => ["exact"],
        "limit" => ["1", "50", "-1"],
        "after" => ["00000000-0000-0000-0000-000000000000", "kanari990x"],
        "buckets" => ["1", "64"],
        "bucket" => ["0", "kanari990x"],
        "wait" => ["0", "kanari990x"],
        "timeZone" => ["UTC"],
        _ => throw new NotSupportedException($"Nobody has said what to ask the parameter {parameter} for."),
    };

    /// <summary>Words that are in what is hidden, one that names none of it first.</summary>
    private IEnumerable<string> Words() => [CanaryNewsroom.Bait, "kanari*", $"\"{room.Of("name")[0]}\"", room.Of("headline")[0], .. room.Of("names.value"), room.HiddenIds[0]];

    /// <summary>All canaries, some at a time.</summary>
    private IEnumerable<string> Phrases() =>
        room.Texts.Values.SelectMany(texts => texts).SelectMany(text => CanaryNewsroom.Canary().Matches(text).Select(m => m.Value)).Distinct().Chunk(12).Select(some => string.Join(" OR ", some));

    private IEnumerable<string> Ids() => [.. room.HiddenIds, .. room.FormerIds, .. room.PublicIds.Values];

    private IEnumerable<string?> Bodies() =>
    [
        null, "{", "{}", $$"""{"kanari990x":1}""",
        $$"""{"headline":"a","name":"a","title":"a","people":[{"id":"{{room.HiddenIds[0]}}"}],"events":[{"slug":"{{room.HiddenSlugs[0]}}"}],"into":"{{room.HiddenIds[0]}}","slug":"{{room.HiddenSlugs[^1]}}"}""",
    ];

    /// <summary>Jobs for whatever is hidden, each by itself and all together.</summary>
    private IEnumerable<string?> Batches() =>
        from isAtomic in (string[])["false", "true"]
        from type in (string[])["article", "person", "event"]
        from operation in (string[])["update", "replace", "delete", "publish", "withdraw"]
        where type == "article" || operation is not ("publish" or "withdraw")
        let body = operation is "update" or "replace" ? ""","body":{"headline":"a","name":"a","title":"a"} """ : ""
        let jobs = room.HiddenIds.Select(id => $$"""{"operation":"{{operation}}","type":"{{type}}","id":"{{id}}","expectedVersion":1{{body}}}""")
        select $$"""{"atomic":{{isAtomic}},"jobs":[{{string.Join(',', jobs)}}]}""";

    private static string Batch(string name) => $$"""{"q0":{"query":{{Json.Quoted(name)}},"limit":20} }""";
}

/// <summary>A request as somebody sends it.</summary>
internal sealed record Ask(string Method, string Address, string? Body = null, string Type = "application/json")
{
    public override string ToString() => $"{Method} {Address} {Body}";

    public HttpRequestMessage Message() => new(HttpMethod.Parse(Method), Address) { Content = Body is null ? null : Json.Body(Body, Type) };
}
