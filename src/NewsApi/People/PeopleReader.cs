using System.Globalization;
using System.Text.Json;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.People;

/// <summary>
/// The statements that find people by the rows of their names. Each is a look-up by key or a range of an index, cut where it gets long.
/// Reads the published tables alone, so nobody is found who is not public; the newsroom finds those of the preview set too.
/// </summary>
internal sealed class PeopleReader(StoredCommands commands, bool preview)
{
    /// <summary>So many people of one key are read; a name that more have means nobody in particular.</summary>
    public const int PerKey = 40;

    /// <summary>So many rows of one range are read.</summary>
    public const int PerRange = 300;

    // Few sizes, so that the prepared statements stay few as well.
    private const int ManyKeys = 100;

    /// <summary>Ties beyond these stay ties.</summary>
    private const int AskedAtMost = 2_000;
    private static readonly int[] Sizes = [1, 10, ManyKeys];

    private string[] Sets => preview ? [PublishedTables.Preview, PublishedTables.Public] : [PublishedTables.Public];

    /// <summary>The people that stand under each of these keys.</summary>
    public async ValueTask<ILookup<string, string>> FindAsync(string filter, IEnumerable<string> keys, CancellationToken cancel)
    {
        var found = new List<(string Key, string Id)>();
        foreach (var set in Sets)
        {
            foreach (var chunk in keys.Distinct().Chunk(ManyKeys))
            {
                var size = Sizes.First(s => s >= chunk.Length);
                var parameters = new (string, object?)[size + 1];
                parameters[0] = ("filter", filter);
                for (var i = 0; i < size; i++) parameters[i + 1] = (Parameter(i), chunk[Math.Min(i, chunk.Length - 1)]);
                await using var rows = await commands.Prepare(KeySql(set, size), parameters).ExecuteReaderAsync(cancel);
                while (await rows.ReadAsync(cancel)) found.Add((rows.GetString(0), rows.GetString(1)));
            }
        }

        return found.Distinct().ToLookup(f => f.Key, f => f.Id);
    }

    /// <summary>The people with a name that begins so, each with their place in the list from A to Z.</summary>
    public async ValueTask<Dictionary<string, string>> BeginningAsync(IEnumerable<(string From, string Before)> ranges, CancellationToken cancel)
    {
        var found = new Dictionary<string, string>();
        foreach (var set in Sets)
        {
            foreach (var (from, before) in ranges)
            {
                await using var rows = await commands.Prepare(RangeSql(set), ("filter", FilterValue.NamePrefix), ("from", from), ("before", before)).ExecuteReaderAsync(cancel);
                while (await rows.ReadAsync(cancel)) found.TryAdd(rows.GetString(1), rows.GetString(0));
            }
        }

        return found;
    }

    /// <summary>These people with everybody who was merged into them: documents link to them by any of their ids.</summary>
    public Task<PeopleGroups> GroupsAsync(IEnumerable<string> ids, CancellationToken cancel) => MergedPeople.GroupsAsync(commands, ids, cancel);

    /// <summary>The people of these ids as far as the reader may see them.</summary>
    public async ValueTask<Dictionary<string, FoundPerson>> LoadAsync(IEnumerable<string> ids, CancellationToken cancel)
    {
        var found = new Dictionary<string, FoundPerson>();
        foreach (var set in Sets)
        {
            foreach (var chunk in ids.Where(id => !found.ContainsKey(id)).Distinct().Chunk(ManyKeys).ToList())
            {
                var size = Sizes.First(s => s >= chunk.Length);
                var parameters = new (string, object?)[size];
                for (var i = 0; i < size; i++) parameters[i] = (Parameter(i), chunk[Math.Min(i, chunk.Length - 1)]);
                await using var rows = await commands.Prepare(DocumentSql(set, size), parameters).ExecuteReaderAsync(cancel);
                while (await rows.ReadAsync(cancel))
                    found.TryAdd(rows.GetString(0), JsonSerializer.Deserialize((byte[])rows.GetValue(1), WireJson.Default.FoundPerson)!);
            }
        }

        foreach (var others in await MergedPeople.NamesAsync(commands, found.Keys, cancel)) found[others.Key].Others = [.. others];
        return found;
    }

