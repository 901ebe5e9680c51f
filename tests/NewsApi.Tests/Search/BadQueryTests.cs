using System.Net;
using System.Text;
using CsCheck;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Search;

/// <summary>Whatever is typed into a search box, the answer is a page or a word about what is wrong with it.</summary>
public sealed class BadQueryTests : IAsyncLifetime
{
    private static readonly string[] Lists = ["/v1/search", "/v1/articles", "/v1/people", "/v1/events"];

    private readonly Api _api = new();

    public async ValueTask InitializeAsync()
    {
        await _api.Article("Bericht über a und b", ""","teaser":"NEAR title rowid tokens AND OR NOT"}""".TrimEnd('}'));
        await _api.Person("Anna Bericht");
        await _api.Event("Bericht");
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("   ", "empty")]
    [InlineData("…", "empty")]
    [InlineData("&|!<->", "empty")]
    [InlineData("OR", "empty")]
    [InlineData("()", "empty")]
    [InlineData("\"\"", "empty")]
    [InlineData("((((", "unbalanced")]
    [InlineData("a)", "unbalanced")]
    [InlineData("\"a", "unbalanced")]
    [InlineData("-a", "notAlone")]
    [InlineData("b OR -a", "notAlone")]
    [InlineData("-(a b)", "notAlone")]
    [InlineData("*", "prefixTooShort")]
    [InlineData("a*", "prefixTooShort")]
    [InlineData("((((((((((((a))))))))))))", "tooComplex")]
    public async Task What_cannot_be_understood_is_refused_by_name(string query, string code)
    {
        foreach (var list in Lists)
        {
            using var response = await _api.Anonymous.Ask($"{list}?{Searching.Q(query)}");
            var problem = await response.Problem(400, "invalidParameter");
            Assert.Equal(["q"], problem.Places());
            Assert.Equal((list, code), (list, problem["errors"]![0]!.Text("code")));
        }
    }

    [Fact]
    public async Task What_is_too_long_or_has_too_many_words_is_refused()
    {
        foreach (var list in Lists)
        {
            foreach (var query in (string[])[new string('a', 501), new string('a', 10_000), string.Join(' ', Enumerable.Range(0, 33)), string.Concat(Enumerable.Repeat("((", 1_000))])
            {
                using var response = await _api.Anonymous.Ask($"{list}?{Searching.Q(query)}");
                Assert.Equal(["q"], (await response.Problem(400, "invalidParameter")).Places());
            }

            await _api.Anonymous.GetObject($"{list}?{Searching.Q(new string('a', 500))}");
            await _api.Anonymous.GetObject($"{list}?{Searching.Q(string.Join(' ', Enumerable.Range(0, 32)))}");
        }
    }

    [Theory]
    [InlineData("q=%00")]
    [InlineData("q=a%00b")]
    [InlineData("q=%ED%A0%80")]
    [InlineData("q=a%ED%B0%80b")]
    [InlineData("q=%FF")]
    public async Task What_is_no_text_is_refused_or_passed_over_but_never_fails(string query)
    {
        foreach (var list in Lists)
        {
            using var response = await _api.Anonymous.Ask($"{list}?{query}");
            Assert.True((int)response.StatusCode is 200 or 400, $"{list}?{query}: {(int)response.StatusCode}");
            if (response.StatusCode == HttpStatusCode.BadRequest) Assert.Equal(["q"], (await response.Problem(400, "invalidParameter")).Places());
        }
    }

