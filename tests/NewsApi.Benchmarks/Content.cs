using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace NewsApi.Benchmarks;

/// <summary>
/// Content of the size that news has, in words that look German: always the same for the same seed. It goes in through the
/// product's own addresses.
/// </summary>
internal sealed class Content(int seed)
{
    private const int People = 200;
    private const int Events = 100;
    private const int Writers = 16;

    private static readonly string[] Nouns =
    [
        "Außenminister", "Bundesregierung", "Sicherheitsgarantien", "Verhandlungen", "Landeshauptmann", "Haushaltsdebatte", "Gemeinderat", "Wärmepumpen",
        "Gespräch", "Waffenruhe", "Bürgermeisterin", "Straßenbahn", "Europäische Union", "Volksabstimmung", "Gerichtshof", "Wirtschaftsforscher",
        "Schneefälle", "Brennerautobahn", "Tarifverträge", "Opposition", "Krankenhäuser", "Strompreise", "Öffentlichkeit", "Untersuchungsausschuss",
    ];

    private static readonly string[] Verbs =
        ["kündigte", "begrüßte", "verschob", "lehnte", "prüfte", "bestätigte", "forderte", "eröffnete", "kritisierte", "beschloss", "erklärte", "verlängerte"];

    private static readonly string[] Rest =
        ["am Dienstag", "nach Angaben aus Kreisen der Verhandler", "überraschend", "mit großer Mehrheit", "in Bozen", "für das kommende Jahr", "unter Vorbehalt", "ohne nähere Begründung", "zum dritten Mal", "gegenüber der Presse"];

    private static readonly string[] GivenNames =
    [
        "Jürgen", "Käthe", "Götz", "Bärbel", "Björn", "Matthäus", "Irmgard", "Anselm", "Walburga", "Rüdiger", "Florian", "Zita", "Konrad", "Theresia", "Lukas", "Hannah", "Elias",
        "Notburga", "Sönke", "Paula",
    ];

    private static readonly string[] FamilyNames =
        ["Großmann-Höß", "Kößler", "Mühlbacher", "Tschurtschenthaler", "Überegger", "Pfeifhofer", "Weißsteiner", "Gschnitzer", "Rottensteiner", "Lüftner"];

    private static readonly string[] Sections = ["politik", "wirtschaft", "chronik", "kultur", "sport"];

    private readonly Random _random = new(seed);

    /// <summary>Writes people, events and public articles.</summary>
    public async Task<Written> WriteAsync(Uri server, string key, int articles)
    {
        using var client = new HttpClient { BaseAddress = server };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var people = await AllAsync(Enumerable.Range(0, People).Select(Person).ToList(), p => CreateAsync(client, "people", p));
        var events = await AllAsync(Enumerable.Range(0, Events).Select(Event).ToList(), e => CreateAsync(client, "events", e));
        var written = await AllAsync(Enumerable.Range(0, articles).Select(i => (Index: i, Json: Article(i, people, events))).ToList(), async article =>
        {
            var id = await CreateAsync(client, "articles", article.Json);
            var at = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(17 * article.Index);
            using var published = await client.PutAsJsonAsync($"/v1/articles/{id}/publication", new JsonObject { ["publishAt"] = at });
            await CheckAsync(published);
            return id;
        });
        return new Written(written, people[0], [.. Enumerable.Range(0, People).Select(Name)], [.. Nouns, .. Verbs]);
    }

    public JsonObject Person(int number) => new()
    {
        ["id"] = Id(),
        ["name"] = Name(number),
        ["description"] = Text(20),
    };

    public JsonObject Event(int number) => new()
    {
        ["id"] = Id(),
        ["title"] = Title(5),
        ["start"] = new JsonObject { ["value"] = new DateOnly(2025, 1, 1).AddDays(3 * number).ToString("O", CultureInfo.InvariantCulture) },
    };

    public JsonObject Article(int number, string[] people, string[] events) => new()
    {
        ["id"] = Id(),
        ["kicker"] = Pick(Nouns),
        ["headline"] = string.Create(CultureInfo.InvariantCulture, $"{Title(7)} ({number})"),
        ["teaser"] = Text(24),
        ["body"] = new JsonArray([.. Enumerable.Range(0, 6).Select(_ => new JsonObject { ["type"] = "paragraph", ["text"] = Text(20) })]),
        ["section"] = new JsonObject { ["slug"] = Pick(Sections) },
        ["tags"] = new JsonArray([.. Several(Nouns, 3).Select(t => JsonValue.Create(t))]),
        ["byline"] = "Redaktion Außenpolitik",
        ["sources"] = new JsonArray(new JsonObject { ["name"] = "APA" }, new JsonObject { ["name"] = "dpa" }),
        ["urgency"] = _random.Next(1, 10),
        ["people"] = new JsonArray([.. Several(people, 5).Select(id => new JsonObject { ["id"] = id, ["relation"] = "mentioned", ["office"] = "Außenminister" })]),
        ["events"] = new JsonArray([.. Several(events, 2).Select(id => new JsonObject { ["id"] = id })]),
    };

    private static string Name(int number) => $"{GivenNames[number % GivenNames.Length]} {FamilyNames[number / GivenNames.Length % FamilyNames.Length]}";

    /// <summary>A UUID of version 7 that the seed decides.</summary>
    private string Id()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        bytes[6] = (byte)(0x70 | bytes[6] & 0x0f);
        bytes[8] = (byte)(0x80 | bytes[8] & 0x3f);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    private string Title(int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Pick(Nouns)));

    public string Text(int words) =>
        string.Join(' ', Enumerable.Range(0, words / 4).Select(_ => $"{Pick(Nouns)} {Pick(Verbs)} die {Pick(Nouns)} {Pick(Rest)}."));

    private string Pick(string[] words) => words[_random.Next(words.Length)];

    private string[] Several(string[] words, int count)
    {
        var shuffled = words.ToArray();
        _random.Shuffle(shuffled);
        return shuffled[..count];
    }

    private static async Task<string[]> AllAsync<T>(List<T> items, Func<T, Task<string>> write)
    {
        var ids = new string[items.Count];
        await Parallel.ForAsync(0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (i, _) => ids[i] = await write(items[i]));
        return ids;
    }

    private static async Task<string> CreateAsync(HttpClient client, string kind, JsonObject content)
    {
        using var created = await client.PostAsJsonAsync($"/v1/{kind}", content);
        await CheckAsync(created);
        return (await created.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
    }

    private static async Task CheckAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{response.RequestMessage!.RequestUri} was refused: {await response.Content.ReadAsStringAsync()}");
    }
}

/// <summary>What was written: ids, and what can be searched for.</summary>
/// <param name="Articles">The ids; each article has its number in the headline, and no other has it.</param>
/// <param name="Person">The id of somebody whom many articles name.</param>
/// <param name="Names">Of all people.</param>
/// <param name="Words">That most articles have.</param>
internal sealed record Written(string[] Articles, string Person, string[] Names, string[] Words);
