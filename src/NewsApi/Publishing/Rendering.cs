using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.EntityFrameworkCore;
using NewsApi.Articles;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Search;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>What a document says beside its content. Never anything that changes without a write.</summary>
internal sealed record ResourceState
{
    public required Guid Id { get; init; }
    public required int Version { get; init; }
    public string? Status { get; init; }
    public DateTimeOffset? PublishedAt { get; init; }
    public DateTimeOffset? PublishAt { get; init; }
    public DateTimeOffset? EmbargoedUntil { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Of a working version: the one the public sees.</summary>
    public int? PublicVersion { get; init; }
    public IReadOnlyList<Correction> Corrections { get; init; } = [];
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When this version was saved.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A value a list can be narrowed by. A link to something not public has the name <c>person?</c>, which no query can ask for.</summary>
internal sealed record FilterValue(string Filter, string Value)
{
    public const string Person = "person";
    public const string Event = "event";
    public const string Section = "section";
    public const string Tag = "tag";
    public const string Topic = "topic";
    public const string Place = "place";
    public const string Source = "source";
    public const string Language = "language";
    public const string Genre = "genre";

    /// <summary>All sources of an article as one value, by which licences are kept: see <see cref="SourceSets"/>. No list can be asked for it.</summary>
    public const string Sources = "sources";

    /// <summary>Of articles that carry a correction, value <c>true</c>.</summary>
    public const string Corrected = "corrected";
    public const string Country = "country";
    public const string Office = "office";
    public const string ExternalId = "externalId";
    public const string Certainty = "certainty";
    public const string PartOf = "partOf";

    // By these people are found; no list can be asked for them.

    /// <summary>A key of a name on record, or of its family name alone.</summary>
    public const string Name = "name";

    /// <summary>A name as it is typed: from each of its words on, and the family name first.</summary>
    public const string NamePrefix = "namePrefix";

    /// <summary>What near misses of the family name share.</summary>
    public const string NameLoose = "nameLoose";

    /// <summary>Whether a full-text search can be narrowed by it too; what only leads to names of people cannot.</summary>
    [JsonIgnore]
    public bool IsSearched => !IsUnresolved && Filter is not (Name or NamePrefix or NameLoose or Span);

    /// <summary>About how long an event may last, one row for each: see <see cref="Publishing.Span"/>.</summary>
    public const string Span = "span";

    /// <summary>The link leads to something this audience cannot see.</summary>
    [JsonIgnore]
    public bool IsUnresolved => Filter.EndsWith('?');

    public static string Unresolved(string filter) => filter + "?";

    public static FilterValue Link(string filter, ResourceType type, string id, References references) =>
        new(references.Has(type, id) ? filter : Unresolved(filter), id);

    /// <summary>Which documents show a reference to a resource of this type, and by which filter they are found.</summary>
    public static IReadOnlyList<(ResourceType Type, string Filter)> ThatShow(ResourceType type) => type switch
    {
        ResourceType.Person => [(ResourceType.Article, Person), (ResourceType.Event, Person)],
        ResourceType.Event => [(ResourceType.Article, Event), (ResourceType.Event, PartOf)],
        ResourceType.Section => [(ResourceType.Article, Section)],
        _ => [],
    };
}

/// <summary>The references a document may show: those of its links that the same audience can see.</summary>
internal sealed class References(IReadOnlyDictionary<ResourceKey, Reference> visible)
{
    /// <summary>Of a person: the names of those who were merged into them.</summary>
    public IReadOnlyList<MergedNames> AlsoKnownAs { get; init; } = [];

    public bool Has(ResourceType type, string id) => visible.ContainsKey(new ResourceKey(type, id));

    public T? Find<T>(ResourceType type, string id)
        where T : class => visible.GetValueOrDefault(new ResourceKey(type, id))?.Read<T>();
}

/// <summary>What documents show of a resource: JSON, read once however many of them show it.</summary>
internal sealed class Reference(byte[] json)
{
    private object? _read;

    public T Read<T>()
        where T : class => (T)(_read ??= JsonSerializer.Deserialize(json, (JsonTypeInfo<T>)WireJson.Default.GetTypeInfo(typeof(T))!)!);
}

/// <summary>A resource as it is stored for readers.</summary>
internal sealed record Rendering
{
    public required string Slug { get; init; }

    /// <summary>The list order, as text that sorts by its bytes.</summary>
    public required string SortKey { get; init; }

    /// <summary>The last instant of what is a span of time.</summary>
    public string? Until { get; init; }
    public required byte[] Document { get; init; }
    public required byte[] Card { get; init; }

    /// <summary>What other documents show when they name this one.</summary>
    public required byte[] Reference { get; init; }
    public IReadOnlyList<FilterValue> Filters { get; init; } = [];

    /// <summary>When this version was saved.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The notice that came with this version; every entry of the feed that tells of it carries it.</summary>
    public Correction? Notice { get; init; }

    /// <summary>What it is found by; absent where it is not searched. Made only where it is needed, because it takes longer than the document.</summary>
    public Func<IndexContent>? Index { get; init; }
}

/// <summary>From the editing side to the public one, without knowing the type. One implementation per resource.</summary>
internal interface IRenderer
{
    ResourceType Type { get; }

    /// <summary>The input form of the newest version, as JSON: what a revision keeps and what two versions are compared by.</summary>
    byte[] Form(Resource resource);

    ResourceState State(Resource resource);

    /// <summary>One version, read and waiting for the references it may show.</summary>
    Unrendered Read(StoredForm stored);

    /// <summary>The newest version of a resource that is at hand: the same as its form read back, with no need to.</summary>
    (byte[] Form, Unrendered Unrendered) Read(Resource resource);

    /// <summary>The stored forms of the public or of the newest versions.</summary>
    Task<List<StoredForm>> LoadAsync(NewsDbContext db, IReadOnlyList<Guid> ids, bool working, CancellationToken cancel);

    /// <summary>The stored form of any version of a resource that is there; nothing where there is none.</summary>
    Task<StoredForm?> LoadAsync(NewsDbContext db, Guid id, int version, CancellationToken cancel);

    /// <summary>A version that was public, as it may be shown today; nothing where the resource is gone.</summary>
    Task<StoredForm?> LoadPastAsync(NewsDbContext db, Guid id, int version, CancellationToken cancel);
}

internal sealed record StoredForm(byte[] Form, ResourceState State);

/// <summary>What a version links to, and how it is rendered once it is known which of that may be shown.</summary>
internal sealed record Unrendered(IReadOnlyList<ResourceKey> Links, Func<References, Rendering> Render);

internal abstract class Renderer<TResource, TInput> : IRenderer
    where TResource : Resource
    where TInput : class
{
    private static readonly JsonTypeInfo<TInput> Json = RevisionForms.TypeInfo<TInput>();

    public abstract ResourceType Type { get; }

    public byte[] Form(Resource resource) => JsonSerializer.SerializeToUtf8Bytes(ToInput((TResource)resource), Json);

    public ResourceState State(Resource resource) => State((TResource)resource, resource.Version, resource.UpdatedAt);

    public Unrendered Read(StoredForm stored) => Read(JsonSerializer.Deserialize(stored.Form, Json)!, stored.State);

    public (byte[] Form, Unrendered Unrendered) Read(Resource resource)
    {
        var input = ToInput((TResource)resource);
        return (JsonSerializer.SerializeToUtf8Bytes(input, Json), Read(input, State(resource)));
    }

    private Unrendered Read(TInput input, ResourceState state) =>
        new([.. Links(input).Distinct()], references => Render(input, state, references));

    public async Task<List<StoredForm>> LoadAsync(NewsDbContext db, IReadOnlyList<Guid> ids, bool working, CancellationToken cancel)
    {
        var type = Type.Name();
        var rows = await db.Set<TResource>().AsNoTracking()
            .Where(r => ids.Contains(r.Id))
            .Join(db.Revisions.Where(v => v.Type == type), r => r.Id, v => v.ResourceId, (r, v) => new { Resource = r, Revision = v })
            .Where(x => x.Revision.Version == (working ? x.Resource.Version : x.Resource.PublicVersion))
            .ToListAsync(cancel);
        return
        [
            .. rows.Select(x => new StoredForm(
                RevisionForms.Read(type, x.Revision.Schema, x.Revision.Content), State(x.Resource, x.Revision.Version, x.Revision.SavedAt))),
        ];
    }

    public async Task<StoredForm?> LoadAsync(NewsDbContext db, Guid id, int version, CancellationToken cancel)
    {
        var type = Type.Name();
        var resource = await db.Set<TResource>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancel);
        var revision = await db.Revisions.AsNoTracking().FirstOrDefaultAsync(v => v.Type == type && v.ResourceId == id && v.Version == version, cancel);
        return resource is null || revision is null
            ? null
            : new StoredForm(RevisionForms.Read(type, revision.Schema, revision.Content), State(resource, version, revision.SavedAt));
    }

    public async Task<StoredForm?> LoadPastAsync(NewsDbContext db, Guid id, int version, CancellationToken cancel)
    {
        if (await db.Set<TResource>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancel) is not { } resource) return null;

        var (type, standing) = (Type.Name(), StandingVersion(resource, version));
        var revision = await db.Revisions.AsNoTracking().FirstOrDefaultAsync(r => r.Type == type && r.ResourceId == id && r.Version == standing, cancel);
        return revision is null ? null : new StoredForm(RevisionForms.Read(type, revision.Schema, revision.Content), PastState(resource, standing, revision.SavedAt));
    }

