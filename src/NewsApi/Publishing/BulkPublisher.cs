using System.Threading.Channels;
using FluentValidation;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>A resource to be written with many others; an article with the instant to show as that of its first publication.</summary>
internal sealed record NewResource<TInput>(TInput Input, DateTimeOffset? PublishAt = null)
    where TInput : class, IResourceInput;

/// <summary>How many resources a run wrote, and how many it passed over because their id was on record.</summary>
internal sealed record BulkReport(int Written, int Known)
{
    public int Total => Written + Known;
}

/// <summary>
/// Writes new resources by the thousand, with the rules, the renderers and the rows of single writes and without a look-up
/// for each. They go public at once.
/// </summary>
/// <remarks>
/// A resource whose id is on record, as one that is there or as one that was deleted, is passed over, so that a run that was
/// stopped can be repeated. One that is refused ends the run; what was written in chunks before it stays.
/// </remarks>
internal sealed class BulkPublisher<TResource, TInput>(
    IEditor<TResource, TInput> editor,
    IValidator<TInput> validator,
    IEnumerable<IRenderer> renderers,
    NewsDatabase database,
    Publisher publisher,
    AnswerCache cache,
    KnownHeads heads,
    TimeProvider clock)
    where TResource : Resource
    where TInput : class, IResourceInput
{
    private readonly IRenderer _renderer = renderers.Single(r => r.Type == editor.Type);

    /// <param name="progress">Hears after every chunk how many resources are done with.</param>
    public async Task<Outcome<BulkReport>> AddAsync(
        IEnumerable<NewResource<TInput>> resources, Caller caller, IProgress<int>? progress, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var chunks = Channel.CreateBounded<Outcome<BulkItem<TInput>[]>>(1);
        var reading = Task.Run(() => ReadAsync(resources, chunks.Writer, stop.Token), CancellationToken.None);
        try
        {
            return await WriteAsync(chunks.Reader, caller, progress, cancel);
        }
        catch (Exception e) when (database.FaultOf(e) is var fault and not DatabaseFault.None)
        {
            return Problems.Unavailable(fault == DatabaseFault.Away ? "The database cannot be reached." : "The database is held by another writer.");
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    private async Task<Outcome<BulkReport>> WriteAsync(
        ChannelReader<Outcome<BulkItem<TInput>[]>> chunks, Caller caller, IProgress<int>? progress, CancellationToken cancel)
    {
        var rows = new BulkRows<TResource, TInput>(editor, _renderer, database.Tables, caller);
        using var run = new BulkRun<TResource, TInput>(editor, rows, database, publisher, cache, heads, clock, caller);
        var report = new BulkReport(0, 0);
        BulkChunk<TInput>? made = null;
        await foreach (var chunk in chunks.ReadAllAsync(cancel))
        {
            // A chunk is made while the one before it is written, unless it may link to that one.
            var waits = chunk.Value?.Any(i => i.Links.Any(l => l.Type == editor.Type)) == true;
            if (waits && await WriteAsync() is { } early) return early;

            var before = made;
            var making = chunk.Problem is { } refused ? Task.FromResult<Outcome<BulkChunk<TInput>>>(refused) : Task.Run(() => run.MakeAsync(chunk.Value!, before, cancel), cancel);
            var problem = await WriteAsync();
            var next = await making;
            if ((problem ?? next.Problem) is { } fault) return fault;

            made = next.Value;
        }

        return await WriteAsync() is { } last ? last : report;

        async Task<Problem?> WriteAsync()
        {
            if (made is null) return null;

            var written = await run.InsertAsync(made, cancel);
            if (written.Problem is not null) return written.Problem;

            report = new BulkReport(report.Written + written.Value, report.Known + made.Chunk.Count - written.Value);
            progress?.Report(report.Total);
            made = null;
            return null;
        }
    }

    /// <summary>Checks the resources and puts them together in chunks, while the chunk before is written.</summary>
    private async Task ReadAsync(IEnumerable<NewResource<TInput>> resources, ChannelWriter<Outcome<BulkItem<TInput>[]>> chunks, CancellationToken cancel)
    {
        var chunk = new List<BulkItem<TInput>>(database.BulkChunk);
        var ids = new HashSet<Guid>();
        try
        {
            foreach (var resource in resources)
            {
                var item = Check(resource);
                if (item.Problem is { } problem)
                {
                    await chunks.WriteAsync(problem, cancel);
                    chunks.Complete();
                    return;
                }

                // What a resource links to must be on record when its chunk is looked up.
                var linksInside = item.Value!.Links.Any(link => link.Type == editor.Type && (link.Id is not { } id || ids.Contains(id)));
                if (chunk.Count == database.BulkChunk || (linksInside && chunk.Count > 0))
                {
                    await chunks.WriteAsync(chunk.ToArray(), cancel);
                    chunk.Clear();
                    ids.Clear();
                }

                chunk.Add(item.Value);
                ids.Add(item.Value.Id);
            }

            if (chunk.Count > 0) await chunks.WriteAsync(chunk.ToArray(), cancel);
            chunks.Complete();
        }
        catch (Exception e)
        {
            chunks.Complete(e);
        }
    }

    private Outcome<BulkItem<TInput>> Check(NewResource<TInput> resource)
    {
        var input = resource.Input;
        var faults = validator.Validate(input);
        if (!faults.IsValid) return RequestValidation.Problem(faults);
        if (resource.PublishAt > clock.GetUtcNow()) return Problems.Invalid("/publishAt", "outOfRange", "'publishAt' can only lie in the past.");

        return new BulkItem<TInput>(
            input.Id ?? Guid.CreateVersion7(), input, resource.PublishAt, input.Slug ?? Slugs.Make(editor.TitleOf(input), editor.Type.Name()),
            [.. editor.Links(input)], editor.SectionOf(input));
    }
}

/// <summary>A new resource that keeps the rules which need no database.</summary>
/// <param name="Slug">The one asked for, or the one made from the title.</param>
internal sealed record BulkItem<TInput>(
    Guid Id, TInput Input, DateTimeOffset? PublishAt, string Slug, IReadOnlyList<LinkPlace> Links, string? Section)
    where TInput : class, IResourceInput;
