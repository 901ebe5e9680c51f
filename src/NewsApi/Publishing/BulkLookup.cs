using Microsoft.EntityFrameworkCore;
using NewsApi.Http;
using NewsApi.Sections;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>A new resource whose slug is free and whose links lead somewhere.</summary>
internal sealed record BulkClaim<TInput>(BulkItem<TInput> Item, string Slug, IReadOnlyList<Guid> Links)
    where TInput : class, IResourceInput;

/// <summary>What was found out about a chunk: the resources that are new, or why one of them is refused.</summary>
internal sealed record BulkLookup<TInput>(IReadOnlyList<BulkClaim<TInput>> Claims)
    where TInput : class, IResourceInput
{
    public Problem? Problem { get; init; }

    /// <summary>Sections to be made before the chunk can be written.</summary>
    public IReadOnlyList<string> MissingSections { get; init; } = [];
}

/// <summary>Asks for a whole chunk what single writes ask for each resource, in a few statements.</summary>
internal static class BulkLookup
{
    /// <param name="before">What is being written and may not be on record yet.</param>
    public static async Task<BulkLookup<TInput>> FindAsync<TInput>(
        NewsDbContext db, ResourceType type, IReadOnlyList<BulkItem<TInput>> chunk, IReadOnlyList<BulkClaim<TInput>> before, LinkCache links,
        CancellationToken cancel)
        where TInput : class, IResourceInput
    {
        var known = await KnownIdsAsync(db, type, [.. chunk.Select(i => i.Id)], cancel);
        known.UnionWith(before.Select(c => c.Item.Id));
        var items = chunk.Where(i => known.Add(i.Id)).ToList();
        var missing = await links.FindSectionsAsync(db, [.. items.Select(i => i.Section).OfType<string>().Distinct()], cancel);
        if (missing.Count > 0) return new BulkLookup<TInput>([]) { MissingSections = missing };

        var bySlug = await OwnersAsync(db, [.. items.SelectMany(i => i.Links).Where(l => l.Id is null).Select(l => (l.Type, l.Slug!)).Distinct()], cancel);
        await links.FindAsync(db, [.. items.SelectMany(i => i.Links).Select(Key).OfType<ResourceKey>().Distinct()], cancel);
        var slugs = await SlugClaims.StartAsync(db, type, [.. items.Select(i => i.Slug).Distinct()], cancel);
        foreach (var claim in before) slugs.Take(claim.Slug, claim.Item.Id);
        var claims = new List<BulkClaim<TInput>>(items.Count);
        foreach (var item in items)
        {
            var slug = item.Input.Slug is { } wanted ? slugs.Take(wanted, item.Id) : await slugs.TakeFreeAsync(item.Slug, item.Id, cancel);
            if (slug.Problem is not null) return new BulkLookup<TInput>([]) { Problem = slug.Problem };
            if (item.Links.FirstOrDefault(l => Key(l) is not { } key || !links.Has(key)) is { } lost) return new BulkLookup<TInput>([]) { Problem = lost.Unknown };

            claims.Add(new BulkClaim<TInput>(item, slug.Value!, [.. item.Links.Select(l => l.Id ?? bySlug[(l.Type, l.Slug!)])]));
        }

        return new BulkLookup<TInput>(claims);

        ResourceKey? Key(LinkPlace link) =>
            link.Id is { } id ? new ResourceKey(link.Type, id.ToString())
            : bySlug.TryGetValue((link.Type, link.Slug!), out var owner) ? new ResourceKey(link.Type, owner.ToString())
            : null;
    }