    [Theory]
    [InlineData("/v1/search", "q")]
    [InlineData("/v1/articles?sort=relevance", "sort")]
    [InlineData("/v1/people?sort=relevance", "sort")]
    [InlineData("/v1/events?sort=relevance", "sort")]
    [InlineData("/v1/articles?sort=Relevance&q=a", "sort")]
    [InlineData("/v1/articles?sort=headline", "sort")]
    [InlineData("/v1/articles?sort=", "sort")]
    [InlineData("/v1/people?sort=publishedAt", "sort")]
    [InlineData("/v1/events?sort=name", "sort")]
    [InlineData("/v1/articles?q=a&sort=relevance&order=asc", "order")]
    [InlineData("/v1/people?q=a&sort=relevance&order=asc", "order")]
    [InlineData("/v1/articles?highlight=true", "highlight")]
    [InlineData("/v1/articles?q=a&highlight=1", "highlight")]
    [InlineData("/v1/articles?explain=true", "explain")]
    [InlineData("/v1/search?q=a&explain=yes", "explain")]
    [InlineData("/v1/articles?facets=headline", "facets")]
    [InlineData("/v1/articles?facets=", "facets")]
    [InlineData("/v1/articles?facets=tag,,person", "facets")]
    [InlineData("/v1/articles?updatedFrom=gestern", "updatedFrom")]
    [InlineData("/v1/search?q=a&types=section", "types")]
    [InlineData("/v1/search?q=a&types=", "types")]
    [InlineData("/v1/search?q=a&limit=201", "limit")]
    [InlineData("/v1/search?q=a&order=asc", "order")]
    [InlineData("/v1/search?q=a&cursor=x", "cursor")]
    [InlineData("/v1/people?q=a&highlight=true", "highlight")]
    public async Task A_parameter_that_does_not_go_here_is_refused_by_name(string address, string parameter)
    {
        using var response = await _api.Anonymous.Ask(address);

        Assert.Equal([parameter], (await response.Problem(400, "invalidParameter")).Places());
    }

    [Theory]
    [InlineData("NEAR(a b)")]
    [InlineData("NEAR(a b, 2)")]
    [InlineData("tokens:Bericht")]
    [InlineData("{tokens}: Bericht")]
    [InlineData("^Bericht")]
    [InlineData("Bericht + a")]
    [InlineData("Bericht' OR 1=1 --")]
    [InlineData("Bericht:*")]
    [InlineData("Bericht <-> a")]
    [InlineData("Bericht <2> a")]
    [InlineData("Bericht & !a")]
    [InlineData("Bericht | a")]
    [InlineData("!Bericht a")]
    [InlineData("Bericht:A")]
    [InlineData("\\")]
    [InlineData("Bericht\\")]
    [InlineData("\"Bericht\\\"")]
    [InlineData("'Bericht'")]
    [InlineData("''Bericht''")]
    [InlineData("Bericht;DROP TABLE articles")]
    [InlineData("@match")]
    [InlineData("$1 Bericht")]
    [InlineData("%Bericht% _")]
    [InlineData("|Bericht +Bericht #Bericht")]
    [InlineData("#0123456789abcdef")]
    [InlineData("+sicherheit")]
    public async Task The_operators_of_the_databases_mean_nothing(string query)
    {
        foreach (var list in Lists)
        {
            foreach (var more in (string[])["", "&explain=true", "&limit=1"])
            {
                using var response = await _api.Anonymous.Ask($"{list}?{Searching.Q(query)}{more}");
                Assert.True((int)response.StatusCode is 200 or 400, $"{list} {query}: {(int)response.StatusCode}");
            }
        }

        // Nor do the signs by which the index tells its own kinds of token.
        Assert.Empty(await _api.Anonymous.Ids($"/v1/articles?{Searching.Q("#0123456789abcdef")}"));
    }

    [Fact]
    public async Task Any_text_is_answered_or_refused_by_name()
    {
        var signs = "aäbßé1 \"„“«»()-*'’.,:/+|#\\&!<>^{}~@$%_;=\u0301\U0001F642\t\n北".EnumerateRunes().Select(r => r.ToString()).ToArray();
        var words = (string[])["Bericht", "OR", "AND", "NOT", "NICHT", "ODER", "NEAR", "Berichte*", "\"Bericht über\"", "-Bericht", "tokens:", "(", ")", "Sicherheitsgarantie", "Зеленський", "d'Arc", "3,5", "1.000"];
        var anyText = Gen.OneOf(
            Gen.String[Gen.Char, 0, 40],
            One(signs).Array[0, 40].Select(string.Concat),
            One(words).Array[1, 8].Select(parts => string.Join(' ', parts)),
            Gen.Select(One(words), One(signs), One(words), (a, sign, b) => $"{a}{sign}{b}"));

        await anyText.SampleAsync(
            async text =>
            {
                // What has no form in UTF-8 cannot be sent.
                var query = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
                foreach (var address in (string[])[$"/v1/search?{Searching.Q(query)}&highlight=true&explain=true", $"/v1/articles?{Searching.Q(query)}&sort=relevance&highlight=true&count=exact&facets=tag"])
                {
                    using var response = await _api.Anonymous.Ask(address);
                    if (response.StatusCode == HttpStatusCode.OK) continue;

                    Assert.Contains("q", (await response.Problem(400, "invalidParameter")).Places());
                }
            },
            iter: 400, threads: 2);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static Gen<string> One(string[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);
}
