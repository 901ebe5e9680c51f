using System.IO.Hashing;
using System.Text;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Search;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>
/// Which combinations of sources there are on record. A licence says what is seen of each of them, so lists and searches can be narrowed
/// by rows: they are few, and read anew when something public has changed.
/// </summary>
internal sealed class SourceSets(AnswerCache cache)
{
    /// <summary>No folded name has it.</summary>
    private const char Between = '\t';

    /// <summary>Longer ones are made of hashes, behind a sign that says so: a row of an index has its limit on PostgreSQL.</summary>
    private const int LongestBytes = 300;

    private Kept? _kept;

    /// <summary>The value under which an article with these sources has its row; nothing in it where it has none.</summary>
    public static string KeyOf(IEnumerable<string> names)
    {
        var folded = names.Select(FilterText.Fold).Distinct().Order(StringComparer.Ordinal).ToList();
        var key = string.Join(Between, folded);
        return Encoding.UTF8.GetByteCount(key) <= LongestBytes ? key : Between + string.Join(Between, folded.Select(HashOf));
    }

    /// <summary>How much a licence shows of the articles under such a value.</summary>
    public static LicenceLevel LevelOf(Licence licence, string key) => key switch
    {
        "" => licence.LevelOf([]),
        [Between, ..] => licence.LevelOf(key[1..].Split(Between), areHashed: true),
        _ => licence.LevelOf(key.Split(Between)),
    };

    /// <summary>Stands for a name where names would be too long.</summary>
    public static string HashOf(string folded) =>
        XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(folded)).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What the reader of a list may see; absent where that is everything, as in lists of other things than articles.</summary>
    public async ValueTask<Sight?> SightAsync(StoredCommands commands, ListRequest request, CancellationToken cancel) =>
        request.Type == ResourceType.Article ? await SightAsync(commands, request.Licence, request.Preview, cancel) : null;

    public async ValueTask<Sight?> SightAsync(StoredCommands commands, Licence? licence, bool preview, CancellationToken cancel) =>
        licence is null ? null : new Sight(licence, licence.Sources is null ? [] : await GetAsync(commands, preview, cancel));

    /// <summary>The list as far as the reader may see it; nothing where there is nothing to see.</summary>
    public async ValueTask<ListRequest?> NarrowAsync(StoredCommands commands, ListRequest request, CancellationToken cancel) =>
        await SightAsync(commands, request, cancel) is not { } sight ? request
        : sight.IsBlind ? null
        : request with { Sight = sight, Filters = [.. request.Filters, .. sight.Filters], Fingerprint = request.Fingerprint };

    /// <summary>From one value to the next along the index, however many rows have the same.</summary>
    public static string Sql(string set)
    {
        var rows = $"FROM {set}_filters AS f WHERE f.type = 'article' AND f.filter = '{FilterValue.Sources}'";
        return $"""
            WITH RECURSIVE found (value) AS (
                SELECT (SELECT f.value {rows} ORDER BY f.value LIMIT 1)
                UNION ALL
                SELECT (SELECT f.value {rows} AND f.value > found.value ORDER BY f.value LIMIT 1) FROM found WHERE found.value IS NOT NULL)
            SELECT value FROM found WHERE value IS NOT NULL
            """;
    }

    private async ValueTask<IReadOnlyList<string>> GetAsync(StoredCommands commands, bool preview, CancellationToken cancel)
    {
        if (preview) return [.. (await ReadAsync(commands, PublishedTables.Preview, cancel)).Union(await ReadAsync(commands, PublishedTables.Public, cancel))];
        if (Volatile.Read(ref _kept) is { Stamp.HasChanged: false } kept) return kept.Sets;

        var stamp = cache.Everything();
        var sets = await ReadAsync(commands, PublishedTables.Public, cancel);
        Volatile.Write(ref _kept, new Kept(stamp, sets));
        return sets;
    }

    private static async ValueTask<List<string>> ReadAsync(StoredCommands commands, string set, CancellationToken cancel)
    {
        var found = new List<string>();
        await using var rows = await commands.Prepare(Sql(set)).ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) found.Add(rows.GetString(0));
        return found;
    }

    private sealed record Kept(AnswerCache.Stamp Stamp, IReadOnlyList<string> Sets);
}

/// <summary>What a licence shows of the articles on record, as lists and searches have to know it.</summary>
internal sealed class Sight
{
    private readonly Licence _licence;
    private readonly ILookup<LicenceLevel, string> _sets;

    public Sight(Licence licence, IReadOnlyList<string> sets)
    {
        (_licence, _sets) = (licence, sets.ToLookup(set => SourceSets.LevelOf(licence, set)));
        var filters = new List<ListFilter>();
        if (licence.Sections is { } sections) filters.Add(new ListFilter(FilterValue.Section, sections));
        if (licence.Languages is { } languages) filters.Add(new ListFilter(FilterValue.Language, [.. languages.Select(FilterText.Fold).Distinct()]));
        if (licence.Sources is not null) filters.Add(new ListFilter(FilterValue.Sources, [.. _sets.Where(ofLevel => ofLevel.Key != LicenceLevel.None).SelectMany(ofLevel => ofLevel)]));
        Filters = filters;
    }

    /// <summary>All of these beside those of the request.</summary>
    public IReadOnlyList<ListFilter> Filters { get; }

    /// <summary>Nothing on record is shown.</summary>
    public bool IsBlind => Filters.Any(filter => filter.Values.Count == 0);

    /// <summary>Whether something is shown in part: a search must then not find it by what is not shown.</summary>
    public bool Reduces => _sets.Contains(LicenceLevel.Teaser) || _sets.Contains(LicenceLevel.Metadata);

    /// <summary>A stored item as it is shown; nothing where it is not.</summary>
    public byte[]? Show(byte[] stored) => LicensedView.Of(ResourceType.Article, stored, _licence)?.Document;

    /// <summary>What a search asks the index: of each article what is shown of it.</summary>
    /// <param name="query">The question as it is put to what is shown at a level, see <see cref="Tokens.SignOf"/>.</param>
    public TokenQuery Narrow(Func<string, TokenQuery> query)
    {
        if (_licence.Sources is null) return query("");

        return TokenQuery.Any([.. _sets.Where(ofLevel => ofLevel.Key != LicenceLevel.None).OrderByDescending(ofLevel => ofLevel.Key)
            .Select(ofLevel => TokenQuery.All([query(Tokens.SignOf(ofLevel.Key)), TokenQuery.Any([.. ofLevel.Select(set => new Has(Tokens.Of(FilterValue.Sources, set)))])]))]);
    }

    /// <summary>The filters, but for what <see cref="Narrow"/> sees to.</summary>
    public IEnumerable<TokenQuery> Others =>
        Filters.Where(filter => filter.Name != FilterValue.Sources).Select(filter => TokenQuery.Any([.. filter.Values.Select(value => new Has(Tokens.Of(filter.Name, value)))]));

    /// <summary>The sign of what is shown of a match, which has come with its terms and facets.</summary>
    public string SignOf(Match match)
    {
        if (!Reduces) return "";

        var sources = FacetValues.ReadAll(match.Facets).Where(value => value.Facet == FacetCounting.Source).Select(value => value.Value).ToList();
        return Tokens.SignOf((LicenceLevel)Math.Max((int)_licence.LevelOf(sources), (int)LicenceLevel.Metadata));
    }
}
