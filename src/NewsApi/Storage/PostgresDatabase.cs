using System.Data.Common;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace NewsApi.Storage;

/// <summary>A PostgreSQL database that any number of nodes share. Every node writes; the rows they change keep them apart.</summary>
internal sealed class PostgresDatabase : NewsDatabase
{
    private const string Channel = "newsapi_commits";
    private const long MigrationLock = 0x4E657773417069;
    private const string DuplicateDatabase = "42P04";

    /// <summary>Where the settings say nothing: a reader does not wait longer for a database that may be away.</summary>
    private const int SecondsToConnect = 5;

    /// <summary>So long everybody else is told at once that the database is away, once somebody has waited for it in vain.</summary>
    private const long AwayMilliseconds = 250;

    private static readonly TimeSpan ComesUpWithin = TimeSpan.FromSeconds(30);

    private readonly string _connectionString;
    private readonly NpgsqlDataSource _source;
    private readonly StorageOptions _options;

    /// <summary>This database, as the tools of PostgreSQL are told of it.</summary>
    private readonly string _place;
    private long _awayUntil;

    public PostgresDatabase(string? connectionString, StorageOptions options)
        : base(options.ReadConnections)
    {
        _options = options;
        NpgsqlConnectionStringBuilder connection;
        try
        {
            connection = new NpgsqlConnectionStringBuilder(connectionString ?? "");
        }
        catch (Exception e) when (e is ArgumentException or KeyNotFoundException or FormatException)
        {
            throw new SettingException("ConnectionStrings:News", $"cannot be read: {e.Message.TrimEnd('.')}");
        }

        if (string.IsNullOrEmpty(connection.Host) || string.IsNullOrEmpty(connection.Database))
            throw new SettingException("ConnectionStrings:News", "must name a host and a database: Host=localhost;Database=news;Username=news;Password=…");

        connection.ApplicationName ??= "NewsApi";
        connection.MaxAutoPrepare = 500;
        connection.AutoPrepareMinUsages = 2;
        connection.MaxPoolSize = Math.Max(connection.MaxPoolSize, options.ReadConnections + 10);
        if (!new DbConnectionStringBuilder { ConnectionString = connectionString! }.ContainsKey("Timeout")) connection.Timeout = SecondsToConnect;

        // Npgsql asks for Kerberos first: where its library is missing, that is an exception for every connection.
        if (connection.GssEncryptionMode == GssEncryptionMode.Prefer) connection.GssEncryptionMode = GssEncryptionMode.Disable;
        _connectionString = connection.ToString();
        _source = NpgsqlDataSource.Create(connection);
        _place = $"--host={connection.Host} --port={connection.Port}{(connection.Username is { } user ? $" --username={user}" : "")} --dbname={connection.Database}";
        Description = $"PostgreSQL {connection.Host}:{connection.Port}/{connection.Database}";
    }

    public override string Description { get; }

    public override bool MigratesAtStart => _options.MigrateAtStart ?? false;

    public override Statement? Announcement => _options.Notifications ? new Statement($"NOTIFY {Channel}") : null;

    public override int BulkChunk => 250;

    public override string SkipHeld => " FOR UPDATE SKIP LOCKED";

    public override async Task<DbConnection> OpenWriterAsync(CancellationToken cancel) => await OpenAsync(cancel);

    public override string Patience(bool isPatient) => $"SET LOCAL lock_timeout = '{(isPatient ? "2s" : "50ms")}'; ";

    public override IRowInserter InsertInto(DbConnection connection) => new PostgresRowInserter((NpgsqlConnection)connection);

    public override ICommitSignal ListenForCommits() => _options.Notifications ? new Listener(this) : new Pause();

    public override ISearchIndex Search { get; } = new PostgresSearchIndex();

