using System.Text.Json;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Search;

namespace NewsApi.Articles;

internal static class ArticleEndpoints
{
    public static void MapArticles(this IEndpointRouteBuilder routes)
    {
        var articles = routes.MapGroup("/articles").WithTags("Articles");

        articles.MapMethods("", Endpoints.GetAndHead, List).AsRead().WithName("ListArticles").WithSummary("List articles, newest first").Produces<Page<ArticleResponse>>().ProducesProblems(400, 410);
        articles.MapMethods("/{id}", Endpoints.GetAndHead, Get).AsRead().WithName("GetArticle").WithSummary("Get one article").WithMetadata(new OpenToPreviewLinks()).Produces<ArticleResponse>().ProducesProblems(400, 404)
            .NeedsPreviewFor("asOf");
        articles.MapMethods("/by-slug/{slug}", Endpoints.GetAndHead, GetBySlug).AsRead().WithName("GetArticleBySlug").WithSummary("Get one article by its slug, current or former")
            .Produces<ArticleResponse>().ProducesProblems(400, 404).NeedsPreviewFor("asOf");
        articles.MapMethods("/{id}/related", Endpoints.GetAndHead, ListRelated).AsRead().WithName("ListRelatedArticles")
            .WithSummary("List articles with the same people, events, tags or rare words, the nearest first").Produces<Page<ArticleResponse>>().ProducesProblems(400, 404);
        articles.MapPost("", Create).WithName("CreateArticle").WithSummary("Create an article, as a draft").RequireScope(Scopes.Write)
            .Accepts<ArticleInput>("application/json").Produces<ArticleResponse>(201).ProducesProblems(400, 409, 413, 415, 422);
        articles.MapPut("/{id}", Replace).WithName("ReplaceArticle").WithSummary("Replace an article, or create it under this id").RequireScope(Scopes.Write)
            .Accepts<ArticleInput>("application/json").Produces<ArticleResponse>().Produces<ArticleResponse>(201)
            .ProducesProblems(400, 409, 412, 413, 415, 422, 428);
        articles.MapPatch("/{id}", Update).WithName("UpdateArticle").WithSummary("Change members of an article (JSON Merge Patch)").RequireScope(Scopes.Write)
            .AcceptsPatch<ArticleInput>().Produces<ArticleResponse>().ProducesProblems(400, 404, 409, 412, 413, 415, 422, 428);
        articles.MapDelete("/{id}", Delete).WithName("DeleteArticle").WithSummary("Delete an article").RequireScope(Scopes.Write)
            .Produces(204).ProducesProblems(400, 404, 412, 428);
        articles.MapPut("/{id}/publication", Publish).WithName("PublishArticle").WithSummary("Make the newest version public, now or at its time").RequireScope(Scopes.Publish)
            .Accepts<PublicationInput>(isOptional: true, "application/json").Produces<ArticleResponse>().ProducesProblems(400, 404, 409, 412, 413, 415, 422);
        articles.MapDelete("/{id}/publication", Withdraw).WithName("WithdrawArticle").WithSummary("Cancel a schedule; where there is none, take the article from the public").RequireScope(Scopes.Publish)
            .Produces<ArticleResponse>().ProducesProblems(400, 404, 412);
        articles.MapPost("/{id}/preview-links", CreatePreviewLink).WithName("CreatePreviewLink")
            .WithSummary("Make a link that shows the working version of an article to somebody without a key").RequireScope(Scopes.Preview).NeverStored()
            .Accepts<PreviewLinkInput>(isOptional: true, "application/json").Produces<PreviewLinkResponse>(201).ProducesProblems(400, 404, 413, 415, 422);
        articles.MapMethods("/{id}/diff", Endpoints.GetAndHead, Diff).AsJsonRead().WithName("GetDiffOfArticle").WithSummary("Compare two versions of an article").RequireScope(Scopes.Preview)
            .Produces<ArticleDiff>().ProducesProblems(400, 404);
        articles.MapRevisions<Article, ArticleInput, ArticleResponse>("Article", Scopes.Write);
    }

