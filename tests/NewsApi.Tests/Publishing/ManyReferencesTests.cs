using System.Net;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Publishing;

/// <summary>More articles name somebody than are rendered in one write: the others follow, whatever happens to the program.</summary>
public sealed class ManyReferencesTests : IDisposable
{
    private const int Articles = 1_100;

    private readonly TestFolder _folder = new();

    [Fact]
    public async Task More_than_a_thousand_articles_follow_a_rename_also_across_a_restart()
    {
        string person;
        await using (var api = new Api(null, _folder))
        {
            person = (await api.Person("Steven Witkoff")).Id();
            await Parallel.ForEachAsync(Enumerable.Range(0, Articles), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
                await api.Article($"Meldung {i}", $$""","slug":"m-{{i}}","people":[{"id":"{{person}}"}]"""));

            await RenameAsync(api, person, "Steve Witkoff");
            await Sending.Eventually(() => AllNameAsync(api, person, "Steve Witkoff"), "every article has the new name");

            await RenameAsync(api, person, "Steven C. Witkoff");
        }

        await using var again = new Api(null, _folder);
        await Sending.Eventually(() => AllNameAsync(again, person, "Steven C. Witkoff"), "every article has the newest name");
    }

    public void Dispose() => _folder.Dispose();

    private static Task RenameAsync(Api api, string person, string name) =>
        api.Editor.PatchJson($"/v1/people/{person}", $$"""{"name":"{{name}}"}""").Answers(HttpStatusCode.OK);

    private static async Task<bool> AllNameAsync(Api api, string person, string name)
    {
        var named = 0;
        string? cursor = null;
        do
        {
            var page = await api.Anonymous.GetObject($"/v1/people/{person}/articles?limit=200{(cursor is null ? "" : $"&cursor={cursor}")}");
            named += page["items"]!.AsArray().Count(a => a!["people"]![0]!.Text("name") == name);
            cursor = page["nextCursor"]?.GetValue<string>();
        }
        while (cursor is not null);

        return named == Articles;
    }
}
