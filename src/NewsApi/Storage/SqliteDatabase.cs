using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using SQLitePCL;

namespace NewsApi.Storage;

/// <summary>One file. Processes that share it take turns in writing.</summary>
internal sealed class SqliteDatabase : NewsDatabase
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromMilliseconds(200);

    private readonly string _connectionString;
    private readonly string _path;
    private readonly StorageOptions _options;

    public SqliteDatabase(string? connectionString, IHostEnvironment environment, StorageOptions options)
        : base(readers: int.MaxValue)
    {
        _options = options;
        SqliteConnectionStringBuilder connection;
        try
        {
            connection = new SqliteConnectionStringBuilder(connectionString ?? "Data Source=data/news.db");
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

    public override string Description => $"SQLite {_path}";

    public override bool MigratesAtStart => _options.MigrateAtStart ?? true;

    public override int BulkChunk => 1_000;

    public override async Task<DbConnection> OpenWriterAsync(CancellationToken cancel)
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancel);

        // Deleted text is overwritten, as an erased one must be; that costs less than to tell the two apart.
        Execute(connection, $"PRAGMA synchronous={_options.Synchronous}; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON");
        return connection;
    }

    public override IRowInserter InsertInto(DbConnection connection) => new SqliteRowInserter((SqliteConnection)connection);

    public override ISearchIndex Search { get; } = new SqliteSearchIndex();

    public override DatabaseFault FaultOf(Exception e) =>
        (e as SqliteException ?? e.InnerException as SqliteException)?.SqliteErrorCode is 5 or 6 ? DatabaseFault.Busy : DatabaseFault.None;

    public override async Task PurgeLogAsync(CancellationToken cancel)
    {
        await using var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancel);
        while (!TruncateLog(connection)) await Task.Delay(LogInterval, cancel);
    }

    public override void Dispose()
    {
        base.Dispose();
        try
        {
            // The last to close a file empties its log, unless it was only reading.
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder(_connectionString) { Mode = SqliteOpenMode.ReadWrite }.ToString());
            connection.Open();
            TruncateLog(connection);
        }
        catch (SqliteException)
        {
            // There is no file, or it is away: the next start sees to it.
        }
    }

    /// <summary>A file tells nobody of its commits.</summary>
    public override ICommitSignal ListenForCommits() => new Pause();

    public override Task BackUpAsync(FileInfo file, CancellationToken cancel) => SqliteBackup.WriteAsync(_path, file, cancel);

    public override Task RestoreAsync(FileInfo file, bool replaces, CancellationToken cancel) => SqliteBackup.RestoreAsync(file, _path, replaces, cancel);

    internal static DbContextOptions<SqliteNewsDbContext> Options(string connectionString) => Options(b => b.UseSqlite(connectionString, Configure));

    protected override IModel Model
    {
        get
        {
            using var context = new SqliteNewsDbContext(Options(_connectionString));
            return context.Model;
        }
    }

    protected override NewsDbContext CreateContext(DbConnection connection) => new SqliteNewsDbContext(Options(b => b.UseSqlite(connection, Configure)));

    protected override async Task<StoredCommands> OpenReaderAsync(CancellationToken cancel)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(_connectionString) { Mode = SqliteOpenMode.ReadOnly }.ToString());
        await connection.OpenAsync(cancel);

        // A plan that depends on bound values would be made anew whenever they are bound.
        raw.sqlite3_db_config(connection.Handle!, raw.SQLITE_DBCONFIG_ENABLE_QPSG, 1, out _);
        Execute(connection, "PRAGMA query_only=1; PRAGMA cache_size=-16384; PRAGMA mmap_size=17179869184");
        return new StoredCommands(connection);
    }

    protected override Task<NewsDbContext> OpenContextAsync(CancellationToken cancel) =>
        Task.FromResult<NewsDbContext>(new SqliteNewsDbContext(Options(_connectionString)));

    /// <summary>Creates the file, with the page size that can only be chosen before the first table; EF Core would make the default.</summary>
    protected override async Task<IAsyncDisposable> BeginMigrationAsync(CancellationToken cancel)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException("ConnectionStrings:News", $"names a folder that cannot be made: {e.Message.TrimEnd('.')}");
        }

        var turn = await LockAsync(cancel);
        await using var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancel);
        Execute(connection, "PRAGMA page_size=16384; PRAGMA journal_mode=WAL");
        TruncateLog(connection);
        return turn;
    }

    protected override async Task MigrateAsync(NewsDbContext context, CancellationToken cancel)
    {
        // A process killed while migrating leaves a row in EF Core's own lock table, on which Migrate() would wait for ever.
        await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS __EFMigrationsLock", cancel);
        await context.Database.MigrateAsync(cancel);
    }

    private static void Configure(SqliteDbContextOptionsBuilder sqlite) => sqlite.UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery);

    private static DbContextOptions<SqliteNewsDbContext> Options(Action<DbContextOptionsBuilder> use)
    {
        var builder = new DbContextOptionsBuilder<SqliteNewsDbContext>();
        use(builder);
        return builder.ReplaceService<IMigrationsSqlGenerator, ClusteringSqlGenerator>().Options;
    }

    /// <summary>Takes everything from the log into the file; false where others use it. Writers wait for that, so it does not wait long for readers.</summary>
    private static bool TruncateLog(SqliteConnection connection)
    {
        Execute(connection, "PRAGMA busy_timeout=50");
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) == 0;
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
}
