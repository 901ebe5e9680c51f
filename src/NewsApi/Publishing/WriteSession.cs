using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using NewsApi.Access;
using NewsApi.Events;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>A row that was rendered or removed in this write and waits for its position.</summary>
internal sealed class Render
{
    public required PublishedTables Tables { get; init; }
    public required ResourceKey Key { get; init; }
    public required string Reason { get; set; }
    public int? PreviousVersion { get; init; }
    public int Version { get; set; }
    public string Slug { get; set; } = "";

    /// <summary>As JSON, those of the document; where the row was removed, those it had.</summary>
    public string ExternalIds { get; set; } = "[]";

    /// <summary>The notice that came with this version, as JSON.</summary>
    public string? Correction { get; set; }

    /// <summary>What licences go by, see <see cref="Change.Scope"/>.</summary>
    public string? Scope { get; set; }
    public string? PreviousScope { get; init; }
    public string? TeaserHash { get; set; }
    public string? MetadataHash { get; set; }

    /// <summary>Absent where the row was removed.</summary>
    public string? ContentHash { get; set; }
    public byte[]? Document { get; set; }

    /// <summary>Who stands in the place of somebody who was removed because of a merge.</summary>
    public string? MergedInto { get; init; }
    public long Position { get; set; }

    public bool IsPublic => Tables.Set == PublishedTables.Public;

    /// <summary>Whether partners hear of it.</summary>
    public bool IsInFeed => IsPublic && Key.Type.IsInFeed();

    /// <summary>Which count gives its position.</summary>
    public string Head => IsInFeed ? Publishing.Head.Public : IsPublic ? Publishing.Head.Sections : Publishing.Head.Preview;
}

