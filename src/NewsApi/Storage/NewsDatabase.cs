using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using SQLitePCL;

namespace NewsApi.Storage;

/// <summary>Settings of section <c>Storage</c>.</summary>
internal sealed class StorageOptions
{
    /// <summary><c>full</c> (default) outlives a power cut, <c>normal</c> only a crash of the program, and is faster.</summary>
    public string Synchronous { get; init; } = "full";
}

/// <summary>
/// The database: connections for readers, the one connection for the writer, migrations at start. Everything it hands out
/// is plain ADO.NET or <see cref="NewsDbContext"/>.
/// </summary>
internal sealed class NewsDatabase : IDisposable
{
    private readonly string _connectionString;
    private readonly string _path;
    private readonly StorageOptions _options;
    private readonly ConcurrentQueue<StoredCommands> _readers = new();

    public NewsDatabase(IConfiguration configuration, IHostEnvironment environment, StorageOptions options)
    {
        _options = options;
        if (options.Synchronous is not ("full" or "normal")) throw new SettingException("Storage:Synchronous", "must be full or normal");

        SqliteConnectionStringBuilder connection;
        try
        {
            connection = new SqliteConnectionStringBuilder(configuration.GetConnectionString("News") ?? "Data Source=data/news.db");
        }
        catch (ArgumentException e)
        {
            throw new SettingException("ConnectionStrings:News", $"cannot be read: {e.Message}");
        }

        if (connection.DataSource.Length == 0 || connection.DataSource == ":memory:" || connection.Mode == SqliteOpenMode.Memory)
            throw new SettingException("ConnectionStrings:News", "must name a file: Data Source=data/news.db");

        _path = Path.GetFullPath(connection.DataSource, environment.ContentRootPath);
        connection.DataSource = _path;
        connection.Pooling = false;
        connection.ForeignKeys = true;
        connection.DefaultTimeout = 30;
        _connectionString = connection.ToString();
    }

    /// <summary>Where it is, for the log.</summary>
    public string Description => $"SQLite {_path}";

