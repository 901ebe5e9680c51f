using FluentValidation;
using Microsoft.EntityFrameworkCore;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;
using NewsApi.Subscriptions;

namespace NewsApi.Access;

/// <summary>Makes, rotates and revokes keys, for the endpoints and for the command line.</summary>
internal sealed class KeyEditing(Publisher publisher, NewsDatabase database, ApiKeys keys, TimeProvider clock, ILogger<KeyEditing> logger)
{
    public async Task<IReadOnlyList<KeyResponse>> ListAsync(CancellationToken cancel)
    {
        var now = clock.Now();
        return [.. (await ReadAsync(query => query.OrderByDescending(k => k.Id), cancel)).Select(key => KeyResponse.From(key, now))];
    }

    public async Task<KeyResponse?> FindAsync(Guid id, CancellationToken cancel)
    {
        var found = await ReadAsync(query => query.Where(k => k.Id == id), cancel);
        return found is [var key] ? KeyResponse.From(key, clock.Now()) : null;
    }

    public Task<Outcome<KeyResponse>> CreateAsync(KeyInput input, Caller caller, CancellationToken cancel)
    {
        if (FindWider(input, caller) is { } refused) return Task.FromResult<Outcome<KeyResponse>>(refused);

        var (text, prefix) = KeyText.New();
        return WriteAsync(
            (db, _) =>
            {
                var now = clock.Now();
                var key = new ApiKey
                {
                    Id = Guid.CreateVersion7(now),
                    Name = input.Name,
                    Prefix = prefix,
                    Scopes = [.. Scopes.All.Where(input.Scopes.Contains)],
                    Licence = input.Licence,
                    CreatedAt = now,
                    CreatedBy = caller.Name,
                    ExpiresAt = input.ExpiresAt,
                    Secrets = [NewSecret(text, prefix, now)],
                };
                db.Add(key);
                Record(db, key, AuditActions.Created, caller);
                return Task.FromResult<Outcome<ApiKey>>(key);
            },
            text,
            caller,
            cancel);
    }

    /// <summary>A new text for the same key. The one before stays good for a while, an older one no longer.</summary>
    public Task<Outcome<KeyResponse>> RotateAsync(Guid id, TimeSpan overlap, Caller caller, CancellationToken cancel)
    {
        var (text, prefix) = KeyText.New();
        return WriteAsync(
            async (db, token) =>
            {
                if (await FindToChangeAsync(db, id, token) is not { } key) return Problems.NotFound();
                if (FindWider(key, caller) is { } refused) return refused;

                var now = clock.Now();
                if (key.RevokedAt is not null || key.ExpiresAt <= now) return Problems.KeyEnded();

                db.RemoveRange(key.Secrets.Where(s => s.ExpiresAt is not null));
                foreach (var secret in key.Secrets.Where(s => s.ExpiresAt is null)) secret.ExpiresAt = now + overlap;
                key.Secrets.Add(NewSecret(text, prefix, now));
                key.Prefix = prefix;
                Record(db, key, AuditActions.Rotated, caller);
                return key;
            },
            text,
            caller,
            cancel);
    }

    /// <summary>What a key is for and what it may do, changed in parts. It holds from the next request on; its text stays the same.</summary>
    public Task<Outcome<KeyResponse>> UpdateAsync(Guid id, JsonPatch patch, IValidator<KeyInput> validator, Caller caller, CancellationToken cancel) => WriteAsync(
        async (db, token) =>
        {
            if (await FindToChangeAsync(db, id, token) is not { } key) return Problems.NotFound();
            if (FindWider(key, caller) is { } refused) return refused;
            if (key.RevokedAt is not null || key.ExpiresAt <= clock.Now()) return Problems.KeyEnded();

            var before = new KeyInput { Name = key.Name, Scopes = key.Scopes, Licence = key.Licence, ExpiresAt = key.ExpiresAt };
            var patched = await JsonBodies.PatchAsync(before, patch.Root, validator, token);
            if (patched.Problem is { } wrong) return wrong;

            var input = patched.Value!;
            if (FindWider(input, caller) is { } wider) return wider;

            if (key.Licence?.Fingerprint != input.Licence?.Fingerprint)
            {
                var identity = id.ToString();
                await KeptAnswers.WithholdAsync(db.KeptAnswers.Where(a => a.Caller == identity), token);
                await SubscriptionEditing.ForgetCheckpointsAsync(db, identity, token);
            }

            (key.Name, key.Scopes, key.Licence, key.ExpiresAt) = (input.Name, [.. Scopes.All.Where(input.Scopes.Contains)], input.Licence, input.ExpiresAt);
            Record(db, key, AuditActions.Updated, caller);
            return key;
        },
        null,
        caller,
        cancel);

