using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using NewsApi.Publishing;
using NewsApi.Storage;
using Npgsql;

namespace NewsApi.Tests.Support;

/// <summary>
/// Where the tests keep their databases: each in a file in its folder or, where the variable <c>NEWSAPI_TEST_POSTGRES</c> names a
/// server, in a database of its own there that goes by the name of the folder.
/// </summary>
internal static class TestDatabase
{
    private const string Variable = "NEWSAPI_TEST_POSTGRES";

    public static readonly string? Server = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } server ? server : null;

    private static readonly ConcurrentDictionary<string, bool> Made = [];
    private static readonly Lazy<string> Template = new(MakeTemplate);

    static TestDatabase() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var name in Made.Keys) Execute($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    };

    public static bool IsPostgres => Server is not null;

    /// <summary>The settings by which the program finds the database of a folder, which is there from now on.</summary>
    public static IEnumerable<(string Name, string Value)> Settings(string folder)
    {
        if (!IsPostgres) return [("ConnectionStrings:News", ConnectionString(folder))];

        var name = NameOf(folder);
        if (Made.TryAdd(name, true))
        {
            Execute($"CREATE DATABASE {name} TEMPLATE {Template.Value}");
            Execute($"UPDATE feed SET epoch = '{Feed.NewEpoch()}'", name);
        }

        return
        [
            ("Storage:Provider", "Postgres"), ("ConnectionStrings:News", ConnectionString(folder)), ("Storage:MigrateAtStart", "true"),
            ("Storage:ReadConnections", "4"),
        ];
    }

    /// <summary>On PostgreSQL: how to reach a database of this folder that is not there yet.</summary>
    public static string Empty(string folder)
    {
        var name = $"{NameOf(folder)}_empty";
        Made.TryAdd(name, true);
        return Database(name);
    }

    /// <summary>A connection beside the program's own.</summary>
    public static DbConnection Open(string folder)
    {
        DbConnection connection = IsPostgres
            ? new NpgsqlConnection(ConnectionString(folder))
            : new SqliteConnection(new SqliteConnectionStringBuilder(ConnectionString(folder)) { Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    public static void Drop(string folder)
    {
        if (IsPostgres && Made.TryRemove(NameOf(folder), out _)) Execute($"DROP DATABASE IF EXISTS {NameOf(folder)} WITH (FORCE)");
    }

    private static string ConnectionString(string folder) => IsPostgres ? Database(NameOf(folder)) : $"Data Source={Path.Combine(folder, "news.db")}";

    private static string NameOf(string folder) => $"newsapi_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(folder))))[..16]}";

    private static string Database(string name) => new NpgsqlConnectionStringBuilder(Server) { Database = name, Pooling = false }.ToString();

    /// <summary>A database with the schema and nothing in it, of which the others are copies.</summary>
    private static string MakeTemplate()
    {
        var name = $"newsapi_template_{Environment.ProcessId}";
        Execute($"CREATE DATABASE {name}");
        Made.TryAdd(name, true);
        using var context = new PostgresNewsDbContext(PostgresDatabase.Options(Database(name)));
        context.Database.Migrate();
        return name;
    }

    private static void Execute(string sql, string? database = null)
    {
        using var connection = new NpgsqlConnection(
            database is null ? new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ToString() : Database(database));
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