    /// <summary>The list below a person or an event: the same parameters, that filter fixed. Nobody there is a 404, nothing there an empty page.</summary>
    public static async ValueTask<IResult> ListOf(
        ResourceType type, string id, HttpContext http, ArticleQuery query, ListParameters page, PublishedReader published, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var guid, out var problem)) return new ProblemResult(problem);
        if (!await published.ExistsAsync(http, new ResourceKey(type, guid.ToString()), page.IsPreview, cancel)) return new ProblemResult(Problems.NotFound());

        var filter = new ListFilter(type == ResourceType.Person ? FilterValue.Person : FilterValue.Event, [guid.ToString()]);
        var request = query.Narrow(page.Of(ResourceType.Article));
        return await published.ListAsync(http, request with { Filters = [filter, .. request.Filters] }, page.Cursor, Includes.Read(query.Include), cancel);
    }

    private static ValueTask<IResult> List(
        HttpContext http, [AsParameters] ArticleQuery query, [AsParameters] ListParameters page, PublishedReader published, CancellationToken cancel) =>
        published.ListAsync(http, query.Narrow(page.Of(ResourceType.Article)), page.Cursor, Includes.Read(query.Include), cancel);

    private static ValueTask<IResult> Get(
        HttpContext http, string id, [AsParameters] ArticleView view, [AsParameters] PreviewLinkToken link, PublishedReader published, PastReader past,
        CancellationToken cancel)
    {
        if (link.Token is not null && view.Perspective != Perspectives.Preview)
            return new(new ProblemResult(Problems.Parameter("token", "disagreement", "A token goes with perspective=preview.")));

        return view.Past is { } asOf ? past.DocumentAsync(http, ResourceType.Article, id, asOf, cancel) : published.DocumentAsync(http, ResourceType.Article, id, view.Read(), cancel);
    }

    private static ValueTask<IResult> GetBySlug(
        HttpContext http, string slug, [AsParameters] ArticleView view, PublishedReader published, PastReader past, CancellationToken cancel) =>
        view.Past is { } asOf ? past.BySlugAsync(http, ResourceType.Article, slug, asOf, cancel) : published.BySlugAsync(http, ResourceType.Article, slug, view.Read(), cancel);

    private static ValueTask<IResult> ListRelated(
        HttpContext http, string id, [AsParameters] RelatedQuery query, RelatedReader related, CancellationToken cancel) =>
        related.ListAsync(http, id, query, cancel);

    private static Task<IResult> Create(
        HttpContext http, [AsParameters] NoteParameter note, JsonBody<ArticleInput> body, Editing<Article, ArticleInput> editing, CancellationToken cancel) =>
        editing.CreateAsync(http, body.Value, keepAsDraft: true, note.Text, cancel);

    private static Task<IResult> Replace(
        HttpContext http, string id, [AsParameters] DraftParameter draft, [AsParameters] NoteParameter note, JsonBody<ArticleInput> body, Editing<Article, ArticleInput> editing,
        CancellationToken cancel) => editing.ReplaceAsync(http, id, body.Value, draft.KeepsAsDraft, note.Text, cancel);

    private static Task<IResult> Update(
        HttpContext http, string id, [AsParameters] DraftParameter draft, [AsParameters] NoteParameter note, JsonPatch patch, Editing<Article, ArticleInput> editing,
        CancellationToken cancel) => editing.UpdateAsync(http, id, patch, draft.KeepsAsDraft, note.Text, cancel);

    private static Task<IResult> Delete(
        HttpContext http, string id, [AsParameters] EraseParameter erase, Editing<Article, ArticleInput> editing, CancellationToken cancel) =>
        editing.DeleteAsync(http, id, erase.IsAsked, cancel);

    private static async Task<IResult> Diff(HttpContext http, string id, [AsParameters] DiffQuery query, RevisionReader revisions, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var guid, out var problem)) return new ProblemResult(problem);

        var pair = await revisions.PairAsync<Article, ArticleInput>(http, guid, QueryValues.Number(query.From), QueryValues.Number(query.To), cancel);
        if (pair.Problem is { } missing) return new ProblemResult(missing);
        if (Licences.Of(http) is { } licence && ((ArticleInput[])[pair.Value.From.Input, pair.Value.To.Input]).Any(input => licence.LevelOf(ArticleScope.Of(input)) != LicenceLevel.Full))
            return new ProblemResult(Problems.NotShownWhole());

        var body = JsonSerializer.SerializeToUtf8Bytes(ArticleDiff.Of(guid, pair.Value.From, pair.Value.To), WireJson.Default.ArticleDiff);
        return new Answer(body, Answer.TagOf(body));
    }

    private static Task<IResult> Publish(
        HttpContext http, string id, OptionalJsonBody<PublicationInput> body, TimeProvider clock, Editing<Article, ArticleInput> editing,
        CancellationToken cancel) =>
        editing.ChangeAsync(
            http, id, article => Publication.Plan(article, body.Value ?? new PublicationInput(), clock.Now()), cancel);

    private static async Task<IResult> CreatePreviewLink(
        HttpContext http, string id, OptionalJsonBody<PreviewLinkInput> body, PublishedReader published, PreviewLinks links, ServiceAddress address,
        TimeProvider clock, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var article, out var problem)) return new ProblemResult(problem);
        if (!await published.ExistsAsync(http, new ResourceKey(ResourceType.Article, article.ToString()), preview: true, cancel)) return new ProblemResult(Problems.NotFound());

        var expiresAt = clock.Now() + (body.Value ?? new PreviewLinkInput()).Lasts;
        var path = $"/v1/articles/{article}?perspective=preview&token={links.Write(article, expiresAt, Caller.Of(http))}";
        return TypedResults.Created(path, new PreviewLinkResponse { Url = address.Root + path, ExpiresAt = expiresAt });
    }

    private static Task<IResult> Withdraw(HttpContext http, string id, Editing<Article, ArticleInput> editing, CancellationToken cancel) =>
        editing.ChangeAsync(
            http,
            id,
            article =>
            {
                Publication.Cancel(article);
                return null;
            },
            cancel);
}

