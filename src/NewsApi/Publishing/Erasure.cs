using Microsoft.EntityFrameworkCore;
using NewsApi.Articles;
using NewsApi.Events;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>
/// Takes away what is left of a resource wherever it is kept, because the law asks for it. A table that comes to hold something of a resource
/// has its line in <see cref="ForgetAsync"/>.
/// </summary>
internal static class Erasure
{
    /// <summary>
    /// Takes the links to it out of the resources that have any and out of every version ever saved, also of what was deleted since. All versions
    /// are read for that, some ten thousand in a second, and no new ones are made.
    /// </summary>
    /// <returns>What had a link, now or once.</returns>
    public static async Task<IReadOnlyCollection<ResourceKey>> UnlinkAsync(NewsDbContext db, ResourceKey erased, CancellationToken cancel)
    {
        var id = Guid.Parse(erased.Id);
        var (articles, events) = erased.Type switch
        {
            ResourceType.Person => (
                db.Set<ArticlePerson>().Where(l => l.PersonId == id).Select(l => l.ArticleId), db.Set<Participant>().Where(p => p.PersonId == id).Select(p => p.EventId)),
            ResourceType.Event => (
                db.Set<ArticleEvent>().Where(l => l.EventId == id).Select(l => l.ArticleId), db.Events.Where(e => e.PartOfId == id).Select(e => e.Id)),
            _ => (null, null),
        };
        if (articles is null || events is null) return [];

        await db.HoldAsync(ResourceType.Article, await articles.ToListAsync(cancel), Hold.ToChange, cancel);
        await db.HoldAsync(ResourceType.Event, await events.ToListAsync(cancel), Hold.ToChange, cancel);
        await db.Set<ArticlePerson>().Where(l => l.PersonId == id).ExecuteDeleteAsync(cancel);
        await db.Set<Participant>().Where(p => p.PersonId == id).ExecuteDeleteAsync(cancel);
        await db.Set<ArticleEvent>().Where(l => l.EventId == id).ExecuteDeleteAsync(cancel);
        await db.Events.Where(e => e.PartOfId == id).ExecuteUpdateAsync(set => set.SetProperty(e => e.PartOfId, (Guid?)null), cancel);

        var had = new HashSet<ResourceKey>();
        foreach (var type in (ResourceType[])[ResourceType.Article, ResourceType.Event])
        {
            foreach (var (resource, version, form) in await FindLinksAsync(db, type.Name(), erased, cancel))
            {
                had.Add(new ResourceKey(type, resource.ToString()));
                await db.Revisions.Where(r => r.Type == type.Name() && r.ResourceId == resource && r.Version == version).ExecuteUpdateAsync(
                    set => set.SetProperty(r => r.Content, Revisions.Pack(form)).SetProperty(r => r.Schema, Revision.CurrentSchema), cancel);
            }
        }

        foreach (var key in had) await ForgetAnswersAsync(db, key, cancel);
        return had;
    }

    /// <summary>Leaves the tombstone, which holds nothing but the id and the last version.</summary>
    public static async Task ForgetAsync(NewsDbContext db, ResourceKey erased, CancellationToken cancel)
    {
        var (type, id) = (erased.Type.Name(), Guid.Parse(erased.Id));
        await db.Revisions.Where(r => r.Type == type && r.ResourceId == id).ExecuteDeleteAsync(cancel);
        await db.Slugs.Where(s => s.Type == type && s.ResourceId == id).ExecuteDeleteAsync(cancel);
        await db.ExternalIds.Where(e => e.Type == type && e.ResourceId == id).ExecuteDeleteAsync(cancel);
        if (erased.Type == ResourceType.Article)
        {
            await db.Imports.Where(i => i.ArticleId == id).ExecuteDeleteAsync(cancel);
            await db.Set<CertaintyChange>().Where(c => c.ArticleId == id).ExecuteUpdateAsync(set => set.SetProperty(c => c.ArticleId, (Guid?)null), cancel);
        }

        await ForgetAnswersAsync(db, erased, cancel);
        await db.Audit.Where(a => a.Type == type && a.ResourceId == erased.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.Detail, (string?)null), cancel);
        await db.Changes.Where(c => c.Type == type && c.Id == erased.Id).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.Slug, erased.Id).SetProperty(c => c.ExternalIds, "[]").SetProperty(c => c.Correction, (string?)null),
            cancel);

        // Who ceased to see it has still to be told so.
        var named = await db.Changes.AsNoTracking().Where(c => c.Type == type && c.Id == erased.Id && c.PreviousScope != null).ToListAsync(cancel);
        foreach (var change in named)
        {
            var scope = (ArticleScope.Read(change.PreviousScope!) with { Slug = erased.Id, ExternalIds = [] }).Write();
            await db.Changes.Where(c => c.Position == change.Position).ExecuteUpdateAsync(set => set.SetProperty(c => c.PreviousScope, scope), cancel);
        }
    }

    private static Task ForgetAnswersAsync(NewsDbContext db, ResourceKey key, CancellationToken cancel)
    {
        var type = key.Type.Name();
        return db.KeptAnswers.Where(a => a.Type == type && a.ResourceId == key.Id).ExecuteDeleteAsync(cancel);
    }

    /// <summary>The versions with a link to it, as they are without.</summary>
    private static async Task<List<(Guid Resource, int Version, byte[] Form)>> FindLinksAsync(
        NewsDbContext db, string type, ResourceKey erased, CancellationToken cancel)
    {
        var found = new List<(Guid, int, byte[])>();
        var rows = db.Revisions.AsNoTracking().Where(r => r.Type == type).Select(r => new { r.ResourceId, r.Version, r.Schema, r.Content });
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (RevisionForms.Unlink(type, row.Schema, row.Content, erased) is { } form) found.Add((row.ResourceId, row.Version, form));
        }

        return found;
    }
}
