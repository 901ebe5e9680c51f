using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Subscriptions;

/// <summary>A ring that this node has to send.</summary>
internal sealed record Taken(long Position, int Types, int Attempts, long CreatedAt, long AttemptedAt);

/// <summary>A ring that was sent.</summary>
internal sealed record Attempt(Guid Subscription, string Address, Taken Ring, DateTimeOffset At, WebhookAnswer Answer);

/// <summary>
/// What is due, as the database has it. It stands there since the commit it tells of: a node that ends in the middle leaves it to be sent again, and
/// of several nodes one takes it.
/// </summary>
internal sealed class DeliveryQueue(NewsDatabase database, Publisher publisher, TimeProvider clock)
{
    private const int ForgottenTogether = 1_000;

    private const string AnythingDueSql =
        "SELECT 1 FROM subscriptions AS s WHERE is_active AND EXISTS (SELECT 1 FROM deliveries WHERE subscription_id = s.id AND next_at <= @now) LIMIT 1";

    /// <summary>How long the keys of the settings may differ from node to node before a subscription is taken for one of a key that is gone.</summary>
    private static readonly TimeSpan SettingsPatience = TimeSpan.FromDays(3);

    /// <summary>Longer than an attempt may take: by then the node that took it is gone.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Those with something due, and the history of the feed their cursors belong to.</summary>
    public ValueTask<(string Epoch, IReadOnlyList<Subscription> Due)> FindDueAsync(CancellationToken cancel)
    {
        var now = clock.Now().ToUnixTimeMilliseconds();
        return database.ReadAsync(commands => FindDueAsync(commands, now, cancel), cancel);
    }

    /// <summary>Takes what is due, so that nobody else does: until the lease is over it is not due any more.</summary>
    public async Task<IReadOnlyList<Taken>> TakeAsync(Guid subscription, int most, CancellationToken cancel)
    {
        var taken = await publisher.WriteAsync<List<Taken>>(async (db, token) => await TakeAsync(db, subscription, most, token), Caller.System, cancel);
        return taken.Problem is null ? taken.Value!.Value : [];
    }

    /// <summary>Keeps what became of attempts.</summary>
    /// <returns>Whether that is kept now.</returns>
    public async Task<bool> RecordAsync(IReadOnlyCollection<Attempt> made)
    {
        var outcome = await publisher.WriteAsync<bool>(
            async (db, token) =>
            {
                // In one order on every node, as each holds its subscription.
                foreach (var attempts in made.GroupBy(a => a.Subscription).OrderBy(g => g.Key))
                {
                    var address = await HoldAsync(db, attempts.Key, token);
                    foreach (var attempt in attempts) await RecordAsync(db, attempt, address, token);
                }

                return true;
            },
            Caller.System,
            CancellationToken.None);
        return outcome.Problem is null;
    }

    /// <summary>This node does not know the key: another one may, which made it a moment ago or has other settings. So the database decides.</summary>
    public Task EndWithKeyAsync(Subscription subscription, CancellationToken cancel) => publisher.WriteAsync<bool>(
        async (db, token) =>
        {
            var now = clock.Now();
            if (!await IsKeptAsync(db, subscription, now, token)) await DisableAsync(db, subscription.Id, DisabledReasons.KeyEnded, now, token);
            return true;
        },
        Caller.System,
        cancel);

    /// <summary>What is over and old goes.</summary>
    public async Task ForgetAsync(CancellationToken cancel)
    {
        var limit = (clock.Now() - Kept).ToUnixTimeMilliseconds();
        while (true)
        {
            var gone = await publisher.WriteAsync<int>(
                async (db, token) => await db.Database.ExecuteSqlAsync(
                    $"""
                    DELETE FROM deliveries WHERE (subscription_id, position) IN (
                        SELECT subscription_id, position FROM deliveries WHERE created_at < {limit} AND next_at IS NULL ORDER BY created_at LIMIT {ForgottenTogether})
                    """,
                    token),
                Caller.System,
                cancel);
            if (gone.Problem is not null || gone.Value!.Value < ForgottenTogether) return;
        }
    }

    /// <summary>What of one subscription is due, the longest first. The id stands in the text, where each database reads it in its own form.</summary>
    internal static string DueSql(Guid subscription, string now, string limit) =>
        $"SELECT subscription_id, position FROM deliveries WHERE subscription_id = '{subscription:D}' AND next_at <= {now} ORDER BY next_at LIMIT {limit}";

    private async ValueTask<(string Epoch, IReadOnlyList<Subscription> Due)> FindDueAsync(StoredCommands commands, long now, CancellationToken cancel)
    {
        // Asked after every commit, and mostly for nothing.
        if (await commands.Prepare(AnythingDueSql, ("now", now)).ExecuteScalarAsync(cancel) is null) return ("", []);

        await using var db = await database.OpenModelAsync(commands, cancel);
        var due = await db.Subscriptions.AsNoTracking()
            .Where(s => s.IsActive && db.Deliveries.Any(d => d.SubscriptionId == s.Id && d.NextAt <= now))
            .ToListAsync(cancel);
        return (await db.Feeds.Select(f => f.Epoch).SingleAsync(cancel), due);
    }

