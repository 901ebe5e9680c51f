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

/// <summary>Where a copy is kept. A batch and its cursor are stored together or not at all: that makes every change arrive exactly once.</summary>
public interface ISyncStore
{
    /// <summary>The cursor of the last batch that had one; nothing in a copy that has not been begun, or was not finished.</summary>
    Task<string?> ReadCursorAsync(CancellationToken cancellationToken);

    /// <summary>Does all of it in one transaction.</summary>
    Task ApplyAsync(SyncBatch batch, CancellationToken cancellationToken);

    /// <summary>Everything the copy holds, in the order of types and ids, both compared by their bytes.</summary>
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
    public IAsyncEnumerable<SyncResource> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return _resources.Values.ToList().ToAsyncEnumerable();
    }
}
