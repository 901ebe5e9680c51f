using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Http;

/// <summary>
/// Pages are read while rows come, go and move between them. Whatever stood unchanged the whole time is met once and in order; what was moved may be
/// met again where it stands now; nothing else is met twice.
/// </summary>
public sealed class MovingPagesTests : IAsyncDisposable
{
    private const int Standing = 24;

    private readonly Api _api = new();
    private readonly HashSet<string> _changed = [];
    private readonly HashSet<string> _moved = [];
    private readonly List<string> _known = [];
    private Random _random = new(0);
    private int _made;
    private string _somebody = "";

    // The seed is in the name of a test that fails, and that test does the same again.
    public static TheoryData<string, int> Seeds =>
        [.. from list in (string[])["articles", "people", "events", "timelines"] from seed in Enumerable.Range(1, 6) select new TheoryDataRow<string, int>(list, seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task What_stands_is_met_once_whatever_happens_around_it(string list, int seed)
    {
        _random = new Random(seed);
        if (list == "timelines")
        {
            await _api.Person("Wer Immer", ""","slug":"wer" """);
            _somebody = """{"slug":"wer"}""";
        }

        for (var i = 0; i < Standing; i++) _known.Add(await Make(list));

        for (var walk = 0; walk < 4; walk++)
        {
            _changed.Clear();
            _moved.Clear();
            var order = Pick("asc", "desc");
            var limit = Pick("1", "2", "3", "5");
            var filter = list switch
            {
                "articles" => Pick("", "&tag=a", "&tag=a,b", "&tag=a,b&language=de", "&publishedFrom=2026-01-03", "&publishedTo=2026-01-04&tag=b"),
                "people" => Pick("", "&country=AT", "&country=AT,IT", "&country=AT,IT&office=amt"),
                "timelines" => Pick("&person=wer", "&person=wer&from=2026-01-03", "&person=wer&types=article", "&person=wer&to=2026-01-04"),
                _ => Pick("", "&certainty=planned,announced", "&from=2026-01-03", "&from=2026-01-02&to=2026-01-04", "&from=2026-01-03&certainty=planned"),
            };
            var address = $"/v1/{list}?order={order}{filter}";
            var before = Ids(list, await _api.Anonymous.GetObject($"{address}&limit=200"));
            var met = new List<string>();
            var pages = 0;
            for (var next = $"{address}&limit={limit}"; next is not null;)
            {
                var page = await _api.Anonymous.GetObject(next);
                met.AddRange(Ids(list, page));
                next = page["nextCursor"] is { } cursor ? $"{address}&limit={limit}&cursor={cursor.GetValue<string>()}" : null;

                // New rows come ahead of the walk too; after a while they stop, so that it ends.
                for (var writes = _random.Next(3); next is not null && writes > 0 && pages < 30; writes--) await Change(list);
                Assert.True(pages++ < 300, "The walk does not end.");
            }

            var stood = before.Where(id => !_changed.Contains(id)).ToList();
            Assert.Equal(stood, met.Where(stood.Contains));
            Assert.Empty(met.Where(id => !_moved.Contains(id)).GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key));

            // Nobody is left out for good: what is there now and stood is what was met.
            var after = Ids(list, await _api.Anonymous.GetObject($"{address}&limit=200"));
            Assert.Equal(after.Where(id => !_changed.Contains(id)), met.Where(id => !_changed.Contains(id)));
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static string[] Ids(string list, JsonObject page) =>
        [.. page["items"]!.AsArray().Select(item => (list == "timelines" ? item![item.Text("type")]! : item!).Id())];

    private async Task Change(string list)
    {
        var id = _known[_random.Next(_known.Count)];
        var isArticle = list == "articles" || (list == "timelines" && await _api.Editor.StatusOf($"/v1/articles/{id}?perspective=preview") == HttpStatusCode.OK);
        var address = $"/v1/{(isArticle ? "articles" : list == "people" ? "people" : "events")}/{id}";
        switch (_random.Next(6))
        {
            case 0 or 1:
                var made = await Make(list);
                _known.Add(made);
                _changed.Add(made);
                return;
            case 2:
                await _api.Editor.Remove(address).Succeeds();
                _known.Remove(id);
                break;
            case 3 when isArticle:
                await _api.Editor.Remove($"{address}/publication", null).Answers();
                break;
            case 4 when isArticle:
                await _api.Editor.PutJson($"{address}/publication", $$"""{"publishAt":"{{Instant()}}"}""").Answers();
                _moved.Add(id);
                break;
            default:
                await _api.Editor.PatchJson(address, isArticle ? Article() : list == "people" ? Person() : Event()).Answers();
                if (!isArticle) _moved.Add(id);
                break;
        }

        _changed.Add(id);
    }

    private async Task<string> Make(string list)
    {
        var isArticle = list == "articles" || (list == "timelines" && _random.Next(2) == 0);
        var made = await _api.Editor.PostJson($"/v1/{(isArticle ? "articles" : list == "people" ? "people" : "events")}", isArticle ? Article() : list == "people" ? Person() : Event())
            .Answers(HttpStatusCode.Created);
        if (isArticle) await _api.Editor.PutJson($"/v1/articles/{made.Id()}/publication", $$"""{"publishAt":"{{Instant()}}"}""").Answers();
        return made.Id();
    }

    // Few values, so that many rows share one and pages end between them.
    private string Instant() => $"2026-01-0{_random.Next(1, 6)}T0{_random.Next(2)}:00:00Z";

    private string Article() => $$"""{"headline":"Artikel {{_made++}}","tags":["{{Pick("a", "b", "c")}}"],"people":[{{_somebody}}]}""";

    private string Person() => $$"""{"name":"{{Pick("Abel", "Berger", "Ähre")}}","offices":[{"title":"Amt","country":"{{Pick("AT", "IT", "DE")}}"}]}""";

    private string Event() => $$"""
        {"title":"Ereignis {{_made++}}","start":{"value":"{{Pick("2026-01", "2026-01-01", "2026-01-03", "2026-01-03T15:00", "2026-01-05")}}"},
        "certainty":"{{Pick("planned", "announced", "confirmed")}}","participants":[{{(_somebody.Length > 0 ? $$"""{"person":{{_somebody}}}""" : "")}}]}
        """;

    private string Pick(params string[] values) => values[_random.Next(values.Length)];
}
