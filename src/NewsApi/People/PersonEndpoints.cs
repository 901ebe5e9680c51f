using NewsApi.Access;
using NewsApi.Articles;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Timelines;

namespace NewsApi.People;

internal static class PersonEndpoints
{
    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/people").WithTags("People");

        people.MapRead("", List).WithName("ListPeople").WithSummary("List people, from A to Z").Produces<Page<PersonResponse>>().ProducesProblems(400);
        people.MapRead("/{id}", Get).WithName("GetPerson").WithSummary("Get one person").Produces<PersonResponse>().ProducesProblems(400, 404);
        people.MapRead("/by-slug/{slug}", GetBySlug).WithName("GetPersonBySlug").WithSummary("Get one person by their slug, current or former")
            .Produces<PersonResponse>().ProducesProblems(400, 404);
        people.MapRead("/{id}/articles", ListArticles).WithName("ListArticlesOfPerson").WithSummary("List the articles that name a person, newest first")
            .Produces<Page<ArticleResponse>>().ProducesProblems(400, 404);
        people.MapRead("/{id}/timeline", ListTimeline).WithName("ListTimelineOfPerson")
            .WithSummary("List a person's events and the articles that name them in the order of their times, oldest first")
            .Produces<Page<TimelineItem>>().ProducesProblems(400, 404);
        people.MapRead("/suggest", Suggest).WithName("SuggestPeople").WithSummary("Suggest people while a name is typed, those in the news first")
            .Produces<SuggestionList>().ProducesProblems(400);
        people.MapPost("/match", Match).WithName("MatchPeople").WithSummary("Find whom names mean, in any spelling").AllowEverybody()
            .Accepts<MatchInput>("application/json").Produces<MatchAnswer>().ProducesProblems(400, 401, 403, 413, 415, 422, 503);
        people.MapPost("", Create).WithName("CreatePerson").WithSummary("Create a person").RequireScope(Scopes.People)
            .Accepts<PersonInput>("application/json").Produces<PersonResponse>(201).ProducesProblems(400, 409, 413, 415, 422);
        people.MapPut("/{id}", Replace).WithName("ReplacePerson").WithSummary("Replace a person, or create them under this id").RequireScope(Scopes.People)
            .Accepts<PersonInput>("application/json").Produces<PersonResponse>().Produces<PersonResponse>(201)
            .ProducesProblems(400, 409, 412, 413, 415, 422, 428);
        people.MapPatch("/{id}", Update).WithName("UpdatePerson").WithSummary("Change members of a person (JSON Merge Patch)").RequireScope(Scopes.People)
            .AcceptsPatch<PersonInput>().Produces<PersonResponse>().ProducesProblems(400, 404, 409, 412, 413, 415, 422, 428);
        people.MapDelete("/{id}", Delete).WithName("DeletePerson").WithSummary("Delete a person nothing links to").RequireScope(Scopes.People)
            .Produces(204).ProducesProblems(400, 404, 409, 412, 428);
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

    private static Task<IResult> Create(HttpContext http, JsonBody<PersonInput> body, Editing<Person, PersonInput> editing, CancellationToken cancel) =>
        editing.CreateAsync(http, body.Value, keepAsDraft: false, cancel);

    private static Task<IResult> Replace(
        HttpContext http, string id, JsonBody<PersonInput> body, Editing<Person, PersonInput> editing, CancellationToken cancel) =>
        editing.ReplaceAsync(http, id, body.Value, keepAsDraft: false, cancel);

    private static Task<IResult> Update(HttpContext http, string id, JsonPatch patch, Editing<Person, PersonInput> editing, CancellationToken cancel) =>
        editing.UpdateAsync(http, id, patch, keepAsDraft: false, cancel);

    private static Task<IResult> Delete(HttpContext http, string id, Editing<Person, PersonInput> editing, CancellationToken cancel) =>
        editing.DeleteAsync(http, id, cancel);
}
