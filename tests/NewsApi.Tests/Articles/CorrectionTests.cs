using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Articles;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Articles;

public sealed class CorrectionTests : IAsyncDisposable
{
    private const string Note = """{"kind":"correction","note":"Der Gipfel ist am 6. Jänner.","was":"am 5. Jänner","now":"am 6. Jänner"}""";

    private readonly Api _api = new();

    [Fact]
    public async Task A_correction_is_public_with_the_text_it_puts_right()
    {
        var article = await _api.Article("Gipfel in Paris", ""","teaser":"am 5. Jänner" """);
        await _api.Editor.PatchJson($"{Address(article)}?draft=true", """{"teaser":"am 6. Jänner"}""").Answers();

        var corrected = await Send(article, "corrections", Note).Answers(HttpStatusCode.Created);

        Assert.Equal(("published", 3, "am 6. Jänner"), (corrected.Text("status"), corrected.Int("version"), corrected.Text("teaser")));
        var read = await _api.Anonymous.GetObject(Address(article));
        Sending.Same(corrected, read);
        var correction = Assert.Single(read["corrections"]!.AsArray())!;
        Assert.Equal(
            ("correction", "Der Gipfel ist am 6. Jänner.", "am 5. Jänner", "am 6. Jänner", 3),
            (correction.Text("kind"), correction.Text("note"), correction.Text("was"), correction.Text("now"), correction.Int("version")));
        Sending.Same(read["corrections"], (await _api.Anonymous.GetObject($"{Address(article)}/corrections"))["items"]);
        var listed = Assert.Single((await _api.Anonymous.GetObject("/v1/articles?corrected=true"))["items"]!.AsArray())!;
        Sending.Same(read["corrections"], listed["corrections"]);
        Assert.Single((await _api.Anonymous.GetObject("/v1/articles?corrected=true&q=Gipfel"))["items"]!.AsArray());
        var entry = (await Entries(article))[^1];
        Assert.Equal(("corrected", 3, 1), (entry.Text("reason"), entry.Int("version"), entry.Int("previousVersion")));
        Sending.Same(correction, entry["correction"]);
        Assert.Equal(article.Text("publishedAt"), read.Text("publishedAt"));
    }

    [Fact]
    public async Task A_correction_of_the_same_text_makes_a_version_too_and_stays_with_later_ones()
    {
        var article = await _api.Article("Gipfel in Paris");
        await Send(article, "corrections", """{"kind":"clarification","note":"Gemeint ist Paris in Frankreich."}""").Answers(HttpStatusCode.Created);
        await Send(article, "corrections", """{"kind":"update","note":"Ein Ort steht fest."}""").Answers(HttpStatusCode.Created);

        var later = await _api.Editor.PatchJson(Address(article), """{"teaser":"weiter"}""").Answers();

        Assert.Equal(4, later.Int("version"));
        Assert.Equal([(2, "clarification"), (3, "update")], later["corrections"]!.AsArray().Select(c => (c!.Int("version"), c!.Text("kind"))));
        Assert.Null((await Entries(article))[^1]["correction"]);
    }

    [Fact]
    public async Task An_answer_sent_back_keeps_its_corrections()
    {
        var article = await _api.Article("Gipfel in Paris");
        var corrected = await Send(article, "corrections", Note).Answers(HttpStatusCode.Created);
        var tag = await _api.Editor.TagOf(Address(article));

        var again = await _api.Editor.PutJson(Address(article), corrected.ToJsonString(), tag).Answers();

        Sending.Same(corrected, again);
    }

