using System.Globalization;
using System.Text.Json;
using DiffPlex;
using DiffPlex.Chunkers;
using NewsApi.Http;

namespace NewsApi.Articles;

/// <summary>
/// Compares two bodies: blocks that stayed, moved, came or went, and sentence by sentence those that were changed. The work is bounded: what is
/// too much to be aligned is told as removed and added.
/// </summary>
internal static class BodyDiff
{
    /// <summary>So many comparisons of pieces are made at most to align two lists.</summary>
    private const long MostComparisons = 4_000_000;

    /// <summary>So many blocks are looked at to find what one was changed into.</summary>
    private const int Window = 50;

    /// <summary>From this share of common words on, a block is a changed one and no other.</summary>
    private const double Likeness = 0.4;

    private static readonly CustomFunctionChunker Lines = new(text => text.Length == 0 ? [] : text.Split('\n'));

    public static IReadOnlyList<BlockChange> Of(IReadOnlyList<Block> was, IReadOnlyList<Block> now)
    {
        var before = was.Select(Key).ToList();
        var after = now.Select(Key).ToList();
        var gaps = Align(before, after);
        var moves = Moves(before, after, gaps);
        var changes = new List<BlockChange>();
        var (i, j) = (0, 0);
        foreach (var gap in gaps)
        {
            for (; j < gap.To; i++, j++) changes.Add(Stayed(i, j));
            AddGap(gap);
            (i, j) = (gap.From + gap.Removed, gap.To + gap.Added);
        }

        for (; j < now.Count; i++, j++) changes.Add(Stayed(i, j));
        return changes;

        BlockChange Stayed(int from, int to) => new() { Change = Changes.Same, From = from, To = to, Was = null, Now = now[to], Sentences = null };

        void AddGap(Gap gap)
        {
            var removed = Enumerable.Range(gap.From, gap.Removed).Where(from => !moves.ContainsValue(from)).ToList();
            var added = Enumerable.Range(gap.To, gap.Added).ToList();
            var pairs = Pair([.. removed.Select(from => was[from])], [.. added.Select(to => moves.ContainsKey(to) ? null : now[to])]);
            var next = 0;
            for (var k = 0; k < added.Count; k++)
            {
                var to = added[k];
                if (moves.TryGetValue(to, out var moved))
                {
                    changes.Add(Stayed(moved, to) with { Change = Changes.Moved });
                }
                else if (pairs.TryGetValue(k, out var pair))
                {
                    for (; next < pair; next++) changes.Add(Gone(removed[next]));
                    next = pair + 1;
                    var from = removed[pair];
                    changes.Add(new BlockChange { Change = Changes.Changed, From = from, To = to, Was = was[from], Now = now[to], Sentences = Sentences(was[from], now[to]) });
                }
                else
                {
                    changes.Add(new BlockChange { Change = Changes.Added, From = null, To = to, Was = null, Now = now[to], Sentences = null });
                }
            }

            for (; next < removed.Count; next++) changes.Add(Gone(removed[next]));
        }

        BlockChange Gone(int from) => new() { Change = Changes.Removed, From = from, To = null, Was = was[from], Now = null, Sentences = null };
    }

    private static string Key(Block block) => JsonSerializer.Serialize(block, WireJson.Default.Block);

    /// <summary>Blocks that went in one place and came in another, by their place now.</summary>
    private static Dictionary<int, int> Moves(List<string> before, List<string> after, IReadOnlyList<Gap> gaps)
    {
        var gone = gaps.SelectMany(g => Enumerable.Range(g.From, g.Removed)).GroupBy(from => before[from]).ToDictionary(g => g.Key, g => new Queue<int>(g));
        var moves = new Dictionary<int, int>();
        foreach (var to in gaps.SelectMany(g => Enumerable.Range(g.To, g.Added)))
        {
            if (gone.TryGetValue(after[to], out var places) && places.TryDequeue(out var from)) moves.Add(to, from);
        }

        return moves;
    }

    /// <summary>What was changed into what, in order: by the place of the new block, that of the old one.</summary>
    private static Dictionary<int, int> Pair(IReadOnlyList<Block> removed, IReadOnlyList<Block?> added)
    {
        var pairs = new Dictionary<int, int>();
        var before = removed.Select(Words).ToList();
        var after = added.Select(block => block is null ? null : Words(block)).ToList();
        var next = 0;
        for (var i = 0; i < before.Count; i++)
        {
            var (best, likeness) = (-1, Likeness);
            for (var j = next; j < Math.Min(next + Window, after.Count); j++)
            {
                if (after[j] is not { } words || Alike(removed[i], added[j]!, before[i], words) is var alike && alike < likeness) continue;
                if (best >= 0 && alike == likeness) continue;

                (best, likeness) = (j, alike);
            }

            if (best < 0) continue;

            pairs.Add(best, i);
            next = best + 1;
        }

        return pairs;
    }

