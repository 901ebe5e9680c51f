using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using NewsApi.Publishing;
using SQLitePCL;

namespace NewsApi.Storage;

/// <summary>Copies of a SQLite database: each is made under another name, and counts only once it is whole.</summary>
internal static class SqliteBackup
{
    private const int Busy = 5;
    private const int Interrupted = 9;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>Copies the database as it stands at one moment. Whoever writes meanwhile waits for nothing.</summary>
    public static async Task WriteAsync(string database, FileInfo file, CancellationToken cancel)
    {
        if (!File.Exists(database)) throw new BackupException($"There is no database {database}.");
        if (file.Exists || Directory.Exists(file.FullName)) throw new BackupException($"There is a file {file} already; a backup takes the place of nothing.");
        if (file.Directory is { Exists: false } folder) throw new BackupException($"There is no folder {folder.FullName}.");

        var half = file.FullName + ".partial";
        try
        {
            Delete(half);
            Copy(database, half, cancel);
            await CheckAsync(half, database, cancel);
            using (var copy = File.OpenHandle(half, FileMode.Open, FileAccess.ReadWrite)) RandomAccess.FlushToDisk(copy);
            File.Move(half, file.FullName);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == Interrupted)
        {
            throw new BackupException("Stopped. There is no backup.");
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"The backup cannot be made: {e.Message}");
        }
        finally
        {
            Delete(half);
        }
    }

    /// <summary>
    /// Puts a backup in the place of the database, in a history of its own. It is checked and made ready beside the database and then written into its
    /// file in one transaction, which a crash undoes; so nobody who starts meanwhile is left with a file that has no name any more.
    /// </summary>
    public static async Task RestoreAsync(FileInfo file, string database, bool replaces, CancellationToken cancel)
    {
        if (!file.Exists) throw new BackupException($"There is no file {file}.");
        if (!replaces && new FileInfo(database) is { Exists: true, Length: > 0 })
            throw new BackupException($"There is a database {database} already. With --force the backup takes its place, and what is in it now is lost.");

        var half = database + ".restoring";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(database)!);
            Delete(half);
            CopyPages(file, half);
            await CheckAsync(half, file.ToString(), cancel);
            await BeginHistoryAsync(half, cancel);
            Replace(half, database);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"The backup cannot be put in the place of {database}: {e.Message}");
        }
        finally
        {
            Delete(half);
        }
    }

    private static void Copy(string from, string to, CancellationToken cancel)
    {
        using var source = Open(from, SqliteOpenMode.ReadOnly);

        // One call that may take minutes: what is to stop has to be stopped inside.
        using var stop = cancel.Register(() => raw.sqlite3_interrupt(source.Handle!));
        using var command = source.CreateCommand();
        command.CommandText = "VACUUM INTO @to";
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue("@to", to);
        command.ExecuteNonQuery();
    }

    /// <summary>As they are, so that the check sees all of what came; with what waits in a log beside the file.</summary>
    private static void CopyPages(FileInfo from, string to)
    {
        try
        {
            using var source = Open(from.FullName, SqliteOpenMode.ReadOnly);
            using var copy = Open(to, SqliteOpenMode.ReadWriteCreate);
            source.BackupDatabase(copy);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            throw new BackupException($"{from} is no database, or a damaged one: {e.Message}");
        }
    }

    /// <summary>That a copy is whole, and one that this version can go on with.</summary>
    private static async Task CheckAsync(string copy, string name, CancellationToken cancel)
    {
        using var connection = Open(copy, SqliteOpenMode.ReadOnly);
        if (Read(connection, "PRAGMA integrity_check(1)") is not "ok" and var fault) throw new BackupException($"{name} is damaged: {fault}");

        await using var db = new SqliteNewsDbContext(SqliteDatabase.Options(connection.ConnectionString));
        var known = db.Database.GetMigrations().ToHashSet();
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancel)).ToList();
        if (!applied.Exists(known.Contains) || Read(connection, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'feed'") is null)
            throw new BackupException($"{name} is no database of this program.");
        if (applied.Find(m => !known.Contains(m)) is { } unknown)
            throw new BackupException($"{name} is a database of a newer version (it has {unknown}); use that version.");
    }

    private static async Task BeginHistoryAsync(string copy, CancellationToken cancel)
    {
        await using var db = new SqliteNewsDbContext(SqliteDatabase.Options(ConnectionString(copy, SqliteOpenMode.ReadWrite)));
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await FeedHistory.BeginAsync(db, cancel);
        await transaction.CommitAsync(cancel);
    }

    private static void Replace(string copy, string database)
    {
        using var source = Open(copy, SqliteOpenMode.ReadOnly);
        using var target = Open(database, SqliteOpenMode.ReadWriteCreate);
        try
        {
            // Whoever has the database open, be it for reading, keeps its log from being put away. The lock that follows is ours until we close.
            Read(target, "PRAGMA journal_mode=DELETE; PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT");
        }
        catch (SqliteException e) when (e.SqliteErrorCode == Busy)
        {
            throw new BackupException($"{database} is in use. Stop the server, and whatever else has it open, and restore again.");
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            throw new BackupException($"{database} is so damaged that nobody can tell whether it is in use. Stop the server, move the file away and restore again.");
        }

        source.BackupDatabase(target);

        // A start that does not migrate takes it as it is.
        Read(target, "PRAGMA journal_mode=WAL");
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(ConnectionString(path, mode));
        connection.Open();
        return connection;
    }

    private static string ConnectionString(string path, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 2 }.ToString();

    private static object? Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static void Delete(string half)
    {
        foreach (var rest in (string[])["", "-journal", "-wal", "-shm"]) File.Delete(half + rest);
    }
}
