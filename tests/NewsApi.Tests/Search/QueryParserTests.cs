using CsCheck;
using NewsApi.Search;

namespace NewsApi.Tests.Search;

public class QueryParserTests
{
    private static readonly Gen<string> AnyText =
        Gen.OneOf(
            Gen.String[Gen.Char, 0, 60],
            Gen.String[Gen.Char["aäbß1 \"„“«»()-*'’.,:/+|#\\&\u0301\uD83D\uDE42\u0000\t北"], 0, 60],
            OneOf("Putin", "Moskau", "AND", "ODER", "NICHT", "OR", "NOT", "-", "(", ")", "\"", "„", "“", "*", " ", " ", "Res*", "3,5", "Putin-Res", "Bürger:innen", "a")
                .Array[0, 40].Select(string.Concat));

    private static readonly Gen<QueryNode> Leaf = Gen.OneOf(
        OneOf("Putin", "Wahl", "F-16", "3,5", "Bürger:innen", "oder", "d'Arc", "Привет").Select(w => (QueryNode)new WordNode(w, 0)),
        OneOf("Haus", "Weißes Haus", "der, die", "AND OR", "x -y (z*)").Select(p => (QueryNode)new PhraseNode(p, 0)),
        OneOf("Si", "Größ", "gar").Select(p => (QueryNode)new PrefixNode(p, 0)));

    [Theory]
    [InlineData("Putin", "Putin")]
    [InlineData("  Putin   Selenskyj ", "Putin Selenskyj")]
    [InlineData("Putin AND Selenskyj UND Trump", "Putin Selenskyj Trump")]
    [InlineData("Putin OR Selenskyj ODER Trump", "Putin OR Selenskyj OR Trump")]
    [InlineData("a b OR c d", "a b OR c d")]
    [InlineData("a (b OR c) d", "a (b OR c) d")]
    [InlineData("a (b c) (d)", "a b c d")]
    [InlineData("a OR (b OR c)", "a OR b OR c")]
    [InlineData("Putin -Trump", "Putin -Trump")]
    [InlineData("Putin NOT Trump NICHT Biden", "Putin -Trump -Biden")]
    [InlineData("Putin AND NOT Trump", "Putin -Trump")]
    [InlineData("-Trump Putin", "-Trump Putin")]
    [InlineData("Putin -\"Weißes Haus\" -(a OR b)", "Putin -\"Weißes Haus\" -(a OR b)")]
    [InlineData("Putin -(a -b)", "Putin -(a -b)")]
    [InlineData("Putin -(-Trump)", "Putin Trump")]
    [InlineData("Putin --Trump NOT NOT Biden", "Putin Trump Biden")]
    [InlineData("„Weißes Haus“ “x y” «z» \"w\" »v«", "\"Weißes Haus\" \"x y\" \"z\" \"w\" \"v\"")]
    [InlineData("Sicherheits* Garantie", "Sicherheits* Garantie")]
    [InlineData("Putin-Residenz F-16 3,5 20:53", "Putin-Residenz F-16 3,5 20:53")]
    [InlineData("Putin-Res*", "Putin Res*")]
    [InlineData("NOT-Res*", "\"NOT\" Res*")]
    [InlineData("Putin - Trump – x, y; z!", "Putin Trump x y z")]
    [InlineData("and or not und oder nicht", "and or not und oder nicht")]
    [InlineData("Putin AND", "Putin")]
    [InlineData("OR Putin OR", "Putin")]
    [InlineData("Putin \"\" () NOT", "Putin")]
    [InlineData("Bürger:innen Bürger*innen Bürger(innen)", "Bürger:innen Bürger*innen Bürger(innen)")]
    [InlineData("+Putin #Krieg \"a b\"c", "Putin Krieg \"a b\" c")]
    [InlineData("\"Vater (tot\"", "\"Vater (tot\"")]
    public void A_query_has_one_meaning(string text, string canonical) => Assert.Equal(canonical, Parsed(text).ToString());

    [Theory]
    [InlineData("", 0, "empty")]
    [InlineData(" -- !? () \"\" ", 0, "empty")]
    [InlineData("AND OR NOT", 0, "empty")]
    [InlineData("-Putin", 0, "notAlone")]
    [InlineData("-Putin -Trump", 0, "notAlone")]
    [InlineData("Putin OR -Trump", 9, "notAlone")]
    [InlineData("Putin -(-a -b)", 8, "notAlone")]
    [InlineData("Putin (Trump", 6, "unbalanced")]
    [InlineData("Putin) Trump", 5, "unbalanced")]
    [InlineData("Putin \"Weißes Haus", 6, "unbalanced")]
    [InlineData("Putin *", 6, "prefixTooShort")]
    [InlineData("Putin T*", 6, "prefixTooShort")]
    [InlineData("*amt", 0, "prefixTooShort")]
    [InlineData("((((((((((( a )))))))))))", 10, "tooComplex")]
    public void A_query_that_cannot_be_understood_says_where(string text, int position, string code)
    {
        Assert.False(QueryParser.TryParse(text, out _, out var fault));
        Assert.Equal((position, code), (fault.Position, fault.Code));
    }

