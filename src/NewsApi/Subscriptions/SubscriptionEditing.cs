using FluentValidation;
using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Changes;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Subscriptions;

/// <summary>Makes, changes and ends subscriptions. Each belongs to the key it was made with; others do not see it, but for <c>admin</c>.</summary>
internal sealed class SubscriptionEditing(Publisher publisher, NewsDatabase database, ChangeCursors cursors, DueSignal signal, TimeProvider clock)
{
    private const int MostPerKey = 20;

    public async Task<IReadOnlyList<SubscriptionResponse>> ListAsync(Caller caller, CancellationToken cancel)
    {
        var now = clock.Now();
        var found = await ReadAsync(db => Visible(db, caller).AsNoTracking().OrderByDescending(s => s.Id).ToListAsync(cancel), cancel);
        return found.ConvertAll(s => SubscriptionResponse.From(s, now));
    }

    public async Task<SubscriptionResponse?> FindAsync(Guid id, Caller caller, CancellationToken cancel)
    {
        var found = await ReadAsync(db => Visible(db, caller).AsNoTracking().FirstOrDefaultAsync(s => s.Id == id, cancel), cancel);
        return found is null ? null : SubscriptionResponse.From(found, clock.Now());
    }

    public Task<Outcome<SubscriptionResponse>> CreateAsync(SubscriptionInput input, Caller caller, CancellationToken cancel)
    {
        if (caller.HasToken) return Task.FromResult<Outcome<SubscriptionResponse>>(Problems.Forbidden("A subscription outlives a token. Make it with a key."));

        var secret = WebhookSignature.NewSecret();
        return WriteAsync(
            async (db, token) =>
            {
                if (await db.Subscriptions.CountAsync(s => s.Owner == caller.Identity, token) >= MostPerKey)
                    return Problems.Conflict("tooManySubscriptions", $"A key has {MostPerKey} subscriptions at most.");

                var now = clock.Now();
                var subscription = new Subscription
                {
                    Id = Guid.CreateVersion7(now),
                    Owner = caller.Identity,
                    CreatedBy = caller.Name,
                    CreatedAt = now,
                    Name = input.Name ?? caller.Name,
                    WebhookUrl = input.WebhookUrl,
                    Types = FeedTypeNames.Read(input.Types),
                    Secret = secret,
                };
                db.Add(subscription);
                if (input.Active ?? true) await RingAsync(db, subscription, now, token);
                else subscription.Disable(DisabledReasons.Paused);
                Record(db, subscription, AuditActions.Created, caller.Name, now);
                return subscription;
            },
            secret,
            caller,
            cancel);
    }

    public Task<Outcome<SubscriptionResponse>> UpdateAsync(Guid id, JsonPatch patch, IValidator<SubscriptionInput> validator, Caller caller, CancellationToken cancel) => WriteAsync(
        async (db, token) =>
        {
            if (await FindToChangeAsync(db, id, caller, token) is not { } subscription) return Problems.NotFound();

            var patched = await JsonBodies.PatchAsync(SubscriptionInput.From(subscription), patch.Root, validator, token);
            if (patched.Problem is { } wrong) return wrong;

            var (input, now) = (patched.Value!, clock.Now());
            (subscription.WebhookUrl, subscription.Types, subscription.Name) = (input.WebhookUrl, FeedTypeNames.Read(input.Types), input.Name ?? subscription.CreatedBy);
            var wantsActive = input.Active ?? true;
            if (wantsActive && !subscription.IsActive)
            {
                (subscription.IsActive, subscription.DisabledReason) = (true, null);
                await RingAsync(db, subscription, now, token);
            }
            else if (!wantsActive && subscription.IsActive)
            {
                await DisableAsync(db, subscription, DisabledReasons.Paused, token);
            }

            Record(db, subscription, AuditActions.Updated, caller.Name, now);
            return subscription;
        },
        null,
        caller,
        cancel);

    /// <summary>A new secret. The one before signs as well for a while, an older one no longer.</summary>
    public Task<Outcome<SubscriptionResponse>> RotateAsync(Guid id, TimeSpan overlap, Caller caller, CancellationToken cancel)
    {
        var secret = WebhookSignature.NewSecret();
        return WriteAsync(
            async (db, token) =>
            {
                if (await FindToChangeAsync(db, id, caller, token) is not { } subscription) return Problems.NotFound();

                var now = clock.Now();
                (subscription.PreviousSecret, subscription.PreviousSecretExpiresAt, subscription.Secret) = (subscription.Secret, now + overlap, secret);
                Record(db, subscription, AuditActions.Rotated, caller.Name, now);
                return subscription;
            },
            secret,
            caller,
            cancel);
    }

