using System.Globalization;
using NewsApi.People;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>Stored bytes of several resources at once.</summary>
internal static class StoredViews
{
    /// <summary>Documents by id, in the order of the ids; those that are not there are left out.</summary>
    public static async ValueTask<List<byte[]>> DocumentsAsync(
        StoredCommands commands, ResourceType type, IReadOnlyList<string> ids, bool preview, CancellationToken cancel)
    {
        var found = await DocumentsByIdAsync(commands, type, ids, preview, cancel);
        return [.. ids.Where(found.ContainsKey).Select(id => found[id])];
    }

    public static async ValueTask<Dictionary<string, byte[]>> DocumentsByIdAsync(
        StoredCommands commands, ResourceType type, IReadOnlyList<string> ids, bool preview, CancellationToken cancel)
    {
        var found = new Dictionary<string, byte[]>();
        foreach (var chunk in ids.Chunk(100)) await ReadAsync(commands, "document", type, chunk, preview, found, cancel);
        return found;
    }

    /// <summary>What documents may show of resources, by id.</summary>
    public static async ValueTask<Dictionary<string, byte[]>> ReferencesAsync(
        StoredCommands commands, ResourceType type, IReadOnlyList<string> ids, bool preview, CancellationToken cancel)
    {
        var found = new Dictionary<string, byte[]>();
        foreach (var chunk in ids.Chunk(100)) await ReadAsync(commands, "reference", type, chunk, preview, found, cancel);
        return found;
    }

    /// <summary>What documents may show of what they link to; of somebody who was merged, what they may show of the survivor.</summary>
    public static async ValueTask<References> ReferencesAsync(
        StoredCommands commands, IReadOnlyList<ResourceKey> links, bool preview, CancellationToken cancel)
    {
        var survivors = await MergedPeople.SurvivorsAsync(commands, links.Where(l => l.Type == ResourceType.Person).Select(l => l.Id), cancel);
        var found = new Dictionary<ResourceKey, Reference>();
        foreach (var ofType in links.Distinct().GroupBy(l => l.Type, l => l.Id))
        {
            var shown = ofType.ToDictionary(id => id, id => ofType.Key == ResourceType.Person ? survivors.GetValueOrDefault(id, id) : id);
            var references = await ReferencesAsync(commands, ofType.Key, [.. shown.Values.Distinct()], preview, cancel);
            foreach (var (id, target) in shown)
            {
                if (references.TryGetValue(target, out var reference)) found.Add(new ResourceKey(ofType.Key, id), new Reference(reference));
            }
        }

        return new References(found);
    }

    private static async ValueTask ReadAsync(
        StoredCommands commands, string column, ResourceType type, IReadOnlyList<string> ids, bool preview, Dictionary<string, byte[]> found, CancellationToken cancel)
    {
        // The list of placeholders is padded to few lengths, so that the statements stay few as well.
        var count = ids.Count <= 10 ? 10 : ids.Count <= 30 ? 30 : 100;
        var names = Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"id{i}")).ToList();
        var list = string.Join(", ", names.Select(n => $"@{n}"));
        var sql = preview
            ? $"""
               SELECT id, {column} FROM preview_documents WHERE type = @type AND id IN ({list})
               UNION ALL
               SELECT id, {column} FROM public_documents WHERE type = @type AND id IN ({list})
                   AND id NOT IN (SELECT id FROM preview_documents WHERE type = @type AND id IN ({list}))
               """
            : $"SELECT id, {column} FROM public_documents WHERE type = @type AND id IN ({list})";
        var parameters = new (string, object?)[count + 1];
        parameters[0] = ("type", type.Name());
        for (var i = 0; i < count; i++) parameters[i + 1] = (names[i], ids[Math.Min(i, ids.Count - 1)]);
        await using var rows = await commands.Prepare(sql, parameters).ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) found[rows.GetString(0)] = (byte[])rows.GetValue(1);
    }
}
