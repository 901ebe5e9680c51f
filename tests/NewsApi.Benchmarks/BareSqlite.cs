using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace NewsApi.Benchmarks;

/// <summary>Read-only connections that are kept, each with its commands prepared.</summary>
internal sealed class BareSqlite(string connectionString) : IBareDatabase
{
    private readonly ConcurrentQueue<Commands> _idle = new();

    public ValueTask<BareArticle?> ArticleAsync(string id) => Read(commands =>
    {
        commands.Id.Value = id;
        using var row = commands.Article.ExecuteReader();
        return row.Read() ? new BareArticle(row.GetInt32(0), row.GetInt64(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3)) : null;
    });

    public ValueTask<List<BareCard>> NewestAsync() => Read(commands => Cards(commands.Newest));

    public ValueTask<List<BareCard>> OfPersonAsync(string person) => Read(commands =>
    {
        commands.Person.Value = person;
        return Cards(commands.OfPerson);
    });

    private static List<BareCard> Cards(SqliteCommand command)
    {
        var cards = new List<BareCard>(BareSql.Limit + 1);
        using var rows = command.ExecuteReader();
        while (rows.Read()) cards.Add(new BareCard(rows.GetString(0), rows.GetString(1), rows.GetFieldValue<byte[]>(2)));
        return cards;
    }

    private ValueTask<T> Read<T>(Func<Commands, T> read)
    {
        var commands = _idle.TryDequeue(out var kept) ? kept : new Commands(Open());
        var result = read(commands);
        _idle.Enqueue(commands);
        return ValueTask.FromResult(result);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var settings = connection.CreateCommand();
        settings.CommandText = "PRAGMA cache_size=-16384; PRAGMA mmap_size=17179869184";
        settings.ExecuteNonQuery();
        return connection;
    }

    private sealed class Commands
    {
        public Commands(SqliteConnection connection)
        {
            Article = Prepare(connection, BareSql.Article, Id);
            Newest = Prepare(connection, BareSql.Newest);
            OfPerson = Prepare(connection, BareSql.OfPerson, Person);
        }

        public SqliteCommand Article { get; }
        public SqliteCommand Newest { get; }
        public SqliteCommand OfPerson { get; }
        public SqliteParameter Id { get; } = new("$1", SqliteType.Text);
        public SqliteParameter Person { get; } = new("$1", SqliteType.Text);

        private static SqliteCommand Prepare(SqliteConnection connection, string sql, params SqliteParameter[] parameters)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            command.Parameters.AddRange(parameters);
            command.Prepare();
            return command;
        }
    }
}