    /// <summary>Whoever is shown something else from now on starts again, and has acknowledged nothing of that yet.</summary>
    public static Task ForgetCheckpointsAsync(NewsDbContext db, string owner, CancellationToken cancel) =>
        db.Subscriptions.Where(s => s.Owner == owner).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.CheckpointPosition, (long?)null).SetProperty(s => s.CheckpointEpoch, (string?)null)
                .SetProperty(s => s.CheckpointAt, (DateTimeOffset?)null),
            cancel);

    /// <summary>A checkpoint may go back: a copy that was restored from a backup has less than before.</summary>
    public Task<Outcome<SubscriptionResponse>> SetCheckpointAsync(Guid id, string cursor, Caller caller, CancellationToken cancel) => WriteAsync(
        async (db, token) =>
        {
            if (await FindToChangeAsync(db, id, caller, token) is not { } subscription) return Problems.NotFound();
            if (cursors.Read(cursor, "cursor", caller.Licence, out var place) is { } problem)
                return problem.Status == StatusCodes.Status400BadRequest ? Problems.Invalid("/cursor", "invalid", problem.Detail!) : problem;

            var feed = await db.Feeds.AsNoTracking().SingleAsync(token);
            if (!new FeedHead(feed.Epoch, await HeadAsync(db, token), feed.CutTo, feed.Cuts).Reaches(place)) return Problems.CursorExpired("cursor");

            (subscription.CheckpointPosition, subscription.CheckpointEpoch, subscription.CheckpointAt) = (place.Position, place.Epoch, clock.Now());
            return subscription;
        },
        null,
        caller,
        cancel);

    public Task<Outcome<SubscriptionResponse>> DeleteAsync(Guid id, Caller caller, CancellationToken cancel) => WriteAsync(
        async (db, token) =>
        {
            if (await FindToChangeAsync(db, id, caller, token) is not { } subscription) return Problems.NotFound();

            // Who rings it meanwhile would wait for the row, and we for the head.
            await db.HoldHeadsAsync(token);
            await db.Deliveries.Where(d => d.SubscriptionId == id).ExecuteDeleteAsync(token);
            db.Remove(subscription);
            Record(db, subscription, AuditActions.Deleted, caller.Name, clock.Now());
            return subscription;
        },
        null,
        caller,
        cancel);

    /// <summary>A token has none, whatever name is in it.</summary>
    public static IQueryable<Subscription> Visible(NewsDbContext db, Caller caller)
    {
        if (caller.Has(Scopes.Admin)) return db.Subscriptions;

        var owner = caller.HasToken ? null : caller.Identity;
        return db.Subscriptions.Where(s => s.Owner == owner);
    }

    public static async Task<Subscription?> FindToChangeAsync(NewsDbContext db, Guid id, Caller caller, CancellationToken cancel)
    {
        await db.HoldSubscriptionAsync(id, cancel);
        return await Visible(db, caller).FirstOrDefaultAsync(s => s.Id == id, cancel);
    }

    /// <summary>From now on it does not ring, and what waits is not sent. Whoever commits meanwhile has rung it before, or does not any more.</summary>
    public static async Task DisableAsync(NewsDbContext db, Subscription subscription, string reason, CancellationToken cancel)
    {
        await db.HoldHeadsAsync(cancel);
        subscription.Disable(reason);
        await db.Deliveries.Where(d => d.SubscriptionId == subscription.Id && d.NextAt != null)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.State, DeliveryStates.Cancelled).SetProperty(d => d.NextAt, (long?)null), cancel);
    }

    public static void Record(NewsDbContext db, Subscription subscription, string action, string actor, DateTimeOffset now) => db.Audit.Add(new AuditEntry
    {
        At = now.ToUnixTimeMilliseconds(),
        Actor = actor,
        Action = action,
        Type = AuditActions.SubscriptionType,
        ResourceId = subscription.Id.ToString(),
        Detail = $"{subscription.Name}: {(subscription.IsActive ? "active" : subscription.DisabledReason)}",
    });

    /// <summary>
    /// Tells where the feed stands, so that what was missed is read, and that the address works is seen. Whoever commits meanwhile stands before that
    /// place, or sees that there is somebody to ring.
    /// </summary>
    private static async Task RingAsync(NewsDbContext db, Subscription subscription, DateTimeOffset now, CancellationToken cancel)
    {
        await db.HoldHeadsAsync(cancel);
        var (position, at) = (await HeadAsync(db, cancel), now.ToUnixTimeMilliseconds());
        if (await db.Deliveries.FindAsync([subscription.Id, position], cancel) is { } before) before.MakeDue(at);
        else db.Add(new Delivery { SubscriptionId = subscription.Id, Position = position, Types = subscription.Types, CreatedAt = at, State = DeliveryStates.Pending, NextAt = at });
    }

    private static Task<long> HeadAsync(NewsDbContext db, CancellationToken cancel) => db.Heads.Where(h => h.Name == Head.Public).Select(h => h.Position).SingleAsync(cancel);

    private async Task<Outcome<SubscriptionResponse>> WriteAsync(
        Func<NewsDbContext, CancellationToken, Task<Outcome<Subscription>>> change, string? secret, Caller caller, CancellationToken cancel)
    {
        var outcome = await publisher.WriteAsync(change, caller, cancel);
        signal.Raise();
        return outcome.Problem is { } problem ? problem : SubscriptionResponse.From(outcome.Value!.Value, clock.Now(), secret);
    }

    private ValueTask<T> ReadAsync<T>(Func<NewsDbContext, Task<T>> read, CancellationToken cancel) => database.ReadModelAsync((db, _) => read(db), cancel);
}
