using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using NewsApi.Access;
using NewsApi.Articles;
using NewsApi.Events;
using NewsApi.Http;
using NewsApi.Import;
using NewsApi.People;
using NewsApi.Publishing;
using NewsApi.Sections;
using NewsApi.Subscriptions;

namespace NewsApi.Storage;

/// <summary>
/// The newsroom's truth, drafts included, and the tables the Publisher writes. What differs between databases is in the
/// sealed contexts; nobody outside this folder knows which one runs.
/// </summary>
internal abstract class NewsDbContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<Article> Articles => Set<Article>();
    public DbSet<Person> People => Set<Person>();
    public DbSet<NewsEvent> Events => Set<NewsEvent>();
    public DbSet<Section> Sections => Set<Section>();
    public DbSet<MergedPerson> MergedPeople => Set<MergedPerson>();
    public DbSet<Revision> Revisions => Set<Revision>();
    public DbSet<Tombstone> Tombstones => Set<Tombstone>();
    public DbSet<SlugEntry> Slugs => Set<SlugEntry>();
    public DbSet<ExternalIdEntry> ExternalIds => Set<ExternalIdEntry>();
    public DbSet<ImportedItem> Imports => Set<ImportedItem>();
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<ServerSecrets> Secrets => Set<ServerSecrets>();
    public DbSet<Subscription> Subscriptions => Set<Subscription>();
    public DbSet<Delivery> Deliveries => Set<Delivery>();

    // Written by the Publisher with plain commands; here so that migrations make them.
    public DbSet<Change> Changes => Set<Change>();
    public DbSet<SeenVersion> SeenVersions => Set<SeenVersion>();
    public DbSet<Feed> Feeds => Set<Feed>();
    public DbSet<Head> Heads => Set<Head>();
    public DbSet<PendingRender> PendingRenders => Set<PendingRender>();
    public DbSet<KeptAnswer> KeptAnswers => Set<KeptAnswer>();

    /// <summary>What of this write is to be erased, which is more than to be removed.</summary>
    public List<ResourceKey> Erased { get; } = [];

    /// <summary>Whether this write makes lists old without changing a document.</summary>
    public bool ChangedLists { get; set; }

    /// <summary>
    /// Keeps resources as they are until the transaction ends: nobody else changes them, nor, unless the hold is shared, reads them
    /// in order to show them. To be called before they are read; waits for others who hold them.
    /// </summary>
    public Task HoldAsync(ResourceType type, IReadOnlyCollection<Guid> ids, Hold hold, CancellationToken cancel) =>
        LockRowsAsync(type.Plural(), "id", ids.ToArray(), hold, cancel);

    /// <summary>The same for a section, whose slug is its identity.</summary>
    public Task HoldSectionAsync(string slug, Hold hold, CancellationToken cancel) => LockRowsAsync("sections", "slug", (string[])[slug], hold, cancel);

    /// <summary>The same for a key.</summary>
    public Task HoldKeyAsync(Guid id, CancellationToken cancel) => LockRowsAsync("api_keys", "id", (Guid[])[id], Hold.ToChange, cancel);

    /// <summary>The same for a subscription; who commits something that it rings for does not wait.</summary>
    public Task HoldSubscriptionAsync(Guid id, CancellationToken cancel) => LockRowsAsync("subscriptions", "id", (Guid[])[id], Hold.ToEdit, cancel);

    /// <summary>From here on until the transaction ends nobody else commits anything that moves a head.</summary>
    public async Task HoldHeadsAsync(CancellationToken cancel)
    {
        foreach (var head in Head.All) await LockRowsAsync("heads", "name", (string[])[head], Hold.ToChange, cancel);
    }

    protected abstract Task LockRowsAsync(string table, string column, Array values, Hold hold, CancellationToken cancel);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(NewsDbContext).Assembly);

        modelBuilder.Entity<Revision>(revision =>
        {
            revision.ToTable("revisions");
            revision.HasKey(r => new { r.Type, r.ResourceId, r.Version });
        });
        modelBuilder.Entity<Tombstone>(tombstone =>
        {
            tombstone.ToTable("tombstones");
            tombstone.HasKey(t => new { t.Type, t.ResourceId });
        });
        modelBuilder.Entity<SlugEntry>(slug =>
        {
            slug.ToTable("slugs");
            slug.HasKey(s => new { s.Type, s.Slug });
            slug.HasIndex(s => new { s.Type, s.ResourceId });
        });
        modelBuilder.Entity<ExternalIdEntry>(entry =>
        {
            entry.ToTable("external_ids");
            entry.HasKey(e => new { e.Type, e.Source, e.Value });
            entry.HasIndex(e => new { e.Type, e.ResourceId });
        });

        modelBuilder.Entity<Change>(change =>
        {
            change.ToTable("changes");
            change.HasKey(c => c.Position);
            change.Property(c => c.Position).ValueGeneratedNever();
            change.Property(c => c.Id).IsRequired();
            change.Property(c => c.ExternalIds).HasDefaultValue("[]");
            change.HasIndex(c => new { c.Type, c.Position });
        });
        modelBuilder.Entity<SeenVersion>(seen =>
        {
            seen.ToTable("public_versions");
            seen.HasKey(s => new { s.Type, s.Id, s.Position });
        });
        modelBuilder.Entity<Feed>(feed =>
        {
            feed.ToTable("feed");
            feed.Property(f => f.Id).ValueGeneratedNever();
        });
        modelBuilder.Entity<Head>(head =>
        {
            head.ToTable("heads");
            head.HasKey(h => h.Name);
            head.HasData(Head.All.Select(name => new Head { Name = name, Position = 0 }));
        });
        modelBuilder.Entity<PendingRender>().ToTable("pending_renders");
        modelBuilder.Entity<KeptAnswer>(answer =>
        {
            answer.ToTable("kept_answers");
            answer.HasKey(a => new { a.Caller, a.IdempotencyKey });
            answer.HasIndex(a => a.KeptAt);
            answer.HasIndex(a => new { a.Type, a.ResourceId });
        });
        modelBuilder.Entity<MergedPerson>(merged =>
        {
            merged.ToTable("merged_people");
            merged.HasIndex(m => m.Survivor);
        });

        foreach (var set in (string[])[PublishedTables.Public, PublishedTables.Preview]) AddPublishedSet(modelBuilder, set);

        UseSnakeCase(modelBuilder);
    }

    private static void AddPublishedSet(ModelBuilder modelBuilder, string set)
    {
        modelBuilder.SharedTypeEntity<PublishedDocument>($"{set}_documents", document =>
        {
            document.ToTable($"{set}_documents");
            document.HasKey(d => new { d.Type, d.Id });

            // A digest is read from it alone: documents are large.
            if (set == PublishedTables.Public) document.HasIndex(d => new { d.Type, d.Id, d.Position, d.Version, d.ContentHash });
        });
        modelBuilder.SharedTypeEntity<PublishedCard>($"{set}_cards", card =>
        {
            card.ToTable($"{set}_cards");
            card.HasKey(c => new { c.Type, c.SortKey, c.Id });
        });
        modelBuilder.SharedTypeEntity<PublishedFilter>($"{set}_filters", filter =>
        {
            filter.ToTable($"{set}_filters");
            filter.HasKey(f => new { f.Type, f.Filter, f.Value, f.SortKey, f.Id });
        });
        modelBuilder.SharedTypeEntity<PublishedEntry>($"{set}_entries", entry =>
        {
            entry.ToTable($"{set}_entries");
            entry.HasKey(e => e.Number);
            entry.Property(e => e.Number).ValueGeneratedNever();
            entry.Property(e => e.Id).IsRequired();
            entry.HasIndex(e => new { e.Type, e.Id }).IsUnique();
            entry.HasIndex(e => new { e.Type, e.UpdatedAt, e.Number });
        });
        modelBuilder.SharedTypeEntity<PublishedSearch>($"{set}_search", search =>
        {
            search.ToTable($"{set}_search");
            search.HasKey(s => s.Number);
            search.Property(s => s.Number).ValueGeneratedNever();
        });
        modelBuilder.SharedTypeEntity<PublishedSlug>($"{set}_slugs", slug =>
        {
            slug.ToTable($"{set}_slugs");
            slug.HasKey(s => new { s.Type, s.Slug });
            slug.Property(s => s.Id).IsRequired();
            slug.HasIndex(s => new { s.Type, s.Id });
        });
    }

    /// <summary>
    /// Columns that came to a table later, in the order in which they came: they stand behind the others, so that none of those moves.
    /// SQLite would make the whole table anew for that.
    /// </summary>
    private static readonly Dictionary<string, string[]> AddedColumns = new()
    {
        ["articles"] = ["EmbargoedUntil", "ExpiresAt", "Schedule", "DueAt", "Corrections"],
        ["revisions"] = ["Note"],
        ["changes"] = ["Correction", "MergedInto", "Scope", "PreviousScope", "TeaserHash", "MetadataHash"],
        ["people"] = ["MergedInto"],
        ["event_certainties"] = ["RecordedAt", "Version", "Start", "End", "ArticleId", "Note"],
    };

    /// <summary>Table and column names as SQL is written by hand: <c>sort_key</c>. Small columns stand before large ones.</summary>
    private static void UseSnakeCase(ModelBuilder modelBuilder)
    {
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            var order = 0;
            var added = AddedColumns.GetValueOrDefault(entity.GetTableName()!, []);
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
                if (Array.IndexOf(added, property.Name) is >= 0 and var place)
                {
                    property.SetColumnOrder(2_000 + place);
                    continue;
                }

                property.SetColumnOrder(property.IsPrimaryKey() ? order++ : 100 + order++);
            }

            foreach (var large in (string[])["Teaser", "Reference", "Filters", "Facets", "Terms", "Tokens", "Card", "Body", "Document", "Content", "Raw"])
            {
                entity.FindProperty(large)?.SetColumnOrder(1_000 + order++);
            }

            foreach (var complex in entity.GetComplexProperties())
            {
                foreach (var property in complex.ComplexType.GetProperties())
                {
                    property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName($"{complex.Name}{property.Name}"));
                    property.SetColumnOrder(500 + order++);
                }
            }
        }
    }
}

/// <summary>Why a resource is held to the end of a transaction.</summary>
internal enum Hold
{
    /// <summary>Others may show it too.</summary>
    ToShow,

    /// <summary>Nobody else may do anything with it.</summary>
    ToChange,

    /// <summary>Nobody else may change it; rows that refer to it may come.</summary>
    ToEdit,
}

internal static class JsonColumns
{
    /// <summary>Keeps a value, or a list of values, as JSON in one column; it is compared by that JSON.</summary>
    public static PropertyBuilder<T> HasJson<T>(this PropertyBuilder<T> property)
    {
        var type = (JsonTypeInfo<T>)WireJson.Default.Options.GetTypeInfo(typeof(T));
        return property.HasConversion(
            new ValueConverter<T, string>(value => JsonSerializer.Serialize(value, type), text => JsonSerializer.Deserialize(text, type)!),
            new ValueComparer<T>(
                (a, b) => JsonSerializer.Serialize(a!, type) == JsonSerializer.Serialize(b!, type),
                value => JsonSerializer.Serialize(value, type).GetHashCode(StringComparison.Ordinal),
                value => value));
    }
}
