using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Changes;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Subscriptions;

/// <summary>Tells how far a change of an article has come, by the checkpoints that partners set.</summary>
internal sealed class PropagationReader(NewsDatabase database, ApiKeys keys)
{
    internal const string Newest =
        """
        SELECT coalesce(shown.position, seen.position), coalesce(changes.changed_at, seen.at), shown.version, changes.reason, changes.scope, changes.previous_scope
        FROM (SELECT position, at FROM public_versions WHERE type = 'article' AND id = @id ORDER BY position DESC LIMIT 1) AS seen
        LEFT JOIN public_documents AS shown ON shown.type = 'article' AND shown.id = @id
        LEFT JOIN changes ON changes.position = coalesce(shown.position, seen.position)
        """;

    internal const string VersionAt = "SELECT version FROM public_versions WHERE type = 'article' AND id = @id AND position <= @position ORDER BY position DESC LIMIT 1";

    public ValueTask<PropagationResponse?> ReadAsync(Guid article, CancellationToken cancel) => database.ReadAsync(commands => ReadAsync(commands, article, cancel), cancel);

    private async ValueTask<PropagationResponse?> ReadAsync(StoredCommands commands, Guid article, CancellationToken cancel)
    {
        await using var snapshot = await commands.BeginSnapshotAsync(cancel);
        var head = await ChangeCursors.HeadAsync(commands, cancel);
        var id = article.ToString();
        if (await NewestAsync(commands, id, cancel) is not { } newest) return null;

        await using var db = await database.OpenModelAsync(commands, cancel);
        var subscriptions = await db.Subscriptions.AsNoTracking().OrderBy(s => s.Name).ThenBy(s => s.Id).ToListAsync(cancel);
        var partners = new List<PartnerProgress>();
        foreach (var subscription in subscriptions.Where(s => s.Types.HasFlag(FeedTypes.Article)))
        {
            if (!keys.MayFollow(subscription.Owner, out var licence) || !newest.IsFor(licence)) continue;

            var at = subscription.CheckpointEpoch == head.Epoch ? subscription.CheckpointPosition : null;
            partners.Add(new PartnerProgress
            {
                SubscriptionId = subscription.Id,
                Name = subscription.Name,
                Active = subscription.IsActive,
                Acknowledged = at >= newest.Position,
                Version = at is { } position ? await VersionAsync(commands, id, position, cancel) : null,
                CheckpointAt = subscription.CheckpointAt,
                Delivery = await RingAsync(db, subscription.Id, newest.Position, cancel),
            });
        }

        return new PropagationResponse
        {
            Id = id,
            Position = newest.Position.ToString(CultureInfo.InvariantCulture),
            Reason = newest.Reason,
            Version = newest.Version,
            ChangedAt = newest.At,
            Partners = partners,
        };
    }

    /// <summary>What became of the ring that told of a change: it has the newest position of the commit.</summary>
    private static Task<string?> RingAsync(NewsDbContext db, Guid subscription, long position, CancellationToken cancel) =>
        db.Deliveries.Where(d => d.SubscriptionId == subscription && d.Position >= position && (d.Types & FeedTypes.Article) != 0)
            .OrderBy(d => d.Position).Select(d => d.State).FirstOrDefaultAsync(cancel);

    private static async Task<NewestChange?> NewestAsync(StoredCommands commands, string id, CancellationToken cancel)
    {
        await using var row = await commands.Prepare(Newest, ("id", id)).ExecuteReaderAsync(cancel);
        if (!await row.ReadAsync(cancel)) return null;

        return new NewestChange(
            row.GetInt64(0),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
            row.IsDBNull(2) ? null : row.GetInt32(2),
            row.IsDBNull(3) ? null : row.GetString(3),
            Scope(4),
            Scope(5));

        ArticleScope? Scope(int column) => row.IsDBNull(column) ? null : ArticleScope.Read(row.GetString(column));
    }

    private static async Task<int?> VersionAsync(StoredCommands commands, string id, long position, CancellationToken cancel) =>
        await commands.Prepare(VersionAt, ("id", id), ("position", position)).ExecuteScalarAsync(cancel) is { } version and not DBNull
            ? Convert.ToInt32(version, CultureInfo.InvariantCulture)
            : null;

    /// <summary>An article's newest entry in the feed.</summary>
    private sealed record NewestChange(long Position, DateTimeOffset At, int? Version, string? Reason, ArticleScope? Scope, ArticleScope? PreviousScope)
    {
        /// <summary>Whether somebody with this licence sees it, or has to drop it.</summary>
        public bool IsFor(Licence? licence) => licence is null || (Scope ?? PreviousScope) is null || Shows(licence, Scope) || Shows(licence, PreviousScope);

        private static bool Shows(Licence licence, ArticleScope? scope) => scope is not null && licence.LevelOf(scope) != LicenceLevel.None;
    }
}
