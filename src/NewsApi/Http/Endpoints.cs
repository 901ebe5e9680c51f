using System.Diagnostics.CodeAnalysis;
using NewsApi.Access;
using NewsApi.Search;

namespace NewsApi.Http;

/// <summary>The words of the route tables.</summary>
internal static class Endpoints
{
    /// <summary>GET and HEAD, for everybody who takes JSON.</summary>
    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler) =>
        routes.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], handler).AddEndpointFilter(RefuseOtherTypes)
            .AllowEverybody().ProducesProblems(401, 403, 406, 503);

    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses) endpoint.Produces<Problem>(status, Problems.ContentType);

        return endpoint;
    }

    /// <summary>The body is a merge patch of this input; plain application/json is taken for the same.</summary>
    public static RouteHandlerBuilder AcceptsPatch<TInput>(this RouteHandlerBuilder endpoint)
        where TInput : notnull =>
        endpoint.Accepts<TInput>("application/merge-patch+json", "application/json").WithMetadata(new MergePatchBody(typeof(TInput)));

    private static async ValueTask<object?> RefuseOtherTypes(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next) =>
        Accepts.Json(invocation.HttpContext.Request) ? await next(invocation) : new ProblemResult(Problems.NotAcceptable());
}

/// <summary>Tells the OpenAPI document that every member of the body may be left out or null.</summary>
internal sealed record MergePatchBody(Type Input);

// For the OpenAPI document; pages are written from stored bytes.

/// <summary>One page of a list.</summary>
public sealed record Page<T>
{
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>Goes into <c>cursor</c> of the next request; absent on the last page.</summary>
    public required string? NextCursor { get; init; }

    /// <summary>How many items all pages hold together; only where <c>count=exact</c> asked for it.</summary>
    public required int? Total { get; init; }

    /// <summary>Counts under the current filters; present where <c>facets</c> asked for them.</summary>
    public required Facets? Facets { get; init; }

    /// <summary>How <c>q</c> was understood; present where <c>explain=true</c> asked for it.</summary>
    public required SearchExplanation? Explain { get; init; }
    public required Included? Included { get; init; }
}

/// <summary>The whole documents of what the items name, once each; present where <c>include</c> asked for them.</summary>
public sealed record Included
{
    public required IReadOnlyList<People.PersonResponse>? People { get; init; }
    public required IReadOnlyList<Events.EventResponse>? Events { get; init; }
}
