using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace NewsApi.Access;

/// <summary>The keys that tokens are signed with cannot be read now, so nobody can say whether one is good.</summary>
internal sealed class TokenKeysAwayException(Exception cause) : Exception("The keys that tokens are signed with cannot be read.", cause);

/// <summary>
/// Takes JSON Web Tokens in the place of keys: signed by those whom the settings name, meant for us, not over. Only signatures
/// with a private key count; with a shared secret, whoever can check a token could make one.
/// </summary>
internal sealed class AccessTokens
{
    private const int LongestName = 200;

    /// <summary>How far their clock may be ahead of ours.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    private readonly TokenOptions _options;
    private readonly TimeProvider _clock;
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly IList<SecurityKey> _keys = [];
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? _authority;

    public AccessTokens(AccessOptions options, TimeProvider clock)
    {
        (_options, _clock) = (options.Tokens, clock);
        _options.Check();
        if (_options.SigningKeys is { Length: > 0 } keys) _keys = Read(keys);
        else if (_options.Authority is { Length: > 0 } authority) _authority = Ask(authority);
    }

    public bool AreTaken => _options.AreTaken;

    /// <summary>Whom a token names, or nobody.</summary>
    public async ValueTask<Caller?> FindAsync(string token, CancellationToken cancel)
    {
        var result = await ValidateAsync(token, cancel);

        // They may have got new keys since we asked. The next token finds them; how often we ask, the manager limits.
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException) _authority?.RequestRefresh();
        return result is { IsValid: true, SecurityToken: JsonWebToken good } ? CallerOf(good) : null;
    }

    private Caller? CallerOf(JsonWebToken token)
    {
        var name = token.Claims.FirstOrDefault(c => c.Type == _options.NameClaim)?.Value;
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.Any(char.IsControl)) return null;

        var named = token.Claims.Where(c => c.Type == _options.ScopeClaim).SelectMany(c => c.Value.Split(' ')).ToHashSet();
        return new Caller(name) { Scopes = [.. Scopes.All.Where(named.Contains)], ExpiresAt = new DateTimeOffset(token.ValidTo, TimeSpan.Zero), HasToken = true };
    }

    private async Task<TokenValidationResult> ValidateAsync(string token, CancellationToken cancel)
    {
        var (issuer, keys) = await IssuerAsync(cancel);
        return await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSsaPssSha256],
            ValidIssuer = issuer,
            ValidAudience = _options.Audience,
            IssuerSigningKeys = keys,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (from, to, _, _) => IsNow(from, to),
        });
    }

    private async Task<(string Issuer, ICollection<SecurityKey> Keys)> IssuerAsync(CancellationToken cancel)
    {
        if (_authority is null) return (_options.Issuer ?? _options.Authority!, _keys);

        try
        {
            var found = await _authority.GetConfigurationAsync(cancel);
            return (_options.Issuer ?? found.Issuer, found.SigningKeys);
        }
        catch (InvalidOperationException e)
        {
            throw new TokenKeysAwayException(e);
        }
    }

    private bool IsNow(DateTime? from, DateTime? to)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        return to > now && (from is null || from <= now + Ahead);
    }

    private static IList<SecurityKey> Read(string keys)
    {
        try
        {
            var read = JsonWebKeySet.Create(keys).GetSigningKeys().Where(key => key is not SymmetricSecurityKey).ToList();
            return read.Count > 0 ? read : throw new SettingException("Access:Tokens:SigningKeys", "has no public key");
        }
        catch (ArgumentException)
        {
            throw new SettingException("Access:Tokens:SigningKeys", "is not a JSON Web Key Set");
        }
    }

    private static ConfigurationManager<OpenIdConnectConfiguration> Ask(string authority) => new(
        $"{authority.TrimEnd('/')}/.well-known/openid-configuration",
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever { RequireHttps = authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase) });
}
