using System.Buffers.Binary;
using System.Buffers.Text;

namespace NewsApi.Changes;

/// <summary>
/// A place in the feed of one database: after the entry with this position. Not bound to a filter, because positions are
/// those of the whole feed. Opaque to clients.
/// </summary>
/// <param name="Epoch">Sixteen hex digits that tell one history of positions from another.</param>
/// <param name="Position">0 stands before the first entry.</param>
internal readonly record struct ChangeCursor(string Epoch, long Position)
{
    /// <summary>Cursors of lists begin with another number.</summary>
    private const byte Format = 2;
    private const int EpochLength = 8;
    private const int Length = 1 + EpochLength + sizeof(long);

    public string Write()
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Format;
        Convert.FromHexString(Epoch, bytes[1..], out _, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(1 + EpochLength)..], Position);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryRead(string text, out ChangeCursor cursor)
    {
        cursor = default;
        if (text.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.IsValid(text)) return false;

        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length != Length || bytes[0] != Format) return false;

        cursor = new ChangeCursor(
            Convert.ToHexStringLower(bytes, 1, EpochLength),
            BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1 + EpochLength)));
        return cursor.Position >= 0;
    }
}
