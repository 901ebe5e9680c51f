using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Exports;

internal static class ExportEndpoints
{
    private const string HowToExport =
        """
        One resource per line (NDJSON), in the order of the ids, all as they stood at one moment; the hash of a line's canonical form is the `contentHash`
        of the feed. The header `Changes-Cursor` says where to go on in `/v1/changes`: with all three exports, follow from the cursor of the first one.

        An export that is broken off goes on with `after`, the id of the last line that came whole. What the second part was made of is younger than the first, so
        keep the cursor of the first answer. Each key, or each address without one, has one export at a time, and a few run at once in all (503
        otherwise). An export has ten minutes, and is broken off where less than 256 kilobytes of it are taken in ten seconds.
        """;

    public static void MapExports(this IEndpointRouteBuilder routes)
    {
        var exports = routes.MapGroup("/exports").WithTags("Sync");

        exports.MapMethods("/articles.ndjson", Endpoints.GetAndHead, Articles).AsExport("ExportArticles", "Export every public article");
        exports.MapMethods("/people.ndjson", Endpoints.GetAndHead, People).AsExport("ExportPeople", "Export every public person");
        exports.MapMethods("/events.ndjson", Endpoints.GetAndHead, Events).AsExport("ExportEvents", "Export every public event");
    }

    private static void AsExport(this RouteHandlerBuilder endpoint, string name, string summary) => endpoint
        .WithName(name).WithSummary(summary).WithDescription(HowToExport).NeverStored().AllowEverybody(readScope: Scopes.Sync)
        .Produces<Stream>(contentType: "application/x-ndjson").ProducesProblems(400, 401, 403, 429, 503);

    private static Task<IResult> Articles(HttpContext http, [AsParameters] ExportQuery query, ExportWriter exports, CancellationToken cancel) =>
        exports.ExportAsync(http, ResourceType.Article, query.After, cancel);

    private static Task<IResult> People(HttpContext http, [AsParameters] ExportQuery query, ExportWriter exports, CancellationToken cancel) =>
        exports.ExportAsync(http, ResourceType.Person, query.After, cancel);

    private static Task<IResult> Events(HttpContext http, [AsParameters] ExportQuery query, ExportWriter exports, CancellationToken cancel) =>
        exports.ExportAsync(http, ResourceType.Event, query.After, cancel);
}

/// <summary>What an export is asked for.</summary>
public sealed record ExportQuery
{
    /// <summary>Goes on behind the resource with this id (UUID, lower case), which need not be there any more.</summary>
    [FromQuery(Name = "after")]
    public string? After { get; init; }
}

internal sealed class ExportQueryValidator : AbstractValidator<ExportQuery>
{
    public ExportQueryValidator() => RuleFor(q => q.After).Must(after => after is null || (Guid.TryParseExact(after, "D", out var id) && id.ToString() == after))
        .WithErrorCode("invalid").WithMessage("'after' is the id of a resource: a UUID in lower case.");
}
