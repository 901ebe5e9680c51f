using System.ComponentModel.DataAnnotations.Schema;
using NewsApi.Articles;
using NewsApi.Events;
using NewsApi.People;
using NewsApi.Sections;

namespace NewsApi.Publishing;

/// <summary>What is published: the kinds of resource that have an identity, versions and a slug.</summary>
public enum ResourceType
{
    Article,
    Person,
    Event,
    Section,
}

internal static class ResourceTypes
{
    /// <summary>The name on the wire and in the tables: <c>article</c>.</summary>
    public static string Name(this ResourceType type) => type switch
    {
        ResourceType.Article => "article",
        ResourceType.Person => "person",
        ResourceType.Event => "event",
        _ => "section",
    };

    /// <summary>The route segment: <c>articles</c>.</summary>
    public static string Plural(this ResourceType type) => type switch
    {
        ResourceType.Article => "articles",
        ResourceType.Person => "people",
        ResourceType.Event => "events",
        _ => "sections",
    };

    /// <summary>Of which type the resources of a class are.</summary>
    public static ResourceType Of<TResource>()
        where TResource : Resource =>
        typeof(TResource) == typeof(Article) ? ResourceType.Article
        : typeof(TResource) == typeof(Person) ? ResourceType.Person
        : typeof(TResource) == typeof(NewsEvent) ? ResourceType.Event
        : typeof(TResource) == typeof(Section) ? ResourceType.Section
        : throw new NotSupportedException($"{typeof(TResource)} is of no type of resource.");

    public static ResourceType Parse(string name) => name switch
    {
        "article" => ResourceType.Article,
        "person" => ResourceType.Person,
        "event" => ResourceType.Event,
        "section" => ResourceType.Section,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a resource type."),
    };

    /// <summary>Sections are published with the articles that stand in them; only these three have entries in the change feed.</summary>
    public static bool IsInFeed(this ResourceType type) => type != ResourceType.Section;
}

internal readonly record struct ResourceKey(ResourceType Type, string Id)
{
    /// <summary>The key a CDN purges by.</summary>
    public string SurrogateKey => $"{Type.Name()}-{Id}";
}

/// <summary>
/// What every editable resource has. <see cref="Version"/> counts changes of content; <see cref="PublicVersion"/> is the
/// version the public sees now, absent where it sees none. Both are set when it is saved, and <see cref="Withdraw"/> takes the second away.
/// </summary>
public abstract class Resource
{
    public const int SlugLimit = 100;

    public Guid Id { get; init; }
    public int Version { get; set; }
    public int? PublicVersion { get; set; }
    public string Slug { get; set; } = "";
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }

    public abstract ResourceType Type { get; }

    /// <summary>Other systems' names for the same thing; unique per type.</summary>
    [NotMapped]
    public virtual IReadOnlyList<ExternalId> KnownElsewhereAs => [];

    /// <summary>How documents, filters and references name it: the id, for sections the slug.</summary>
    public virtual string PublishedId => Id.ToString();

    /// <summary>Made by the write that is under way.</summary>
    [NotMapped]
    public bool IsNew { get; set; }

    /// <summary>Asks the Publisher to make the newest version public in this transaction.</summary>
    [NotMapped]
    public bool PublishNewest { get; set; }

    /// <summary>Why this write changes what the public sees, one of <see cref="ChangeReasons"/>; absent where it is a plain one.</summary>
    [NotMapped]
    public string? Cause { get; set; }

    /// <summary>Asks for a new version although the input form is the same: what it says beside its form has changed.</summary>
    [NotMapped]
    public bool NeedsVersion { get; set; }

    /// <summary>Why this version was made, in the words of whoever made it. For the newsroom alone.</summary>
    [NotMapped]
    public string? Note { get; set; }

    /// <summary>What the audit calls this write, where neither <see cref="Cause"/> nor the versions say it.</summary>
    [NotMapped]
    public string? Action { get; set; }

    /// <summary>Called once it is known which version is the newest, before anything is saved.</summary>
    internal virtual void Settle()
    {
    }

    /// <summary>Takes it from the public; the working version stays.</summary>
    public void Withdraw()
    {
        PublishNewest = false;
        PublicVersion = null;
    }

    internal ResourceKey Key => new(Type, PublishedId);
}

/// <summary>An identifier of the same thing in another system, such as an agency's item id or a Wikidata Q-id.</summary>
public sealed record ExternalId
{
    public const int SourceLimit = 50;
    public const int ValueLimit = 500;

    /// <summary>The system: <c>wikidata</c>, <c>apa</c>, <c>dpa</c>, …</summary>
    public required string Source { get; init; }

    /// <summary>The identifier in that system.</summary>
    public required string Value { get; init; }
}
