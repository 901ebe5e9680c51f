using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Storage;

public sealed class ChangeFeedRowTests : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Api _api = new();
    private StoredTables _file = null!;

    public ValueTask InitializeAsync()
    {
        _file = StoredTables.Of(_api);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_life_of_an_article_is_told_entry_by_entry()
    {
        var draft = await _api.Draft("Erste Fassung", ""","section":{"slug":"politik"}""");
        var address = $"/v1/articles/{draft.Id()}";
        await _api.Editor.PatchJson(address, """{"headline":"Zweite Fassung"}""").Answers();
        Assert.Empty(_file.Changes());

        await _api.Editor.Publish(draft.Id()).Answers();
        await _api.Editor.PatchJson(address, """{"teaser":"dritte"}""").Answers();
        await _api.Editor.PatchJson($"{address}?draft=true", """{"teaser":"vierte, in Arbeit"}""").Answers();
        await _api.Editor.PatchJson($"{address}?draft=true", """{"teaser":"fünfte, in Arbeit"}""").Answers();
        await _api.Editor.Publish(draft.Id()).Answers();
        await _api.Editor.Remove($"{address}/publication", null).Answers();
        await _api.Editor.PatchJson(address, """{"teaser":"sechste"}""").Answers();
        await _api.Editor.Publish(draft.Id()).Answers();
        await _api.Editor.Remove(address).Succeeds();

        var changes = _file.Changes();
        Assert.Equal(
            [
                "article upsert published 2 after -", "article upsert updated 3 after 2", "article upsert updated 5 after 3", "article remove withdrawn 5 after 5",
                "article upsert published 6 after -", "article remove deleted 6 after 6",
            ],
            changes.Select(c => c.Said));
        Assert.All(changes, c => Assert.Equal((draft.Id(), "erste-fassung"), (c.Id, c.Slug)));
        Assert.All(changes, c => Assert.Equal(c.Operation == "remove", c.ContentHash is null));
    }

    [Fact]
    public async Task People_and_events_are_told_of_while_they_are_public()
    {
        foreach (var (list, create) in ((string, string)[])
            [("people", """{"name":"Erika Beispiel"}"""), ("events", """{"title":"Erika Beispiel","start":{"value":"2026-01"}}""")])
        {
            var id = (await _api.Editor.PostJson($"/v1/{list}", create).Answers(System.Net.HttpStatusCode.Created)).Id();
            var address = $"/v1/{list}/{id}";
            await _api.Editor.PatchJson(address, """{"description":"neu"}""").Answers();
            await _api.Editor.PatchJson(address, """{"visibility":"internal"}""").Answers();
            await _api.Editor.PatchJson(address, """{"description":"geheim"}""").Answers();
            await _api.Editor.PatchJson(address, """{"visibility":"public"}""").Answers();
            await _api.Editor.Remove(address).Succeeds();
        }

        var told = (string[])["upsert published 1 after -", "upsert updated 2 after 1", "remove withdrawn 2 after 2", "upsert published 5 after -", "remove deleted 5 after 5"];
        Assert.Equal([.. told.Select(t => $"person {t}"), .. told.Select(t => $"event {t}")], _file.Changes().Select(c => c.Said));
    }

    [Fact]
    public async Task A_rename_is_told_once_for_every_public_document_that_shows_the_name()
    {
        var person = await _api.Person("Steven Witkoff");
        var link = $$""","people":[{"id":"{{person.Id()}}"}]""";
        var first = await _api.Article("Telefonat", link);
        var second = await _api.Article("Reaktionen", link);
        await _api.Article("Ohne ihn");
        await _api.Draft("Entwurf", link);
        var newsEvent = await _api.Event("Gipfel", more: $$""","participants":[ { "person": { "id": "{{person.Id()}}" } } ]""");
        var before = _file.Changes().Count;

        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"name":"Steve Witkoff"}""").Answers();

        var changes = _file.Changes().Skip(before).ToList();
        Assert.Equal(["person upsert updated 2 after 1"], changes.Take(1).Select(c => c.Said));
        Assert.Equal(
            ((string[])[first.Id(), second.Id(), newsEvent.Id()]).Order(StringComparer.Ordinal), changes.Skip(1).Select(c => c.Id).Order(StringComparer.Ordinal));
        Assert.All(changes.Skip(1), c => Assert.Equal("upsert referenceChanged 1 after 1", c.Said[(c.Type.Length + 1)..]));
        await EveryLastHashIsThatOfTheServedDocumentAsync();
    }

    [Fact]
    public async Task A_person_who_goes_internal_is_told_as_a_removal_and_a_change_of_the_articles()
    {
        var person = await _api.Person("Erika Beispiel");
        await _api.Article("Bericht", $$""","people":[{"id":"{{person.Id()}}"}]""");

        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"visibility":"internal"}""").Answers();

        Assert.Equal(["person remove withdrawn 1 after 1", "article upsert referenceChanged 1 after 1"], _file.Changes().Skip(2).Select(c => c.Said));
    }

    [Fact]
    public async Task The_hash_is_that_of_the_canonical_form_of_the_served_document()
    {
        var person = await _api.Person("Володимир \"Wolodymyr\" Зеленський", ""","description":"Zeile\u2028zwei","externalIds":[{"source":"wikidata","value":"Q3874799"}]""");
        await _api.Event("Gipfel <Paris> & mehr", "2026-01-06T15:00", ""","place":{"name":"Paris","latitude":48.8566,"longitude":2.0}""");
        await _api.Article("Größe – „Anführung“ \\ / 😀", $$"""
            ,"people":[{"id":"{{person.Id()}}"}],"teaser":"Zeile eins\nZeile\tzwei","urgency":3,
            "images":[{"url":"https://example.org/ä.jpg","width":1600,"height":900,"focalPoint":{"x":1e-7,"y":0.30000000000000004} } ],
            "places":[{"name":"Null","latitude":-0.0,"longitude":0.000001}]
            """);

        await EveryLastHashIsThatOfTheServedDocumentAsync();
    }

    [Fact]
    public async Task A_write_that_changes_nothing_leaves_no_row()
    {
        var article = await _api.Article("Bleibt");
        var before = _file.Everything();

        await _api.Editor.PutJson($"/v1/articles/{article.Id()}", article.ToJsonString(), "*").Answers();
        await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", "{}").Answers();
        await _api.Editor.Publish(article.Id()).Answers();

        Assert.Equal(before, _file.Everything());
    }

    [Fact]
    public async Task A_refused_write_leaves_no_trace()
    {
        var person = await _api.Person("Steven Witkoff");
        var article = await _api.Article("Bleibt", $$""","people":[{"id":"{{person.Id()}}"}],"externalIds":[{"source":"apa","value":"1"}]""");
        var other = await _api.Article("Auch", ""","externalIds":[{"source":"apa","value":"2"}]""");
        var address = $"/v1/articles/{article.Id()}";
        var before = _file.Everything();

        await _api.Editor.PatchJson(address, """{"headline":"x"}""", "\"9-1-full\"").IsRefused(412);
        await _api.Editor.PutJson(address, """{"headline":"x"}""").IsRefused(428);
        await _api.Editor.PatchJson(address, """{"headline":"x","section":{"slug":"neues-ressort"},"slug":"neuer-slug","people":[{"slug":"niemand"}]}""").IsRefused(422);
        await _api.Editor.PatchJson(address, """{"headline":"x","section":{"slug":"neues-ressort"},"people":[],"externalIds":[{"source":"apa","value":"2"}]}""").IsRefused(409);
        await _api.Editor.PatchJson(address, $$"""{"headline":"x","slug":"{{other.Text("slug")}}"}""").IsRefused(409);
        await _api.Editor.PostJson("/v1/articles", """{"headline":"Neu","section":{"slug":"neues-ressort"},"events":[{"slug":"nichts"}]}""").IsRefused(422);
        await _api.Editor.PostJson("/v1/articles", """{"headline":"Neu","externalIds":[{"source":"apa","value":"3"},{"source":"apa","value":"1"}]}""").IsRefused(409);
        await _api.Editor.PostJson("/v1/events", """{"title":"Neu","start":{"value":"2026"},"partOf":{"slug":"nichts"}}""").IsRefused(422);
        await _api.Editor.Remove($"/v1/people/{person.Id()}").IsRefused(409);

        Assert.Equal(before, _file.Everything());
    }

    [Fact]
    public async Task Refused_writes_do_not_disturb_those_that_share_their_commit()
    {
        await _api.Draft("Besetzt", ""","externalIds":[{"source":"apa","value":"1"}]""");

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => _api.Editor.PostJson("/v1/people", i % 2 == 0
            ? $$"""{"name":"Person {{i}}","externalIds":[{"source":"apa","value":"gleich"}]}"""
            : $$"""{"name":"Person {{i}}"}""")));

        Assert.Equal(31, answers.Count(a => a.StatusCode == System.Net.HttpStatusCode.Created));
        Assert.Equal(29, answers.Count(a => a.StatusCode == System.Net.HttpStatusCode.Conflict));
        Assert.Equal(31, _file.Changes().Count);
        Assert.Equal(31, _file.Number("SELECT count(*) FROM people"));
    }

    [Fact]
    public async Task Many_writers_at_once_leave_one_order_without_gaps()
    {
        const int writers = 64;
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async i =>
        {
            var article = await _api.Article($"Meldung {i}");
            for (var version = 2; version <= 4; version++)
                await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", $$"""{"teaser":"Fassung {{version}}"}""").Answers();
        }));

        var changes = _file.Changes();
        Assert.Equal(4 * writers, changes.Count);
        foreach (var article in changes.GroupBy(c => c.Id))
        {
            Assert.Equal([1, 2, 3, 4], article.Select(c => c.Version));
            Assert.Equal([null, 1, 2, 3], article.Select(c => c.PreviousVersion));
        }

        await EveryLastHashIsThatOfTheServedDocumentAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _file.Dispose();
        await _api.DisposeAsync();
    }

    private async Task EveryLastHashIsThatOfTheServedDocumentAsync()
    {
        foreach (var change in _file.Changes().GroupBy(c => c.Id).Select(g => g.Last()).Where(c => c.Operation == "upsert"))
        {
            var document = await _api.Anonymous.GetObject($"/v1/{(change.Type == "person" ? "people" : $"{change.Type}s")}/{change.Id}");
            var canonical = new StringBuilder();
            Canonicalise(document, canonical);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString()))), change.ContentHash);
        }
    }

    /// <summary>RFC 8785 as far as these documents need it, written without a look at the program's own.</summary>
    private static void Canonicalise(JsonNode? node, StringBuilder to)
    {
        switch (node)
        {
            case JsonObject members:
                to.Append('{').AppendJoin(',', members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{Text(m.Key)}:{Canonical(m.Value)}")).Append('}');
                break;
            case JsonArray items:
                to.Append('[').AppendJoin(',', items.Select(Canonical)).Append(']');
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                to.Append(Text(value.GetValue<string>()));
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number:
                to.Append(NumberOf(value.GetValue<double>()));
                break;
            default:
                to.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }

    private static string Canonical(JsonNode? node)
    {
        var text = new StringBuilder();
        Canonicalise(node, text);
        return text.ToString();
    }

    /// <summary>The numbers used here, as JavaScript prints them.</summary>
    private static string NumberOf(double number) => number switch
    {
        0 => "0",
        1e-7 => "1e-7",
        0.000001 => "0.000001",
        _ => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>JavaScript leaves alone what System.Text.Json escapes beyond quotes, backslashes and control characters.</summary>
    private static string Text(string text) =>
        JsonSerializer.Serialize(text, Plain).Replace("\\u2028", "\u2028", StringComparison.Ordinal).Replace("\\uD83D\\uDE00", "😀", StringComparison.Ordinal);
}
