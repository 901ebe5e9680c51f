using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.People;

/// <summary>
/// Somebody who was merged into another, for those who read. Flattened: the survivor was merged into nobody, however many steps lie between.
/// What is true is <see cref="Person.MergedInto"/>; this follows it in the same transaction.
/// </summary>
internal sealed class MergedPerson
{
    public required string Id { get; init; }

    /// <summary>Who is shown and found in their place.</summary>
    public required string Survivor { get; set; }

    /// <summary>See <see cref="MergedNames"/>, as JSON. While merged they do not change.</summary>
    public required string Names { get; init; }
}

/// <summary>
/// The names of somebody who was merged, and the ids others have for them: they lead to the survivor. Of somebody internal there are none, as
/// nobody outside the newsroom knew them.
/// </summary>
internal sealed record MergedNames
{
    public string? FamilyName { get; init; }
    public required IReadOnlyList<NameEntry> Names { get; init; }
    public IReadOnlyList<ExternalId> ExternalIds { get; init; } = [];

    public static string Write(PersonInput form) => JsonSerializer.Serialize(
        form.Visibility == Visibilities.Public
            ? new MergedNames { FamilyName = form.FamilyName, Names = form.Names, ExternalIds = form.ExternalIds }
            : new MergedNames { Names = [] },
        WireJson.Default.MergedNames);

    public static MergedNames Read(string json) => JsonSerializer.Deserialize(json, WireJson.Default.MergedNames)!;
}

/// <summary>People with everybody who was merged into them or, of somebody merged, into the same survivor.</summary>
internal sealed class PeopleGroups(IReadOnlyDictionary<string, string> survivors)
{
    private readonly ILookup<string, string> _merged = survivors.OrderBy(s => s.Key, StringComparer.Ordinal).ToLookup(s => s.Value, s => s.Key);

    public string SurvivorOf(string id) => survivors.GetValueOrDefault(id, id);

    /// <summary>Every id that documents may link the person by, the survivor's first.</summary>
    public IEnumerable<string> Of(string id) => _merged[SurvivorOf(id)].Prepend(SurvivorOf(id));
}

/// <summary>Asks who was merged into whom. Each statement is a look-up by key.</summary>
internal static class MergedPeople
{
    // Few sizes, so that the prepared statements stay few as well.
    private const int ManyIds = 100;
    private static readonly int[] Sizes = [1, 10, ManyIds];

    /// <summary>The survivors of those of these ids that were merged.</summary>
    public static Task<Dictionary<string, string>> SurvivorsAsync(StoredCommands commands, IEnumerable<string> ids, CancellationToken cancel) =>
        ReadAsync(commands, SurvivorSql, ids, cancel);

    public static async Task<string?> SurvivorAsync(StoredCommands commands, string id, CancellationToken cancel) =>
        (await SurvivorsAsync(commands, [id], cancel)).GetValueOrDefault(id);

    public static async Task<PeopleGroups> GroupsAsync(StoredCommands commands, IEnumerable<string> ids, CancellationToken cancel) =>
        new(await ReadAsync(commands, GroupSql, ids, cancel));

