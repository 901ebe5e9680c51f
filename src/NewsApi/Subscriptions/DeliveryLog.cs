using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Subscriptions;

/// <summary>What was sent to whom and what became of it; sends it again where that is asked for.</summary>
internal sealed class DeliveryLog(Publisher publisher, NewsDatabase database, DueSignal signal, TimeProvider clock)
{
    public ValueTask<IResult> ListAsync(HttpContext http, Guid subscription, DeliveryQuery query, CancellationToken cancel)
    {
        long? before = null;
        var fingerprint = $"deliveries\n{subscription}\n{query.State}";
        if (query.Cursor is not null)
        {
            if (!Cursor.TryRead(query.Cursor, fingerprint, out var cursor) || cursor.Numbers(1) is not [var position])
                return new ValueTask<IResult>(new ProblemResult(Problems.Parameter("cursor", "invalid", "The cursor is not one of this list; it goes with the filters it came from.")));

            before = position;
        }

        return database.ReadModelAsync(
            async (db, _) =>
            {
                if (!await SubscriptionEditing.Visible(db, Caller.Of(http)).AnyAsync(s => s.Id == subscription, cancel)) return (IResult)new ProblemResult(Problems.NotFound());

                var found = await Page(db, subscription, query, before).ToListAsync(cancel);
                string? next = null;
                if (found.Count > query.MostItems)
                {
                    found.RemoveAt(query.MostItems);
                    next = Cursor.Of(found[^1].Position).Write(fingerprint);
                    http.Response.Headers.Link = Answer.NextLink(http.Request, next);
                }

                var items = found.ConvertAll(DeliveryResponse.From);
                return TypedResults.Ok(new Page<DeliveryResponse> { Items = items, NextCursor = next, Total = null, Facets = null, Explain = null, Included = null });
            },
            cancel);
    }

    public async Task<Outcome<DeliveryResponse>> ReplayAsync(Guid id, long position, Caller caller, CancellationToken cancel)
    {
        var outcome = await publisher.WriteAsync<Delivery>(
            async (db, token) =>
            {
                if (await SubscriptionEditing.FindToChangeAsync(db, id, caller, token) is not { } subscription) return Problems.NotFound();
                if (await db.Deliveries.FindAsync([id, position], token) is not { } delivery) return Problems.NotFound("There is no such delivery, or it is forgotten.");
                if (!subscription.IsActive) return Inactive();

                delivery.MakeDue(clock.Now().ToUnixTimeMilliseconds());
                return delivery;
            },
            caller,
            cancel);
        if (outcome.Problem is { } problem) return problem;

        signal.Raise();
        return DeliveryResponse.From(outcome.Value!.Value);
    }

    /// <summary>Everything since then that did not come through.</summary>
    public async Task<Outcome<ReplayReport>> ReplayAsync(Guid id, DateTimeOffset since, Caller caller, CancellationToken cancel)
    {
        var outcome = await publisher.WriteAsync<int>(
            async (db, token) =>
            {
                if (await SubscriptionEditing.FindToChangeAsync(db, id, caller, token) is not { } subscription) return Problems.NotFound();
                if (!subscription.IsActive) return Inactive();

                var (from, now) = (since.ToUnixTimeMilliseconds(), clock.Now().ToUnixTimeMilliseconds());
                return await db.Deliveries
                    .Where(d => d.SubscriptionId == id && d.CreatedAt >= from && (d.State == DeliveryStates.Failed || d.State == DeliveryStates.Cancelled))
                    .ExecuteUpdateAsync(set => set.SetProperty(d => d.State, DeliveryStates.Pending).SetProperty(d => d.NextAt, now).SetProperty(d => d.Attempts, 0), token);
            },
            caller,
            cancel);
        if (outcome.Problem is { } problem) return problem;

        signal.Raise();
        return new ReplayReport { Replayed = outcome.Value!.Value };
    }

    private static IQueryable<Delivery> Page(NewsDbContext db, Guid subscription, DeliveryQuery query, long? before)
    {
        var found = db.Deliveries.AsNoTracking().Where(d => d.SubscriptionId == subscription);
        if (before is { } position) found = found.Where(d => d.Position < position);
        if (query.State is { } state) found = found.Where(d => d.State == state);
        return found.OrderByDescending(d => d.Position).Take(query.MostItems + 1);
    }

    private static Problem Inactive() => Problems.Conflict("inactive", "The subscription is disabled. Switch it on first; it then rings at once.");
}
