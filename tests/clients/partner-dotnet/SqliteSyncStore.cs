using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using NewsApi.Client;

namespace ExamplePartner;

/// <summary>A copy in a SQLite file: a row for each resource, and the cursor beside them, written in one transaction.</summary>
public sealed class SqliteSyncStore : ISyncStore, IDisposable
{
    private readonly SqliteConnection _connection;

    public SqliteSyncStore(string file)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();
        using var command = Command(
            """
            PRAGMA journal_mode=WAL;
            CREATE TABLE IF NOT EXISTS resources (type TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, document TEXT NOT NULL, PRIMARY KEY (type, id)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS checkpoint (only INTEGER PRIMARY KEY CHECK (only = 1), cursor TEXT NOT NULL)
            """);
        command.ExecuteNonQuery();
    }

    public long Count()
    {
        using var command = Command("SELECT count(*) FROM resources");
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public Task<string?> ReadCursorAsync(CancellationToken cancellationToken)
    {
        using var command = Command("SELECT cursor FROM checkpoint");
        return Task.FromResult(command.ExecuteScalar() as string);
    }

    public Task ApplyAsync(SyncBatch batch, CancellationToken cancellationToken)
    {
        using var transaction = _connection.BeginTransaction();
        foreach (var resource in batch.Upserts)
        {
            Run(
                "INSERT OR REPLACE INTO resources (type, id, version, document) VALUES ($a, $b, $c, CAST($d AS TEXT))",
                resource.Key.Type, resource.Key.Id, resource.Version, resource.Document.ToArray());
        }

        foreach (var key in batch.Removes) Run("DELETE FROM resources WHERE type = $a AND id = $b", key.Type, key.Id);
        if (batch.Cursor is not null) Run("INSERT OR REPLACE INTO checkpoint (only, cursor) VALUES (1, $a)", batch.Cursor);
        transaction.Commit();
        return Task.CompletedTask;

        void Run(string sql, params object[] values)
        {
            using var command = Command(sql);
            command.Transaction = transaction;
            for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${(char)('a' + i)}", values[i]);
            command.ExecuteNonQuery();
        }
    }

    public async IAsyncEnumerable<SyncResource> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var command = Command("SELECT type, id, version, CAST(document AS BLOB) FROM resources ORDER BY type, id");
        using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            yield return new SyncResource(new SyncKey(rows.GetString(0), rows.GetString(1)), Version(rows.GetValue(2)), rows.GetFieldValue<byte[]>(3));
    }

    /// <summary>A row that is damaged is to be found out by comparing, and not to end that: no resource has the version 0.</summary>
    private static int Version(object stored) => stored is long and > 0 and <= int.MaxValue ? (int)(long)stored : 0;

    public void Dispose() => _connection.Dispose();

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
