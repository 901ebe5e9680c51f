using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using NewsApi.Access;
using NewsApi.Changes;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Subscriptions;

/// <summary>Calls whoever is to be called, so many at once; what is due and what became of it is kept by the <see cref="DeliveryQueue"/>.</summary>
internal sealed class WebhookDispatcher(
    DeliveryQueue queue, DueSignal signal, WebhookSender sender, ChangeCursors cursors, KnownHeads heads, ApiKeys keys, TimeProvider clock,
    ILogger<WebhookDispatcher> logger) : BackgroundService
{
    /// <summary>One partner who is slow takes no more places than this, on each node.</summary>
    private const int AtOnceToOne = 8;
    private const int RecordedTogether = 100;

    /// <summary>How long what is on its way is waited for when the program ends.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TidyInterval = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Guid, int> _running = new();
    private readonly Channel<Attempt> _done = Channel.CreateUnbounded<Attempt>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<Attempt> _unrecorded = [];
    private readonly CancellationTokenSource _abandon = new();

    public override void Dispose()
    {
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
                        await queue.ForgetAsync(stoppingToken);
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
        await Task.WhenAny(move, _done.Reader.WaitToReadAsync(over.Token).AsTask(), signal.WaitAsync(Interval, over.Token));
        await over.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    private async Task SendDueAsync(CancellationToken cancel)
    {
        var (epoch, due) = await queue.FindDueAsync(cancel);
        foreach (var subscription in due)
        {
            if (!keys.MayFollow(subscription.Owner, out var licence))
            {
                await queue.EndWithKeyAsync(subscription, cancel);
                continue;
            }

            var free = AtOnceToOne - _running.GetValueOrDefault(subscription.Id);
            if (free <= 0) continue;

            foreach (var ring in await queue.TakeAsync(subscription.Id, free, cancel))
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

    /// <summary>Keeps what became of attempts; nothing is dropped where the database is away meanwhile.</summary>
    private async Task RecordAsync()
    {
        while (true)
        {
            while (_unrecorded.Count < RecordedTogether && _done.Reader.TryRead(out var attempt)) _unrecorded.Add(attempt);
            if (_unrecorded.Count == 0 || !await queue.RecordAsync(_unrecorded)) return;

            _unrecorded.Clear();
        }
    }
}
