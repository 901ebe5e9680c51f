using NewsApi.Access;
using NewsApi.Articles;
using NewsApi.Events;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Publishing;
using NewsApi.Sections;

namespace NewsApi.Generate;

/// <summary>How much is to be generated, and from which seed.</summary>
internal sealed record Amounts(int Articles, int People, int Events, long Seed);

/// <summary>
/// Puts generated content on record, beside what is there. What an earlier run with the same seed has written is passed over,
/// so that a run that was stopped is finished by the same command.
/// </summary>
internal sealed class Generator(
    Publisher publisher,
    BulkPublisher<Person, PersonInput> people,
    BulkPublisher<NewsEvent, EventInput> events,
    BulkPublisher<Article, ArticleInput> articles)
{
    private static readonly Caller Caller = new("generate");

    /// <param name="progress">Gives for a kind of resource and its number what hears how many are done.</param>
    public async Task<Outcome<BulkReport>> RunAsync(Amounts amounts, Func<string, int, IProgress<int>> progress, CancellationToken cancel)
    {
        var content = new GeneratedContent(amounts.Seed, amounts.People, amounts.Events);
        if (await AddSectionsAsync(cancel) is { } problem) return problem;

        var total = new BulkReport(0, 0);
        return await AddAsync(people, amounts.People, i => new NewResource<PersonInput>(content.Person(i)))
            ?? await AddAsync(events, amounts.Events, i => new NewResource<EventInput>(content.Event(i)))
            ?? await AddAsync(articles, amounts.Articles, content.Article)
            ?? (Outcome<BulkReport>)total;

        async Task<Outcome<BulkReport>?> AddAsync<TResource, TInput>(BulkPublisher<TResource, TInput> bulk, int count, Func<int, NewResource<TInput>> make)
            where TResource : Resource
            where TInput : class, IResourceInput
        {
            var kind = ResourceTypes.Of<TResource>();
            var outcome = await bulk.AddAsync(Enumerable.Range(0, count).Select(make), Caller, progress(kind.Plural(), count), cancel);
            if (outcome.Problem is not null) return outcome;

            total = new BulkReport(total.Written + outcome.Value!.Written, total.Known + outcome.Value.Known);
            return null;
        }
    }

    /// <summary>A section that is there keeps the name it has.</summary>
    private async Task<Problem?> AddSectionsAsync(CancellationToken cancel)
    {
        var outcome = await publisher.WriteAsync<bool>(
            async (db, token) =>
            {
                foreach (var (slug, name) in GeneratedContent.Sections)
                {
                    var section = await SectionEditor.FindOrAddAsync(db, slug, name, token);
                    if (section.PublicVersion is null) section.PublishNewest = true;
                }

                return true;
            },
            Caller,
            cancel);
        return outcome.Problem;
    }
}
