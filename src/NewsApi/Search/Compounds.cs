using System.Buffers;
using System.Collections.Frozen;

namespace NewsApi.Search;

/// <summary>
/// Takes German compounds apart: "Sicherheitsgarantien" into what "Sicherheit" and "Garantie" are. A part is a word of the list that was written
/// for this project, in any of its forms; a first part may end in what links it to the next (-s, -es, -n, -en, -er, -e) or lack its -e. Where
/// there are several ways, the one with the fewest parts counts, and of those the one whose last part is longest. The first part of a word may be
/// unknown where -ungs-, -heits- and the like show its end, or before words that are the end of many ("Straße", "Minister").
/// </summary>
/// <remarks>
/// The list has a word a line: "Garantie" may be any part, "Wohn-" the first alone, "Kind/er" has that plural in first parts too, "Straße+" ends
/// many words, "Haft~" is a part behind a linking -s only, as otherwise it is an ending, and "Bahnhof!" is never taken apart, as its meaning is
/// more than that of its parts. What is taken apart depends on nothing but the list: who changes it indexes again.
/// </remarks>
internal static class Compounds
{
    private const int ShortestCompound = 6;
    private const int ShortestPart = 3;
    private const int ShortestUnknown = 4;
    private const int LongestFirst = 20;
    private const int MostParts = 5;

    private static readonly string[] LinkedEndings = ["ungs", "heits", "keits", "schafts", "ions", "tats", "lings", "tums"];

    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouy");
    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> FirstForms;
    private static readonly FrozenDictionary<string, Last>.AlternateLookup<ReadOnlySpan<char>> LastForms;

