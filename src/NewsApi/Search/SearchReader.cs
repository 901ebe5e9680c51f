using System.Buffers;
using System.Text.Json;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Search;

/// <summary>
/// Answers a search over all types: of each the newest thousand matches, ranked together. Knows the published tables and the index, so what
/// is not public is out of its reach unless the preview set is asked for by name.
/// </summary>
internal sealed class SearchReader(NewsDatabase database, AnswerCache cache, SourceSets sources)
{
    public ValueTask<IResult> SearchAsync(HttpContext http, SearchQuery query, CancellationToken cancel)
    {
        var types = query.Types is { Length: > 0 } ? QueryValues.Split(query.Types) : SearchQueryValidator.Types;
        var fingerprint = string.Join('\n', (string[])["search", query.Q!, query.Perspective == Perspectives.Preview ? "preview" : "", .. types.Order(StringComparer.Ordinal)]);
        long[]? after = null;
        var licence = Licences.Of(http);
        if (query.Cursor is not null && (after = Cursor.TryRead(query.Cursor, fingerprint, licence, out var cursor) ? cursor.Numbers(2 * types.Count + 2) : null) is null)
            return new ValueTask<IResult>(new ProblemResult(Cursor.Refusal(query.Cursor, fingerprint, licence, "The cursor is not one of this search; it goes with the query it came from.")));

        return database.ReadAsync(commands => SearchAsync(http, commands, query, [.. types.Select(ResourceTypes.Parse).Order()], after, fingerprint, cancel), cancel);
    }

    private async ValueTask<IResult> SearchAsync(
        HttpContext http, StoredCommands commands, SearchQuery query, IReadOnlyList<ResourceType> types, long[]? after, string fingerprint, CancellationToken cancel)
    {
        var stamp = cache.Everything();
        var preview = query.Perspective == Perspectives.Preview;
        var limit = QueryValues.Number(query.Limit, ListParameters.DefaultLimit);
        await using var snapshot = await commands.BeginSnapshotAsync(cancel);
        var read = await new QueryReading(commands, preview).ReadAsync(QueryParser.Parse(query.Q!), cancel);
        var licence = Licences.Of(http);
        var sight = types.Contains(ResourceType.Article) ? await sources.SightAsync(commands, licence, preview, cancel) : null;
        var (hits, next) = await RankAsync(commands, read.Wanted, types, preview, sight, after, limit, cancel);
        var matches = hits.ConvertAll(h => h.Match);
        var cards = Shown(await FoundViews.CardsAsync(commands, matches, cancel), sight);
        hits.RemoveAll(h => !cards.ContainsKey(h.Match));
        var people = query.Highlight == "true" || query.Explain == "true" ? await QueryPeople.ReadAsync(commands, read, preview, cancel) : null;
        var highlights = query.Highlight == "true" ? Highlighting.Of(read.Query, people!, Shown(await FoundViews.DocumentsAsync(commands, matches, cancel), sight)) : null;
        var cursor = next?.Write(fingerprint, licence);
        var body = Write(hits, cards, highlights, query.Explain == "true" ? people!.Explain(read.Query) : null, cursor);
        var answer = new Answer(body, Answer.TagOf(body.Span))
        {
            IsPublic = !preview,
            SurrogateKey = string.Join(' ', types.Select(t => t.Plural())),
            Link = cursor is null ? null : Answer.NextLink(http.Request, cursor),
        };
        cache.Keep(http, answer, stamp);
        return answer;
    }

    /// <summary>The windows of all types, ranked together. The cursor carries their ends, so that what is written meanwhile does not move them.</summary>
    private async Task<(List<Ranked> Hits, Cursor? Next)> RankAsync(
        StoredCommands commands, Wanted wanted, IReadOnlyList<ResourceType> types, bool preview, Sight? sight, long[]? places, int limit, CancellationToken cancel)
    {
        var ends = new List<long>();
        var ranked = new List<Ranked>();
        foreach (var (type, i) in types.Select((type, i) => (type, i)))
        {
            var (bottom, top) = places is null ? (EntryNumbers.First(type), EntryNumbers.Last(type)) : (places[2 * i], places[2 * i + 1]);
            var seen = type == ResourceType.Article ? sight : null;
            var reader = new MatchReader(commands, database.Search, new MatchRequest { Type = type, Preview = preview, Tokens = TokensOf(wanted, seen), Low = bottom, High = top });
            var more = seen?.Reduces == true ? More.TermsAndFacets : More.Terms;
            var window = seen?.IsBlind == true ? [] : await reader.ByNumberAsync(descending: true, places is null ? Ranking.Window : 2 * Ranking.Window, more, cancel);
            if (places is null && window.Count > 0) (bottom, top) = (window[^1].Number, window[0].Number);
            ends.AddRange([bottom, top]);
            ranked.AddRange(Ranking.Rank(window, wanted, top, seen));
        }

        var rest = ranked.OrderByDescending(r => r.Score).ThenByDescending(r => r.Match.Number).ToList();
        if (places is not null) rest.RemoveAll(r => (r.Score, r.Match.Number).CompareTo((places[^2], places[^1])) >= 0);
        if (rest.Count <= limit) return (rest, null);

        var last = rest[limit - 1];
        return (rest[..limit], Cursor.Of([.. ends, last.Score, last.Match.Number]));
    }

    private static TokenQuery TokensOf(Wanted wanted, Sight? sight) =>
        sight is null or { IsBlind: true } ? wanted.Tokens : TokenQuery.All([sight.Narrow(sign => sign.Length == 0 ? wanted.Tokens : wanted.Behind(sign).Tokens), .. sight.Others]);

    /// <summary>Licences are about articles; what else was found is shown as it is.</summary>
    private static Dictionary<Match, byte[]> Shown(Dictionary<Match, byte[]> stored, Sight? sight)
    {
        var (articles, others) = (stored.Where(s => s.Key.Key.Type == ResourceType.Article), stored.Where(s => s.Key.Key.Type != ResourceType.Article));
        return sight is null ? stored : PublishedReader.Shown(articles.ToDictionary(), sight).Concat(others).ToDictionary();
    }

    private static ReadOnlyMemory<byte> Write(
        List<Ranked> hits, Dictionary<Match, byte[]> cards, Dictionary<Match, IReadOnlyList<SearchHighlight>>? highlights, SearchExplanation? explanation, string? next)
    {
        var buffer = new ArrayBufferWriter<byte>(cards.Values.Sum(c => c.Length) + 2_000);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = WireJson.Default.Options.Encoder });
        writer.WriteStartObject();
        writer.WriteStartArray("items");
        foreach (var (match, score) in hits)
        {
            writer.WriteStartObject();
            writer.WriteString("type", match.Key.Type.Name());
            writer.WriteNumber("score", Math.Round(score / 1_000_000.0, 3));
            writer.WritePropertyName(match.Key.Type.Name());
            writer.WriteRawValue(cards[match], skipInputValidation: true);
            if (highlights is not null)
            {
                writer.WritePropertyName("highlights");
                JsonSerializer.Serialize(writer, highlights[match], WireJson.Default.IReadOnlyListSearchHighlight);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (next is not null) writer.WriteString("nextCursor", next);
        if (explanation is not null)
        {
            writer.WritePropertyName("explain");
            JsonSerializer.Serialize(writer, explanation, WireJson.Default.SearchExplanation);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
