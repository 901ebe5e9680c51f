using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Sections;

internal static class SectionEndpoints
{
    public static void MapSections(this IEndpointRouteBuilder routes)
    {
        var sections = routes.MapGroup("/sections").WithTags("Sections");

        sections.MapMethods("", Endpoints.GetAndHead, List).AsRead().WithName("ListSections").WithSummary("List sections, from A to Z").Produces<Page<SectionRef>>().ProducesProblems(400, 410);
        sections.MapPut("/{slug}", Replace).WithName("ReplaceSection").WithSummary("Name a section, or create it").RequireScope(Scopes.Write)
            .Accepts<SectionInput>("application/json").Produces<SectionRef>().Produces<SectionRef>(201).ProducesProblems(400, 413, 415, 422);
        sections.MapDelete("/{slug}", Delete).WithName("DeleteSection").WithSummary("Delete a section no article stands in").RequireScope(Scopes.Write)
            .Produces(204).ProducesProblems(400, 404, 409);
    }

    private static ValueTask<IResult> List(HttpContext http, [AsParameters] ListParameters page, PublishedReader published, CancellationToken cancel) =>
        published.ListAsync(http, page.Of(ResourceType.Section), page.Cursor, [], cancel);

    private static async Task<IResult> Replace(
        HttpContext http, string slug, JsonBody<SectionInput> body, Publisher publisher, CancellationToken cancel)
    {
        if (slug.Length > Resource.SlugLimit || !Rules.SlugPattern().IsMatch(slug))
            return new ProblemResult(Problems.Parameter("slug", "invalid", "A slug has lower-case letters a to z, digits and single hyphens."));

        var created = false;
        var outcome = await publisher.WriteAsync<Section>(
            async (db, token) =>
            {
                created = await SectionEditor.FindToChangeAsync(db, slug, token) is null;
                var section = await SectionEditor.FindOrAddAsync(db, slug, body.Value.Name, token);
                section.Name = body.Value.Name;
                section.PublishNewest = true;
                return section;
            },
            Caller.Of(http),
            cancel);
        if (outcome.Problem is { } problem) return new ProblemResult(problem);

        var reference = new SectionRef { Slug = slug, Name = body.Value.Name };
        return created ? TypedResults.Created("/v1/sections", reference) : TypedResults.Ok(reference);
    }

    private static async Task<IResult> Delete(HttpContext http, string slug, Publisher publisher, CancellationToken cancel)
    {
        var outcome = await publisher.WriteAsync<Section>(
            async (db, token) =>
            {
                if (await SectionEditor.FindToChangeAsync(db, slug, token) is not { } section) return Problems.NotFound();
                if (await Links.IsShownAsync(db, section.Key, token)) return Problems.InUse("Articles stand in this section; move them first.");

                db.Remove(section);
                return section;
            },
            Caller.Of(http),
            cancel);
        return outcome.Problem is { } problem ? new ProblemResult(problem) : TypedResults.NoContent();
    }
}
