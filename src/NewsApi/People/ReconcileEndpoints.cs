using Microsoft.AspNetCore.Http.Features;
using NewsApi.Access;
using NewsApi.Http;

namespace NewsApi.People;

internal static class ReconcileEndpoints
{
    private const string Form = "application/x-www-form-urlencoded";

    public static void MapReconcile(this IEndpointRouteBuilder routes)
    {
        var reconcile = routes.MapGroup("/reconcile").WithTags("People");

        reconcile.MapMethods("", Endpoints.GetAndHead, Read).AsRead().WithName("GetReconcileManifest").WithSummary("Describe the reconciliation service, or run a batch (Reconciliation Service API 0.2)")
            .Produces<ReconcileManifest>().ProducesProblems(400);
        reconcile.MapPost("", Run).WithName("ReconcilePeople").WithSummary("Run a batch of reconciliation queries").AllowEverybody()
            .Accepts<ReconcileForm>(Form).Produces<Dictionary<string, ReconcileResult>>().ProducesProblems(400, 401, 403, 413, 415, 429, 503);
        reconcile.MapMethods("/suggest/entity", Endpoints.GetAndHead, Suggest).AsRead().WithName("SuggestReconcilePeople").WithSummary("Suggest people, as reconciliation clients ask for them")
            .Produces<ReconcileSuggestions>().ProducesProblems(400);
        reconcile.MapMethods("/preview", Endpoints.GetAndHead, Preview).WithName("GetReconcilePreview").WithSummary("A few lines about a person as HTML")
            .AllowEverybody().Produces<string>(200, "text/html").ProducesProblems(400, 401, 403, 404, 429, 503);
    }

    private static async ValueTask<IResult> Read(
        HttpContext http, [AsParameters] ReconcileQuery query, Reconciliation reconciliation, AnswerCache cache, PeopleFinder finder, CancellationToken cancel)
    {
        if (query.Queries is null) return reconciliation.Manifest(http);

        var stamp = cache.Everything();
        var results = await reconciliation.MatchAsync(query.Queries, cancel);
        return results.Problem is null ? finder.Keep(http, results.Value!, preview: false, stamp) : new ProblemResult(results.Problem);
    }

    private static async ValueTask<IResult> Run(HttpContext http, Reconciliation reconciliation, CancellationToken cancel)
    {
        if (!http.Request.HasFormContentType || http.Request.ContentType?.StartsWith(Form, StringComparison.OrdinalIgnoreCase) != true)
            return new ProblemResult(Problems.UnsupportedMediaType($"Send {Form}."));

        IFormCollection form;
        try
        {
            form = await new FormFeature(http.Request, new FormOptions { ValueCountLimit = 10 }).ReadFormAsync(cancel);
        }
        catch (InvalidDataException)
        {
            return new ProblemResult(Problems.Malformed("The form is not readable, or has too many fields."));
        }

        if (form["queries"] is not [{ Length: > 0 } queries])
            return new ProblemResult(Problems.Parameter("queries", "required", "Send one field 'queries' with the batch as JSON."));

        var results = await reconciliation.MatchAsync(queries, cancel);
        return results.Problem is null ? Results.Bytes(results.Value!, "application/json; charset=utf-8") : new ProblemResult(results.Problem);
    }

    private static ValueTask<IResult> Suggest(HttpContext http, [AsParameters] ReconcileSuggestQuery query, Reconciliation reconciliation, CancellationToken cancel) =>
        query.Prefix is null
            ? new(new ProblemResult(Problems.Parameter("prefix", "required", "Give the beginning of a name."))) : reconciliation.SuggestAsync(http, query, cancel);

    private static ValueTask<IResult> Preview([AsParameters] ReconcilePreviewQuery query, Reconciliation reconciliation, CancellationToken cancel) =>
        query.Id is null ? new(new ProblemResult(Problems.Parameter("id", "required", "Give the id of a person."))) : reconciliation.PreviewAsync(query.Id, cancel);
}
