using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting.Internal;
using NewsApi.Access;
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

    /// <summary>Tables that have rows before anybody writes.</summary>
    private static readonly string[] Seeded = ["__EFMigrationsHistory", "feed", "heads", "secrets"];

    /// <summary>What has to be the same for one test as for the next.</summary>
    private const string Schema =
        """
        SELECT md5(concat(
            (SELECT string_agg(concat(c.relname, c.relkind, a.attname, a.atttypid, a.attnotnull), ',' ORDER BY c.relname, a.attnum)
                FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0),
            (SELECT string_agg(indexdef, ',' ORDER BY indexname) FROM pg_indexes WHERE schemaname = 'public'),
            (SELECT string_agg("MigrationId", ',' ORDER BY "MigrationId") FROM "__EFMigrationsHistory")))
        """;

    private static readonly ConcurrentDictionary<string, Lazy<string>> Made = [];
    private static readonly ConcurrentBag<string> Free = [];
    private static readonly Lazy<(string Name, string Schema)> Template = new(MakeTemplate);
    private static readonly Lazy<string> TemplateFile = new(MakeTemplateFile);
    private static int _made;

    public static bool IsPostgres => Server is not null;

    /// <summary>Everything that was made here goes.</summary>
    public static void DropAll()
    {
        if (TemplateFile.IsValueCreated) Directory.Delete(Path.GetDirectoryName(TemplateFile.Value)!, recursive: true);
        if (!IsPostgres) return;

        var names = Made.Values.Where(made => made.IsValueCreated).Select(made => made.Value).Concat(Free);
        foreach (var name in names.Append(Template.IsValueCreated ? Template.Value.Name : "none")) Execute($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    }

    /// <summary>The settings by which the program finds the database of a folder, which is there from now on.</summary>
    public static IEnumerable<(string Name, string Value)> Settings(string folder)
    {
        // Programs of one folder may start at once: each finds it whole.
        _ = Made.GetOrAdd(NameOf(folder), _ => new Lazy<string>(() => IsPostgres ? Take() : MakeFile(folder))).Value;
        if (!IsPostgres) return [("ConnectionStrings:News", ConnectionString(folder))];

        return
        [
            ("Storage:Provider", "Postgres"), ("ConnectionStrings:News", ConnectionString(folder)), ("Storage:MigrateAtStart", "false"),
            ("Storage:ReadConnections", "4"),
        ];
    }

    /// <summary>On PostgreSQL: how to reach a database of this folder that is not there yet.</summary>
    public static string Empty(string folder)
    {
        var name = $"{NameOf(folder)}_empty";
        Made.TryAdd(name, new Lazy<string>(name));
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

    /// <summary>Nobody needs the database of this folder any more.</summary>
    public static void Drop(string folder)
    {
        if (Made.TryRemove(NameOf(folder), out var name) && IsPostgres) Free.Add(name.Value);
    }

    private static string ConnectionString(string folder) => IsPostgres ? Database(Made[NameOf(folder)].Value) : $"Data Source={FileIn(folder)}";

    private static string FileIn(string folder) => Path.Combine(folder, "news.db");

    private static string NameOf(string folder) => $"newsapi_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(folder))))[..16]}";

    private static string Database(string name) => new NpgsqlConnectionStringBuilder(Server) { Database = name, Pooling = false }.ToString();

    /// <summary>A database with nothing in it. To make one and drop it takes longer than most tests, so one that was used is emptied instead.</summary>
    private static string Take()
    {
        while (Free.TryTake(out var used))
        {
            if (TryEmpty(used)) return used;

            Execute($"DROP DATABASE IF EXISTS {used} WITH (FORCE)");
        }

        var name = $"newsapi_{Environment.ProcessId}_{Interlocked.Increment(ref _made)}";
        Execute($"CREATE DATABASE {name} TEMPLATE {Template.Value.Name}");
        using var connection = Connect(name);
        Read(connection, MakeItsOwn());
        return name;
    }

    private static string MakeItsOwn() =>
        $"UPDATE feed SET epoch = '{Feed.NewEpoch()}', cut_to = 0, cuts = 0; UPDATE secrets SET preview_links = '\\x{Convert.ToHexStringLower(ServerSecrets.New())}'; UPDATE heads SET position = 0";

    /// <summary>False where something else than rows was changed: then it is of no use to others.</summary>
    private static bool TryEmpty(string name)
    {
        try
        {
            using var connection = Connect(name);
            Read(connection, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
            if (Read(connection, Schema) as string != Template.Value.Schema) return false;

            // Files are dear to make anew, so what is small is deleted row by row. Statistics would let plans depend on what an earlier test did.
            Read(
                connection,
                $"""
                SET lock_timeout = '10s';
                SET session_replication_role = replica;
                DO $$
                DECLARE
                    one text;
                    large text[];
                BEGIN
                    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ({string.Join(", ", Seeded.Select(t => $"'{t}'"))}) LOOP
                        IF pg_table_size(format('%I', one)::regclass) > 500000 THEN
                            large := large || format('%I', one);
                        ELSE
                            EXECUTE format('DELETE FROM %I', one);
                        END IF;
                    END LOOP;
                    IF large IS NOT NULL THEN EXECUTE 'TRUNCATE ' || array_to_string(large, ', ') || ' CASCADE'; END IF;
                    FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
                        PERFORM setval(format('%I', one)::regclass, 1, false);
                    END LOOP;
                    DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace);
                END $$;
                {MakeItsOwn()}
                """);
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }

    /// <summary>A database with the schema and nothing in it, of which the others are copies.</summary>
    private static (string Name, string Schema) MakeTemplate()
    {
        var name = $"newsapi_template_{Environment.ProcessId}";
        Execute($"CREATE DATABASE {name}");
        using (var context = new PostgresNewsDbContext(PostgresDatabase.Options(Database(name)))) context.Database.Migrate();
        using var connection = Connect(name);
        return (name, (string)Read(connection, Schema)!);
    }

    /// <summary>The same as a file.</summary>
    private static string MakeTemplateFile()
    {
        var folder = Directory.CreateTempSubdirectory("newsapi-template-").FullName;
        var file = FileIn(folder);
        using var database = new SqliteDatabase($"Data Source={file}", new HostingEnvironment { ContentRootPath = folder }, new StorageOptions());
        database.MigrateAsync(CancellationToken.None).GetAwaiter().GetResult();
        return file;
    }

    /// <summary>A file with nothing in it, unless there is one already.</summary>
    private static string MakeFile(string folder)
    {
        var file = FileIn(folder);
        if (File.Exists(file)) return file;

        File.Copy(TemplateFile.Value, file);
        using var connection = Open(folder);
        using var command = connection.CreateCommand();
        command.CommandText = $"UPDATE feed SET epoch = '{Feed.NewEpoch()}'; UPDATE secrets SET preview_links = x'{Convert.ToHexStringLower(ServerSecrets.New())}'";
        command.ExecuteNonQuery();
        return file;
    }

    private static void Execute(string sql)
    {
        using var connection = Connect(null);
        Read(connection, sql);
    }

    private static NpgsqlConnection Connect(string? database)
    {
        var connection = new NpgsqlConnection(database is null ? new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ToString() : Database(database));
        connection.Open();
        return connection;
    }

    private static object? Read(NpgsqlConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
