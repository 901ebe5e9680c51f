using NewsApi.Access;
using NewsApi.Http;

namespace NewsApi.Audit;

internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/audit").WithTags("Audit");

        audit.MapMethods("", Endpoints.GetAndHead, List).AsJsonRead().WithName("ListAudit").WithSummary("List who did what, newest first").RequireScope(Scopes.Admin)
            .Produces<Page<AuditResponse>>().ProducesProblems(400);
    }

    private static ValueTask<IResult> List(HttpContext http, [AsParameters] AuditQuery query, AuditReader audit, CancellationToken cancel) =>
        audit.ListAsync(http, query, cancel);
}
