using System.Globalization;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Changes;

/// <summary>What is asked about the entries of a page beside themselves, of many at once; entries go by their positions.</summary>
internal static class ChangeLookups
{
    /// <summary>So many entries are asked about in one statement.</summary>
    public const int AtOnce = 100;

    private static readonly int[] Sizes = [10, 30, AtOnce];

    /// <summary>Those that are the newest of their resources, with the lengths of the documents.</summary>
    public static Task<Dictionary<long, int>> NewestAsync(StoredCommands commands, IEnumerable<long> positions, CancellationToken cancel) =>
        ReadAsync(commands, NewestSql, positions, value => Convert.ToInt32(value, CultureInfo.InvariantCulture), cancel);

    /// <summary>The documents of those that are the newest of their resources.</summary>
    public static Task<Dictionary<long, byte[]>> DocumentsAsync(StoredCommands commands, IEnumerable<long> positions, CancellationToken cancel) =>
        ReadAsync(commands, DocumentSql, positions, value => (byte[])value, cancel);

    /// <summary>Those whose articles are public and were not retracted since: a notice of another one would tell what stood in it.</summary>
    public static async Task<HashSet<long>> StillPublicAsync(StoredCommands commands, IEnumerable<long> positions, CancellationToken cancel) =>
        [.. (await ReadAsync(commands, StillPublicSql, positions, value => value, cancel)).Keys];

    public static string NewestSql(int size) => OfNewest("length(shown.document)", size);

    public static string DocumentSql(int size) => OfNewest("shown.document", size);

    public static string StillPublicSql(int size) =>
        $"""
        SELECT told.position, told.version FROM changes AS told
        WHERE told.position IN ({List(size)})
            AND (SELECT seen.version FROM public_versions AS seen WHERE seen.type = told.type AND seen.id = told.id ORDER BY seen.position DESC LIMIT 1) IS NOT NULL
            AND NOT EXISTS (
                SELECT 1 FROM public_versions AS later JOIN changes AS made ON made.position = later.position
                WHERE later.type = told.type AND later.id = told.id AND later.position > told.position AND made.reason = '{ChangeReasons.Retracted}')
        """;

    private static string OfNewest(string column, int size) =>
        $"""
        SELECT told.position, {column} FROM changes AS told
        JOIN public_documents AS shown ON shown.type = told.type AND shown.id = told.id AND shown.position = told.position
        WHERE told.position IN ({List(size)})
        """;

    private static async Task<Dictionary<long, T>> ReadAsync<T>(
        StoredCommands commands, Func<int, string> sql, IEnumerable<long> positions, Func<object, T> read, CancellationToken cancel)
    {
        var found = new Dictionary<long, T>();
        foreach (var chunk in positions.Chunk(AtOnce))
        {
            // The list is padded to few lengths, so that the statements stay few as well.
            var size = Sizes.First(s => s >= chunk.Length);
            var parameters = new (string, object?)[size];
            for (var i = 0; i < size; i++) parameters[i] = (Parameter(i), chunk[Math.Min(i, chunk.Length - 1)]);
            await using var rows = await commands.Prepare(sql(size), parameters).ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel)) found[rows.GetInt64(0)] = read(rows.GetValue(1));
        }

        return found;
    }

    private static string List(int size) => string.Join(", ", Enumerable.Range(0, size).Select(i => $"@{Parameter(i)}"));

    private static string Parameter(int index) => string.Create(CultureInfo.InvariantCulture, $"p{index}");
}
