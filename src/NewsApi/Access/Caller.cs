using NewsApi.Publishing;

namespace NewsApi.Access;

/// <summary>On whose behalf something is done; revisions keep the name. Made by name alone it is the program itself, which may do everything.</summary>
internal sealed record Caller(string Name)
{
    public static readonly Caller System = new("system");

    /// <summary>Does what was scheduled.</summary>
    public static readonly Caller Clock = new("clock");
    public static readonly Caller Anonymous = new("anonymous") { Scopes = [] };

    public IReadOnlyList<string> Scopes { get; init; } = Access.Scopes.All;

    /// <summary>Absent where no key on record was sent: keys of the settings and tokens have none.</summary>
    public Guid? KeyId { get; init; }

    /// <summary>The part of the key that is no secret.</summary>
    public string? Prefix { get; init; }

    /// <summary>When what was sent ceases to be good.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The content this caller may see; absent where that is everything.</summary>
    public Licence? Licence { get; init; }

    /// <summary>Named by somebody else's token; no key of ours stands behind it.</summary>
    public bool HasToken { get; init; }

    /// <summary>What this caller's idempotency keys and subscriptions go by.</summary>
    public string Identity => KeyId?.ToString() ?? Name;

    /// <summary>The key on record that an identity is of; a key of the settings has none.</summary>
    public static Guid? KeyOf(string identity) => Guid.TryParseExact(identity, "D", out var id) ? id : null;

    /// <summary>Where the request is to happen once, however often it is sent.</summary>
    public IdempotentRequest? Once { get; init; }

    public bool IsAnonymous => ReferenceEquals(this, Anonymous);

    public bool Has(string scope) => Scopes.Contains(scope);

    /// <summary>Who sent a request, as the gate found out.</summary>
    public static Caller Of(HttpContext context)
    {
        var caller = context.Features.Get<Caller>() ?? Anonymous;
        return context.Features.Get<IdempotentRequest>() is { } once ? caller with { Once = once } : caller;
    }
}

/// <summary>What the holder of a key may see of the articles.</summary>
internal static class Licences
{
    /// <summary>That of whoever sent a request; of somebody with a preview link that of the key which made it. Absent where that is everything.</summary>
    public static Licence? Of(HttpContext context) => Caller.Of(context).Licence ?? context.Features.Get<LinkMaker>()?.Licence;
}

/// <summary>Whose link a request came with.</summary>
internal sealed record LinkMaker(Licence? Licence);
