using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;

namespace NewsApi.Access;

/// <summary>Settings of section <c>Access</c>.</summary>
internal sealed class AccessOptions
{
    /// <summary>Keys by name; the value is the SHA-256 of the key in hex, so that the settings hold no secret.</summary>
    public Dictionary<string, string> KeyHashes { get; init; } = [];
}

/// <summary>Knows the keys: those configured, in Development also <see cref="Development"/>.</summary>
internal sealed class ApiKeys
{
    public const string Development = "dev-admin-key";
    public const string ScopeClaim = "scope";

    private readonly List<(string Name, byte[] Hash)> _keys = [];

    public ApiKeys(AccessOptions options, IHostEnvironment environment)
    {
        foreach (var (name, hash) in options.KeyHashes)
        {
            if (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit))
                throw new SettingException($"Access:KeyHashes:{name}", "is not the SHA-256 of a key: 64 hexadecimal digits");

            _keys.Add((name, Convert.FromHexString(hash)));
        }

        if (environment.IsDevelopment()) _keys.Add(("development", Hash(Development)));
    }

    /// <summary>The caller whose key a request brings, or nobody. Every key has every scope.</summary>
    public ClaimsPrincipal? Identify(HttpRequest request)
    {
        if (Credentials.Key(request) is not { Length: > 0 } secret || Find(secret) is not { } name) return null;

        return new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name), .. Scopes.All.Select(s => new Claim(ScopeClaim, s))], "ApiKey"));
    }

    /// <summary>The name of the key, or nothing. Every key is compared, each in constant time.</summary>
    private string? Find(string secret)
    {
        var hash = Hash(secret);
        string? found = null;
        foreach (var (name, known) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known)) found = name;
        }

        return found;
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
