using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Access;
using NewsApi.Articles;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Events;

internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        var events = routes.MapGroup("/events").WithTags("Events");

        events.MapMethods("", Endpoints.GetAndHead, List).AsRead().WithName("ListEvents").WithSummary("List events, latest first").Produces<Page<EventResponse>>().ProducesProblems(400, 410);
        events.MapMethods("/{id}", Endpoints.GetAndHead, Get).AsRead().WithName("GetEvent").WithSummary("Get one event").Produces<EventResponse>().ProducesProblems(400, 404);
        events.MapMethods("/by-slug/{slug}", Endpoints.GetAndHead, GetBySlug).AsRead().WithName("GetEventBySlug").WithSummary("Get one event by its slug, current or former")
            .Produces<EventResponse>().ProducesProblems(400, 404);
        events.MapMethods("/{id}/articles", Endpoints.GetAndHead, ListArticles).AsRead().WithName("ListArticlesOfEvent").WithSummary("List the articles about an event, newest first")
            .Produces<Page<ArticleResponse>>().ProducesProblems(400, 404, 410);
        events.MapMethods("/{id}/history", Endpoints.GetAndHead, GetHistory).AsRead().WithName("GetEventHistory").WithSummary("Get how certain an event was, when it was to be and who said so, oldest first")
            .Produces<EventHistory>().ProducesProblems(400, 404);
        events.MapPost("/{id}/status", SetStatus).WithName("SetEventStatus").WithSummary("Report how certain an event is by now, and which article says so")
            .RequireScope(Scopes.Write).Accepts<EventStatusInput>("application/json").Produces<EventResponse>().ProducesProblems(400, 404, 412, 413, 415, 422);
        events.MapPost("", Create).WithName("CreateEvent").WithSummary("Create an event").RequireScope(Scopes.Write)
            .Accepts<EventInput>("application/json").Produces<EventResponse>(201).ProducesProblems(400, 409, 413, 415, 422);
        events.MapPut("/{id}", Replace).WithName("ReplaceEvent").WithSummary("Replace an event, or create it under this id").RequireScope(Scopes.Write)
            .Accepts<EventInput>("application/json").Produces<EventResponse>().Produces<EventResponse>(201)
            .ProducesProblems(400, 409, 412, 413, 415, 422, 428);
        events.MapPatch("/{id}", Update).WithName("UpdateEvent").WithSummary("Change members of an event (JSON Merge Patch)").RequireScope(Scopes.Write)
            .AcceptsPatch<EventInput>().Produces<EventResponse>().ProducesProblems(400, 404, 409, 412, 413, 415, 422, 428);
        events.MapDelete("/{id}", Delete).WithName("DeleteEvent").WithSummary("Delete an event nothing links to").RequireScope(Scopes.Write)
            .Produces(204).ProducesProblems(400, 404, 409, 412, 428);
        events.MapRevisions<NewsEvent, EventInput, EventResponse>("Event", Scopes.Write);
    }

    private static ValueTask<IResult> List(
        HttpContext http, [AsParameters] EventQuery query, [AsParameters] ListParameters page, PublishedReader published, TimeProvider clock,
        CancellationToken cancel) => published.ListAsync(http, query.Narrow(page.Of(ResourceType.Event), clock.Now()), page.Cursor, Includes.Read(query.Include), cancel);

    private static ValueTask<IResult> Get(
        HttpContext http, string id, [AsParameters] EventView view, PublishedReader published, PastReader past, CancellationToken cancel) =>
        view.AsOf is { } asOf ? past.DocumentAsync(http, ResourceType.Event, id, new PastView(asOf, Summary: false, IsPublic: true), cancel) : published.DocumentAsync(http, ResourceType.Event, id, view.Read(), cancel);

    private static ValueTask<IResult> GetBySlug(
        HttpContext http, string slug, [AsParameters] EventView view, PublishedReader published, PastReader past, CancellationToken cancel) =>
        view.AsOf is { } asOf ? past.BySlugAsync(http, ResourceType.Event, slug, new PastView(asOf, Summary: false, IsPublic: true), cancel) : published.BySlugAsync(http, ResourceType.Event, slug, view.Read(), cancel);

    private static ValueTask<IResult> ListArticles(
        HttpContext http, string id, [AsParameters] ArticleQuery query, [AsParameters] ListParameters page, PublishedReader published,
        CancellationToken cancel) => ArticleEndpoints.ListOf(ResourceType.Event, id, http, query, page, published, cancel);

    private static ValueTask<IResult> GetHistory(
        HttpContext http, string id, [AsParameters] DocumentParameters parameters, EventHistoryReader history, CancellationToken cancel) =>
        history.AnswerAsync(http, id, parameters.IsPreview, cancel);

    private static Task<IResult> SetStatus(
        HttpContext http, string id, JsonBody<EventStatusInput> body, EventEditor editor, Editing<NewsEvent, EventInput> editing, CancellationToken cancel) =>
        editing.ChangeAsync(http, id, async (db, newsEvent, token) => (await editor.ReportAsync(db, newsEvent, body.Value, token)).Problem, cancel);

    private static Task<IResult> Create(HttpContext http, [AsParameters] NoteParameter note, JsonBody<EventInput> body, Editing<NewsEvent, EventInput> editing, CancellationToken cancel) =>
        editing.CreateAsync(http, body.Value, keepAsDraft: false, note.Text, cancel);

    private static Task<IResult> Replace(
        HttpContext http, string id, [AsParameters] NoteParameter note, JsonBody<EventInput> body, Editing<NewsEvent, EventInput> editing, CancellationToken cancel) =>
        editing.ReplaceAsync(http, id, body.Value, keepAsDraft: false, note.Text, cancel);

    private static Task<IResult> Update(HttpContext http, string id, [AsParameters] NoteParameter note, JsonPatch patch, Editing<NewsEvent, EventInput> editing, CancellationToken cancel) =>
        editing.UpdateAsync(http, id, patch, keepAsDraft: false, note.Text, cancel);

    private static Task<IResult> Delete(
        HttpContext http, string id, [AsParameters] EraseParameter erase, Editing<NewsEvent, EventInput> editing, CancellationToken cancel) =>
        editing.DeleteAsync(http, id, erase.IsAsked, cancel);
}