    /// <summary>The first external id of these resources that another one has already.</summary>
    public static async Task<Problem?> ExternalIdInUseAsync(NewsDbContext db, ResourceType type, IReadOnlyList<Resource> resources, CancellationToken cancel)
    {
        var name = type.Name();
        var taken = new Dictionary<(string Source, string Value), Guid>();
        foreach (var source in resources.SelectMany(r => r.KnownElsewhereAs).GroupBy(e => e.Source, e => e.Value))
        {
            var values = source.Distinct().ToList();
            var entries = db.ExternalIds.AsNoTracking().Where(e => e.Type == name && e.Source == source.Key && EF.Parameter(values).Contains(e.Value));
            await foreach (var entry in entries.AsAsyncEnumerable().WithCancellation(cancel)) taken.Add((entry.Source, entry.Value), entry.ResourceId);
        }

        foreach (var resource in resources)
        {
            for (var i = 0; i < resource.KnownElsewhereAs.Count; i++)
            {
                var entry = resource.KnownElsewhereAs[i];
                if (!taken.TryAdd((entry.Source, entry.Value), resource.Id)) return ExternalIds.Taken(type, taken[(entry.Source, entry.Value)], entry, i);
            }
        }

        return null;
    }

    private static async Task<HashSet<Guid>> KnownIdsAsync(NewsDbContext db, ResourceType type, List<Guid> ids, CancellationToken cancel)
    {
        var name = type.Name();
        IQueryable<Resource> resources = type switch
        {
            ResourceType.Article => db.Articles,
            ResourceType.Person => db.People,
            _ => db.Events,
        };
        var known = await resources.Where(r => EF.Parameter(ids).Contains(r.Id)).Select(r => r.Id).ToListAsync(cancel);
        var buried = await db.Tombstones.Where(t => t.Type == name && EF.Parameter(ids).Contains(t.ResourceId)).Select(t => t.ResourceId).ToListAsync(cancel);
        return [.. known, .. buried];
    }

    private static async Task<Dictionary<(ResourceType, string), Guid>> OwnersAsync(
        NewsDbContext db, List<(ResourceType Type, string Slug)> wanted, CancellationToken cancel)
    {
        var owners = new Dictionary<(ResourceType, string), Guid>();
        foreach (var type in wanted.GroupBy(w => w.Type, w => w.Slug))
        {
            foreach (var (slug, id) in await SlugClaims.OwnersAsync(db, type.Key, [.. type], cancel)) owners.Add((type.Key, slug), id);
        }

        return owners;
    }
}

/// <summary>The slugs of a chunk: those on record, and those that the chunk has taken so far.</summary>
internal sealed class SlugClaims
{
    private readonly NewsDbContext _db;
    private readonly ResourceType _type;
    private readonly Dictionary<string, Guid> _owners;
    private readonly HashSet<string> _numbered = [];

    private SlugClaims(NewsDbContext db, ResourceType type, Dictionary<string, Guid> owners) => (_db, _type, _owners) = (db, type, owners);

    public static async Task<SlugClaims> StartAsync(NewsDbContext db, ResourceType type, List<string> slugs, CancellationToken cancel) =>
        new(db, type, await OwnersAsync(db, type, slugs, cancel));

    public static async Task<Dictionary<string, Guid>> OwnersAsync(NewsDbContext db, ResourceType type, List<string> slugs, CancellationToken cancel)
    {
        var name = type.Name();
        return await db.Slugs.AsNoTracking().Where(s => s.Type == name && EF.Parameter(slugs).Contains(s.Slug))
            .ToDictionaryAsync(s => s.Slug, s => s.ResourceId, cancel);
    }

    /// <summary>This one or none.</summary>
    public Outcome<string> Take(string slug, Guid id) =>
        _owners.TryAdd(slug, id) ? slug : Slugs.Taken(_type, slug, _owners[slug]);

    /// <summary>This one, with a number behind it where it is taken.</summary>
    public async Task<Outcome<string>> TakeFreeAsync(string slug, Guid id, CancellationToken cancel)
    {
        if (_owners.TryAdd(slug, id)) return slug;

        if (_numbered.Add(slug))
        {
            foreach (var entry in await Slugs.WithNumbers(_db, _type.Name(), slug).AsNoTracking().ToListAsync(cancel)) _owners.TryAdd(entry.Slug, entry.ResourceId);
        }

        var free = Slugs.Numbered(slug, _owners.ContainsKey);
        _owners.Add(free, id);
        return free;
    }
}

/// <summary>
/// What links lead to, and what documents may show of it; remembered from chunk to chunk as long as nobody else writes.
/// Bounded: a chunk that needs more than fits finds what it needs and nothing from before.
/// </summary>
internal sealed class LinkCache
{
    private const int Limit = 20_000;

