using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Timelines;

internal static class TimelineEndpoints
{
    public static void MapTimelines(this IEndpointRouteBuilder routes)
    {
        var timelines = routes.MapGroup("/timelines").WithTags("Timelines");

        timelines.MapMethods("", Endpoints.GetAndHead, List).AsRead().WithName("ListTimeline").WithSummary("List events and articles in the order of their times, oldest first")
            .Produces<Page<TimelineItem>>().ProducesProblems(400, 410);
    }

    /// <summary>The timeline below a person. Nobody there is a 404.</summary>
    public static async ValueTask<IResult> ListOfPerson(
        string id, HttpContext http, TimelineQuery query, ListParameters page, PublishedReader published, TimelineReader timelines, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var guid, out var problem)) return new ProblemResult(problem);
        if (!await published.ExistsAsync(http, new ResourceKey(ResourceType.Person, guid.ToString()), page.IsPreview, cancel)) return new ProblemResult(Problems.NotFound());

        return await timelines.ListAsync(http, query.Narrow(page, [new ListFilter(FilterValue.Person, [guid.ToString()])]), page.Cursor, cancel);
    }

    private static ValueTask<IResult> List(
        HttpContext http, [AsParameters] TimelineSubjects subjects, [AsParameters] TimelineQuery query, [AsParameters] ListParameters page,
        TimelineReader timelines, CancellationToken cancel) =>
        timelines.ListAsync(http, query.Narrow(page, subjects.Filters), page.Cursor, cancel);
}
