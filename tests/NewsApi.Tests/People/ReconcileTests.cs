using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Samples;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.People;

/// <summary>What OpenRefine and its like ask for, in the shapes of the Reconciliation Service API 0.2.</summary>
public sealed class ReconcileTests(SampleContentTests.Samples samples) : IClassFixture<SampleContentTests.Samples>
{
    private const string Putin = """{"q0":{"query":"Vladimir Poutine"}}""";

    private HttpClient Client => samples.Api.Anonymous;

    [Fact]
    public async Task The_service_describes_itself_with_whole_addresses_that_work()
    {
        var manifest = await Client.GetObject("/v1/reconcile");

        Assert.Contains("0.2", manifest["versions"]!.AsArray().Select(v => v!.GetValue<string>()));
        Assert.All((string[])["name", "identifierSpace", "schemaSpace"], member => Assert.NotEmpty(manifest.Text(member)));
        Assert.Equal("person", Assert.Single(manifest["defaultTypes"]!.AsArray())!.Id());
        Assert.True(manifest["preview"]!.Int("width") > 0 && manifest["preview"]!.Int("height") > 0);
        var entity = manifest["suggest"]!["entity"]!;
        var id = (await Client.GetObject("/v1/people/by-slug/marco-rubio")).Id();
        foreach (var address in (string[])[manifest["view"]!.Text("url"), manifest["preview"]!.Text("url"), $"{entity.Text("service_url")}{entity.Text("service_path")}?prefix=rub"])
        {
            var uri = new Uri(address.Replace("{{id}}", id, StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.OK, await Client.StatusOf(uri.ToString()));
        }
    }

    [Fact]
    public async Task The_addresses_are_those_of_the_settings_and_never_of_a_header()
    {
        await using var api = new Api(("Service:PublicUrl", "https://news.example/api/"));

        foreach (var header in (string[])["", "Host: evil.example\r\n", "X-Forwarded-Host: evil.example\r\n"])
        {
            var host = header.StartsWith("Host", StringComparison.Ordinal) ? header : "Host: localhost\r\n" + header;
            var (status, text) = await api.Raw($"GET /v1/reconcile HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
            Assert.Equal(200, status);
            Assert.Contains("https://news.example/api/v1/people/{{id}}", text, StringComparison.Ordinal);
            Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_a_setting_no_header_finds_its_way_into_the_addresses()
    {
        var (_, text) = await samples.Api.Raw("GET /v1/reconcile HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");

        Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_query_goes_as_a_batch_of_one()
    {
        var answer = await Get(Putin);

        var candidate = Assert.Single(answer["q0"]!["result"]!.AsArray())!;
        Assert.Equal("Wladimir Putin", candidate.Text("name"));
        Assert.True(candidate["match"]!.GetValue<bool>());
        Assert.InRange(candidate["score"]!.GetValue<double>(), 90, 100);
        Assert.Equal("person", Assert.Single(candidate["type"]!.AsArray())!.Id());
        Assert.Equal("Präsident", candidate.Text("description"));
        Assert.NotEmpty(candidate["features"]!.AsArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_batch_is_answered_under_its_keys_by_GET_and_by_POST(bool post)
    {
        const string batch = """
            {"q0":{"query":"Zelensky","type":"person","limit":3,"type_strict":"should"},
             "q1":{"query":"Hans Niemand","type":["person"],"type_strict":"any"},
             "q2":{"query":"Rustem Umerow","limit":1,"properties":[{"pid":"place","v":"UA"},{"pid":"date","v":"2026-01-03"},
                   {"pid":"person","v":[{"id":"steve-witkoff","name":"Steve Witkoff"},"Marco Rubio"]},{"pid":"height","v":1.8},{"pid":"alive","v":true}]},
             "q3":{"query":"Zelensky","type":"place"},
             "q4":{"properties":[{"pid":"place","v":"UA"}]}}
            """;

        var answer = post ? await Post(batch).Answers() : await Get(batch);

        Assert.Equal(["q0", "q1", "q2", "q3", "q4"], answer.Select(a => a.Key));
        Assert.Equal("Wolodymyr Selenskyj", answer["q0"]!["result"]![0]!.Text("name"));
        Assert.Empty(answer["q1"]!["result"]!.AsArray());
        Assert.Equal("Rustem Umjerow", Assert.Single(answer["q2"]!["result"]!.AsArray())!.Text("name"));
        Assert.Empty(answer["q3"]!["result"]!.AsArray());
        Assert.Empty(answer["q4"]!["result"]!.AsArray());
    }

    [Fact]
    public async Task The_properties_of_a_query_break_a_tie()
    {
        await using var api = new Api();
        await api.Person("Hans Gruber", ""","slug":"skier" """);
        var minister = await api.Person("Hans Gruber", ""","offices":[{"title":"Landesrat","organisation":"Land Tirol","country":"AT"}]""");

        var answer = await api.Anonymous.GetObject(Address("""{"q":{"query":"Hans Gruber","properties":[{"pid":"country","v":"AT"}]},"p":{"query":"Hans Gruber"}}"""));

        Assert.Equal(minister.Id(), answer["q"]!["result"]![0]!.Id());
        Assert.Contains("place: AT", answer["q"]!["result"]![0]!["features"]!.AsArray().Select(f => f!.Id()));
        Assert.DoesNotContain(answer["p"]!["result"]!.AsArray(), c => c!["match"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Entities_are_suggested_while_somebody_types()
    {
        var answer = await Client.GetObject("/v1/reconcile/suggest/entity?prefix=umje");
        var next = await Client.GetObject("/v1/reconcile/suggest/entity?prefix=umje&cursor=1");

        var suggestion = Assert.Single(answer["result"]!.AsArray())!;
        Assert.Equal("Rustem Umjerow", suggestion.Text("name"));
        Assert.Equal("person", Assert.Single(suggestion["notable"]!.AsArray())!.Id());
        Assert.Contains("Sekretär", suggestion.Text("description"), StringComparison.Ordinal);
        Assert.Empty(next["result"]!.AsArray());
    }

    [Fact]
    public async Task The_preview_is_a_page_without_anything_active_in_it()
    {
        await using var api = new Api();
        var person = await api.Person("<script>alert(1)</script>", ""","description":"<img src=x onerror=alert(1)> & mehr" """);

        using var response = await api.Anonymous.Get($"/v1/reconcile/preview?id={person.Id()}", ("Accept", "text/html"));
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("&amp; mehr", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_shown_who_is_not_public()
    {
        await using var api = new Api();
        var person = await api.Person("Quirin Geheim", ""","visibility":"internal" """);

        Assert.Empty((await api.Anonymous.GetObject(Address("""{"q":{"query":"Quirin Geheim"}}""")))["q"]!["result"]!.AsArray());
        Assert.Empty((await api.Anonymous.GetObject("/v1/reconcile/suggest/entity?prefix=quirin"))["result"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, await api.Anonymous.StatusOf($"/v1/reconcile/preview?id={person.Id()}"));
        Assert.Equal(HttpStatusCode.NotFound, await api.Editor.StatusOf($"/v1/reconcile/preview?id={person.Id()}"));
    }

    [Fact]
    public async Task Pages_of_any_origin_may_ask()
    {
        using var get = await Client.Get(Address(Putin), ("Origin", "https://openrefine.example"));
        using var post = await Post(Putin);

        Assert.Equal("*", get.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("*", post.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Selenskyj")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"q0":{}}""")]
    [InlineData("""{"q0":null}""")]
    [InlineData("""{"q0":{"query":7}}""")]
    [InlineData("""{"q0":{"query":"A","limit":0}}""")]
    [InlineData("""{"q0":{"query":"A","properties":"x"}}""")]
    [InlineData("""{"q0":{"query":"\u0000"}}""")]
    [InlineData("""{"q0":{"query":"\ud800"}}""")]
    [InlineData("""{"q0":{"query":"A","type":"\ud800"}}""")]
    public async Task A_batch_that_cannot_be_read_is_a_400_that_names_the_parameter(string batch)
    {
        foreach (var request in (Task<HttpResponseMessage>[])[Client.Get(Address(batch)), Post(batch)])
        {
            var problem = await request.IsRefused(400, "invalidParameter");
            Assert.Equal("queries", problem["errors"]![0]!.Text("parameter"));
        }
    }

    [Fact]
    public async Task More_than_a_hundred_queries_are_refused()
    {
        var batch = $"{{{string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"q{i}\":{{\"query\":\"A\"}}"))}}}";

        await Post(batch).IsRefused(400, "invalidParameter");
    }

    [Theory]
    [InlineData("/v1/reconcile?query=x", "query")]
    [InlineData("/v1/reconcile/suggest/entity", "prefix")]
    [InlineData("/v1/reconcile/suggest/entity?prefix=a&cursor=-1", "cursor")]
    [InlineData("/v1/reconcile/preview", "id")]
    [InlineData("/v1/reconcile/preview?id=rubio", "id")]
    public async Task Bad_parameters_are_named(string address, string parameter)
    {
        var problem = await Client.Get(address).IsRefused(400, "invalidParameter");

        Assert.Equal(parameter, problem["errors"]![0]!.Text("parameter"));
    }

    [Theory]
    [InlineData("application/json", 415)]
    [InlineData("multipart/form-data; boundary=x", 415)]
    [InlineData("application/x-www-form-urlencoded; charset=bogus", 200)]
    public async Task Only_forms_are_taken(string type, int status)
    {
        using var content = new StringContent($"queries={Uri.EscapeDataString(Putin)}");
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await Client.PostAsync("/v1/reconcile", content, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
    }

    private static string Address(string batch) => $"/v1/reconcile?queries={Uri.EscapeDataString(batch)}";

    private Task<JsonObject> Get(string batch) => Client.GetObject(Address(batch));

    private Task<HttpResponseMessage> Post(string batch) =>
        Client.PostAsync("/v1/reconcile", new FormUrlEncodedContent([new("queries", batch)]), TestContext.Current.CancellationToken);
}
