using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace NewsApi.Storage;

/// <summary>
/// One prepared statement per table, used again for every row. The values are bound by their place: commands of the driver
/// look every parameter up by its name, and make a reader for every row.
/// </summary>
internal sealed class SqliteRowInserter : IRowInserter
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<RowTable, sqlite3_stmt> _prepared = [];

    public SqliteRowInserter(SqliteConnection connection)
    {
        _connection = connection;
        using var command = connection.CreateCommand();

        // Every chunk changes pages of the indexes that the one before it has changed: they are copied to their place less often.
        command.CommandText = "PRAGMA wal_autocheckpoint=8000";
        command.ExecuteNonQuery();
    }

    public Task InsertAsync(RowTable table, IReadOnlyList<object?[]> rows, CancellationToken cancel)
    {
        if (!_prepared.TryGetValue(table, out var insert)) _prepared.Add(table, insert = Prepare(table));
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++) Check(Bind(insert, i + 1, row[i]));
            if (raw.sqlite3_step(insert) is var step && step != raw.SQLITE_DONE) Check(step);
            Check(raw.sqlite3_reset(insert));
        }

        return Task.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var statement in _prepared.Values) statement.Dispose();
    }

    private sqlite3_stmt Prepare(RowTable table)
    {
        var columns = string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\""));
        var places = string.Join(", ", table.Columns.Select(_ => "?"));
        Check(raw.sqlite3_prepare_v2(_connection.Handle!, $"INSERT INTO \"{table.Name}\" ({columns}) VALUES ({places})", out var statement));
        return statement;
    }

    private static int Bind(sqlite3_stmt insert, int place, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(insert, place),
        string text => Bind(insert, place, text),
        byte[] bytes => raw.sqlite3_bind_blob(insert, place, bytes),
        double number => raw.sqlite3_bind_double(insert, place, number),
        _ => raw.sqlite3_bind_int64(insert, place, Convert.ToInt64(value, CultureInfo.InvariantCulture)),
    };

    private static int Bind(sqlite3_stmt insert, int place, string text)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, buffer);
        var code = raw.sqlite3_bind_text(insert, place, buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        return code;
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _connection.Handle);
}
