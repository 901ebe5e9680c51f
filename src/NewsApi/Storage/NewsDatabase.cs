using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace NewsApi.Storage;

/// <summary>What an error of the database means for the one who asked.</summary>
internal enum DatabaseFault
{
    /// <summary>A fault of ours.</summary>
    None,

    /// <summary>Somebody else holds what is needed, and did not let go in time.</summary>
    Busy,

    /// <summary>Two writers met on the same thing; the same work run again sees what the other one did.</summary>
    Conflict,

    /// <summary>The database cannot be reached, or not now.</summary>
    Away,
}

/// <summary>The database cannot be reached; the same request may succeed in a moment.</summary>
internal sealed class DatabaseAwayException(Exception? cause) : Exception("The database cannot be reached.", cause);

/// <summary>What was read a moment ago is not so any more; the same work is to be run again.</summary>
internal sealed class WriteConflictException() : Exception("Another writer was faster.");

/// <summary>
/// The database: connections for readers and for writers, the schema. Everything it hands out is plain
/// ADO.NET or <see cref="NewsDbContext"/>; what differs between databases is in its two implementations.
/// </summary>
internal abstract class NewsDatabase : IDisposable
{
    private readonly ConcurrentQueue<StoredCommands> _idle = new();
    private readonly SemaphoreSlim _turns;
    private readonly Lazy<RowTables> _tables;

    protected NewsDatabase(int readers)
    {
        _turns = new SemaphoreSlim(readers);
        _tables = new Lazy<RowTables>(() => new RowTables(Model));
    }

    /// <summary>Where it is, for the log.</summary>
    public abstract string Description { get; }

    /// <summary>Whether the schema is brought up to date when the program starts.</summary>
    public abstract bool MigratesAtStart { get; }

    /// <summary>Run in the writer's transaction before its commit, to tell other nodes; nothing where they look for themselves.</summary>
    public virtual Statement? Announcement => null;

    /// <summary>The database that the settings name.</summary>
    public static NewsDatabase Create(IServiceProvider services)
    {
        var options = services.GetRequiredService<StorageOptions>();
        var connectionString = services.GetRequiredService<IConfiguration>().GetConnectionString("News");
        options.Check();
        return options.Provider == StorageOptions.Postgres
            ? new PostgresDatabase(connectionString, options)
            : new SqliteDatabase(connectionString, services.GetRequiredService<IHostEnvironment>(), options);
    }

    /// <summary>A connection to write on: the Publisher has one, a bulk run two of its own. Transactions on it see what others have committed.</summary>
    public abstract Task<DbConnection> OpenWriterAsync(CancellationToken cancel);

    /// <summary>
    /// Goes before a statement of the writer and says how long what follows waits for rows that others hold. Who holds rows
    /// already has no patience: others may be waiting for those.
    /// </summary>
    public virtual string Patience(bool isPatient) => "";

    /// <summary>
    /// How many new resources a bulk write puts into one transaction: enough that a page of an index is written once for several
    /// rows, and no more than the memory and the patience of other writers allow.
    /// </summary>
    public abstract int BulkChunk { get; }

    /// <summary>Goes after a query of the writer that takes work to be done once: rows that another node has taken are passed over.</summary>
    public virtual string SkipHeld => "";

    /// <summary>A context on a connection that is open, a reader's or a writer's, inside its transaction where there is one.</summary>
    public async Task<NewsDbContext> CreateContextAsync(DbConnection connection, DbTransaction? transaction, CancellationToken cancel)
    {
        var context = CreateContext(connection);
        context.Database.AutoSavepointsEnabled = false;
        await context.Database.UseTransactionAsync(transaction, cancel);
        return context;
    }

    /// <summary>A context on a reader's connection: it sees what the commands see.</summary>
    public Task<NewsDbContext> OpenModelAsync(StoredCommands commands, CancellationToken cancel) =>
        CreateContextAsync(commands.Connection, commands.Transaction, cancel);

    /// <summary>The tables as rows are inserted into them in bulk.</summary>
    public RowTables Tables => _tables.Value;

    /// <summary>Inserts rows in bulk on a connection of <see cref="OpenWriterAsync"/>.</summary>
    public abstract IRowInserter InsertInto(DbConnection connection);

    public abstract ISearchIndex Search { get; }

    public abstract DatabaseFault FaultOf(Exception e);

    /// <summary>Listens for commits of other nodes, until it is disposed.</summary>
    public abstract ICommitSignal ListenForCommits();

