using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NewsApi.Sync;

/// <summary>The buckets of a digest while they are filled, in the order of types and ids. Pure: a server and a check of a copy make the same.</summary>
internal sealed class DigestBuckets(int count) : IDisposable
{
    private readonly IncrementalHash?[] _hashes = new IncrementalHash?[count];
    private readonly int[] _counts = new int[count];

    public static int IndexOf(string id, int count)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % (uint)count);
    }

    public void Add(string type, string id, int version, string contentHash)
    {
        var index = IndexOf(id, count);
        var hash = _hashes[index] ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{type} {id} {version} {contentHash}\n")));
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
