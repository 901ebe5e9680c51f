using Microsoft.EntityFrameworkCore;
using NewsApi.Storage;

namespace NewsApi.Sections;

internal static class SectionEditor
{
    /// <summary>The section, held until the write is over.</summary>
    public static async Task<Section?> FindToChangeAsync(NewsDbContext db, string slug, CancellationToken cancel)
    {
        await db.HoldSectionAsync(slug, Hold.ToChange, cancel);
        return await FindAsync(db, slug, cancel);
    }

    /// <summary>Articles and imports create the sections they name. Such a section is public with its first public article.</summary>
    public static async Task<Section> FindOrAddAsync(NewsDbContext db, string slug, string? name, CancellationToken cancel)
    {
        var section = db.Sections.Local.FirstOrDefault(s => s.Slug == slug) ?? await FindAsync(db, slug, cancel);
        if (section is not null) return section;

        section = new Section { Id = Guid.CreateVersion7(), Slug = slug, Name = name ?? Named(slug) };
        db.Add(section);
        return section;
    }

    private static Task<Section?> FindAsync(NewsDbContext db, string slug, CancellationToken cancel) =>
        db.Sections.FirstOrDefaultAsync(s => s.Slug == slug, cancel);

    /// <summary>suedtirol-aktuell → Suedtirol Aktuell, until somebody gives it its name.</summary>
    private static string Named(string slug) =>
        string.Join(' ', slug.Split('-').Select(word => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
