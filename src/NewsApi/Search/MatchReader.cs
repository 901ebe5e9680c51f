using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Search;

/// <summary>Which entries are meant: of one type, between two numbers, with these tokens, and what else an entry must be.</summary>
internal sealed record MatchRequest
{
    public required ResourceType Type { get; init; }
    public bool Preview { get; init; }

    /// <summary>Nothing: any.</summary>
    public TokenQuery? Tokens { get; init; }
    public required long Low { get; init; }
    public required long High { get; init; }

    /// <summary>Versions saved at or after this instant, in milliseconds since 1970.</summary>
    public long? UpdatedFrom { get; init; }

    /// <summary>Spans of time that end here or later.</summary>
    public string? UntilFrom { get; init; }

    /// <summary>Spans of time that end before this instant.</summary>
    public string? Past { get; init; }

    /// <summary>Whether it leaves nothing out of the type.</summary>
    public bool IsEverything =>
        Tokens is null && UpdatedFrom is null && UntilFrom is null && Past is null && Low == EntryNumbers.First(Type) && High == EntryNumbers.Last(Type);
}

/// <summary>An entry that was found.</summary>
/// <param name="More">Its terms or its facets, where they were asked for.</param>
internal sealed record Match(long Number, ResourceKey Key, string SortKey, long UpdatedAt, bool IsWorking, byte[] More)
{
    /// <summary>Its facets, where they were asked for beside the terms.</summary>
    public byte[] Facets { get; init; } = [];
}

/// <summary>What is read of an entry beside its keys.</summary>
internal enum More
{
    Nothing,
    Terms,
    Facets,
    TermsAndFacets,
}

/// <summary>
/// Finds entries of the index, in the order of their numbers or of their last versions. A working version stands in for the public one
/// where the newsroom asks.
/// </summary>
internal sealed class MatchReader(StoredCommands commands, ISearchIndex index, MatchRequest request)
{
    /// <summary>So many entries are sorted at most; more are walked in the order that is asked for, where they cannot be rare.</summary>
    public const int Few = 2_000;

    /// <summary>So many entries are read at once along the order of updates.</summary>
    private const int Step = 500;

    private static readonly string[] PublicSet = [PublishedTables.Public];
    private static readonly string[] BothSets = [PublishedTables.Preview, PublishedTables.Public];

    /// <summary>The newest matches first, or the oldest.</summary>
    public async Task<List<Match>> ByNumberAsync(bool descending, int limit, More more, CancellationToken cancel)
    {
        if (request.UpdatedFrom is not null && await FewUpdatedAsync(more, cancel) is { } few)
            return [.. (descending ? few.OrderByDescending(m => m.Number) : few.OrderBy(m => m.Number)).Take(limit)];

        var found = new List<Match>();
        foreach (var set in Sets)
        {
            var ofSet = new List<Match>();
            foreach (var sql in Find(set, Columns(more), Condition(set), descending, limit, () => ofSet.Count))
            {
                ofSet = await ReadAsync(set, sql, cancel);
                if (ofSet.Count == limit) break;
            }

            found.AddRange(ofSet);
        }

        return Sets.Length == 1 ? found : [.. (descending ? found.OrderByDescending(m => m.Number) : found.OrderBy(m => m.Number)).Take(limit)];
    }

    /// <summary>Those whose newest version was saved last, or first.</summary>
    /// <param name="after">Behind this entry, by the instant of its version and its number.</param>
    public async Task<List<Match>> ByUpdateAsync(bool descending, (long UpdatedAt, long Number)? after, int limit, CancellationToken cancel)
    {
        if (!request.IsEverything)
        {
            var few = await ByNumberAsync(descending: true, Few + 1, More.Nothing, cancel);
            if (few.Count <= Few) return Sorted(few, descending, after, limit);
        }

        // Matches are not far apart, so a walk along the order finds a page of them soon.
        var found = new List<Match>();
        var step = request.IsEverything ? limit : Step;
        foreach (var set in Sets)
        {
            var matching = await NumbersAsync(set, cancel);
            var (place, ofSet) = (after, new List<Match>());
            while (true)
            {
                var entries = await ReadAsync(set, Walk(set, descending, place is not null, step), cancel, ("after_updated", place?.UpdatedAt), ("after_number", place?.Number));
                ofSet.AddRange(entries.Where(m => matching?.Contains(m.Number) != false).Take(limit - ofSet.Count));
                if (entries.Count < step || ofSet.Count == limit) break;

                place = (entries[^1].UpdatedAt, entries[^1].Number);
            }

            found.AddRange(ofSet);
        }

        return Sorted(found, descending, null, limit);
    }

    public async Task<long> CountAsync(CancellationToken cancel)
    {
        var count = 0L;
        foreach (var set in Sets)
        {
            var sql = request.Tokens is null
                ? $"SELECT count(*) FROM {set}_entries AS e WHERE e.number BETWEEN @low AND @high {Condition(set)}"
                : index.Count(set, Condition(set));
            count += Convert.ToInt64(await Prepare(sql).ExecuteScalarAsync(cancel), System.Globalization.CultureInfo.InvariantCulture);
        }

        return count;
    }

    private string[] Sets => request.Preview ? BothSets : PublicSet;

