using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Http.OpenApi;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract;

/// <summary>Ids in paths are read alike by every route that the document has.</summary>
public sealed class PathIdTests : IAsyncDisposable
{
    private const string Zeros = "00000000-0000-0000-0000-000000000000";

    /// <summary>On a day on which the examples of the document can be sent.</summary>
    private readonly Api _api = new(new TestClock(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero)), null);

    [Theory]
    [InlineData("0190aaaa-0000-7000-8000-000000000001")]
    [InlineData(Zeros)]
    public async Task A_UUID_that_names_nothing_is_a_404(string id)
    {
        var others = new List<string>();
        foreach (var ask in (await Asks(id)).Where(a => !Creates(a)))
        {
            using var response = await Send(ask);
            if (response.StatusCode != HttpStatusCode.NotFound) others.Add($"{(int)response.StatusCode} {ask}");
        }

        Assert.Empty(others);
    }

    [Theory]
    [InlineData("gipfel")]
    [InlineData("0190aaaa000070008000000000000001")]
    [InlineData("{0190aaaa-0000-7000-8000-000000000001}")]
    public async Task What_is_no_UUID_is_a_400_that_says_so_in_one_sentence(string id)
    {
        var details = new HashSet<string>();
        foreach (var ask in await Asks(id))
        {
            using var response = await Send(ask);
            var problem = await response.Object(HttpStatusCode.BadRequest);
            details.Add($"{string.Join(',', problem.Places())}: {problem.Text("detail")}");
        }

        Assert.StartsWith("id: ", Assert.Single(details), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_created_under_the_UUID_of_zeros()
    {
        foreach (var ask in (await Asks(Zeros)).Where(Creates))
        {
            using var replaced = await Send(ask);
            Assert.Equal(["id"], (await replaced.Problem(400, "invalidParameter")).Places());

            var input = JsonNode.Parse(ask.Body!)!.AsObject();
            input["id"] = Zeros;
            using var created = await _api.Editor.PostJson(ask.Address[..ask.Address.LastIndexOf('/')], input.ToJsonString());
            Assert.Equal(["/id"], (await created.Problem(400)).Places());
        }
    }

    [Fact]
    public async Task What_is_no_version_is_a_400_that_names_it()
    {
        foreach (var ask in (await Asks("0190aaaa-0000-7000-8000-000000000001")).Where(a => a.Address.Contains("/revisions/1", StringComparison.Ordinal)))
        {
            foreach (var version in (string[])["0", "-1", "+1", "1.0", "eins", "4294967297"])
            {
                using var response = await Send(ask with { Address = ask.Address.Replace("/revisions/1", $"/revisions/{version}", StringComparison.Ordinal) });
                Assert.Equal(["version"], (await response.Problem(400, "invalidParameter")).Places());
            }
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static bool Creates(Ask ask) => ask.Method == "PUT" && ask.Address.Split('/').Length == 4;

    private Task<HttpResponseMessage> Send(Ask ask) => _api.Editor.Ask(HttpMethod.Parse(ask.Method), ask.Address, ask.Message().Content, ask.Method == "GET" ? [] : [("If-Match", "*")]);

    /// <summary>Every route with an id in its path, with a body that it takes.</summary>
    private async Task<List<Ask>> Asks(string id)
    {
        var document = await _api.Anonymous.GetObject("/openapi/v1.json");
        return
        [
            .. from path in document["paths"]!.AsObject()
               where path.Key.Contains("{id}", StringComparison.Ordinal)
               let address = path.Key.Replace("{id}", id, StringComparison.Ordinal).Replace("{version}", "1", StringComparison.Ordinal).Replace("{position}", "1", StringComparison.Ordinal)
               from operation in path.Value!.AsObject()
               let body = operation.Value!["requestBody"]?["content"]!.AsObject().First()
               select new Ask(operation.Key.ToUpperInvariant(), address, body is { } media ? Example(media.Value!) : null, body?.Key ?? "application/json"),
        ];
    }

    private static string Example(JsonNode media) => media["examples"] is JsonObject { Count: > 0 } examples ? Examples.Of(examples.First().Key)!.ToJsonString() : "{}";
}