    public override DatabaseFault FaultOf(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case WriteConflictException:
                    return DatabaseFault.Conflict;
                case PostgresException postgres:
                    return FaultOf(postgres.SqlState);
                case DatabaseAwayException or SocketException or IOException or TimeoutException:
                case NpgsqlException { IsTransient: true }:
                    return DatabaseFault.Away;
            }
        }

        return DatabaseFault.None;
    }

    public override Task BackUpAsync(FileInfo file, CancellationToken cancel) =>
        throw new BackupException($"PostgreSQL has a tool of its own for this: pg_dump --format=custom --file={file} {_place}");

    public override Task RestoreAsync(FileInfo file, bool replaces, CancellationToken cancel) => throw new BackupException(
        $"""
        PostgreSQL has a tool of its own for this. Stop every node, and run this and then the verb 'restore' without a file, by which the cursors of partners expire:
        pg_restore --clean --if-exists --single-transaction {_place} {file}
        """);

    public override void Dispose()
    {
        base.Dispose();
        _source.Dispose();
    }

    internal static DbContextOptions<PostgresNewsDbContext> Options(string connectionString) => Options(b => b.UseNpgsql(connectionString, Configure));

    protected override IModel Model
    {
        get
        {
            using var context = new PostgresNewsDbContext(Options(_connectionString));
            return context.Model;
        }
    }

    protected override NewsDbContext CreateContext(DbConnection connection) => new PostgresNewsDbContext(Options(b => b.UseNpgsql(connection, Configure)));

    protected override async Task<StoredCommands> OpenReaderAsync(CancellationToken cancel)
    {
        var connection = await OpenAsync(cancel);
        await using var command = connection.CreateCommand();

        // There is an index for everything that is read; how full a text index is of a word the planner can only guess.
        command.CommandText = "SET enable_seqscan = off";
        await command.ExecuteNonQueryAsync(cancel);
        return new StoredCommands(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    }

    /// <summary>A database that is coming up at the same time as this program is waited for.</summary>
    protected override async Task<NewsDbContext> OpenContextAsync(CancellationToken cancel)
    {
        var context = new PostgresNewsDbContext(Options(_connectionString));
        for (var start = Environment.TickCount64; ; await Task.Delay(500, cancel))
        {
            try
            {
                await context.Database.GetService<IRelationalDatabaseCreator>().ExistsAsync(cancel);
                return context;
            }
            catch (Exception e) when (FaultOf(e) == DatabaseFault.Away)
            {
                if (Environment.TickCount64 - start < ComesUpWithin.TotalMilliseconds) continue;

                await context.DisposeAsync();
                throw new SettingException("ConnectionStrings:News", $"names a database that cannot be reached: {e.GetBaseException().Message.TrimEnd('.')}");
            }
            catch (PostgresException e)
            {
                await context.DisposeAsync();
                throw new SettingException("ConnectionStrings:News", $"names a database that refuses us: {e.MessageText.TrimEnd('.')}");
            }
        }
    }

    protected override async Task<IAsyncDisposable> BeginMigrationAsync(CancellationToken cancel)
    {
        await using (var context = await OpenContextAsync(cancel))
        {
            var creator = context.Database.GetService<IRelationalDatabaseCreator>();
            try
            {
                if (!await creator.ExistsAsync(cancel)) await creator.CreateAsync(cancel);
            }
            catch (PostgresException e) when (e.SqlState == DuplicateDatabase)
            {
                // Another node was faster.
            }
        }

        // Held by the session, so that it ends with the connection, whatever becomes of us.
        var connection = await OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT pg_advisory_lock({MigrationLock})";
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync(cancel);
        return new Turn(connection);
    }

    private static void Configure(NpgsqlDbContextOptionsBuilder postgres) => postgres.UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery);

    private static DbContextOptions<PostgresNewsDbContext> Options(Action<DbContextOptionsBuilder> use)
    {
        var builder = new DbContextOptionsBuilder<PostgresNewsDbContext>();
        use(builder);
        return builder.Options;
    }

    /// <summary>By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html.</summary>
    private static DatabaseFault FaultOf(string state) => state switch
    {
        PostgresErrorCodes.LockNotAvailable => DatabaseFault.Busy,
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation => DatabaseFault.Conflict,
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.IdleSessionTimeout or PostgresErrorCodes.ReadOnlySqlTransaction => DatabaseFault.Away,
        ['0', '8', ..] or ['5', '3', ..] or ['5', '8', ..] => DatabaseFault.Away,
        _ => DatabaseFault.None,
    };

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancel)
    {
        if (Environment.TickCount64 < Volatile.Read(ref _awayUntil)) throw new DatabaseAwayException(null);

        try
        {
            return await _source.OpenConnectionAsync(cancel);
        }
        catch (Exception e) when (FaultOf(e) == DatabaseFault.Away)
        {
            Volatile.Write(ref _awayUntil, Environment.TickCount64 + AwayMilliseconds);
            throw;
        }
    }

    private sealed class Turn(NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await using (connection)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = $"SELECT pg_advisory_unlock({MigrationLock})";
                await command.ExecuteNonQueryAsync();
            }
        }
    }

    /// <summary>LISTEN on a connection of its own. While there is none, its owner looks as often as it would without.</summary>
    private sealed class Listener(PostgresDatabase database) : ICommitSignal
    {
        private NpgsqlConnection? _connection;

        public async Task WaitAsync(TimeSpan atMost, CancellationToken cancel)
        {
            try
            {
                if (_connection is null)
                {
                    _connection = await database.OpenAsync(cancel);
                    await using var listen = _connection.CreateCommand();
                    listen.CommandText = $"LISTEN {Channel}";
                    await listen.ExecuteNonQueryAsync(cancel);

                    // What was committed before we listened nobody will tell us.
                    return;
                }

                await _connection.WaitAsync(atMost, cancel);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                await DisposeAsync();
                await Task.Delay(atMost, cancel);
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_connection is null) return;

            await _connection.DisposeAsync();
            _connection = null;
        }
    }
}
