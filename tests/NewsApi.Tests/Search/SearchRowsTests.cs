using System.Globalization;
using NewsApi.Generate;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Search;

/// <summary>What is in the index depends on what there is, and not on how it came about.</summary>
public sealed class SearchRowsTests
{
    private static readonly TestClock Clock = new(DateTimeOffset.Parse("2026-01-02T10:00:00Z", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task After_any_writes_the_index_is_that_of_a_database_filled_with_their_end(long seed)
    {
        await using var written = new Api(Clock, null);
        await using var filled = new Api(Clock, null);
        var dice = new Dice(seed, 'w', 0);
        var people = new Dictionary<string, string>();
        var articles = new Dictionary<string, Written>();
        for (var i = 0; i < 5; i++)
        {
            var id = Guid.CreateVersion7(Clock.Now).ToString();
            people[id] = $$"""{ "id": "{{id}}", "name": "{{Name(dice)}}" }""";
            await written.Editor.PutJson($"/v1/people/{id}", people[id]).Succeeds(System.Net.HttpStatusCode.Created);
        }

        for (var i = 0; i < 80; i++) await StepAsync();

        foreach (var (id, person) in people) await filled.Editor.PutJson($"/v1/people/{id}", person).Succeeds(System.Net.HttpStatusCode.Created);
        foreach (var (id, article) in articles)
        {
            await filled.Editor.PutJson($"/v1/articles/{id}?draft=true", article.Public ?? article.Newest).Succeeds(System.Net.HttpStatusCode.Created);
            if (article.At is { } at) await filled.Editor.PutJson($"/v1/articles/{id}/publication", $$"""{"publishAt":"{{at}}"}""").Answers();
            if (article.Public is null && article.At is not null) await filled.Editor.Remove($"/v1/articles/{id}/publication", null).Answers();
            if (article.Public is not null && article.Newest != article.Public) await filled.Editor.PutJson($"/v1/articles/{id}?draft=true", article.Newest, "*").Answers();
        }

        Assert.NotEmpty(articles);
        foreach (var set in (string[])["public", "preview"])
        {
            Assert.Equal(Rows(filled, set), Rows(written, set));
            Assert.Equal(Documents(written, set), Rows(written, set).Select(r => r.Key));
        }

        async Task StepAsync()
        {
            var step = dice.Between(0, 11);
            if (step <= 2 || articles.Count == 0)
            {
                var id = Guid.CreateVersion7(Clock.Now).ToString();
                articles[id] = new Written(Article(id));
                await written.Editor.PutJson($"/v1/articles/{id}", articles[id].Newest).Succeeds(System.Net.HttpStatusCode.Created);
                return;
            }

            var one = dice.Pick(articles.Keys.ToArray());
            var article = articles[one];
            switch (step)
            {
                case 3 or 4 or 5:
                    var at = $"2025-0{dice.Between(1, 3)}-0{dice.Between(1, 3)}T08:00:00Z";
                    await written.Editor.PutJson($"/v1/articles/{one}/publication", $$"""{"publishAt":"{{at}}"}""").Answers();
                    articles[one] = article with { Public = article.Newest, At = at };
                    break;
                case 6:
                    await written.Editor.Remove($"/v1/articles/{one}/publication", null).Answers();
                    articles[one] = article with { Public = null };
                    break;
                case 7 or 8:
                    var newest = Article(one);
                    await written.Editor.PutJson($"/v1/articles/{one}", newest, "*").Answers();
                    articles[one] = article with { Newest = newest, Public = article.Public is null ? null : newest };
                    break;
                case 9:
                    var working = Article(one);
                    await written.Editor.PutJson($"/v1/articles/{one}?draft=true", working, "*").Answers();
                    articles[one] = article with { Newest = working };
                    break;
                case 10:
                    await written.Editor.Remove($"/v1/articles/{one}").Succeeds();
                    articles.Remove(one);
                    break;
                default:
                    var person = dice.Pick(people.Keys.ToArray());
                    people[person] = $$"""{ "id": "{{person}}", "name": "{{Name(dice)}}", "visibility": "{{(dice.In(30) ? "internal" : "public")}}" }""";
                    await written.Editor.PutJson($"/v1/people/{person}", people[person], "*").Answers();
                    break;
            }
        }

        string Article(string id) => $$"""
            {
              "id": "{{id}}", "headline": "{{Name(dice)}}", "tags": ["{{Name(dice)}}"], "people": [{ "id": "{{dice.Pick(people.Keys.ToArray())}}" }],
              "body": [{ "type": "paragraph", "text": "{{Name(dice)}} und {{Name(dice)}}" }]
            }
            """;
    }

    private static string Name(Dice dice) => $"{dice.Pick((string[])["Löwenzahn", "Gänseblümchen", "Mauerwerk", "Sicherheit"])} {dice.Pick((string[])["Gruber", "Garantien", "Huber", "Haus"])}";

    private static List<string> Documents(Api api, string set)
    {
        using var stored = StoredTables.Of(api);
        return [.. stored.Rows($"SELECT type, id FROM {set}_documents WHERE type <> 'section'", r => $"{r.GetString(0)} {r.GetString(1)}").Order(StringComparer.Ordinal)];
    }

    /// <summary>The entries with their tokens, by type and id; numbers are given in the order of writes where they meet.</summary>
    private static List<(string Key, string Row)> Rows(Api api, string set)
    {
        using var stored = StoredTables.Of(api);
        var tokens = stored.Tokens(set);
        var rows = stored.Rows(
            $"SELECT number, type, id, sort_key, hash, facets, terms FROM {set}_entries",
            r => (Number: r.GetInt64(0), Key: $"{r.GetString(1)} {r.GetString(2)}",
                Row: $"{r.GetString(3)} {r.GetInt64(4)} {Convert.ToHexString((byte[])r.GetValue(5))} {Convert.ToHexString((byte[])r.GetValue(6))}"));
        Assert.Equal(tokens.Keys.Order(), rows.Select(r => r.Number).Order());
        return [.. rows.Select(r => (r.Key, $"{r.Row} {tokens[r.Number]}")).OrderBy(r => r.Key, StringComparer.Ordinal)];
    }

    /// <param name="Newest">The newest version.</param>
    /// <param name="Public">What the public sees, if anything.</param>
    /// <param name="At">When it was last published.</param>
    private sealed record Written(string Newest, string? Public = null, string? At = null);
}
