using NewsApi.Changes;

namespace NewsApi.Sync;

/// <summary>What was read for digests, a table for everybody and one for each licence. Those asked for last stay, as many as there is room for.</summary>
internal sealed class DigestTables
{
    /// <summary>A quarter of a million resources.</summary>
    public const int MostBytes = 32 * 1_048_576;

    private readonly Lock _gate = new();
    private readonly List<(string? Licence, DigestTable Table)> _kept = [];

    /// <summary>A table that knows all there was at a position, and is not newer than the reader.</summary>
    public DigestTable? Find(string? licence, FeedHead head, long position)
    {
        lock (_gate)
        {
            var index = _kept.FindIndex(k => k.Licence == licence);
            if (index < 0) return null;

            var kept = _kept[index];
            var then = kept.Table.Head;

            // A cut takes entries of what is gone, so that it cannot be told any more what was touched since.
            if ((then.Epoch, then.Cuts) != (head.Epoch, head.Cuts) || then.Position < position || then.Position > head.Position) return null;

            _kept.RemoveAt(index);
            _kept.Add(kept);
            return kept.Table;
        }
    }

    public void Keep(string? licence, DigestTable table)
    {
        lock (_gate)
        {
            _kept.RemoveAll(k => k.Licence == licence);
            if (!table.IsTooLarge) _kept.Add((licence, table));
            while (_kept.Sum(k => k.Table.Size) > MostBytes) _kept.RemoveAt(0);
        }
    }
}

/// <summary>Everything public at one moment, as lines.</summary>
/// <param name="head">That of the feed in this moment.</param>
internal sealed class DigestTable(FeedHead head)
{
    private const int BytesOfEntry = 16;
    private const int Block = 65_536;

    private readonly List<byte[]> _blocks = [];
    private readonly List<(long Position, uint Number, int Length)> _entries = [];
    private int _used = Block;

    public FeedHead Head => head;

    /// <summary>About the memory it takes.</summary>
    public long Size => ((long)_blocks.Count * Block) + ((long)_entries.Capacity * BytesOfEntry);

    /// <summary>It is not kept then, and holds nothing.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>As they were added.</summary>
    public IEnumerable<DigestLine> Lines
    {
        get
        {
            var (block, start) = (0, 0);
            foreach (var (position, number, length) in _entries)
            {
                if (start + length > Block) (block, start) = (block + 1, 0);
                yield return new DigestLine(position, number, _blocks[block].AsMemory(start, length));
                start += length;
            }
        }
    }

    public void Add(DigestLine line)
    {
        if (IsTooLarge) return;
        if (Size > DigestTables.MostBytes)
        {
            IsTooLarge = true;
            _blocks.Clear();
            _entries.Clear();
            return;
        }

        if (_used + line.Text.Length > Block)
        {
            _blocks.Add(GC.AllocateUninitializedArray<byte>(Block));
            _used = 0;
        }

        line.Text.CopyTo(_blocks[^1].AsMemory(_used));
        _entries.Add((line.Position, line.Number, line.Text.Length));
        _used += line.Text.Length;
    }
}
