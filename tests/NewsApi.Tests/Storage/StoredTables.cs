using System.Data.Common;
using System.Globalization;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Storage;

/// <summary>A row of the change feed as it lies in the file.</summary>
internal sealed record ChangeRow(
    long Position, string Type, string Id, string Operation, string Reason, int Version, int? PreviousVersion, string Slug, string? ContentHash)
{
    /// <summary>What tests compare: "article upsert published 1 after -".</summary>
    public string Said => string.Create(CultureInfo.InvariantCulture, $"{Type} {Operation} {Reason} {Version} after {PreviousVersion?.ToString(CultureInfo.InvariantCulture) ?? "-"}");
}

/// <summary>Looks into the database beside the program that writes it.</summary>
internal sealed class StoredTables(string folder) : IDisposable
{
    private readonly DbConnection _connection = TestDatabase.Open(folder);

    public static StoredTables Of(Api api) => new(api.Folder);

    public void Dispose() => _connection.Dispose();

    /// <summary>The whole feed in order; fails where a position is missing.</summary>
    public List<ChangeRow> Changes()
    {
        var changes = Rows(
            "SELECT position, type, id, operation, reason, version, previous_version, slug, content_hash FROM changes ORDER BY position",
            r => new ChangeRow(
                r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetInt32(5),
                r.IsDBNull(6) ? null : r.GetInt32(6), r.GetString(7), r.IsDBNull(8) ? null : r.GetString(8)));
        Assert.Equal(Enumerable.Range(1, changes.Count).Select(i => (long)i), changes.Select(c => c.Position));
        Assert.Equal(changes.Count, Number("SELECT position FROM heads WHERE name = 'public'"));
        return changes;
    }

    public long Number(string sql) => Rows(sql, r => r.GetInt64(0)).Single();

    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public List<T> Rows<T>(string sql, Func<DbDataReader, T> read)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    /// <summary>Everything in the database, table by table: two of these are equal where nothing was written between.</summary>
    public string Everything() =>
        string.Join('\n', Tables().SelectMany(table => Rows($"SELECT * FROM {Readable(table)}", RowText).Order(StringComparer.Ordinal).Prepend(table)));

    public List<string> Tables() => Rows(
        TestDatabase.IsPostgres
            ? "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
            : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%\\_search\\_%' ESCAPE '\\' ORDER BY name",
        r => r.GetString(0));

    /// <summary>What the index of a set holds of each entry, by its number, in a form of its own for each database.</summary>
    public Dictionary<long, string> Tokens(string set) =>
        (TestDatabase.IsPostgres
            ? Rows($"SELECT number, CAST(tokens AS text) FROM {set}_search", r => (Number: r.GetInt64(0), Token: r.GetString(1)))
            : Rows($"SELECT doc, \"offset\", term FROM {Readable($"{set}_search")} ORDER BY doc, \"offset\"", r => (Number: r.GetInt64(0), Token: $"{r.GetInt64(1)}:{r.GetString(2)}")))
        .GroupBy(t => t.Number).ToDictionary(t => t.Key, t => string.Join(' ', t.Select(token => token.Token)));

    /// <summary>How an index of FTS5 lies in its tables depends on what was written when; what is in it does not.</summary>
    private string Readable(string table)
    {
        if (TestDatabase.IsPostgres || !table.EndsWith("_search", StringComparison.Ordinal)) return $"\"{table}\"";

        using var command = _connection.CreateCommand();
        command.CommandText = $"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{table}_tokens USING fts5vocab(main, {table}, instance)";
        command.ExecuteNonQuery();
        return $"temp.{table}_tokens";
    }

    private static string RowText(DbDataReader row) => string.Join('|', Enumerable.Range(0, row.FieldCount).Select(i => row.GetValue(i) switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture),
    }));
}
