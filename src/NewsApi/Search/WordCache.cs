using System.Collections.Concurrent;

namespace NewsApi.Search;

/// <summary>What is known about a word as it is written.</summary>
internal sealed record WordForm(string Word, IReadOnlyList<string> Parts);

/// <summary>
/// Remembers what was found out about words: a text consists of words that were there before. It keeps two generations. When the younger is
/// full, the older is forgotten, and what is asked for again moves over, so memory is bounded and frequent words stay.
/// </summary>
internal sealed class WordCache(WordCache.Maker make)
{
    internal delegate WordForm Maker(ReadOnlySpan<char> word);

    private const int LongestKept = 48;
    private const int Generation = 60_000;

    private volatile Words _words = new(new(StringComparer.Ordinal), new(StringComparer.Ordinal));
    private int _added;

    public WordForm Get(ReadOnlySpan<char> word)
    {
        if (word.Length > LongestKept)
            return make(word);

        var words = _words;

        if (words.YoungBySpan.TryGetValue(word, out var form))
            return form;

        if (!words.OldBySpan.TryGetValue(word, out form))
            form = make(word);

        if (words.Young.TryAdd(word.ToString(), form) && Interlocked.Increment(ref _added) >= Generation)
            Turn(words);

        return form;
    }

    private void Turn(Words full)
    {
        // Another thread may have been faster; then there is a new generation already.
        if (Interlocked.CompareExchange(ref _words, new Words(new(StringComparer.Ordinal), full.Young), full) == full)
            Interlocked.Exchange(ref _added, 0);
    }

    private sealed class Words(ConcurrentDictionary<string, WordForm> young, ConcurrentDictionary<string, WordForm> old)
    {
        public ConcurrentDictionary<string, WordForm> Young => young;

        public ConcurrentDictionary<string, WordForm>.AlternateLookup<ReadOnlySpan<char>> YoungBySpan { get; } = young.GetAlternateLookup<ReadOnlySpan<char>>();

        public ConcurrentDictionary<string, WordForm>.AlternateLookup<ReadOnlySpan<char>> OldBySpan { get; } = old.GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
