using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Access;

/// <summary>
/// Decides by the endpoint that was matched, never by the path. A key that is sent and not known is a 401 everywhere, so
/// that nobody reads as anonymous who meant to read as somebody.
/// </summary>
internal sealed class AccessGate(RequestDelegate next, ApiKeys keys)
{
    public Task InvokeAsync(HttpContext context)
    {
        // What is no route of ours (404, 405, 415) has nothing to guard.
        var problem = context.GetEndpoint() is RouteEndpoint endpoint ? Decide(context, endpoint.Metadata.GetMetadata<AccessRule>()) : null;
        return problem is null ? next(context) : new ProblemResult(problem).ExecuteAsync(context);
    }

    private Problem? Decide(HttpContext context, AccessRule? rule)
    {
        if (Credentials.AreSent(context.Request))
        {
            if (keys.Identify(context.Request) is not { } caller) return Problems.Unauthorized("The key is not known.");

            context.User = caller;
        }

        if (rule is null) return Problems.Forbidden("This address is closed.");
        if (rule.Scope is not null) return Refuse(context, rule.Scope);
        return AsksForPreview(context.Request) ? Refuse(context, Scopes.Preview) : null;
    }

    /// <summary>Working versions come from the addresses of the public ones, so the parameter decides.</summary>
    private static bool AsksForPreview(HttpRequest request) =>
        request.QueryString.HasValue && request.Query["perspective"].Any(value => value?.Contains(Perspectives.Preview, StringComparison.OrdinalIgnoreCase) == true);

    private static Problem? Refuse(HttpContext context, string scope)
    {
        if (context.User.HasClaim(ApiKeys.ScopeClaim, scope)) return null;

        return context.User.Identity?.IsAuthenticated == true
            ? Problems.Forbidden($"The key lacks the scope {scope}.")
            : Problems.Unauthorized("Send a key: Authorization: Bearer, or X-Api-Key.");
    }
}
