using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NewsApi.Tests.Access;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract;

/// <summary>
/// A newsroom that publishes a little and keeps a lot to itself. Each text that is not public holds a canary of its own, a word such as
/// <c>kanari017x</c>, and beside it the word <see cref="Bait"/>, so that one can ask for it without naming it.
/// </summary>
internal sealed partial class CanaryNewsroom(Api api, TestClock clock)
{
    public const string Bait = "Lockruf";

    /// <summary>What stands for a new canary in the texts below.</summary>
    private const string Egg = "¤";

    private const int Controls = 500;

    private int _canaries;

    /// <summary>Every text with a canary, by the member it stands in, such as <c>places.name</c>.</summary>
    public Dictionary<string, List<string>> Texts { get; } = [];

    /// <summary>Ids of what was never public: nobody hears them who has not said them.</summary>
    public List<string> HiddenIds { get; } = [];

    /// <summary>Ids of what was public and is not: the feed tells them, and nothing else.</summary>
    public List<string> FormerIds { get; } = [];

    /// <summary>Texts of keys, each of which opens something, and the id of what the token opens.</summary>
    public List<string> Secrets { get; } = [];

    public List<string> HiddenSlugs => Of("slug");

    public Dictionary<string, string> PublicIds { get; } = ((string[])["people", "events", "articles", "other"]).ToDictionary(name => name, _ => Guid.CreateVersion7().ToString());

    public Dictionary<string, string> PublicSlugs { get; } = new() { ["people"] = "steven-witkoff", ["events"] = "gipfel-in-paris", ["articles"] = "telefonat-vor-dem-gipfel" };

    /// <summary>A link's token for an article that nobody asks for by its id.</summary>
    public string Token { get; private set; } = "";

    /// <summary>A cursor that ends at something that is not public.</summary>
    public string Cursor { get; private set; } = "";

    public List<string> Of(params string[] members) => [.. members.SelectMany(m => Texts.GetValueOrDefault(m) ?? []).Distinct()];

    /// <summary>The same for a canary that nobody has laid.</summary>
    public static string Control(string secret) => Canary().Replace(secret, m =>
        $"kanari{int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture) + Controls:000}x");

    [GeneratedRegex("kanari([0-9]{3})x", RegexOptions.IgnoreCase)]
    public static partial Regex Canary();

    /// <summary>What is public, and what the newsroom keeps to itself between: nothing of it where <paramref name="secretly"/> is false.</summary>
    public async Task PublishAsync(bool secretly, Dictionary<string, string>? ids = null)
    {
        foreach (var (name, id) in ids ?? []) PublicIds[name] = id;
        var (person, newsEvent, article, other) = (PublicIds["people"], PublicIds["events"], PublicIds["articles"], PublicIds["other"]);
        var note = secretly ? $"?note={Uri.EscapeDataString(Lay($"{Bait} {Egg}"))}" : "";
        var links = secretly ? await HidePeopleAndEventsAsync() : ("", "", "");
        await api.Editor.PutJson($"/v1/people/{person}{note}", """{"name":"Steven Witkoff","offices":[{"title":"Sondergesandter","country":"US"}]}""").Answers(HttpStatusCode.Created);
        await api.Editor.PutJson($"/v1/events/{newsEvent}{note}", Fresh($$"""
            {"title":"Gipfel in Paris","start":{"value":"2026-01-06"},"place":{"name":"Paris"},"participants":[{"person":{"id":"{{person}}"} }{{links.Item1}}]{{links.Item2}}}
            """)).Answers(HttpStatusCode.Created);
        foreach (var (id, headline) in ((string, string)[])[(article, "Telefonat vor dem Gipfel"), (other, "Reaktionen auf den Gipfel")])
        {
            await api.Editor.PutJson($"/v1/articles/{id}{note}", Fresh($$"""
                {"headline":"{{headline}}","section":{"slug":"politik"},"tags":["Ukraine"],"places":[{"name":"Paris"}],"sources":[{"name":"APA"}],
                 "body":[{"type":"paragraph","text":"Der Gipfel beginnt."}],"people":[{"id":"{{person}}"}{{links.Item3}}],"events":[{"id":"{{newsEvent}}"}]}
                """)).Answers(HttpStatusCode.Created);
            await api.Editor.Publish(id).Answers();
        }

        if (secretly) await HideArticlesAsync(links.Item3, article, newsEvent);
        await api.Editor.PatchJson($"/v1/people/{person}{note}", """{"name":"Steve Witkoff"}""").Answers();
    }

