using System.Runtime.InteropServices;
using System.Text;

namespace NewsApi.People.Names;

/// <summary>A name somebody is known by.</summary>
internal readonly record struct KnownName(Guid PersonId, string Name);

/// <summary>A place in a text that names a person.</summary>
/// <param name="PersonId">The person.</param>
/// <param name="Start">Where the name starts in the text.</param>
/// <param name="Length">How long it is as printed, with the -s of the genitive but without the apostrophe of "Marx’".</param>
/// <param name="Name">The name as it is known, not as it is printed.</param>
internal readonly record struct NameMatch(Guid PersonId, int Start, int Length, string Name);

/// <summary>
/// Finds the names of known people in German text. The text is walked once over a trie of words, so the time depends on its length and the
/// longest name, not on how many names there are. An instance does not change and may be shared between threads.
/// </summary>
/// <remarks>
/// Case counts ("rubio" names nobody), but a word in capitals matches as headlines print it ("SELENSKYJ"), and the small first letter of a
/// name may be a capital at the start of a sentence ("Von der Leyen"). A name shared by several people links to nobody, and neither does a
/// shorter name inside it: who "Müller" is in "Anna Müller" is not known when there are two of that name.
/// </remarks>
internal sealed class NameFinder
{
    private const int Root = 0;
    private const int Unknown = -1;

    // "XI" and "AI" are a numeral and an abbreviation before they are somebody's name in capitals.
    private const int ShortestCapitals = 4;