/// <summary>How an event is to be shown.</summary>
public sealed record EventView
{
    /// <summary><c>people</c>, <c>events</c> or both: the whole documents of what the event names, in <c>included</c>.</summary>
    [FromQuery(Name = "include")]
    public string[]? Include { get; init; }

    /// <summary><c>published</c> (default), or <c>preview</c>: the working version, with a key.</summary>
    [FromQuery(Name = "perspective")]
    public string? Perspective { get; init; }

    /// <summary>
    /// The event as the public saw it then: an instant, or a date, which means the end of that day in <c>Europe/Rome</c>. 404 where it was not
    /// public then, or is not now. People and the larger event have the names of today.
    /// </summary>
    [FromQuery(Name = "asOf")]
    public string? AsOf { get; init; }

    internal DocumentView Read() => new(Perspective == Perspectives.Preview, false, Includes.Read(Include));
}

internal sealed class EventViewValidator : AbstractValidator<EventView>
{
    public EventViewValidator(TimeProvider clock)
    {
        RuleFor(v => v.AsOf).Past(clock);
        RuleFor(v => v.AsOf).Must((view, asOf) => asOf is null || view is { Include: null or [], Perspective: null or "published" })
            .WithErrorCode("disagreement").WithMessage("'asOf' shows what the public saw, without 'include' and 'perspective=preview'.");
        RuleFor(v => v.Include).Values(Includes.People, Includes.Events);
        RuleFor(v => v.Perspective).OneOf(Perspectives.All);
    }
}