    /// <summary>Everybody who was ever merged: as few as there are mistakes to put right.</summary>
    public static async Task<Dictionary<string, string>> AllAsync(StoredCommands commands, CancellationToken cancel)
    {
        var found = new Dictionary<string, string>();
        await using var rows = await commands.Prepare("SELECT id, survivor FROM merged_people ORDER BY id").ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) found.Add(rows.GetString(0), rows.GetString(1));
        return found;
    }

    /// <summary>The names that lead to these people from others who were merged into them.</summary>
    public static async Task<ILookup<string, MergedNames>> NamesAsync(StoredCommands commands, IEnumerable<string> survivors, CancellationToken cancel)
    {
        var found = new List<(string Survivor, MergedNames Names)>();
        foreach (var chunk in survivors.Distinct().Chunk(ManyIds))
        {
            var (sql, parameters) = Statement(NamesSql, chunk);
            await using var rows = await commands.Prepare(sql, parameters).ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel)) found.Add((rows.GetString(0), MergedNames.Read(rows.GetString(1))));
        }

        return found.ToLookup(f => f.Survivor, f => f.Names);
    }

    /// <summary>
    /// Holds people that a document is about to show, and those who stand in their place. Whoever is held is merged into nobody else meanwhile,
    /// so this ends where a look brings nobody new.
    /// </summary>
    public static async Task HoldToShowAsync(NewsDbContext db, StoredCommands commands, IReadOnlyList<string> ids, CancellationToken cancel)
    {
        var held = new HashSet<string>();
        for (var next = ids; next.Count > 0;)
        {
            held.UnionWith(next);
            await db.HoldAsync(ResourceType.Person, [.. next.Select(Guid.Parse)], Hold.ToShow, cancel);
            next = [.. (await SurvivorsAsync(commands, ids, cancel)).Values.Distinct().Where(survivor => !held.Contains(survivor))];
        }
    }

    /// <summary>Everybody who was merged into somebody, directly or by way of others.</summary>
    public static async Task<List<Guid>> BelowAsync(NewsDbContext db, Guid id, CancellationToken cancel)
    {
        var found = new List<Guid>();
        for (List<Guid> above = [id]; above.Count > 0; found.AddRange(above))
        {
            var now = above;
            above = await db.People.Where(p => p.MergedInto != null && now.Contains(p.MergedInto.Value)).Select(p => p.Id).ToListAsync(cancel);
        }

        return found;
    }

    /// <summary>
    /// The people an input names, by the ids under which a resource links to them already. Documents show the survivor in the place of whoever was
    /// merged, so that one which is read, changed and sent back names the survivor; taking the merge back must find the link as it was.
    /// </summary>
    /// <param name="linked">Whom the resource links to, in its order; nothing for an entry that is no person on record.</param>
    /// <param name="named">Whom the input names, in its order; nothing for an entry that is no person on record.</param>
    /// <returns>The entries in their order; those without an input are links that the document did not show beside another to the same person.</returns>
    public static async Task<IReadOnlyList<(Guid? Person, int? Input)>> AsLinkedAsync(
        NewsDbContext db, IReadOnlyList<Guid?> linked, IReadOnlyList<Guid?> named, CancellationToken cancel)
    {
        var entries = named.Select((person, index) => (Person: person, Input: (int?)index)).ToList();
        var ids = linked.OfType<Guid>().Select(id => id.ToString()).ToList();
        var survivors = ids.Count == 0 ? [] : await db.MergedPeople.AsNoTracking().Where(m => ids.Contains(m.Id))
            .ToDictionaryAsync(m => Guid.Parse(m.Id), m => Guid.Parse(m.Survivor), cancel);
        if (survivors.Count == 0 || named.OfType<Guid>().GroupBy(id => id).Any(same => same.Count() > 1)) return entries;

        for (var i = 0; i < linked.Count; i++)
        {
            if (linked[i] is not { } person || entries.Exists(e => e.Person == person)) continue;

            var survivor = SurvivorOf(person);
            if (!named.Contains(survivor)) continue;

            // The document shows the first of those who are shown as the same person.
            var isFirst = linked.Take(i).All(id => id is null || SurvivorOf(id.Value) != survivor);
            var place = isFirst ? entries.FindIndex(e => e.Person == survivor) : -1;
            if (place >= 0) entries[place] = (person, entries[place].Input);
            else entries.Insert(PlaceBehind(i), (person, null));
        }

        return entries;

        Guid SurvivorOf(Guid id) => survivors.GetValueOrDefault(id, id);

        // Behind whoever stands before it, and behind as many without an id as lie between.
        int PlaceBehind(int index)
        {
            var before = index - 1;
            while (before >= 0 && !(linked[before] is { } other && entries.Exists(e => e.Person == other))) before--;
            var place = before < 0 ? 0 : entries.FindIndex(e => e.Person == linked[before]) + 1;
            for (var between = before + 1; between < index; between++)
            {
                if (linked[between] is null && place < entries.Count && entries[place].Person is null) place++;
            }

            return place;
        }
    }

    private static string SurvivorSql(string list) => $"SELECT id, survivor FROM merged_people WHERE id IN ({list})";

    private static string GroupSql(string list) =>
        $"""
        SELECT id, survivor FROM merged_people WHERE survivor IN ({list}) UNION
        SELECT others.id, others.survivor FROM merged_people AS one JOIN merged_people AS others ON others.survivor = one.survivor WHERE one.id IN ({list})
        """;

    private static string NamesSql(string list) => $"SELECT survivor, names FROM merged_people WHERE survivor IN ({list}) ORDER BY survivor, id";

    private static async Task<Dictionary<string, string>> ReadAsync(
        StoredCommands commands, Func<string, string> write, IEnumerable<string> ids, CancellationToken cancel)
    {
        var found = new Dictionary<string, string>();
        foreach (var chunk in ids.Distinct().Chunk(ManyIds))
        {
            var (sql, parameters) = Statement(write, chunk);
            await using var rows = await commands.Prepare(sql, parameters).ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel)) found[rows.GetString(0)] = rows.GetString(1);
        }

        return found;
    }

    private static (string Sql, (string Name, object? Value)[] Parameters) Statement(Func<string, string> write, string[] ids)
    {
        var size = Sizes.First(s => s >= ids.Length);
        var names = Enumerable.Range(0, size).Select(i => string.Create(CultureInfo.InvariantCulture, $"p{i}")).ToList();
        return (write(string.Join(", ", names.Select(n => $"@{n}"))), [.. names.Select((name, i) => (name, (object?)ids[Math.Min(i, ids.Length - 1)]))]);
    }
}
