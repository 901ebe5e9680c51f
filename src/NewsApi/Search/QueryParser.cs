using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NewsApi.Search;

/// <summary>
/// Understands what people type into a search box: words, "phrases", beginnings*, -exclusions, (groups), and OR, AND, NOT or ODER, UND, NICHT in
/// capitals. All words are wanted unless told otherwise, and AND binds closer than OR. Signs that mean nothing here are passed over, and so is an
/// operator that has nothing to work on, because it stands there while somebody is still typing.
/// </summary>
internal static class QueryParser
{
    public const int LongestQuery = 500;
    public const int MostTerms = 32;
    public const int DeepestGroup = 10;
    public const int ShortestPrefix = 2;

    public const string Unbalanced = "unbalanced";
    public const string Empty = "empty";
    public const string TooLong = "tooLong";
    public const string TooComplex = "tooComplex";
    public const string NotAlone = "notAlone";
    public const string PrefixTooShort = "prefixTooShort";

    /// <summary>A query that was checked before.</summary>
    public static QueryNode Parse(string text) =>
        TryParse(text, out var query, out var fault) ? query : throw new ArgumentException(fault.Detail, nameof(text));

    public static bool TryParse(string text, [NotNullWhen(true)] out QueryNode? query, [NotNullWhen(false)] out QueryFault? fault)
    {
        query = null;
        fault = text.Length > LongestQuery
            ? new QueryFault(LongestQuery, TooLong, $"The query has more than {LongestQuery.ToString(CultureInfo.InvariantCulture)} characters.")
            : null;

        if (fault is not null || !QueryLexer.TryRead(text, out var lexemes, out fault))
            return false;

        var parsing = new Parsing(lexemes);
        var whole = parsing.Whole();

        if (whole is null)
            fault = new QueryFault(0, Empty, "The query has no word to search for.");
        else
            fault = Misplaced(whole, parsing);

        query = fault is null ? whole : null;
        return fault is null;
    }

    /// <summary>Something excluded needs something it is excluded from.</summary>
    private static QueryFault? Misplaced(QueryNode node, Parsing parsing) => node switch
    {
        NotNode not => Alone(not, parsing),
        AndNode all when all.Parts.All(p => p is NotNode) => Alone((NotNode)all.Parts[0], parsing),
        AndNode all => all.Parts.Select(p => Misplaced(p is NotNode not ? not.Part : p, parsing)).FirstOrDefault(f => f is not null),
        OrNode any => any.Parts.Select(p => Misplaced(p, parsing)).FirstOrDefault(f => f is not null),
        _ => null,
    };

    private static QueryFault Alone(NotNode not, Parsing parsing) =>
        new(parsing.PlaceOf(not), NotAlone, "Something is excluded here, but nothing is said to be found instead.");

    private sealed class Parsing(List<Lexeme> lexemes)
    {
        private readonly Dictionary<QueryNode, int> _places = new(ReferenceEqualityComparer.Instance);
        private int _at;

        public int PlaceOf(NotNode not) => _places.GetValueOrDefault(not);

        public QueryNode? Whole() => Any();

        private QueryNode? Any()
        {
            var parts = new List<QueryNode>();

            do
            {
                if (All() is { } part)
                    parts.AddRange(part is OrNode any ? any.Parts : [part]);
            }
            while (Skip(LexemeKind.Or));

            return parts.Count > 1 ? new OrNode(parts) : parts.FirstOrDefault();
        }

        private QueryNode? All()
        {
            var parts = new List<QueryNode>();

            while (_at < lexemes.Count && lexemes[_at].Kind is not (LexemeKind.Or or LexemeKind.Close))
            {
                if (!Skip(LexemeKind.And) && One() is { } part)
                    parts.AddRange(part is AndNode all ? all.Parts : [part]);
            }

            return parts.Count > 1 ? new AndNode(parts) : parts.FirstOrDefault();
        }

        private QueryNode? One()
        {
            var first = _at;

            while (Skip(LexemeKind.Not))
            {
            }

            var negations = _at - first;

            if (_at == lexemes.Count || Operand() is not { } part)
                return null;

            if (negations % 2 == 0)
                return part;

            if (part is NotNode twice)
                return twice.Part;

            var not = new NotNode(part);
            _places[not] = lexemes[first].Start;
            return not;
        }

        private QueryNode? Operand()
        {
            var lexeme = lexemes[_at];

            switch (lexeme.Kind)
            {
                case LexemeKind.Word:
                    _at++;
                    return new WordNode(lexeme.Text, lexeme.Start);
                case LexemeKind.Phrase:
                    _at++;
                    return new PhraseNode(lexeme.Text, lexeme.Start);
                case LexemeKind.Prefix:
                    _at++;
                    return new PrefixNode(lexeme.Text, lexeme.Start);
                case LexemeKind.Open:
                    _at++;
                    var group = Any();
                    Skip(LexemeKind.Close);
                    return group;
                default:
                    return null;
            }
        }

        private bool Skip(LexemeKind kind)
        {
            if (_at == lexemes.Count || lexemes[_at].Kind != kind)
                return false;

            _at++;
            return true;
        }
    }
}
