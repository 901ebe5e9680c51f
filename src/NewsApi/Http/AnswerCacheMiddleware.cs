namespace NewsApi.Http;

/// <summary>Answers from memory what was answered before, ahead of routing: only what anybody may read was ever kept.</summary>
internal sealed class AnswerCacheMiddleware(RequestDelegate next, AnswerCache cache)
{
    public Task InvokeAsync(HttpContext context) => cache.TryGet(context, out var answer) ? answer.ExecuteAsync(context) : next(context);
}
