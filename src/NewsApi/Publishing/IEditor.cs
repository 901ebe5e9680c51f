using NewsApi.Http;
using NewsApi.Sections;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>What the editing of one resource type needs to know; the rest is the same for all.</summary>
internal interface IEditor<TResource, TInput>
    where TResource : Resource
    where TInput : class, IResourceInput
{
    ResourceType Type { get; }

    /// <summary>The resource with everything its input form is made of, ready to be changed.</summary>
    Task<TResource?> FindAsync(NewsDbContext db, Guid id, CancellationToken cancel);

    TInput ToInput(TResource resource);

    /// <summary>After a merge patch: members that say the same thing follow the one that was changed.</summary>
    TInput Settle(TInput before, TInput merged) => merged;

    /// <summary>A new resource, or the changed old one. Resolves links; one that leads nowhere is a 422 that names it.</summary>
    Task<Outcome<TResource>> ApplyAsync(NewsDbContext db, Guid id, TResource? existing, TInput input, CancellationToken cancel);

    /// <summary>Why the resource cannot be changed as it is; nothing where it can.</summary>
    Task<Problem?> RefuseChangeAsync(NewsDbContext db, TResource existing, CancellationToken cancel) => Task.FromResult<Problem?>(null);

    /// <summary>Why it cannot be deleted, beside the links of others.</summary>
    Task<Problem?> RefuseDeleteAsync(NewsDbContext db, TResource existing, CancellationToken cancel) => Task.FromResult<Problem?>(null);

    /// <summary>What a slug is made from.</summary>
    string TitleOf(TInput input);

    /// <summary>Where the input names people and events.</summary>
    IEnumerable<LinkPlace> Links(TInput input);

    /// <summary>The section the input names, where there are such.</summary>
    string? SectionOf(TInput input) => null;

    /// <summary>Lays the input over the resource, once its slug is claimed and it is known what its links lead to, in their order.</summary>
    Outcome<TResource> Apply(Guid id, TResource? existing, TInput input, string slug, IReadOnlyList<Guid> links);

    /// <summary>What licences go by; absent where they are not about this type.</summary>
    ArticleScope? ScopeOf(TInput input) => null;

    /// <summary>What a caller needs to change or delete this beside the scope of the route.</summary>
    string? ScopeToChange(TResource existing, bool keepAsDraft) => null;

    /// <summary>Decides what of the newest version the public sees, after a write.</summary>
    void Publish(TResource resource, bool keepAsDraft);

    /// <summary>An earlier version as it is to be written over the resource: who may see it stays as it is, its slug where that is asked for.</summary>
    TInput Restore(TInput version, TResource existing, bool keepSlug);

    /// <summary>Makes a new resource public, in a section that is, unless it is for the newsroom alone.</summary>
    void PublishNew(TResource resource, DateTimeOffset? at, Section? section) => Publish(resource, keepAsDraft: false);
}
