using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Articles;

/// <summary>
/// One piece of a body. One flat shape serves every type; a type this version does not know is kept as it came.
/// </summary>
public sealed record Block
{
    public const int TypeLimit = 50;
    public const int TextLimit = 50_000;
    public const int ItemsLimit = 500;

    /// <summary><c>paragraph</c>, <c>crosshead</c>, <c>quote</c>, <c>list</c>, <c>image</c>, <c>table</c>, <c>embed</c> or a type of your own.</summary>
    public required string Type { get; init; }

    /// <summary>Plain text. Where <c>html</c> is given it is derived from it.</summary>
    public string? Text { get; init; }

    /// <summary>Inline markup (links, emphasis), sanitised when it comes in.</summary>
    public string? Html { get; init; }

    /// <summary>The entries of a list, plain text.</summary>
    public IReadOnlyList<string>? Items { get; init; }

    /// <summary>The picture of an image block.</summary>
    public Image? Image { get; init; }

    /// <summary>The rows of a table, each a list of cells in plain text.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Rows { get; init; }

    /// <summary>The address of what is embedded.</summary>
    public string? Url { get; init; }

    /// <summary>Who is quoted, or where the quotation stands.</summary>
    public string? Cite { get; init; }
}

/// <summary>An agency or medium named in the credit line, one entry each.</summary>
public sealed record Source
{
    public const int NameLimit = 100;

    /// <summary>The name as printed: <c>APA</c>, <c>Reuters</c>, <c>dpa</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it contributed: <c>agency</c>, <c>photo</c>, …</summary>
    public string? Role { get; init; }
}

/// <summary>A picture by reference.</summary>
public sealed record Image
{
    public const int UrlLimit = 2_000;
    public const int TextLimit = 2_000;

    /// <summary>Where the file is, https or http. Absent where only the credit is known.</summary>
    public string? Url { get; init; }

    /// <summary>What it shows, for those who cannot see it.</summary>
    public string? Alt { get; init; }

    /// <summary>The line printed below it.</summary>
    public string? Caption { get; init; }

    /// <summary>Agency and photographer.</summary>
    public string? Credit { get; init; }

    /// <summary>Pixels.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels.</summary>
    public int? Height { get; init; }

    /// <summary>The point that a crop must keep.</summary>
    public FocalPoint? FocalPoint { get; init; }
}

/// <summary>A point in a picture, as fractions of width and height from the upper left corner.</summary>
public sealed record FocalPoint
{
    /// <summary>0 is the left edge, 1 the right one.</summary>
    public required double X { get; init; }

    /// <summary>0 is the upper edge, 1 the lower one.</summary>
    public required double Y { get; init; }
}

/// <summary>An organisation the article names.</summary>
public sealed record Organisation
{
    public const int NameLimit = 300;

    public required string Name { get; init; }
    public IReadOnlyList<ExternalId> ExternalIds { get; set; } = [];
}

/// <summary>A place the article or event names.</summary>
public sealed record Place
{
    public const int NameLimit = 300;

    public required string Name { get; init; }

    /// <summary>ISO 3166-1 alpha-2, upper case.</summary>
    public string? Country { get; init; }

    /// <summary>Degrees north, WGS 84.</summary>
    public double? Latitude { get; init; }

    /// <summary>Degrees east, WGS 84.</summary>
    public double? Longitude { get; init; }
    public IReadOnlyList<ExternalId> ExternalIds { get; set; } = [];
}

/// <summary>Names a section; one that does not exist yet is created.</summary>
[ServerOwned("name")]
public sealed record SectionLink
{
    /// <summary>The section's slug: <c>politik</c>.</summary>
    public required string Slug { get; init; }
}

/// <summary>Names a person who exists, by id or by slug, and says what part they play.</summary>
[ServerOwned("name")]
public sealed record PersonLink
{
    public Guid? Id { get; init; }

    /// <summary>Used where no id is given.</summary>
    public string? Slug { get; init; }

    /// <summary><c>about</c>, <c>mentioned</c> (default), <c>quoted</c> or <c>author</c>.</summary>
    public string? Relation { get; init; }

    /// <summary>The office as this article prints it, such as "ukrainischer Präsident".</summary>
    public string? Office { get; init; }
}

/// <summary>Names an event that exists, by id or by slug.</summary>
[ServerOwned("title", "start", "certainty")]
public sealed record EventLink
{
    public Guid? Id { get; init; }

    /// <summary>Used where no id is given.</summary>
    public string? Slug { get; init; }
}
