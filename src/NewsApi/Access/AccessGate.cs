using System.Globalization;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Access;

/// <summary>
/// Decides by the endpoint that was matched, never by the path. A key that is sent and not known is a 401 everywhere, so
/// that nobody reads as anonymous who meant to read as somebody. What goes wrong in here ends the request.
/// </summary>
internal sealed class AccessGate(
    RequestDelegate next, AccessOptions options, ApiKeys keys, AccessTokens tokens, PreviewLinks links, FailedAttempts failures)
{
    public Task InvokeAsync(HttpContext context)
    {
        // What is no route of ours (404, 405, 415) has nothing to guard.
        if (context.GetEndpoint() is not RouteEndpoint endpoint) return next(context);

        return Credentials.AreSent(context.Request) ? IdentifyAsync(context, endpoint) : PassAsync(context, endpoint, Caller.Anonymous);
    }

    private async Task IdentifyAsync(HttpContext context, RouteEndpoint endpoint)
    {
        if (await FindCallerAsync(context) is { } caller)
        {
            await PassAsync(context, endpoint, caller);
            return;
        }

        var problem = Problems.BadKey();
        if (failures.Add(context.Connection.RemoteIpAddress) is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            problem = Problems.TooManyAttempts();
        }

        await new ProblemResult(problem).ExecuteAsync(context);
    }

    private ValueTask<Caller?> FindCallerAsync(HttpContext context)
    {
        if (Credentials.Key(context.Request) is not { Length: > 0 } key) return default;

        return tokens.AreTaken && Credentials.IsToken(context.Request, key)
            ? tokens.FindAsync(key, context.RequestAborted)
            : new ValueTask<Caller?>(keys.Find(key));
    }

    private Task PassAsync(HttpContext context, RouteEndpoint endpoint, Caller caller)
    {
        if (Refuse(context, endpoint, caller) is { } problem) return new ProblemResult(problem).ExecuteAsync(context);

        context.Features.Set(caller);
        return next(context);
    }

    private Problem? Refuse(HttpContext context, RouteEndpoint endpoint, Caller caller)
    {
        if (endpoint.Metadata.GetMetadata<AccessRule>() is not { } rule) return Problems.Forbidden("This address is closed.");
        if (rule.Scope is { } scope) return Refuse(caller, scope);
        if (rule.NeedsKey) return caller.IsAnonymous ? KeyNeeded() : null;

        if (AsksForPreview(context.Request, endpoint.Metadata.GetMetadata<PreviewParameter>()))
            return !caller.Has(Scopes.Preview) && links.Open(context, endpoint) ? null : Refuse(caller, Scopes.Preview);

        return options.AnonymousRead || rule.ReadScope is null ? null : Refuse(caller, rule.ReadScope);
    }

    /// <summary>Working versions come from the addresses of the public ones, so the parameter decides.</summary>
    private static bool AsksForPreview(HttpRequest request, PreviewParameter? parameter) =>
        request.QueryString.HasValue
        && (request.Query["perspective"].Any(value => value?.Contains(Perspectives.Preview, StringComparison.OrdinalIgnoreCase) == true)
            || (parameter is not null && request.Query.ContainsKey(parameter.Name)));

    private static Problem? Refuse(Caller caller, string scope) =>
        caller.Has(scope) ? null : caller.IsAnonymous ? KeyNeeded() : Problems.ScopeRequired(scope);

    private static Problem KeyNeeded() => Problems.Unauthorized("Send a key: Authorization: Bearer, or X-Api-Key.");
}