    /// <summary>What the public has seen and is not to see any more.</summary>
    public async Task TakeBackAsync()
    {
        var (person, newsEvent) = (PublicIds["people"], PublicIds["events"]);
        var expired = await FormerAsync("abgelaufen", "{}");
        await api.Editor.PutJson($"/v1/articles/{expired}/publication", $$"""{"expiresAt":"{{clock.Now.AddMinutes(5):O}}"}""").Answers();
        clock.Now = clock.Now.AddMinutes(10);
        await Sending.Eventually(async () => await api.Anonymous.StatusOf($"/v1/articles/{expired}") == HttpStatusCode.NotFound, "the article expires");

        var withdrawn = await FormerAsync("zurueckgezogen", "{}");
        await api.Editor.Remove($"/v1/articles/{withdrawn}/publication", null).Answers();
        var deleted = await FormerAsync("geloescht", "{}");
        await api.Editor.Remove($"/v1/articles/{deleted}").Succeeds();

        var retracted = await FormerAsync("widerrufen", $$"""{"people":[{"id":"{{person}}","office":"{{Egg}}"}],"events":[{"id":"{{newsEvent}}"}]}""");
        await api.Editor.PostJson($"/v1/articles/{retracted}/corrections", Fresh($$"""{"kind":"correction","note":"{{Egg}}","was":"{{Egg}}","now":"{{Egg}}"}""")).Answers(HttpStatusCode.Created);
        await api.Editor.PatchJson($"/v1/articles/{retracted}?draft=true", Fresh($$"""{"teaser":"{{Egg}}"}""")).Answers();
        await api.Editor.PostJson($"/v1/articles/{retracted}/retraction", """{"reason":"factual error","note":"Die Meldung war falsch."}""").Answers();
        FormerIds.Remove(retracted);

        // Whose name everybody has seen, in an event whose past can be asked for.
        var internalNow = await PersonAsync("Vormals Bekannt", "");
        await api.Editor.PatchJson($"/v1/events/{newsEvent}", $$"""{"participants":[{"person":{"id":"{{person}}"} },{"person":{"id":"{{internalNow}}"} }]}""").Answers();
        clock.Now = clock.Now.AddMinutes(10);
        await api.Editor.PatchJson($"/v1/people/{internalNow}", Fresh($$"""{"visibility":"internal","description":"{{Egg}}","names":[{"value":"{{Egg}}"}]}""")).Answers();
        FormerIds.Add(internalNow);

        var merged = await PersonAsync("Rustem Oumierov", Person);
        var survivor = await PersonAsync("Rustem Umjerow", "");
        await api.Editor.PostJson($"/v1/people/{merged}/merge", $$"""{"into":"{{survivor}}"}""").Answers();
        var erased = await PersonAsync(Lay($"{Bait} {Egg}"), Person);
        await api.Editor.Remove($"/v1/people/{erased}?erase=true").Succeeds();
        FormerIds.Add(erased);
    }

    /// <summary>What everybody may see but those whose licence is for the section <c>politik</c>.</summary>
    public async Task PublishOutsideAsync()
    {
        var links = $$"""{"section":{"slug":"ausland"},"people":[{"id":"{{PublicIds["people"]}}"}],"events":[{"id":"{{PublicIds["events"]}}"}]}""";
        var outside = (await api.Editor.PostJson("/v1/articles", Article($"lockruf-{Egg}", links)).Answers(HttpStatusCode.Created)).Id();
        await api.Editor.Publish(outside).Answers();
        await api.Editor.PostJson($"/v1/articles/{outside}/corrections", Fresh($$"""{"kind":"correction","note":"{{Egg}}","was":"{{Egg}}","now":"{{Egg}}"}""")).Answers(HttpStatusCode.Created);
        await api.Editor.PostJson($"/v1/events/{PublicIds["events"]}/status", $$"""{"certainty":"confirmed","articleId":"{{outside}}"}""").Answers();
        HiddenIds.Insert(0, outside);
    }

