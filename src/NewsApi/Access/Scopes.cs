using NewsApi.Http;

namespace NewsApi.Access;

/// <summary>What a key may do.</summary>
internal static class Scopes
{
    public const string Preview = "content:preview";
    public const string Write = "content:write";
    public const string Publish = "content:publish";
    public const string People = "people:write";
    public const string Admin = "admin";

    public static readonly string[] All = [Preview, Write, Publish, People, Admin];
}

/// <summary>
/// The policy of an endpoint, as metadata on it: a scope, or none where everybody may read. An endpoint without one answers
/// nobody, and a test fails for it.
/// </summary>
internal sealed record AccessRule(string? Scope)
{
    public static readonly AccessRule Everybody = new((string?)null);
}

internal static class AccessRules
{
    /// <summary>Public content: no key is needed, but one that is sent must be good.</summary>
    public static TBuilder AllowEverybody<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(AccessRule.Everybody);

    public static RouteHandlerBuilder RequireScope(this RouteHandlerBuilder endpoint, string scope) =>
        endpoint.WithMetadata(new AccessRule(scope)).ProducesProblems(401, 403, 503);
}
