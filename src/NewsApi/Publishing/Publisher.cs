using System.Data.Common;
using System.Threading.Channels;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>What a write came to: the handler's value and the newest document of every resource it touched.</summary>
internal sealed record Written<T>(T Value, IReadOnlyDictionary<ResourceKey, StoredDocument> Documents);

/// <summary>
/// The one door for writes. They wait in a queue; what waits together shares a commit, each behind a savepoint of its own,
/// and hears of success only when it is on disk. Rows, documents, filters and change entries stand or fall together, and
/// positions are given last, so that their order is the order of the commits.
/// </summary>
internal sealed class Publisher : BackgroundService
{
    private const int CommitsTogether = 64;
    private const string Held = "What this changes is held by another writer.";

    /// <summary>A transaction takes up no further write after this time.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromMilliseconds(500);

    private readonly NewsDatabase _database;
    private readonly AnswerCache _cache;
    private readonly KnownHeads _heads;
    private readonly TimeProvider _clock;
    private readonly ILogger<Publisher> _logger;
    private readonly Dictionary<ResourceType, IRenderer> _renderers;
    private readonly FeedWriter _feed;
    private readonly Channel<QueuedWrite> _queue = Channel.CreateUnbounded<QueuedWrite>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Queue<QueuedWrite> _again = new();

    private CancellationToken _stopping;
    private DbConnection? _connection;
    private StoredCommands? _commands;

    public Publisher(
        NewsDatabase database, IEnumerable<IRenderer> renderers, AnswerCache cache, KnownHeads heads, TimeProvider clock, ILogger<Publisher> logger)
    {
        (_database, _cache, _heads, _clock, _logger) = (database, cache, heads, clock, logger);
        _renderers = renderers.ToDictionary(r => r.Type);
        _feed = new FeedWriter(database, clock);
    }

    /// <summary>Raised after a commit that left documents to be rendered in batches.</summary>
    public event Action? WorkLeft;

    /// <summary>
    /// Runs a change inside the writer's transaction. The delegate loads, checks and changes; where it answers with a
    /// problem, nothing is kept. Returns after the commit.
    /// </summary>
    public Task<Outcome<Written<T>>> WriteAsync<T>(
        Func<NewsDbContext, CancellationToken, Task<Outcome<T>>> change, Caller caller, CancellationToken cancel) =>
        EnqueueAsync<T>((session, token) => RunAsync(session, change, token), caller, cancel);

    /// <summary>
    /// The same, with the answer that the client gets. Where the request came with an <c>Idempotency-Key</c>, that answer is kept in the
    /// same transaction, and given again instead of writing twice.
    /// </summary>
    public Task<Outcome<WriteAnswer>> AnswerAsync<T>(
        Func<NewsDbContext, CancellationToken, Task<Outcome<T>>> change, Func<Written<T>, WriteAnswer> answer, Caller caller, CancellationToken cancel) =>
        AnswerAsync((session, token) => RunAsync(session, change, token), answer, caller, cancel);

    /// <summary>Several changes, each built on those before it, in one write: all of them or none.</summary>
    public Task<Outcome<WriteAnswer>> AnswerAllAsync<T>(
        IReadOnlyList<Func<NewsDbContext, CancellationToken, Task<Outcome<T>>>> changes, Func<IReadOnlyList<T>, WriteAnswer> answer, Caller caller,
        CancellationToken cancel) =>
        AnswerAsync<IReadOnlyList<T>>(
            async (session, token) =>
            {
                var done = new List<T>(changes.Count);
                foreach (var change in changes)
                {
                    var outcome = await RunAsync(session, change, token);
                    if (outcome.Problem is not null) return outcome.Problem;

                    done.Add(outcome.Value!);
                    session.Db.ChangeTracker.Clear();
                }

                return done;
            },
            written => answer(written.Value),
            caller,
            cancel);

