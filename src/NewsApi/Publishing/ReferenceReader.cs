using NewsApi.People;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>What documents show of what they link to.</summary>
internal sealed class ReferenceReader(NewsDbContext db, StoredCommands commands, PublishedTables published, PublishedTables preview)
{
    /// <summary>
    /// What a new document shows must not change before others can find that it shows it. Documents that are rendered again are
    /// found already.
    /// </summary>
    public async Task HoldAsync(IReadOnlyList<ResourceKey> links, CancellationToken cancel)
    {
        foreach (var ofType in links.GroupBy(l => l.Type))
        {
            if (ofType.Key == ResourceType.Person) await MergedPeople.HoldToShowAsync(db, commands, [.. ofType.Select(l => l.Id)], cancel);
            else if (ofType.Key != ResourceType.Section) await db.HoldAsync(ofType.Key, [.. ofType.Select(l => Guid.Parse(l.Id))], Hold.ToShow, cancel);
            else foreach (var section in ofType) await db.HoldSectionAsync(section.Id, Hold.ToShow, cancel);
        }
    }

    /// <summary>A public document shows what is public; a working one shows working versions where there are any.</summary>
    public async Task<References> FindAsync(PublishedTables tables, ResourceKey key, IReadOnlyList<ResourceKey> links, CancellationToken cancel)
    {
        var found = new Dictionary<ResourceKey, Reference>();
        foreach (var link in links)
        {
            if (await FindAsync(tables, link, cancel) is { } reference) found.Add(link, new Reference(reference));
        }

        return new References(found) { AlsoKnownAs = key.Type == ResourceType.Person ? [.. (await MergedPeople.NamesAsync(commands, [key.Id], cancel))[key.Id]] : [] };
    }

    /// <summary>What is shown of a link; of somebody who was merged, what is shown of the survivor.</summary>
    public async Task<byte[]?> FindAsync(PublishedTables tables, ResourceKey link, CancellationToken cancel)
    {
        var reference = (tables == preview ? await preview.ReferenceAsync(link, cancel) : null) ?? await published.ReferenceAsync(link, cancel);
        if (reference is not null || link.Type != ResourceType.Person || await MergedPeople.SurvivorAsync(commands, link.Id, cancel) is not { } survivor) return reference;

        return await FindAsync(tables, link with { Id = survivor }, cancel);
    }

    /// <summary>The ids by which documents link to what is shown: its own, and those of people who were merged into it.</summary>
    public async Task<IEnumerable<string>> LinkedAsAsync(ResourceKey target, CancellationToken cancel)
    {
        if (target.Type != ResourceType.Person || await MergedPeople.SurvivorAsync(commands, target.Id, cancel) is not null) return [target.Id];

        return (await MergedPeople.GroupsAsync(commands, [target.Id], cancel)).Of(target.Id);
    }
}
