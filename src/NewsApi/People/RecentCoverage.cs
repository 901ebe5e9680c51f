using System.Text.Json;
using NewsApi.Http;
using NewsApi.People.Names;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.People;

/// <summary>Somebody of whom the newest articles tell: in how many of them, and how their name is typed.</summary>
internal sealed record CoveredPerson(string Id, int Articles, IReadOnlyList<string> Prefixes);

/// <summary>
/// Who is in the news: the people of the newest public articles. Counted from their cards, one walk along the newest, and kept until
/// something public changes.
/// </summary>
internal sealed class RecentCoverage(AnswerCache cache)
{
    public const string Sql = "SELECT card FROM public_cards WHERE type = @type ORDER BY sort_key DESC, id DESC LIMIT 2000";

    private Kept? _kept;

    public async ValueTask<IReadOnlyDictionary<string, CoveredPerson>> GetAsync(StoredCommands commands, CancellationToken cancel)
    {
        if (Volatile.Read(ref _kept) is { Stamp.HasChanged: false } kept) return kept.People;

        var stamp = cache.Everything();
        var people = await CountAsync(commands, cancel);
        Volatile.Write(ref _kept, new Kept(stamp, people));
        return people;
    }

    private static async ValueTask<Dictionary<string, CoveredPerson>> CountAsync(StoredCommands commands, CancellationToken cancel)
    {
        var counts = new Dictionary<string, (string Name, int Articles)>();
        await using (var rows = await commands.Prepare(Sql, ("type", ResourceType.Article.Name())).ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel))
            {
                using var card = JsonDocument.Parse((byte[])rows.GetValue(0));
                if (!card.RootElement.TryGetProperty("people", out var people)) continue;

                foreach (var person in people.EnumerateArray())
                {
                    var id = person.GetProperty("id").GetString()!;
                    counts[id] = (person.GetProperty("name").GetString()!, counts.GetValueOrDefault(id).Articles + 1);
                }
            }
        }

        // What has still to be rendered again after a merge shows who was merged.
        var survivors = await MergedPeople.SurvivorsAsync(commands, counts.Keys, cancel);
        return counts.GroupBy(c => survivors.GetValueOrDefault(c.Key, c.Key), c => c.Value)
            .ToDictionary(c => c.Key, c => new CoveredPerson(c.Key, c.Sum(p => p.Articles), [.. c.SelectMany(p => NamePrefixes.Of(p.Name)).Distinct()]));
    }

    private sealed record Kept(AnswerCache.Stamp Stamp, Dictionary<string, CoveredPerson> People);
}
