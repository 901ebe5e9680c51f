using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Publishing;

public sealed class ReferenceTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task A_renamed_person_has_the_new_name_everywhere_at_once()
    {
        var person = await _api.Person("Steven Witkoff");
        var article = await _api.Article("Telefonat", $$""","people":[{"id":"{{person.Id()}}","relation":"author"}]""");
        var newsEvent = await _api.Event("Gipfel", more: $$""","participants":[ { "person": { "id": "{{person.Id()}}" } } ]""");
        var draft = await _api.Draft("Vorschau", $$""","people":[{"id":"{{person.Id()}}"}]""");
        var addresses = (string[])
        [
            $"/v1/articles/{article.Id()}", $"/v1/articles/{article.Id()}?view=summary", $"/v1/articles/{article.Id()}?include=people",
            "/v1/articles/by-slug/telefonat", "/v1/articles", "/v1/articles?view=full", "/v1/articles?person=steven-witkoff",
            $"/v1/people/{person.Id()}", "/v1/people", $"/v1/people/{person.Id()}/articles", $"/v1/events/{newsEvent.Id()}", "/v1/events",
            "/v1/events?person=steven-witkoff",
        ];
        var tags = new Dictionary<string, string>();
        foreach (var address in addresses) tags[address] = await _api.Anonymous.TagOf(address);

        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"names":[{"value":"Steve Witkoff","kind":"preferred"}]}""").Answers();

        foreach (var address in addresses)
        {
            using var response = await _api.Anonymous.Get(address, ("If-None-Match", tags[address]));
            Assert.Equal((address, HttpStatusCode.OK), (address, response.StatusCode));
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Contains("Steve Witkoff", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Steven Witkoff", text, StringComparison.Ordinal);
        }

        var read = await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}");
        Assert.Equal((1, article.Text("updatedAt")), (read.Int("version"), read.Text("updatedAt")));
        Assert.Equal("Steve Witkoff", read["authors"]![0]!.Text("name"));
        Assert.Equal("Steve Witkoff", (await _api.Preview("articles", draft.Id()))["people"]![0]!.Text("name"));
    }

    [Fact]
    public async Task The_tag_read_before_a_rename_still_fits_a_write_after_it()
    {
        var person = await _api.Person("Steven Witkoff");
        var article = await _api.Article("Telefonat", $$""","people":[{"id":"{{person.Id()}}"}]""");
        var tag = await _api.Anonymous.TagOf($"/v1/articles/{article.Id()}");
        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"name":"Steve Witkoff"}""").Answers();

        var written = await _api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"teaser":"neu"}""", tag).Answers();

        Assert.Equal("Steve Witkoff", written["people"]![0]!.Text("name"));
    }

    [Fact]
    public async Task What_a_reference_does_not_show_leaves_the_articles_alone()
    {
        var person = await _api.Person("Steven Witkoff");
        var newsEvent = await _api.Event("Gipfel");
        var article = await _api.Article("Telefonat", $$""","people":[{"id":"{{person.Id()}}"}],"events":[{"id":"{{newsEvent.Id()}}"}]""");
        var tag = await _api.Anonymous.TagOf($"/v1/articles/{article.Id()}");

        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"description":"Unternehmer"}""").Answers();
        await _api.Editor.PatchJson($"/v1/events/{newsEvent.Id()}", """{"description":"Treffen"}""").Answers();

        Assert.Equal(tag, await _api.Anonymous.TagOf($"/v1/articles/{article.Id()}"));
    }

    [Fact]
    public async Task What_is_included_is_as_new_as_itself()
    {
        var person = await _api.Person("Steven Witkoff");
        await _api.Article("Telefonat", $$""","people":[{"id":"{{person.Id()}}"}]""");
        var addresses = (string[])["/v1/articles/by-slug/telefonat?include=people", "/v1/articles?include=people,events"];
        var tags = await Task.WhenAll(addresses.Select(a => _api.Anonymous.TagOf(a)));

        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"description":"Unternehmer"}""").Answers();

        foreach (var (address, tag) in addresses.Zip(tags))
        {
            using var response = await _api.Anonymous.Get(address, ("If-None-Match", tag));
            var included = (await response.Object(HttpStatusCode.OK))["included"]!["people"]!.AsArray();
            Assert.Equal("Unternehmer", Assert.Single(included)!.Text("description"));
        }
    }

    [Theory]
    [InlineData("""{"start":{"value":"2026-01-07"}}""")]
    [InlineData("""{"certainty":"postponed"}""")]
    [InlineData("""{"title":"Gipfel in Brüssel"}""")]
    [InlineData("""{"slug":"gipfel-bruessel"}""")]
    public async Task Articles_and_parts_follow_an_event_that_changes(string patch)
    {
        var newsEvent = await _api.Event("Gipfel in Paris", "2026-01-06");
        var part = await _api.Event("Abendessen", more: $$""","partOf":{"id":"{{newsEvent.Id()}}"}""");
        var article = await _api.Article("Vorschau", $$""","events":[{"id":"{{newsEvent.Id()}}"}]""");
        var tag = await _api.Anonymous.TagOf($"/v1/articles/{article.Id()}");

        var changed = await _api.Editor.PatchJson($"/v1/events/{newsEvent.Id()}", patch).Answers();

        var expected = new JsonObject(((string[])["id", "slug", "title", "start", "certainty"]).Select(m => KeyValuePair.Create(m, changed[m]?.DeepClone())));
        var read = await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}");
        Sending.Same(expected, read["events"]![0]);
        Sending.Same(expected, (await _api.Anonymous.GetObject("/v1/articles"))["items"]![0]!["events"]![0]);
        Sending.Same(expected, (await _api.Anonymous.GetObject($"/v1/events/{part.Id()}"))["partOf"]);
        Assert.Equal(1, read.Int("version"));
        Assert.NotEqual(tag, await _api.Anonymous.TagOf($"/v1/articles/{article.Id()}"));
    }

    [Fact]
    public async Task Whoever_goes_internal_is_left_out_until_they_are_public_again()
    {
        var person = await _api.Person("Erika Beispiel");
        var newsEvent = await _api.Event("Treffen", more: $$""","participants":[ { "person": { "id": "{{person.Id()}}" } } ]""");
        var article = await _api.Article(
            "Bericht", $$""","people":[{"id":"{{person.Id()}}","relation":"author"}],"events":[{"id":"{{newsEvent.Id()}}"}]""");
        var before = await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}");

        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"visibility":"internal"}""").Answers();

        var without = await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}");
        Assert.Empty(without["people"]!.AsArray());
        Assert.Empty(without["authors"]!.AsArray());
        Assert.Empty((await _api.Anonymous.GetObject($"/v1/events/{newsEvent.Id()}"))["participants"]!.AsArray());
        Assert.Empty((await _api.Anonymous.GetObject($"/v1/articles?person={person.Id()}"))["items"]!.AsArray());
        foreach (var address in (string[])["/v1/articles?include=people", "/v1/events?include=people", "/v1/people"])
        {
            using var response = await _api.Anonymous.Get(address);
            Assert.DoesNotContain(person.Id(), await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"visibility":"public"}""").Answers();

        Sending.Same(before, await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}"));
        Assert.Equal(["Bericht"], (await _api.Anonymous.GetObject("/v1/articles?person=erika-beispiel")).Each("headline"));
    }

    [Fact]
    public async Task A_link_to_somebody_internal_is_shown_in_preview_alone()
    {
        var person = await _api.Person("Geheime Quelle", ""","visibility":"internal" """);
        var link = $$""","people":[{"id":"{{person.Id()}}","relation":"quoted","office":"Informant"}]""";
        var draft = await _api.Draft("Entwurf", link);
        var article = await _api.Article("Bericht", link);

        Assert.Equal("Geheime Quelle", draft["people"]![0]!.Text("name"));
        Assert.Empty((await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}"))["people"]!.AsArray());
        Assert.Empty((await _api.Anonymous.GetObject("/v1/articles?include=people"))["included"]!["people"]!.AsArray());
        Assert.Equal(
            ["Bericht", "Entwurf"], (await _api.Editor.GetObject($"/v1/people/{person.Id()}/articles?perspective=preview")).Each("headline").Order());

        await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"visibility":"public"}""").Answers();

        var read = await _api.Anonymous.GetObject($"/v1/articles/{article.Id()}");
        Assert.Equal(("Geheime Quelle", "quoted", "Informant"), (read["people"]![0]!.Text("name"), read["people"]![0]!.Text("relation"), read["people"]![0]!.Text("office")));
    }

    [Fact]
    public async Task A_working_copy_and_the_public_version_both_follow_a_rename()
    {
        var first = await _api.Person("Steven Witkoff");
        var second = await _api.Person("Rustem Umjerow");
        var article = await _api.Article("Telefonat", $$""","people":[{"id":"{{first.Id()}}"}]""");
        var address = $"/v1/articles/{article.Id()}";
        await _api.Editor.PatchJson($"{address}?draft=true", $$"""{"headline":"In Arbeit","people":[{"id":"{{second.Id()}}"}]}""").Answers();

        await _api.Editor.PatchJson($"/v1/people/{first.Id()}", """{"name":"Steve Witkoff"}""").Answers();
        await _api.Editor.PatchJson($"/v1/people/{second.Id()}", """{"name":"Rustem Umerow"}""").Answers();

        var read = await _api.Anonymous.GetObject(address);
        var working = await _api.Preview("articles", article.Id());
        Assert.Equal(("Telefonat", "Steve Witkoff"), (read.Text("headline"), read["people"]![0]!.Text("name")));
        Assert.Equal(("In Arbeit", "Rustem Umerow"), (working.Text("headline"), working["people"]![0]!.Text("name")));
        Assert.Equal((1, 2), (read.Int("version"), working.Int("version")));
    }

    [Fact]
    public async Task What_an_editor_reads_and_sends_back_keeps_links_that_the_public_does_not_see()
    {
        var person = await _api.Person("Anna Gruber", ""","visibility":"internal" """);
        var article = await _api.Article("Brücke offen", $$""","people":[{"id":"{{person.Id()}}"}]""");
        var address = $"/v1/articles/{article.Id()}";

        var preview = await _api.Editor.GetObject($"{address}?perspective=preview");
        using var sentBack = await _api.Editor.PutJson(address, preview.ToJsonString(), "*");
        await sentBack.Object(System.Net.HttpStatusCode.OK);

        Assert.Equal("published", preview.Text("status"));
        Assert.Equal("Anna Gruber", preview["people"]![0]!.Text("name"));
        Assert.Empty((await _api.Anonymous.GetObject(address))["people"]!.AsArray());
        Assert.Equal(1, (await _api.Editor.GetObject($"{address}?perspective=preview")).Int("version"));

        // Once public, the person is in everybody's document, and the newsroom needs none of its own.
        using var published = await _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"visibility":"public"}""");
        await published.Object(System.Net.HttpStatusCode.OK);
        Assert.Equal(
            (await _api.Anonymous.GetObject(address)).ToJsonString(), (await _api.Editor.GetObject($"{address}?perspective=preview")).ToJsonString());
        Assert.Equal("Anna Gruber", (await _api.Anonymous.GetObject(address))["people"]![0]!.Text("name"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
