using NewsApi.People;
using NewsApi.People.Names;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Search;

/// <summary>Words of a query that are somebody's name on record.</summary>
/// <param name="Text">As they stand there.</param>
/// <param name="People">Who has that name.</param>
/// <param name="IsExcluded">Whether the query leaves them out.</param>
internal sealed record NamedInQuery(string Text, IReadOnlyList<string> People, bool IsExcluded);

/// <summary>A query as it was understood.</summary>
internal sealed record ReadQuery(QueryNode Query, Wanted Wanted, IReadOnlyList<NamedInQuery> Named);

/// <summary>
/// Makes of a query what the index is asked for. Words that are a name on record, alone or together with their neighbours, also mean
/// everything that is linked to who has that name, however it is spelled there.
/// </summary>
internal sealed class QueryReading(StoredCommands commands, bool preview)
{
    private const int WordsInName = 4;

    /// <summary>A name that so many people have says nothing about who is meant.</summary>
    private const int Namesakes = 10;

    private readonly Dictionary<string, IReadOnlyList<string>> _owners = [];
    private readonly List<NamedInQuery> _named = [];
    private PeopleGroups _groups = new(new Dictionary<string, string>());
    private bool _isExcluding;

    public async Task<ReadQuery> ReadAsync(QueryNode query, CancellationToken cancel)
    {
        await FindOwnersAsync([.. Texts(query).Distinct()], cancel);
        return new ReadQuery(query, Read(query), _named);
    }

    private Wanted Read(QueryNode node) => node switch
    {
        WordNode word => Named(word.Text, Words(word.Text)),
        PhraseNode phrase => Named(phrase.Text, Words(phrase.Text)),
        PrefixNode prefix => new WantedStart(GermanAnalysis.Fold(prefix.Text), GermanAnalysis.Analyze(prefix.Text)[^1].Word),
        OrNode any => new WantedAny([.. any.Parts.Select(Read)]),
        AndNode all => ReadAll(all),
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };

    private WantedAll ReadAll(AndNode all)
    {
        var wanted = new List<Wanted>();
        var without = new List<Wanted>();
        for (var i = 0; i < all.Parts.Count;)
        {
            if (all.Parts[i] is NotNode not)
            {
                _isExcluding = !_isExcluding;
                without.Add(Read(not.Part));
                _isExcluding = !_isExcluding;
                i++;
                continue;
            }

            // The longest name that begins here.
            var run = Run(all.Parts, i);
            var length = Math.Max(run.Count, 1);
            while (length > 1 && Owners(Text(run.Take(length))).Count == 0) length--;
            wanted.Add(length == 1 ? Read(all.Parts[i]) : Named(Text(run.Take(length)), new WantedAll([.. run.Take(length).Select(w => Words(w.Text))], null)));
            i += length;
        }

        return new WantedAll(wanted, without.Count == 0 ? null : without.Count == 1 ? without[0] : new WantedAny(without));
    }

    private Wanted Named(string text, Wanted words)
    {
        if (Owners(text) is not { Count: > 0 } people) return words;

        _named.Add(new NamedInQuery(text, people, _isExcluding));
        return new WantedPeople(words, [.. people.SelectMany(_groups.Of).Select(id => Tokens.Of(FilterValue.Person, id))]);
    }

    private static Wanted Words(string text) => GermanAnalysis.Analyze(text) is [var word] ? new WantedWord(word) : new WantedRow(GermanAnalysis.Analyze(text));

    private IReadOnlyList<string> Owners(string text) => _owners.GetValueOrDefault(text) ?? [];

    /// <summary>Every text of the query that may be a name.</summary>
    private static IEnumerable<string> Texts(QueryNode node) => node switch
    {
        WordNode word => [word.Text],
        PhraseNode phrase => [phrase.Text],
        OrNode any => any.Parts.SelectMany(Texts),
        NotNode not => Texts(not.Part),
        AndNode all => all.Parts.SelectMany(Texts).Concat(
            Enumerable.Range(0, all.Parts.Count).SelectMany(i => Run(all.Parts, i) is { Count: > 1 } run ? Enumerable.Range(2, run.Count - 1).Select(n => Text(run.Take(n))) : [])),
        _ => [],
    };

    /// <summary>The words that stand together from here on, as many as a name has.</summary>
    private static List<WordNode> Run(IReadOnlyList<QueryNode> parts, int start) => [.. parts.Skip(start).Take(WordsInName).TakeWhile(p => p is WordNode).Cast<WordNode>()];

    private static string Text(IEnumerable<WordNode> words) => string.Join(' ', words.Select(w => w.Text));

    private async Task FindOwnersAsync(List<string> texts, CancellationToken cancel)
    {
        var keys = texts.ToDictionary(t => t, NameKeys.OfQuery);
        var found = await new PeopleReader(commands, preview).FindAsync(FilterValue.Name, keys.Values.SelectMany(k => k), cancel);
        foreach (var (text, ofText) in keys)
        {
            var people = ofText.SelectMany(key => found[key]).Distinct().ToList();
            if (people.Count is > 0 and <= Namesakes) _owners.Add(text, people);
        }

        if (_owners.Count > 0) _groups = await MergedPeople.GroupsAsync(commands, _owners.Values.SelectMany(p => p), cancel);
    }
}
