using NewsApi.Access;
using NewsApi.Http;

namespace NewsApi.Sync;

internal static class SyncEndpoints
{
    private const string HowToCompare =
        """
        How to prove that a copy is right:

        1. Send the cursor up to which the copy has followed the feed. Leave out of the copy, for this comparison, what `changedSince` names.
        2. Lay what is left into as many buckets: the index is the first four bytes of SHA-256 over the id, as a big-endian number, modulo `buckets`.
           The hash of a bucket is SHA-256 over a line `type id version contentHash` with a line feed for each resource, in the order of types and ids.
           Work out `contentHash` from the copy itself: SHA-256 over the canonical form (RFC 8785) of the resource.
        3. Where count and hash of every bucket agree the copy is right. Ask for the content of one that differs with `bucket`, and the row that is wrong
           is the one that differs there.
        """;

    public static void MapSync(this IEndpointRouteBuilder routes)
    {
        var sync = routes.MapGroup("/sync").WithTags("Sync");

        sync.MapMethods("/digest", Endpoints.GetAndHead, Digest).AsRead().WithName("GetDigest").WithSummary("Say what is public by hashes, to compare a copy with")
            .WithDescription(HowToCompare).AllowEverybody(readScope: Scopes.Sync).Produces<DigestResponse>().ProducesProblems(400, 409, 410);
    }

    private static ValueTask<IResult> Digest(HttpContext http, [AsParameters] DigestQuery query, DigestReader digests, CancellationToken cancel) =>
        digests.ReadAsync(http, query, cancel);
}
