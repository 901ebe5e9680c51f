using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Changes;

/// <summary>
/// Cursors of the change feed as clients hold them: signed with a secret of the database, so that nobody makes one up and none is taken for
/// one of another database.
/// </summary>
internal sealed class ChangeCursors(SigningSecret secret)
{
    /// <summary>Cursors of lists begin with other numbers.</summary>
    private const byte Format = 5;

    private const byte HasLicence = 1;
    private const byte HasWalk = 2;
    private const int EpochLength = 8;
    private const int LicenceLength = 8;
    private const int MacLength = 8;

    // Format, members, epoch, position.
    private const int Fixed = 1 + 1 + EpochLength + sizeof(long);
    private const int Longest = Fixed + LicenceLength + sizeof(int) + MacLength;

    private byte[]? _key;

    public string Write(ChangeCursor cursor)
    {
        Span<byte> bytes = stackalloc byte[Longest];
        bytes[0] = Format;
        bytes[1] = (byte)((cursor.Licence is null ? 0 : HasLicence) | (cursor.Walk is null ? 0 : HasWalk));
        Convert.FromHexString(cursor.Epoch, bytes[2..], out _, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(2 + EpochLength)..], cursor.Position);
        var length = Fixed;
        if (cursor.Licence is not null)
        {
            Convert.FromHexString(cursor.Licence, bytes[length..], out _, out _);
            length += LicenceLength;
        }

        if (cursor.Walk is { } walk)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes[length..], walk);
            length += sizeof(int);
        }

        Sign(bytes[..length], bytes[length..]);
        return Base64Url.EncodeToString(bytes[..(length + MacLength)]);
    }

    /// <summary>What is wrong with a cursor that was sent; nothing where it is one of this feed, made for a reader with this licence.</summary>
    public Problem? Read(string text, string parameter, Licence? licence, out ChangeCursor cursor)
    {
        cursor = default;
        if (!TryDecode(text, out var bytes))
            return Problems.Parameter(parameter, "invalid", "The cursor is not one of the change feed; send it as it was answered, or leave it out to start.");

        Span<byte> mac = stackalloc byte[MacLength];
        Sign(bytes.AsSpan(..^MacLength), mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes.AsSpan(^MacLength..))) return Problems.CursorExpired(parameter);

        var place = Fixed;
        string? fingerprint = null;
        if ((bytes[1] & HasLicence) != 0)
        {
            fingerprint = Convert.ToHexStringLower(bytes, place, LicenceLength);
            place += LicenceLength;
        }

        cursor = new ChangeCursor(
            Convert.ToHexStringLower(bytes, 2, EpochLength),
            BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(2 + EpochLength)),
            fingerprint,
            (bytes[1] & HasWalk) == 0 ? null : BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(place)));
        return fingerprint == licence?.Fingerprint ? null : Problems.ScopeChanged(parameter);
    }

    public static async ValueTask<FeedHead> HeadAsync(StoredCommands commands, CancellationToken cancel)
    {
        var command = commands.Prepare("SELECT feed.epoch, heads.position, feed.cut_to, feed.cuts FROM feed CROSS JOIN heads WHERE heads.name = @name", ("name", Head.Public));
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? new FeedHead(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt32(3))
            : throw new InvalidOperationException("The change feed has no epoch or no head.");
    }

    /// <summary>One cursor has one text: the decoder would pass over padding and blanks.</summary>
    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length > Base64Url.GetEncodedLength(Longest) || !Base64Url.IsValid(text)) return false;

        bytes = Base64Url.DecodeFromChars(text);
        return text.Length == Base64Url.GetEncodedLength(bytes.Length) && bytes.Length >= Fixed + MacLength && bytes[0] == Format && bytes[1] <= (HasLicence | HasWalk)
            && bytes.Length == Fixed + MacLength + ((bytes[1] & HasLicence) != 0 ? LicenceLength : 0) + ((bytes[1] & HasWalk) != 0 ? sizeof(int) : 0);
    }

    private void Sign(ReadOnlySpan<byte> signed, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key ??= secret.KeyFor("change cursors"), signed, whole);
        whole[..MacLength].CopyTo(mac);
    }
}
