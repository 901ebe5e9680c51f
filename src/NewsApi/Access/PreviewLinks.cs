using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using NewsApi.Http;

namespace NewsApi.Access;

/// <summary>
/// Links that show the working version of one article to somebody without a key, for a while. Nothing is stored: what a link
/// opens, until when and who made it is in its token, signed with a secret of the database.
/// </summary>
internal sealed class PreviewLinks(SigningSecret secret, ApiKeys keys, AccessTokens tokens, TimeProvider clock)
{
    private const byte Form = 1;

    // Form, article, end, kind of maker, maker.
    private const int SignedLength = 1 + 16 + 8 + 1 + 16;
    private const int Length = SignedLength + HMACSHA256.HashSizeInBytes;

    private enum Maker : byte
    {
        StoredKey = 1,
        ConfiguredKey = 2,
        Token = 3,
    }

    public string Write(Guid article, DateTimeOffset expiresAt, Caller caller)
    {
        var token = new byte[Length];
        token[0] = Form;
        article.TryWriteBytes(token.AsSpan(1), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(17), expiresAt.ToUnixTimeMilliseconds());
        token[25] = (byte)(caller.KeyId is not null ? Maker.StoredKey : caller.HasToken ? Maker.Token : Maker.ConfiguredKey);
        if (caller.KeyId is { } key) key.TryWriteBytes(token.AsSpan(26), bigEndian: true, out _);
        else HashOf(caller.Name).CopyTo(token.AsSpan(26));
        Sign(token.AsSpan(0, SignedLength)).CopyTo(token.AsSpan(SignedLength));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Whether a request has a link's token for just what it asks for.</summary>
    public bool Open(HttpContext context, RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<OpenToPreviewLinks>() is not null
        && context.Request.Query["token"] is [{ Length: > 0 } token]
        && context.Request.Query.Keys.All(name => name is "token" or "perspective" or "view")
        && context.Request.RouteValues["id"] is string id && PathIds.TryRead(id, out var article, out _)
        && Opens(context, token, article);

    private bool Opens(HttpContext context, string text, Guid article)
    {
        Span<byte> token = stackalloc byte[Length];
        if (Base64Url.GetMaxDecodedLength(text.Length) > Length + 2
            || Base64Url.DecodeFromChars(text, token, out _, out var written) != OperationStatus.Done || written != Length) return false;

        var signed = token[..SignedLength];
        return CryptographicOperations.FixedTimeEquals(Sign(signed), token[SignedLength..])
            && signed[0] == Form
            && new Guid(signed.Slice(1, 16), bigEndian: true) == article
            && BinaryPrimitives.ReadInt64BigEndian(signed[17..]) > clock.GetUtcNow().ToUnixTimeMilliseconds()
            && IsGood(context, (Maker)signed[25], signed[26..].ToArray());
    }

    /// <summary>A link does not outlive the key that made it, nor does it show more. Whose token made it is known by name alone.</summary>
    private bool IsGood(HttpContext context, Maker kind, byte[] maker) => kind switch
    {
        Maker.StoredKey => IsGood(context, new Guid(maker, bigEndian: true)),
        Maker.ConfiguredKey => keys.HoldsConfigured(name => HashOf(name).SequenceEqual(maker)),
        Maker.Token => tokens.AreTaken,
        _ => false,
    };

    private bool IsGood(HttpContext context, Guid key)
    {
        if (keys.Find(key) is not { } maker || !maker.Has(Scopes.Preview)) return false;

        context.Features.Set(new LinkMaker(maker.Licence));
        return true;
    }

    private byte[] Sign(ReadOnlySpan<byte> signed) => HMACSHA256.HashData(secret.Bytes, signed);

    private static byte[] HashOf(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name))[..16];
}
