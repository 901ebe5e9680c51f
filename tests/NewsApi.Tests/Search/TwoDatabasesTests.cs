using System.Globalization;
using NewsApi.Generate;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Search;

/// <summary>A search answers the same whichever database is behind it.</summary>
public sealed class TwoDatabasesTests
{
    private const int Queries = 200;

    [Fact]
    public async Task Two_hundred_queries_find_the_same_in_the_same_order_on_both_databases()
    {
        Assert.SkipUnless(TestDatabase.IsPostgres, "NEWSAPI_TEST_POSTGRES names no server to compare SQLite with.");
        using var folder = new TestFolder();
        var clock = new TestClock(DateTimeOffset.Parse("2026-01-02T10:00:00Z", CultureInfo.InvariantCulture));
        await using var postgres = new Api(clock, null);
        await using var sqlite = new Api(clock, folder, ("Storage:Provider", "Sqlite"), ("Storage:MigrateAtStart", "true"), ("ConnectionStrings:News", $"Data Source={Path.Combine(folder, "news.db")}"));
        foreach (var api in (Api[])[postgres, sqlite])
        {
            await api.Generate(2_000, people: 60, events: 60);
            var text = Searching.Short("Der lange Text", clock.Now.AddDays(-1), Long());
            await api.Add([text with { Input = text.Input with { Id = Guid.Parse("0190aaaa-0000-7000-8000-000000000001") } }]);
        }

        var random = new Dice(7, 'q', 0);
        var words = await WordsAsync(sqlite);
        var (found, refused) = (0, 0);
        for (var i = 0; i < Queries; i++)
        {
            var address = Address(random, words);
            var said = await SaidAsync(sqlite, address);
            Assert.Equal((address, said), (address, await SaidAsync(postgres, address)));
            if (said.StartsWith("400", StringComparison.Ordinal)) refused++;
            else if (said.Contains('\n', StringComparison.Ordinal)) found++;
        }

        Assert.True(found > Queries / 2, $"only {found} found something, {refused} were refused");

        // PostgreSQL keeps 256 places of a word.
        foreach (var query in (string[])["\"der Erste\"", "\"der Letzte\"", "\"Letzte der\"", "Letzte", "\"der Mittlere\""])
        {
            var address = $"/v1/articles?{Searching.Q(query)}&count=exact";
            Assert.Equal((address, await SaidAsync(sqlite, address)), (address, await SaidAsync(postgres, address)));
        }
    }

    private static string Long() =>
        $"Der Erste {string.Join(' ', Enumerable.Repeat("der Hund und", 200))} der Mittlere {string.Join(' ', Enumerable.Repeat("der Hund und", 200))} der Letzte der";

    /// <summary>What an answer says, free of what chance decides in it.</summary>
    private static async Task<string> SaidAsync(Api api, string address)
    {
        using var response = await api.Anonymous.Ask(address);
        if ((int)response.StatusCode != 200) return $"{(int)response.StatusCode} {string.Join(' ', (await response.Problem(400)).Places())}";

        var page = await response.Object(System.Net.HttpStatusCode.OK);
        var items = page.Items().Select(i => i["type"] is null ? $"{i.Id()} {i["highlights"]?.ToJsonString()}" : $"{i.Text("type")} {i.Found().Id()} {i["score"]} {i["highlights"]?.ToJsonString()}");
        return string.Join('\n', [.. items, $"{page["total"]} {page["facets"]?.ToJsonString()} {page["explain"]?.ToJsonString()} {page["nextCursor"]}"]);
    }

    private static async Task<List<string>> WordsAsync(Api api)
    {
        var articles = (await api.Anonymous.GetObject("/v1/articles?limit=60&view=full")).Items();
        return
        [
            .. articles.SelectMany(a => Searching.TextOf(a).Split([' ', '\n', '.', ',', '„', '“', ':', '(', ')', '"'], StringSplitOptions.RemoveEmptyEntries)).Distinct(),
            .. (await api.Anonymous.GetObject("/v1/people?limit=60")).Items().SelectMany(p => p["names"]!.AsArray()).Select(n => n!.Text("value")),
        ];
    }

    private static string Address(Dice dice, List<string> words)
    {
        var query = Query(dice, words, 2);
        var more = dice.Between(0, 7) switch
        {
            0 => "&sort=relevance",
            1 => "&sort=relevance&highlight=true&limit=5",
            2 => "&sort=updatedAt",
            3 => "&order=asc&count=exact",
            4 => "&count=exact&facets=section,tag,person,source,month",
            5 => "&publishedFrom=2005-06-01&publishedTo=2006-12-31&facets=tag",
            6 => "&language=de&source=apa&count=exact",
            _ => "&explain=true",
        };
        return dice.In(70) ? $"/v1/articles?{Searching.Q(query)}{more}"
            : dice.In(50) ? $"/v1/search?{Searching.Q(query)}&highlight=true&explain=true"
            : $"/v1/{(dice.In(50) ? "events" : "people")}?{Searching.Q(query)}&count=exact{(dice.In(50) ? "&sort=relevance" : "")}";
    }

    private static string Query(Dice dice, List<string> words, int depth) => dice.Between(0, depth == 0 ? 2 : 8) switch
    {
        0 or 1 => dice.Pick(words),
        2 => $"{dice.Pick(words)[..1]}{dice.Pick(words)[..1]}*",
        3 => Row(words, dice.Between(0, words.Count - 2)),
        4 => $"{Query(dice, words, depth - 1)} {Query(dice, words, depth - 1)}",
        5 => $"{Query(dice, words, depth - 1)} OR {Query(dice, words, depth - 1)}",
        6 => $"{dice.Pick(words)} -({Query(dice, words, depth - 1)})",
        7 => $"({Query(dice, words, depth - 1)} OR {dice.Pick(words)}) {dice.Pick(words)}",
        _ => dice.Pick((string[])["die", "Regierung", "Landtag", "Gemeinde", "in", "Verhand*", "\"in der\""]),
    };

    private static string Row(List<string> words, int at) => $"\"{words[at]} {words[at + 1]}\"";
}
