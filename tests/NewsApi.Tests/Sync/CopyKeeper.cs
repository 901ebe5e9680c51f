using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using NewsApi.Publishing;
using NewsApi.Tests.Search;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Sync;

/// <summary>A partner who keeps whole documents by exports and feed, works out hashes from them, and compares them with the digest: by the documentation alone.</summary>
internal sealed class CopyKeeper(HttpClient client)
{
    public SortedDictionary<(string Type, string Id), JsonObject> Copy { get; private set; } = new(Comparer<(string Type, string Id)>.Create(
        (a, b) => (string.CompareOrdinal(a.Type, b.Type), string.CompareOrdinal(a.Id, b.Id)) switch { (0, var id) => id, var (type, _) => type }));

    public string? Cursor { get; set; }

    /// <summary>What was told of each position, to see that it is told in order.</summary>
    public long Position { get; private set; }

    /// <summary>The same copy, kept on with another connection.</summary>
    public CopyKeeper Of(HttpClient other) => new(other) { Copy = Copy, Cursor = Cursor, Position = Position };

    public async Task<CopyKeeper> StartAsync()
    {
        Copy.Clear();
        (Cursor, Position) = (null, 0);
        foreach (var (type, list) in ((string, string)[])[("article", "articles"), ("person", "people"), ("event", "events")])
        {
            using var answer = await TurnAsync($"/v1/exports/{list}.ndjson");
            Cursor ??= answer.Header("Changes-Cursor");
            foreach (var line in Encoding.UTF8.GetString(await answer.Bytes()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var document = JsonNode.Parse(line)!.AsObject();
                Copy[(type, document.Id())] = document;
            }
        }

        return this;
    }

    /// <summary>Few may export or compare at once; who is told so comes again.</summary>
    private async Task<HttpResponseMessage> TurnAsync(string address)
    {
        while (true)
        {
            var answer = await client.Get(address);
            if (answer.StatusCode == HttpStatusCode.OK) return answer;

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            answer.Dispose();
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private async Task<JsonObject> DigestAsync(string more)
    {
        using var answer = await TurnAsync($"/v1/sync/digest?cursor={Cursor}&{more}");
        return await answer.Object(HttpStatusCode.OK);
    }

    /// <summary>One page; true while there is more.</summary>
    public async Task<bool> StepAsync(int limit = 50)
    {
        var page = await client.GetObject($"/v1/changes?include=resource&limit={limit}{(Cursor is null ? "" : $"&cursor={Cursor}")}");
        foreach (var entry in page.Items())
        {
            var position = long.Parse(entry.Text("position"), CultureInfo.InvariantCulture);
            Assert.True(position > Position, $"{position} after {Position}");
            Position = position;
            var key = (entry.Text("type"), entry.Id());
            if (entry.Text("operation") == "remove") Copy.Remove(key);
            else if (entry[entry.Text("type")] is JsonObject document) Copy[key] = document.DeepClone().AsObject();
        }

        Cursor = page.Text("nextCursor");
        return page["hasMore"]!.GetValue<bool>();
    }

    public async Task<CopyKeeper> CatchUpAsync()
    {
        while (await StepAsync()) { }
        return this;
    }

    /// <summary>Goes back to where it was before, as after a backup was put in; what it holds stays.</summary>
    public void Rewind(string cursor) => (Cursor, Position) = (cursor, 0);

    /// <summary>The rows that differ from the digest; none where the copy is right.</summary>
    public async Task<List<string>> CompareAsync(int buckets = 16)
    {
        var digest = await DigestAsync($"buckets={buckets}");
        var left = digest["changedSince"]!.AsArray().Select(k => (k!.Text("type"), k!.Id())).ToHashSet();
        var own = Copy.Where(row => !left.Contains(row.Key)).ToLookup(row => IndexOf(row.Key.Id, buckets), row => Line(row.Key, row.Value));
        var wrong = new List<string>();
        foreach (var bucket in digest["buckets"]!.AsArray().Select(b => b!))
        {
            var index = bucket.Int("index");
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(own[index]))));
            if ((hash, own[index].Count()) == (bucket.Text("hash"), bucket.Int("count"))) continue;

            var items = (await DigestAsync($"buckets={buckets}&bucket={index}")).Items()
                .Select(i => $"{i.Text("type")} {i.Id()} {i.Int("version")} {i.Text("contentHash")}\n").ToHashSet();
            wrong.AddRange(own[index].Except(items).Concat(items.Except(own[index])));
        }

        return wrong;
    }

    /// <summary>As a SQLite file with the tables that a check of a copy reads.</summary>
    public void Save(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        Run("CREATE TABLE resources (type TEXT, id TEXT, version INTEGER, document TEXT, PRIMARY KEY (type, id)); CREATE TABLE checkpoint (cursor TEXT)");
        Run("INSERT INTO checkpoint VALUES ($a)", Cursor!);
        foreach (var ((type, id), document) in Copy) Run("INSERT INTO resources VALUES ($a, $b, $c, $d)", type, id, document.Int("version"), document.ToJsonString());

        void Run(string sql, params object[] values)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${(char)('a' + i)}", values[i]);
            command.ExecuteNonQuery();
        }
    }

    private static int IndexOf(string id, int buckets) => (int)(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id))) % (uint)buckets);

    private static string Line((string Type, string Id) key, JsonObject document) =>
        $"{key.Type} {key.Id} {document.Int("version")} {CanonicalJson.Hash(Encoding.UTF8.GetBytes(document.ToJsonString()))}\n";
}
