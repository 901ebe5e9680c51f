using System.Security.Cryptography;

namespace NewsApi.Sync;

/// <summary>The buckets of a digest while they are filled, in the order of types and ids. Pure: a server and a check of a copy make the same.</summary>
internal sealed class DigestBuckets(int count) : IDisposable
{
    private readonly IncrementalHash?[] _hashes = new IncrementalHash?[count];
    private readonly int[] _counts = new int[count];

    public static int IndexOf(string id, int count) => (int)(DigestLine.NumberOf(id) % (uint)count);

    public void Add(string type, string id, int version, string contentHash) => Add(DigestLine.Of(type, id, version, contentHash, position: 0));

    public void Add(DigestLine line)
    {
        var index = line.BucketOf(count);
        var hash = _hashes[index] ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(line.Text.Span);
        _counts[index]++;
    }

    public IReadOnlyList<DigestBucket> Close() =>
    [
        .. _hashes.Select((hash, index) => new DigestBucket
        {
            Index = index,
            Count = _counts[index],
            Hash = Convert.ToHexStringLower(hash?.GetHashAndReset() ?? SHA256.HashData([])),
        }),
    ];

    public void Dispose()
    {
        foreach (var hash in _hashes) hash?.Dispose();
    }
}
