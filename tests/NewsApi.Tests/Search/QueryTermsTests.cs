using System.Globalization;
using System.Net;
using CsCheck;
using NewsApi.Search;

namespace NewsApi.Tests.Search;

public class QueryTermsTests
{
    private const string Text =
        "Die Verhandlungen über Sicherheitsgarantien für die Ukraine gehen weiter. Präsident Selenskyjs Berater sprach im Weißen Haus von einer Garantie.";

    [Theory]
    [InlineData("Garantie", "Sicherheitsgarantien|Garantie")]
    [InlineData("Garantien Verhandlung", "Verhandlungen|Sicherheitsgarantien|Garantie")]
    [InlineData("Sicherheitsgarantie", "Sicherheitsgarantien|Garantie")]
    [InlineData("verhandl*", "Verhandlungen")]
    [InlineData("Verhandlungen*", "Verhandlungen")]
    [InlineData("\"weißes Haus\"", "Weißen Haus")]
    [InlineData("\"Haus weißes\"", "")]
    [InlineData("Haus \"gehen weiter\"", "gehen weiter|Haus")]
    [InlineData("Ukraine -Garantie", "Ukraine")]
    [InlineData("Präsident OR Beraterin", "Präsident|Berater")]
    [InlineData("die Ukraine", "Ukraine")]
    [InlineData("die", "Die|die")]
    [InlineData("Krieg", "")]
    [InlineData("\"für die\" \"die Ukraine gehen\"", "für die Ukraine gehen")]
    public void What_a_query_means_is_found(string query, string found) => Assert.Equal(found, Found(Terms(query), Text));

    [Fact]
    public void People_are_found_by_all_their_names()
    {
        var terms = Terms("Zelensky", "Selenskyj", "Wolodymyr Selenskyj");

        Assert.Equal("Selenskyjs", Found(terms, Text));
        Assert.Equal("Wolodymyr Selenskyj|Selenskyj|Zelensky", Found(terms, "Wolodymyr Selenskyj kam, Selenskyj ging, Zelensky came."));
    }

    [Fact]
    public void A_compound_in_the_query_is_not_found_in_a_word_that_has_one_of_its_parts() =>
        Assert.Equal("", Found(Terms("Friedensverhandlung"), "Friedensplan und Verhandlungsführer"));

    [Fact]
    public void A_short_text_is_shown_whole()
    {
        var highlight = Terms("müller").Best("Frau <b>Müller</b> & \"Söhne\" 🙂 d'Arc")!;

        Assert.Equal(0, highlight.Start);
        Assert.Equal("Frau &lt;b&gt;<mark>Müller</mark>&lt;/b&gt; &amp; &quot;Söhne&quot; 🙂 d&#39;Arc", highlight.Html);
    }

    [Fact]
    public void Markup_in_a_text_is_never_markup_in_a_highlight()
    {
        var highlight = Terms("script alert").Best("<script>alert('x')</script> <img onerror=\"alert(1)\">")!;

        Assert.StartsWith("&lt;<mark>script</mark>&gt;<mark>alert</mark>(&#39;x&#39;)&lt;/", highlight.Html, StringComparison.Ordinal);
        Assert.DoesNotContain('<', highlight.Html.Replace("<mark>", "", StringComparison.Ordinal).Replace("</mark>", "", StringComparison.Ordinal));
        Assert.DoesNotContain('"', highlight.Html);
        Assert.DoesNotContain('\'', highlight.Html);
    }

    [Fact]
    public void Of_a_long_text_the_sentence_with_most_of_it_is_shown()
    {
        var filler = string.Join(' ', Enumerable.Repeat("Hier steht etwas anderes in einem ganzen Satz.", 12));
        var text = $"Die Ukraine wird genannt. {filler} Über Garantien für die Ukraine sprach Selenskyj in Florida. {filler}";

        var highlight = Terms("Ukraine Garantie", "Selenskyj").Best(text)!;

        Assert.StartsWith("Über Garantien für die Ukraine sprach Selenskyj", highlight.Text, StringComparison.Ordinal);
        Assert.StartsWith("…Über <mark>Garantien</mark> für die <mark>Ukraine</mark> sprach <mark>Selenskyj</mark> in", highlight.Html, StringComparison.Ordinal);
        Assert.EndsWith("…", highlight.Html, StringComparison.Ordinal);
        Assert.Equal(text.Substring(highlight.Start, highlight.Text.Length), highlight.Text);
        Assert.True(highlight.Text.Length <= 240);
        Assert.Equal(["Garantien", "Ukraine", "Selenskyj"], highlight.Ranges.Select(r => text.Substring(r.Start, r.Length)));
    }

    [Fact]
    public void A_text_without_a_match_has_no_highlight() => Assert.Null(Terms("Krieg").Best(Text));

    [Fact]
    public void A_highlight_is_the_text_it_is_taken_from() =>
        Gen.Select(
            OneOf("Putin", "Moskaus", "Friedensplan", "<b>", "&amp;", "\"x'", "e\u0301", "👩‍👩‍👧", "🙂", " ", " ", " ", ". ", "\n", "\n\n", "日本", "…")
                .Array[0, 120].Select(string.Concat),
            Gen.Int[0, 300],
            OneOf("Putin", "\"Putin Moskau\"", "Plan OR Moskau", "mosk*", "日"))
            .Sample((text, length, query) =>
            {
                var terms = Terms(query);
                var found = terms.Find(text);
                var highlight = terms.Best(text, length);

                if (highlight is null)
                    return found.Count == 0;

                var end = highlight.Start + highlight.Text.Length;
                var html = highlight.Html[(highlight.Start > 0 ? 1 : 0)..(end < text.Length ? ^1 : ^0)];
                var plain = WebUtility.HtmlDecode(html.Replace("<mark>", "", StringComparison.Ordinal).Replace("</mark>", "", StringComparison.Ordinal));

                return highlight.Text == text.Substring(highlight.Start, highlight.Text.Length)
                    && plain == highlight.Text
                    && highlight.Text.Length <= Math.Max(length, 20)
                    && highlight.Ranges.Count > 0
                    && highlight.Ranges.All(r => r.Length > 0 && r.Start >= highlight.Start && r.End <= end)
                    && highlight.Ranges.Zip(highlight.Ranges.Skip(1)).All(p => p.First.End <= p.Second.Start)
                    && IsWhole(text, highlight.Start) && IsWhole(text, end);
            }, iter: 20_000);

    [Fact]
    public void Ranges_are_in_order_and_apart() =>
        OneOf("der", "Plan", "Putin", "Friedensplan", "Moskau", "und").Array[0, 60].Select(w => string.Join(' ', w))
            .Sample(text =>
            {
                var found = Terms("Plan \"Putin Moskau\" \"Moskau Putin Plan\" Mos*", "Putin der Plan").Find(text);
                return found.Zip(found.Skip(1)).All(p => p.First.End < p.Second.Start);
            }, iter: 5_000);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static bool IsWhole(string text, int at) =>
        at == 0 || at == text.Length || char.IsWhiteSpace(text[at - 1]) || StringInfo.ParseCombiningCharacters(text).Contains(at);

    private static QueryTerms Terms(string query, params string[] names)
    {
        Assert.True(QueryParser.TryParse(query, out var parsed, out var fault), fault?.Detail);
        return new QueryTerms(parsed, names);
    }

    private static string Found(QueryTerms terms, string text) => string.Join('|', terms.Find(text).Select(r => text.Substring(r.Start, r.Length)));
}
