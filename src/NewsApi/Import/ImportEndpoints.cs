using Microsoft.Net.Http.Headers;
using NewsApi.Access;
using NewsApi.Http;

namespace NewsApi.Import;

internal static class ImportEndpoints
{
    public static void MapImports(this IEndpointRouteBuilder routes)
    {
        var imports = routes.MapGroup("/imports").WithTags("Imports");

        imports.MapPost("", Import).WithName("CreateImport").WithSummary("Import a page saved as text").RequireScope(Scopes.Write)
            .Accepts<string>("text/plain").Produces<ImportReport>().ProducesProblems(400, 409, 413, 415, 422);
    }

    private static async Task<IResult> Import(HttpContext http, Importer importer, CancellationToken cancel)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || type.MediaType != "text/plain")
            return new ProblemResult(Problems.UnsupportedMediaType("Send text/plain."));
        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return new ProblemResult(Problems.UnsupportedMediaType($"Send the text in UTF-8; '{type.Charset}' is not known here."));

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, cancel);
        var outcome = await importer.AnswerPageAsync(body.ToArray(), Caller.Of(http), cancel);
        return outcome.Problem is { } problem ? new ProblemResult(problem) : outcome.Value!;
    }
}
