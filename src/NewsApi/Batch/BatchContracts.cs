using System.Text.Json;
using FluentValidation;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Batch;

/// <summary>Several writes in one request, done in their order.</summary>
public sealed record BatchInput : IHoldsJson
{
    public const int JobsLimit = 500;

    /// <summary><c>true</c>: all jobs or none, in one commit. <c>false</c> (default): each for itself, and what fails stops nothing.</summary>
    public bool Atomic { get; init; }

    public required IReadOnlyList<BatchJob> Jobs { get; init; }

    /// <summary>Bodies are kept as they came: a merge patch means something by null.</summary>
    void IHoldsJson.Hold(JsonElement whole)
    {
        foreach (var (index, job) in Jobs.Index())
        {
            if (job?.Body is not null) job.Body = whole.GetProperty("jobs")[index].GetProperty("body").Clone();
        }
    }
}

/// <summary>One write, as the route of its own would do it.</summary>
public sealed record BatchJob
{
    /// <summary>
    /// <c>create</c>, <c>replace</c> (or create under this id), <c>update</c> (JSON Merge Patch) and <c>delete</c>; of articles also <c>publish</c>, with a
    /// publication as body, and <c>withdraw</c>.
    /// </summary>
    public required string Operation { get; init; }

    /// <summary><c>article</c>, <c>person</c> or <c>event</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The UUID of what is written; required for all but <c>create</c>, where it stands in the body if it is to be yours.</summary>
    public Guid? Id { get; init; }

    /// <summary>
    /// In the place of <c>If-Match</c>: the newest version, on which this is based; 0 where nothing is to be there yet. Required for <c>update</c>, <c>delete</c>
    /// and a <c>replace</c> of what exists.
    /// </summary>
    public int? ExpectedVersion { get; init; }

    /// <summary><c>true</c> keeps a change of a published article as a working copy.</summary>
    public bool Draft { get; init; }

    /// <summary>Why, for the newsroom alone; kept with the version.</summary>
    public string? Note { get; init; }

    /// <summary>What the route would take: the article, person or event, the merge patch, or the publication.</summary>
    public JsonElement? Body { get; set; }
}

internal static class BatchOperations
{
    public const string Create = "create";
    public const string Replace = "replace";
    public const string Update = "update";
    public const string Delete = "delete";
    public const string Publish = "publish";
    public const string Withdraw = "withdraw";

    public static readonly string[] All = [Create, Replace, Update, Delete, Publish, Withdraw];
}

internal sealed class BatchInputValidator : AbstractValidator<BatchInput>
{
    public BatchInputValidator()
    {
        RuleFor(b => b.Jobs).AtMost(BatchInput.JobsLimit);
        RuleFor(b => b.Jobs).Must(jobs => jobs.Count > 0).WithErrorCode("required").WithMessage("'jobs' holds at least one job.");
        RuleForEach(b => b.Jobs).Present().SetValidator(new BatchJobValidator());
    }
}

internal sealed class BatchJobValidator : AbstractValidator<BatchJob>
{
    public BatchJobValidator()
    {
        RuleFor(j => j.Operation).OneOf(BatchOperations.All);
        RuleFor(j => j.Type).OneOf(ResourceType.Article.Name(), ResourceType.Person.Name(), ResourceType.Event.Name());
        RuleFor(j => j.Type).Must((job, type) => job.Operation is not (BatchOperations.Publish or BatchOperations.Withdraw) || type == ResourceType.Article.Name())
            .WithErrorCode("invalid").WithMessage("Only articles are published and withdrawn.");
        RuleFor(j => j.Id).Must((job, id) => id is null == (job.Operation == BatchOperations.Create))
            .WithErrorCode("required").WithMessage("'id' names what is written; with 'create' it stands in the body.");
        RuleFor(j => j.Id).Must(id => id != Guid.Empty).WithErrorCode("invalid").WithMessage("'id' is not empty.");
        RuleFor(j => j.ExpectedVersion).InclusiveBetween(0, int.MaxValue);
        RuleFor(j => j.Draft).Must((job, draft) => !draft || job.Type == ResourceType.Article.Name()).WithErrorCode("invalid").WithMessage("Only articles have working copies.");
        RuleFor(j => j.Note).Line(RevisionResponse.NoteLimit);
        RuleFor(j => j.Body).Must((job, body) => body is not null || job.Operation is BatchOperations.Delete or BatchOperations.Withdraw or BatchOperations.Publish)
            .WithErrorCode("required").WithMessage("'body' is required.");
        RuleFor(j => j.Body).Must((job, body) => body is null || job.Operation is not (BatchOperations.Delete or BatchOperations.Withdraw))
            .WithErrorCode("invalid").WithMessage("This operation takes no 'body'.");
    }
}

/// <summary>What became of the jobs.</summary>
public sealed record BatchReport
{
    /// <summary>One for each job, in their order.</summary>
    public required IReadOnlyList<BatchResult> Results { get; init; }

    /// <summary>How many were done.</summary>
    public required int Succeeded { get; init; }

    /// <summary>How many were refused.</summary>
    public required int Failed { get; init; }
}

/// <summary>What became of one job.</summary>
public sealed record BatchResult
{
    /// <summary>The place of the job, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The HTTP status that its route would have answered.</summary>
    public required int Status { get; init; }

    /// <summary>The resource's UUID; absent where a refused job had none.</summary>
    public string? Id { get; init; }

    /// <summary>The newest version from here on; absent where it was deleted or refused.</summary>
    public int? Version { get; init; }

    /// <summary>Why it was refused. Pointers lead into the request: <c>/jobs/3/body/headline</c>.</summary>
    public Problem? Problem { get; init; }
}
