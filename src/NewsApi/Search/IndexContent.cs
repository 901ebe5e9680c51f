using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using NewsApi.Access;
using NewsApi.Publishing;

namespace NewsApi.Search;

/// <summary>What a resource is found by, the same on every database.</summary>
/// <param name="Tokens">
/// Words in their order, <c>|</c> between fields, then without order the parts of compounds as <c>+part</c> and the values it can be
/// narrowed by as <c>#hash</c>; a space between two. What is shown without the text stands there once more behind <c>~</c>, what is shown
/// without text and teaser behind <c>^</c>, for readers who may search no more than that.
/// </param>
/// <param name="Terms">How much each of them weighs, see <see cref="TermWeights"/>.</param>
/// <param name="Facets">What it counts for in facets, see <see cref="FacetValues"/>.</param>
internal sealed record IndexContent(string Tokens, byte[] Terms, byte[] Facets)
{
    /// <summary>Changes with anything of it.</summary>
    public long Hash { get; } = HashOf(Tokens, Terms, Facets);

    private static long HashOf(string tokens, byte[] terms, byte[] facets)
    {
        var hash = new XxHash64();
        hash.Append(MemoryMarshal.AsBytes(tokens.AsSpan()));
        hash.Append(terms);
        hash.Append(facets);
        return (long)hash.GetCurrentHashAsUInt64();
    }
}

/// <summary>The signs that tell kinds of token apart; no word has them.</summary>
internal static class Tokens
{
    public const char Gap = '|';
    public const char Part = '+';
    public const char Value = '#';
    public const char Teaser = '~';
    public const char Metadata = '^';

    /// <summary>What stands before the words of what is shown at a level; nothing before those of the whole text.</summary>
    public static string SignOf(LicenceLevel level) => level switch
    {
        LicenceLevel.Full => "",
        LicenceLevel.Teaser => "~",
        LicenceLevel.Metadata => "^",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "Nothing is shown at it."),
    };

    /// <summary>Whether a token has a place among others: parts and values have none.</summary>
    public static bool IsPlaced(string token) => token[0] is not (Part or Value) && !(token[0] is Teaser or Metadata && token[1] == Part);

    /// <summary>The token of a value that lists can be narrowed by.</summary>
    public static string Of(string filter, string value) =>
        Value + XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"{filter}={value}")).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>How much a token weighs in a resource: numbers of three bytes of hash and one of weight, in order.</summary>
internal readonly ref struct TermWeights(ReadOnlySpan<byte> packed)
{
    private readonly ReadOnlySpan<uint> _entries = MemoryMarshal.Cast<byte, uint>(packed);

    /// <summary>Absent is 0.</summary>
    public int this[uint term]
    {
        get
        {
            var (low, high) = (0, _entries.Length - 1);
            while (low <= high)
            {
                var middle = (low + high) / 2;
                var entry = BitConverter.IsLittleEndian ? _entries[middle] : BinaryPrimitives.ReverseEndianness(_entries[middle]);
                if (entry >> 8 == term) return (int)(entry & 0xFF);
                if (entry >> 8 < term) low = middle + 1;
                else high = middle - 1;
            }

            return 0;
        }
    }

    public static uint TermOf(string token) => XxHash32.HashToUInt32(MemoryMarshal.AsBytes(token.AsSpan())) >> 8;

    public static byte[] Pack(Dictionary<uint, int> weights)
    {
        var entries = weights.Select(w => (w.Key << 8) | (uint)Math.Min(w.Value, byte.MaxValue)).Order().ToArray();
        var packed = new byte[4 * entries.Length];
        for (var i = 0; i < entries.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(packed.AsSpan(4 * i), entries[i]);
        return packed;
    }
}

/// <summary>Gathers the fields of a resource and what it is linked to.</summary>
internal sealed class IndexBuilder
{
    /// <summary>What stands behind is not found: PostgreSQL keeps no places beyond.</summary>
    private const int PlaceLimit = 10_000;

    /// <summary>Of one word PostgreSQL keeps so many places, and refuses more where rows come in bulk. A phrase is not found behind them.</summary>
    private const int PlacesOfWord = 255;

    /// <summary>Of what is shown at a lower level so many words are found; places end at 16,383 on PostgreSQL.</summary>
    private const int PlacesOfLevel = 3_000;

    private static readonly string Gap = Tokens.Gap.ToString();
    private static readonly LicenceLevel[] LowerLevels = [LicenceLevel.Teaser, LicenceLevel.Metadata];

    private readonly StringBuilder _words = new(4_096);
    private readonly Dictionary<string, int> _places = [];
    private readonly HashSet<string> _parts = [];
    private readonly Dictionary<uint, int> _weights = [];
    private readonly List<FacetValue> _facets = [];
    private readonly HashSet<string> _values = [];
    private readonly List<(IReadOnlyList<Token> Words, int Weight, LicenceLevel Level)> _heads = [];
    private int _count;
    private int _limit = PlaceLimit;

    /// <param name="text">What stands in the field.</param>
    /// <param name="weight">How much a word of this field says about the resource; a word of the body is 1.</param>
    /// <param name="level">The lowest level at which it is shown.</param>
    public IndexBuilder Add(string? text, int weight, LicenceLevel level = LicenceLevel.Full)
    {
        if (string.IsNullOrEmpty(text)) return this;

        var words = GermanAnalysis.Analyze(text);
        if (level < LicenceLevel.Full) _heads.Add((words, weight, level));
        Place(words, weight, "");
        return this;
    }

    /// <summary>A value that lists can be narrowed by.</summary>
    /// <param name="weight">How much the resource is about it; 0 where it is not ranked by it.</param>
    public void Link(FilterValue value, int weight = 0)
    {
        if (!value.IsSearched) return;

        var token = Tokens.Of(value.Filter, value.Value);
        _values.Add(token);
        if (weight > 0) Weigh(token, weight);
    }

    public void Count(FacetValue facet) => _facets.Add(facet);

    public IndexContent Build()
    {
        foreach (var level in LowerLevels)
        {
            _limit = _count + PlacesOfLevel;
            foreach (var head in _heads.Where(head => head.Level <= level)) Place(head.Words, head.Weight, Tokens.SignOf(level));
        }

        foreach (var part in _parts.Order(StringComparer.Ordinal)) _words.Append(' ').Append(part);
        foreach (var value in _values.Order(StringComparer.Ordinal)) _words.Append(' ').Append(value);
        return new IndexContent(_words.ToString(), TermWeights.Pack(_weights), FacetValues.Pack(_facets));
    }

    private void Place(IReadOnlyList<Token> words, int weight, string sign)
    {
        if (_count > 0) TryPlace(Gap);
        foreach (var token in words)
        {
            var word = sign + token.Word;
            ref var places = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, word, out _);
            if (!TryPlace(++places > PlacesOfWord ? Gap : word)) break;

            if (!GermanAnalysis.IsStopword(token.Word)) Weigh(word, weight);
            foreach (var part in token.Parts)
            {
                _parts.Add(sign + Tokens.Part + part);
                Weigh(sign + Tokens.Part + part, weight);
            }
        }
    }

    private bool TryPlace(string token)
    {
        if (_count == _limit) return false;

        _words.Append(_count++ > 0 ? " " : "").Append(token);
        return true;
    }

    private void Weigh(string token, int weight)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_weights, TermWeights.TermOf(token), out _);
        sum += weight;
    }
}
