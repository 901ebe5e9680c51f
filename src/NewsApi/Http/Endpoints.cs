using NewsApi.Access;
using NewsApi.Search;

namespace NewsApi.Http;

/// <summary>The words of the route tables.</summary>
internal static class Endpoints
{
    /// <summary>The methods of a read. Routes are mapped by the framework's own calls, because only for those handlers are bound when the program is compiled.</summary>
    public static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>A read for everybody who takes JSON.</summary>
    public static RouteHandlerBuilder AsRead(this RouteHandlerBuilder endpoint) => endpoint.AsJsonRead().AllowEverybody();

    /// <summary>The format of a read, and how it may be refused. It says nothing about who may read, and without a rule for that nobody may.</summary>
    public static RouteHandlerBuilder AsJsonRead(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter(RefuseOtherTypes).ProducesProblems(401, 403, 406, 429, 503);

    /// <summary>A read of what is for the holder of a key, and for no cache.</summary>
    public static RouteHandlerBuilder AsPrivateRead(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter(RefuseOtherTypes).NeverStored().ProducesProblems(406);

    /// <summary>The answer is made for the one who asked and is not compared with another: no entity tag, <c>no-store</c>.</summary>
    public static RouteHandlerBuilder NeverStored(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(SetNoStore).WithMetadata(new NeverStored());

    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses) endpoint.Produces<Problem>(status, Problems.ContentType);

        return endpoint;
    }

    /// <summary>The body is a merge patch of this input; plain application/json is taken for the same.</summary>
    public static RouteHandlerBuilder AcceptsPatch<TInput>(this RouteHandlerBuilder endpoint)
        where TInput : notnull =>
        endpoint.Accepts<TInput>("application/merge-patch+json", "application/json").WithMetadata(new MergePatchBody(typeof(TInput)));

    private static ValueTask<object?> SetNoStore(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        invocation.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(invocation);
    }

    private static async ValueTask<object?> RefuseOtherTypes(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next) =>
        Accepts.Json(invocation.HttpContext.Request) ? await next(invocation) : new ProblemResult(Problems.NotAcceptable());
}

/// <summary>Tells the OpenAPI document that every member of the body may be left out or null.</summary>
internal sealed record MergePatchBody(Type Input);

/// <summary>Tells the OpenAPI document that the server calls an address it is given.</summary>
/// <param name="Name">What the call is about.</param>
/// <param name="Address">Where the address stands, as a runtime expression.</param>
/// <param name="Body">What it is called with.</param>
/// <param name="Summary">In words.</param>
internal sealed record CallsBack(string Name, string Address, Type Body, string Summary);

/// <summary>Tells the OpenAPI document that the answer has no entity tag.</summary>
internal sealed record NeverStored;

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