    /// <summary>Keys, what they are called, and what was sent with them.</summary>
    public async Task HandOutKeysAsync()
    {
        foreach (var name in (string[])[Lay($"{Bait} {Egg}"), Lay($"{Bait} {Egg}")])
        {
            var made = await api.Editor.PostJson("/v1/keys", $$"""{"name":"{{name}}","scopes":["content:write"]}""").Answers(HttpStatusCode.Created);
            Secrets.Add(made.Text("key"));
            HiddenIds.Add(made.Id());
            var once = Lay($"einmal-{Egg}");
            Keep("idempotencyKey", once);
            var draft = await api.With(made.Text("key")).Send(HttpMethod.Post, "/v1/articles", Fresh($$"""{"headline":"{{Egg}}"}"""), ("Idempotency-Key", once)).Answers(HttpStatusCode.Created);
            HiddenIds.Add(draft.Id());
        }

        var linked = await api.Draft(Lay($"{Bait} {Egg}"));
        var link = await api.Editor.PostJson($"/v1/articles/{linked.Id()}/preview-links", """{"expiresInSeconds":3600}""").Answers(HttpStatusCode.Created);
        Token = link.Text("url").Split("token=")[1];
        Secrets.Add(linked.Id());
        Cursor = (await api.Editor.GetObject("/v1/articles?perspective=preview&limit=1")).Text("nextCursor");
    }

    private async Task<(string Participants, string PartOf, string People)> HidePeopleAndEventsAsync()
    {
        var person = await api.Editor.PostJson("/v1/people", Fresh($$"""{"slug":"lockruf-{{Egg}}","name":"{{Egg}}","visibility":"internal"{{Person}}}""")).Answers(HttpStatusCode.Created);
        var newsEvent = await api.Editor.PostJson("/v1/events", Fresh($$"""
            {"slug":"lockruf-{{Egg}}","title":"{{Egg}}","description":"{{Egg}}","kind":"{{Egg}}","start":{"value":"2026-01-05"},"place":{"name":"{{Egg}}"},"certainty":"planned",
             "participants":[{"person":{"id":"{{person.Id()}}"},"role":"{{Egg}}"}],"externalIds":[{"source":"haus","value":"{{Egg}}"}],"visibility":"internal"}
            """)).Answers(HttpStatusCode.Created);
        await api.Editor.PostJson($"/v1/events/{newsEvent.Id()}/status", Fresh($$"""{"certainty":"announced","note":"{{Egg}}"}""")).Answers();
        HiddenIds.AddRange([person.Id(), newsEvent.Id()]);
        return (
            $$""",{"person":{"id":"{{person.Id()}}"},"role":"{{Egg}}","country":"NR"}""",
            $$""","partOf":{"id":"{{newsEvent.Id()}}"}""",
            $$""",{"id":"{{person.Id()}}","relation":"author","office":"{{Egg}}"}""");
    }

    private async Task HideArticlesAsync(string people, string article, string newsEvent)
    {
        foreach (var plan in (string?[])[null, """{"publishAt":"2035-01-01T00:00:00Z"}""", """{"embargoedUntil":"2035-01-01T00:00:00Z"}"""])
        {
            var hidden = await api.Editor.PostJson("/v1/articles", Article($"lockruf-{Egg}", $$"""{"section":{"slug":"ressort-{{Egg}}"},"people":[{{people[1..]}}],"events":[{"id":"{{newsEvent}}"}]}""")).Answers(HttpStatusCode.Created);
            HiddenIds.Add(hidden.Id());
            if (plan is not null) await api.Editor.PutJson($"/v1/articles/{hidden.Id()}/publication", plan).Answers();
        }

        await api.Editor.PutJson($"/v1/articles/{article}?draft=true", Article($"lockruf-{Egg}", $$"""{"section":{"slug":"ressort-{{Egg}}"} }"""), "*").Answers();
        var page = Lay($"Titel mit {Egg}\n\nFreitag, 2. Jänner 2026 | 09:30 Uhr\nVon: APA\n\nEin Text mit {Egg} und weiteren Worten.");
        using var imported = await api.Editor.PostAsync("/v1/imports", Json.Body(page, "text/plain"), TestContext.Current.CancellationToken);
        HiddenIds.Add((await imported.Object(HttpStatusCode.OK))["items"]![0]!.Id());
    }

    private string Person => $$"""
        ,"givenName":"{{Egg}}","familyName":"{{Egg}}","offices":[{"title":"{{Egg}}","organisation":"{{Egg}}","country":"NR"}],"description":"{{Egg}}",
        "image":{"url":"https://example.org/{{Egg}}.jpg","alt":"{{Egg}}"},"externalIds":[{"source":"haus","value":"{{Egg}}"}]
        """;

