using System.Globalization;
using System.Text;
using AnyAscii;
using Microsoft.EntityFrameworkCore;
using NewsApi.Http;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>Slugs: made from titles, unique per type, and kept once the public has seen them, until their resource is erased.</summary>
internal static class Slugs
{
    /// <summary>
    /// The slug to use: the one asked for (409 where another resource has it), the one it has, or one made from the title,
    /// with a number behind it where it is taken.
    /// </summary>
    public static async Task<Outcome<string>> ClaimAsync(
        NewsDbContext db, Resource? existing, ResourceType type, Guid id, string? wanted, string title, CancellationToken cancel)
    {
        var slug = wanted ?? existing?.Slug;
        if (slug is not null && slug == existing?.Slug) return slug;

        var name = type.Name();
        if (slug is not null)
        {
            var owner = await OwnerAsync(db, name, slug, cancel);
            if (owner is not null && owner != id)
                return Taken(type, slug, owner.Value);
        }
        else
        {
            slug = await FreeAsync(db, name, Make(title, name), id, cancel);
        }

        // What nobody could have seen is free again.
        var unseen = await db.Slugs.Where(s => s.Type == name && s.ResourceId == id && !s.WasPublic && s.Slug != slug).ToListAsync(cancel);
        db.Slugs.RemoveRange(unseen);
        if (unseen.Select(s => s.Slug).ToList() is { Count: > 0 } released)
            await db.Set<PublishedSlug>($"{PublishedTables.Preview}_slugs").Where(s => s.Type == name && released.Contains(s.Slug)).ExecuteDeleteAsync(cancel);

        // Between two statements another node may have been faster; the write that runs again finds out what it did.
        var holder = await OwnerAsync(db, name, slug, cancel);
        if (holder is not null && holder != id) throw new WriteConflictException();

        if (holder is null) db.Slugs.Add(new SlugEntry { Type = name, Slug = slug, ResourceId = id });
        return slug;
    }

    /// <summary>Whether the slug is this resource's, or nobody's.</summary>
    public static async Task<bool> MayHaveAsync(NewsDbContext db, ResourceType type, Guid id, string slug, CancellationToken cancel) =>
        await OwnerAsync(db, type.Name(), slug, cancel) is not { } owner || owner == id;

    /// <summary>"Größe über alles" → <c>groesse-ueber-alles</c>; other scripts are written in Latin letters.</summary>
    public static string Make(string title, string otherwise)
    {
        var german = title.Normalize(NormalizationForm.FormC).ToLowerInvariant()
            .Replace("ä", "ae", StringComparison.Ordinal).Replace("ö", "oe", StringComparison.Ordinal).Replace("ü", "ue", StringComparison.Ordinal)
            .Replace("ß", "ss", StringComparison.Ordinal);
        var slug = new StringBuilder();

        // AnyAscii has English words for emoji; a slug is none the better for them.
        var words = string.Concat(german.EnumerateRunes().Select(r => Rune.GetUnicodeCategory(r) == UnicodeCategory.OtherSymbol ? " " : r.ToString()));
        foreach (var c in words.Transliterate().ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c)) slug.Append(c);
            else if (c is '\'' or '"' or '`') continue;
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }

        var text = slug.ToString().Trim('-');
        if (text.Length > Limit) text = text[..(text.LastIndexOf('-', Limit) is var word and > Limit / 2 ? word : Limit)].Trim('-');
        return text.Length > 0 ? text : otherwise;
    }

    /// <summary>Room is left for a number.</summary>
    private const int Limit = Resource.SlugLimit - 10;

    /// <summary>A resource that was deleted and comes back may have its old slug again.</summary>
    private static async Task<string> FreeAsync(NewsDbContext db, string type, string slug, Guid id, CancellationToken cancel)
    {
        if (await OwnerAsync(db, type, slug, cancel) is not { } owner || owner == id) return slug;

        // Titles repeat ("Wetter heute"): one query finds every number in use.
        var taken = (await WithNumbers(db, type, slug).Where(s => s.ResourceId != id).Select(s => s.Slug).ToListAsync(cancel))
            .Concat(db.Slugs.Local.Where(s => s.Type == type && s.ResourceId != id).Select(s => s.Slug)).ToHashSet();
        return Numbered(slug, taken.Contains);
    }

    public static Problem Taken(ResourceType type, string slug, Guid owner) =>
        Problems.Conflict("slugExists", $"The slug '{slug}' leads to another {type.Name()}.", owner.ToString(), "/slug");

    /// <summary>The slug with the first number behind it that is not taken.</summary>
    public static string Numbered(string slug, Func<string, bool> isTaken)
    {
        var number = 2;
        while (isTaken($"{slug}-{number}")) number++;
        return $"{slug}-{number}";
    }

    /// <summary>The slugs that are this one with something behind it.</summary>
    public static IQueryable<SlugEntry> WithNumbers(NewsDbContext db, string type, string slug)
    {
        var prefix = slug + "-";
        var end = slug + ".";
        return db.Slugs.Where(s => s.Type == type && s.Slug.CompareTo(prefix) > 0 && s.Slug.CompareTo(end) < 0);
    }

    private static async Task<Guid?> OwnerAsync(NewsDbContext db, string type, string slug, CancellationToken cancel) =>
        (db.Slugs.Local.FirstOrDefault(s => s.Type == type && s.Slug == slug)
            ?? await db.Slugs.FirstOrDefaultAsync(s => s.Type == type && s.Slug == slug, cancel))?.ResourceId;
}
