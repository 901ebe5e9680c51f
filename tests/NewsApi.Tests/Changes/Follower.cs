using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Publishing;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Changes;

/// <summary>A partner who keeps a copy by the feed alone: version and hash of everything the entries say is public.</summary>
/// <param name="client">Who asks.</param>
/// <param name="query">Beside the cursor, such as <c>limit=3&amp;types=event</c>.</param>
internal sealed class Follower(HttpClient client, string query = "")
{
    public List<JsonObject> Entries { get; } = [];

    /// <summary>By type and id, such as <c>article 019…</c>.</summary>
    public SortedDictionary<string, string> Copy { get; } = new(StringComparer.Ordinal);
    public string? Cursor { get; set; }

    /// <summary>What tests compare: "article upsert published 2 after -".</summary>
    public IEnumerable<string> Said => Entries.Select(e => $"{e.Text("type")} {e.Text("operation")} {e.Text("reason")} {e.Int("version")} after {e["previousVersion"]?.ToString() ?? "-"}");

    /// <summary>Applies one page; fails where the order is broken. True while there is more.</summary>
    public async Task<bool> StepAsync()
    {
        var page = await client.GetObject(Cursor is null ? $"/v1/changes?{query}" : $"/v1/changes?{query}&cursor={Cursor}");
        foreach (var entry in page["items"]!.AsArray().Select(item => item!.AsObject())) Apply(entry);

        Cursor = page.Text("nextCursor");
        return page["hasMore"]!.GetValue<bool>();
    }

    public async Task<Follower> CatchUpAsync(int atMost = 10_000)
    {
        while (await StepAsync()) Assert.True(Entries.Count < atMost, "The feed does not end.");
        return this;
    }

    public static long Position(JsonObject entry) => long.Parse(entry.Text("position"), CultureInfo.InvariantCulture);

    /// <summary>What everybody sees now, in the form of <see cref="Copy"/>, read from the lists and documents.</summary>
    public static async Task<SortedDictionary<string, string>> PublicAsync(Api api)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (type, list) in ((string, string)[])[("article", "articles"), ("person", "people"), ("event", "events")])
        {
            for (string? address = $"/v1/{list}?limit=200"; address is not null;)
            {
                var page = await api.Anonymous.GetObject(address);
                foreach (var id in page.Each("id"))
                {
                    using var response = await api.Anonymous.Get($"/v1/{list}/{id}");
                    Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                    var bytes = await response.Bytes();
                    all.Add($"{type} {id}", $"{JsonNode.Parse(bytes)!.Int("version")} {CanonicalJson.Hash(bytes)}");
                }

                address = page["nextCursor"] is { } next ? $"/v1/{list}?limit=200&cursor={next}" : null;
            }
        }

        return all;
    }

    private void Apply(JsonObject entry)
    {
        Assert.True(Entries.Count == 0 || Position(entry) > Position(Entries[^1]), $"{entry} after {Entries.LastOrDefault()}");
        Entries.Add(entry);
        var key = $"{entry.Text("type")} {entry.Id()}";
        if (entry.Text("operation") == "remove") Assert.True(Copy.Remove(key), $"{entry} removes what was not there");
        else Copy[key] = $"{entry.Int("version")} {entry.Text("contentHash")}";
    }
}
