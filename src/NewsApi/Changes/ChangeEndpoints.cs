using NewsApi.Http;

namespace NewsApi.Changes;

internal static class ChangeEndpoints
{
    private const string HowToFollow =
        """
        How to keep a copy in step:

        1. Start without a cursor. Every public article, person and event has an entry, oldest first.
        2. Apply the entries in order; the last entry of a resource wins. `remove`: drop it. `upsert`: read the resource at `/v1/articles/{id}`,
           `/v1/people/{id}` or `/v1/events/{id}`, or leave it where your copy has the same `contentHash`. What you read may be newer than
           the entry, and a 404 says that it is gone: an entry that tells so follows. Read past any cache of yours, which may be older.
        3. Store `nextCursor` with the copy once the page is applied. Go on with it at once while `hasMore` is true, else in a while. An entry
           may be told twice, never left out.
        4. 410 `cursorExpired`: the cursor belongs to another history, as when the server has got another database. Start again without one,
           and drop what the feed does not bring back.

        Drafts and sections are not in the feed.
        """;

    public static void MapChanges(this IEndpointRouteBuilder routes)
    {
        var changes = routes.MapGroup("/changes").WithTags("Changes");

        changes.MapRead("", List).WithName("ListChanges").WithSummary("Follow what changes in public, oldest first").WithDescription(HowToFollow)
            .Produces<ChangePage>().ProducesProblems(400, 410);
    }

    private static ValueTask<IResult> List(HttpContext http, [AsParameters] ChangeQuery query, ChangeReader changes, CancellationToken cancel) =>
        changes.ListAsync(http, query, cancel);
}
