using NewsApi.Access;
using NewsApi.Http;

namespace NewsApi.Publishing;

/// <summary>The versions of a resource, which are the same three routes for every type.</summary>
internal static class RevisionEndpoints
{
    public static void MapRevisions<TResource, TInput, TResponse>(this IEndpointRouteBuilder resources, string name, string writeScope)
        where TResource : Resource
        where TInput : class, IResourceInput
    {
        // Generic handlers are bound when the program starts.
#pragma warning disable RDG011
        resources.MapMethods("/{id}/revisions", Endpoints.GetAndHead, List<TResource>).AsJsonRead().WithName($"ListRevisionsOf{name}").WithSummary("List the versions ever saved, newest first")
            .RequireScope(Scopes.Preview).Produces<Page<RevisionResponse>>().ProducesProblems(400, 404);
        resources.MapMethods("/{id}/revisions/{version}", Endpoints.GetAndHead, Get<TResource>).AsJsonRead().WithName($"GetRevisionOf{name}")
            .WithSummary("Get a version as it was").WithDescription("What it links to is shown as the newsroom sees it now.")
            .RequireScope(Scopes.Preview).Produces<TResponse>().ProducesProblems(400, 404);
        resources.MapPost("/{id}/revisions/{version}/restore", Restore<TResource, TInput>).WithName($"RestoreRevisionOf{name}")
            .WithSummary("Make a new working version with the content of an earlier one")
            .WithDescription(
                """
                The public keeps what it sees until the newest version is published or written to. Who may see the resource stays as it is now; links
                to what is not there any more are left out, and so is a slug that leads elsewhere by now.
                """)
            .RequireScope(writeScope).Produces<TResponse>().ProducesProblems(400, 404, 409, 412, 422);
#pragma warning restore RDG011
    }

    private static ValueTask<IResult> List<TResource>(
        HttpContext http, string id, [AsParameters] RevisionQuery query, RevisionReader revisions, CancellationToken cancel)
        where TResource : Resource => revisions.ListAsync<TResource>(http, id, query, cancel);

    private static ValueTask<IResult> Get<TResource>(HttpContext http, string id, string version, RevisionReader revisions, CancellationToken cancel)
        where TResource : Resource => revisions.GetAsync<TResource>(http, id, version, cancel);

    private static Task<IResult> Restore<TResource, TInput>(
        HttpContext http, string id, string version, Editing<TResource, TInput> editing, CancellationToken cancel)
        where TResource : Resource
        where TInput : class, IResourceInput => editing.RestoreAsync(http, id, version, cancel);
}
