using Npgsql;

namespace NewsApi.Storage;

/// <summary>Binary COPY: one stream per table and chunk.</summary>
internal sealed class PostgresRowInserter(NpgsqlConnection connection) : IRowInserter
{
    public async Task InsertAsync(RowTable table, IReadOnlyList<object?[]> rows, CancellationToken cancel)
    {
        // A type's name without its limit: character varying(200) is sent as character varying.
        var types = table.Columns.Select(c => c.StoreType.Split('(')[0]).ToArray();
        var columns = string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\""));
        await using var copy = await connection.BeginBinaryImportAsync($"COPY \"{table.Name}\" ({columns}) FROM STDIN (FORMAT BINARY)", cancel);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancel);
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i] is { } value) await copy.WriteAsync(value, types[i], cancel);
                else await copy.WriteNullAsync(cancel);
            }
        }

        await copy.CompleteAsync(cancel);
    }

    public void Dispose()
    {
        // Nothing outlives a chunk.
    }
}