    /// <summary>The ids of these slugs, current or former.</summary>
    public async ValueTask<Dictionary<string, string>> BySlugAsync(IEnumerable<string> slugs, CancellationToken cancel)
    {
        var found = new Dictionary<string, string>();
        foreach (var set in Sets)
        {
            foreach (var chunk in slugs.Distinct().Chunk(ManyKeys))
            {
                var size = Sizes.First(s => s >= chunk.Length);
                var parameters = new (string, object?)[size];
                for (var i = 0; i < size; i++) parameters[i] = (Parameter(i), chunk[Math.Min(i, chunk.Length - 1)]);
                await using var rows = await commands.Prepare(SlugSql(set, size), parameters).ExecuteReaderAsync(cancel);
                while (await rows.ReadAsync(cancel)) found.TryAdd(rows.GetString(0), rows.GetString(1));
            }
        }

        return found;
    }

    /// <summary>Which pairs of people stand together in an article, among the newest that name the first.</summary>
    public ValueTask<HashSet<(string One, string Other)>> TogetherAsync(IEnumerable<(string One, string Other)> pairs, CancellationToken cancel) =>
        HoldingAsync(pairs, pair => [pair.One, pair.Other], TogetherSql, cancel);

    /// <summary>Which of these people are in an article of that time.</summary>
    public ValueTask<HashSet<(string Id, string From, string Before)>> InTheNewsAsync(IEnumerable<(string Id, string From, string Before)> times, CancellationToken cancel) =>
        HoldingAsync(times, time => [time.Id, time.From, time.Before], PeriodSql, cancel);

    /// <summary>Of things to be asked, each with a row of parameters, those of which the statement says so; many at once.</summary>
    private async ValueTask<HashSet<T>> HoldingAsync<T>(IEnumerable<T> asked, Func<T, string[]> row, Func<int, string> sql, CancellationToken cancel)
    {
        var holding = new HashSet<T>();
        foreach (var chunk in asked.Distinct().Take(AskedAtMost).Chunk(ManyKeys))
        {
            var size = Sizes.First(s => s >= chunk.Length);
            var parameters = Enumerable.Range(0, size).SelectMany(i => row(chunk[Math.Min(i, chunk.Length - 1)]).Select((value, n) => (Parameter(i, n), (object?)value))).ToArray();
            await using var rows = await commands.Prepare(sql(size), parameters).ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel)) holding.Add(chunk[Math.Min(rows.GetInt32(0), chunk.Length - 1)]);
        }

        return holding;
    }

    public static string TogetherSql(int size) => Each(size, i =>
        $"""
        SELECT 1 FROM (SELECT sort_key, id FROM public_filters WHERE type = 'article' AND filter = 'person' AND value = @{Parameter(i, 0)}
            ORDER BY sort_key DESC, id DESC LIMIT 200) AS one
        JOIN public_filters AS b ON b.type = 'article' AND b.filter = 'person' AND b.value = @{Parameter(i, 1)} AND b.sort_key = one.sort_key AND b.id = one.id
        """);

    public static string PeriodSql(int size) => Each(size, i =>
        $"""
        SELECT 1 FROM public_filters WHERE type = 'article' AND filter = 'person' AND value = @{Parameter(i, 0)}
            AND sort_key >= @{Parameter(i, 1)} AND sort_key < @{Parameter(i, 2)}
        """);

    private static string Each(int size, Func<int, string> sql) => string.Join(" UNION ALL ", Enumerable.Range(0, size).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"SELECT {i} AS n WHERE EXISTS ({sql(i)})")));

    public static string KeySql(string set, int size) => string.Join(" UNION ALL ", Enumerable.Range(0, size).Select(i =>
        $"SELECT * FROM (SELECT value, id FROM {set}_filters WHERE type = 'person' AND filter = @filter AND value = @{Parameter(i)} ORDER BY sort_key, id LIMIT {PerKey}) AS one"));

    public static string RangeSql(string set) =>
        $"""
        SELECT sort_key, id FROM {set}_filters WHERE type = 'person' AND filter = @filter AND value >= @from AND value < @before
        ORDER BY value, sort_key, id LIMIT {PerRange}
        """;

    public static string DocumentSql(string set, int size) => $"SELECT id, document FROM {set}_documents WHERE type = 'person' AND id IN ({List(size)})";

    public static string SlugSql(string set, int size) => $"SELECT slug, id FROM {set}_slugs WHERE type = 'person' AND slug IN ({List(size)})";

    private static string List(int size) => string.Join(", ", Enumerable.Range(0, size).Select(i => $"@{Parameter(i)}"));

    private static string Parameter(int i, int n) => string.Create(CultureInfo.InvariantCulture, $"k{i}x{n}");

    private static string Parameter(int i) => string.Create(CultureInfo.InvariantCulture, $"k{i}");
}
