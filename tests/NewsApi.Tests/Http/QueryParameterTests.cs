using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Http;

public sealed class QueryParameterTests : IAsyncDisposable
{
    private const string Nobody = "0190aaaa-0000-7000-8000-000000000001";

    private readonly Api _api = new();

    [Fact]
    public async Task A_parameter_nobody_knows_is_refused_on_every_route()
    {
        foreach (var endpoint in _api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var pattern = endpoint.RoutePattern.RawText!;
            if (!pattern.StartsWith("/v1/", StringComparison.Ordinal)) continue;

            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Where(m => m != "HEAD"))
            {
                using var content = BodyFor(method, pattern);
                var address = pattern.Replace("{id}", Nobody, StringComparison.Ordinal).Replace("{slug}", "politik", StringComparison.Ordinal);
                var required = pattern switch { "/v1/timelines/" or "/v1/timelines" => "person=a&", "/v1/search/" or "/v1/search" => "q=a&", _ => "" };
                using var response = await _api.Editor.Ask(HttpMethod.Parse(method), $"{address}?{required}where[id]=1", content, ("If-Match", "*"));

                var problem = await response.Problem(400, "invalidParameter");
                Assert.True(problem.Places() is ["where[id]"], $"{method} {pattern}: {problem}");
                Assert.Equal("unknownParameter", problem["errors"]![0]!.Text("code"));
            }
        }
    }

    [Theory]
    [InlineData("/v1/articles?limt=1", "limit")]
    [InlineData("/v1/articles?publishedfrom=2026-01-01", "publishedFrom")]
    [InlineData("/v1/articles?persons=rubio", "person")]
    [InlineData("/v1/articles?Limit=1", "limit")]
    [InlineData("/v1/people?ordre=asc", "order")]
    [InlineData("/v1/events?certanty=planned", "certainty")]
    [InlineData($"/v1/articles/{Nobody}?veiw=full", "view")]
    [InlineData($"/v1/people/{Nobody}/articles?tags=a", "tag")]
    public async Task A_misspelt_parameter_is_answered_with_the_nearest_one(string address, string nearest)
    {
        using var response = await _api.Anonymous.Ask(address);

        var error = (await response.Problem(400, "invalidParameter"))["errors"]!.AsArray().Single()!;
        Assert.Contains($"did you mean '{nearest}'?", error.Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=abc")]
    [InlineData("limit=-1")]
    [InlineData("limit=+1")]
    [InlineData("limit=1.5")]
    [InlineData("limit=1e2")]
    [InlineData("limit=%201")]
    [InlineData("limit=")]
    [InlineData("limit")]
    [InlineData("limit=99999999999999999999")]
    [InlineData("limit=1&limit=2")]
    [InlineData("limit=1&limit=1")]
    public async Task A_limit_that_is_no_number_from_1_to_200_is_refused(string query)
    {
        foreach (var list in (string[])["articles", "people", "events", "sections"])
        {
            using var response = await _api.Anonymous.Ask($"/v1/{list}?{query}");
            Assert.Equal(["limit"], (await response.Problem(400, "invalidParameter")).Places());
        }
    }

    [Theory]
    [InlineData("articles?person=", "person")]
    [InlineData("articles?person", "person")]
    [InlineData("articles?tag=,", "tag")]
    [InlineData("articles?tag=a,,b", "tag")]
    [InlineData("articles?tag=%20", "tag")]
    [InlineData("articles?tag=a&tag=", "tag")]
    [InlineData("articles?section=", "section")]
    [InlineData("articles?event=,,", "event")]
    [InlineData("articles?include=", "include")]
    [InlineData("articles?topic=", "topic")]
    [InlineData("articles?place=", "place")]
    [InlineData("articles?source=,", "source")]
    [InlineData("articles?language=", "language")]
    [InlineData("articles?language=deutsch!", "language")]
    [InlineData("articles?language=de,d", "language")]
    [InlineData("articles?genre=", "genre")]
    [InlineData("articles?externalId=", "externalId")]
    [InlineData("articles?externalId=APA0042", "externalId")]
    [InlineData("articles?externalId=apa:", "externalId")]
    [InlineData("articles?externalId=:APA0042", "externalId")]
    [InlineData("articles?tag=%00", "tag")]
    [InlineData("articles?person=a%00b", "person")]
    [InlineData("articles?externalId=a:%00", "externalId")]
    [InlineData("articles?corrected=", "corrected")]
    [InlineData("articles?corrected=false", "corrected")]
    [InlineData("articles?count=", "count")]
    [InlineData("articles?count=true", "count")]
    [InlineData("articles?count=exact&count=exact", "count")]
    [InlineData("people?count=estimated", "count")]
    [InlineData("people?country=", "country")]
    [InlineData("people?country=Ukraine", "country")]
    [InlineData("people?country=UA,UKR", "country")]
    [InlineData("people?office=", "office")]
    [InlineData("people?externalId=Q7747", "externalId")]
    [InlineData("events?externalId=e-17", "externalId")]
    [InlineData("events?place=,", "place")]
    [InlineData("events?overdue=", "overdue")]
    [InlineData("timelines", "person")]
    [InlineData("timelines?types=event", "person")]
    [InlineData("timelines?person=", "person")]
    [InlineData("timelines?event=,", "event")]
    [InlineData("timelines?person=a&types=person", "types")]
    [InlineData("timelines?person=a&from=gestern", "from")]
    [InlineData("timelines?person=a&from=2026-01-02&to=2026-01-01", "to")]
    [InlineData("timelines?person=a&timeZone=Nonsense", "timeZone")]
    [InlineData("timelines?person=a&limit=0", "limit")]
    [InlineData("timelines?person=a&cursor=AAAA", "cursor")]
    [InlineData("events?overdue=false", "overdue")]
    [InlineData("events?overdue=1", "overdue")]
    [InlineData("events?person=", "person")]
    [InlineData("events?certainty=", "certainty")]
    [InlineData("events?partOf=", "partOf")]
    [InlineData("articles?publishedFrom=", "publishedFrom")]
    [InlineData("articles?publishedTo=gestern", "publishedTo")]
    [InlineData("articles?publishedTo=2026-02-30", "publishedTo")]
    [InlineData("articles?publishedTo=2026-1-6", "publishedTo")]
    [InlineData("articles?publishedTo=2026", "publishedTo")]
    [InlineData("articles?publishedTo=06.01.2026", "publishedTo")]
    [InlineData("articles?publishedTo=2026-01-06T14:00:00", "publishedTo")]
    [InlineData("articles?publishedTo=2026-01-06T25:00:00Z", "publishedTo")]
    [InlineData("articles?publishedTo=2026-01-06%2014:00:00Z", "publishedTo")]
    [InlineData("articles?publishedFrom=2026-01-01&publishedFrom=2026-01-02", "publishedFrom")]
    [InlineData("events?from=1767708000", "from")]
    [InlineData("events?to=morgen", "to")]
    [InlineData("articles?timeZone=Nonsense", "timeZone")]
    [InlineData("articles?timeZone=", "timeZone")]
    [InlineData("articles?timeZone=/dev/zero", "timeZone")]
    [InlineData("articles?timeZone=../../../dev/zero", "timeZone")]
    [InlineData("events?timeZone=W.%20Europe%20Standard%20Time", "timeZone")]
    public async Task A_value_that_says_nothing_is_refused_and_never_means_everything(string address, string parameter)
    {
        await _api.Article("Bericht");

        using var response = await _api.Anonymous.Ask($"/v1/{address}");

        Assert.Equal([parameter], (await response.Problem(400, "invalidParameter")).Places());
    }

    [Fact]
    public async Task A_date_to_which_includes_its_whole_day_in_Rome_or_in_the_zone_that_is_named()
    {
        // The sixth of January 2026 ends at 23:00 UTC in Rome, at 05:00 UTC of the seventh in New York.
        await _api.Article("vor Mitternacht in Rom", at: "2026-01-06T22:59:59.999Z");
        await _api.Article("Mitternacht in Rom", at: "2026-01-06T23:00:00Z");
        await _api.Article("vor Mitternacht in New York", at: "2026-01-07T04:59:59.999Z");
        await _api.Article("Mitternacht in New York", at: "2026-01-07T05:00:00Z");
        string[] all = ["vor Mitternacht in Rom", "Mitternacht in Rom", "vor Mitternacht in New York", "Mitternacht in New York"];

        Assert.Equal(all[..1], await Headlines("publishedTo=2026-01-06"));
        Assert.Equal(all[..1], await Headlines("publishedTo=2026-01-06&timeZone=Europe/Rome"));
        Assert.Equal(all[..3], await Headlines("publishedTo=2026-01-06&timeZone=America/New_York"));
        Assert.Equal(all[1..], await Headlines("publishedFrom=2026-01-07"));
        Assert.Equal(all[3..], await Headlines("publishedFrom=2026-01-07&timeZone=America/New_York"));
        Assert.Equal(all[1..3], await Headlines("publishedFrom=2026-01-07&publishedTo=2026-01-07T04:59:59.999Z"));
    }

    [Fact]
    public async Task An_instant_means_itself_in_any_offset()
    {
        await _api.Article("früher", at: "2026-01-06T13:59:59.999Z");
        await _api.Article("genau", at: "2026-01-06T14:00:00Z");
        await _api.Article("später", at: "2026-01-06T14:00:00.001Z");

        Assert.Equal(["genau", "später"], await Headlines("publishedFrom=2026-01-06T14:00:00Z"));
        Assert.Equal(["früher", "genau"], await Headlines("publishedTo=2026-01-06T15:00:00%2B01:00"));
        Assert.Equal(["genau"], await Headlines("publishedFrom=2026-01-06T09:00-05:00&publishedTo=2026-01-06T14:00Z&timeZone=America/New_York"));
        using var reversed = await _api.Anonymous.Ask("/v1/articles?publishedFrom=2026-01-07&publishedTo=2026-01-06");
        Assert.Equal("publishedTo", (await reversed.Problem(400))["errors"]![0]!.Text("parameter"));
    }

    [Fact]
    public async Task A_value_repeated_or_after_a_comma_is_another_choice_and_another_name_another_condition()
    {
        var (rubio, macron) = (await _api.Person("Marco Rubio"), await _api.Person("Emmanuel Macron"));
        await _api.Article("R", $$""","tags":["a"],"section":{"slug":"politik"},"people":[{"id":"{{rubio.Id()}}"}]""", "2026-01-01T01:00Z");
        await _api.Article("M", $$""","tags":["b"],"section":{"slug":"politik"},"people":[{"id":"{{macron.Id()}}"}]""", "2026-01-01T02:00Z");
        await _api.Article(
            "RM", $$""","tags":["a","b"],"section":{"slug":"welt"},"people":[{"id":"{{rubio.Id()}}"},{"id":"{{macron.Id()}}"}]""", "2026-01-01T03:00Z");
        await _api.Article("0", at: "2026-01-01T04:00Z");

        Assert.Equal(["R", "RM"], await Headlines("person=marco-rubio"));
        Assert.Equal(["R", "RM"], await Headlines($"person={rubio.Id()}"));
        Assert.Equal(["R", "RM"], await Headlines($"person={rubio.Id().ToUpperInvariant()}"));
        Assert.Equal(["R", "M", "RM"], await Headlines("person=marco-rubio&person=emmanuel-macron"));
        Assert.Equal(["R", "M", "RM"], await Headlines($"person=marco-rubio,{macron.Id()}"));
        Assert.Equal(["R", "M", "RM"], await Headlines($"person=marco-rubio,%20{macron.Id()}&personMode=any"));
        Assert.Equal(["RM"], await Headlines("person=marco-rubio,emmanuel-macron&personMode=all"));
        Assert.Equal(["R", "RM"], await Headlines($"person=marco-rubio,{rubio.Id()}&personMode=all"));
        Assert.Equal(["R", "M"], await Headlines("person=marco-rubio,emmanuel-macron&section=politik"));
        Assert.Equal(["R"], await Headlines("person=marco-rubio&section=politik&tag=a,b"));
        Assert.Equal(["RM"], await Headlines("tag=a&person=emmanuel-macron"));
        Assert.Equal(["M", "RM"], await Headlines("tag=b&section=politik&section=welt&person=emmanuel-macron"));
        Assert.Equal(["RM"], (await _api.Anonymous.GetObject($"/v1/people/{rubio.Id()}/articles?person=emmanuel-macron")).Each("headline"));
    }

    [Theory]
    [InlineData("person=nobody")]
    [InlineData($"person={Nobody}")]
    [InlineData("event=nothing")]
    [InlineData("section=nowhere")]
    [InlineData("tag=nichts")]
    [InlineData("tag=' OR 1=1 --")]
    [InlineData("tag=%25")]
    [InlineData("place=%F0%9F")]
    [InlineData("place=nirgends")]
    [InlineData("source=niemand")]
    [InlineData("topic=medtop:")]
    [InlineData("externalId=a:b")]
    [InlineData("person=marco-rubio,nobody&personMode=all")]
    public async Task A_filter_by_what_does_not_exist_finds_nothing(string query)
    {
        var rubio = await _api.Person("Marco Rubio");
        await _api.Article("Bericht", $$""","people":[{"id":"{{rubio.Id()}}"}]""");

        Assert.Empty(await Headlines(query));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private async Task<string[]> Headlines(string query) => (await _api.Anonymous.GetObject($"/v1/articles?order=asc&{query}")).Each("headline");

    private static StringContent? BodyFor(string method, string pattern) => (method, pattern) switch
    {
        ("GET" or "DELETE", _) or (_, "/v1/articles/{id}/publication") => null,
        ("PATCH", _) => Json.Body("{}", "application/merge-patch+json"),
        (_, "/v1/people/{id}/merge") => Json.Body("""{"into":"a"}"""),
        (_, "/v1/events/{id}/status") => Json.Body("""{"certainty":"occurred"}"""),
        (_, "/v1/batch" or "/v1/batch/") => Json.Body("""{"jobs":[{"operation":"delete","type":"article","id":"01a20000-0000-7000-8000-000000000000"}]}"""),
        (_, "/v1/people/match") => Json.Body("""{"queries":[]}"""),
        (_, "/v1/reconcile" or "/v1/reconcile/") => Json.Body("queries={}", "application/x-www-form-urlencoded"),
        (_, "/v1/imports" or "/v1/imports/") => Json.Body("x", "text/plain"),
        (_, "/v1/articles/{id}/corrections") => Json.Body("""{"kind":"update","note":"a"}"""),
        (_, "/v1/articles/{id}/retraction") => Json.Body("""{"reason":"a","note":"a"}"""),
        (_, "/v1/keys" or "/v1/keys/") => Json.Body("""{"name":"a","scopes":["content:read"]}"""),
        (_, "/v1/subscriptions" or "/v1/subscriptions/") => Json.Body("""{"webhookUrl":"https://partner.example/"}"""),
        (_, "/v1/subscriptions/{id}/checkpoint") => Json.Body("""{"cursor":"a"}"""),
        (_, "/v1/subscriptions/{id}/replay") => Json.Body("""{"since":"2026-01-01T00:00:00Z"}"""),
        (_, "/v1/subscriptions/{id}/rotate" or "/v1/keys/{id}/rotate" or "/v1/articles/{id}/preview-links") => Json.Body("{}"),
        _ when pattern.Contains("/articles", StringComparison.Ordinal) => Json.Body(new JsonObject { ["headline"] = "a" }.ToJsonString()),
        _ when pattern.Contains("/events", StringComparison.Ordinal) => Json.Body("""{"title":"a","start":{"value":"2026"}}"""),
        _ => Json.Body("""{"name":"a"}"""),
    };
}
