using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
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

    /// <summary>Absent where the row was removed.</summary>
    public string? ContentHash { get; set; }
    public byte[]? Document { get; set; }
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

    /// <summary>Saves what the handler changed and renders what follows from it.</summary>
    public async Task SaveAsync(CancellationToken cancel)
    {
        db.ChangeTracker.DetectChanges();
        await HoldSectionsAsync(cancel);
        var touched = db.ChangeTracker.Entries<Resource>().Where(IsTouched).Select(e => (e.Entity, e.State)).OrderByDescending(e => e.Entity.Type).ToList();
        foreach (var (resource, state) in touched.Where(t => t.State != EntityState.Deleted)) await VersionAsync(resource, state, cancel);
        foreach (var (resource, _) in touched.Where(t => t.State == EntityState.Deleted)) await BuryAsync(resource, cancel);
        await db.SaveChangesAsync(cancel);

        foreach (var (resource, state) in touched)
        {
            if (state == EntityState.Deleted) await RemoveEverywhereAsync(resource, cancel);
            else await RenderAsync(resource, cancel);
        }

        await RenderDependentsAsync(cancel);
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

    /// <summary>A version is a change of content: the input form differs from the one saved before.</summary>
    private async Task VersionAsync(Resource resource, EntityState state, CancellationToken cancel)
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
            var content = await db.Revisions.Where(r => r.Type == type && r.ResourceId == resource.Id && r.Version == resource.Version)
                .Select(r => r.Content).FirstAsync(cancel);
            if (Revisions.Unpack(content).AsSpan().SequenceEqual(form))
            {
                if (resource.PublishNewest) resource.PublicVersion = resource.Version;
                return;
            }
        }

        resource.Version++;
        resource.UpdatedAt = at;
        if (resource.PublishNewest) resource.PublicVersion = resource.Version;
        db.Revisions.Add(Revision.Of(resource, form, at, savedBy));
    }

    private async Task BuryAsync(Resource resource, CancellationToken cancel)
    {
        var type = resource.Type.Name();
        db.Tombstones.Add(new Tombstone { Type = type, ResourceId = resource.Id, Version = resource.Version, DeletedAt = at });
        await db.ExternalIds.Where(e => e.Type == type && e.ResourceId == resource.Id).ExecuteDeleteAsync(cancel);

        // A slug that the public knew stays taken: old links must never lead to something else.
        await db.Slugs.Where(s => s.Type == type && s.ResourceId == resource.Id && !s.WasPublic).ExecuteDeleteAsync(cancel);
    }

    private async Task RenderAsync(Resource resource, CancellationToken cancel)
    {
        var renderer = renderers[resource.Type];
        var newest = new StoredForm(renderer.Form(resource), renderer.State(resource));
        if (resource.PublicVersion == resource.Version)
        {
            await RenderPublicAsync(resource.Key, renderer, newest, null, cancel);
            return;
        }

        await RenderIntoAsync(_preview, resource.Key, renderer, newest, null, compareRows: false, cancel);
        if (resource.PublicVersion is null) await RemoveFromAsync(_public, resource.Key, ChangeReasons.Withdrawn, cancel);
    }

    /// <summary>
    /// Renders what the public sees. Where that leaves out links to what is not public, the newsroom gets a rendering of its own
    /// of the same version: a document that is read, changed and sent back must not lose them.
    /// </summary>
    private async Task RenderPublicAsync(
        ResourceKey key, IRenderer renderer, StoredForm stored, string? reason, CancellationToken cancel, bool compareRows = false)
    {
        var hidesLinks = await RenderIntoAsync(_public, key, renderer, stored, reason, compareRows, cancel);
        var preview = await _preview.FindAsync(key, cancel);
        if (preview?.Version > stored.State.Version) return;

        if (hidesLinks) await RenderIntoAsync(_preview, key, renderer, stored, reason, compareRows, cancel);
        else if (preview is not null) await RemoveFromAsync(_preview, key, ChangeReasons.Published, cancel);
    }

    private async Task RemoveEverywhereAsync(Resource resource, CancellationToken cancel)
    {
        await RemoveFromAsync(_public, resource.Key, ChangeReasons.Deleted, cancel);
        await RemoveFromAsync(_preview, resource.Key, ChangeReasons.Deleted, cancel);
    }

    /// <summary>Renders into one set; true where links were left out.</summary>
    /// <param name="reason">Absent where the resource itself was written: then it is new to the set, or updated.</param>
    /// <param name="compareRows">Whether the rows beside the document may be old although it is not.</param>
    private async Task<bool> RenderIntoAsync(
        PublishedTables tables, ResourceKey key, IRenderer renderer, StoredForm stored, string? reason, bool compareRows, CancellationToken cancel)
    {
        var old = await tables.FindAsync(key, cancel);
        var unrendered = renderer.Read(stored);
        if (reason is null) await HoldAsync(unrendered.Links, cancel);
        var rendering = unrendered.Render(await FindReferencesAsync(tables, unrendered.Links, cancel));
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

        await tables.WriteAsync(key, old, rendering, index, stored.State.Version, hash, at, cancel);
        await KeepSlugsAsync(tables, key, old, rendering.Slug, stored.State.Id, cancel);

        if (!_renders.TryGetValue((tables.Set, key), out var render))
        {
            render = new Render
            {
                Tables = tables,
                Key = key,
                Reason = reason ?? (old is null ? ChangeReasons.Published : ChangeReasons.Updated),
                PreviousVersion = old?.Version,
            };
            _renders.Add((tables.Set, key), render);
        }

        render.Version = stored.State.Version;
        render.Slug = rendering.Slug;
        render.ExternalIds = ExternalIds.In(rendering.Document);
        render.ContentHash = hash;
        render.Document = rendering.Document;
        if (old is null || !old.Reference.AsSpan().SequenceEqual(rendering.Reference)) _changedReferences.Enqueue((tables, key));
        return hidesLinks;
    }

    private async Task RemoveFromAsync(PublishedTables tables, ResourceKey key, string reason, CancellationToken cancel)
    {
        if (await tables.FindAsync(key, cancel) is not { } old) return;

        var last = await tables.ReadAsync(key, cancel);
        await tables.RemoveAsync(key, old, cancel);
        _renders[(tables.Set, key)] = new Render
        {
            Tables = tables,
            Key = key,
            Reason = reason,
            PreviousVersion = old.Version,
            Version = old.Version,
            Slug = old.Slug,
            ExternalIds = ExternalIds.In(last!.Document),
        };
        _changedReferences.Enqueue((tables, key));
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
            if (ofType.Key != ResourceType.Section) await db.HoldAsync(ofType.Key, [.. ofType.Select(l => Guid.Parse(l.Id))], Hold.ToShow, cancel);
            else foreach (var section in ofType) await db.HoldSectionAsync(section.Id, Hold.ToShow, cancel);
        }
    }

    /// <summary>A public document shows what is public; a working one shows working versions where there are any.</summary>
    private async Task<References> FindReferencesAsync(PublishedTables tables, IReadOnlyList<ResourceKey> links, CancellationToken cancel)
    {
        var found = new Dictionary<ResourceKey, Reference>();
        foreach (var link in links)
        {
            var reference = (tables == _preview ? await _preview.ReferenceAsync(link, cancel) : null) ?? await _public.ReferenceAsync(link, cancel);
            if (reference is not null) found.Add(link, new Reference(reference));
        }

        return new References(found);
    }

    private async Task RenderDependentsAsync(CancellationToken cancel)
    {
        while (_changedReferences.TryDequeue(out var changed))
        {
            // A name that is not public any more leaves every public document in this very commit, however many there are.
            var mustBeNow = changed.Set == _public && await _public.FindAsync(changed.Target, cancel) is null;
            foreach (var (type, filter) in FilterValue.ThatShow(changed.Target.Type))
            {
                if (changed.Set == _public) await RenderThoseAsync(_public, type, filter, changed.Target.Id, mustBeNow, cancel);
                await RenderThoseAsync(_preview, type, filter, changed.Target.Id, mustBeNow, cancel);
            }
        }
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
            foreach (var stored in await renderer.LoadAsync(db, chunk, tables == _preview, cancel))
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
