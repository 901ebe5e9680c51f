using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>
/// Renders what a write changed into both sets of tables, and after it everything that shows a reference to that: at once as far as the
/// transaction may go, the rest in walks that later writes go on with.
/// </summary>
internal sealed class DocumentWriter
{
    /// <summary>So many dependent documents are rendered in the transaction of the change itself, the others in batches after it.</summary>
    public const int RendersAtOnce = 1_000;
    private const int Chunk = 200;

    /// <summary>Greater than any sort key: those are made of digits, capital letters and hyphens.</summary>
    public const string BeforeAll = "~";

    private readonly NewsDbContext _db;
    private readonly StoredCommands _commands;
    private readonly IReadOnlyDictionary<ResourceType, IRenderer> _renderers;
    private readonly DateTimeOffset _at;
    private readonly PublishedTables _public;
    private readonly PublishedTables _preview;
    private readonly ReferenceReader _references;
    private readonly Dictionary<(string Set, ResourceKey Key), Render> _renders = [];
    private readonly Queue<(PublishedTables Set, ResourceKey Target)> _changedReferences = new();
    private int _rendersLeft = RendersAtOnce;

    public DocumentWriter(
        NewsDbContext db, StoredCommands commands, ISearchIndex search, IReadOnlyDictionary<ResourceType, IRenderer> renderers, DateTimeOffset at)
    {
        (_db, _commands, _renderers, _at) = (db, commands, renderers, at);
        (_public, _preview) = (new PublishedTables(commands, search, PublishedTables.Public), new PublishedTables(commands, search, PublishedTables.Preview));
        _references = new ReferenceReader(db, commands, _public, _preview);
    }

    public IReadOnlyCollection<Render> Renders => _renders.Values;

    /// <summary>Whether documents are left for the batches that follow.</summary>
    public bool LeftWork { get; private set; }

    /// <summary>Whether rows beside documents have become others although the documents have not.</summary>
    public bool ChangedRows { get; private set; }

    /// <summary>The newest version as readers with the preview scope see it: rendered in this write or stored before.</summary>
    public async Task<StoredDocument?> NewestAsync(ResourceKey key, CancellationToken cancel) =>
        await _preview.ReadAsync(key, cancel) ?? await _public.ReadAsync(key, cancel);

    /// <summary>Whether the public document was rendered in this write.</summary>
    public bool IsRendered(ResourceKey key) => _renders.ContainsKey((_public.Set, key));