    private async Task<List<Taken>> TakeAsync(NewsDbContext db, Guid subscription, int most, CancellationToken cancel)
    {
        var now = clock.Now();
        var sql = $$"""
            WITH due AS MATERIALIZED ({{DueSql(subscription, "{1}", "{2}")}} {{database.SkipHeld}})
            UPDATE deliveries SET next_at = {0}, attempts = attempts + 1, attempted_at = {1}, status = NULL, error = NULL
            WHERE (subscription_id, position) IN (SELECT subscription_id, position FROM due)
            RETURNING position AS "Position", types AS "Types", attempts AS "Attempts", created_at AS "CreatedAt", attempted_at AS "AttemptedAt"
            """;
        return await db.Database.SqlQueryRaw<Taken>(sql, (now + Lease).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(), most).ToListAsync(cancel);
    }

    /// <param name="db">Inside the writer's transaction.</param>
    /// <param name="attempt">What was sent, and what came of it.</param>
    /// <param name="addressNow">Where the subscription is by now.</param>
    /// <param name="cancel">Stops it.</param>
    private static async Task RecordAsync(NewsDbContext db, Attempt attempt, string? addressNow, CancellationToken cancel)
    {
        var (subscription, address, ring, at, answer) = attempt;

        // Only where nobody else has tried since, and nobody has cancelled it.
        var own = db.Deliveries.Where(
            d => d.SubscriptionId == subscription && d.Position == ring.Position && d.Attempts == ring.Attempts && d.AttemptedAt == ring.AttemptedAt && d.NextAt != null);
        if (address != addressNow)
        {
            // What the old address answered says nothing of the new one.
            await own.ExecuteUpdateAsync(set => set.SetProperty(d => d.NextAt, at.ToUnixTimeMilliseconds()), cancel);
            return;
        }

        var (state, next) = RetryPlan.After(ring.Attempts, answer, at, Random.Shared.NextDouble());
        var nextAt = next?.ToUnixTimeMilliseconds();
        var deliveredAt = answer.Succeeded ? at.ToUnixTimeMilliseconds() : (long?)null;

        var recorded = await own.ExecuteUpdateAsync(
            set => set.SetProperty(d => d.State, state).SetProperty(d => d.NextAt, nextAt).SetProperty(d => d.DeliveredAt, deliveredAt)
                .SetProperty(d => d.Status, answer.Status).SetProperty(d => d.Error, answer.Error),
            cancel);
        if (recorded == 0 || state != DeliveryStates.Failed) return;

        if (answer.IsGone) await DisableAsync(db, subscription, DisabledReasons.Gone, at, cancel);
        else if (!await db.Deliveries.AnyAsync(d => d.SubscriptionId == subscription && d.DeliveredAt >= ring.CreatedAt, cancel))
            await DisableAsync(db, subscription, DisabledReasons.Unreachable, at, cancel);
    }

    /// <summary>The address of a subscription, which stays until the transaction ends; nothing where the subscription is gone, and its rings with it.</summary>
    private static async Task<string?> HoldAsync(NewsDbContext db, Guid subscription, CancellationToken cancel)
    {
        await db.HoldSubscriptionAsync(subscription, cancel);
        return await db.Subscriptions.Where(s => s.Id == subscription).Select(s => s.WebhookUrl).FirstOrDefaultAsync(cancel);
    }

    private static async Task<bool> IsKeptAsync(NewsDbContext db, Subscription subscription, DateTimeOffset now, CancellationToken cancel)
    {
        if (Caller.KeyOf(subscription.Owner) is { } id)
        {
            return await db.ApiKeys.AsNoTracking().FirstOrDefaultAsync(k => k.Id == id && k.RevokedAt == null, cancel) is { } key
                && (key.ExpiresAt is null || key.ExpiresAt > now) && key.Scopes.Contains(Scopes.Sync);
        }

        var limit = (now - SettingsPatience).ToUnixTimeMilliseconds();
        return !await db.Deliveries.AnyAsync(d => d.SubscriptionId == subscription.Id && d.NextAt != null && d.CreatedAt < limit, cancel);
    }

    private static async Task DisableAsync(NewsDbContext db, Guid id, string reason, DateTimeOffset now, CancellationToken cancel)
    {
        if (await SubscriptionEditing.FindToChangeAsync(db, id, Caller.System, cancel) is not { IsActive: true } subscription) return;

        await SubscriptionEditing.DisableAsync(db, subscription, reason, cancel);
        SubscriptionEditing.Record(db, subscription, AuditActions.Disabled, Caller.System.Name, now);
    }
}
