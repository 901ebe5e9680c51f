using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using NewsApi.Tests.Samples;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.People;

/// <summary>Names as others print them, and whom of ours they mean.</summary>
public sealed class PeopleMatchTests(SampleContentTests.Samples samples) : IClassFixture<SampleContentTests.Samples>, IAsyncDisposable
{
    private Api? _own;

    /// <summary>For tests that write.</summary>
    private Api Own => _own ??= new Api();

    [Theory]
    [InlineData("Selenskyj", "wolodymyr-selenskyj")]
    [InlineData("Selenskij", "wolodymyr-selenskyj")]
    [InlineData("Selenski", "wolodymyr-selenskyj")]
    [InlineData("Zelenskyy", "wolodymyr-selenskyj")]
    [InlineData("Zelensky", "wolodymyr-selenskyj")]
    [InlineData("Zelenskiy", "wolodymyr-selenskyj")]
    [InlineData("Zelenskyi", "wolodymyr-selenskyj")]
    [InlineData("Зеленський", "wolodymyr-selenskyj")]
    [InlineData("Зеленский", "wolodymyr-selenskyj")]
    [InlineData("Selenskyjs", "wolodymyr-selenskyj")]
    [InlineData("Wladimir Selenskij", "wolodymyr-selenskyj")]
    [InlineData("Präsident Wolodymyr Selenskyj", "wolodymyr-selenskyj")]
    [InlineData("Oumierov", "rustem-umjerow")]
    [InlineData("Rustem Umyerov", "rustem-umjerow")]
    [InlineData("Steven Witkoff", "steve-witkoff")]
    [InlineData("Steve Whitkoff", "steve-witkoff")]
    [InlineData("Rubio, Marco", "marco-rubio")]
    [InlineData("Vladimir Poutine", "wladimir-putin")]
    public async Task Any_spelling_finds_the_person_and_is_safe_to_join(string name, string slug)
    {
        var candidates = await Match(samples.Api, name);

        Assert.Equal(slug, candidates[0]!.Text("slug"));
        Assert.True(candidates[0]!["match"]!.GetValue<bool>(), candidates.ToJsonString());
        Assert.NotEmpty(candidates[0]!["reasons"]!.AsArray());
    }

    [Theory]
    [InlineData("Zach Witkoff")]
    [InlineData("Umarow")]
    [InlineData("Doku Umarow")]
    [InlineData("Wladimir")]
    [InlineData("Rustem")]
    [InlineData("Kickoff")]
    [InlineData("Melania Trump")]
    [InlineData("Olena Selenska")]
    [InlineData("Maria Gruber")]
    public async Task Somebody_else_is_nobody_here(string name) => Assert.Empty(await Match(samples.Api, name));

    [Fact]
    public async Task A_slip_is_a_candidate_and_no_match()
    {
        var candidate = Assert.Single(await Match(samples.Api, "Emmanuel Marcon"))!;

        Assert.Equal("emmanuel-macron", candidate.Text("slug"));
        Assert.False(candidate["match"]!.GetValue<bool>());
        Assert.Contains("spelling: one letter", candidate["reasons"]!.AsArray().Select(r => r!.GetValue<string>()));
    }

    [Fact]
    public async Task The_rule_names_the_system_and_the_spelling_on_record()
    {
        await Own.Person("Andrij Hnatow", ""","names":[{"value":"Андрій Гнатов"}]""");

        var reasons = (await Match(Own, "Andrii Hnatov"))[0]!["reasons"]!.AsArray().Select(r => r!.GetValue<string>());

        Assert.Contains("same name in another romanisation: KMU 2010, UN 2012", reasons);
    }

    [Fact]
    public async Task Two_people_of_one_name_are_not_told_apart_without_what_stands_around_it()
    {
        var minister = await Own.Person("Hans Gruber", ""","offices":[{"title":"Landesrat","organisation":"Land Tirol","country":"AT"}]""");
        var skier = await Own.Person("Hans Gruber", ""","slug":"hans-gruber-ski" """);
        var partner = await Own.Person("Eva Kofler");
        await Own.Article("Rennen", $$""","people":[{"id":"{{skier.Id()}}"},{"id":"{{partner.Id()}}"}]""", "2026-01-10T08:00:00Z");

        var alone = await Match(Own, "Hans Gruber");
        var withPartner = await Match(Own, "Hans Gruber", ""","context":{"people":["Eva Kofler"]}""");
        var withSlug = await Match(Own, "Hans Gruber", $$""","context":{"people":["{{partner.Text("slug")}}"],"date":"2026-01-12"}""");
        var withPlace = await Match(Own, "Hans Gruber", ""","context":{"place":"Tirol","date":"2020-01-01"}""");

        Assert.Equal(2, alone.Count);
        Assert.DoesNotContain(alone, c => c!["match"]!.GetValue<bool>());
        Assert.Equal(skier.Id(), withPartner[0]!.Id());
        Assert.Contains("named together with Eva Kofler", withPartner[0]!["reasons"]!.AsArray().Select(r => r!.GetValue<string>()));
        Assert.Equal(skier.Id(), withSlug[0]!.Id());
        Assert.Contains("in the news around 2026-01-12", withSlug[0]!["reasons"]!.AsArray().Select(r => r!.GetValue<string>()));
        Assert.Equal(minister.Id(), withPlace[0]!.Id());
        Assert.Contains("place: Tirol", withPlace[0]!["reasons"]!.AsArray().Select(r => r!.GetValue<string>()));
    }