    private async Task<string> PersonAsync(string name, string more)
    {
        var members = JsonNode.Parse(Fresh($$"""{"name":"{{name}}"{{more}}}"""))!.AsObject();

        // What a merge leads to the survivor by, and what a removal is told by, is not a secret.
        if (members.ContainsKey("familyName")) foreach (var member in (string[])["givenName", "familyName", "externalIds"]) members.Remove(member);
        return (await api.Editor.PostJson("/v1/people", members.ToJsonString()).Answers(HttpStatusCode.Created)).Id();
    }

    /// <summary>An article that is public, and soon is not; the feed will tell its slug and its external ids.</summary>
    private async Task<string> FormerAsync(string slug, string more)
    {
        var article = JsonNode.Parse(Article(slug, more))!.AsObject();
        article["section"] = new JsonObject { ["slug"] = "politik" };
        article["externalIds"] = new JsonArray(new JsonObject { ["source"] = "haus", ["value"] = slug });
        article.Remove("sources");
        var id = (await api.Editor.PostJson("/v1/articles", article.ToJsonString()).Answers(HttpStatusCode.Created)).Id();
        await api.Editor.Publish(id).Answers();
        FormerIds.Add(id);
        return id;
    }

    private string Article(string slug, string more)
    {
        var article = JsonNode.Parse($$"""
            {
              "slug": "{{slug}}", "language": "gsw", "kicker": "{{Egg}}", "headline": "{{Egg}}", "subhead": "{{Egg}}", "teaser": "{{Egg}}", "dateline": "{{Egg}}",
              "byline": "{{Egg}}", "genre": "{{Egg}}", "usageTerms": "{{Egg}}", "copyrightNotice": "{{Egg}}", "digitalSourceType": "{{Egg}}",
              "tags": ["{{Egg}}"], "topics": ["medtop:{{Egg}}"],
              "body": [
                { "type": "paragraph", "html": "<b>{{Egg}}</b>" }, { "type": "crosshead", "text": "{{Egg}}" }, { "type": "list", "items": ["{{Egg}}"] },
                { "type": "table", "rows": [["{{Egg}}"]] }, { "type": "quote", "text": "{{Egg}}", "cite": "{{Egg}}" }, { "type": "embed", "url": "https://example.org/{{Egg}}" },
                { "type": "image", "image": { "url": "https://example.org/{{Egg}}.jpg", "caption": "{{Egg}}", "alt": "{{Egg}}" } }
              ],
              "sources": [{ "name": "{{Egg}}" }], "images": [{ "caption": "{{Egg}}", "credit": "{{Egg}}", "alt": "{{Egg}}" }],
              "organisations": [{ "name": "{{Egg}}", "externalIds": [{ "source": "haus", "value": "{{Egg}}" }] }], "places": [{ "name": "{{Egg}}" }],
              "externalIds": [{ "source": "haus", "value": "{{Egg}}" }]
            }
            """)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject()) article[name] = value?.DeepClone();
        return Fresh(article.ToJsonString());
    }

    /// <summary>A body with a canary in the place of every egg, each put down under its member.</summary>
    private string Fresh(string json)
    {
        var texts = json.Replace("\\u00A4", Egg, StringComparison.Ordinal).Replace($"\"{Egg}\"", $"\"{Bait} {Egg}\"", StringComparison.Ordinal);
        var body = JsonNode.Parse(Lay(texts))!;
        Collect("", body);
        return body.ToJsonString();
    }

    private string Lay(string text)
    {
        while (text.IndexOf(Egg, StringComparison.Ordinal) is var at and >= 0) text = $"{text[..at]}kanari{_canaries++:000}x{text[(at + 1)..]}";
        Assert.True(_canaries < Controls);
        return text;
    }

    private void Collect(string member, JsonNode? node)
    {
        if (node is JsonObject members) foreach (var (name, value) in members) Collect(member.Length == 0 ? name : $"{member}.{name}", value);
        else if (node is JsonArray entries) foreach (var entry in entries) Collect(member, entry);
        else if (node?.GetValueKind() == System.Text.Json.JsonValueKind.String && Canary().IsMatch(node.GetValue<string>())) Keep(member, node.GetValue<string>());
    }

    private void Keep(string member, string text)
    {
        if (!Texts.TryGetValue(member, out var texts)) Texts[member] = texts = [];
        texts.Add(text);
    }
}
