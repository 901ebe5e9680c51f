using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace NewsApi.Http;

/// <summary>The content codings of RFC 9110 §8.4 that are offered.</summary>
internal enum ContentCoding
{
    Identity,
    Gzip,
    Brotli,
}

internal static class ContentCodings
{
    /// <summary>The best coding that <c>Accept-Encoding</c> allows; Brotli before gzip before none.</summary>
    public static ContentCoding Choose(StringValues acceptEncoding)
    {
        if (acceptEncoding.Count == 0) return ContentCoding.Identity;

        // What browsers send: known without parsing.
        if (acceptEncoding.Count == 1 && acceptEncoding[0] is "gzip, deflate, br, zstd" or "gzip, deflate, br" or "br") return ContentCoding.Brotli;
        if (!StringWithQualityHeaderValue.TryParseList(acceptEncoding!, out var accepted)) return ContentCoding.Identity;

        if (Allows("br")) return ContentCoding.Brotli;
        return Allows("gzip") ? ContentCoding.Gzip : ContentCoding.Identity;

        bool Allows(string coding) =>
            (accepted.FirstOrDefault(a => a.Value.Equals(coding, StringComparison.OrdinalIgnoreCase)) ?? accepted.FirstOrDefault(a => a.Value == "*"))
                is { } found && found.Quality is not 0;
    }

    public static byte[] Encode(ReadOnlySpan<byte> body, ContentCoding coding)
    {
        using var buffer = new MemoryStream(body.Length / 2);
        using (Stream encoder = coding == ContentCoding.Brotli
            ? new BrotliStream(buffer, CompressionLevel.Optimal, leaveOpen: true)
            : new GZipStream(buffer, CompressionLevel.Optimal, leaveOpen: true))
        {
            encoder.Write(body);
        }

        return buffer.ToArray();
    }
}
