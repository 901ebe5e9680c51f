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
    public async ValueTask<HashSet<(string One, string Other)>> TogetherAsync(IEnumerable<(string One, string Other)> pairs, CancellationToken cancel)
    {
        var found = new HashSet<(string, string)>();
        foreach (var (one, other) in pairs.Distinct())
        {
            if (await commands.Prepare(TogetherSql, ("one", one), ("other", other)).ExecuteScalarAsync(cancel) is not null) found.Add((one, other));
        }

        return found;
    }

    /// <summary>Which of these people are in an article of that time.</summary>
    public async ValueTask<bool> IsInTheNewsAsync(string id, string from, string before, CancellationToken cancel) =>
        await commands.Prepare(PeriodSql, ("id", id), ("from", from), ("before", before)).ExecuteScalarAsync(cancel) is not null;

    public const string TogetherSql =
        """
        SELECT 1 FROM (SELECT sort_key, id FROM public_filters WHERE type = 'article' AND filter = 'person' AND value = @one ORDER BY sort_key DESC, id DESC LIMIT 200) AS one
        JOIN public_filters AS b ON b.type = 'article' AND b.filter = 'person' AND b.value = @other AND b.sort_key = one.sort_key AND b.id = one.id LIMIT 1
        """;

    public const string PeriodSql =
        "SELECT 1 FROM public_filters WHERE type = 'article' AND filter = 'person' AND value = @id AND sort_key >= @from AND sort_key < @before LIMIT 1";

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

    private static string Parameter(int i) => string.Create(CultureInfo.InvariantCulture, $"k{i}");
}