    /// <summary>Where few entries of the type were saved since, those are looked at one by one; otherwise nothing, and matches are not far apart.</summary>
    private async Task<List<Match>?> FewUpdatedAsync(More more, CancellationToken cancel)
    {
        var found = new List<Match>();
        foreach (var set in Sets)
        {
            var since = $"FROM {set}_entries WHERE type = @type AND updated_at >= @updated_from ORDER BY updated_at DESC, number DESC";
            if (await Prepare(FormattableString.Invariant($"SELECT number {since} LIMIT 1 OFFSET {Few}")).ExecuteScalarAsync(cancel) is not null) return null;

            var sql = FormattableString.Invariant(
                $"SELECT {Columns(more)} FROM (SELECT * {since} LIMIT {Few}) AS e WHERE e.number BETWEEN @low AND @high {Condition(set)}");
            var recent = await ReadAsync(set, sql, cancel);
            var matching = recent.Count == 0 ? null : await NumbersAsync(set, cancel);
            found.AddRange(recent.Where(m => matching?.Contains(m.Number) != false));
        }

        return found;
    }

    private IEnumerable<string> Find(string set, string columns, string condition, bool descending, int limit, Func<int> found) => request.Tokens is not null
        ? index.Find(set, columns, condition, descending, limit, found)
        : [FormattableString.Invariant($"""
            SELECT {columns} FROM {set}_entries AS e WHERE e.number BETWEEN @low AND @high {condition}
            ORDER BY e.number {(descending ? "DESC" : "ASC")} LIMIT {limit}
            """)];

    /// <summary>Those that have the tokens; nothing where none are asked for.</summary>
    private async Task<HashSet<long>?> NumbersAsync(string set, CancellationToken cancel)
    {
        if (request.Tokens is null) return null;

        var numbers = new HashSet<long>();
        await using var rows = await Prepare(index.Numbers(set)).ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) numbers.Add(rows.GetInt64(0));
        return numbers;
    }

    private string Walk(string set, bool descending, bool isAfter, int limit)
    {
        var (order, comparison) = descending ? ("DESC", "<") : ("ASC", ">");
        return FormattableString.Invariant($"""
            SELECT {Columns(More.Nothing)} FROM {set}_entries AS e
            WHERE e.type = @type AND e.number BETWEEN @low AND @high {(isAfter ? $"AND (e.updated_at, e.number) {comparison} (@after_updated, @after_number)" : "")}
                {Condition(set)}
            ORDER BY e.updated_at {order}, e.number {order} LIMIT {limit}
            """);
    }

    private string Condition(string set)
    {
        var condition = "";
        if (request.UpdatedFrom is not null) condition += " AND e.updated_at >= @updated_from";
        if (request.UntilFrom is not null) condition += $" AND {Until(set)} >= @until_from";
        if (request.Past is not null) condition += $" AND {Until(set)} < @past";
        if (request.Preview && set == PublishedTables.Public)
            condition += " AND NOT EXISTS (SELECT 1 FROM preview_documents AS w WHERE w.type = e.type AND w.id = e.id)";
        return condition;
    }

    private static string Until(string set) =>
        $"(SELECT c.until FROM {set}_cards AS c WHERE c.type = e.type AND c.sort_key = e.sort_key AND c.id = e.id)";

    private async Task<List<Match>> ReadAsync(string set, string sql, CancellationToken cancel, params (string, object?)[] parameters)
    {
        var found = new List<Match>();
        await using var rows = await Prepare(sql, parameters).ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            found.Add(new Match(
                rows.GetInt64(0), new ResourceKey(request.Type, rows.GetString(2)), rows.GetString(1), rows.GetInt64(3), set == PublishedTables.Preview,
                rows.FieldCount > 4 ? (byte[])rows.GetValue(4) : [])
            {
                Facets = rows.FieldCount > 5 ? (byte[])rows.GetValue(5) : [],
            });
        }

        return found;
    }

    private System.Data.Common.DbCommand Prepare(string sql, params (string Name, object? Value)[] parameters)
    {
        (string Name, object? Value)[] all =
        [
            ("type", request.Type.Name()), ("match", request.Tokens is null ? null : index.Write(request.Tokens)), ("low", request.Low), ("high", request.High),
            ("updated_from", request.UpdatedFrom), ("until_from", request.UntilFrom), ("past", request.Past), .. parameters,
        ];
        return commands.Prepare(sql, [.. all.Where(p => sql.Contains('@' + p.Name, StringComparison.Ordinal))]);
    }

    private static string Columns(More more) => $"e.number, e.sort_key, e.id, e.updated_at{more switch { More.Terms => ", e.terms", More.Facets => ", e.facets", More.TermsAndFacets => ", e.terms, e.facets", _ => "" }}";

    private static List<Match> Sorted(IEnumerable<Match> matches, bool descending, (long UpdatedAt, long Number)? after, int limit)
    {
        var sorted = descending
            ? matches.OrderByDescending(m => m.UpdatedAt).ThenByDescending(m => m.Number)
            : matches.OrderBy(m => m.UpdatedAt).ThenBy(m => m.Number);
        return after is not { } place
            ? [.. sorted.Take(limit)]
            : [.. sorted.Where(m => (m.UpdatedAt, m.Number).CompareTo(place) is var side && (descending ? side < 0 : side > 0)).Take(limit)];
    }
}
