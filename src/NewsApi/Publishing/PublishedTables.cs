using System.Text.Json;
using NewsApi.Http;
using NewsApi.Search;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>What is stored of a resource in one set, as far as a writer needs it.</summary>
internal sealed record StoredRow(
    string Slug, int Version, long Position, string SortKey, string ContentHash, long? Number, long IndexHash, byte[] Reference, FilterValue[] Filters);

/// <summary>A row that a writer answers with.</summary>
internal sealed record StoredDocument(int Version, long Position, bool IsWorking, DateTimeOffset ModifiedAt, byte[] Document);

/// <summary>
/// Writes one set of published tables: <c>public_*</c> or <c>preview_*</c>. Always inside the writer's transaction.
/// The SQL is the same on every database but for the search index.
/// </summary>
internal sealed class PublishedTables(StoredCommands commands, ISearchIndex search, string set)
{
    public const string Public = "public";
    public const string Preview = "preview";

    public string Set => set;

    public async Task<StoredRow?> FindAsync(ResourceKey key, CancellationToken cancel)
    {
        var command = commands.Prepare(
            $"""
            SELECT d.slug, d.version, d.position, d.sort_key, d.content_hash, e.number, e.hash, d.reference, d.filters
            FROM {set}_documents AS d LEFT JOIN {set}_entries AS e ON e.type = d.type AND e.id = d.id WHERE d.type = @type AND d.id = @id
            """,
            ("type", key.Type.Name()), ("id", key.Id));
        await using var row = await command.ExecuteReaderAsync(cancel);
        if (!await row.ReadAsync(cancel)) return null;

        return new StoredRow(
            row.GetString(0), row.GetInt32(1), row.GetInt64(2), row.GetString(3), row.GetString(4),
            row.IsDBNull(5) ? null : row.GetInt64(5), row.IsDBNull(6) ? 0 : row.GetInt64(6),
            row.GetFieldValue<byte[]>(7), JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(8), WireJson.Default.FilterValueArray)!);
    }

    public async Task<StoredDocument?> ReadAsync(ResourceKey key, CancellationToken cancel)
    {
        var command = commands.Prepare(
            $"SELECT version, position, modified_at, document FROM {set}_documents WHERE type = @type AND id = @id",
            ("type", key.Type.Name()), ("id", key.Id));
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? new StoredDocument(row.GetInt32(0), row.GetInt64(1), set == Preview, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), row.GetFieldValue<byte[]>(3))
            : null;
    }

    /// <summary>What documents may show of a resource; nothing where it is not in this set.</summary>
    public async Task<byte[]?> ReferenceAsync(ResourceKey key, CancellationToken cancel) =>
        (byte[]?)await commands
            .Prepare($"SELECT reference FROM {set}_documents WHERE type = @type AND id = @id", ("type", key.Type.Name()), ("id", key.Id))
            .ExecuteScalarAsync(cancel);

    /// <summary>
    /// Puts a rendering in the place of the row that was found before. Its position is given at the end of the transaction; where only
    /// the rows beside the document are others, it keeps the one it has.
    /// </summary>
    public async Task WriteAsync(
        ResourceKey key, StoredRow? old, Rendering rendering, IndexContent? index, int version, string hash, DateTimeOffset at, CancellationToken cancel)
    {
        var type = key.Type.Name();
        long? number = index is null ? null : old?.SortKey == rendering.SortKey ? old.Number : null;
        if (index is not null) number ??= await FreeNumberAsync(commands, EntryNumbers.Of(key.Type, rendering.SortKey, key.Id), key.Id, cancel);
        var filters = rendering.Filters.Distinct().ToArray();
        var moved = old is not null && old.SortKey != rendering.SortKey;
        var statements = new List<Statement>();
        statements.AddRange((old?.Filters ?? []).Where(f => moved || !filters.Contains(f)).Select(gone => RemoveFilter(type, gone, old!.SortKey, key.Id)));
        foreach (var added in filters.Where(f => moved || old is null || !old.Filters.Contains(f)))
        {
            statements.Add(new Statement(
                $"INSERT INTO {set}_filters (type, filter, value, sort_key, id) VALUES (@type, @filter, @value, @sort, @id)",
                ("type", type), ("filter", added.Filter), ("value", added.Value), ("sort", rendering.SortKey), ("id", key.Id)));
        }

        if (moved) statements.Add(RemoveCard(type, old!.SortKey, key.Id));
        statements.Add(new Statement(
            $"""
            INSERT INTO {set}_cards (type, sort_key, id, until, card) VALUES (@type, @sort, @id, @until, @card)
            ON CONFLICT (type, sort_key, id) DO UPDATE SET until = excluded.until, card = excluded.card
            """,
            ("type", type), ("sort", rendering.SortKey), ("id", key.Id), ("until", rendering.Until), ("card", rendering.Card)));
        statements.Add(new Statement(
            $"""
            INSERT INTO {set}_documents (type, id, slug, version, position, modified_at, sort_key, content_hash, reference, filters, document)
            VALUES (@type, @id, @slug, @version, 0, @at, @sort, @hash, @reference, @filters, @document)
            ON CONFLICT (type, id) DO UPDATE SET slug = excluded.slug, version = excluded.version, sort_key = excluded.sort_key,
                modified_at = CASE WHEN {set}_documents.content_hash = excluded.content_hash THEN {set}_documents.modified_at ELSE excluded.modified_at END,
                content_hash = excluded.content_hash, reference = excluded.reference, filters = excluded.filters, document = excluded.document
            """,
            ("type", type), ("id", key.Id), ("slug", rendering.Slug), ("version", version), ("at", at.ToUnixTimeMilliseconds()), ("sort", rendering.SortKey),
            ("hash", hash), ("reference", rendering.Reference), ("filters", JsonSerializer.SerializeToUtf8Bytes(filters, WireJson.Default.FilterValueArray)),
            ("document", rendering.Document)));
        if (old?.Slug != rendering.Slug) statements.Add(AddSlug(type, rendering.Slug, key.Id));
        if (number is not null) statements.AddRange(Index(key, old, rendering, index!, number.Value));
        await commands.RunAsync(statements, cancel);
    }

    /// <param name="keepSlugs">Whether its slugs go on leading to its id, because another stands in its place.</param>
    public Task RemoveAsync(ResourceKey key, StoredRow old, CancellationToken cancel, bool keepSlugs = false)
    {
        var type = key.Type.Name();
        return commands.RunAsync(
            [
                .. old.Filters.Select(filter => RemoveFilter(type, filter, old.SortKey, key.Id)),
                RemoveCard(type, old.SortKey, key.Id),
                .. old.Number is { } number ? (Statement[])[search.Remove(set, number), RemoveEntry(number)] : [],
                new Statement($"DELETE FROM {set}_documents WHERE type = @type AND id = @id", ("type", type), ("id", key.Id)),
                .. keepSlugs ? (Statement[])[] : [RemoveSlugs(key)],
            ],
            cancel);
    }

    public Task RemoveSlugsAsync(ResourceKey key, CancellationToken cancel) => commands.RunAsync([RemoveSlugs(key)], cancel);

    public Task AddSlugsAsync(string type, IEnumerable<string> slugs, string id, CancellationToken cancel) =>
        commands.RunAsync([.. slugs.Select(slug => AddSlug(type, slug, id))], cancel);

    public Statement SetPosition(ResourceKey key, long position) =>
        new($"UPDATE {set}_documents SET position = @position WHERE type = @type AND id = @id",
            ("position", position), ("type", key.Type.Name()), ("id", key.Id));

    /// <summary>The next documents under a filter value, newest first, after a place in that order.</summary>
    public async Task<List<(string SortKey, string Id)>> NextAsync(
        ResourceType type, string filter, string value, (string SortKey, string Id)? after, int limit, CancellationToken cancel)
    {
        const string columns = "sort_key, id";
        const string order = "ORDER BY sort_key DESC, id DESC LIMIT @limit";
        var from = $"SELECT {columns} FROM {set}_filters WHERE type = @type AND filter = @filter AND value = @value";
        var command = after is { } place
            ? commands.Prepare($"{from} AND (sort_key, id) < (@sort, @id) {order}",
                ("type", type.Name()), ("filter", filter), ("value", value), ("sort", place.SortKey), ("id", place.Id), ("limit", limit))
            : commands.Prepare($"{from} {order}", ("type", type.Name()), ("filter", filter), ("value", value), ("limit", limit));
        var found = new List<(string, string)>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) found.Add((rows.GetString(0), rows.GetString(1)));
        return found;
    }

    /// <summary>The next documents of a type, whatever they are linked to.</summary>
    public async Task<List<(string SortKey, string Id)>> NextAsync(ResourceType type, (string SortKey, string Id) after, int limit, CancellationToken cancel)
    {
        var command = commands.Prepare(
            $"SELECT sort_key, id FROM {set}_cards WHERE type = @type AND (sort_key, id) < (@sort, @id) ORDER BY sort_key DESC, id DESC LIMIT @limit",
            ("type", type.Name()), ("sort", after.SortKey), ("id", after.Id), ("limit", limit));
        var found = new List<(string, string)>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) found.Add((rows.GetString(0), rows.GetString(1)));
        return found;
    }

    /// <summary>The first number from here on that no other resource has, in either set: the newsroom sees both as one.</summary>
    public static async Task<long> FreeNumberAsync(StoredCommands commands, long wanted, string id, CancellationToken cancel)
    {
        const string sql = """
            SELECT 1 FROM public_entries WHERE number = @wanted AND id <> @id UNION ALL SELECT 1 FROM preview_entries WHERE number = @wanted AND id <> @id
            """;
        while (await commands.Prepare(sql, ("wanted", wanted), ("id", id)).ExecuteScalarAsync(cancel) is not null) wanted++;
        return wanted;
    }

    private IEnumerable<Statement> Index(ResourceKey key, StoredRow? old, Rendering rendering, IndexContent index, long number)
    {
        var isSame = old?.Number == number && old.IndexHash == index.Hash;
        if (isSame)
        {
            yield return new Statement($"UPDATE {set}_entries SET updated_at = @at WHERE number = @number", ("at", rendering.UpdatedAt.ToUnixTimeMilliseconds()), ("number", number));
            yield break;
        }

        if (old?.Number is { } before)
        {
            yield return search.Remove(set, before);
            yield return RemoveEntry(before);
        }

        yield return new Statement(
            $"INSERT INTO {set}_entries (number, type, sort_key, id, updated_at, hash, facets, terms) VALUES (@number, @type, @sort, @id, @at, @hash, @facets, @terms)",
            ("number", number), ("type", key.Type.Name()), ("sort", rendering.SortKey), ("id", key.Id),
            ("at", rendering.UpdatedAt.ToUnixTimeMilliseconds()), ("hash", index.Hash), ("facets", index.Facets), ("terms", index.Terms));
        yield return search.Add(set, number, index.Tokens);
    }

    private Statement RemoveSlugs(ResourceKey key) =>
        new($"DELETE FROM {set}_slugs WHERE type = @type AND id = @id", ("type", key.Type.Name()), ("id", key.Id));

    private Statement RemoveEntry(long number) => new($"DELETE FROM {set}_entries WHERE number = @number", ("number", number));

    private Statement AddSlug(string type, string slug, string id) =>
        new($"INSERT INTO {set}_slugs (type, slug, id) VALUES (@type, @slug, @id) ON CONFLICT (type, slug) DO UPDATE SET id = excluded.id",
            ("type", type), ("slug", slug), ("id", id));

    private Statement RemoveFilter(string type, FilterValue filter, string sortKey, string id) =>
        new($"DELETE FROM {set}_filters WHERE type = @type AND filter = @filter AND value = @value AND sort_key = @sort AND id = @id",
            ("type", type), ("filter", filter.Filter), ("value", filter.Value), ("sort", sortKey), ("id", id));

    private Statement RemoveCard(string type, string sortKey, string id) =>
        new($"DELETE FROM {set}_cards WHERE type = @type AND sort_key = @sort AND id = @id", ("type", type), ("sort", sortKey), ("id", id));
}