    private readonly Dictionary<string, int> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Node, int Word), int> _children = [];
    private readonly Dictionary<int, List<Entry>> _names = [];
    private readonly int _longestWord;

    public NameFinder(IEnumerable<KnownName> names)
    {
        var nodes = 1;

        foreach (var (person, name) in names)
        {
            var printed = string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

            if (printed.Count(char.IsLetter) < 2)
                continue;

            var tokens = NameToken.Of(printed).ConvertAll(t => t.Kind == TokenKind.Word ? Composed(t.In(printed)) : t.Sign(printed));
            var node = Root;

            foreach (var token in tokens)
            {
                // Four is the most that decomposing a letter adds to its length.
                _longestWord = Math.Max(_longestWord, 4 * token.Length);
                ref var word = ref CollectionsMarshal.GetValueRefOrAddDefault(_words, Folded(token), out var known);
                word = known ? word : _words.Count;
                ref var child = ref CollectionsMarshal.GetValueRefOrAddDefault(_children, (node, word), out known);
                node = child = known ? child : nodes++;
            }

            Add(node, new Entry(printed, [.. tokens], person));
        }
    }

    /// <summary>The people named in the text, in text order and not overlapping; where several names start, the longest counts.</summary>
    public IReadOnlyList<NameMatch> Find(string text) =>
        [.. Scan(text).Where(f => f.Entry.Person is not null).Select(f => new NameMatch(f.Entry.Person!.Value, f.Start, f.Length, f.Entry.Name))];

    /// <summary>The names in the text that more than one person has, each once, in text order. They link to nobody.</summary>
    public IReadOnlyList<string> Ambiguous(string text) => [.. Scan(text).Where(f => f.Entry.Person is null).Select(f => f.Entry.Name).Distinct()];

    private void Add(int node, Entry entry)
    {
        ref var entries = ref CollectionsMarshal.GetValueRefOrAddDefault(_names, node, out _);
        entries ??= [];
        var same = entries.FindIndex(e => e.Tokens.SequenceEqual(entry.Tokens));

        if (same < 0)
            entries.Add(entry);
        else if (entries[same].Person != entry.Person)
            entries[same] = entries[same] with { Person = null };
    }

    private List<Found> Scan(string text)
    {
        var found = new List<Found>();
        var tokens = NameToken.Of(text);
        var words = tokens.ConvertAll(t => Identify(text, t));

        for (var i = 0; i < tokens.Count;)
        {
            if (Longest(text, tokens, words, i) is not { } match)
            {
                i++;
                continue;
            }

            // What only looks like the name, as "Anna Müller" in "Anna Müller-Huber", is not taken for a shorter one inside either.
            if (IsFreeBefore(tokens, i) && IsFreeAfter(tokens, match))
                found.Add(new Found(match.Entry, tokens[i].Start, tokens[match.Last].End - tokens[i].Start));

            i = match.Last + 1;
        }

        return found;
    }

    private Match? Longest(string text, List<NameToken> tokens, List<Word> words, int first)
    {
        Match? longest = null;
        var node = Root;

        for (var i = first; i < tokens.Count; i++)
        {
            if (words[i].WithoutS != Unknown && _children.TryGetValue((node, words[i].WithoutS), out var stem)
                && Named(text, tokens, first, i, stem, genitive: true) is { } genitive)
                longest = new Match(genitive, i, IsGenitive: true);

            if (words[i].Id == Unknown || !_children.TryGetValue((node, words[i].Id), out node))
                break;

            if (Named(text, tokens, first, i, node, genitive: false) is not { } entry)
                continue;

            longest = HasApostropheS(text, tokens, i) ? new Match(entry, i + 2, IsGenitive: true) : new Match(entry, i, IsGenitive: false);
        }

        return longest;
    }

    private Entry? Named(string text, List<NameToken> tokens, int first, int last, int node, bool genitive)
    {
        if (!_names.TryGetValue(node, out var entries))
            return null;

        Entry? exact = null, capitals = null;

        foreach (var entry in entries)
        {
            switch (Compare(text, tokens, first, last, entry, genitive))
            {
                case Likeness.Same:
                    exact = entry;
                    break;
                case Likeness.InCapitals:
                    capitals = capitals is null || capitals.Person == entry.Person ? entry : entry with { Person = null };
                    break;
            }
        }

        return exact ?? capitals;
    }

    private static Likeness Compare(string text, List<NameToken> tokens, int first, int last, Entry entry, bool genitive)
    {
        var capitals = 0;

        for (var i = first; i <= last; i++)
        {
            var known = entry.Tokens[i - first];
            var printed = tokens[i].In(text);

            if (tokens[i].Kind != TokenKind.Word)
                continue;

            if (genitive && i == last)
                printed = printed[..^1];

            if (printed.SequenceEqual(known) || Composed(printed) == known || (i == first && IsCapitalised(Composed(printed), known)))
                continue;

            if (!IsInCapitals(printed))
                return Likeness.None;

            capitals = Math.Max(capitals, printed.Length);
        }

        if (capitals == 0)
            return Likeness.Same;

        return capitals >= (first == last ? ShortestCapitals : 2) ? Likeness.InCapitals : Likeness.None;
    }

    private static bool IsCapitalised(string printed, string known) =>
        char.IsLower(known[0]) && printed.Length == known.Length
        && printed[0] == char.ToUpperInvariant(known[0]) && printed.AsSpan(1).SequenceEqual(known.AsSpan(1));

    private static bool IsInCapitals(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
        {
            if (char.IsLower(c) && c != 'ß')
                return false;
        }

        return true;
    }

    private static bool HasApostropheS(string text, List<NameToken> tokens, int last) =>
        last + 2 < tokens.Count && tokens[last].Kind == TokenKind.Word && tokens[last + 1].Kind == TokenKind.Apostrophe
        && tokens[last + 2].In(text) is "s" or "S";

    /// <summary>Nothing that belongs to the same word stands before: no letter, and no letter joined by a hyphen or an apostrophe.</summary>
    private static bool IsFreeBefore(List<NameToken> tokens, int first)
    {
        if (first == 0)
            return true;

        return tokens[first - 1].Kind switch
        {
            TokenKind.Word => tokens[first].Kind == TokenKind.Other,
            TokenKind.Hyphen or TokenKind.Apostrophe => first < 2 || tokens[first - 2].Kind != TokenKind.Word,
            _ => true,
        };
    }

    /// <summary>
    /// Nothing that belongs to the same word stands after. "Putin-Residenz" mentions Putin, but "Anna Müller-Huber" is somebody else than
    /// "Anna Müller".
    /// </summary>
    private static bool IsFreeAfter(List<NameToken> tokens, Match match)
    {
        var (entry, last, isGenitive) = match;
        var after = last + 1 < tokens.Count ? tokens[last + 1].Kind : TokenKind.Space;
        var joined = last + 2 < tokens.Count && tokens[last + 2].Kind == TokenKind.Word;

        return after switch
        {
            TokenKind.Word => tokens[last].Kind != TokenKind.Word,
            TokenKind.Hyphen => !joined || (!isGenitive && !entry.Name.Contains(' ', StringComparison.Ordinal)),
            TokenKind.Apostrophe => !joined,
            _ => true,
        };
    }

    private Word Identify(string text, NameToken token)
    {
        var printed = token.In(text);

        if (printed.Length > _longestWord + 1)
            return new Word(Unknown, Unknown);

        if (token.Kind != TokenKind.Word)
            return new Word(_words.GetValueOrDefault(token.Sign(text), Unknown), Unknown);

        var isGenitive = printed.Length > 2 && (printed[^1] == 's' || (printed[^1] == 'S' && IsInCapitals(printed))) && TakesGenitiveS(printed[^2]);

        return new Word(IdOf(printed), isGenitive ? IdOf(printed[..^1]) : Unknown);
    }

    private int IdOf(ReadOnlySpan<char> word) => _words.GetValueOrDefault(Folded(Composed(word)), Unknown);

    // A Latin letter, and none of those after which German prints the apostrophe alone.
    private static bool TakesGenitiveS(char last) => last < '\u0370' && last is not ('s' or 'S' or 'ß' or 'x' or 'X' or 'z' or 'Z');

    private static string Folded(string token) =>
        token.Replace("ß", "SS", StringComparison.Ordinal).Replace("ẞ", "SS", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>The word in NFC, without the soft hyphens of typesetting.</summary>
    private static string Composed(ReadOnlySpan<char> token)
    {
        var word = new string(token).Replace("\u00AD", "", StringComparison.Ordinal);

        return word.Any(char.IsSurrogate) ? word : word.Normalize(NormalizationForm.FormC);
    }

    private enum Likeness
    {
        None,
        Same,
        InCapitals,
    }

    private readonly record struct Word(int Id, int WithoutS);

    private readonly record struct Found(Entry Entry, int Start, int Length);

    private readonly record struct Match(Entry Entry, int Last, bool IsGenitive);

    /// <summary>A name; without a person when several have it.</summary>
    private sealed record Entry(string Name, string[] Tokens, Guid? Person);
}
