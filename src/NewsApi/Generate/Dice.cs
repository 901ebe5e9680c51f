namespace NewsApi.Generate;

/// <summary>
/// Chance that repeats itself: what is thrown follows from seed, kind and number alone, on every machine and for good
/// (SplitMix64; the generators of the runtime may change with it).
/// </summary>
internal sealed class Dice
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state;

    public Dice(long seed, char kind, int index)
    {
        _state = (ulong)seed;
        _state = Next() ^ kind;
        _state = Next() ^ (uint)index;
    }

    public ulong Next()
    {
        var z = _state += Golden;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to below <paramref name="end"/>.</summary>
    public int Below(int end) => (int)(((Next() >> 32) * (ulong)end) >> 32);

    /// <summary>From the first to the last, both of them possible.</summary>
    public int Between(int first, int last) => first + Below(last - first + 1);

    /// <summary>From 0 to below 1.</summary>
    public double Share() => (Next() >> 11) / (double)(1UL << 53);

    public bool In(int percent) => Below(100) < percent;

    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    /// <summary>Some of them, each once, in the order they are thrown.</summary>
    public List<T> Several<T>(IReadOnlyList<T> from, int count)
    {
        var picked = new List<T>(count);
        for (var tries = 0; picked.Count < count && tries < 4 * count; tries++)
        {
            if (Pick(from) is var one && !picked.Contains(one)) picked.Add(one);
        }

        return picked;
    }

    /// <summary>A place in a ranking of this length: the first ranks come up often, the last ones rarely, as with names in the news.</summary>
    public int Rank(int length)
    {
        const double evenness = 10;
        var rank = (int)(evenness * Math.Pow((length + evenness) / evenness, Share()) - evenness);
        return Math.Clamp(rank, 0, length - 1);
    }

    /// <summary>A UUID of version 7 with this instant.</summary>
    public Guid Id(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)at.ToUnixTimeMilliseconds() << 16 | Next() & 0x0FFF | 0x7000);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Next() & 0x3FFFFFFFFFFFFFFF | 0x8000000000000000);
        return new Guid(bytes, bigEndian: true);
    }
}
