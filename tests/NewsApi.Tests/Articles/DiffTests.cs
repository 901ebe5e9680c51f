using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Articles;

/// <summary>What an editor sees of the difference between two versions.</summary>
public sealed class DiffTests : IAsyncDisposable
{
    private const string Start = "Das Treffen findet am 3. Jänner statt. Dr. Rubio kommt um 6.30 Uhr an.";

    private readonly Api _api = new();

    [Fact]
    public async Task The_newest_version_is_compared_with_the_one_before()
    {
        var person = await _api.Person("Steven Witkoff");
        var id = (await _api.Draft("Eins", ""","urgency":3,"tags":["a"],"section":{"slug":"politik"},"teaser":"geht" """)).Id();
        await _api.Editor.PatchJson($"/v1/articles/{id}", $$"""
            {"headline":"Zwei","urgency":4,"tags":["a","b"],"section":{"slug":"sport"},"teaser":null,"kicker":"kommt","people":[{"id":"{{person.Id()}}","office":"Gesandter"}]}
            """).Answers();

        using var response = await _api.Editor.Get($"/v1/articles/{id}/diff");
        var diff = await response.Object(HttpStatusCode.OK);

        Assert.Equal("no-store", response.Header("Cache-Control"));
        Assert.Equal((id, 1, 2), (diff.Id(), diff.Int("from"), diff.Int("to")));
        Assert.Empty(diff["body"]!.AsArray());
        Assert.Equal(
            [
                ("/headline", "Eins", "Zwei"), ("/kicker", null, "kommt"), ("/people", "[]", $$"""[{"id":"{{person.Id()}}","relation":"mentioned","office":"Gesandter"}]"""),
                ("/section/slug", "politik", "sport"), ("/tags", """["a"]""", """["a","b"]"""), ("/teaser", "geht", null), ("/urgency", "3", "4"),
            ],
            diff["members"]!.AsArray().Select(m => (m!.Text("pointer"), m!["was"]?.GetValue<string>(), m["now"]?.GetValue<string>())).OrderBy(m => m.Item1, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_changed_block_is_told_sentence_by_sentence()
    {
        var diff = await Diff([Paragraph(Start + " Mehr ist nicht bekannt.")], [Paragraph(Start + " Paris folgt am 6. Jänner.")]);

        var block = Assert.Single(diff);
        Assert.Equal("changed", block.Text("change"));
        Assert.Equal(Start + " Mehr ist nicht bekannt.", block["was"]!.Text("text"));
        Assert.Equal(
            [
                ("same", "Das Treffen findet am 3. Jänner statt."), ("same", "Dr. Rubio kommt um 6.30 Uhr an."), ("removed", "Mehr ist nicht bekannt."),
                ("added", "Paris folgt am 6. Jänner."),
            ],
            block["sentences"]!.AsArray().Select(s => (s!.Text("change"), s!.Text("text"))));
    }

    [Fact]
    public async Task Blocks_come_go_move_and_stay()
    {
        var diff = await Diff(
            [Paragraph("Erster Absatz."), Paragraph("Fällt weg, ganz und gar."), Paragraph("Wandert nach hinten."), Paragraph("Bleibt."), Paragraph("Auch.")],
            [Paragraph("Erster Absatz."), Paragraph("Bleibt."), Paragraph("Auch."), Paragraph("Wandert nach hinten."), Paragraph("Neu, mit anderen Worten.")]);

        Assert.Equal(
            ["same 0 0", "removed 1 -", "same 3 1", "same 4 2", "moved 2 3", "added - 4"],
            diff.Select(b => $"{b.Text("change")} {b["from"]?.ToString() ?? "-"} {b["to"]?.ToString() ?? "-"}"));
    }

    [Fact]
    public async Task Lists_and_tables_are_told_by_entries_and_rows()
    {
        var diff = await Diff(
            ["""{"type":"list","items":["Paris","Genf","Wien"]}""", """{"type":"table","rows":[["Jahr","Ort"],["2025","Genf"]]}"""],
            ["""{"type":"list","items":["Paris","Wien"]}""", """{"type":"table","rows":[["Jahr","Ort"],["2025","Genf"],["2026","Paris"]]}"""]);

        Assert.Equal(["same Paris", "removed Genf", "same Wien"], Said(diff[0]));
        Assert.Equal(["same Jahr | Ort", "same 2025 | Genf", "added 2026 | Paris"], Said(diff[1]));

        static IEnumerable<string> Said(JsonNode block) => block["sentences"]!.AsArray().Select(s => $"{s!.Text("change")} {s!.Text("text")}");
    }

    [Fact]
    public async Task Any_two_versions_can_be_compared_in_either_direction()
    {
        var id = (await _api.Draft("Eins")).Id();
        foreach (var headline in (string[])["Zwei", "Drei"]) await _api.Editor.PatchJson($"/v1/articles/{id}", $$"""{"headline":"{{headline}}"}""").Answers();

        foreach (var (query, was, now) in ((string, string, string)[])[("?from=1&to=3", "Eins", "Drei"), ("?from=3&to=1", "Drei", "Eins"), ("?to=2", "Eins", "Zwei"), ("?from=1", "Eins", "Drei")])
        {
            var change = Assert.Single((await _api.Editor.GetObject($"/v1/articles/{id}/diff{query}"))["members"]!.AsArray(), m => m!.Text("pointer") == "/headline")!;
            Assert.Equal((query, was, now), (query, change.Text("was"), change.Text("now")));
        }

        Assert.Empty((await _api.Editor.GetObject($"/v1/articles/{id}/diff?from=2&to=2"))["members"]!.AsArray());
    }

    [Fact]
    public async Task Versions_that_are_not_there_are_a_404()
    {
        var id = (await _api.Draft("Eins")).Id();

        foreach (var query in (string[])["", "?from=1&to=2", "?from=7&to=1", "?to=9"]) await _api.Editor.Get($"/v1/articles/{id}/diff{query}").IsRefused(404, "notFound");
        await _api.Editor.Get($"/v1/articles/{Guid.NewGuid()}/diff").IsRefused(404, "notFound");
        foreach (var (query, parameter) in ((string, string)[])[("?from=0", "from"), ("?to=eins", "to"), ("?form=1", "form")])
            Assert.Equal([parameter], (await _api.Editor.Get($"/v1/articles/{id}/diff{query}").IsRefused(400, "invalidParameter")).Places());
        await _api.Anonymous.Get($"/v1/articles/{id}/diff").IsRefused(401);
    }

    [Fact]
    public async Task A_body_of_a_thousand_blocks_that_all_changed_is_compared()
    {
        var diff = await Diff(
            [.. Enumerable.Range(0, 1_000).Select(i => Paragraph($"Absatz {i} hat diese Wörter und keine anderen. Nummer {i} endet."))],
            [.. Enumerable.Range(0, 1_000).Select(i => Paragraph($"Absatz {i} hat diese Wörter und noch andere. Nummer {i} endet."))]);

        Assert.Equal(1_000, diff.Count);
        Assert.All(diff, block => Assert.Equal("changed", block.Text("change")));
    }

    [Fact]
    public async Task Blocks_of_ever_so_many_sentences_are_compared()
    {
        string[] Body(char sign) => [.. Enumerable.Range(0, 8).Select(block => Paragraph(string.Concat(Enumerable.Range(0, 12_000).Select(i => $"{(char)('A' + (i + block) % 20)}{sign} "))))];

        var diff = await Diff(Body('!'), Body('?'));

        Assert.NotEmpty(diff);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static string Paragraph(string text) => $$"""{"type":"paragraph","text":{{Json.Quoted(text)}}}""";

    private async Task<List<JsonNode>> Diff(string[] before, string[] after)
    {
        var id = (await _api.Draft("Eins", $$""","body":[{{string.Join(',', before)}}]""")).Id();
        await _api.Editor.PatchJson($"/v1/articles/{id}", $$"""{"body":[{{string.Join(',', after)}}]}""").Answers();
        return [.. (await _api.Editor.GetObject($"/v1/articles/{id}/diff"))["body"]!.AsArray().Select(b => b!)];
    }
}
