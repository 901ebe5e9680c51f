using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using NewsApi.Client;

namespace ExamplePartner;

/// <summary>A copy in a SQLite file: a row for each resource, and the cursor beside them, written in one transaction.</summary>
public sealed class SqliteSyncStore : ISyncStore, IDisposable
{
    private readonly string _address;
    private readonly SqliteConnection _connection;

    /// <summary>A connection is for one at a time, and a repair may run beside a follower.</summary>
    private readonly Lock _gate = new();

    public SqliteSyncStore(string file)
    {
        _address = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString();
        _connection = new SqliteConnection(_address);
        _connection.Open();
        using var command = Command(
            _connection,
            """
            PRAGMA journal_mode=WAL;
            CREATE TABLE IF NOT EXISTS resources (type TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, document TEXT NOT NULL, PRIMARY KEY (type, id)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS checkpoint (only INTEGER PRIMARY KEY CHECK (only = 1), cursor TEXT NOT NULL)
            """);
        command.ExecuteNonQuery();
    }

    public long Count()
    {
        lock (_gate) return Convert.ToInt64(Scalar("SELECT count(*) FROM resources"), CultureInfo.InvariantCulture);
    }

    public Task<string?> ReadCursorAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(Scalar("SELECT cursor FROM checkpoint") as string);
    }

    public Task ApplyAsync(SyncBatch batch, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            foreach (var resource in batch.Upserts) Put(transaction, resource);
            foreach (var key in batch.Removes) Drop(transaction, key);
            if (batch.Cursor is not null) Run(transaction, "INSERT OR REPLACE INTO checkpoint (only, cursor) VALUES (1, $a)", batch.Cursor);
            transaction.Commit();
        }

        return Task.CompletedTask;
    }

    public Task<bool> RepairAsync(string cursor, IReadOnlyList<SyncRepair> repairs, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // It begins with the lock for writing, so nobody else moves the copy between a look at it and the commit.
            using var transaction = _connection.BeginTransaction();
            if (Scalar("SELECT cursor FROM checkpoint", transaction) as string != cursor) return Task.FromResult(false);

            foreach (var (key, version, resource) in repairs)
            {
                var stored = Scalar("SELECT version FROM resources WHERE type = $a AND id = $b", transaction, key.Type, key.Id);
                if ((stored is null ? null : (int?)Version(stored)) != version) continue;

                if (resource is null) Drop(transaction, key);
                else Put(transaction, resource);
            }

            transaction.Commit();
        }

        return Task.FromResult(true);
    }

    public async IAsyncEnumerable<SyncResource> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Of its own, so that what is read is of one moment, whatever is written meanwhile.
        await using var connection = new SqliteConnection(_address);
        await connection.OpenAsync(cancellationToken);
        await using var command = Command(connection, "SELECT type, id, version, CAST(document AS BLOB) FROM resources ORDER BY type, id");
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            yield return new SyncResource(new SyncKey(rows.GetString(0), rows.GetString(1)), Version(rows.GetValue(2)), rows.GetFieldValue<byte[]>(3));
    }

    /// <summary>A row that is damaged is to be found out by comparing, and not to end that: no resource has the version 0.</summary>
    private static int Version(object stored) => stored is long and > 0 and <= int.MaxValue ? (int)(long)stored : 0;

    public void Dispose() => _connection.Dispose();

    private static void Put(SqliteTransaction transaction, SyncResource resource) => Run(
        transaction, "INSERT OR REPLACE INTO resources (type, id, version, document) VALUES ($a, $b, $c, CAST($d AS TEXT))",
        resource.Key.Type, resource.Key.Id, resource.Version, resource.Document.ToArray());

    private static void Drop(SqliteTransaction transaction, SyncKey key) => Run(transaction, "DELETE FROM resources WHERE type = $a AND id = $b", key.Type, key.Id);

    private static void Run(SqliteTransaction transaction, string sql, params object[] values)
    {
        using var command = Command(transaction.Connection!, sql, values);
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    private object? Scalar(string sql, SqliteTransaction? transaction = null, params object[] values)
    {
        using var command = Command(_connection, sql, values);
        command.Transaction = transaction;
        return command.ExecuteScalar();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params object[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${(char)('a' + i)}", values[i]);
        return command;
    }
}
