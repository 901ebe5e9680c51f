using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using NewsApi.Access;
using NewsApi.Events;
using NewsApi.Http;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>
/// One write on its way through the door: what the handler changed is versioned, recorded and saved, and then shown as it is now, with
/// everything that shows a reference to it.
/// </summary>
internal sealed class WriteSession(
    NewsDbContext db, StoredCommands commands, ISearchIndex search, IReadOnlyDictionary<ResourceType, IRenderer> renderers, DateTimeOffset at,
    string savedBy)
{
    private bool _changedLists;

    public NewsDbContext Db => db;

    /// <summary>What is shown of it all.</summary>
    public DocumentWriter Documents { get; } = new(db, commands, search, renderers, at);

    /// <summary>Whether lists and searches answer otherwise than before although no document has become another.</summary>
    public bool ChangedLists => _changedLists || Documents.ChangedRows;

    /// <summary>Whether other callers are known than before.</summary>
    public bool ChangedKeys { get; private set; }

    /// <summary>Whether nothing of something may be left.</summary>
    public bool Erases { get; private set; }

    /// <summary>See <see cref="KeptAnswers.BeginAsync"/>.</summary>
    public Task<Outcome<WriteAnswer?>> BeginOnceAsync(IdempotentRequest request, CancellationToken cancel) =>
        new KeptAnswers(commands).BeginAsync(request, at, cancel);

    /// <summary>Saves what the handler changed and renders what follows from it.</summary>
    public async Task SaveAsync(CancellationToken cancel)
    {
        db.ChangeTracker.DetectChanges();
        ChangedKeys |= db.ChangeTracker.Entries().Any(e => e.Entity is ApiKey or ApiKeySecret && e.State != EntityState.Unchanged);
        await HoldSectionsAsync(cancel);
        var touched = db.ChangeTracker.Entries<Resource>().Where(IsTouched).Select(e => (e.Entity, e.State)).OrderByDescending(e => e.Entity.Type).ToList();
        var before = touched.ToDictionary(t => t.Entity, t => State(db.Entry(t.Entity)));
        var unsaid = new HashSet<Resource>();
        foreach (var (resource, state) in touched.Where(t => t.State != EntityState.Deleted))
        {
            if (!await VersionAsync(resource, state, cancel)) unsaid.Add(resource);
            resource.Settle();
        }

        var reported = db.ChangeTracker.Entries<CertaintyChange>().Where(e => e.State == EntityState.Added).Select(e => e.Entity.EventId.ToString()).ToList();

        foreach (var (resource, _) in touched.Where(t => t.State == EntityState.Deleted)) await BuryAsync(resource, cancel);
        var unlinked = await UnlinkErasedAsync(cancel);
        foreach (var (resource, state) in touched) Record(resource, state, before[resource]);
        await db.SaveChangesAsync(cancel);

        foreach (var (resource, state) in touched)
        {
            if (state == EntityState.Deleted) await Documents.RemoveAsync(resource, cancel);
            else await Documents.RenderAsync(resource, unsaid.Contains(resource), cancel);
        }

        foreach (var key in db.Erased) await Documents.TellErasedAsync(key, cancel);
        await Documents.RenderAgainAsync(unlinked, cancel);
        await Documents.RenderDependentsAsync(cancel);
        await ForgetErasedAsync(cancel);

        // The history of an event is in no document.
        _changedLists |= db.ChangedLists || reported.Exists(id => !Documents.IsRendered(new ResourceKey(ResourceType.Event, id)));
    }

    /// <summary>A section that was only looked up has nothing new; of the others their parts may have changed, so they are compared.</summary>
    private static bool IsTouched(EntityEntry<Resource> entry) =>
        entry.State != EntityState.Unchanged || entry.Entity.PublishNewest || entry.Entity.Type != ResourceType.Section;

    /// <summary>A section goes public with its first public article; whoever wrote that did not hold it when it was read.</summary>
    private async Task HoldSectionsAsync(CancellationToken cancel)
    {
        foreach (var entry in db.ChangeTracker.Entries<Resource>()
            .Where(e => e.Entity is { Type: ResourceType.Section, PublishNewest: true } && e.State == EntityState.Unchanged).ToList())
        {
            await db.HoldSectionAsync(entry.Entity.Slug, Hold.ToChange, cancel);
            await entry.ReloadAsync(cancel);
        }
    }

    /// <summary>A version is a change of content: the input form differs from the one saved before. False where there is nothing new.</summary>
    private async Task<bool> VersionAsync(Resource resource, EntityState state, CancellationToken cancel)
    {
        var type = resource.Type.Name();
        var form = renderers[resource.Type].Form(resource);
        if (state == EntityState.Added)
        {
            var buried = await db.Tombstones.FirstOrDefaultAsync(t => t.Type == type && t.ResourceId == resource.Id, cancel);
            resource.Version = buried?.Version ?? 0;
            if (buried is not null) db.Tombstones.Remove(buried);
            resource.CreatedAt = at;
        }
        else
        {
            var last = await db.Revisions.Where(r => r.Type == type && r.ResourceId == resource.Id && r.Version == resource.Version)
                .Select(r => new { r.Schema, r.Content }).FirstAsync(cancel);
            if (!resource.NeedsVersion && RevisionForms.Read(type, last.Schema, last.Content).AsSpan().SequenceEqual(form))
            {
                if (resource.PublishNewest) resource.PublicVersion = resource.Version;
                return false;
            }
        }

        resource.Version++;
        resource.UpdatedAt = at;
        if (resource.PublishNewest) resource.PublicVersion = resource.Version;
        db.Revisions.Add(Revision.Of(resource, form, at, savedBy));
        return true;
    }

    /// <summary>What is to be erased ceases to be linked, by anything and in any version.</summary>
    private async Task<HashSet<ResourceKey>> UnlinkErasedAsync(CancellationToken cancel)
    {
        var unlinked = new HashSet<ResourceKey>();
        foreach (var key in db.Erased.Where(e => !db.ChangeTracker.Entries<Resource>().Any(r => r.Entity.Key == e))) RecordErased(key);
        foreach (var key in db.Erased) unlinked.UnionWith(await Erasure.UnlinkAsync(db, key, cancel));
        return unlinked;
    }

    private async Task ForgetErasedAsync(CancellationToken cancel)
    {
        if (db.Erased.Count == 0) return;

        foreach (var key in db.Erased) await Erasure.ForgetAsync(db, key, cancel);
        await commands.RunAsync([.. ((string[])[PublishedTables.Public, PublishedTables.Preview]).Select(search.Purge).OfType<Statement>()], cancel);

        // Pages of the feed tell less than they did.
        _changedLists = true;
        Erases = true;
    }

    private static (int Version, int? PublicVersion) State(EntityEntry<Resource> entry) =>
        (entry.Property(r => r.Version).OriginalValue, entry.Property(r => r.PublicVersion).OriginalValue);

    /// <summary>Writes into the audit what was done; nothing where nothing was.</summary>
    private void Record(Resource resource, EntityState state, (int Version, int? PublicVersion) before)
    {
        if (Action(resource, state, before) is not { } action) return;

        db.Audit.Add(new AuditEntry
        {
            At = at.ToUnixTimeMilliseconds(),
            Actor = savedBy,
            Action = action,
            Type = resource.Type.Name(),
            ResourceId = resource.PublishedId,
            Version = resource.Version,
            Detail = action == AuditActions.Restored ? resource.Note : null,
        });
    }

    /// <summary>What is erased after it was deleted is no resource any more.</summary>
    private void RecordErased(ResourceKey key) => db.Audit.Add(new AuditEntry
    {
        At = at.ToUnixTimeMilliseconds(),
        Actor = savedBy,
        Action = ChangeReasons.Erased,
        Type = key.Type.Name(),
        ResourceId = key.Id,
    });

    private static string? Action(Resource resource, EntityState state, (int Version, int? PublicVersion) before)
    {
        if (state == EntityState.Deleted) return resource.Cause ?? AuditActions.Deleted;
        if ((resource.Action ?? resource.Cause) is { } named) return named;
        if (state == EntityState.Added) return AuditActions.Created;
        if (resource.PublicVersion is null && before.PublicVersion is not null) return AuditActions.Withdrawn;
        if (resource.PublicVersion != before.PublicVersion && (before.PublicVersion is null || resource.Version == before.Version)) return AuditActions.Published;
        if (resource.Version == before.Version) return null;
        return resource.PublicVersion == resource.Version ? AuditActions.Updated : AuditActions.DraftSaved;
    }

    private async Task BuryAsync(Resource resource, CancellationToken cancel)
    {
        var type = resource.Type.Name();
        db.Tombstones.Add(new Tombstone { Type = type, ResourceId = resource.Id, Version = resource.Version, DeletedAt = at });
        await db.ExternalIds.Where(e => e.Type == type && e.ResourceId == resource.Id).ExecuteDeleteAsync(cancel);

        // A slug that the public knew stays taken: old links must not lead to something else. Only an erasure frees it.
        await db.Slugs.Where(s => s.Type == type && s.ResourceId == resource.Id && !s.WasPublic).ExecuteDeleteAsync(cancel);
    }
}