    /// <summary>The connection all writes go through. Transactions on it begin immediately.</summary>
    public async Task<DbConnection> OpenWriterAsync(CancellationToken cancel)
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancel);
        Execute(connection, $"PRAGMA synchronous={_options.Synchronous}; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY");
        return connection;
    }

    /// <summary>A context on the writer's connection, inside its transaction.</summary>
    public async Task<NewsDbContext> CreateContextAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancel)
    {
        var context = new SqliteNewsDbContext(Options(new DbContextOptionsBuilder<SqliteNewsDbContext>(), connection));
        context.Database.AutoSavepointsEnabled = false;
        await context.Database.UseTransactionAsync(transaction, cancel);
        return context;
    }

    /// <summary>Whether an error only says that somebody else holds the database.</summary>
    public bool IsBusy(Exception e) => e is SqliteException { SqliteErrorCode: 5 or 6 };

    /// <summary>A read-only connection with its prepared commands; give it back by disposing the lease.</summary>
    public ReadLease Read() => new(this, _readers.TryDequeue(out var commands) ? commands : OpenReader());

    /// <summary>Creates the file and brings the schema up to date. Two processes that start at once take turns.</summary>
    public async Task MigrateAsync(CancellationToken cancel)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException("ConnectionStrings:News", $"names a folder that cannot be made: {e.Message.TrimEnd('.')}");
        }

        await using var turn = await LockAsync(cancel);
        await using var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancel);

        // The page size can only be chosen before the first table; EF Core would make the default.
        Execute(connection, "PRAGMA page_size=16384; PRAGMA journal_mode=WAL");
        await using var context = new SqliteNewsDbContext(Options(new DbContextOptionsBuilder<SqliteNewsDbContext>(), connection));
        var known = context.Database.GetMigrations().ToHashSet();
        if ((await context.Database.GetAppliedMigrationsAsync(cancel)).FirstOrDefault(m => !known.Contains(m)) is { } unknown)
            throw new SettingException("ConnectionStrings:News", $"names a database of a newer version (it has {unknown}); start that version, or use another file");

        if (!(await context.Database.GetPendingMigrationsAsync(cancel)).Any()) return;

        // A process killed while migrating leaves a row in EF Core's own lock table, on which Migrate() would wait for ever.
        Execute(connection, "DROP TABLE IF EXISTS __EFMigrationsLock");
        await context.Database.MigrateAsync(cancel);
    }

    internal static DbContextOptions<SqliteNewsDbContext> Options(DbContextOptionsBuilder<SqliteNewsDbContext> builder, string connectionString) =>
        Options(builder.UseSqlite(connectionString, Configure));

    internal static DbContextOptions<SqliteNewsDbContext> Options(DbContextOptionsBuilder<SqliteNewsDbContext> builder, DbConnection connection) =>
        Options(builder.UseSqlite(connection, Configure));

    public void Dispose()
    {
        while (_readers.TryDequeue(out var commands)) commands.Dispose();
    }

    private static void Configure(Microsoft.EntityFrameworkCore.Infrastructure.SqliteDbContextOptionsBuilder sqlite) =>
        sqlite.UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery);

    private static DbContextOptions<SqliteNewsDbContext> Options(DbContextOptionsBuilder<SqliteNewsDbContext> builder) =>
        builder.ReplaceService<IMigrationsSqlGenerator, ClusteringSqlGenerator>().Options;

    private StoredCommands OpenReader()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(_connectionString) { Mode = SqliteOpenMode.ReadOnly }.ToString());
        connection.Open();

        // A plan that may depend on bound values, as one with LIMIT @limit does, is made anew whenever they are bound.
        raw.sqlite3_db_config(connection.Handle!, raw.SQLITE_DBCONFIG_ENABLE_QPSG, 1, out _);
        Execute(connection, "PRAGMA query_only=1; PRAGMA cache_size=-16384; PRAGMA mmap_size=17179869184");
        return new StoredCommands(connection);
    }

    private async Task<FileStream> LockAsync(CancellationToken cancel)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return new FileStream(_path + ".migrating", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (tries < 600)
            {
                await Task.Delay(100, cancel);
            }
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>A reader's connection for the time of one request.</summary>
    internal readonly struct ReadLease(NewsDatabase database, StoredCommands commands) : IDisposable
    {
        public StoredCommands Commands { get; } = commands;

        public void Dispose() => database._readers.Enqueue(Commands);
    }
}

/// <summary>A connection and the commands prepared on it, found again by their text.</summary>
internal sealed class StoredCommands(DbConnection connection) : IDisposable
{
    private const int Limit = 200;

    private readonly Dictionary<string, DbCommand> _prepared = [];

    /// <summary>Set where the connection is in a transaction of the writer.</summary>
    public DbTransaction? Transaction { get; set; }

    /// <summary>The command with its parameters set: names without <c>@</c>.</summary>
    public DbCommand Prepare(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            if (_prepared.Count >= Limit) Forget();

            command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in parameters)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                command.Parameters.Add(parameter);
            }

            _prepared.Add(sql, command);
        }

        command.Transaction = Transaction;
        for (var i = 0; i < parameters.Length; i++) command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
        return command;
    }

    /// <summary>Several statements that see one state of the database, until it is disposed.</summary>
    public Snapshot BeginSnapshot()
    {
        Prepare("BEGIN").ExecuteNonQuery();
        return new Snapshot(this);
    }

    public void Dispose()
    {
        Forget();
        connection.Dispose();
    }

    private void Forget()
    {
        foreach (var command in _prepared.Values) command.Dispose();
        _prepared.Clear();
    }
}

/// <summary>A read transaction.</summary>
internal readonly struct Snapshot(StoredCommands? commands) : IDisposable
{
    public void Dispose() => commands?.Prepare("COMMIT").ExecuteNonQuery();
}
