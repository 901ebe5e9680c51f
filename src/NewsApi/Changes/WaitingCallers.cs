using NewsApi.Access;
using NewsApi.Http;

namespace NewsApi.Changes;

/// <summary>
/// Looks again at those who were let in and wait since: their key may be gone meanwhile, or see something else. A change of a key is known as soon as
/// new calls go by it.
/// </summary>
internal sealed class WaitingCallers(ApiKeys keys, AccessOptions options, TimeProvider clock)
{
    /// <summary>What the same call, sent now with the cursor it has come to, would be refused with.</summary>
    public Problem? Refuse(HttpContext http)
    {
        var caller = Caller.Of(http);
        if (caller.IsAnonymous) return null;
        if (caller.ExpiresAt <= clock.GetUtcNow()) return Problems.BadKey();

        // Keys of the settings and tokens are as good as they were.
        if (caller.KeyId is null) return null;
        if (Credentials.Key(http.Request) is not { } text || keys.Find(text) is not { } now) return Problems.BadKey();

        var scope = options.AnonymousRead ? null : http.GetEndpoint()?.Metadata.GetMetadata<AccessRule>()?.ReadScope;
        if (scope is not null && !now.Has(scope)) return Problems.ScopeRequired(scope);

        return now.Licence?.Fingerprint == caller.Licence?.Fingerprint ? null : Problems.ScopeChanged("cursor");
    }
}