    private readonly Dictionary<ResourceKey, Target> _targets = [];
    private readonly Dictionary<string, Section> _sections = [];

    public bool Has(ResourceKey key) => _targets.ContainsKey(key);

    public Section Section(string slug) => _sections[slug];

    public void Clear()
    {
        _targets.Clear();
        _sections.Clear();
    }

    /// <summary>Finds public sections; answers those that there are not.</summary>
    public async Task<List<string>> FindSectionsAsync(NewsDbContext db, List<string> slugs, CancellationToken cancel)
    {
        var unknown = slugs.Where(s => !_sections.ContainsKey(s)).ToList();
        if (unknown.Count == 0) return [];

        var found = await db.Sections.AsNoTracking().Where(s => EF.Parameter(unknown).Contains(s.Slug) && s.PublicVersion != null).ToListAsync(cancel);
        foreach (var section in found) _sections.Add(section.Slug, section);
        await FindAsync(db, [.. found.Select(s => s.Key)], cancel);
        return [.. unknown.Where(s => !_sections.ContainsKey(s))];
    }

    public async Task FindAsync(NewsDbContext db, List<ResourceKey> keys, CancellationToken cancel)
    {
        if (_targets.Count > Limit)
        {
            foreach (var key in _targets.Keys.Where(k => k.Type != ResourceType.Section).ToList()) _targets.Remove(key);
        }

        await AddAsync(db, keys, cancel);
    }

    private async Task AddAsync(NewsDbContext db, List<ResourceKey> keys, CancellationToken cancel)
    {
        foreach (var type in keys.Where(k => !Has(k)).GroupBy(k => k.Type, k => k.Id))
        {
            var ids = type.ToList();
            var shown = await ReferencesAsync(db, PublishedTables.Public, type.Key, ids, cancel);
            var working = await ReferencesAsync(db, PublishedTables.Preview, type.Key, ids, cancel);
            foreach (var id in ids)
            {
                var target = new Target(shown.GetValueOrDefault(id), working.GetValueOrDefault(id));
                if (target.Newest is not null) _targets.Add(new ResourceKey(type.Key, id), target);
            }

            if (type.Key == ResourceType.Person) await FindMergedAsync(db, [.. ids.Where(id => !Has(new ResourceKey(type.Key, id)))], cancel);
        }
    }

    /// <summary>A link to somebody who was merged leads to the survivor.</summary>
    private async Task FindMergedAsync(NewsDbContext db, List<string> ids, CancellationToken cancel)
    {
        if (ids.Count == 0) return;

        var merged = await db.MergedPeople.AsNoTracking().Where(m => EF.Parameter(ids).Contains(m.Id)).ToListAsync(cancel);
        await AddAsync(db, [.. merged.Select(m => new ResourceKey(ResourceType.Person, m.Survivor)).Distinct()], cancel);
        foreach (var one in merged)
        {
            if (_targets.TryGetValue(new ResourceKey(ResourceType.Person, one.Survivor), out var target)) _targets.Add(new ResourceKey(ResourceType.Person, one.Id), target);
        }
    }

    /// <summary>Of these the ones that the audience of a set may see.</summary>
    public References Of(string set, IEnumerable<ResourceKey> links)
    {
        var visible = new Dictionary<ResourceKey, Reference>();
        foreach (var link in links)
        {
            var target = _targets[link];
            if ((set == PublishedTables.Public ? target.Public : target.Newest) is { } reference) visible.Add(link, reference);
        }

        return new References(visible);
    }

    private static async Task<Dictionary<string, Reference>> ReferencesAsync(
        NewsDbContext db, string set, ResourceType type, List<string> ids, CancellationToken cancel)
    {
        var name = type.Name();
        return await db.Set<PublishedDocument>($"{set}_documents").Where(d => d.Type == name && EF.Parameter(ids).Contains(d.Id))
            .Select(d => new { d.Id, d.Reference }).ToDictionaryAsync(d => d.Id, d => new Reference(d.Reference), cancel);
    }

    private sealed record Target(Reference? Public, Reference? Working)
    {
        public Reference? Newest => Working ?? Public;
    }
}
