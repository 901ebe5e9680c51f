using NewsApi.Access;
using NewsApi.Articles;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Timelines;

namespace NewsApi.People;

internal static class PersonEndpoints
{
    private const string HowMergesWork =
        """
        Answers the person who stays. No link is rewritten, so a merge can be taken back. As long as it stands, articles and events that name the
        merged person show who stays, filters mean both by the id or slug of either, the names of the merged person lead to who stays, and the merged id
        answers with who stays and `requestedId`. Somebody internal who is merged into somebody public is shown and found as that one by everybody.
        """;

    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/people").WithTags("People");

        people.MapMethods("", Endpoints.GetAndHead, List).AsRead().WithName("ListPeople").WithSummary("List people, from A to Z").Produces<Page<PersonResponse>>().ProducesProblems(400, 410);
        people.MapMethods("/{id}", Endpoints.GetAndHead, Get).AsRead().WithName("GetPerson").WithSummary("Get one person").Produces<PersonResponse>().ProducesProblems(400, 404);
        people.MapMethods("/by-slug/{slug}", Endpoints.GetAndHead, GetBySlug).AsRead().WithName("GetPersonBySlug").WithSummary("Get one person by their slug, current or former")
            .Produces<PersonResponse>().ProducesProblems(400, 404);
        people.MapMethods("/{id}/articles", Endpoints.GetAndHead, ListArticles).AsRead().WithName("ListArticlesOfPerson").WithSummary("List the articles that name a person, newest first")
            .Produces<Page<ArticleResponse>>().ProducesProblems(400, 404, 410);
        people.MapMethods("/{id}/timeline", Endpoints.GetAndHead, ListTimeline).AsRead().WithName("ListTimelineOfPerson")
            .WithSummary("List a person's events and the articles that name them in the order of their times, oldest first")
            .Produces<Page<TimelineItem>>().ProducesProblems(400, 404, 410);
        people.MapMethods("/suggest", Endpoints.GetAndHead, Suggest).AsRead().WithName("SuggestPeople").WithSummary("Suggest people while a name is typed, those in the news first")
            .Produces<SuggestionList>().ProducesProblems(400);
        people.MapPost("/match", Match).WithName("MatchPeople").WithSummary("Find whom names mean, in any spelling").AllowEverybody()
            .Accepts<MatchInput>("application/json").Produces<MatchAnswer>().ProducesProblems(400, 401, 403, 413, 415, 422, 429, 503);
        people.MapPost("", Create).WithName("CreatePerson").WithSummary("Create a person").RequireScope(Scopes.People)
            .Accepts<PersonInput>("application/json").Produces<PersonResponse>(201).ProducesProblems(400, 409, 413, 415, 422);
        people.MapPut("/{id}", Replace).WithName("ReplacePerson").WithSummary("Replace a person, or create them under this id").RequireScope(Scopes.People)
            .Accepts<PersonInput>("application/json").Produces<PersonResponse>().Produces<PersonResponse>(201)
            .ProducesProblems(400, 409, 412, 413, 415, 422, 428);
        people.MapPatch("/{id}", Update).WithName("UpdatePerson").WithSummary("Change members of a person (JSON Merge Patch)").RequireScope(Scopes.People)
            .AcceptsPatch<PersonInput>().Produces<PersonResponse>().ProducesProblems(400, 404, 409, 412, 413, 415, 422, 428);
        people.MapPost("/{id}/merge", Merge).WithName("MergePerson").WithSummary("Merge a person into another, who is shown and found in their place")
            .WithDescription(HowMergesWork).RequireScope(Scopes.People).Accepts<MergeInput>("application/json").Produces<PersonResponse>()
            .ProducesProblems(400, 404, 409, 412, 413, 415, 422);
        people.MapDelete("/{id}/merge", Unmerge).WithName("UnmergePerson").WithSummary("Take a merge back: the person is who they were").RequireScope(Scopes.People)
            .Produces<PersonResponse>().ProducesProblems(400, 404, 412);
        people.MapDelete("/{id}", Delete).WithName("DeletePerson").WithSummary("Delete a person nothing links to").RequireScope(Scopes.People)
            .Produces(204).ProducesProblems(400, 404, 409, 412, 428);
        people.MapRevisions<Person, PersonInput, PersonResponse>("Person", Scopes.People);
    }

    private static ValueTask<IResult> List(
        HttpContext http, [AsParameters] PersonQuery query, [AsParameters] ListParameters page, PublishedReader published, CancellationToken cancel) =>
        published.ListAsync(http, query.Narrow(page.Of(ResourceType.Person)), page.Cursor, [], cancel);

    private static ValueTask<IResult> Get(
        HttpContext http, string id, [AsParameters] DocumentParameters parameters, PublishedReader published, CancellationToken cancel) =>
        published.DocumentAsync(http, ResourceType.Person, id, new DocumentView(parameters.IsPreview, false, []), cancel);

    private static ValueTask<IResult> GetBySlug(
        HttpContext http, string slug, [AsParameters] DocumentParameters parameters, PublishedReader published, CancellationToken cancel) =>
        published.BySlugAsync(http, ResourceType.Person, slug, new DocumentView(parameters.IsPreview, false, []), cancel);

    private static ValueTask<IResult> ListArticles(
        HttpContext http, string id, [AsParameters] ArticleQuery query, [AsParameters] ListParameters page, PublishedReader published,
        CancellationToken cancel) => ArticleEndpoints.ListOf(ResourceType.Person, id, http, query, page, published, cancel);

    private static ValueTask<IResult> ListTimeline(
        HttpContext http, string id, [AsParameters] TimelineQuery query, [AsParameters] ListParameters page, PublishedReader published,
        TimelineReader timelines, CancellationToken cancel) => TimelineEndpoints.ListOfPerson(id, http, query, page, published, timelines, cancel);

    private static ValueTask<IResult> Suggest(HttpContext http, [AsParameters] SuggestQuery query, PeopleFinder finder, CancellationToken cancel) =>
        query.Q is null ? new(new ProblemResult(Problems.Parameter("q", "required", "Give the beginning of a name."))) : finder.AnswerAsync(http, query, cancel);

    private static async Task<IResult> Match(
        JsonBody<MatchInput> body, [AsParameters] DocumentParameters parameters, PeopleMatcher matcher, CancellationToken cancel) =>
        TypedResults.Ok(new MatchAnswer { Results = await matcher.MatchAsync(body.Value.Queries, parameters.IsPreview, cancel) });

    private static Task<IResult> Create(HttpContext http, [AsParameters] NoteParameter note, JsonBody<PersonInput> body, Editing<Person, PersonInput> editing, CancellationToken cancel) =>
        editing.CreateAsync(http, body.Value, keepAsDraft: false, note.Text, cancel);

    private static Task<IResult> Replace(
        HttpContext http, string id, [AsParameters] NoteParameter note, JsonBody<PersonInput> body, Editing<Person, PersonInput> editing, CancellationToken cancel) =>
        editing.ReplaceAsync(http, id, body.Value, keepAsDraft: false, note.Text, cancel);

    private static Task<IResult> Update(HttpContext http, string id, [AsParameters] NoteParameter note, JsonPatch patch, Editing<Person, PersonInput> editing, CancellationToken cancel) =>
        editing.UpdateAsync(http, id, patch, keepAsDraft: false, note.Text, cancel);

    private static Task<IResult> Merge(HttpContext http, string id, JsonBody<MergeInput> body, PersonMerging merging, CancellationToken cancel) =>
        merging.MergeAsync(http, id, body.Value, cancel);

    private static Task<IResult> Unmerge(HttpContext http, string id, PersonMerging merging, CancellationToken cancel) =>
        merging.UnmergeAsync(http, id, cancel);

    private static Task<IResult> Delete(
        HttpContext http, string id, [AsParameters] EraseParameter erase, Editing<Person, PersonInput> editing, CancellationToken cancel) =>
        editing.DeleteAsync(http, id, erase.IsAsked, cancel);
}
