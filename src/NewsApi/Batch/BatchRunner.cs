using System.Text.Json;
using FluentValidation;
using NewsApi.Access;
using NewsApi.Articles;
using NewsApi.Events;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Batch;

/// <summary>Runs the jobs of a batch through the same steps as the routes: in one write, or each in a write of its own.</summary>
internal sealed class BatchRunner(
    Publisher publisher,
    ResourceWriter<Article, ArticleInput> articles,
    ResourceWriter<Person, PersonInput> people,
    ResourceWriter<NewsEvent, EventInput> events,
    IServiceProvider services,
    TimeProvider clock)
{
    public async Task<IResult> RunAsync(HttpContext http, BatchInput batch, CancellationToken cancel)
    {
        var caller = Caller.Of(http);
        var steps = batch.Jobs.Select((job, index) => Prepare(job, index, caller)).ToList();
        var outcome = batch.Atomic ? await RunTogetherAsync(steps, caller, cancel) : await RunEachAsync(batch.Jobs, steps, caller, cancel);
        return outcome.Problem is { } problem ? new ProblemResult(problem) : outcome.Value!;
    }

    private async Task<Outcome<WriteAnswer>> RunTogetherAsync(List<Outcome<Step>> steps, Caller caller, CancellationToken cancel)
    {
        if (steps.Find(s => s.Problem is not null).Problem is { } problem) return problem;

        return await publisher.AnswerAllAsync(
            steps.ConvertAll(s => s.Value!.RunAsync), done => Answer([.. done.Select((d, index) => d.Result(index))]), caller, cancel);
    }

    /// <summary>
    /// One after the other, because a job may build on those before it. An idempotency key is taken for the whole request first, and each answer kept
    /// under one made from it that no client can send.
    /// </summary>
    private async Task<Outcome<WriteAnswer>> RunEachAsync(
        IReadOnlyList<BatchJob> jobs, List<Outcome<Step>> steps, Caller caller, CancellationToken cancel)
    {
        if (caller.Once is not null)
        {
            var taken = await publisher.AnswerAsync<bool>((_, _) => Task.FromResult<Outcome<bool>>(true), _ => new WriteAnswer(StatusCodes.Status200OK, []), caller, cancel);
            if (taken.Problem is not null) return taken;
        }

        var results = new List<BatchResult>(steps.Count);
        for (var i = 0; i < steps.Count; i++)
        {
            var index = i;
            var outcome = steps[i].Problem is { } refused
                ? refused
                : await publisher.AnswerAsync(
                    (db, token) => steps[index].Value!.RunAsync(db, token),
                    written => new WriteAnswer(written.Value.Status, Bytes(written.Value.Result(index))) { Resource = written.Value.Resource?.Key },
                    caller.Once is { } once ? caller with { Once = once with { Key = $"{once.Key}\n{index}" } } : caller,
                    cancel);
            results.Add(outcome.Problem is { } problem
                ? new BatchResult { Index = index, Status = problem.Status, Id = jobs[index].Id?.ToString(), Problem = problem }
                : JsonSerializer.Deserialize(outcome.Value!.Body, WireJson.Default.BatchResult)!);
        }

        return Answer(results);
    }

    private static WriteAnswer Answer(List<BatchResult> results)
    {
        var failed = results.Count(r => r.Problem is not null);
        var report = new BatchReport { Results = results, Succeeded = results.Count - failed, Failed = failed };
        return new WriteAnswer(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(report, WireJson.Default.BatchReport));
    }

    private static byte[] Bytes(BatchResult result) => JsonSerializer.SerializeToUtf8Bytes(result, WireJson.Default.BatchResult);

    private Outcome<Step> Prepare(BatchJob job, int index, Caller caller)
    {
        var step = !caller.Has(ScopeOf(job)) ? Problems.ScopeRequired(ScopeOf(job))
            : job.Operation is BatchOperations.Publish or BatchOperations.Withdraw ? PreparePublication(job, caller)
            : job.Type == ResourceType.Article.Name() ? Prepare(articles, job, caller, createAsDraft: true)
            : job.Type == ResourceType.Person.Name() ? Prepare(people, job, caller, createAsDraft: false)
            : Prepare(events, job, caller, createAsDraft: false);
        return step.Problem is { } problem ? At(index, problem) : new Step(async (db, cancel) =>
        {
            var done = await step.Value!.RunAsync(db, cancel);
            return done.Problem is { } refused ? At(index, refused) : done;
        });
    }

    private static string ScopeOf(BatchJob job) =>
        job.Operation is BatchOperations.Publish or BatchOperations.Withdraw ? Scopes.Publish : job.Type == ResourceType.Person.Name() ? Scopes.People : Scopes.Write;

    private Outcome<Step> PreparePublication(BatchJob job, Caller caller)
    {
        var input = job.Body is { } body ? Read<PublicationInput>(body) : new PublicationInput();
        if (input.Problem is not null) return input.Problem;

        return new Step(async (db, cancel) => Done.Of(
            await articles.ChangeAsync(
                db, job.Id!.Value, (_, article, _) => Task.FromResult(Change(article)), Precondition.Of(job.ExpectedVersion), caller, cancel),
            StatusCodes.Status200OK));

        Problem? Change(Article article)
        {
            if (job.Operation == BatchOperations.Publish) return Publication.Plan(article, input.Value!, clock.Now());

            Publication.Cancel(article);
            return null;
        }
    }

    private Outcome<Step> Prepare<TResource, TInput>(ResourceWriter<TResource, TInput> writer, BatchJob job, Caller caller, bool createAsDraft)
        where TResource : Resource
        where TInput : class, IResourceInput
    {
        var precondition = Precondition.Of(job.ExpectedVersion);
        var keepAsDraft = createAsDraft && job.Draft;
        switch (job.Operation)
        {
            case BatchOperations.Update:
                return new Step(async (db, cancel) => Done.Of(
                    await writer.UpdateAsync(db, job.Id!.Value, job.Body!.Value, keepAsDraft, job.Note, precondition, caller, cancel), StatusCodes.Status200OK));
            case BatchOperations.Delete:
                return new Step(async (db, cancel) =>
                {
                    var outcome = await writer.DeleteAsync(db, job.Id!.Value, erase: false, precondition, caller, cancel);
                    return outcome.Problem is { } refused ? refused : new Done(outcome.Value!, StatusCodes.Status204NoContent);
                });
        }

        var input = Read<TInput>(job.Body!.Value);
        if (input.Problem is not null) return input.Problem;

        return job.Operation == BatchOperations.Create
            ? new Step(async (db, cancel) => Done.Of(await writer.CreateAsync(db, input.Value!, createAsDraft, cancel, job.Note), StatusCodes.Status201Created))
            : new Step(async (db, cancel) => Done.Of(
                await writer.ReplaceAsync(db, job.Id!.Value, input.Value!, keepAsDraft, job.Note, precondition, caller, cancel), StatusCodes.Status200OK));
    }

    /// <summary>A body as its route would take it.</summary>
    private Outcome<T> Read<T>(JsonElement body)
    {
        var input = JsonBodies.To<T>(body);
        if (input.Problem is not null) return input;

        var faults = services.GetRequiredService<IValidator<T>>().Validate(input.Value!);
        return faults.IsValid ? input : RequestValidation.Problem(faults);
    }

    /// <summary>What is wrong with a job, told as a fault of the whole request.</summary>
    private static Problem At(int index, Problem problem) => problem with
    {
        Errors = problem.Errors?.Select(e => e with
        {
            Parameter = null,
            Pointer = e.Parameter is not null || e.Pointer == "/expectedVersion" ? $"/jobs/{index}/expectedVersion" : $"/jobs/{index}/body{e.Pointer}",
        }).ToList() ?? [new ProblemError { Pointer = $"/jobs/{index}", Code = problem.Code, Detail = problem.Detail! }],
    };

    /// <summary>A job that has been read and waits for its write.</summary>
    private sealed record Step(Func<NewsDbContext, CancellationToken, Task<Outcome<Done>>> RunAsync);

    /// <summary>A job that has been done, as far as it is decided before the commit.</summary>
    private sealed record Done(Resource Resource, int Status)
    {
        public static Outcome<Done> Of<TResource>(Outcome<TResource> outcome, int status)
            where TResource : Resource =>
            outcome.Problem is { } problem ? problem : new Done(outcome.Value!, outcome.Value!.IsNew ? StatusCodes.Status201Created : status);

        /// <summary>To be asked once it is saved.</summary>
        public BatchResult Result(int index) => new()
        {
            Index = index,
            Status = Status,
            Id = Resource.PublishedId,
            Version = Status == StatusCodes.Status204NoContent ? null : Resource.Version,
        };
    }
}
