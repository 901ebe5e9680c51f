using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Search;

/// <summary>The stored bytes of what was found.</summary>
internal static class FoundViews
{
    public static Task<Dictionary<Match, byte[]>> CardsAsync(StoredCommands commands, IReadOnlyList<Match> matches, CancellationToken cancel) =>
        ReadAsync(commands, matches, set => $"c.card FROM {set}_entries AS e JOIN {set}_cards AS c ON c.type = e.type AND c.sort_key = e.sort_key AND c.id = e.id", cancel);

    public static Task<Dictionary<Match, byte[]>> DocumentsAsync(StoredCommands commands, IReadOnlyList<Match> matches, CancellationToken cancel) =>
        ReadAsync(commands, matches, set => $"d.document FROM {set}_entries AS e JOIN {set}_documents AS d ON d.type = e.type AND d.id = e.id", cancel);

    private static async Task<Dictionary<Match, byte[]>> ReadAsync(
        StoredCommands commands, IReadOnlyList<Match> matches, Func<string, string> view, CancellationToken cancel)
    {
        var found = new Dictionary<Match, byte[]>();
        foreach (var ofSet in matches.GroupBy(m => m.IsWorking ? PublishedTables.Preview : PublishedTables.Public))
        {
            foreach (var chunk in ofSet.Chunk(100))
            {
                // The list of placeholders is padded to few lengths, so that the statements stay few as well.
                var count = chunk.Length <= 10 ? 10 : chunk.Length <= 20 ? 20 : 100;
                var names = Enumerable.Range(0, count).Select(i => FormattableString.Invariant($"n{i}")).ToList();
                var sql = $"SELECT e.number, {view(ofSet.Key)} WHERE e.number IN ({string.Join(", ", names.Select(n => $"@{n}"))})";
                var byNumber = chunk.ToDictionary(m => m.Number);
                await using var rows = await commands
                    .Prepare(sql, [.. names.Select((name, i) => (name, (object?)chunk[Math.Min(i, chunk.Length - 1)].Number))]).ExecuteReaderAsync(cancel);
                while (await rows.ReadAsync(cancel)) found[byNumber[rows.GetInt64(0)]] = (byte[])rows.GetValue(1);
            }
        }

        return found;
    }
}
