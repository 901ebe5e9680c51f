using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace NewsApi.Http;

/// <summary>
/// Strong entity tags (RFC 9110 §8.8.3). A document's tag is <c>"version-position-view"</c>, with the content coding after it;
/// <c>If-Match</c> looks at the version alone, so that a client may hold the tag of any view of it.
/// </summary>
internal static class EntityTags
{
    public const string Full = "full";
    public const string Summary = "summary";

    public static string Of(int version, long position, bool isWorking, string view) =>
        string.Create(CultureInfo.InvariantCulture, $"{version}-{(isWorking ? "w" : "")}{position}-{view}");

    /// <summary>Whether <c>If-Match</c> holds for a resource whose newest version this is.</summary>
    public static bool Matches(StringValues ifMatch, int version)
    {
        foreach (var tag in Split(ifMatch))
        {
            if (tag == "*") return true;

            // Strong comparison: a weak tag never matches.
            if (!tag.StartsWith('"')) continue;
            var end = tag.IndexOf('-', StringComparison.Ordinal);
            if (end > 1 && int.TryParse(tag.AsSpan(1, end - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var held) && held == version) return true;
        }

        return false;
    }

    /// <summary>Whether <c>If-None-Match</c> names this tag; weak comparison.</summary>
    public static bool Names(StringValues ifNoneMatch, string tag)
    {
        // The usual case is one tag, sent back as it was received.
        if (ifNoneMatch.Count == 1 && ifNoneMatch[0] == tag) return true;

        foreach (var candidate in Split(ifNoneMatch))
        {
            if (candidate == "*") return true;
            if (candidate.AsSpan(candidate.StartsWith("W/", StringComparison.Ordinal) ? 2 : 0).SequenceEqual(tag)) return true;
        }

        return false;
    }

    /// <summary>Whether <c>If-None-Match</c> is <c>*</c>: any version at all.</summary>
    public static bool NamesAny(StringValues ifNoneMatch) => Split(ifNoneMatch).Contains("*");

    private static IEnumerable<string> Split(StringValues header) =>
        header.SelectMany(line => line?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? []);
}