    /// <summary>Which version is shown where this one was public once.</summary>
    protected virtual int StandingVersion(TResource resource, int version) => version;

    /// <summary>The state of a version while it was public.</summary>
    protected virtual ResourceState PastState(TResource resource, int version, DateTimeOffset savedAt) => State(resource, version, savedAt);

    protected abstract TInput ToInput(TResource resource);

    protected abstract ResourceState State(TResource resource, int version, DateTimeOffset savedAt);

    protected abstract IEnumerable<ResourceKey> Links(TInput form);

    protected abstract Rendering Render(TInput form, ResourceState state, References references);

    protected static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, (JsonTypeInfo<T>)WireJson.Default.GetTypeInfo(typeof(T))!);
}

/// <summary>Sort keys for names: German dictionary order, as text that sorts by its bytes on every database.</summary>
internal static class GermanOrder
{
    private static readonly CompareInfo German = CultureInfo.GetCultureInfo("de-DE").CompareInfo;

    /// <summary>Two names that differ only behind this have no order; a key of an index has its limit on PostgreSQL.</summary>
    private const int Limit = 500;

    public static string Key(string name)
    {
        var key = German.GetSortKey(name, CompareOptions.IgnoreCase | CompareOptions.IgnoreKanaType).KeyData;
        return Convert.ToHexStringLower(key.AsSpan(0, Math.Min(key.Length, Limit)));
    }
}