    /// <summary>Shows a resource as it is now: its newest version, and to the public what the public may see of it.</summary>
    /// <param name="resource">As it was saved.</param>
    /// <param name="compareRows">Whether the rows beside the document may be others although nothing new is said.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task RenderAsync(Resource resource, bool compareRows, CancellationToken cancel)
    {
        if (resource is Person { MergedInto: not null })
        {
            await GiveWayAsync(resource, cancel);
            return;
        }

        var renderer = _renderers[resource.Type];
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

    /// <summary>Takes a resource out of both sets.</summary>
    public async Task RemoveAsync(Resource resource, CancellationToken cancel)
    {
        await RemoveFromAsync(_public, resource.Key, resource.Cause ?? ChangeReasons.Deleted, cancel);
        await RemoveFromAsync(_preview, resource.Key, ChangeReasons.Deleted, cancel);
        if (resource is Person { MergedInto: not null }) await ForgetAsync(resource.Key, cancel);
    }

    /// <summary>
    /// What the public saw once and does not see any more is in archives of partners, who hear that it has to leave those too. What was public
    /// until now has its entry already.
    /// </summary>
    public async Task TellErasedAsync(ResourceKey key, CancellationToken cancel)
    {
        if (!key.Type.IsInFeed() || _renders.ContainsKey((_public.Set, key))) return;

        var (type, id) = (key.Type.Name(), key.Id);
        var seen = await _db.SeenVersions.AsNoTracking().Where(s => s.Type == type && s.Id == id).OrderByDescending(s => s.Position).Take(2).ToListAsync(cancel);
        if (seen is not [{ Version: null } removed, { Version: { } version }]) return;

        var last = await _db.Changes.AsNoTracking().FirstOrDefaultAsync(c => c.Position == removed.Position, cancel);
        if (last?.Reason == ChangeReasons.Erased) return;

        _renders[(_public.Set, key)] = new Render
        {
            Tables = _public,
            Key = key,
            Reason = ChangeReasons.Erased,
            Version = version,
            Slug = id,
            PreviousScope = last?.PreviousScope is { } scope ? (ArticleScope.Read(scope) with { Slug = null, ExternalIds = null }).Write() : null,
        };
    }

    /// <summary>Renders what is shown already, because something else has changed than itself.</summary>
    public async Task RenderAgainAsync(IEnumerable<ResourceKey> keys, CancellationToken cancel)
    {
        foreach (var ofType in keys.GroupBy(key => key.Type))
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

    /// <summary>Renders what shows a reference to something that this write has changed.</summary>
    public async Task RenderDependentsAsync(CancellationToken cancel)
    {
        while (_changedReferences.TryDequeue(out var changed))
        {
            // A name that is not public any more leaves every public document in this very commit, however many there are.
            var mustBeNow = changed.Set == _public && await _references.FindAsync(_public, changed.Target, cancel) is null;
            foreach (var id in await _references.LinkedAsAsync(changed.Target, cancel))
            {
                foreach (var (type, filter) in FilterValue.ThatShow(changed.Target.Type))
                {
                    if (changed.Set == _public) await RenderThoseAsync(_public, type, filter, id, mustBeNow, cancel);
                    await RenderThoseAsync(_preview, type, filter, id, mustBeNow, cancel);
                }
            }
        }
    }

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
        var delete = _commands.Prepare("DELETE FROM pending_renders WHERE id = @id", ("id", job.Id));
        await delete.ExecuteNonQueryAsync(cancel);
        if (rows.Count == limit) await LeaveAsync(tables, type, job.Filter, job.Value, rows[^1], cancel);
        return true;
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

    /// <summary>Somebody was merged: another is shown in their place, and in that of whoever was merged into them before. Their slugs lead on.</summary>
    private async Task GiveWayAsync(Resource person, CancellationToken cancel)
    {
        var survivor = await MergedPeople.SurvivorAsync(_commands, person.PublishedId, cancel);
        foreach (var tables in (PublishedTables[])[_public, _preview]) await RemoveFromAsync(tables, person.Key, ChangeReasons.Merged, cancel, survivor);
        if (person.Cause != ChangeReasons.Merged) return;

        foreach (var id in (await MergedPeople.BelowAsync(_db, person.Id, cancel)).Prepend(person.Id)) Follow(_public, new ResourceKey(ResourceType.Person, id.ToString()));
    }

    /// <summary>Of somebody who was merged and is now deleted nothing leads to the survivor any more.</summary>
    private async Task ForgetAsync(ResourceKey person, CancellationToken cancel)
    {
        var survivor = new ResourceKey(ResourceType.Person, await MergedPeople.SurvivorAsync(_commands, person.Id, cancel) ?? person.Id);
        await _db.MergedPeople.Where(m => m.Id == person.Id).ExecuteDeleteAsync(cancel);
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
        if (reason is null) await _references.HoldAsync(unrendered.Links, cancel);
        var rendering = unrendered.Render(await _references.FindAsync(tables, key, unrendered.Links, cancel));
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
            await tables.WriteAsync(key, old, rendering, index, stored.State.Version, hash, _at, cancel);
            return hidesLinks;
        }

        var scope = ArticleScope.Of(key.Type, rendering.Filters)?.Write();
        var previousScope = tables == _public ? await PreviousScopeAsync(key, old, scope, cancel) : null;
        await tables.WriteAsync(key, old, rendering, index, stored.State.Version, hash, _at, cancel);
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
            await _db.Slugs.Where(s => s.Type == type && s.Slug == slug).ExecuteUpdateAsync(set => set.SetProperty(s => s.WasPublic, true), cancel);
        if (old is not null) return;

        var former = await _db.Slugs.Where(s => s.Type == type && s.ResourceId == id && s.WasPublic && s.Slug != slug).Select(s => s.Slug).ToListAsync(cancel);
        await tables.AddSlugsAsync(type, former, key.Id, cancel);
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
        var renderer = _renderers[type];
        foreach (var chunk in ids.Chunk(Chunk))
        {
            await _db.HoldAsync(type, chunk, Hold.ToChange, cancel);

            // In an order of their own: that in which rows lie depends on drafts too, and positions would tell.
            foreach (var stored in (await renderer.LoadAsync(_db, chunk, tables == _preview, cancel)).OrderBy(s => s.State.Id))
            {
                var key = new ResourceKey(type, stored.State.Id.ToString());
                if (tables == _public) await RenderPublicAsync(key, renderer, stored, ChangeReasons.ReferenceChanged, cancel, compareRows);
                else await RenderIntoAsync(_preview, key, renderer, stored, ChangeReasons.ReferenceChanged, compareRows, cancel);
            }
        }
    }

    private async Task<PendingRender?> NextPendingAsync(string skipHeld, CancellationToken cancel)
    {
        var command = _commands.Prepare(
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
        await _commands.Prepare(
            """
            INSERT INTO pending_renders (table_set, type, filter, value, after_sort_key, after_id) VALUES (@set, @type, @filter, @value, @sort, @after)
            """,
            ("set", tables.Set), ("type", type.Name()), ("filter", filter), ("value", value), ("sort", after.SortKey), ("after", after.Id))
            .ExecuteNonQueryAsync(cancel);
    }
}
