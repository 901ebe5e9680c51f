using System.Data;
using System.Data.Common;

namespace NewsApi.Storage;

/// <summary>A statement with its parameters: names without <c>@</c>.</summary>
internal readonly record struct Statement(string Sql, params (string Name, object? Value)[] Parameters);

/// <summary>A connection and the commands prepared on it, found again by their text.</summary>
/// <param name="connection">Goes with this.</param>
/// <param name="beginSnapshot">How several statements come to see one state of the database.</param>
internal sealed class StoredCommands(DbConnection connection, string beginSnapshot = "BEGIN") : IDisposable
{
    private const int Limit = 200;

    private readonly Dictionary<string, DbCommand> _prepared = [];

    public DbConnection Connection => connection;

    /// <summary>What has been asked on this connection, with the values it was asked with last; for tests that read plans.</summary>
    internal IReadOnlyCollection<DbCommand> Prepared => _prepared.Values;

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

        // Values go by their place; one too many or too few would be somebody else's.
        if (command.Parameters.Count != parameters.Length) throw new ArgumentException($"{parameters.Length} values for {command.Parameters.Count} parameters: {sql}", nameof(parameters));

        command.Transaction = Transaction;
        for (var i = 0; i < parameters.Length; i++) command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
        return command;
    }

    /// <summary>Runs statements in order, in one round trip where the database is far.</summary>
    public async Task RunAsync(IReadOnlyList<Statement> statements, CancellationToken cancel)
    {
        if (!connection.CanCreateBatch)
        {
            foreach (var (sql, parameters) in statements) await Prepare(sql, parameters).ExecuteNonQueryAsync(cancel);
            return;
        }

        if (statements.Count == 0) return;

        await using var batch = connection.CreateBatch();
        batch.Transaction = Transaction;
        foreach (var (sql, parameters) in statements)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = sql;
            foreach (var (name, value) in parameters)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                parameter.Value = value ?? DBNull.Value;
                command.Parameters.Add(parameter);
            }

            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Several statements that see one state of the database, until it is disposed.</summary>
    public async ValueTask<Snapshot> BeginSnapshotAsync(CancellationToken cancel)
    {
        await Prepare(beginSnapshot).ExecuteNonQueryAsync(cancel);
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
internal readonly struct Snapshot(StoredCommands? commands) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        // One that broke has ended its transaction, and what broke it is what is to be told.
        if (commands is { Connection.State: ConnectionState.Open }) await commands.Prepare("COMMIT").ExecuteNonQueryAsync();
    }
}
