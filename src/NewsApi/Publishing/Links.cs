using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NewsApi.Events;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>A place in an input where it names something that exists, by id or by slug.</summary>
internal sealed record LinkPlace(string Pointer, ResourceType Type, Guid? Id, string? Slug)
{
    public Problem Unknown => Problems.Invalid(
        Id is null ? $"{Pointer}/slug" : $"{Pointer}/id", "unknownLink",
        Id is null ? $"There is no {Type.Name()} with the slug '{Slug}'." : $"There is no {Type.Name()} with the id {Id}.");
}

/// <summary>Finds what an input names by id or slug.</summary>
internal static class Links
{
    /// <summary>What all places lead to, in their order.</summary>
    public static async Task<Outcome<Guid[]>> FindAsync(NewsDbContext db, IEnumerable<LinkPlace> places, CancellationToken cancel)
    {
        var found = new List<Guid>();
        foreach (var place in places)
        {
            var id = place.Type == ResourceType.Person
                ? await FindAsync<Person>(db, place.Type, place.Id, place.Slug, cancel)
                : await FindAsync<NewsEvent>(db, place.Type, place.Id, place.Slug, cancel);
            if (id is null) return place.Unknown;

            found.Add(id.Value);
        }

        return found.ToArray();
    }

    /// <summary>The id, or nothing where there is no such resource. A former slug will do.</summary>
    private static async Task<Guid?> FindAsync<TResource>(
        NewsDbContext db, ResourceType type, Guid? id, string? slug, CancellationToken cancel)
        where TResource : Resource
    {
        if (id is { } named)
            return db.Set<TResource>().Local.Any(r => r.Id == named) || await db.Set<TResource>().AnyAsync(r => r.Id == named, cancel) ? named : null;

        var name = type.Name();
        var entry = db.Slugs.Local.FirstOrDefault(s => s.Type == name && s.Slug == slug)
            ?? await db.Slugs.AsNoTracking().FirstOrDefaultAsync(s => s.Type == name && s.Slug == slug, cancel);
        return entry is null ? null : await FindAsync<TResource>(db, type, entry.ResourceId, null, cancel);
    }

    /// <summary>Whether any document, public or working, has a link to it.</summary>
    public static async Task<bool> IsShownAsync(NewsDbContext db, ResourceKey target, CancellationToken cancel)
    {
        foreach (var (type, filter) in FilterValue.ThatShow(target.Type))
        {
            var name = type.Name();
            var unresolved = FilterValue.Unresolved(filter);
            foreach (var set in (string[])[PublishedTables.Public, PublishedTables.Preview])
            {
                if (await db.Set<PublishedFilter>($"{set}_filters")
                    .AnyAsync(f => f.Type == name && (f.Filter == filter || f.Filter == unresolved) && f.Value == target.Id, cancel)) return true;
            }
        }

        return false;
    }
}

/// <summary>Keeps every external id with one resource of its type.</summary>
internal static class ExternalIds
{
    /// <summary>Those that a rendered document shows, as JSON; an empty list where its type has none.</summary>
    public static string In(ReadOnlyMemory<byte> document)
    {
        using var json = JsonDocument.Parse(document);
        return json.RootElement.TryGetProperty("externalIds", out var externalIds) ? externalIds.GetRawText() : "[]";
    }

    public static async Task<Problem?> ClaimAsync(NewsDbContext db, Resource resource, CancellationToken cancel)
    {
        var type = resource.Type.Name();
        var held = await db.ExternalIds.Where(e => e.Type == type && e.ResourceId == resource.Id).ToListAsync(cancel);
        db.ExternalIds.RemoveRange(held.Where(h => !resource.KnownElsewhereAs.Any(e => e.Source == h.Source && e.Value == h.Value)));
        for (var i = 0; i < resource.KnownElsewhereAs.Count; i++)
        {
            var entry = resource.KnownElsewhereAs[i];
            if (held.Exists(h => h.Source == entry.Source && h.Value == entry.Value)) continue;

            var other = db.ExternalIds.Local.FirstOrDefault(e => e.Type == type && e.Source == entry.Source && e.Value == entry.Value)
                ?? await db.ExternalIds.FirstOrDefaultAsync(e => e.Type == type && e.Source == entry.Source && e.Value == entry.Value, cancel);
            if (other is not null) return Taken(resource.Type, other.ResourceId, entry, i);

            db.ExternalIds.Add(new ExternalIdEntry { Type = type, Source = entry.Source, Value = entry.Value, ResourceId = resource.Id });
        }

        return null;
    }

    public static Problem Taken(ResourceType type, Guid owner, ExternalId entry, int place) => Problems.Conflict(
        "externalIdExists", $"The {type.Name()} {owner} has the external id {entry.Source} {entry.Value} already.", owner.ToString(), $"/externalIds/{place}");
}