    /// <summary>
    /// Runs a read on a connection of its own. One that was kept from before the database went away is replaced, and the read
    /// begins again; where the database is away now this ends in <see cref="DatabaseAwayException"/>.
    /// </summary>
    public async ValueTask<T> ReadAsync<T>(Func<StoredCommands, ValueTask<T>> read, CancellationToken cancel)
    {
        await _turns.WaitAsync(cancel);
        try
        {
            while (true)
            {
                var isKept = _idle.TryDequeue(out var commands);
                try
                {
                    commands ??= await OpenReaderAsync(cancel);
                    var result = await read(commands);
                    _idle.Enqueue(commands);
                    return result;
                }
                catch (Exception e)
                {
                    commands?.Dispose();
                    if (e is DatabaseAwayException || FaultOf(e) != DatabaseFault.Away) throw;
                    if (!isKept) throw new DatabaseAwayException(e);
                }
            }
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>The same by the model, for tables that are not read often.</summary>
    public ValueTask<T> ReadModelAsync<T>(Func<NewsDbContext, StoredCommands, Task<T>> read, CancellationToken cancel) => ReadAsync(
        async commands =>
        {
            await using var db = await OpenModelAsync(commands, cancel);
            return await read(db, commands);
        },
        cancel);

    /// <summary>Makes the database where there is none and brings its schema up to date; nodes that start at once take turns.</summary>
    /// <returns>The migrations that were missing.</returns>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancel)
    {
        await using var turn = await BeginMigrationAsync(cancel);
        await using var context = await OpenContextAsync(cancel);
        var missing = await MissingAsync(context, cancel);
        if (missing.Count > 0) await MigrateAsync(context, cancel);
        return missing;
    }

    /// <summary>Refuses a schema that this version does not know how to use.</summary>
    public async Task CheckSchemaAsync(CancellationToken cancel)
    {
        await using var context = await OpenContextAsync(cancel);
        var missing = await MissingAsync(context, cancel);
        if (missing.Count > 0)
            throw new SettingException("ConnectionStrings:News", $"names a database of an older version, or an empty one (it lacks {missing[0]}); run the verb 'migrate' once, or set Storage:MigrateAtStart=true");
    }

    /// <summary>
    /// What was deleted is overwritten where it lay; returns when no log of the database holds it either, which readers can put off. Where the
    /// database keeps its log in its own way, at once.
    /// </summary>
    public virtual Task PurgeLogAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Copies everything into a file that is not there yet, beside others who write. A fault is a <see cref="BackupException"/>.</summary>
    public abstract Task BackUpAsync(FileInfo file, CancellationToken cancel);

    /// <summary>Puts such a copy in the place of this database, with a new epoch of the feed. A fault is a <see cref="BackupException"/>.</summary>
    /// <param name="file">The copy.</param>
    /// <param name="replaces">Whether there may be something that is lost by it.</param>
    /// <param name="cancel">Stops it.</param>
    public abstract Task RestoreAsync(FileInfo file, bool replaces, CancellationToken cancel);

    public virtual void Dispose()
    {
        while (_idle.TryDequeue(out var commands)) commands.Dispose();
        _turns.Dispose();
    }

    protected abstract IModel Model { get; }

    protected abstract NewsDbContext CreateContext(DbConnection connection);

    protected abstract Task<StoredCommands> OpenReaderAsync(CancellationToken cancel);

    /// <summary>A context with a connection of its own, for the schema.</summary>
    protected abstract Task<NewsDbContext> OpenContextAsync(CancellationToken cancel);

    /// <summary>Makes the database where there is none, and keeps others from migrating at the same time.</summary>
    protected abstract Task<IAsyncDisposable> BeginMigrationAsync(CancellationToken cancel);

    protected virtual Task MigrateAsync(NewsDbContext context, CancellationToken cancel) => context.Database.MigrateAsync(cancel);

    private static async Task<IReadOnlyList<string>> MissingAsync(NewsDbContext context, CancellationToken cancel)
    {
        var known = context.Database.GetMigrations().ToHashSet();
        if ((await context.Database.GetAppliedMigrationsAsync(cancel)).FirstOrDefault(m => !known.Contains(m)) is { } unknown)
            throw new SettingException("ConnectionStrings:News", $"names a database of a newer version (it has {unknown}); start that version, or use another database");

        return [.. await context.Database.GetPendingMigrationsAsync(cancel)];
    }
}

/// <summary>Hears of nothing: its owner looks when the time is over.</summary>
internal sealed class Pause : ICommitSignal
{
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancel) => Task.Delay(atMost, cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Hears of commits, ours and others'. Hearing too much or too late does no harm.</summary>
internal interface ICommitSignal : IAsyncDisposable
{
    /// <summary>Returns with the next commit, or when the time is over.</summary>
    Task WaitAsync(TimeSpan atMost, CancellationToken cancel);
}