    [Fact]
    public async Task Of_a_retracted_article_nothing_is_left_but_its_address_and_the_notice()
    {
        var person = await _api.Person("Steven Witkoff");
        var article = await _api.Article("Geheimwort Zwetschkenröster", $$"""
            ,"kicker":"Zwetschkenröster","subhead":"Zwetschkenröster","teaser":"Zwetschkenröster","tags":["Zwetschkenröster"],"byline":"Zwetschkenröster",
            "dateline":"Zwetschkenröster","section":{"slug":"politik"},"sources":[{"name":"APA"}],"externalIds":[{"source":"apa","value":"APA0001"}],
            "people":[{"id":"{{person.Id()}}","office":"Zwetschkenröster"}],"images":[{"caption":"Zwetschkenröster"}],
            "body":[{"type":"paragraph","text":"Zwetschkenröster"}],"slug":"bleibt-so"
            """);
        await Send(article, "corrections", """{"kind":"correction","note":"Es waren Zwetschkenröster.","was":"Zwetschkenröster","now":"Powidl"}""").Answers(HttpStatusCode.Created);
        await _api.Editor.PatchJson($"{Address(article)}?draft=true", """{"teaser":"Zwetschkenröster, Entwurf","slug":"anders"}""").Answers();

        var retracted = await Send(article, "retraction", """{"reason":"factual error","note":"Die Meldung war falsch."}""").Answers();

        Assert.Equal(("retracted", 4), (retracted.Text("status"), retracted.Int("version")));
        var addresses = (string[])
        [
            Address(article), "/v1/articles/by-slug/bleibt-so", "/v1/articles", "/v1/articles?view=full", "/v1/articles?corrected=true", "/v1/articles?section=politik",
            "/v1/articles?source=APA", "/v1/articles?externalId=apa:APA0001", $"{Address(article)}/corrections", "/v1/articles?sort=updatedAt",
        ];
        foreach (var address in addresses)
        {
            var text = (await _api.Anonymous.GetObject(address)).ToJsonString();
            Assert.Contains("Die Meldung war falsch.", text, StringComparison.Ordinal);
            Assert.DoesNotContain("zwetschkenr", text.Replace("\\u00F6", "ö", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        }

        var read = await _api.Anonymous.GetObject(Address(article));
        Assert.Equal((article.Id(), "bleibt-so", "politik", 1), (read.Text("id"), read.Text("slug"), read["section"]!.Text("slug"), read["corrections"]!.AsArray().Count));
        Assert.Equal(("retraction", "factual error"), (read["corrections"]![0]!.Text("kind"), read["corrections"]![0]!.Text("reason")));
        foreach (var address in (string[])
            ["/v1/articles?q=Zwetschkenröster", "/v1/articles?q=Meldung", "/v1/search?q=Zwetschkenröster", "/v1/articles?tag=Zwetschkenröster", $"/v1/people/{person.Id()}/articles"])
            Assert.Empty((await _api.Anonymous.GetObject(address))["items"]!.AsArray());
        var entry = (await Entries(article))[^1];
        Assert.Equal(("upsert", "retracted", "Die Meldung war falsch."), (entry.Text("operation"), entry.Text("reason"), entry["correction"]!.Text("note")));
    }

    [Fact]
    public async Task Whatever_is_told_of_a_retracted_article_later_carries_the_notice()
    {
        var article = await _api.Article("Falsch", ""","section":{"slug":"politik"}""");
        await Send(article, "retraction", """{"reason":"legal","note":"Gerichtsbeschluss."}""").Answers();

        await _api.Editor.PutJson("/v1/sections/politik", """{"name":"Innenpolitik"}""", await _api.Editor.TagOf("/v1/sections")).Succeeds(HttpStatusCode.OK);

        var entry = (await Entries(article))[^1];
        Assert.Equal(("referenceChanged", "Gerichtsbeschluss."), (entry.Text("reason"), entry["correction"]!.Text("note")));
    }

    [Theory]
    [InlineData("POST", "/retraction", """{"reason":"legal","note":"Gerichtsbeschluss."}""")]
    [InlineData("DELETE", "/publication", null)]
    [InlineData("DELETE", "", null)]
    public async Task What_is_taken_out_of_the_public_takes_its_corrections_out_of_the_feed(string method, string route, string? body)
    {
        var article = await _api.Article("Gipfel in Paris");
        await Send(article, "corrections", Note).Answers(HttpStatusCode.Created);
        Assert.Contains("am 5. Jänner", (await Entries(article))[^1]["correction"]!.Text("was"), StringComparison.Ordinal);

        using var taken = await _api.Editor.Send(HttpMethod.Parse(method), Address(article) + route, body, ("If-Match", "*"));

        Assert.True(taken.IsSuccessStatusCode);
        Assert.Equal(["published", "corrected"], (await Entries(article)).SkipLast(1).Select(e => e.Text("reason")));
        Assert.All((await Entries(article)).SkipLast(1), e => Assert.Null(e["correction"]));
    }

    [Fact]
    public async Task Only_a_publication_by_name_ends_a_retraction()
    {
        var article = await _api.Article("Falsch");
        await Send(article, "retraction", """{"reason":"factual error","note":"Die Meldung war falsch."}""").Answers();

        await _api.Editor.Publish(article.Id()).IsRefused(409, "retracted");
        var written = await _api.Editor.PatchJson(Address(article), """{"headline":"Richtig","body":[{"type":"paragraph","text":"So war es."}]}""").Answers();

        Assert.Equal(("draft", 3, 2), (written.Text("status"), written.Int("version"), written.Int("publicVersion")));
        Assert.Equal("retracted", (await _api.Anonymous.GetObject(Address(article))).Text("status"));

        var published = await _api.Editor.Publish(article.Id()).Answers();
        Assert.Equal(("published", "Richtig", 1), (published.Text("status"), published.Text("headline"), published["corrections"]!.AsArray().Count));
        Assert.Single((await _api.Anonymous.GetObject("/v1/articles?q=Richtig"))["items"]!.AsArray());
    }

    [Theory]
    [InlineData("corrections", """{"kind":"korrektur","note":"x"}""", 422, "/kind")]
    [InlineData("corrections", """{"kind":"retraction","note":"x"}""", 422, "/kind")]
    [InlineData("corrections", """{"kind":"correction"}""", 422, "/note")]
    [InlineData("corrections", """{"kind":"correction","note":" "}""", 422, "/note")]
    [InlineData("corrections", """{"kind":"correction","note":"x","version":1}""", 400, "/version")]
    [InlineData("retraction", """{"note":"x"}""", 422, "/reason")]
    [InlineData("retraction", """{"reason":"x","note":""}""", 422, "/note")]
    public async Task A_correction_that_cannot_be_meant_changes_nothing(string route, string body, int status, string pointer)
    {
        var article = await _api.Article("Bleibt");

        await Send(article, route, body).IsRefusedAt(status, pointer);

        Sending.Same(article, await _api.Anonymous.GetObject(Address(article)));
    }

    [Theory]
    [InlineData("corrections", Note)]
    [InlineData("retraction", """{"reason":"legal","note":"x"}""")]
    public async Task What_is_not_public_cannot_be_put_right_in_public(string route, string body)
    {
        var draft = await _api.Draft("Entwurf");
        await Send(draft, route, body).IsRefused(409, "notPublic");

        var article = await _api.Article("Zurück");
        await Send(article, "retraction", """{"reason":"legal","note":"x"}""").Answers();
        if (route == "corrections") await Send(article, route, body).IsRefused(409, "retracted");

        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf(Address(draft)));
        await _api.Editor.Send(HttpMethod.Post, $"{Address(article)}/{route}", body, ("If-Match", "\"1-0\"")).IsRefused(412, "versionMismatch");
        Assert.Equal(HttpStatusCode.NotFound, (await _api.Editor.PostJson($"/v1/articles/{Guid.CreateVersion7()}/{route}", body)).StatusCode);
    }

    [Fact]
    public async Task A_correction_does_not_publish_what_waits_for_its_time()
    {
        var article = await _api.Article("Öffentlich");
        await _api.Editor.PatchJson($"{Address(article)}?draft=true", """{"headline":"Gesperrt"}""").Answers();
        await _api.Editor.PutJson($"{Address(article)}/publication", """{"publishAt":"2035-01-01T00:00:00Z"}""").Answers();

        await Send(article, "corrections", Note).IsRefused(409, "scheduled");

        Assert.Equal("Öffentlich", (await _api.Anonymous.GetObject(Address(article))).Text("headline"));
    }

    [Fact]
    public async Task What_was_retracted_tells_nothing_of_itself_when_it_is_published_anew()
    {
        var article = await _api.Article("Gipfel in Paris");
        await Send(article, "corrections", Note).Answers(HttpStatusCode.Created);
        await Send(article, "retraction", """{"reason":"legal","note":"Gerichtsbeschluss."}""").Answers();
        await _api.Editor.Remove($"{Address(article)}/publication", null).Answers();
        await _api.Editor.PatchJson(Address(article), """{"headline":"Neu geschrieben"}""").Answers();
        await _api.Editor.Publish(article.Id()).Answers();
        await Send(article, "corrections", """{"kind":"update","note":"Jetzt stimmt es."}""").Answers(HttpStatusCode.Created);

        var told = (await Entries(article)).ConvertAll(e => (e.Text("reason"), e["correction"]?.Text("note")));

        Assert.Equal(("corrected", null), told[1]);
        Assert.Equal(("corrected", "Jetzt stimmt es."), told[^1]);
        var read = await _api.Anonymous.GetObject(Address(article));
        Assert.Equal(["Gerichtsbeschluss.", "Jetzt stimmt es."], read["corrections"]!.AsArray().Select(c => c!.Text("note")));
        Assert.Equal(2, (await _api.Anonymous.GetObject($"{Address(article)}/corrections"))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_notice_is_put_right_by_a_better_one()
    {
        var article = await _api.Article("Falsch");
        await Send(article, "retraction", """{"reason":"legal","note":"Gerichtsbeschlus."}""").Answers();

        var same = await Send(article, "retraction", """{"reason":"legal","note":"Gerichtsbeschlus."}""").Answers();
        var better = await Send(article, "retraction", """{"reason":"legal","note":"Gerichtsbeschluss."}""").Answers();

        Assert.Equal((2, 3), (same.Int("version"), better.Int("version")));
        var read = await _api.Anonymous.GetObject(Address(article));
        Assert.Equal(("retracted", "Gerichtsbeschluss."), (read.Text("status"), Assert.Single(read["corrections"]!.AsArray())!.Text("note")));
        Assert.DoesNotContain("Gerichtsbeschlus.", read.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["published", "retracted", "retracted"], (await Entries(article)).Select(e => e.Text("reason")));
    }

    [Fact]
    public async Task An_article_has_a_hundred_corrections_at_most_and_can_still_be_retracted()
    {
        var article = await _api.Article("Oft verbessert");
        for (var i = 0; i < Correction.Limit; i++) await Send(article, "corrections", """{"kind":"update","note":"Noch ein Satz."}""").Answers(HttpStatusCode.Created);

        await Send(article, "corrections", """{"kind":"update","note":"Noch ein Satz."}""").IsRefused(409, "tooMany");
        await Send(article, "retraction", """{"reason":"legal","note":"x"}""").Answers();
    }

    [Fact]
    public async Task A_notice_has_no_end_and_no_external_id_the_public_did_not_know()
    {
        var article = await _api.Article("Gipfel", ""","externalIds":[{"source":"apa","value":"1"},{"source":"apa","value":"2"}]""");
        await _api.Editor.PutJson($"{Address(article)}/publication", $$"""{"expiresAt":"{{DateTime.UtcNow.AddDays(1):yyyy-MM-dd}}T00:00:00Z"}""").Answers();
        await _api.Editor.PatchJson($"{Address(article)}?draft=true", """{"externalIds":[{"source":"apa","value":"2"},{"source":"intern","value":"geheim"}]}""").Answers();

        var notice = await Send(article, "retraction", """{"reason":"legal","note":"Gerichtsbeschluss."}""").Answers();

        Assert.Null(notice["expiresAt"]);
        Assert.Equal(["2"], notice["externalIds"]!.AsArray().Select(e => e!.Text("value")));
        Assert.Equal(["2"], (await Entries(article))[^1]["externalIds"]!.AsArray().Select(e => e!.Text("value")));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static string Address(JsonObject article) => $"/v1/articles/{article.Id()}";

    private Task<HttpResponseMessage> Send(JsonObject article, string route, string body) => _api.Editor.PostJson($"{Address(article)}/{route}", body);

    private async Task<List<JsonNode>> Entries(JsonObject article) =>
        [.. (await _api.Anonymous.GetObject("/v1/changes"))["items"]!.AsArray().Where(e => e!.Text("id") == article.Id()).Select(e => e!)];
}