/// <summary>
/// One write on its way through the door: what the handler changed is versioned, saved, rendered into both sets, and so is
/// everything that shows a reference to it.
/// </summary>
internal sealed class WriteSession(
    NewsDbContext db, StoredCommands commands, ISearchIndex search, IReadOnlyDictionary<ResourceType, IRenderer> renderers, DateTimeOffset at,
    string savedBy)
{
    /// <summary>So many dependent documents are rendered in the transaction of the change itself, the others in batches after it.</summary>
    public const int RendersAtOnce = 1_000;
    private const int Chunk = 200;

    /// <summary>Greater than any sort key: those are made of digits, capital letters and hyphens.</summary>
    public const string BeforeAll = "~";

    private readonly PublishedTables _public = new(commands, search, PublishedTables.Public);
    private readonly PublishedTables _preview = new(commands, search, PublishedTables.Preview);
    private readonly Dictionary<(string Set, ResourceKey Key), Render> _renders = [];
    private readonly Queue<(PublishedTables Set, ResourceKey Target)> _changedReferences = new();
    private int _rendersLeft = RendersAtOnce;

    public NewsDbContext Db => db;
    public DateTimeOffset At => at;
    public IReadOnlyCollection<Render> Renders => _renders.Values;

    /// <summary>Whether documents are left for the batches that follow.</summary>
    public bool LeftWork { get; private set; }

    /// <summary>Whether lists and searches answer otherwise than before although no document has become another.</summary>
    public bool ChangedRows { get; private set; }

    /// <summary>Whether other callers are known than before.</summary>
    public bool ChangedKeys { get; private set; }

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
            if (state == EntityState.Deleted) await RemoveEverywhereAsync(resource, cancel);
            else await RenderAsync(resource, unsaid.Contains(resource), cancel);
        }

        await RenderUnlinkedAsync(unlinked, cancel);
        await RenderDependentsAsync(cancel);
        await ForgetErasedAsync(cancel);

        // The history of an event is in no document.
        ChangedRows |= db.ChangedLists || reported.Exists(id => !_renders.ContainsKey((_public.Set, new ResourceKey(ResourceType.Event, id))));
    }

    /// <summary>The newest version as readers with the preview scope see it: rendered in this write or stored before.</summary>
    public async Task<StoredDocument?> NewestAsync(ResourceKey key, CancellationToken cancel) =>
        await _preview.ReadAsync(key, cancel) ?? await _public.ReadAsync(key, cancel);

    /// <summary>Goes on with a walk that an earlier write left, and leaves what is left after this batch; false where nothing is left.</summary>
    public async Task<bool> ContinueAsync(string skipHeld, int limit, CancellationToken cancel)
    {
        if (await NextPendingAsync(skipHeld, cancel) is not { } job) return false;

        var tables = job.TableSet == PublishedTables.Public ? _public : _preview;
        var type = ResourceTypes.Parse(job.Type);
        var after = (job.AfterSortKey, job.AfterId);
        var all = job.Filter == PendingRender.All;
        var rows = all ? await tables.NextAsync(type, after, limit, cancel) : await tables.NextAsync(type, job.Filter, job.Value, after, limit, cancel);
        await RenderAgainAsync(tables, type, [.. rows.Select(r => Guid.Parse(r.Id))], all, cancel);
        var delete = commands.Prepare("DELETE FROM pending_renders WHERE id = @id", ("id", job.Id));
        await delete.ExecuteNonQueryAsync(cancel);
        if (rows.Count == limit) await LeaveAsync(tables, type, job.Filter, job.Value, rows[^1], cancel);
        return true;
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
        if (db.Erased.Count > 0) await db.OverwriteWhatGoesAsync(true, cancel);
        foreach (var key in db.Erased.Where(e => !db.ChangeTracker.Entries<Resource>().Any(r => r.Entity.Key == e))) RecordErased(key);
        foreach (var key in db.Erased) unlinked.UnionWith(await Erasure.UnlinkAsync(db, key, cancel));
        return unlinked;
    }

    private async Task RenderUnlinkedAsync(HashSet<ResourceKey> unlinked, CancellationToken cancel)
    {
        foreach (var ofType in unlinked.GroupBy(key => key.Type, key => key))
        {
            foreach (var tables in (PublishedTables[])[_public, _preview])
            {
                var shown = new List<Guid>();
                foreach (var key in ofType)
                {
                    if (await tables.FindAsync(key, cancel) is not null) shown.Add(Guid.Parse(key.Id));
                }

                await RenderAgainAsync(tables, ofType.Key, shown, compareRows: true, cancel);
            }
        }
    }

    private async Task ForgetErasedAsync(CancellationToken cancel)
    {
        if (db.Erased.Count == 0) return;

        foreach (var key in db.Erased) await Erasure.ForgetAsync(db, key, cancel);
        await commands.RunAsync([.. ((string[])[PublishedTables.Public, PublishedTables.Preview]).Select(search.Purge).OfType<Statement>()], cancel);
        await db.OverwriteWhatGoesAsync(false, cancel);

        // Pages of the feed tell less than they did.
        ChangedRows = true;
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

        // A slug that the public knew stays taken: old links must never lead to something else.
        await db.Slugs.Where(s => s.Type == type && s.ResourceId == resource.Id && !s.WasPublic).ExecuteDeleteAsync(cancel);
    }

    /// <param name="compareRows">Whether the rows beside the document may be others although nothing new is said.</param>
    private async Task RenderAsync(Resource resource, bool compareRows, CancellationToken cancel)
    {
        if (resource is Person { MergedInto: not null })
        {
            await GiveWayAsync(resource, cancel);
            return;
        }

        var renderer = renderers[resource.Type];
        var newest = new StoredForm(renderer.Form(resource), renderer.State(resource));
        if (resource.PublicVersion == resource.Version)
        {
            await RenderPublicAsync(resource.Key, renderer, newest, null, cancel, compareRows, resource.Cause);
            return;
        }

        await RenderIntoAsync(_preview, resource.Key, renderer, newest, null, compareRows, cancel);
        if (resource.Cause == ChangeReasons.Unmerged) Follow(_public, resource.Key);
        if (resource.PublicVersion is null) await RemoveFromAsync(_public, resource.Key, resource.Cause ?? ChangeReasons.Withdrawn, cancel);
    }

    /// <summary>
    /// Renders what the public sees. Where that leaves out links to what is not public, the newsroom gets a rendering of its own
    /// of the same version: a document that is read, changed and sent back must not lose them.
    /// </summary>
    private async Task RenderPublicAsync(
        ResourceKey key, IRenderer renderer, StoredForm stored, string? reason, CancellationToken cancel, bool compareRows = false, string? cause = null)
    {
        var hidesLinks = await RenderIntoAsync(_public, key, renderer, stored, reason, compareRows, cancel, cause);
        var preview = await _preview.FindAsync(key, cancel);
        if (preview?.Version > stored.State.Version) return;

        if (hidesLinks) await RenderIntoAsync(_preview, key, renderer, stored, reason, compareRows, cancel);
        else if (preview is not null) await RemoveFromAsync(_preview, key, ChangeReasons.Published, cancel);
    }

    private async Task RemoveEverywhereAsync(Resource resource, CancellationToken cancel)
    {
        await RemoveFromAsync(_public, resource.Key, resource.Cause ?? ChangeReasons.Deleted, cancel);
        await RemoveFromAsync(_preview, resource.Key, ChangeReasons.Deleted, cancel);
        if (resource is Person { MergedInto: not null }) await ForgetAsync(resource.Key, cancel);
    }

    /// <summary>Somebody was merged: another is shown in their place, and in that of whoever was merged into them before. Their slugs lead on.</summary>
    private async Task GiveWayAsync(Resource person, CancellationToken cancel)
    {
        var survivor = await MergedPeople.SurvivorAsync(commands, person.PublishedId, cancel);
        foreach (var tables in (PublishedTables[])[_public, _preview]) await RemoveFromAsync(tables, person.Key, ChangeReasons.Merged, cancel, survivor);
        if (person.Cause != ChangeReasons.Merged) return;

        foreach (var id in (await MergedPeople.BelowAsync(db, person.Id, cancel)).Prepend(person.Id)) Follow(_public, new ResourceKey(ResourceType.Person, id.ToString()));
    }

    /// <summary>Of somebody who was merged and is now deleted nothing leads to the survivor any more.</summary>
    private async Task ForgetAsync(ResourceKey person, CancellationToken cancel)
    {
        var survivor = new ResourceKey(ResourceType.Person, await MergedPeople.SurvivorAsync(commands, person.Id, cancel) ?? person.Id);
        await db.MergedPeople.Where(m => m.Id == person.Id).ExecuteDeleteAsync(cancel);
        foreach (var tables in (PublishedTables[])[_public, _preview]) await tables.RemoveSlugsAsync(person, cancel);
        var shown = await _public.FindAsync(survivor, cancel) is null ? _preview : _public;
        await RenderAgainAsync(shown, ResourceType.Person, [Guid.Parse(survivor.Id)], compareRows: true, cancel);
    }

    /// <summary>What shows this is rendered again.</summary>
    private void Follow(PublishedTables tables, ResourceKey key)
    {
        if (!_changedReferences.Contains((tables, key))) _changedReferences.Enqueue((tables, key));
    }

    /// <summary>Renders into one set; true where links were left out.</summary>
    /// <param name="reason">Absent where the resource itself was written: then it is new to the set, or updated.</param>
    /// <param name="compareRows">Whether the rows beside the document may be old although it is not.</param>
    /// <param name="cause">Why the resource itself was written, where that has a name of its own.</param>
    private async Task<bool> RenderIntoAsync(
        PublishedTables tables, ResourceKey key, IRenderer renderer, StoredForm stored, string? reason, bool compareRows, CancellationToken cancel,
        string? cause = null)
    {
        var old = await tables.FindAsync(key, cancel);
        var unrendered = renderer.Read(stored);
        if (reason is null) await HoldAsync(unrendered.Links, cancel);
        var rendering = unrendered.Render(await FindReferencesAsync(tables, key, unrendered.Links, cancel));
        var hidesLinks = rendering.Filters.Any(f => f.IsUnresolved);
        var hash = CanonicalJson.Hash(rendering.Document);
        var isSame = old is not null && old.ContentHash == hash && old.Slug == rendering.Slug;
        var hasSameRows = isSame && old!.SortKey == rendering.SortKey && old.Filters.ToHashSet().SetEquals(rendering.Filters);
        if (hasSameRows && !compareRows) return hidesLinks;

        var index = rendering.Index?.Invoke();
        if (isSame && compareRows)
        {
            if (hasSameRows && (index is null || (old!.Number is not null && old.IndexHash == index.Hash))) return hidesLinks;

            ChangedRows = true;
            await tables.WriteAsync(key, old, rendering, index, stored.State.Version, hash, at, cancel);
            return hidesLinks;
        }

        var scope = ArticleScope.Of(key.Type, rendering.Filters)?.Write();
        var previousScope = tables == _public ? await PreviousScopeAsync(key, old, scope, cancel) : null;
        await tables.WriteAsync(key, old, rendering, index, stored.State.Version, hash, at, cancel);
        await KeepSlugsAsync(tables, key, old, rendering.Slug, stored.State.Id, cancel);

        // What this write took away before, and brings back now, was there for everybody else all the time.
        var earlier = _renders.GetValueOrDefault((tables.Set, key));
        var render = earlier?.ContentHash is not null ? earlier : _renders[(tables.Set, key)] = new Render
        {
            Tables = tables,
            Key = key,
            Reason = reason ?? cause ?? (old is null && earlier?.PreviousVersion is null ? ChangeReasons.Published : ChangeReasons.Updated),
            PreviousVersion = earlier?.PreviousVersion ?? old?.Version,
            PreviousScope = earlier?.PreviousScope ?? previousScope,
        };

        render.Version = stored.State.Version;
        render.Slug = rendering.Slug;
        render.ExternalIds = ExternalIds.In(rendering.Document);
        render.Correction = rendering.Notice is { } notice ? JsonSerializer.Serialize(notice, WireJson.Default.Correction) : null;
        render.ContentHash = hash;
        render.Document = rendering.Document;
        if (render.IsInFeed)
        {
            render.Scope = scope;
            render.TeaserHash = LicensedView.HashOf(key.Type, rendering.Document, LicenceLevel.Teaser);
            render.MetadataHash = LicensedView.HashOf(key.Type, rendering.Document, LicenceLevel.Metadata);
        }

        if (old is null || !old.Reference.AsSpan().SequenceEqual(rendering.Reference)) Follow(tables, key);
        return hidesLinks;
    }

    /// <summary>What licences went by until now; where that changes, also the names the article had for those who cease to see it.</summary>
    private async Task<string?> PreviousScopeAsync(ResourceKey key, StoredRow? old, string? scope, CancellationToken cancel)
    {
        if (old is null || ArticleScope.Of(key.Type, old.Filters) is not { } before) return null;
        if (before.Write() is var same && same == scope) return same;

        var last = await _public.ReadAsync(key, cancel);
        var externalIds = JsonSerializer.Deserialize(ExternalIds.In(last!.Document), WireJson.Default.IReadOnlyListExternalId);
        return (before with { Slug = old.Slug, ExternalIds = externalIds }).Write();
    }

    /// <param name="mergedInto">Who stands in its place: then its slugs lead on.</param>
    private async Task RemoveFromAsync(PublishedTables tables, ResourceKey key, string reason, CancellationToken cancel, string? mergedInto = null)
    {
        if (await tables.FindAsync(key, cancel) is not { } old) return;

        var last = await tables.ReadAsync(key, cancel);
        await tables.RemoveAsync(key, old, cancel, keepSlugs: mergedInto is not null);
        Follow(tables, key);
        var earlier = _renders.GetValueOrDefault((tables.Set, key));
        if (earlier is { PreviousVersion: null })
        {
            // It came and went in this write: nobody has seen it.
            _renders.Remove((tables.Set, key));
            return;
        }

        _renders[(tables.Set, key)] = new Render
        {
            Tables = tables,
            Key = key,
            Reason = reason,
            PreviousVersion = earlier?.PreviousVersion ?? old.Version,
            Version = old.Version,
            Slug = reason == ChangeReasons.Erased ? key.Id : old.Slug,
            ExternalIds = reason == ChangeReasons.Erased ? "[]" : ExternalIds.In(last!.Document),
            MergedInto = mergedInto,
            PreviousScope = earlier is null ? ArticleScope.Of(key.Type, old.Filters)?.Write() : earlier.PreviousScope,
        };
    }

    /// <summary>Slugs the public has seen lead to the resource for good, also after it was away.</summary>
    private async Task KeepSlugsAsync(PublishedTables tables, ResourceKey key, StoredRow? old, string slug, Guid id, CancellationToken cancel)
    {
        if (old?.Slug == slug) return;

        var type = key.Type.Name();
        if (tables == _public)
            await db.Slugs.Where(s => s.Type == type && s.Slug == slug).ExecuteUpdateAsync(set => set.SetProperty(s => s.WasPublic, true), cancel);
        if (old is not null) return;

        var former = await db.Slugs.Where(s => s.Type == type && s.ResourceId == id && s.WasPublic && s.Slug != slug).Select(s => s.Slug).ToListAsync(cancel);
        await tables.AddSlugsAsync(type, former, key.Id, cancel);
    }

    /// <summary>
    /// What a new document shows must not change before others can find that it shows it. Documents that are rendered again are
    /// found already.
    /// </summary>
    private async Task HoldAsync(IReadOnlyList<ResourceKey> links, CancellationToken cancel)
    {
        foreach (var ofType in links.GroupBy(l => l.Type))
        {
            if (ofType.Key == ResourceType.Person) await MergedPeople.HoldToShowAsync(db, commands, [.. ofType.Select(l => l.Id)], cancel);
            else if (ofType.Key != ResourceType.Section) await db.HoldAsync(ofType.Key, [.. ofType.Select(l => Guid.Parse(l.Id))], Hold.ToShow, cancel);
            else foreach (var section in ofType) await db.HoldSectionAsync(section.Id, Hold.ToShow, cancel);
        }
    }

    /// <summary>A public document shows what is public; a working one shows working versions where there are any.</summary>
    private async Task<References> FindReferencesAsync(PublishedTables tables, ResourceKey key, IReadOnlyList<ResourceKey> links, CancellationToken cancel)
    {
        var found = new Dictionary<ResourceKey, Reference>();
        foreach (var link in links)
        {
            if (await FindReferenceAsync(tables, link, cancel) is { } reference) found.Add(link, new Reference(reference));
        }

        return new References(found) { AlsoKnownAs = key.Type == ResourceType.Person ? [.. (await MergedPeople.NamesAsync(commands, [key.Id], cancel))[key.Id]] : [] };
    }

    /// <summary>What is shown of a link; of somebody who was merged, what is shown of the survivor.</summary>
    private async Task<byte[]?> FindReferenceAsync(PublishedTables tables, ResourceKey link, CancellationToken cancel)
    {
        var reference = (tables == _preview ? await _preview.ReferenceAsync(link, cancel) : null) ?? await _public.ReferenceAsync(link, cancel);
        if (reference is not null || link.Type != ResourceType.Person || await MergedPeople.SurvivorAsync(commands, link.Id, cancel) is not { } survivor) return reference;

        return await FindReferenceAsync(tables, link with { Id = survivor }, cancel);
    }

    private async Task RenderDependentsAsync(CancellationToken cancel)
    {
        while (_changedReferences.TryDequeue(out var changed))
        {
            // A name that is not public any more leaves every public document in this very commit, however many there are.
            var mustBeNow = changed.Set == _public && await FindReferenceAsync(_public, changed.Target, cancel) is null;
            foreach (var id in await LinkedAsAsync(changed.Target, cancel))
            {
                foreach (var (type, filter) in FilterValue.ThatShow(changed.Target.Type))
                {
                    if (changed.Set == _public) await RenderThoseAsync(_public, type, filter, id, mustBeNow, cancel);
                    await RenderThoseAsync(_preview, type, filter, id, mustBeNow, cancel);
                }
            }
        }
    }

    /// <summary>The ids by which documents link to what is shown: its own, and those of people who were merged into it.</summary>
    private async Task<IEnumerable<string>> LinkedAsAsync(ResourceKey target, CancellationToken cancel)
    {
        if (target.Type != ResourceType.Person || await MergedPeople.SurvivorAsync(commands, target.Id, cancel) is not null) return [target.Id];

        return (await MergedPeople.GroupsAsync(commands, [target.Id], cancel)).Of(target.Id);
    }

    private async Task RenderThoseAsync(PublishedTables tables, ResourceType type, string filter, string target, bool mustBeNow, CancellationToken cancel)
    {
        foreach (var name in (string[])[filter, FilterValue.Unresolved(filter)])
        {
            var limit = mustBeNow ? int.MaxValue - 1 : _rendersLeft;
            var rows = await tables.NextAsync(type, name, target, null, limit + 1, cancel);
            if (rows.Count > limit)
            {
                rows.RemoveAt(limit);
                await LeaveAsync(tables, type, name, target, rows.Count > 0 ? rows[^1] : (BeforeAll, ""), cancel);
            }

            _rendersLeft = Math.Max(0, _rendersLeft - rows.Count);
            await RenderAgainAsync(tables, type, [.. rows.Select(r => Guid.Parse(r.Id))], compareRows: false, cancel);
        }
    }

    private async Task RenderAgainAsync(PublishedTables tables, ResourceType type, IReadOnlyList<Guid> ids, bool compareRows, CancellationToken cancel)
    {
        var renderer = renderers[type];
        foreach (var chunk in ids.Chunk(Chunk))
        {
            await db.HoldAsync(type, chunk, Hold.ToChange, cancel);

            // In an order of their own: that in which rows lie depends on drafts too, and positions would tell.
            foreach (var stored in (await renderer.LoadAsync(db, chunk, tables == _preview, cancel)).OrderBy(s => s.State.Id))
            {
                var key = new ResourceKey(type, stored.State.Id.ToString());
                if (tables == _public) await RenderPublicAsync(key, renderer, stored, ChangeReasons.ReferenceChanged, cancel, compareRows);
                else await RenderIntoAsync(_preview, key, renderer, stored, ChangeReasons.ReferenceChanged, compareRows, cancel);
            }
        }
    }

    private async Task<PendingRender?> NextPendingAsync(string skipHeld, CancellationToken cancel)
    {
        var command = commands.Prepare(
            $"SELECT id, table_set, type, filter, value, after_sort_key, after_id FROM pending_renders ORDER BY id LIMIT 1{skipHeld}");
        await using var row = await command.ExecuteReaderAsync(cancel);
        return !await row.ReadAsync(cancel) ? null : new PendingRender
        {
            Id = row.GetInt64(0),
            TableSet = row.GetString(1),
            Type = row.GetString(2),
            Filter = row.GetString(3),
            Value = row.GetString(4),
            AfterSortKey = row.GetString(5),
            AfterId = row.GetString(6),
        };
    }

    private async Task LeaveAsync(
        PublishedTables tables, ResourceType type, string filter, string value, (string SortKey, string Id) after, CancellationToken cancel)
    {
        LeftWork = true;
        await commands.Prepare(
            """
            INSERT INTO pending_renders (table_set, type, filter, value, after_sort_key, after_id) VALUES (@set, @type, @filter, @value, @sort, @after)
            """,
            ("set", tables.Set), ("type", type.Name()), ("filter", filter), ("value", value), ("sort", after.SortKey), ("after", after.Id))
            .ExecuteNonQueryAsync(cancel);
    }
}
