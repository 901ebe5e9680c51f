using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Publishing;

/// <summary>Many write the same thing at once, from two nodes on one database.</summary>
public sealed class RaceTests : IAsyncDisposable
{
    private const int Writers = 8;

    private readonly Api _api = new();

    [Fact]
    public async Task Of_eight_writers_with_the_same_tag_one_wins_two_hundred_times()
    {
        await using var other = new Api(null, _api.Folder);
        var article = await _api.Article("Runde 0");
        var address = $"/v1/articles/{article.Id()}";
        for (var round = 1; round <= 200; round++)
        {
            var tag = await _api.Editor.TagOf(address);
            var answers = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(writer % 2 == 0 ? _api : other, writer, round, tag)));

            var winner = Assert.Single(answers.OfType<string>());
            var read = await _api.Editor.GetObject(address);
            Assert.Equal((winner, round + 1), (read.Text("headline"), read.Int("version")));
        }

        Task<string?> WriteAsync(Api api, int writer, int round, string tag) => (writer % 4) switch
        {
            0 or 1 => TryAsync(api, HttpMethod.Patch, address, writer, round, tag),
            _ => TryAsync(api, HttpMethod.Put, address, writer, round, tag),
        };
    }

    [Fact]
    public async Task Of_eight_writers_who_create_under_one_external_id_one_wins()
    {
        await using var other = new Api(null, _api.Folder);
        for (var round = 0; round < 25; round++)
        {
            var body = new JsonObject
            {
                ["headline"] = "Meldung",
                ["externalIds"] = new JsonArray(new JsonObject { ["source"] = "apa", ["value"] = $"APA{round:0000}" }),
            }.ToJsonString();
            var answers = await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => (w % 2 == 0 ? _api : other).Editor.PostJson("/v1/articles", body)));

            var won = Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
            var id = (await won.Object(HttpStatusCode.Created)).Id();
            foreach (var lost in answers.Where(a => a != won)) Assert.Equal(id, (await lost.Problem(409)).Text("existingId"));
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    /// <summary>The headline of the winner; nothing where somebody was faster.</summary>
    private static async Task<string?> TryAsync(Api api, HttpMethod method, string address, int writer, int round, string tag)
    {
        var headline = $"Runde {round}, Schreiber {writer}";
        using var response = await api.Editor.Send(method, address, new JsonObject { ["headline"] = headline }.ToJsonString(), ("If-Match", tag));
        if (response.StatusCode == HttpStatusCode.OK) return headline;

        Assert.Equal(round + 1, (await response.Problem(412, "versionMismatch")).Int("currentVersion"));
        return null;
    }
}
