using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NewsApi.Http;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>Finds what an input names by id or slug.</summary>
internal static class Links
{
    /// <summary>The id, or nothing where there is no such resource. A former slug will do.</summary>
    public static async Task<Guid?> FindAsync<TResource>(
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

    public static Problem Unknown(string pointer, ResourceType type, Guid? id, string? slug) => Problems.Invalid(
        id is null ? $"{pointer}/slug" : $"{pointer}/id", "unknownLink",
        id is null ? $"There is no {type.Name()} with the slug '{slug}'." : $"There is no {type.Name()} with the id {id}.");

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
            if (other is not null)
            {
                return Problems.Conflict("externalIdExists", $"The {type} {other.ResourceId} has the external id {entry.Source} {entry.Value} already.",
                    other.ResourceId.ToString(), $"/externalIds/{i}");
            }

            db.ExternalIds.Add(new ExternalIdEntry { Type = type, Source = entry.Source, Value = entry.Value, ResourceId = resource.Id });
        }

        return null;
    }
}
