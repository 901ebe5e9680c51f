using System.Text.Json;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Search;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>A new resource and all its rows; those of its documents wait for their positions.</summary>
internal sealed record BulkResource(Resource Resource, IReadOnlyList<(RowTable Table, object?[] Row)> Rows, IReadOnlyList<BulkDocument> Documents);

/// <summary>A row of a documents table without its position, and what the search index gets, without its number.</summary>
internal sealed class BulkDocument(RowTable table, object?[] row)
{
    private readonly int _position = table.IndexOf("position");

    public RowTable Table => table;
    public object?[] Row => row;

    public required string Id { get; init; }

    /// <summary>The rows of the search index; their key is the number.</summary>
    public required IReadOnlyList<(RowTable Table, object?[] Row)> Index { get; init; }

    /// <summary>Its place in the search index; until it is given, the one it would like to have.</summary>
    public long Number
    {
        get => (long)Index[0].Row[Index[0].Table.IndexOf(Index[0].Table.Key)]!;
        set
        {
            foreach (var (indexTable, indexRow) in Index) indexRow[indexTable.IndexOf(indexTable.Key)] = value;
        }
    }

    /// <summary>The entry of the change feed, for what partners hear of.</summary>
    public Func<long, long, Change>? Change { get; init; }

    public long Position
    {
        get => (long)row[_position]!;
        set => row[_position] = value;
    }
}

/// <summary>Makes of a new resource the rows that a single write would leave. Runs on several threads at once.</summary>
internal sealed class BulkRows<TResource, TInput>(IEditor<TResource, TInput> editor, IRenderer renderer, RowTables tables, Caller caller)
    where TResource : Resource
    where TInput : class, IResourceInput
{
    private readonly string _type = editor.Type.Name();

    public Outcome<BulkResource> Make(BulkClaim<TInput> claim, LinkCache links, DateTimeOffset at)
    {
        var item = claim.Item;
        var applied = editor.Apply(item.Id, null, item.Input, claim.Slug, claim.Links);
        if (applied.Problem is not null) return applied.Problem;

        var resource = applied.Value!;
        editor.PublishNew(resource, item.PublishAt, item.Section is null ? null : links.Section(item.Section));
        resource.Version = 1;
        (resource.CreatedAt, resource.UpdatedAt) = (at, at);
        if (resource.PublishNewest) resource.PublicVersion = resource.Version;
        resource.Settle();

        var (form, unrendered) = renderer.Read(resource);
        var rows = tables.Of<TResource>().Rows(resource).ToList();
        Add(rows, Revision.Of(resource, form, at, caller.Name));
        Add(rows, new SlugEntry { Type = _type, Slug = resource.Slug, ResourceId = resource.Id, WasPublic = resource.PublicVersion is not null });
        foreach (var entry in resource.KnownElsewhereAs)
            Add(rows, new ExternalIdEntry { Type = _type, Source = entry.Source, Value = entry.Value, ResourceId = resource.Id });

        return new BulkResource(resource, rows, Render(resource, unrendered, links, at, rows));
    }

    /// <summary>Into the public set; into that of the newsroom where the public may not see the resource, or a link of it.</summary>
    private List<BulkDocument> Render(Resource resource, Unrendered unrendered, LinkCache links, DateTimeOffset at, List<(RowTable, object?[])> rows)
    {
        var documents = new List<BulkDocument>(1);
        var showsAll = false;
        if (resource.PublicVersion is not null)
        {
            var shown = unrendered.Render(links.Of(PublishedTables.Public, unrendered.Links));
            documents.Add(AddTo(PublishedTables.Public, shown));
            showsAll = !shown.Filters.Any(f => f.IsUnresolved);
        }

        if (!showsAll) documents.Add(AddTo(PublishedTables.Preview, unrendered.Render(links.Of(PublishedTables.Preview, unrendered.Links))));
        return documents;

        BulkDocument AddTo(string set, Rendering rendering)
        {
            var (id, sortKey) = (resource.PublishedId, rendering.SortKey);
            var filters = rendering.Filters.Distinct().ToArray();
            var hash = CanonicalJson.Hash(rendering.Document);
            var scope = ArticleScope.Of(editor.Type, filters)?.Write();
            var isFed = set == PublishedTables.Public;
            var teaser = isFed ? LicensedView.HashOf(editor.Type, rendering.Document, LicenceLevel.Teaser) : null;
            var metadata = isFed ? LicensedView.HashOf(editor.Type, rendering.Document, LicenceLevel.Metadata) : null;
            var externalIds = JsonSerializer.Serialize(resource.KnownElsewhereAs, WireJson.Default.IReadOnlyListExternalId);
            foreach (var filter in filters)
                Add(rows, new PublishedFilter { Type = _type, Filter = filter.Filter, Value = filter.Value, SortKey = sortKey, Id = id }, $"{set}_filters");
            Add(rows, new PublishedCard { Type = _type, SortKey = sortKey, Id = id, Until = rendering.Until, Card = rendering.Card }, $"{set}_cards");
            Add(rows, new PublishedSlug { Type = _type, Slug = rendering.Slug, Id = id }, $"{set}_slugs");
            var index = rendering.Index!();
            var number = EntryNumbers.Of(editor.Type, sortKey, id);
            var entry = new PublishedEntry
            {
                Number = number,
                Type = _type,
                SortKey = sortKey,
                Id = id,
                UpdatedAt = rendering.UpdatedAt.ToUnixTimeMilliseconds(),
                Hash = index.Hash,
                Facets = index.Facets,
                Terms = index.Terms,
            };
            var found = new PublishedSearch { Number = number, Tokens = index.Tokens };
            var table = tables.Of($"{set}_documents");
            var row = table.Row(new PublishedDocument
            {
                Type = _type,
                Id = id,
                Slug = rendering.Slug,
                Version = resource.Version,
                Position = 0,
                ModifiedAt = at.ToUnixTimeMilliseconds(),
                SortKey = sortKey,
                ContentHash = hash,
                Reference = rendering.Reference,
                Filters = JsonSerializer.SerializeToUtf8Bytes(filters, WireJson.Default.FilterValueArray),
                Document = rendering.Document,
            });
            return new BulkDocument(table, row)
            {
                Id = id,
                Index = [Row(entry, $"{set}_entries"), Row(found, $"{set}_search")],
                Change = !isFed ? null : (position, now) => new Change
                {
                    Position = position,
                    Type = _type,
                    Id = id,
                    Operation = "upsert",
                    Reason = ChangeReasons.Published,
                    Version = resource.Version,
                    ChangedAt = now,
                    Slug = rendering.Slug,
                    ExternalIds = externalIds,
                    ContentHash = hash,
                    Scope = scope,
                    TeaserHash = teaser,
                    MetadataHash = metadata,
                },
            };
        }
    }

    private void Add<T>(List<(RowTable Table, object?[] Row)> rows, T entity, string? name = null)
        where T : class => rows.Add(Row(entity, name));

    private (RowTable Table, object?[] Row) Row<T>(T entity, string? name = null)
        where T : class
    {
        var table = name is null ? tables.Of<T>() : tables.Of(name);
        return (table, table.Row(entity));
    }
}