/// <summary>How an article is to be shown.</summary>
public sealed record ArticleView
{
    /// <summary><c>full</c> (default), or <c>summary</c> without the body.</summary>
    [FromQuery(Name = "view")]
    public string? View { get; init; }

    /// <summary><c>people</c>, <c>events</c> or both: the whole documents of what the article names, in <c>included</c>.</summary>
    [FromQuery(Name = "include")]
    public string[]? Include { get; init; }

    /// <summary><c>published</c> (default), or <c>preview</c>: the working version, with a key.</summary>
    [FromQuery(Name = "perspective")]
    public string? Perspective { get; init; }

    /// <summary>
    /// The article as the public saw it then: an instant, or a date, which means the end of that day in <c>Europe/Rome</c>. 404 where it was not
    /// public then; of what was retracted the notice. Needs the scope <c>content:preview</c>.
    /// </summary>
    [FromQuery(Name = "asOf")]
    public string? AsOf { get; init; }

    internal PastView? Past => AsOf is null ? null : new PastView(AsOf, View == EntityTags.Summary, IsPublic: false);

    internal DocumentView Read() => new(Perspective == Perspectives.Preview, View == EntityTags.Summary, Includes.Read(Include));
}

internal sealed class ArticleViewValidator : AbstractValidator<ArticleView>
{
    public ArticleViewValidator(TimeProvider clock)
    {
        RuleFor(v => v.AsOf).Past(clock);
        RuleFor(v => v.AsOf).Must((view, asOf) => asOf is null || view is { Include: null or [], Perspective: null or "published" })
            .WithErrorCode("disagreement").WithMessage("'asOf' shows what the public saw, without 'include' and 'perspective=preview'.");
        RuleFor(v => v.View).OneOf(EntityTags.Full, EntityTags.Summary);
        RuleFor(v => v.Include).Values(Includes.People, Includes.Events);
        RuleFor(v => v.Perspective).OneOf(Perspectives.All);
    }
}

/// <summary>Whether a write to a published article stays a working copy.</summary>
public sealed record DraftParameter
{
    /// <summary>
    /// <c>true</c> leaves the public version as it is and keeps this one as a working copy, to be published later. Any other write to
    /// a published article makes the newest version public, with what the working copy holds; but while that waits for its time, or the
    /// public sees the notice of a retraction, every write stays a working copy.
    /// </summary>
    [FromQuery(Name = "draft")]
    public string? Draft { get; init; }

    internal bool KeepsAsDraft => Draft == "true";
}

internal sealed class DraftParameterValidator : AbstractValidator<DraftParameter>
{
    public DraftParameterValidator() => RuleFor(d => d.Draft).OneOf("true", "false");
}
