using Microsoft.AspNetCore.Mvc;
using NewsApi.Access;
using NewsApi.Http;

namespace NewsApi.Batch;

internal static class BatchEndpoints
{
    /// <summary>Room for five hundred articles.</summary>
    private const int BodyLimit = 16 * 1_048_576;

    private const string HowItRuns =
        """
        Up to 500 jobs, done in their order, each by the rules of its own route; a job may build on those before it. With `atomic=true` all are done in one
        commit or none is, and what was wrong with the first is the answer. Else each is done for itself and `results` say what became of it; sent
        again with the same `Idempotency-Key`, what was done is not done again, and what was refused is tried once more. Every job needs the scope its
        route needs.
        """;

    public static void MapBatch(this IEndpointRouteBuilder routes)
    {
        var batch = routes.MapGroup("/batch").WithTags("Batch");

        batch.MapPost("", Run).WithName("RunBatch").WithSummary("Do several writes in one request").WithDescription(HowItRuns).RequireAnyKey()
            .WithMetadata(new RequestSizeLimitAttribute(BodyLimit)).NeverStored()
            .Accepts<BatchInput>("application/json").Produces<BatchReport>().ProducesProblems(400, 404, 409, 412, 413, 415, 422, 428);
    }

    private static Task<IResult> Run(HttpContext http, JsonBody<BatchInput> body, BatchRunner runner, CancellationToken cancel) =>
        runner.RunAsync(http, body.Value, cancel);
}