    [Fact]
    public void A_query_has_limits()
    {
        Assert.False(QueryParser.TryParse(new string('a', 501), out _, out var fault));
        Assert.Equal((500, QueryParser.TooLong), (fault.Position, fault.Code));
        Assert.True(QueryParser.TryParse(new string('a', 500), out _, out _));

        Assert.False(QueryParser.TryParse(string.Join(' ', Enumerable.Repeat("a", 33)), out _, out fault));
        Assert.Equal((64, QueryParser.TooComplex), (fault.Position, fault.Code));
        Assert.True(QueryParser.TryParse(string.Join(' ', Enumerable.Repeat("a", 32)), out _, out _));
        Assert.True(QueryParser.TryParse("(((((((((( a ))))))))))", out _, out _));
    }

    [Fact]
    public void A_term_knows_where_it_stands()
    {
        const string Text = "Putin „ Weißes Haus“ -(Sich*)";

        var all = Assert.IsType<AndNode>(Parsed(Text));

        Assert.Equal(new WordNode("Putin", 0), all.Parts[0]);
        Assert.Equal(new PhraseNode("Weißes Haus", 8), all.Parts[1]);
        Assert.Equal(new NotNode(new PrefixNode("Sich", 23)), all.Parts[2]);
    }

    [Fact]
    public void Any_text_is_a_query_or_a_fault_inside_it() =>
        AnyText.Sample(text =>
        {
            if (!QueryParser.TryParse(text, out var query, out var fault))
                return fault.Position >= 0 && fault.Position <= text.Length && fault.Detail.Length > 0;

            return Leaves(query).All(l => GermanAnalysis.Analyze(l.Text).Count > 0 && text.AsSpan(l.Start).StartsWith(l.Text)) && IsWellFormed(query);
        }, iter: 20_000);

    [Fact]
    public void What_a_query_is_written_as_means_the_same() =>
        AnyText.Sample(text =>
        {
            if (!QueryParser.TryParse(text, out var query, out _))
                return true;

            return QueryParser.TryParse(query.ToString()!, out var again, out _) && Unplaced(again).Equals(Unplaced(query)) && again.ToString() == query.ToString();
        }, iter: 20_000);

    [Fact]
    public void A_tree_is_understood_as_it_was_meant() =>
        Tree(3).Sample(tree => QueryParser.TryParse(tree.ToString()!, out var query, out _) && Unplaced(query).Equals(tree), iter: 5_000);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static QueryNode Parsed(string text)
    {
        Assert.True(QueryParser.TryParse(text, out var query, out var fault), fault?.Detail);
        return query;
    }

    private static Gen<QueryNode> Tree(int depth) => depth == 0 ? Leaf : Gen.Frequency((2, Leaf), (2, All(depth)), (1, Any(depth)));

    private static Gen<QueryNode> All(int depth) =>
        Gen.Select(Tree(depth - 1).Where(t => t is not AndNode).Array[1, 2], Tree(depth - 1).Array[0, 2])
            .Where((wanted, not) => wanted.Length + not.Length > 1)
            .Select((wanted, not) => (QueryNode)new AndNode([.. wanted, .. not.Select(n => new NotNode(n))]));

    private static Gen<QueryNode> Any(int depth) => Tree(depth - 1).Where(t => t is not OrNode).Array[2, 3].Select(parts => (QueryNode)new OrNode(parts));

    private static IEnumerable<(string Text, int Start)> Leaves(QueryNode node) => node switch
    {
        WordNode word => [(word.Text, word.Start)],
        PhraseNode phrase => [(phrase.Text, phrase.Start)],
        PrefixNode prefix => [(prefix.Text, prefix.Start)],
        AndNode all => all.Parts.SelectMany(Leaves),
        OrNode any => any.Parts.SelectMany(Leaves),
        NotNode not => Leaves(not.Part),
        _ => throw new ArgumentException("unknown", nameof(node)),
    };

    private static QueryNode Unplaced(QueryNode node) => node switch
    {
        WordNode word => word with { Start = 0 },
        PhraseNode phrase => phrase with { Start = 0 },
        PrefixNode prefix => prefix with { Start = 0 },
        AndNode all => new AndNode([.. all.Parts.Select(Unplaced)]),
        OrNode any => new OrNode([.. any.Parts.Select(Unplaced)]),
        NotNode not => new NotNode(Unplaced(not.Part)),
        _ => throw new ArgumentException("unknown", nameof(node)),
    };

    private static bool IsWellFormed(QueryNode node) => node switch
    {
        AndNode all => all.Parts.Count > 1 && all.Parts.Any(p => p is not NotNode)
            && all.Parts.All(p => p is not AndNode && IsWellFormed(p is NotNode { Part: not NotNode } not ? not.Part : p)),
        OrNode any => any.Parts.Count > 1 && any.Parts.All(p => p is not (OrNode or NotNode) && IsWellFormed(p)),
        NotNode => false,
        _ => true,
    };
}
