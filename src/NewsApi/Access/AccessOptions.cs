namespace NewsApi.Access;

/// <summary>Settings of section <c>Access</c>.</summary>
internal sealed class AccessOptions
{
    /// <summary>Whether what is public is read without a key.</summary>
    public bool AnonymousRead { get; init; } = true;

    /// <summary>Keys by name; the value is the SHA-256 of the key in hex, so that the settings hold no secret. They have every scope.</summary>
    public Dictionary<string, string> KeyHashes { get; init; } = [];

    /// <summary>Whose JSON Web Tokens are taken in the place of a key.</summary>
    public TokenOptions Tokens { get; init; } = new();
}

/// <summary>JSON Web Tokens of somebody who knows the users; none are taken where neither <see cref="Authority"/> nor <see cref="SigningKeys"/> is set.</summary>
internal sealed class TokenOptions
{
    /// <summary>Who issues them: an address below which <c>/.well-known/openid-configuration</c> tells of issuer and keys.</summary>
    public string? Authority { get; init; }

    /// <summary>What a token must be meant for, in its <c>aud</c>.</summary>
    public string? Audience { get; init; }

    /// <summary>What must stand in <c>iss</c>; where absent, what the authority says of itself.</summary>
    public string? Issuer { get; init; }

    /// <summary>The claim with the scopes: text with spaces between them, or an array.</summary>
    public string ScopeClaim { get; init; } = "scope";

    /// <summary>The claim with the name that revisions keep.</summary>
    public string NameClaim { get; init; } = "sub";

    /// <summary>The public keys as a JSON Web Key Set, where no authority is to be asked for them.</summary>
    public string? SigningKeys { get; init; }

    public bool AreTaken => Authority is { Length: > 0 } || SigningKeys is { Length: > 0 };

    public void Check()
    {
        if (!AreTaken)
        {
            if (Audience is not null || Issuer is not null)
                throw new SettingException("Access:Tokens:Authority", "is missing: Access:Tokens needs it, or SigningKeys, to know whose tokens are good");
            return;
        }

        if (Authority is { Length: > 0 } address
            && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))))
            throw new SettingException("Access:Tokens:Authority", "must be an address that begins with https:// (http:// only on this machine)");
        if (string.IsNullOrWhiteSpace(Audience)) throw new SettingException("Access:Tokens:Audience", "must be set where tokens are taken: those meant for others are not");
        if (string.IsNullOrWhiteSpace(Issuer) && string.IsNullOrEmpty(Authority))
            throw new SettingException("Access:Tokens:Issuer", "must be set where there is no Authority");
        if (string.IsNullOrWhiteSpace(ScopeClaim)) throw new SettingException("Access:Tokens:ScopeClaim", "must name a claim");
        if (string.IsNullOrWhiteSpace(NameClaim)) throw new SettingException("Access:Tokens:NameClaim", "must name a claim");
    }
}