    [Fact]
    public async Task A_family_name_alone_is_safe_only_where_one_person_has_it()
    {
        await Own.Person("Anna Plattner", ""","names":[{"value":"Plattner"}]""");
        Assert.True((await Match(Own, "Plattner"))[0]!["match"]!.GetValue<bool>());

        await Own.Person("Karl Plattner");
        var candidates = await Match(Own, "Plattner");

        Assert.Equal(2, candidates.Count);
        Assert.DoesNotContain(candidates, c => c!["match"]!.GetValue<bool>());
    }

    [Fact]
    public async Task An_s_is_the_genitive_in_German_alone()
    {
        Assert.NotEmpty(await Match(samples.Api, "Steve Witkoffs", ""","language":"de-AT" """));
        Assert.Empty(await Match(samples.Api, "Steve Witkoffs", ""","language":"en" """));
    }

    [Fact]
    public async Task A_batch_is_answered_in_its_order_with_the_ids_that_were_sent()
    {
        var queries = Enumerable.Range(0, 100).Select(i => $$"""{"id":"q{{i}}","name":{{Json.Quoted(i % 2 == 0 ? "Zelensky" : $"Niemand Nirgends{i}")}},"limit":1}""");
        var answer = await samples.Api.Anonymous.PostJson("/v1/people/match", $$"""{"queries":[{{string.Join(',', queries)}}]}""").Answers();

        var results = answer["results"]!.AsArray();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"q{i}"), results.Select(r => r!.Text("id")));
        Assert.All(results.Where((_, i) => i % 2 == 0), r => Assert.Equal("wolodymyr-selenskyj", Assert.Single(r!["candidates"]!.AsArray())!.Text("slug")));
        Assert.All(results.Where((_, i) => i % 2 == 1), r => Assert.Empty(r!["candidates"]!.AsArray()));
    }

    [Fact]
    public async Task People_for_the_newsroom_alone_are_found_with_a_key_only()
    {
        await Own.Person("Informant Geheim", ""","visibility":"internal" """);

        Assert.Empty(await Match(Own, "Informant Geheim"));
        using var refused = await Own.Anonymous.PostJson("/v1/people/match?perspective=preview", """{"queries":[{"name":"Informant Geheim"}]}""");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var preview = await Own.Editor.PostJson("/v1/people/match?perspective=preview", """{"queries":[{"name":"Informant Geheim"}]}""").Answers();
        Assert.Single(preview["results"]![0]!["candidates"]!.AsArray());
    }

    [Fact]
    public async Task A_name_that_is_gone_from_the_record_finds_nobody()
    {
        var person = await Own.Person("Eva Thaler", ""","names":[{"value":"Eva Unterthiner","kind":"former"}]""");
        Assert.Single(await Match(Own, "Eva Unterthiner"));

        await Own.Editor.PatchJson($"/v1/people/{person.Id()}", """{"names":[]}""").Answers();

        Assert.Empty(await Match(Own, "Eva Unterthiner"));
        Assert.Single(await Match(Own, "Eva Thaler"));
    }

    [Theory]
    [InlineData("""{}""", 422, "/queries")]
    [InlineData("""{"queries":[{}]}""", 422, "/queries/0/name")]
    [InlineData("""{"queries":[{"name":" "}]}""", 422, "/queries/0/name")]
    [InlineData("""{"queries":[null]}""", 422, "/queries/0")]
    [InlineData("""{"queries":[{"name":"A","limit":0}]}""", 422, "/queries/0/limit")]
    [InlineData("""{"queries":[{"name":"A","limit":"x"}]}""", 400, "/queries/0/limit")]
    [InlineData("""{"queries":[{"name":"A","context":{"date":"gestern"}}]}""", 422, "/queries/0/context/date")]
    [InlineData("""{"queries":[{"name":"A","context":{"people":[null]}}]}""", 422, "/queries/0/context/people/0")]
    [InlineData("""{"queries":[{"name":"A","conText":{}}]}""", 400, "/queries/0/conText")]
    [InlineData("""{"queries":[{"name":"A","language":"deutsch!"}]}""", 422, "/queries/0/language")]
    public Task Bad_input_is_refused_and_named(string body, int status, string pointer) =>
        samples.Api.Anonymous.PostJson("/v1/people/match", body).IsRefusedAt(status, pointer);

    [Fact]
    public Task More_than_a_hundred_queries_are_refused() => samples.Api.Anonymous.PostJson(
        "/v1/people/match", $$"""{"queries":[{{string.Join(',', Enumerable.Repeat("""{"name":"A"}""", 101))}}]}""").IsRefusedAt(422, "/queries");

    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<JsonArray> Match(Api api, string name, string more = "")
    {
        var answer = await api.Anonymous.PostJson("/v1/people/match", $$"""{"queries":[{"name":{{JsonSerializer.Serialize(name)}}{{more}}}]}""").Answers();
        return Assert.Single(answer["results"]!.AsArray())!["candidates"]!.AsArray();
    }
}
