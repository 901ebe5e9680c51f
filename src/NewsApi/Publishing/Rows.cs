using System.Security.Cryptography;

namespace NewsApi.Publishing;

// The tables that are written with the resources, by the Publisher or in bulk. The six Published… shapes exist twice, as public_* and
// preview_*: the first holds what the public sees, the second the working versions of what it does not see (yet).

/// <summary>One resource as it is served: the rendered bytes and what a reader needs to answer with them.</summary>
internal sealed class PublishedDocument
{
    public required string Type { get; init; }
    public required string Id { get; init; }
    public required string Slug { get; init; }
    public required int Version { get; init; }

    /// <summary>Place in the change feed, in the preview set place in the count of working renders.</summary>
    public required long Position { get; init; }

    /// <summary>When these bytes came to be, in milliseconds since 1970.</summary>
    public required long ModifiedAt { get; init; }
    public required string SortKey { get; init; }

    /// <summary>SHA-256 over the RFC 8785 form of <see cref="Document"/>, in lower-case hex.</summary>
    public required string ContentHash { get; init; }

    /// <summary>What other documents show when they name this one, as JSON.</summary>
    public required byte[] Reference { get; init; }

    /// <summary>Its filter rows once more, so that a later render removes exactly those that are gone.</summary>
    public required byte[] Filters { get; init; }

    /// <summary>The full view, UTF-8 JSON.</summary>
    public required byte[] Document { get; init; }
}

/// <summary>The summary view, clustered in list order.</summary>
internal sealed class PublishedCard
{
    public required string Type { get; init; }
    public required string SortKey { get; init; }
    public required string Id { get; init; }

    /// <summary>Where the resource is a span of time: its last instant, as sortable text.</summary>
    public string? Until { get; init; }
    public required byte[] Card { get; init; }
}

/// <summary>"This article has this person": one narrow row per filter value, carrying the list order.</summary>
internal sealed class PublishedFilter
{
    public required string Type { get; init; }
    public required string Filter { get; init; }
    public required string Value { get; init; }
    public required string SortKey { get; init; }
    public required string Id { get; init; }
}

/// <summary>One line of the search index: whose it is, and what its matches are ranked and counted by.</summary>
internal sealed class PublishedEntry
{
    /// <summary>See <see cref="Search.EntryNumbers"/>.</summary>
    public required long Number { get; init; }
    public required string Type { get; init; }
    public required string SortKey { get; init; }
    public required string Id { get; init; }

    /// <summary>When this version was saved, in milliseconds since 1970.</summary>
    public required long UpdatedAt { get; init; }

    /// <summary>Changes with what the index holds of it.</summary>
    public required long Hash { get; init; }

    /// <summary>See <see cref="Search.FacetValues"/>.</summary>
    public required byte[] Facets { get; init; }

    /// <summary>See <see cref="Search.TermWeights"/>.</summary>
    public required byte[] Terms { get; init; }
}

/// <summary>The tokens by which an entry is found, as the database keeps them.</summary>
internal sealed class PublishedSearch
{
    public required long Number { get; init; }
    public required string Tokens { get; init; }
}

/// <summary>Every slug under which a resource was ever public.</summary>
internal sealed class PublishedSlug
{
    public required string Type { get; init; }
    public required string Slug { get; init; }
    public required string Id { get; init; }
}

/// <summary>One entry of the change feed. Positions have no gaps and grow in commit order.</summary>
internal sealed class Change
{
    public required long Position { get; init; }
    public required string Type { get; init; }
    public required string Id { get; init; }

    /// <summary><c>upsert</c> or <c>remove</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>One of <see cref="ChangeReasons"/>.</summary>
    public required string Reason { get; init; }
    public required int Version { get; init; }
    public int? PreviousVersion { get; init; }
    public required long ChangedAt { get; init; }
    public required string Slug { get; init; }

    /// <summary>As JSON, those of the public document; of a removed one those it had.</summary>
    public required string ExternalIds { get; init; }
    public string? ContentHash { get; init; }

    /// <summary>The notice that came with it, as JSON.</summary>
    public string? Correction { get; init; }

    /// <summary>Of somebody who was merged: the id of who stands in their place.</summary>
    public string? MergedInto { get; init; }

    /// <summary>Of an article: what licences go by from here on, see <see cref="ArticleScope"/>. Entries older than the column have none.</summary>
    public string? Scope { get; init; }

    /// <summary>What they went by before.</summary>
    public string? PreviousScope { get; init; }

    /// <summary>Of an article: the hash of what is shown of it without its text.</summary>
    public string? TeaserHash { get; init; }

    /// <summary>The hash of what is shown of it without text and teaser.</summary>
    public string? MetadataHash { get; init; }
}

/// <summary>What the public came to see of a resource, and when: one row wherever its version or its visibility changed.</summary>
internal sealed class SeenVersion
{
    public required string Type { get; init; }
    public required string Id { get; init; }

    /// <summary>That of the entry in the change feed.</summary>
    public required long Position { get; init; }

