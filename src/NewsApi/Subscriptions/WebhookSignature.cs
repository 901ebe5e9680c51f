using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NewsApi.Subscriptions;

/// <summary>Signs what is sent (Standard Webhooks 1.0). Pure: secrets and bytes in, headers out.</summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";
    private const string SecretStart = "whsec_";

    /// <summary>256 random bits.</summary>
    public static string NewSecret() => SecretStart + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>The value of <see cref="SignatureHeader"/>: one signature for each secret, any of which the receiver may know.</summary>
    /// <param name="id">The value of <see cref="IdHeader"/>; the same for each attempt.</param>
    /// <param name="at">The time of the attempt, cut to seconds.</param>
    /// <param name="body">As it is sent.</param>
    /// <param name="secrets">Base64 behind <c>whsec_</c>.</param>
    public static string Sign(string id, DateTimeOffset at, ReadOnlySpan<byte> body, params IEnumerable<string> secrets)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.")), .. body];
        return string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[SecretStart.Length..]), signed))}"));
    }
}
