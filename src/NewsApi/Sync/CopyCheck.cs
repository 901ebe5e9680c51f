using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using NewsApi.Publishing;

namespace NewsApi.Sync;

/// <summary>
/// Compares a copy in a SQLite file with the digest of a server: one call where they agree, and one more for each bucket that differs. The file has the
/// tables <c>resources (type, id, version, document)</c>, with the document as it came, and <c>checkpoint (cursor)</c> with one row.
/// </summary>
internal static class CopyCheck
{
    /// <exception cref="CopyCheckException">The copy cannot be read, or the server's answer is none that can be compared with.</exception>
    public static async Task<CopyCheckResult> RunAsync(HttpClient http, string file, CancellationToken cancel)
    {
        var (cursor, rows) = Read(file);
        var buckets = Math.Clamp(rows.Count / 200, 64, DigestQuery.MaximumBuckets);
        var address = string.Create(CultureInfo.InvariantCulture, $"v1/sync/digest?cursor={Uri.EscapeDataString(cursor)}&buckets={buckets}");
        var (changed, theirs) = await GetAsync(http, address, digest => (Changed(digest), BucketsOf(digest)), cancel);
        if (theirs.Count != buckets) throw NoDigest(http);

        rows.RemoveAll(row => changed.Contains((row.Type, row.Id)));
        var faults = new List<CopyFault>();
        using var own = new DigestBuckets(buckets);
        foreach (var row in rows) own.Add(row.Type, row.Id, row.Version, row.Hash);
        foreach (var (mine, their) in own.Close().Zip(theirs))
        {
            if ((mine.Hash, mine.Count) == their) continue;

            var one = string.Create(CultureInfo.InvariantCulture, $"{address}&bucket={mine.Index}");
            var (since, items) = await GetAsync(http, one, content => (Changed(content), ItemsOf(content)), cancel);
            changed.UnionWith(since);
            faults.AddRange(Compare(rows.Where(row => DigestBuckets.IndexOf(row.Id, buckets) == mine.Index), items, changed));
        }

        return new CopyCheckResult(rows.Count, faults);
    }

    private static IEnumerable<CopyFault> Compare(IEnumerable<CopyRow> rows, List<CopyRow> items, HashSet<(string, string)> changed)
    {
        var held = new Dictionary<(string, string), CopyRow>();
        foreach (var row in rows.Where(row => !changed.Contains((row.Type, row.Id))))
        {
            if (!held.TryAdd((row.Type, row.Id), row)) yield return new CopyFault(row.Type, row.Id, "is there more than once");
        }

        foreach (var (type, id, version, hash) in items.Where(item => !changed.Contains((item.Type, item.Id))))
        {
            if (!held.Remove((type, id), out var row)) yield return new CopyFault(type, id, "is missing");
            else if (row.Hash != hash) yield return new CopyFault(type, id, "has another content");
            else if (row.Version != version) yield return new CopyFault(type, id, "has another version");
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
            resources.CommandText =
                "SELECT COALESCE(type, ''), COALESCE(id, ''), version, COALESCE(CAST(document AS BLOB), X'') FROM resources ORDER BY type, id";
            using var reader = resources.ExecuteReader();
            var rows = new List<CopyRow>();
            while (reader.Read())
                rows.Add(new CopyRow(reader.GetString(0), reader.GetString(1), Version(reader.GetValue(2)), Hash(reader.GetFieldValue<byte[]>(3))));

            return (cursor, rows);
        }
        catch (SqliteException e)
        {
            throw new CopyCheckException($"The copy cannot be read: {e.Message}");
        }
    }

    /// <summary>What is no number that a version may be is the version of no resource.</summary>
    private static int Version(object stored) =>
        int.TryParse(Convert.ToString(stored, CultureInfo.InvariantCulture), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    /// <summary>What is no JSON any more has a hash of no resource, and neither has text with half a character in it.</summary>
    private static string Hash(byte[] document)
    {
        try
        {
            return CanonicalJson.Hash(document);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    private static async Task<T> GetAsync<T>(HttpClient http, string address, Func<JsonElement, T> read, CancellationToken cancel)
    {
        try
        {
            using var response = await http.GetAsync(address, cancel);
            var body = await response.Content.ReadAsByteArrayAsync(cancel);
            if (!response.IsSuccessStatusCode)
                throw new CopyCheckException($"The server answered {(int)response.StatusCode}: {DetailOf(body) ?? response.ReasonPhrase}");

            using var answer = JsonDocument.Parse(body);
            return read(answer.RootElement);
        }
        catch (HttpRequestException e)
        {
            throw new CopyCheckException($"The server cannot be reached: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new CopyCheckException(string.Create(CultureInfo.InvariantCulture, $"The server did not answer within {http.Timeout.TotalSeconds} seconds."));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw NoDigest(http);
        }
    }

    private static CopyCheckException NoDigest(HttpClient http) => new($"What was answered is no digest; is there a NewsApi at {http.BaseAddress}?");

    private static string? DetailOf(byte[] body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            return Text(problem.RootElement, "detail");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static HashSet<(string, string)> Changed(JsonElement answer) =>
        [.. answer.GetProperty("changedSince").EnumerateArray().Select(k => (Text(k, "type"), Text(k, "id")))];

    private static List<(string, int)> BucketsOf(JsonElement digest) =>
        [.. digest.GetProperty("buckets").EnumerateArray().Select(b => (Text(b, "hash"), b.GetProperty("count").GetInt32()))];

    private static List<CopyRow> ItemsOf(JsonElement content) =>
        [.. content.GetProperty("items").EnumerateArray()
            .Select(i => new CopyRow(Text(i, "type"), Text(i, "id"), i.GetProperty("version").GetInt32(), Text(i, "contentHash")))];

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString() ?? "";

    private sealed record CopyRow(string Type, string Id, int Version, string Hash);
}

/// <summary>What a comparison came to.</summary>
internal sealed record CopyCheckResult(int Rows, IReadOnlyList<CopyFault> Faults);

/// <summary>A row of a copy that is wrong, and what is wrong with it.</summary>
internal sealed record CopyFault(string Type, string Id, string What);

/// <summary>A copy that could not be compared.</summary>
internal sealed class CopyCheckException(string message) : Exception(message);