    /// <summary>In milliseconds since 1970.</summary>
    public required long At { get; init; }

    /// <summary>Absent where it was removed.</summary>
    public int? Version { get; init; }

    /// <summary>Nothing where the entry tells of another rendering of what was seen before.</summary>
    public static SeenVersion? Of(Change change) => change.Operation == "upsert" && change.PreviousVersion == change.Version ? null : new SeenVersion
    {
        Type = change.Type,
        Id = change.Id,
        Position = change.Position,
        At = change.ChangedAt,
        Version = change.Operation == "upsert" ? change.Version : null,
    };
}

/// <summary>The feed as a whole; one row.</summary>
internal sealed class Feed
{
    public required int Id { get; init; }

    /// <summary>
    /// Sixteen random hex digits, made with the table and part of every cursor. Positions mean something within one epoch only: whatever
    /// sets the database back, or puts another in its place, gives it a new one.
    /// </summary>
    public required string Epoch { get; init; }

    /// <summary>Up to this position only the newest entry of what is public is kept.</summary>
    public long CutTo { get; set; }

    /// <summary>How often the feed has been cut.</summary>
    public int Cuts { get; set; }

    public static string NewEpoch() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}

internal static class ChangeReasons
{
    public const string Published = "published";

    /// <summary>A schedule was due.</summary>
    public const string WentLive = "wentLive";
    public const string EmbargoEnded = "embargoEnded";
    public const string Updated = "updated";
    public const string Corrected = "corrected";
    public const string Retracted = "retracted";
    public const string Withdrawn = "withdrawn";
    public const string Expired = "expired";
    public const string Merged = "merged";
    public const string Unmerged = "unmerged";
    public const string ReferenceChanged = "referenceChanged";
    public const string Deleted = "deleted";
    public const string Erased = "erased";
}

/// <summary>
/// The newest position: <c>public</c> counts the change feed, <c>sections</c> and <c>preview</c> the renders that are not in it,
/// <c>access</c> the changes of keys.
/// </summary>
internal sealed class Head
{
    public const string Public = "public";
    public const string Sections = "sections";
    public const string Preview = "preview";
    public const string Access = "access";

    /// <summary>In the order in which they are taken, which is the same in every transaction, so that no two wait for each other.</summary>
    public static readonly string[] All = [Access, Preview, Sections, Public];

    public required string Name { get; init; }
    public required long Position { get; init; }
}

/// <summary>
/// A walk over the documents that name something that changed and have still to be rendered again, newest first;
/// it stands after (<see cref="AfterSortKey"/>, <see cref="AfterId"/>) and survives a restart.
/// </summary>
internal sealed class PendingRender
{
    public long Id { get; init; }

    /// <summary>In the place of a filter: all documents of the type, because the rows beside them have become others.</summary>
    public const string All = "*";

    /// <summary><c>public</c> or <c>preview</c>.</summary>
    public required string TableSet { get; init; }
    public required string Type { get; init; }
    public required string Filter { get; init; }
    public required string Value { get; init; }
    public required string AfterSortKey { get; init; }
    public required string AfterId { get; init; }
}

/// <summary>Every version ever saved: the input form as compressed JSON.</summary>
internal sealed class Revision
{
    /// <summary>Number of the input form's shape; raised when an old form can no longer be read as it is, together with a step in <see cref="RevisionForms"/>.</summary>
    public const int CurrentSchema = 2;

    public required string Type { get; init; }
    public required Guid ResourceId { get; init; }
    public required int Version { get; init; }
    public required int Schema { get; init; }
    public required DateTimeOffset SavedAt { get; init; }
    public required string SavedBy { get; init; }

    /// <summary>Why, in the words of whoever saved it.</summary>
    public string? Note { get; init; }
    public required byte[] Content { get; init; }

    /// <summary>The newest version of a resource.</summary>
    public static Revision Of(Resource resource, byte[] form, DateTimeOffset at, string savedBy) => new()
    {
        Type = resource.Type.Name(),
        ResourceId = resource.Id,
        Version = resource.Version,
        Schema = CurrentSchema,
        SavedAt = at,
        SavedBy = savedBy,
        Note = resource.Note,
        Content = Revisions.Pack(form),
    };
}

/// <summary>What is left of a removed resource: its last version, so that the number is never used again.</summary>
internal sealed class Tombstone
{
    public required string Type { get; init; }
    public required Guid ResourceId { get; init; }
    public required int Version { get; set; }
    public required DateTimeOffset DeletedAt { get; set; }
}

/// <summary>A slug in use, now or formerly. Slugs that were never public are released, the others stay taken until their resource is erased.</summary>
internal sealed class SlugEntry
{
    public required string Type { get; init; }
    public required string Slug { get; init; }
    public required Guid ResourceId { get; init; }
    public bool WasPublic { get; set; }
}

/// <summary>Keeps external ids unique per type.</summary>
internal sealed class ExternalIdEntry
{
    public required string Type { get; init; }
    public required string Source { get; init; }
    public required string Value { get; init; }
    public required Guid ResourceId { get; init; }
}
