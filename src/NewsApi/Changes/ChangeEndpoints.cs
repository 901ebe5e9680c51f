using NewsApi.Access;
using NewsApi.Http;

namespace NewsApi.Changes;

internal static class ChangeEndpoints
{
    private const string HowToFollow =
        """
        How to keep a copy in step:

        1. Start from the exports (`/v1/exports/articles.ndjson` and its sisters) and their `Changes-Cursor`, or without a cursor: then every public
           article, person and event has an entry, oldest first.
        2. Apply the entries in order; the last entry of a resource wins. `remove`: drop it. `upsert`: with `include=resource` put what it carries in its place; where it
           carries nothing, a later entry of the same resource does. Without `include`, read the resource at its address, or leave it where your copy has the same
           `contentHash`. What you read may be newer than the entry, and a 404 says that it is gone: an entry that tells so follows. Read past any cache of yours.
        3. Store `nextCursor` with the copy once the page is applied, in one transaction. Go on with it at once while `hasMore` is true, else in a while, or
           with `wait=30`: the answer then comes with the next entry. An entry may be told twice, never left out.
        4. A cursor lives for 90 days. 410 `cursorExpired`: it is older, or belongs to another history, as when the server has got another database. Start again
           from the exports, and drop what they do not bring back. 410 `scopeChanged`, where the key has a licence that was changed: the same.
        5. Compare the copy with `/v1/sync/digest` from time to time.

        With a licence the feed is about what the key sees: `contentHash` is that of what it gets, and an article that leaves the licence is a `remove`.

        Drafts and sections are not in the feed.
        """;

    private const string HowToListen =
        """
        Server-sent events (the HTML standard, §9.2): each entry of the feed is an event `change` whose `data` is what `/v1/changes` lists and whose `id` is the cursor
        behind it. A client that comes again sends the last id as `Last-Event-ID`, and misses nothing. A comment every 15 seconds says that the connection
        lives. The answer does not end, and is given only to who asks for `text/event-stream`.
        """;

    public static void MapChanges(this IEndpointRouteBuilder routes)
    {
        var changes = routes.MapGroup("/changes").WithTags("Sync");

        changes.MapMethods("", Endpoints.GetAndHead, List).AsRead().WithName("ListChanges").WithSummary("Follow what changes in public, oldest first").WithDescription(HowToFollow)
            .AllowEverybody(readScope: Scopes.Sync).Produces<ChangePage>().ProducesProblems(400, 410);
        changes.MapMethods("/stream", Endpoints.GetAndHead, Listen).WithName("StreamChanges").WithSummary("Hear what changes in public, as it happens").WithDescription(HowToListen)
            .NeverStored().AllowEverybody(readScope: Scopes.Sync).Produces<Stream>(contentType: ChangeStream.ContentType).ProducesProblems(400, 401, 403, 406, 410, 429, 503);
    }

    private static ValueTask<IResult> List(HttpContext http, [AsParameters] ChangeQuery query, ChangeReader changes, CancellationToken cancel) =>
        changes.ListAsync(http, query, cancel);

    private static Task<IResult> Listen(HttpContext http, [AsParameters] StreamQuery query, ChangeStream stream, CancellationToken cancel) =>
        stream.ListenAsync(http, query, cancel);
}