    private async Task<Outcome<WriteAnswer>> AnswerAsync<T>(
        Func<WriteSession, CancellationToken, Task<Outcome<T>>> work, Func<Written<T>, WriteAnswer> answer, Caller caller, CancellationToken cancel)
    {
        WriteAnswer? kept = null;
        var outcome = await EnqueueAsync(
            async (session, token) =>
            {
                if (caller.Once is not null)
                {
                    var before = await session.BeginOnceAsync(caller.Once, token);
                    if (before.Problem is not null) return before.Problem;

                    kept = before.Value;
                    if (kept is not null) return default;
                }

                return await work(session, token);
            },
            caller,
            cancel,
            keep: written => caller.Once is null || kept is not null ? null : KeptAnswers.Keep(caller.Once, answer(written)));
        if (outcome.Problem is not null) return outcome.Problem;

        return kept ?? answer(outcome.Value!);
    }

    /// <summary>Renders the next batch of documents that an earlier write left; false where there is none.</summary>
    internal async Task<bool> ContinueAsync(int limit, CancellationToken cancel)
    {
        var outcome = await EnqueueAsync<bool>(async (session, token) => await session.Documents.ContinueAsync(_database.SkipHeld, limit, token), Caller.System, cancel);
        return outcome.Problem is null && outcome.Value!.Value;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What waits is still written; what comes later is refused.
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } running) await running.WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _commands?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        var batch = new List<QueuedWrite>(CommitsTogether);
        while (_again.Count > 0 || await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < CommitsTogether && (_again.TryDequeue(out var waiting) || _queue.Reader.TryRead(out waiting)))
            {
                if (!waiting.WasCancelled()) batch.Add(waiting);
            }

            if (batch.Count > 0) await CommitAsync(batch);
            batch.Clear();
        }
    }

    private static async Task<Outcome<T>> RunAsync<T>(
        WriteSession session, Func<NewsDbContext, CancellationToken, Task<Outcome<T>>> change, CancellationToken cancel)
    {
        var outcome = await change(session.Db, cancel);
        if (outcome.Problem is not null) return outcome.Problem;

        await session.SaveAsync(cancel);
        return outcome;
    }

    private async Task<Outcome<Written<T>>> EnqueueAsync<T>(
        Func<WriteSession, CancellationToken, Task<Outcome<T>>> work, Caller caller, CancellationToken cancel, Func<Written<T>, Statement?>? keep = null)
    {
        var waiting = new QueuedWrite<T>(work, caller, keep, cancel);
        return _queue.Writer.TryWrite(waiting) ? await waiting.Task : Problems.Unavailable("The server is shutting down.");
    }

    private async Task CommitAsync(List<QueuedWrite> batch)
    {
        var done = new List<QueuedWrite>(batch.Count);
        try
        {
            await OpenAsync();
            await using var transaction = await _connection!.BeginTransactionAsync();
            _commands!.Transaction = transaction;
            var renders = new List<Render>();
            var rendered = new RenderedInCommit();
            var (leftWork, changedLists, changedKeys, erases) = (false, false, false, false);
            var began = _clock.GetTimestamp();
            foreach (var waiting in batch)
            {
                // Others may be waiting for what this transaction holds.
                if (done.Count > 0 && _clock.GetElapsedTime(began) > LongEnough)
                {
                    _again.Enqueue(waiting);
                    continue;
                }

                var (isDone, session) = await RunAsync(waiting, transaction, rendered, isFirst: waiting == batch[0]);
                if (isDone) done.Add(waiting);
                renders.AddRange(session?.Documents.Renders ?? []);
                leftWork |= session?.Documents.LeftWork ?? false;
                changedLists |= session?.ChangedLists ?? false;
                changedKeys |= session?.ChangedKeys ?? false;
                erases |= session?.Erases ?? false;
            }

            if (done.All(w => w.Failed))
            {
                await transaction.RollbackAsync();
            }
            else
            {
                var moved = await _feed.WriteAsync(_commands!, renders, changedLists, changedKeys);
                await _commands.RunAsync([.. done.Select(w => w.Keep()).OfType<Statement>()], CancellationToken.None);
                await transaction.CommitAsync();
                _cache.Expire([.. renders.Where(r => r.IsPublic).Select(r => r.Key)]);
                if (changedLists) _cache.ExpireLists();

                // Who changed a key reads the keys again, and so does everybody who finds this head moved.
                foreach (var (head, before, after) in moved.Where(m => m.Head != Head.Access)) _heads.Advance(head, before, after);
            }

            if (leftWork) WorkLeft?.Invoke();
            if (erases) _ = PurgeAsync();
            foreach (var waiting in done) waiting.Answer();
        }
        catch (Exception e)
        {
            await CloseAsync();
            var fault = _database.FaultOf(e);
            if (fault == DatabaseFault.None) _logger.LogError(e, "A commit of {Writes} writes failed", batch.Count);
            foreach (var waiting in batch.Except(_again))
            {
                switch (fault)
                {
                    case DatabaseFault.None:
                        waiting.Fail(e);
                        break;
                    case DatabaseFault.Conflict when waiting.MayTryAgain():
                        _again.Enqueue(waiting);
                        break;
                    case DatabaseFault.Away:
                        waiting.Refuse(Problems.Unavailable("The database cannot be reached."));
                        break;
                    default:
                        GiveUp(waiting, e);
                        break;
                }
            }
        }
    }

    /// <summary>
    /// Runs one write behind its savepoint; nothing is left of one that fails. One that meets another node's write goes to the
    /// next commit, where it may be the first and wait.
    /// </summary>
    private async Task<(bool IsDone, WriteSession? Session)> RunAsync(QueuedWrite waiting, DbTransaction transaction, RenderedInCommit rendered, bool isFirst)
    {
        await Run($"{_database.Patience(isFirst)}SAVEPOINT one_write");
        try
        {
            await using var db = await _database.CreateContextAsync(_connection!, transaction, CancellationToken.None);
            var session = new WriteSession(db, _commands!, _database.Search, _renderers, _clock.Now(), waiting.Caller.Name);
            await waiting.RunAsync(session, rendered);
            if (!waiting.Failed)
            {
                await Run("RELEASE SAVEPOINT one_write");
                return (true, session);
            }
        }
        catch (Exception e) when (_database.FaultOf(e) is var fault and not DatabaseFault.Away)
        {
            if (fault == DatabaseFault.None) waiting.Fail(e);
            else if ((fault == DatabaseFault.Conflict || !isFirst) && waiting.MayTryAgain()) _again.Enqueue(waiting);
            else GiveUp(waiting, e);
        }

        await Run("ROLLBACK TO SAVEPOINT one_write; RELEASE SAVEPOINT one_write");
        return (!_again.Contains(waiting), null);
    }

    private void GiveUp(QueuedWrite waiting, Exception e)
    {
        _logger.LogWarning(e, "A write was given up: others hold what it changes");
        waiting.Refuse(Problems.Unavailable(Held));
    }

    private async Task PurgeAsync()
    {
        try
        {
            await _database.PurgeLogAsync(_stopping);
        }
        catch (OperationCanceledException)
        {
            // It is done when the database is closed.
        }
        catch (Exception e)
        {
            _logger.LogWarning(e, "What was erased is still in the log of the database; it goes from there when the program ends");
        }
    }

    private Task Run(string sql) => _commands!.Prepare(sql).ExecuteNonQueryAsync();

    private async Task OpenAsync()
    {
        if (_connection is not null) return;

        _connection = await _database.OpenWriterAsync(CancellationToken.None);
        _commands = new StoredCommands(_connection);
    }

    private async Task CloseAsync()
    {
        _commands?.Dispose();
        if (_connection is not null) await _connection.DisposeAsync();
        (_connection, _commands) = (null, null);
    }
}
