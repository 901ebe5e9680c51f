using System.Security.Cryptography;
using System.Text;
using NewsApi.Http;

namespace NewsApi.Publishing;

/// <summary>How the words of filters are written, in rows and in queries alike.</summary>
internal static class FilterText
{
    /// <summary>A row of an index has its limit on PostgreSQL, and the key of a long name takes a good part of it.</summary>
    private const int LongestBytes = 300;

    private const string MediaTopics = "medtop:";

    /// <summary>Without regard to case, spacing and the spelling of umlauts: <c>STRASSE</c> is <c>Straße</c>, <c>Muenchen</c> is <c>München</c>.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length + 8);
        foreach (var c in (UnicodeText.TryNormalize(text, out var normal) ? normal : text).ToLowerInvariant())
        {
            switch (c)
            {
                case 'ä': folded.Append("ae"); break;
                case 'ö': folded.Append("oe"); break;
                case 'ü': folded.Append("ue"); break;
                case 'ß': folded.Append("ss"); break;
                case var _ when !char.IsWhiteSpace(c): folded.Append(c); break;
                case var _ when folded.Length > 0 && folded[^1] != ' ': folded.Append(' '); break;
            }
        }

        return Short(folded.ToString().TrimEnd());
    }

    /// <summary>A code of the IPTC, with or without the prefix that names the vocabulary.</summary>
    public static string Topic(string code) => Fold(code.StartsWith(MediaTopics, StringComparison.OrdinalIgnoreCase) ? code[MediaTopics.Length..] : code);

    public static string ExternalId(ExternalId id) => ExternalId($"{id.Source}:{id.Value}");

    /// <summary>As written: whether <c>q42</c> is <c>Q42</c> is for the other system to say.</summary>
    public static string ExternalId(string sourceAndValue) => Short(sourceAndValue);

    /// <summary>A tag and what it belongs to (RFC 4647 §3.3.1): <c>de-AT</c> is German as well.</summary>
    public static IEnumerable<string> Languages(string tag)
    {
        var folded = Fold(tag);
        for (var end = folded.Length; end > 0; end = folded.LastIndexOf('-', end - 1)) yield return folded[..end];
    }

    /// <summary>What is too long to be a key stands under its hash.</summary>
    private static string Short(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= LongestBytes ? text : $"sha256 {Convert.ToHexStringLower(SHA256.HashData(bytes))}";
    }
}
