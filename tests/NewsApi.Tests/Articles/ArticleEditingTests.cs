using System.Net;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Articles;

public sealed class ArticleEditingTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task Put_under_a_new_id_creates_a_draft()
    {
        var id = Guid.CreateVersion7().ToString();

        using var response = await _api.Editor.PutJson($"/v1/articles/{id}", """{"headline":"Neu"}""");

        var article = await response.Object(HttpStatusCode.Created);
        Assert.Equal((id, 1, "draft"), (article.Id(), article.Int("version"), article.Text("status")));
        Assert.Equal($"/v1/articles/{id}?perspective=preview", response.Headers.Location?.ToString());
        Sending.Same(article, await _api.Editor.GetObject(response.Headers.Location!.ToString()));
        Assert.Equal(HttpStatusCode.NotFound, await _api.Anonymous.StatusOf($"/v1/articles/{id}"));
    }

    [Fact]
    public async Task Post_answers_where_the_draft_can_be_read()
    {
        using var response = await _api.Editor.PostJson("/v1/articles", """{"headline":"Neu"}""");

        var article = await response.Object(HttpStatusCode.Created);
        Assert.Equal($"/v1/articles/{article.Id()}?perspective=preview", response.Headers.Location?.ToString());
        Assert.Equal(response.Headers.ETag!.ToString(), await _api.Editor.TagOf(response.Headers.Location!.ToString()));
    }

    [Fact]
    public async Task Put_over_an_article_replaces_all_of_it()
    {
        var draft = await _api.Draft("Vorher", ""","teaser":"Fällt weg","tags":["Alt"]""");

        var article = await _api.Editor.PutJson($"/v1/articles/{draft.Id()}", """{"headline":"Nachher"}""", "*").Answers();

        Assert.Equal(("Nachher", 2), (article.Text("headline"), article.Int("version")));
        Assert.Null(article["teaser"]);
        Assert.Empty(article["tags"]!.AsArray());
    }

    [Theory]
    [InlineData("PUT", """{"headline":"Neu"}""")]
    [InlineData("PATCH", """{"headline":"Neu"}""")]
    [InlineData("DELETE", null)]
    public async Task Writing_over_an_article_needs_If_Match(string method, string? body)
    {
        var draft = await _api.Draft("Bleibt");

        await _api.Editor.Send(new HttpMethod(method), $"/v1/articles/{draft.Id()}", body).IsRefused(428, "preconditionRequired");

        Sending.Same(draft, await _api.Preview("articles", draft.Id()));
    }

    [Theory]
    [InlineData("PUT", """{"headline":"Neu"}""")]
    [InlineData("PATCH", """{"headline":"Neu"}""")]
    [InlineData("DELETE", null)]
    [InlineData("PUT-publication", null)]
    [InlineData("DELETE-publication", null)]
    public async Task A_stale_tag_is_refused_with_the_current_version(string request, string? body)
    {
        var draft = await _api.Draft("Erste Fassung");
        var address = $"/v1/articles/{draft.Id()}";
        var stale = await _api.Editor.TagOf($"{address}?perspective=preview");
        await _api.Editor.PatchJson(address, """{"headline":"Zweite Fassung"}""", stale).Answers();

        var method = request.Split('-');
        var problem = await _api.Editor.Send(new HttpMethod(method[0]), method.Length > 1 ? $"{address}/{method[1]}" : address, body, ("If-Match", stale))
            .IsRefused(412, "versionMismatch");

        Assert.Equal(2, problem.Int("currentVersion"));
        Assert.Equal(("Zweite Fassung", "draft"), await HeadlineAndStatusAsync(draft.Id()));
    }

    [Theory]
    [InlineData("W/{tag}")]
    [InlineData("\"7-1-full\"")]
    [InlineData("\"\"")]
    [InlineData("\"unsinn\"")]
    public async Task A_tag_that_is_not_the_current_one_does_not_match(string ifMatch)
    {
        var draft = await _api.Draft("Bleibt");
        var address = $"/v1/articles/{draft.Id()}";
        var tag = await _api.Editor.TagOf($"{address}?perspective=preview");

        await _api.Editor.PutJson(address, """{"headline":"Neu"}""", ifMatch.Replace("{tag}", tag, StringComparison.Ordinal)).IsRefused(412, "versionMismatch");
    }

    [Theory]
    [InlineData("*")]
    [InlineData("{tag}")]
    [InlineData("\"7-1-full\", {tag}, \"unsinn\"")]
    public async Task A_star_or_a_list_with_the_current_tag_matches(string ifMatch)
    {
        var draft = await _api.Draft("Vorher");
        var address = $"/v1/articles/{draft.Id()}";
        var tag = await _api.Editor.TagOf($"{address}?perspective=preview");

        await _api.Editor.PutJson(address, """{"headline":"Neu"}""", ifMatch.Replace("{tag}", tag, StringComparison.Ordinal)).Answers();
    }

    [Fact]
    public async Task The_tag_of_any_view_and_coding_matches()
    {
        var article = await _api.Article("Vorher", $$""","teaser":"{{string.Concat(Enumerable.Repeat("Ein langer Vorspann. ", 50))}}" """);
        var address = $"/v1/articles/{article.Id()}";
        using var packed = await _api.Anonymous.Get($"{address}?view=summary", ("Accept-Encoding", "br"));
        Assert.Contains("br", packed.Content.Headers.ContentEncoding);

        await _api.Editor.PatchJson(address, """{"headline":"Neu"}""", packed.Headers.ETag!.ToString()).Answers();
    }

    [Fact]
    public async Task If_None_Match_star_creates_and_never_replaces()
    {
        var address = $"/v1/articles/{Guid.CreateVersion7()}";

        await _api.Editor.Send(HttpMethod.Put, address, """{"headline":"Eins"}""", ("If-None-Match", "*")).Answers(HttpStatusCode.Created);
        var problem = await _api.Editor.Send(HttpMethod.Put, address, """{"headline":"Zwei"}""", ("If-None-Match", "*")).IsRefused(412);

        Assert.Equal(1, problem.Int("currentVersion"));
    }

    [Fact]
    public async Task If_Match_never_creates()
    {
        var problem = await _api.Editor.PutJson($"/v1/articles/{Guid.CreateVersion7()}", """{"headline":"Neu"}""", "*").IsRefused(412, "versionMismatch");

        Assert.Null(problem["currentVersion"]);
    }

    [Fact]
    public async Task The_version_counts_changes_of_content_only()
    {
        var draft = await _api.Draft("Titel", ""","tags":["a","b"]""");
        var address = $"/v1/articles/{draft.Id()}";

        var same = await _api.Editor.PatchJson(address, """{"headline":"Titel","teaser":null}""").Answers();
        var published = await _api.Editor.Publish(draft.Id()).Answers();
        var reordered = await _api.Editor.PatchJson(address, """{"tags":["b","a"]}""").Answers();
        var withdrawn = await _api.Editor.Remove($"{address}/publication", null).Answers();

        Assert.Equal((1, 1, 2, 2), (same.Int("version"), published.Int("version"), reordered.Int("version"), withdrawn.Int("version")));
        Assert.Equal(draft.Text("updatedAt"), published.Text("updatedAt"));
    }

    [Fact]
    public async Task Patch_removes_replaces_and_leaves_alone()
    {
        var draft = await _api.Draft("Titel", ""","kicker":"Dachzeile","teaser":"Vorspann","tags":["a","b"],"section":{"slug":"politik"},"urgency":3""");

        var article = await _api.Editor.PatchJson(
            $"/v1/articles/{draft.Id()}", """{"kicker":null,"tags":["c"],"section":null,"subhead":"Unterzeile","language":null}""").Answers();

        Assert.Null(article["kicker"]);
        Assert.Null(article["section"]);
        Assert.Equal(["c"], article["tags"]!.AsArray().Select(t => t!.GetValue<string>()));
        Assert.Equal(("Vorspann", "Unterzeile", "de", 3), (article.Text("teaser"), article.Text("subhead"), article.Text("language"), article.Int("urgency")));
        Assert.Equal("titel", article.Text("slug"));
    }

    [Theory]
    [InlineData("""{"headline":null}""", 422, "/headline")]
    [InlineData("""{"headline":" "}""", 422, "/headline")]
    [InlineData("""{"teaser":"neu","urgency":12}""", 422, "/urgency")]
    [InlineData("""{"teaser":"neu","body":[{"type":"paragraph"}]}""", 422, "/body/0/text")]
    [InlineData("""{"teaser":"neu","people":[{"id":"01920000-0000-7000-8000-000000000000"}]}""", 422, "/people/0/id")]
    [InlineData("""{"teaser":"neu","events":[{"slug":"gibt-es-nicht"}]}""", 422, "/events/0/slug")]
    [InlineData("""{"teaser":"neu","titel":"x"}""", 400, "/titel")]
    [InlineData("""{"teaser":"neu","tags":"x"}""", 400, "/tags")]
    public async Task A_patch_that_breaks_a_rule_changes_nothing(string patch, int status, string pointer)
    {
        var draft = await _api.Draft("Bleibt", ""","teaser":"alt" """);

        await _api.Editor.PatchJson($"/v1/articles/{draft.Id()}", patch).IsRefusedAt(status, pointer);

        Sending.Same(draft, await _api.Preview("articles", draft.Id()));
    }

    [Fact]
    public async Task A_deleted_article_is_gone_for_everybody()
    {
        var article = await _api.Article("Weg damit");
        var address = $"/v1/articles/{article.Id()}";

        await _api.Editor.Remove(address, await _api.Anonymous.TagOf(address)).Succeeds();

        await _api.Anonymous.Get(address).IsRefused(404, "notFound");
        await _api.Anonymous.Get("/v1/articles/by-slug/weg-damit").IsRefused(404);
        await _api.Editor.Get($"{address}?perspective=preview").IsRefused(404);
        await _api.Editor.PatchJson(address, "{}").IsRefused(404);
        await _api.Editor.Remove(address).IsRefused(404);
        await _api.Editor.Publish(article.Id()).IsRefused(404);
        Assert.Empty((await _api.Editor.GetObject("/v1/articles?perspective=preview"))["items"]!.AsArray());
    }

    [Fact]
    public async Task An_article_made_anew_under_a_deleted_id_counts_on_and_keeps_its_address()
    {
        var first = await _api.Article("Wiederkehr");
        var address = $"/v1/articles/{first.Id()}";
        await _api.Editor.PatchJson(address, """{"teaser":"zweite"}""").Answers();
        await _api.Editor.Remove(address).Succeeds();

        var again = await _api.Editor.PutJson(address, """{"headline":"Wiederkehr"}""").Answers(HttpStatusCode.Created);
        await _api.Editor.Remove(address).Succeeds();
        var third = await _api.Editor.PostJson("/v1/articles", $$"""{"id":"{{first.Id()}}","headline":"Wiederkehr"}""").Answers(HttpStatusCode.Created);

        Assert.Equal((3, 4), (again.Int("version"), third.Int("version")));
        Assert.Equal(("draft", "wiederkehr"), (third.Text("status"), third.Text("slug")));
        Assert.Null(third["publishedAt"]);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PUT", "")]
    [InlineData("PATCH", "")]
    [InlineData("DELETE", "")]
    [InlineData("PUT", "/publication")]
    [InlineData("DELETE", "/publication")]
    public async Task An_id_that_is_no_UUID_is_named(string method, string below)
    {
        var problem = await _api.Editor.Send(
            new HttpMethod(method), $"/v1/articles/kein-gipfel{below}", method == "GET" || below.Length > 0 ? null : """{"headline":"x"}""", ("If-Match", "*"))
            .IsRefused(400, "invalidParameter");

        Assert.Equal("id", problem["errors"]![0]!.Text("parameter"));
    }

    [Fact]
    public async Task An_id_inside_the_body_must_be_a_UUID_and_that_of_the_path()
    {
        var draft = await _api.Draft("Bleibt");
        var address = $"/v1/articles/{draft.Id()}";
        var other = Guid.CreateVersion7();

        await _api.Editor.PostJson("/v1/articles", """{"id":"kein-gipfel","headline":"x"}""").IsRefusedAt(400, "/id");
        await _api.Editor.PutJson(address, $$"""{"id":"{{other}}","headline":"x"}""", "*").IsRefusedAt(422, "/id");
        await _api.Editor.PatchJson(address, $$"""{"id":"{{other}}"}""").IsRefusedAt(422, "/id");
        await _api.Editor.PutJson(address, $$"""{"id":"{{draft.Id()}}","headline":"x"}""", "*").Answers();
    }

    [Fact]
    public async Task A_second_article_with_a_known_id_or_external_id_is_a_conflict_that_names_the_first()
    {
        const string external = ""","externalIds":[{"source":"apa","value":"APA0001"}]""";
        var first = await _api.Draft("Erster", external);

        var sameId = await _api.Editor.PostJson("/v1/articles", $$"""{"id":"{{first.Id()}}","headline":"Zweiter"}""").IsRefused(409, "idExists");
        var sameName = await _api.Editor.PostJson("/v1/articles", $$"""{"headline":"Zweiter"{{external}}}""").IsRefused(409, "externalIdExists");

        Assert.Equal((first.Id(), first.Id()), (sameId.Text("existingId"), sameName.Text("existingId")));
        await _api.Editor.PatchJson($"/v1/articles/{first.Id()}", """{"externalIds":[]}""").Answers();
        await _api.Draft("Zweiter", external);
    }

    [Fact]
    public async Task Of_simultaneous_writes_over_one_version_exactly_one_wins()
    {
        var draft = await _api.Draft("Ausgangslage");
        var address = $"/v1/articles/{draft.Id()}";
        for (var round = 1; round <= 5; round++)
        {
            var tag = await _api.Editor.TagOf($"{address}?perspective=preview");
            var writes = Enumerable.Range(0, 8)
                .Select(writer => _api.Editor.PutJson(address, $$"""{"headline":"Runde {{round}}, Schreiber {{writer}}"}""", tag)).ToList();

            var answers = await Task.WhenAll(writes);

            var winner = Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
            Assert.All(answers.Where(a => a != winner), a => Assert.Equal(HttpStatusCode.PreconditionFailed, a.StatusCode));
            Sending.Same(await winner.Object(HttpStatusCode.OK), await _api.Preview("articles", draft.Id()));
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private async Task<(string, string)> HeadlineAndStatusAsync(string id)
    {
        var article = await _api.Preview("articles", id);
        return (article.Text("headline"), article.Text("status"));
    }
}
