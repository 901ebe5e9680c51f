using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NewsApi.Sync;

/// <summary>A resource as it goes into a bucket: <c>type id version contentHash</c> and a line feed.</summary>
/// <param name="Position">Of its newest entry in the feed.</param>
/// <param name="Number">Says in which bucket it is, of however many there are.</param>
/// <param name="Text">In UTF-8.</param>
internal readonly record struct DigestLine(long Position, uint Number, ReadOnlyMemory<byte> Text)
{
    public DigestKey Key
    {
        get
        {
            var words = Words();
            return new DigestKey { Type = words[0], Id = words[1] };
        }
    }

    public static DigestLine Of(string type, string id, int version, string contentHash, long position) =>
        new(position, NumberOf(id), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{type} {id} {version} {contentHash}\n")));

    public static uint NumberOf(string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }

    public int BucketOf(int count) => (int)(Number % (uint)count);

    public DigestItem Read()
    {
        var words = Words();
        return new DigestItem { Type = words[0], Id = words[1], Version = int.Parse(words[2], CultureInfo.InvariantCulture), ContentHash = words[3] };
    }

    private string[] Words() => Encoding.UTF8.GetString(Text.Span[..^1]).Split(' ');
}
