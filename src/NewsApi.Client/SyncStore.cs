namespace NewsApi.Client;

/// <summary>A resource by its name alone.</summary>
/// <param name="Type"><c>article</c>, <c>event</c> or <c>person</c>.</param>
/// <param name="Id">Its UUID, in lower case.</param>
public readonly record struct SyncKey(string Type, string Id);

/// <summary>A resource as a copy keeps it.</summary>
/// <param name="Key">Which one it is.</param>
/// <param name="Version">The version that is public.</param>
/// <param name="Document">Its JSON in UTF-8, as it came.</param>
public sealed record SyncResource(SyncKey Key, int Version, ReadOnlyMemory<byte> Document);

/// <summary>What is to be done to a copy in one step.</summary>
public sealed record SyncBatch
{
    /// <summary>To be put in the place of whatever is there under the same key.</summary>
    public required IReadOnlyList<SyncResource> Upserts { get; init; }

    /// <summary>To be dropped; some of it may not be there.</summary>
    public required IReadOnlyList<SyncKey> Removes { get; init; }

    /// <summary>The place in the feed the copy has come to with this; absent where that stays as it is.</summary>
    public string? Cursor { get; init; }
}

/// <summary>A row that is to be put right.</summary>
/// <param name="Key">Which one it is.</param>
/// <param name="Version">The version it has, as the store told it when the copy was compared; nothing where there was no row.</param>
/// <param name="Resource">What is to be in its place; nothing where it is to go.</param>
public sealed record SyncRepair(SyncKey Key, int? Version, SyncResource? Resource);

/// <summary>Where a copy is kept. A batch and its cursor are stored together or not at all: that makes every change arrive exactly once.</summary>
public interface ISyncStore
{
    /// <summary>The cursor of the last batch that had one; nothing in a copy that has not been begun, or was not finished.</summary>
    Task<string?> ReadCursorAsync(CancellationToken cancellationToken);

    /// <summary>Does all of it in one transaction.</summary>
    Task ApplyAsync(SyncBatch batch, CancellationToken cancellationToken);

    /// <summary>
    /// Does, in one transaction that lets no other write in, the repairs whose row has the version still, or is missing still, and passes over the others. The
    /// cursor stays as it is.
    /// </summary>
    /// <param name="cursor">Where the copy has to stand.</param>
    /// <param name="repairs">The rows, and what is to become of them.</param>
    /// <returns>False where the copy stands elsewhere, and nothing was done.</returns>
    Task<bool> RepairAsync(string cursor, IReadOnlyList<SyncRepair> repairs, CancellationToken cancellationToken);

    /// <summary>
    /// Everything the copy holds, in the order of types and ids, both compared by their bytes. Batches and repairs may be stored while it is read.
    /// </summary>
    IAsyncEnumerable<SyncResource> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>A copy in memory, gone with the program.</summary>
public sealed class MemorySyncStore : ISyncStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<SyncKey, SyncResource> _resources = new(
        Comparer<SyncKey>.Create((a, b) => string.CompareOrdinal(a.Type, b.Type) is var type and not 0 ? type : string.CompareOrdinal(a.Id, b.Id)));

    private string? _cursor;

    /// <inheritdoc/>
    public Task<string?> ReadCursorAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_cursor);
    }

    /// <inheritdoc/>
    public Task ApplyAsync(SyncBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_gate)
        {
            foreach (var resource in batch.Upserts) _resources[resource.Key] = resource;
            foreach (var key in batch.Removes) _resources.Remove(key);
            _cursor = batch.Cursor ?? _cursor;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> RepairAsync(string cursor, IReadOnlyList<SyncRepair> repairs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repairs);
        lock (_gate)
        {
            if (_cursor != cursor) return Task.FromResult(false);

            foreach (var (key, version, resource) in repairs.Where(r => _resources.GetValueOrDefault(r.Key)?.Version == r.Version))
            {
                if (resource is null) _resources.Remove(key);
                else _resources[key] = resource;
            }
        }

        return Task.FromResult(true);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<SyncResource> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return _resources.Values.ToList().ToAsyncEnumerable();
    }
}
