namespace NewsApi.Storage;

/// <summary>Inserts many rows at once, in the way the database is fastest at, inside the transaction of the connection it was made for.</summary>
internal interface IRowInserter : IDisposable
{
    Task InsertAsync(RowTable table, IReadOnlyList<object?[]> rows, CancellationToken cancel);
}
