using NewsApi.Access;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Http;

/// <summary>
/// The outermost room: every answer gets the standard headers, every error the one form. What goes wrong unexpectedly is
/// logged and answered without a word about our insides.
/// </summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public Task InvokeAsync(HttpContext context)
    {
        StandardHeaders.Set(context);
        try
        {
            var task = next(context);
            return task.IsCompletedSuccessfully && context.Response.StatusCode < 400 ? Task.CompletedTask : FinishAsync(context, task);
        }
        catch (Exception e)
        {
            return FinishAsync(context, Task.FromException(e));
        }
    }

    private async Task FinishAsync(HttpContext context, Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            StandardHeaders.Set(context);
            await new ProblemResult(Describe(e, context)).ExecuteAsync(context);
            return;
        }

        if (!context.Response.HasStarted && context.Response is { StatusCode: >= 400, ContentType: null, ContentLength: null }) await FillAsync(context);
    }

    /// <summary>The framework refuses with a bare status; OPTIONS of a known address arrives here as 405 with the methods in Allow.</summary>
    private static Task FillAsync(HttpContext context)
    {
        var response = context.Response;
        if (HttpMethods.IsOptions(context.Request.Method) && response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            response.Headers.AccessControlAllowMethods = StandardHeaders.Methods;
            response.Headers.AccessControlAllowHeaders = StandardHeaders.RequestHeaders;
            response.Headers.AccessControlMaxAge = "86400";
            return Task.CompletedTask;
        }

        return new ProblemResult(Problems.OfStatus(response.StatusCode)).ExecuteAsync(context);
    }

    private Problem Describe(Exception e, HttpContext context)
    {
        switch (e)
        {
            case ProblemException known:
                return known.Problem;
            case DatabaseAwayException:
                return Problems.Unavailable("The database cannot be reached.");
            case TokenKeysAwayException away:
                logger.LogWarning("{Reason} {Cause}", away.Message, away.GetBaseException().Message);
                return Problems.Unavailable(away.Message);
            case UnknownSchemaException unknown:
                logger.LogError("{Method} {Path} is for a newer version ({TraceId}): {Reason}", context.Request.Method, context.Request.Path, context.TraceIdentifier, unknown.Message);
                return Problems.Unavailable("This was saved by a newer version of the program, which can answer.");
            case BadHttpRequestException bad:
                return Problems.OfStatus(bad.StatusCode, bad.StatusCode == StatusCodes.Status400BadRequest ? "The request cannot be read." : null);
            default:
                logger.LogError(e, "{Method} {Path} failed ({TraceId})", context.Request.Method, context.Request.Path, context.TraceIdentifier);
                return Problems.OfStatus(StatusCodes.Status500InternalServerError);
        }
    }
}