    /// <summary>Ends a key. What ended before stays as it is.</summary>
    public Task<Outcome<KeyResponse>> RevokeAsync(Guid id, Caller caller, CancellationToken cancel) => WriteAsync(
        async (db, token) =>
        {
            if (await FindToChangeAsync(db, id, token) is not { } key) return Problems.NotFound();

            if (key.RevokedAt is null) Record(db, key, AuditActions.Revoked, caller);
            key.RevokedAt ??= clock.Now();
            db.RemoveRange(key.Secrets);
            return key;
        },
        null,
        caller,
        cancel);

    /// <summary>What it may do from here on is said, because the key does not keep what it could do before.</summary>
    private void Record(NewsDbContext db, ApiKey key, string action, Caller caller) => db.Audit.Add(new AuditEntry
    {
        At = clock.Now().ToUnixTimeMilliseconds(),
        Actor = caller.Name,
        Action = action,
        Type = AuditActions.KeyType,
        ResourceId = key.Id.ToString(),
        Detail = $"{key.Prefix}: {string.Join(' ', key.Scopes)}{(key.Licence is null ? "" : ", with a licence")}",
    });

    private async Task<Outcome<KeyResponse>> WriteAsync(
        Func<NewsDbContext, CancellationToken, Task<Outcome<ApiKey>>> change, string? text, Caller caller, CancellationToken cancel)
    {
        var outcome = await publisher.WriteAsync(change, caller, cancel);
        if (outcome.Problem is { } problem) return problem;

        try
        {
            await keys.LoadAsync(CancellationToken.None);
        }
        catch (Exception e) when (database.FaultOf(e) == DatabaseFault.Away || e is DatabaseAwayException)
        {
            logger.LogWarning("A key was changed and the database went away; the keys are read again when it is back");
        }

        return KeyResponse.From(outcome.Value!.Value, clock.Now(), text);
    }

    private async ValueTask<List<ApiKey>> ReadAsync(Func<IQueryable<ApiKey>, IQueryable<ApiKey>> which, CancellationToken cancel) => await database.ReadModelAsync(
        (db, _) => which(db.ApiKeys.AsNoTracking().Include(k => k.Secrets)).ToListAsync(cancel), cancel);

    private static async Task<ApiKey?> FindToChangeAsync(NewsDbContext db, Guid id, CancellationToken cancel)
    {
        await db.HoldKeyAsync(id, cancel);
        return await db.ApiKeys.Include(k => k.Secrets).FirstOrDefaultAsync(k => k.Id == id, cancel);
    }

    private static ApiKeySecret NewSecret(string text, string prefix, DateTimeOffset now) =>
        new() { Hash = Convert.ToHexStringLower(KeyText.Hash(text)), Prefix = prefix, CreatedAt = now };

    /// <summary>Nobody gives more than they have.</summary>
    private static Problem? FindWider(KeyInput input, Caller caller)
    {
        var wider = input.Scopes.Select((scope, i) => (Scope: scope, Place: i)).Where(s => !caller.Has(s.Scope)).ToList();
        if (wider.Count > 0) return Problems.Invalid([.. wider.Select(s => TooWide($"/scopes/{s.Place}", "scopeTooWide", $"Your key lacks the scope {s.Scope} itself."))]);

        return (input.Licence ?? new Licence()).IsWithin(caller.Licence)
            ? null
            : Problems.Invalid(TooWide("/licence", "licenceTooWide", "Your key has a licence, and this one would show more."));
    }

    /// <summary>Nor does anybody get the text of a key that can do more.</summary>
    private static Problem? FindWider(ApiKey key, Caller caller) =>
        key.Scopes.FirstOrDefault(scope => !caller.Has(scope)) is { } lacking ? Problems.ScopeRequired(lacking)
        : (key.Licence ?? new Licence()).IsWithin(caller.Licence) ? null
        : Problems.Forbidden("Your key has a licence, and this one shows more.");

    private static ProblemError TooWide(string pointer, string code, string detail) => new() { Pointer = pointer, Code = code, Detail = detail };
}
