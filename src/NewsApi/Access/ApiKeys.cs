using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using NewsApi.Storage;

namespace NewsApi.Access;

/// <summary>
/// Knows the keys: those configured, in Development also <see cref="Development"/>, and those on record. The latter are kept in
/// memory and read again when somebody has changed one, see <see cref="Publishing.HeadWatcher"/>.
/// </summary>
internal sealed class ApiKeys : IDisposable
{
    public const string Development = "dev-admin-key";

    private readonly NewsDatabase _database;
    private readonly TimeProvider _clock;
    private readonly List<(byte[] Hash, Caller Caller)> _configured = [];

    /// <summary>Who reads last has read the newest.</summary>
    private readonly SemaphoreSlim _turn = new(1);
    private volatile Dictionary<string, KnownSecret> _stored = [];

    public ApiKeys(AccessOptions options, IHostEnvironment environment, NewsDatabase database, TimeProvider clock)
    {
        (_database, _clock) = (database, clock);
        foreach (var (name, hash) in options.KeyHashes)
        {
            if (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit))
                throw new SettingException($"Access:KeyHashes:{name}", "is not the SHA-256 of a key: 64 hexadecimal digits");

            _configured.Add((Convert.FromHexString(hash), new Caller(name)));
        }

        if (environment.IsDevelopment()) _configured.Add((KeyText.Hash(Development), new Caller("development")));
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Whose key this is, or nobody's.</summary>
    public Caller? Find(string text)
    {
        var hash = KeyText.Hash(text);
        return FindConfigured(hash) ?? FindStored(hash);
    }

    /// <summary>Who has a key, where it is still good.</summary>
    public Caller? Find(Guid keyId) => _stored.Values.FirstOrDefault(s => s.Caller.KeyId == keyId && IsGood(s.KeyExpiresAt))?.Caller;

    /// <summary>Whether the settings still have a key by this name.</summary>
    public bool HoldsConfigured(Predicate<string> isName) => _configured.Exists(known => isName(known.Caller.Name));

    /// <summary>Whether the owner of something may still follow the feed, and what of it.</summary>
    /// <param name="owner">The <see cref="Caller.Identity"/> of whoever made it.</param>
    /// <param name="licence">Absent where that is everything.</param>
    public bool MayFollow(string owner, out Licence? licence)
    {
        var caller = Caller.KeyOf(owner) is { } id ? Find(id) : _configured.Select(known => known.Caller).FirstOrDefault(c => c.Name == owner);
        licence = caller?.Licence;
        return caller?.Has(Scopes.Sync) == true;
    }

    public async Task LoadAsync(CancellationToken cancel) => await _database.ReadAsync(commands => LoadAsync(commands, cancel), cancel);

    /// <summary>Reads all keys anew. They are few: people make them, one for each program that is to have one.</summary>
    public async ValueTask<bool> LoadAsync(StoredCommands commands, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            await using var db = await _database.OpenModelAsync(commands, cancel);
            var keys = await db.ApiKeys.AsNoTracking().Include(k => k.Secrets).Where(k => k.RevokedAt == null).ToListAsync(cancel);
            _stored = keys.SelectMany(key => key.Secrets.Select(secret => Known(key, secret))).ToDictionary(known => Convert.ToHexStringLower(known.Hash));
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static KnownSecret Known(ApiKey key, ApiKeySecret secret) => new(Convert.FromHexString(secret.Hash), key.ExpiresAt, new Caller(key.Name)
    {
        Scopes = key.Scopes,
        KeyId = key.Id,
        Prefix = secret.Prefix,
        ExpiresAt = key.ExpiresAt is { } end && !(secret.ExpiresAt < end) ? end : secret.ExpiresAt,
        Licence = key.Licence,
    });

    /// <summary>Every configured key is compared, each in constant time.</summary>
    private Caller? FindConfigured(byte[] hash)
    {
        Caller? found = null;
        foreach (var (known, caller) in _configured)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known)) found = caller;
        }

        return found;
    }

    private Caller? FindStored(byte[] hash) =>
        _stored.TryGetValue(Convert.ToHexStringLower(hash), out var known) && CryptographicOperations.FixedTimeEquals(hash, known.Hash) && IsGood(known.Caller.ExpiresAt)
            ? known.Caller
            : null;

    private bool IsGood(DateTimeOffset? expiresAt) => expiresAt is null || expiresAt > _clock.GetUtcNow();

    /// <summary>A secret as it is in memory.</summary>
    private sealed record KnownSecret(byte[] Hash, DateTimeOffset? KeyExpiresAt, Caller Caller);
}
