using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Search;

/// <summary>A match and how well it answers, in millionths.</summary>
internal readonly record struct Ranked(Match Match, long Score);

/// <summary>
/// Ranks matches inside windows: the newest thousand, then the thousand before them, and so on. What a match scores depends on itself, on
/// the query and on the newest of its window; the cursor carries the ends of the window, so pages neither miss nor repeat what stands while
/// others write.
/// </summary>
internal static class Ranking
{
    public const int Window = 1_000;

    private const double RecencyShare = 0.2;
    private const double HalfLifeDays = 180;
    private const double Millionths = 1_000_000;

    /// <param name="read">The newest matches from one number to another, with their terms.</param>
    /// <param name="wanted">What they are ranked by.</param>
    /// <param name="low">The smallest number that is meant.</param>
    /// <param name="high">The largest.</param>
    /// <param name="after">Where the page before ended.</param>
    /// <param name="limit">How long a page is.</param>
    /// <param name="sight">What the reader may see, where that is not everything.</param>
    public static async Task<(List<Match> Page, Cursor? Next)> PageAsync(
        Func<long, long, int, Task<List<Match>>> read, Wanted wanted, long low, long high, Cursor? after, int limit, Sight? sight = null)
    {
        var page = new List<Match>(limit);
        var place = after is null ? Place.Before(high) : Place.Read(after);
        while (true)
        {
            List<Match> matches;
            bool hasMore;
            if (place.Bottom is { } bottom)
            {
                matches = await read(bottom, place.Top, 2 * Window);
                hasMore = bottom > low && (await read(low, bottom - 1, 1)).Count > 0;
            }
            else
            {
                matches = await read(low, place.Top, Window + 1);
                if (matches.Count == 0) return (page, null);

                hasMore = matches.Count > Window;
                if (hasMore) matches.RemoveAt(Window);
                place = place with { Top = matches[0].Number, Bottom = matches[^1].Number };
            }

            var ranked = Rank(matches, wanted, place.Top, sight).Where(r => (r.Score, r.Match.Number).CompareTo((place.Score, place.Number)) < 0).ToList();
            var taken = ranked.Take(limit - page.Count).ToList();
            page.AddRange(taken.Select(t => t.Match));
            if (taken.Count < ranked.Count) return (page, (place with { Score = taken[^1].Score, Number = taken[^1].Match.Number }).Write());
            if (!hasMore) return (page, null);

            place = Place.Before(place.Bottom!.Value - 1);
            if (page.Count == limit) return (page, place.Write());
        }
    }

    /// <summary>The best first; of equals the newest.</summary>
    public static List<Ranked> Rank(IEnumerable<Match> matches, Wanted wanted, long top, Sight? sight = null)
    {
        var bySign = new Dictionary<string, Wanted> { [""] = wanted };
        return
        [
            .. matches.Select(m => new Ranked(m, (long)(Millionths * Shown(m).Score(new TermWeights(m.More)) * Recency(m, top))))
                .OrderByDescending(r => r.Score).ThenByDescending(r => r.Match.Number),
        ];

        // What is not shown must not tell by the rank that it is there.
        Wanted Shown(Match match)
        {
            if (sight?.SignOf(match) is not { Length: > 0 } sign) return wanted;

            return bySign.TryGetValue(sign, out var known) ? known : bySign[sign] = wanted.Behind(sign);
        }
    }

    /// <summary>News grows old; who somebody is does not.</summary>
    private static double Recency(Match match, long top)
    {
        if (match.Key.Type != ResourceType.Article) return 1;

        var days = (EntryNumbers.Milliseconds(top) - EntryNumbers.Milliseconds(match.Number)) / 86_400_000.0;
        return 1 - RecencyShare + RecencyShare * Math.Pow(2, -Math.Max(0, days) / HalfLifeDays);
    }

    /// <summary>Behind this score and number in the window from <see cref="Top"/> down to <see cref="Bottom"/>, or before a window that has still to be found.</summary>
    private readonly record struct Place(long Top, long? Bottom, long Score, long Number)
    {
        public static Place Before(long top) => new(top, null, long.MaxValue, long.MaxValue);

        public static Place Read(Cursor cursor)
        {
            var parts = cursor.Numbers(4)!;
            return new Place(parts[0], parts[1] < 0 ? null : parts[1], parts[2], parts[3]);
        }

        public Cursor Write() => Cursor.Of(Top, Bottom ?? -1, Score, Number);
    }
}
