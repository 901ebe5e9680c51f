using NewsApi.Http;

namespace NewsApi.Access;

/// <summary>What a key may do. None of them implies another.</summary>
internal static class Scopes
{
    /// <summary>Reading what is public, where <see cref="AccessOptions.AnonymousRead"/> is off; where it is on, everybody may.</summary>
    public const string Read = "content:read";
    public const string Preview = "content:preview";
    public const string Write = "content:write";
    public const string Publish = "content:publish";
    public const string People = "people:write";

    /// <summary>Following what changes, where <see cref="AccessOptions.AnonymousRead"/> is off.</summary>
    public const string Sync = "sync:read";
    public const string Admin = "admin";

    public static readonly string[] All = [Read, Preview, Write, Publish, People, Sync, Admin];
}

/// <summary>
/// The policy of an endpoint, as metadata on it. An endpoint without one answers nobody, and a test fails for it.
/// </summary>
internal sealed record AccessRule
{
    /// <summary>What a key must have; absent where none is needed, or where any will do.</summary>
    public string? Scope { get; init; }

    /// <summary>Any good key will do.</summary>
    public bool NeedsKey { get; init; }

    /// <summary>What a key must have where nobody reads without one; absent where everybody always may.</summary>
    public string? ReadScope { get; init; }

    /// <summary>Who may call it while anonymous reading is on.</summary>
    public override string ToString() => Scope ?? (NeedsKey ? "any key" : "everybody");
}

/// <summary>A document that a preview link opens to somebody without a key; see <see cref="PreviewLinks"/>.</summary>
internal sealed record OpenToPreviewLinks;

/// <summary>A query parameter of a public read that only the newsroom may send.</summary>
internal sealed record PreviewParameter(string Name);

internal static class AccessRules
{
    /// <summary>Everybody may read, but with this parameter only who has the scope for previews.</summary>
    public static RouteHandlerBuilder NeedsPreviewFor(this RouteHandlerBuilder endpoint, string parameter) => endpoint.WithMetadata(new PreviewParameter(parameter));

    /// <summary>
    /// Public content: no key is needed, but one that is sent must be good. Where anonymous reading is off, the key must have
    /// this scope.
    /// </summary>
    public static TBuilder AllowEverybody<TBuilder>(this TBuilder endpoint, string readScope = Scopes.Read)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule { ReadScope = readScope });

    /// <summary>What says nothing about the content: health, the reference.</summary>
    public static TBuilder AllowEverybodyAlways<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule());

    public static RouteHandlerBuilder RequireScope(this RouteHandlerBuilder endpoint, string scope) =>
        endpoint.WithMetadata(new AccessRule { Scope = scope }).ProducesProblems(401, 403, 429, 503);

    public static RouteHandlerBuilder RequireAnyKey(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new AccessRule { NeedsKey = true }).ProducesProblems(401, 403, 429, 503);
}
