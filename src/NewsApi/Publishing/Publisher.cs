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

    private readonly NewsDatabase _database;
    private readonly AnswerCache _cache;
    private readonly KnownHeads _heads;
    private readonly TimeProvider _clock;
    private readonly ILogger<Publisher> _logger;
    private readonly Dictionary<ResourceType, IRenderer> _renderers;
    private readonly Channel<Waiting> _queue = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });

    private DbConnection? _connection;
    private StoredCommands? _commands;

    public Publisher(
        NewsDatabase database, IEnumerable<IRenderer> renderers, AnswerCache cache, KnownHeads heads, TimeProvider clock, ILogger<Publisher> logger)
    {
        (_database, _cache, _heads, _clock, _logger) = (database, cache, heads, clock, logger);
        _renderers = renderers.ToDictionary(r => r.Type);
    }

    /// <summary>Raised after a commit that left documents to be rendered in batches.</summary>
    public event Action? WorkLeft;

    /// <summary>
    /// Runs a change inside the writer's transaction. The delegate loads, checks and changes; where it answers with a
    /// problem, nothing is kept. Returns after the commit.
    /// </summary>
    public Task<Outcome<Written<T>>> WriteAsync<T>(
        Func<NewsDbContext, CancellationToken, Task<Outcome<T>>> change, Caller caller, CancellationToken cancel) =>
        EnqueueAsync<T>(
            async (session, token) =>
            {
                var outcome = await change(session.Db, token);
                if (outcome.Problem is not null) return outcome.Problem;

                await session.SaveAsync(token);
                return outcome;
            },
            caller,
            cancel);

    /// <summary>Renders the next batch of documents that an earlier write left.</summary>
    internal Task ContinueAsync(PendingRender job, int limit, CancellationToken cancel) => EnqueueAsync<bool>(
        async (session, token) =>
        {
            await session.ContinueAsync(job, limit, token);
            return true;
        },
        Caller.System,
        cancel);

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
        var batch = new List<Waiting>(CommitsTogether);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < CommitsTogether && _queue.Reader.TryRead(out var waiting))
            {
                if (!waiting.WasCancelled()) batch.Add(waiting);
            }

            if (batch.Count > 0) await CommitAsync(batch);
            batch.Clear();
        }
    }

    private async Task<Outcome<Written<T>>> EnqueueAsync<T>(
        Func<WriteSession, CancellationToken, Task<Outcome<T>>> work, Caller caller, CancellationToken cancel)
    {
        var waiting = new Waiting<T>(work, caller, cancel);
        return _queue.Writer.TryWrite(waiting) ? await waiting.Task : Problems.Unavailable("The server is shutting down.");
    }

    private async Task CommitAsync(List<Waiting> batch)
    {
        try
        {
            await OpenAsync();
            await using var transaction = await _connection!.BeginTransactionAsync();
            _commands!.Transaction = transaction;
            var renders = new List<Render>();
            var rendered = new RenderedInCommit();
            var leftWork = false;
            foreach (var waiting in batch)
            {
                var session = await RunAsync(waiting, transaction, rendered);
                renders.AddRange(session?.Renders ?? []);
                leftWork |= session?.LeftWork ?? false;
            }

            if (batch.All(w => w.Failed))
            {
                await transaction.RollbackAsync();
            }
            else
            {
                var othersWrote = await GivePositionsAsync(renders);
                await transaction.CommitAsync();
                if (othersWrote) _cache.ExpireAll();
                else _cache.Expire([.. renders.Where(r => r.IsPublic).Select(r => r.Key)]);
            }

            if (leftWork) WorkLeft?.Invoke();
            foreach (var waiting in batch) waiting.Answer();
        }
        catch (Exception e)
        {
            await CloseAsync();
            _heads.Forget();
            var busy = _database.IsBusy(e);
            if (!busy) _logger.LogError(e, "A commit of {Writes} writes failed", batch.Count);
            foreach (var waiting in batch)
            {
                if (busy) waiting.Refuse(Problems.Unavailable("The database is held by another process."));
                else waiting.Fail(e);
            }
        }
    }

    /// <summary>Runs one write behind its savepoint; nothing is left of one that fails.</summary>
    private async Task<WriteSession?> RunAsync(Waiting waiting, DbTransaction transaction, RenderedInCommit rendered)
    {
        const string savepoint = "one_write";
        await transaction.SaveAsync(savepoint);
        try
        {
            await using var db = await _database.CreateContextAsync(_connection!, transaction, CancellationToken.None);
            var session = new WriteSession(db, _commands!, _renderers, _clock.Now(), waiting.Caller.Name);
            await waiting.RunAsync(session, rendered);
            if (!waiting.Failed)
            {
                await transaction.ReleaseAsync(savepoint);
                return session;
            }
        }
        catch (Exception e) when (!_database.IsBusy(e))
        {
            waiting.Fail(e);
        }

        await transaction.RollbackAsync(savepoint);
        await transaction.ReleaseAsync(savepoint);
        return null;
    }

    /// <summary>
    /// The last statements before the commit. Whoever holds the head row commits next, so no reader of the feed can see a
    /// position before a smaller one. True where another process has written since we last did.
    /// </summary>
    private async Task<bool> GivePositionsAsync(List<Render> renders)
    {
        var fed = renders.Where(r => r.IsInFeed).ToList();
        var others = renders.Where(r => !r.IsInFeed).ToList();
        var othersWrote = await GiveAsync(others, Head.Preview) | await GiveAsync(fed, Head.Public);

        var now = _clock.Now().ToUnixTimeMilliseconds();
        foreach (var render in fed)
        {
            await Run(
                """
                INSERT INTO changes (position, type, id, operation, reason, version, previous_version, changed_at, slug, external_ids, content_hash)
                VALUES (@position, @type, @id, @operation, @reason, @version, @previous, @at, @slug, @external, @hash)
                """,
                ("position", render.Position), ("type", render.Key.Type.Name()), ("id", render.Key.Id),
                ("operation", render.ContentHash is null ? "remove" : "upsert"), ("reason", render.Reason), ("version", render.Version),
                ("previous", render.PreviousVersion), ("at", now), ("slug", render.Slug), ("external", render.ExternalIds), ("hash", render.ContentHash));
        }

        return othersWrote;
    }

    private async Task<bool> GiveAsync(List<Render> renders, string head)
    {
        if (renders.Count == 0) return false;

        var update = _commands!.Prepare(
            "UPDATE heads SET position = position + @count WHERE name = @name RETURNING position", ("count", renders.Count), ("name", head));
        var position = Convert.ToInt64(await update.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture) - renders.Count;
        var othersWrote = _heads.Advance(head, position, position + renders.Count);
        foreach (var render in renders)
        {
            render.Position = ++position;
            if (render.ContentHash is not null) await render.Tables.SetPositionAsync(render.Key, position, CancellationToken.None);
        }

        return othersWrote;
    }

    private Task Run(string sql, params ReadOnlySpan<(string, object?)> parameters) => _commands!.Prepare(sql, parameters).ExecuteNonQueryAsync();

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

    /// <summary>The latest rendering of every row that this commit has touched so far.</summary>
    private sealed class RenderedInCommit
    {
        private readonly Dictionary<(ResourceKey Key, bool IsWorking), Render> _latest = [];

        public void Add(IEnumerable<Render> renders)
        {
            foreach (var render in renders) _latest[(render.Key, !render.IsPublic)] = render;
        }

        public Render? Find(ResourceKey key, bool isWorking) => _latest.GetValueOrDefault((key, isWorking));
    }

    /// <summary>A write in the queue.</summary>
    private abstract class Waiting(Caller caller, CancellationToken cancel)
    {
        public Caller Caller => caller;
        public bool Failed { get; protected set; }
        protected CancellationToken Cancel => cancel;

        public abstract bool WasCancelled();

        public abstract Task RunAsync(WriteSession session, RenderedInCommit rendered);

        public abstract void Answer();

        public abstract void Refuse(Problem problem);

        public abstract void Fail(Exception e);
    }

    private sealed class Waiting<T>(Func<WriteSession, CancellationToken, Task<Outcome<T>>> work, Caller caller, CancellationToken cancel)
        : Waiting(caller, cancel)
    {
        private readonly TaskCompletionSource<Outcome<Written<T>>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<(ResourceKey Key, StoredDocument Stored, Render? Rendered)> _documents = [];
        private Outcome<T> _outcome;

        public Task<Outcome<Written<T>>> Task => _answer.Task;

        public override bool WasCancelled() => Cancel.IsCancellationRequested && _answer.TrySetCanceled(Cancel);

        public override async Task RunAsync(WriteSession session, RenderedInCommit rendered)
        {
            // Once begun a write is finished: a client that hangs up must not decide the fate of the others in the commit.
            _outcome = await work(session, CancellationToken.None);
            Failed = _outcome.Problem is not null;
            if (Failed) return;

            rendered.Add(session.Renders);
            foreach (var key in session.Db.ChangeTracker.Entries<Resource>().Select(e => e.Entity.Key))
            {
                if (await session.NewestAsync(key, CancellationToken.None) is { } stored) _documents.Add((key, stored, rendered.Find(key, stored.IsWorking)));
            }
        }

        public override void Answer()
        {
            // What was rendered in this commit, by this write or by one before it, has its position only now.
            _answer.TrySetResult(_outcome.Problem is { } problem ? problem : new Written<T>(
                _outcome.Value!,
                _documents.ToDictionary(d => d.Key, d => d.Rendered is null ? d.Stored : d.Stored with { Position = d.Rendered.Position })));
        }

        public override void Refuse(Problem problem) => _answer.TrySetResult(problem);

        public override void Fail(Exception e)
        {
            Failed = true;
            _answer.TrySetException(e);
        }
    }
}
