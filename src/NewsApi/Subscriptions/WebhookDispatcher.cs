using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Changes;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Subscriptions;

/// <summary>
/// Sends what is due, and keeps what became of it. What is to be sent stands in the database since the commit it tells of: a node that ends in the
/// middle leaves it to be sent again, and of several nodes one takes it.
/// </summary>
internal sealed class WebhookDispatcher(
    NewsDatabase database, Publisher publisher, WebhookSender sender, ChangeCursors cursors, KnownHeads heads, ApiKeys keys, TimeProvider clock,
    ILogger<WebhookDispatcher> logger) : BackgroundService
{
    /// <summary>One partner who is slow takes no more places than this, on each node.</summary>
    private const int AtOnceToOne = 8;
    private const int RecordedTogether = 100;
    private const int ForgottenTogether = 1_000;

    /// <summary>How long after each attempt the next one is made: over three days.</summary>
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(16), TimeSpan.FromHours(24),
    ];

    /// <summary>How long the keys of the settings may differ from node to node before a subscription is taken for one of a key that is gone.</summary>
    private static readonly TimeSpan SettingsPatience = TimeSpan.FromDays(3);

    /// <summary>How long what is on its way is waited for when the program ends.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    /// <summary>Longer than an attempt may take: by then the node that took it is gone.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(24);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);
    private static readonly TimeSpan TidyInterval = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Guid, int> _running = new();
    private readonly Channel<Attempt> _done = Channel.CreateUnbounded<Attempt>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly List<Attempt> _unrecorded = [];
    private readonly CancellationTokenSource _abandon = new();

    /// <summary>Something is due that no commit tells of.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake.
        }
    }

    public override void Dispose()
    {
        _wake.Dispose();
        _abandon.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? tidied = null;
        var move = heads.NextMove();
        try
        {
            while (true)
            {
                await SomethingToDoAsync(move, stoppingToken);
                move = heads.NextMove();
                try
                {
                    await RecordAsync();
                    await SendDueAsync(stoppingToken);
                    if (tidied is null || clock.GetElapsedTime(tidied.Value) > TidyInterval)
                    {
                        tidied = clock.GetTimestamp();
                        await ForgetAsync(stoppingToken);
                    }
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    if (e is not DatabaseAwayException) logger.LogWarning(e, "Webhooks could not be sent; trying again");
                    await Task.Delay(Interval, stoppingToken);
                }
            }
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            await EndAsync();
        }
    }

    /// <summary>What is on its way may arrive, and what became of it is kept; what takes longer is made again after its lease.</summary>
    private async Task EndAsync()
    {
        var began = clock.GetTimestamp();
        while (_running.Values.Any(count => count > 0) && clock.GetElapsedTime(began) < EndPatience) await Task.Delay(50, CancellationToken.None);
        await _abandon.CancelAsync();
        try
        {
            await RecordAsync();
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "What became of the last webhooks could not be kept; they are sent again");
        }
    }

    /// <summary>After a commit, after an attempt, when somebody asks for it, and now and then because of what is due by the clock.</summary>
    private async Task SomethingToDoAsync(Task move, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(move, _done.Reader.WaitToReadAsync(over.Token).AsTask(), _wake.WaitAsync(Interval, over.Token));
        await over.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    private async Task SendDueAsync(CancellationToken cancel)
    {
        var now = clock.Now().ToUnixTimeMilliseconds();
        var (epoch, due) = await database.ReadAsync(commands => FindDueAsync(commands, now, cancel), cancel);
        foreach (var subscription in due)
        {
            if (!IsGood(subscription, out var licence))
            {
                await EndWithKeyAsync(subscription, cancel);
                continue;
            }

            var free = AtOnceToOne - _running.GetValueOrDefault(subscription.Id);
            if (free <= 0) continue;

            var taken = await publisher.WriteAsync<List<Taken>>(async (db, token) => await TakeAsync(db, subscription.Id, free, token), Caller.System, cancel);
            foreach (var ring in taken.Problem is null ? taken.Value!.Value : [])
            {
                _running.AddOrUpdate(subscription.Id, 1, (_, count) => count + 1);
                _ = SendAsync(subscription, ring, new ChangeCursor(epoch, ring.Position, licence?.Fingerprint), _abandon.Token);
            }
        }
    }

    private async Task SendAsync(Subscription subscription, Taken ring, ChangeCursor place, CancellationToken cancel)
    {
        WebhookAnswer? answer = null;
        try
        {
            var now = clock.GetUtcNow();
            string[] secrets = subscription.PreviousSecretExpiresAt > now ? [subscription.Secret, subscription.PreviousSecret!] : [subscription.Secret];
            var call = new WebhookCall(Doorbells.MessageId(subscription.Id, ring.Position), subscription.WebhookUrl, secrets, Body(ring, cursors.Write(place)));
            answer = await sender.SendAsync(call, cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            logger.LogError(e, "A webhook of subscription {Subscription} could not be sent", subscription.Id);
            answer = new WebhookAnswer(null, "connectionFailed");
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            // The program ends: it is sent again after its lease.
        }
        finally
        {
            if (answer is not null) _done.Writer.TryWrite(new Attempt(subscription.Id, subscription.WebhookUrl, ring, clock.Now(), answer));
            _running.AddOrUpdate(subscription.Id, 0, (_, count) => count - 1);
        }
    }

    private static byte[] Body(Taken ring, string cursor) => JsonSerializer.SerializeToUtf8Bytes(
        new Doorbell
        {
            Type = Doorbell.ChangesAvailable,
            Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(ring.CreatedAt),
            Data = new DoorbellData { Cursor = cursor, Position = ring.Position.ToString(CultureInfo.InvariantCulture), Types = ((FeedTypes)ring.Types).Names() },
        },
        WireJson.Default.Doorbell);

    /// <summary>Those with something due, and the history of the feed their cursors belong to.</summary>
    private async ValueTask<(string Epoch, List<Subscription> Due)> FindDueAsync(StoredCommands commands, long now, CancellationToken cancel)
    {
        await using var db = await database.CreateContextAsync(commands.Connection, null, cancel);
        var due = await db.Subscriptions.AsNoTracking().Where(s => s.IsActive && db.Deliveries.Any(d => d.SubscriptionId == s.Id && d.NextAt <= now)).ToListAsync(cancel);
        return (due.Count == 0 ? "" : await db.Feeds.Select(f => f.Epoch).SingleAsync(cancel), due);
    }

    /// <summary>Whoever made it may still follow the feed.</summary>
    private bool IsGood(Subscription subscription, out Licence? licence)
    {
        licence = null;
        if (!Guid.TryParseExact(subscription.Owner, "D", out var id)) return keys.HoldsConfigured(name => name == subscription.Owner);

        var caller = keys.Find(id);
        licence = caller?.Licence;
        return caller?.Has(Scopes.Sync) == true;
    }

    /// <summary>Takes what is due, so that nobody else does: until the lease is over it is not due any more.</summary>
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

    /// <summary>What of one subscription is due, the longest first. The id stands in the text, where each database reads it in its own form.</summary>
    internal static string DueSql(Guid subscription, string now, string limit) =>
        $"SELECT subscription_id, position FROM deliveries WHERE subscription_id = '{subscription:D}' AND next_at <= {now} ORDER BY next_at LIMIT {limit}";

    /// <summary>Keeps what became of attempts; nothing is dropped where the database is away meanwhile.</summary>
    private async Task RecordAsync()
    {
        while (true)
        {
            while (_unrecorded.Count < RecordedTogether && _done.Reader.TryRead(out var attempt)) _unrecorded.Add(attempt);
            if (_unrecorded.Count == 0) return;

            var outcome = await publisher.WriteAsync<bool>(
                async (db, token) =>
                {
                    // In one order on every node, as each holds its subscription.
                    foreach (var attempts in _unrecorded.GroupBy(a => a.Subscription).OrderBy(g => g.Key))
                    {
                        var address = await HoldAsync(db, attempts.Key, token);
                        foreach (var attempt in attempts) await RecordAsync(db, attempt, address, token);
                    }

                    return true;
                },
                Caller.System,
                CancellationToken.None);
            if (outcome.Problem is not null) return;

            _unrecorded.Clear();
        }
    }

    /// <param name="db">Inside the writer's transaction.</param>
    /// <param name="attempt">What was sent, and what came of it.</param>
    /// <param name="addressNow">Where the subscription is by now.</param>
    /// <param name="cancel">Stops it.</param>
    private static async Task RecordAsync(NewsDbContext db, Attempt attempt, string? addressNow, CancellationToken cancel)
    {
        var (subscription, address, ring, at, answer) = attempt;

        // Only where nobody else has tried since, and nobody has cancelled it.
        var own = db.Deliveries.Where(d => d.SubscriptionId == subscription && d.Position == ring.Position && d.Attempts == ring.Attempts && d.AttemptedAt == ring.AttemptedAt && d.NextAt != null);
        if (address != addressNow)
        {
            // What the old address answered says nothing of the new one.
            await own.ExecuteUpdateAsync(set => set.SetProperty(d => d.NextAt, at.ToUnixTimeMilliseconds()), cancel);
            return;
        }

        var isOver = answer.Succeeded || answer.IsGone || ring.Attempts > Pauses.Length;
        var state = answer.Succeeded ? DeliveryStates.Delivered : isOver ? DeliveryStates.Failed : DeliveryStates.Pending;
        var nextAt = isOver ? (long?)null : (at + PauseAfter(ring.Attempts, answer.RetryAfter)).ToUnixTimeMilliseconds();
        var deliveredAt = answer.Succeeded ? at.ToUnixTimeMilliseconds() : (long?)null;

        var recorded = await own.ExecuteUpdateAsync(
            set => set.SetProperty(d => d.State, state).SetProperty(d => d.NextAt, nextAt).SetProperty(d => d.DeliveredAt, deliveredAt)
                .SetProperty(d => d.Status, answer.Status).SetProperty(d => d.Error, answer.Error),
            cancel);
        if (recorded == 0 || !isOver || answer.Succeeded) return;

        if (answer.IsGone) await DisableAsync(db, subscription, DisabledReasons.Gone, at, cancel);
        else if (!await db.Deliveries.AnyAsync(d => d.SubscriptionId == subscription && d.DeliveredAt >= ring.CreatedAt, cancel))
            await DisableAsync(db, subscription, DisabledReasons.Unreachable, at, cancel);
    }

    /// <summary>A tenth more or less, so that what failed together does not come back together.</summary>
    private static TimeSpan PauseAfter(int attempts, TimeSpan? wanted)
    {
        var pause = Pauses[Math.Clamp(attempts, 1, Pauses.Length) - 1] * (0.9 + Random.Shared.NextDouble() * 0.2);
        return wanted is not { } longer || longer < pause ? pause : longer < LongestPause ? longer : LongestPause;
    }

    /// <summary>The address of a subscription, which stays until the transaction ends; nothing where the subscription is gone, and its rings with it.</summary>
    private static async Task<string?> HoldAsync(NewsDbContext db, Guid subscription, CancellationToken cancel)
    {
        await db.HoldSubscriptionAsync(subscription, cancel);
        return await db.Subscriptions.Where(s => s.Id == subscription).Select(s => s.WebhookUrl).FirstOrDefaultAsync(cancel);
    }

    /// <summary>This node does not know the key: another one may, which made it a moment ago or has other settings. So the database decides.</summary>
    private Task EndWithKeyAsync(Subscription subscription, CancellationToken cancel) => publisher.WriteAsync<bool>(
        async (db, token) =>
        {
            var now = clock.Now();
            if (!await IsKeptAsync(db, subscription, now, token)) await DisableAsync(db, subscription.Id, DisabledReasons.KeyEnded, now, token);
            return true;
        },
        Caller.System,
        cancel);

    private static async Task<bool> IsKeptAsync(NewsDbContext db, Subscription subscription, DateTimeOffset now, CancellationToken cancel)
    {
        if (Guid.TryParseExact(subscription.Owner, "D", out var id))
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

    /// <summary>What is over and old goes.</summary>
    private async Task ForgetAsync(CancellationToken cancel)
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

    /// <summary>A ring that this node has to send.</summary>
    private sealed record Taken(long Position, int Types, int Attempts, long CreatedAt, long AttemptedAt);

    /// <summary>A ring that was sent.</summary>
    private sealed record Attempt(Guid Subscription, string Address, Taken Ring, DateTimeOffset At, WebhookAnswer Answer);
}
