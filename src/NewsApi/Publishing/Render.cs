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

    /// <summary>The notice that came with this version, as JSON.</summary>
    public string? Correction { get; set; }

    /// <summary>What licences go by, see <see cref="Change.Scope"/>.</summary>
    public string? Scope { get; set; }
    public string? PreviousScope { get; init; }
    public string? TeaserHash { get; set; }
    public string? MetadataHash { get; set; }

    /// <summary>Absent where the row was removed.</summary>
    public string? ContentHash { get; set; }
    public byte[]? Document { get; set; }

    /// <summary>Who stands in the place of somebody who was removed because of a merge.</summary>
    public string? MergedInto { get; init; }
    public long Position { get; set; }

    public bool IsPublic => Tables.Set == PublishedTables.Public;

    /// <summary>Whether partners hear of it.</summary>
    public bool IsInFeed => IsPublic && Key.Type.IsInFeed();

    /// <summary>Which count gives its position.</summary>
    public string Head => IsInFeed ? Publishing.Head.Public : IsPublic ? Publishing.Head.Sections : Publishing.Head.Preview;
}