    static Compounds()
    {
        var firsts = new Dictionary<string, string>(StringComparer.Ordinal);
        var lasts = new Dictionary<string, Last>(StringComparer.Ordinal);
        var linked = new List<(string Form, string Normal)>();

        using var file = new StreamReader(typeof(Compounds).Assembly.GetManifestResourceStream("NewsApi.Search.Compounds.txt")!);
        var entries = file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        foreach (var entry in entries)
        {
            var whole = entry.TrimEnd('-', '+', '!', '~');
            var word = GermanAnalysis.Fold(whole.Replace("/er", "", StringComparison.Ordinal));
            var normal = GermanAnalysis.Normal(word);

            firsts[word] = normal;

            if (entry.EndsWith('-'))
                continue;

            var use = entry[^1] switch { '!' => Use.Whole, '+' => Use.Productive, '~' => Use.Linked, _ => Use.Usual };
            var known = lasts.GetValueOrDefault(normal, new Last(Use.Usual, []));
            lasts[normal] = new Last(use > known.Use ? use : known.Use, [.. known.Words, word]);
            linked.AddRange(Linked(word, whole.EndsWith("/er", StringComparison.Ordinal)).Select(form => (form, normal)));
        }

        // What is a word itself is that word: "Reise" in "Reisebus" is not "Reis".
        foreach (var (form, normal) in linked)
            firsts.TryAdd(form, normal);

        FirstForms = firsts.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        LastForms = lasts.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    private enum Use
    {
        Usual,
        Linked,
        Productive,
        Whole,
    }

    /// <summary>The words of the list that have the same normal form, folded.</summary>
    private sealed record Last(Use Use, string[] Words);

    /// <summary>The normal forms of the parts, none for a word that is simple or not known well enough.</summary>
    /// <param name="word">The folded word with its ending.</param>
    /// <param name="normal">The same without it.</param>
    public static IReadOnlyList<string> Split(ReadOnlySpan<char> word, ReadOnlySpan<char> normal)
    {
        if (word.Length < ShortestCompound || word.ContainsAnyExceptInRange('a', 'z') || (LastForms.TryGetValue(normal, out var whole) && whole.Use == Use.Whole))
            return [];

        Span<byte> parts = stackalloc byte[word.Length];
        Span<byte> cuts = stackalloc byte[word.Length];
        parts.Clear();

        return Best(word, 0, parts, cuts) is > 1 and <= MostParts ? Parts(word, cuts) : Unknown(word, normal, parts, cuts);
    }

    /// <summary>In how few parts the word can be cut from here on. Found once for each place; 255 where there is no way.</summary>
    private static int Best(ReadOnlySpan<char> word, int start, Span<byte> parts, Span<byte> cuts)
    {
        if (parts[start] != 0)
            return parts[start];

        var rest = word[start..];
        var fewest = start > 0 && LastOf(rest) is { } last && (last.Use != Use.Linked || word[start - 1] == 's') ? 1 : byte.MaxValue;
        parts[start] = (byte)fewest;

        for (var length = 2; fewest > 1 && length <= Math.Min(LongestFirst, rest.Length - ShortestPart); length++)
        {
            if (!FirstForms.ContainsKey(rest[..length]))
                continue;

            var count = 1 + Best(word, start + length, parts, cuts);

            if (count < fewest)
            {
                fewest = count;
                cuts[start] = (byte)(start + length);
            }
        }

        parts[start] = (byte)fewest;
        return fewest;
    }

    private static List<string> Parts(ReadOnlySpan<char> word, ReadOnlySpan<byte> cuts)
    {
        var found = new List<string>(2);
        var at = 0;

        for (; cuts[at] != 0; at = cuts[at])
            found.Add(FirstForms[word[at..cuts[at]]]);

        found.Add(Normal(word[at..]));
        return found;
    }

    private static IReadOnlyList<string> Unknown(ReadOnlySpan<char> word, ReadOnlySpan<char> normal, Span<byte> parts, Span<byte> cuts)
    {
        if (LastForms.ContainsKey(normal))
            return [];

        for (var at = ShortestUnknown; at <= word.Length - ShortestUnknown; at++)
        {
            var first = word[..at];

            var last = LastOf(word[at..]);

            if (!IsLinked(first) && !(last?.Use == Use.Productive && first.ContainsAny(Vowels)))
                continue;

            if (last is not null)
                return [Normal(first), Normal(word[at..])];

            if (Best(word, at, parts, cuts) < MostParts)
                return [Normal(first), .. Parts(word[at..], Moved(cuts[at..], at))];
        }

        return [];
    }

    private static Span<byte> Moved(Span<byte> cuts, int by)
    {
        foreach (ref var cut in cuts)
            cut = cut == 0 ? cut : (byte)(cut - by);

        return cuts;
    }

    private static bool IsLinked(ReadOnlySpan<char> first)
    {
        foreach (var ending in LinkedEndings)
        {
            if (first.Length >= ending.Length + 2 && first.EndsWith(ending))
                return true;
        }

        return false;
    }

    private static Last? LastOf(ReadOnlySpan<char> word)
    {
        Span<char> normal = stackalloc char[GermanAnalysis.Room];
        word.CopyTo(normal);

        if (word.Length < ShortestPart || !LastForms.TryGetValue(normal[..GermanStemming.Stem(normal, word.Length)], out var last))
            return null;

        foreach (var known in last.Words)
        {
            if (IsFormOf(word, known))
                return last;
        }

        return null;
    }

    /// <summary>Whether it is the word with an ending, and not another one that became like it: "Lunge" is not in "Sammlung".</summary>
    private static bool IsFormOf(ReadOnlySpan<char> word, string known) =>
        word.StartsWith(known)
        || (known[^1] is 'a' or 'o' or 'm' or 's' && word.StartsWith(known.AsSpan(0, known.Length - (known[^1] is 'a' or 'o' ? 1 : 2))))
        || (word.EndsWith("in") || word.EndsWith("innen")) && word.StartsWith(known.AsSpan(0, known.Length - 1));

    private static string Normal(ReadOnlySpan<char> word)
    {
        Span<char> normal = stackalloc char[GermanAnalysis.Room];
        word.CopyTo(normal);
        return normal[..GermanStemming.Stem(normal, word.Length)].ToString();
    }

    /// <summary>What a word looks like as a first part.</summary>
    private static IEnumerable<string> Linked(string word, bool hasErPlural)
    {
        yield return word;

        if (word.EndsWith("ung", StringComparison.Ordinal) || word.EndsWith("heit", StringComparison.Ordinal) || word.EndsWith("keit", StringComparison.Ordinal)
            || word.EndsWith("schaft", StringComparison.Ordinal) || word.EndsWith("tat", StringComparison.Ordinal))
        {
            yield return word + "s";
            yield break;
        }

        if (hasErPlural)
            yield return word + "er";

        if (word.EndsWith('e'))
        {
            yield return word + "n";

            if (word.Length > 4)
            {
                yield return word[..^1];
                yield return word[..^1] + "s";
            }

            yield break;
        }

        yield return word + "s";

        if (word.EndsWith("er", StringComparison.Ordinal) || word.EndsWith("el", StringComparison.Ordinal))
        {
            yield return word + "n";
            yield break;
        }

        if (word[^1] is 'a' or 'i' or 'o' or 'u' or 'y' || word.EndsWith("en", StringComparison.Ordinal))
            yield break;

        yield return word + "e";
        yield return word + "es";
        yield return word + "en";
    }
}
