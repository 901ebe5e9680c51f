using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using NewsApi.Publishing;

namespace NewsApi.Sync;

/// <summary>
/// Compares a copy in a SQLite file with the digest of a server: one call where they agree, and one more for each bucket that differs. The file has the
/// tables <c>resources (type, id, version, document)</c>, with the document as it came, and <c>checkpoint (cursor)</c> with one row.
/// </summary>
internal static class CopyCheck
{
    public static async Task<CopyCheckResult> RunAsync(HttpClient http, string file, CancellationToken cancel)
    {
        var (cursor, rows) = Read(file);
        var buckets = Math.Clamp(rows.Count / 200, 64, DigestQuery.MaximumBuckets);
        var address = string.Create(CultureInfo.InvariantCulture, $"v1/sync/digest?cursor={cursor}&buckets={buckets}");
        var digest = await GetAsync(http, address, cancel);
        var changed = digest["changedSince"]!.AsArray().Select(k => (Text(k!, "type"), Text(k!, "id"))).ToHashSet();
        rows.RemoveAll(row => changed.Contains((row.Type, row.Id)));

        var faults = new List<CopyFault>();
        using var own = new DigestBuckets(buckets);
        foreach (var row in rows) own.Add(row.Type, row.Id, row.Version, row.Hash);
        foreach (var (mine, theirs) in own.Close().Zip(digest["buckets"]!.AsArray()))
        {
            if (mine.Hash == Text(theirs!, "hash") && mine.Count == theirs!["count"]!.GetValue<int>()) continue;

            var bucket = await GetAsync(http, string.Create(CultureInfo.InvariantCulture, $"{address}&bucket={mine.Index}"), cancel);
            changed.UnionWith(bucket["changedSince"]!.AsArray().Select(k => (Text(k!, "type"), Text(k!, "id"))));
            faults.AddRange(Compare(rows.Where(row => DigestBuckets.IndexOf(row.Id, buckets) == mine.Index), bucket["items"]!.AsArray(), changed));
        }

        return new CopyCheckResult(rows.Count, faults);
    }

    private static IEnumerable<CopyFault> Compare(IEnumerable<CopyRow> rows, JsonArray items, HashSet<(string, string)> changed)
    {
        var held = rows.Where(row => !changed.Contains((row.Type, row.Id))).ToDictionary(row => (row.Type, row.Id));
        foreach (var item in items)
        {
            var (type, id) = (Text(item!, "type"), Text(item!, "id"));
            if (!held.Remove((type, id), out var row)) yield return new CopyFault(type, id, "is missing");
            else if (row.Hash != Text(item!, "contentHash")) yield return new CopyFault(type, id, "has another content");
            else if (row.Version != item!["version"]!.GetValue<int>()) yield return new CopyFault(type, id, "has another version");
        }

        foreach (var (type, id) in held.Keys) yield return new CopyFault(type, id, "is not public");
    }

    private static (string Cursor, List<CopyRow> Rows) Read(string file)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            using var snapshot = connection.BeginTransaction(deferred: true);
            using var checkpoint = connection.CreateCommand();
            checkpoint.CommandText = "SELECT cursor FROM checkpoint";
            if (checkpoint.ExecuteScalar() is not string { Length: > 0 } cursor) throw new CopyCheckException("The copy has no cursor yet; follow the feed first.");

            using var resources = connection.CreateCommand();
            resources.CommandText = "SELECT type, id, version, CAST(document AS BLOB) FROM resources ORDER BY type, id";
            using var reader = resources.ExecuteReader();
            var rows = new List<CopyRow>();
            while (reader.Read()) rows.Add(new CopyRow(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), Hash(reader.GetFieldValue<byte[]>(3))));
            return (cursor, rows);
        }
        catch (SqliteException e)
        {
            throw new CopyCheckException($"The copy cannot be read: {e.Message}");
        }
    }

    /// <summary>What is no JSON any more has a hash of no resource.</summary>
    private static string Hash(byte[] document)
    {
        try
        {
            return CanonicalJson.Hash(document);
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static async Task<JsonObject> GetAsync(HttpClient http, string address, CancellationToken cancel)
    {
        using var response = await http.GetAsync(address, cancel);
        var body = await response.Content.ReadAsStringAsync(cancel);
        if (response.IsSuccessStatusCode) return JsonNode.Parse(body)!.AsObject();

        var detail = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true ? JsonNode.Parse(body)?["detail"]?.GetValue<string>() : null;
        throw new CopyCheckException($"The server answered {(int)response.StatusCode}: {detail ?? response.ReasonPhrase}");
    }

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();

    private sealed record CopyRow(string Type, string Id, int Version, string Hash);
}

/// <summary>What a comparison came to.</summary>
internal sealed record CopyCheckResult(int Rows, IReadOnlyList<CopyFault> Faults);

/// <summary>A row of a copy that is wrong, and what is wrong with it.</summary>
internal sealed record CopyFault(string Type, string Id, string What);

/// <summary>A copy that could not be compared.</summary>
internal sealed class CopyCheckException(string message) : Exception(message);