    /// <summary>Twice the words they share, by the words that both have.</summary>
    private static double Alike(Block a, Block b, int[] before, int[] after)
    {
        if (before.Length == 0 && after.Length == 0) return a.Type == b.Type ? 1 : 0;

        var (shared, i, j) = (0, 0, 0);
        while (i < before.Length && j < after.Length)
        {
            if (before[i] == after[j]) (shared, i, j) = (shared + 1, i + 1, j + 1);
            else if (before[i] < after[j]) i++;
            else j++;
        }

        return 2.0 * shared / (before.Length + after.Length);
    }

    /// <summary>The words of a block as sorted hashes.</summary>
    private static int[] Words(Block block)
    {
        var words = new List<int>();
        foreach (var text in Pieces(block).Append(block.Url ?? ""))
        {
            var start = -1;
            for (var i = 0; i <= text.Length; i++)
            {
                var isLetter = i < text.Length && char.IsLetterOrDigit(text[i]);
                if (isLetter && start < 0) start = i;
                if (isLetter || start < 0) continue;

                words.Add(string.GetHashCode(text.AsSpan(start, i - start), StringComparison.OrdinalIgnoreCase));
                start = -1;
            }
        }

        words.Sort();
        return [.. words];
    }

    private static List<SentenceChange> Sentences(Block was, Block now)
    {
        var before = Pieces(was);
        var after = Pieces(now);
        var changes = new List<SentenceChange>();
        var j = 0;
        foreach (var gap in Align(before, after))
        {
            Add(Changes.Same, after, j, gap.To);
            Add(Changes.Removed, before, gap.From, gap.From + gap.Removed);
            Add(Changes.Added, after, gap.To, gap.To + gap.Added);
            j = gap.To + gap.Added;
        }

        Add(Changes.Same, after, j, after.Count);
        return changes;

        void Add(string change, IReadOnlyList<string> texts, int from, int to)
        {
            for (var i = from; i < to; i++) changes.Add(new SentenceChange { Change = change, Text = texts[i] });
        }
    }

    private static List<string> Pieces(Block block) =>
    [
        .. SentenceSplit.Split(block.Text ?? ""),
        .. block.Items ?? [],
        .. (block.Rows ?? []).Select(row => string.Join(" | ", row)),
        .. ((string?[])[block.Cite, block.Image?.Alt, block.Image?.Caption, block.Image?.Credit]).OfType<string>(),
    ];

    /// <summary>Where two lists differ, in order; between the gaps they are the same.</summary>
    private static List<Gap> Align(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var start = 0;
        while (start < Math.Min(before.Count, after.Count) && before[start] == after[start]) start++;
        var end = 0;
        while (end < Math.Min(before.Count, after.Count) - start && before[^(end + 1)] == after[^(end + 1)]) end++;
        var (removed, added) = (before.Count - start - end, after.Count - start - end);
        if (removed == 0 && added == 0) return [];
        if (removed == 0 || added == 0 || (long)removed * added > MostComparisons) return [new Gap(start, removed, start, added)];

        // As numbers: equal pieces have one, and nothing in a piece can be taken for the end of it.
        var numbers = new Dictionary<string, int>();
        var result = Differ.Instance.CreateDiffs(Numbers(before, start, removed), Numbers(after, start, added), ignoreWhiteSpace: false, ignoreCase: false, Lines);
        return [.. result.DiffBlocks.Select(b => new Gap(start + b.DeleteStartA, b.DeleteCountA, start + b.InsertStartB, b.InsertCountB))];

        string Numbers(IReadOnlyList<string> pieces, int from, int count) => string.Join('\n', Enumerable.Range(from, count).Select(i =>
        {
            numbers.TryAdd(pieces[i], numbers.Count);
            return numbers[pieces[i]].ToString(CultureInfo.InvariantCulture);
        }));
    }

    /// <summary>So many pieces from here on were removed, and so many from there on stand in their place.</summary>
    private readonly record struct Gap(int From, int Removed, int To, int Added);
}
