using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NewsApi.Publishing;

namespace NewsApi.Client;

/// <summary>A row of a copy that is wrong.</summary>
/// <param name="Key">Which one.</param>
/// <param name="What">What is wrong with it.</param>
public sealed record SyncFault(SyncKey Key, SyncDifference What);

/// <summary>How a row of a copy may be wrong.</summary>
public enum SyncDifference
{
    /// <summary>It is public, and the copy lacks it.</summary>
    Missing,

    /// <summary>The copy has another content, or another version.</summary>
    Different,

    /// <summary>The copy has it, and it is not public.</summary>
    NotPublic,
}

/// <summary>Compares a copy with what a server says is public: one call where they agree, and one more for each bucket that differs.</summary>
public static class SyncDigest
{
    private const int FewestBuckets = 64;
    private const int MostBuckets = 4_096;
    private const int RowsInBucket = 200;

    /// <summary>SHA-256 over the canonical form (RFC 8785) of a resource, in lower-case hex: the <c>contentHash</c> of the feed.</summary>
    /// <exception cref="JsonException">The document is no JSON.</exception>
    public static string ContentHash(ReadOnlyMemory<byte> document) => CanonicalJson.Hash(document);

    /// <summary>What is wrong with a copy that has followed the feed up to a cursor.</summary>
    /// <param name="http">With the address of the server, and the key the copy was made with.</param>
    /// <param name="cursor">Up to where the copy has followed.</param>
    /// <param name="copy">Everything it holds, in the order of types and ids, both compared by their bytes.</param>
    /// <exception cref="SyncException">The server refused.</exception>
    public static async Task<IReadOnlyList<SyncFault>> CompareAsync(
        HttpClient http, string cursor, IAsyncEnumerable<SyncResource> copy, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(cursor);
        var rows = new List<Row>();
        await foreach (var resource in copy.WithCancellation(cancellationToken).ConfigureAwait(false))
            rows.Add(new Row(resource.Key, resource.Version, HashOf(resource.Document)));

        var buckets = Math.Clamp(rows.Count / RowsInBucket, FewestBuckets, MostBuckets);
        var address = string.Create(CultureInfo.InvariantCulture, $"v1/sync/digest?cursor={Uri.EscapeDataString(cursor)}&buckets={buckets}");
        using var digest = await GetAsync(http, address, cancellationToken).ConfigureAwait(false);
        var changed = Changed(digest);
        var own = rows.Where(row => !changed.Contains(row.Key)).ToLookup(row => BucketOf(row.Key.Id, buckets));
        var faults = new List<SyncFault>();
        foreach (var bucket in digest.RootElement.GetProperty("buckets").EnumerateArray())
        {
            var index = bucket.GetProperty("index").GetInt32();
            if (own[index].Count() == bucket.GetProperty("count").GetInt32() && HashOf(own[index]) == SyncFollower.Text(bucket, "hash")) continue;

            using var content = await GetAsync(http, string.Create(CultureInfo.InvariantCulture, $"{address}&bucket={index}"), cancellationToken).ConfigureAwait(false);
            changed.UnionWith(Changed(content));
            faults.AddRange(Compare(own[index].Where(row => !changed.Contains(row.Key)), content.RootElement.GetProperty("items"), changed));
        }

        return faults;
    }

    /// <summary>The bucket of a resource: the first four bytes of SHA-256 over its id, as a big-endian number, modulo the number of buckets.</summary>
    public static int BucketOf(string id, int buckets)
    {
        ArgumentNullException.ThrowIfNull(id);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id))) % (uint)buckets);
    }

    private static IEnumerable<SyncFault> Compare(IEnumerable<Row> rows, JsonElement items, HashSet<SyncKey> changed)
    {
        var held = rows.ToDictionary(row => row.Key);
        foreach (var item in items.EnumerateArray())
        {
            var key = new SyncKey(SyncFollower.Text(item, "type"), SyncFollower.Text(item, "id"));
            if (changed.Contains(key)) continue;
            if (!held.Remove(key, out var row)) yield return new SyncFault(key, SyncDifference.Missing);
            else if (row.Hash != SyncFollower.Text(item, "contentHash") || row.Version != item.GetProperty("version").GetInt32()) yield return new SyncFault(key, SyncDifference.Different);
        }

        foreach (var key in held.Keys) yield return new SyncFault(key, SyncDifference.NotPublic);
    }

    private static HashSet<SyncKey> Changed(JsonDocument digest) =>
        [.. digest.RootElement.GetProperty("changedSince").EnumerateArray().Select(k => new SyncKey(SyncFollower.Text(k, "type"), SyncFollower.Text(k, "id")))];

    private static string HashOf(IEnumerable<Row> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in rows) hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{row.Key.Type} {row.Key.Id} {row.Version} {row.Hash}\n")));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What is no JSON any more has the hash of no resource.</summary>
    private static string HashOf(ReadOnlyMemory<byte> document)
    {
        try
        {
            return ContentHash(document);
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static async Task<JsonDocument> GetAsync(HttpClient http, string address, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(address, cancellationToken).ConfigureAwait(false);
        return await SyncFollower.ReadAsync(response, cancellationToken).ConfigureAwait(false);
    }

    private sealed record Row(SyncKey Key, int Version, string Hash);
}
