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
public sealed record SyncFault(SyncKey Key, SyncDifference What)
{
    /// <summary>The version that the copy has, as its store tells it; nothing where the row is missing.</summary>
    public int? Version { get; init; }
}

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
    /// <exception cref="JsonException">The document is no JSON, or not one that has a canonical form.</exception>
    public static string ContentHash(ReadOnlyMemory<byte> document)
    {
        try
        {
            return CanonicalJson.Hash(document);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("The document has text with half a character in it.", e);
        }
    }

    /// <summary>What is wrong with a copy that has followed the feed up to a cursor.</summary>
    /// <param name="http">With the address of the server, and the key the copy was made with.</param>
    /// <param name="cursor">Up to where the copy has followed.</param>
    /// <param name="copy">Everything it holds, in the order of types and ids, both compared by their bytes.</param>
    /// <exception cref="SyncException">The server refused, or the connection failed.</exception>
    public static Task<IReadOnlyList<SyncFault>> CompareAsync(
        HttpClient http, string cursor, IAsyncEnumerable<SyncResource> copy, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(cursor);
        return CompareAsync(new SyncServer(http, SyncFollowerOptions.DefaultIdleTimeout), cursor, copy, cancellationToken);
    }

    internal static async Task<IReadOnlyList<SyncFault>> CompareAsync(
        SyncServer server, string cursor, IAsyncEnumerable<SyncResource> copy, CancellationToken cancellationToken)
    {
        var rows = new List<Row>();
        await foreach (var resource in copy.WithCancellation(cancellationToken).ConfigureAwait(false))
            rows.Add(new Row(resource.Key, resource.Version, HashOf(resource.Document)));

        var buckets = Math.Clamp(rows.Count / RowsInBucket, FewestBuckets, MostBuckets);
        var address = string.Create(CultureInfo.InvariantCulture, $"v1/sync/digest?cursor={Uri.EscapeDataString(cursor)}&buckets={buckets}");
        var (changed, theirs) = await server.GetAsync(address, digest => (Changed(digest), BucketsOf(digest)), cancellationToken).ConfigureAwait(false);
        if (theirs.Count != buckets) throw SyncServer.NotUnderstood(null);

        var own = rows.Where(row => !changed.Contains(row.Key)).ToLookup(row => BucketOf(row.Key.Id, buckets));
        var faults = new List<SyncFault>();
        foreach (var (index, (hash, count)) in theirs.Index())
        {
            if (own[index].Count() == count && HashOf(own[index]) == hash) continue;

            var one = string.Create(CultureInfo.InvariantCulture, $"{address}&bucket={index}");
            var (since, items) = await server.GetAsync(one, content => (Changed(content), ItemsOf(content)), cancellationToken).ConfigureAwait(false);
            changed.UnionWith(since);
            faults.AddRange(Compare(own[index].Where(row => !changed.Contains(row.Key)), items.Where(item => !changed.Contains(item.Key))));
        }

        return faults;
    }

    /// <summary>The bucket of a resource: the first four bytes of SHA-256 over its id, as a big-endian number, modulo the number of buckets.</summary>
    public static int BucketOf(string id, int buckets)
    {
        ArgumentNullException.ThrowIfNull(id);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id))) % (uint)buckets);
    }

    private static IEnumerable<SyncFault> Compare(IEnumerable<Row> rows, IEnumerable<Row> items)
    {
        var held = rows.ToDictionary(row => row.Key);
        foreach (var item in items)
        {
            if (!held.Remove(item.Key, out var row)) yield return new SyncFault(item.Key, SyncDifference.Missing);
            else if (row != item) yield return new SyncFault(item.Key, SyncDifference.Different) { Version = row.Version };
        }

        foreach (var row in held.Values) yield return new SyncFault(row.Key, SyncDifference.NotPublic) { Version = row.Version };
    }

    private static HashSet<SyncKey> Changed(JsonElement answer) => [.. answer.GetProperty("changedSince").EnumerateArray().Select(KeyOf)];

    private static List<(string Hash, int Count)> BucketsOf(JsonElement digest) =>
        [.. digest.GetProperty("buckets").EnumerateArray().Select(b => (SyncServer.Text(b, "hash"), b.GetProperty("count").GetInt32()))];

    private static List<Row> ItemsOf(JsonElement content) =>
        [.. content.GetProperty("items").EnumerateArray()
            .Select(i => new Row(KeyOf(i), i.GetProperty("version").GetInt32(), SyncServer.Text(i, "contentHash")))];

    private static SyncKey KeyOf(JsonElement element) => new(SyncServer.Text(element, "type"), SyncServer.Text(element, "id"));

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

    private sealed record Row(SyncKey Key, int Version, string Hash);
}
