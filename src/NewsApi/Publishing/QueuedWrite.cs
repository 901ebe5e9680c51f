using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>A write in the queue of the <see cref="Publisher"/>.</summary>
internal abstract class QueuedWrite(Caller caller, CancellationToken cancel)
{
    /// <summary>Writers that meet are few; who meets others so often in a row is better told.</summary>
    private const int Tries = 8;

    private int _tries;

    public Caller Caller => caller;
    public bool Failed { get; protected set; }
    protected CancellationToken Cancel => cancel;

    public bool MayTryAgain() => ++_tries < Tries;

    public abstract bool WasCancelled();

    public abstract Task RunAsync(WriteSession session, RenderedInCommit rendered);

    /// <summary>What is kept of the answer, once the positions are given.</summary>
    public abstract Statement? Keep();

    public abstract void Answer();

    public abstract void Refuse(Problem problem);

    public abstract void Fail(Exception e);
}

internal sealed class QueuedWrite<T>(
    Func<WriteSession, CancellationToken, Task<Outcome<T>>> work, Caller caller, Func<Written<T>, Statement?>? keep, CancellationToken cancel)
    : QueuedWrite(caller, cancel)
{
    private readonly TaskCompletionSource<Outcome<Written<T>>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(ResourceKey Key, StoredDocument Stored, Render? Rendered)> _documents = [];
    private Outcome<T> _outcome;

    public Task<Outcome<Written<T>>> Task => _answer.Task;

    public override bool WasCancelled() => Cancel.IsCancellationRequested && _answer.TrySetCanceled(Cancel);

    public override async Task RunAsync(WriteSession session, RenderedInCommit rendered)
    {
        _documents.Clear();

        // Once begun a write is finished: a client that hangs up must not decide the fate of the others in the commit.
        _outcome = await work(session, CancellationToken.None);
        Failed = _outcome.Problem is not null;
        if (Failed) return;

        rendered.Add(session.Documents.Renders);
        foreach (var key in session.Db.ChangeTracker.Entries<Resource>().Select(e => e.Entity.Key))
        {
            if (await session.Documents.NewestAsync(key, CancellationToken.None) is { } stored) _documents.Add((key, stored, rendered.Find(key, stored.IsWorking)));
        }
    }

    public override Statement? Keep() => Failed || keep is null ? null : keep(Written());

    public override void Answer()
    {
        if (_outcome.Problem is { } problem) _answer.TrySetResult(problem);
        else _answer.TrySetResult(Written());
    }

    public override void Refuse(Problem problem)
    {
        Failed = true;
        _answer.TrySetResult(problem);
    }

    public override void Fail(Exception e)
    {
        Failed = true;
        _answer.TrySetException(e);
    }

    /// <summary>What was rendered in this commit, by this write or by one before it, has its position only now.</summary>
    private Written<T> Written() => new(
        _outcome.Value!,
        _documents.ToDictionary(d => d.Key, d => d.Rendered is null ? d.Stored : d.Stored with { Position = d.Rendered.Position }));
}

/// <summary>The latest rendering of every row that this commit has touched so far.</summary>
internal sealed class RenderedInCommit
{
    private readonly Dictionary<(ResourceKey Key, bool IsWorking), Render> _latest = [];

    public void Add(IEnumerable<Render> renders)
    {
        foreach (var render in renders) _latest[(render.Key, !render.IsPublic)] = render;
    }

    public Render? Find(ResourceKey key, bool isWorking) => _latest.GetValueOrDefault((key, isWorking));
}
