using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>
/// POST, PUT, PATCH and DELETE for every resource type: the request, the write, the answer. A handler is one call.
/// </summary>
internal sealed class Editing<TResource, TInput>(ResourceWriter<TResource, TInput> writer, Publisher publisher)
    where TResource : Resource
    where TInput : class, IResourceInput
{
    public Task<IResult> CreateAsync(HttpContext http, TInput input, bool keepAsDraft, string? note, CancellationToken cancel) =>
        WriteAsync(http, (db, token) => writer.CreateAsync(db, input, keepAsDraft, token, note), Answer(StatusCodes.Status201Created), cancel);

    public Task<IResult> ReplaceAsync(HttpContext http, string id, TInput input, bool keepAsDraft, string? note, CancellationToken cancel) =>
        !PathIds.TryReadNew(id, out var guid, out var problem) ? Refused(problem) : WriteAsync(
            http,
            (db, token) => writer.ReplaceAsync(db, guid, input, keepAsDraft, note, Precondition.Of(http.Request), Caller.Of(http), token),
            written => Answer(written.Value.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK)(written),
            cancel);

    public Task<IResult> UpdateAsync(HttpContext http, string id, JsonPatch patch, bool keepAsDraft, string? note, CancellationToken cancel) =>
        !PathIds.TryRead(id, out var guid, out var problem) ? Refused(problem) : WriteAsync(
            http,
            (db, token) => writer.UpdateAsync(db, guid, patch.Root, keepAsDraft, note, Precondition.Of(http.Request), Caller.Of(http), token),
            Answer(StatusCodes.Status200OK),
            cancel);

    /// <param name="erase">Whether nothing is to be left of it, neither in its versions nor in those of what links to it.</param>
    public async Task<IResult> DeleteAsync(HttpContext http, string id, bool erase, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var guid, out var problem)) return new ProblemResult(problem);

        var outcome = await publisher.WriteAsync(
            (db, token) => writer.DeleteAsync(db, guid, erase, Precondition.Of(http.Request), Caller.Of(http), token), Caller.Of(http), cancel);
        return outcome.Problem is { } refusal ? new ProblemResult(refusal) : TypedResults.NoContent();
    }

    /// <summary>Any other change of one resource, such as publishing it. <c>If-Match</c> is honoured where it is sent.</summary>
    public Task<IResult> ChangeAsync(
        HttpContext http, string id, Func<TResource, Problem?> change, CancellationToken cancel, int status = StatusCodes.Status200OK) =>
        ChangeAsync(http, id, (_, existing, _) => Task.FromResult(change(existing)), cancel, status);

    public Task<IResult> ChangeAsync(
        HttpContext http, string id, Func<NewsDbContext, TResource, CancellationToken, Task<Problem?>> change, CancellationToken cancel,
        int status = StatusCodes.Status200OK) =>
        !PathIds.TryRead(id, out var guid, out var problem) ? Refused(problem) : WriteAsync(
            http, (db, token) => writer.ChangeAsync(db, guid, change, Precondition.Of(http.Request), Caller.Of(http), token), Answer(status), cancel);

    public Task<IResult> RestoreAsync(HttpContext http, string id, string version, CancellationToken cancel) =>
        !PathIds.TryRead(id, out var guid, out var problem) || !PathIds.TryReadVersion(version, out var number, out problem) ? Refused(problem) : WriteAsync(
            http, (db, token) => writer.RestoreAsync(db, guid, number, Precondition.Of(http.Request), Caller.Of(http), token), Answer(StatusCodes.Status200OK), cancel);

    internal static Func<Written<TResource>, WriteAnswer> Answer(int status) =>
        written => WriteAnswer.Of(written.Value.Key, written.Documents[written.Value.Key], status);

    internal static IResult Result(Outcome<WriteAnswer> outcome) => outcome.Problem is { } problem ? new ProblemResult(problem) : outcome.Value!;

    private static Task<IResult> Refused(Problem problem) => Task.FromResult<IResult>(new ProblemResult(problem));

    private async Task<IResult> WriteAsync(
        HttpContext http, Func<NewsDbContext, CancellationToken, Task<Outcome<TResource>>> change, Func<Written<TResource>, WriteAnswer> answer,
        CancellationToken cancel) => Result(await publisher.AnswerAsync(change, answer, Caller.Of(http), cancel));
}
