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

        articles.MapRead("", List).WithName("ListArticles").WithSummary("List articles, newest first").Produces<Page<ArticleResponse>>().ProducesProblems(400);
        articles.MapRead("/{id}", Get).WithName("GetArticle").WithSummary("Get one article").Produces<ArticleResponse>().ProducesProblems(400, 404);
        articles.MapRead("/by-slug/{slug}", GetBySlug).WithName("GetArticleBySlug").WithSummary("Get one article by its slug, current or former")
            .Produces<ArticleResponse>().ProducesProblems(400, 404);
        articles.MapRead("/{id}/related", ListRelated).WithName("ListRelatedArticles")
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
        articles.MapPut("/{id}/publication", Publish).WithName("PublishArticle").WithSummary("Make the newest version public").RequireScope(Scopes.Publish)
            .Accepts<PublicationInput>(isOptional: true, "application/json").Produces<ArticleResponse>().ProducesProblems(400, 404, 412, 413, 415, 422);
        articles.MapDelete("/{id}/publication", Withdraw).WithName("WithdrawArticle").WithSummary("Take an article from the public").RequireScope(Scopes.Publish)
            .Produces<ArticleResponse>().ProducesProblems(400, 404, 412);
    }

    /// <summary>The list below a person or an event: the same parameters, that filter fixed. Nobody there is a 404, nothing there an empty page.</summary>
    public static async ValueTask<IResult> ListOf(
        ResourceType type, string id, HttpContext http, ArticleQuery query, ListParameters page, PublishedReader published, CancellationToken cancel)
    {
        if (!Guid.TryParseExact(id, "D", out var guid)) return new ProblemResult(Problems.Parameter("id", "invalid", "The id in the path is a UUID, not a slug."));
        if (!await published.ExistsAsync(new ResourceKey(type, guid.ToString()), page.IsPreview, cancel)) return new ProblemResult(Problems.NotFound());

        var filter = new ListFilter(type == ResourceType.Person ? FilterValue.Person : FilterValue.Event, [guid.ToString()]);
        var request = query.Narrow(page.Of(ResourceType.Article));
        return await published.ListAsync(http, request with { Filters = [filter, .. request.Filters] }, page.Cursor, Includes.Read(query.Include), cancel);
    }

    private static ValueTask<IResult> List(
        HttpContext http, [AsParameters] ArticleQuery query, [AsParameters] ListParameters page, PublishedReader published, CancellationToken cancel) =>
        published.ListAsync(http, query.Narrow(page.Of(ResourceType.Article)), page.Cursor, Includes.Read(query.Include), cancel);

    private static ValueTask<IResult> Get(
        HttpContext http, string id, [AsParameters] ArticleView view, PublishedReader published, CancellationToken cancel) =>
        published.DocumentAsync(http, ResourceType.Article, id, view.Read(), cancel);

    private static ValueTask<IResult> GetBySlug(
        HttpContext http, string slug, [AsParameters] ArticleView view, PublishedReader published, CancellationToken cancel) =>
        published.BySlugAsync(http, ResourceType.Article, slug, view.Read(), cancel);

    private static ValueTask<IResult> ListRelated(
        HttpContext http, string id, [AsParameters] RelatedQuery query, RelatedReader related, CancellationToken cancel) =>
        related.ListAsync(http, id, query, cancel);

    private static Task<IResult> Create(
        HttpContext http, JsonBody<ArticleInput> body, Editing<Article, ArticleInput> editing, CancellationToken cancel) =>
        editing.CreateAsync(http, body.Value, keepAsDraft: true, cancel);

    private static Task<IResult> Replace(
        HttpContext http, string id, [AsParameters] DraftParameter draft, JsonBody<ArticleInput> body, Editing<Article, ArticleInput> editing,
        CancellationToken cancel) => editing.ReplaceAsync(http, id, body.Value, draft.KeepsAsDraft, cancel);

    private static Task<IResult> Update(
        HttpContext http, string id, [AsParameters] DraftParameter draft, JsonPatch patch, Editing<Article, ArticleInput> editing,
        CancellationToken cancel) => editing.UpdateAsync(http, id, patch, draft.KeepsAsDraft, cancel);

    private static Task<IResult> Delete(HttpContext http, string id, Editing<Article, ArticleInput> editing, CancellationToken cancel) =>
        editing.DeleteAsync(http, id, cancel);

    private static Task<IResult> Publish(
        HttpContext http, string id, OptionalJsonBody<PublicationInput> body, ArticleEditor editor, Editing<Article, ArticleInput> editing,
        CancellationToken cancel) =>
        editing.ChangeAsync(
            http,
            id,
            article => editor.Publish(article, body.Value?.PublishAt),
            cancel);

    private static Task<IResult> Withdraw(HttpContext http, string id, Editing<Article, ArticleInput> editing, CancellationToken cancel) =>
        editing.ChangeAsync(
            http,
            id,
            article =>
            {
                if (article.PublicVersion is not null) article.Status = ArticleStatus.Withdrawn;
                article.Withdraw();
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

    internal DocumentView Read() => new(Perspective == Perspectives.Preview, View == EntityTags.Summary, Includes.Read(Include));
}

internal sealed class ArticleViewValidator : AbstractValidator<ArticleView>
{
    public ArticleViewValidator()
    {
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
    /// a published article makes the newest version public, with what the working copy holds.
    /// </summary>
    [FromQuery(Name = "draft")]
    public string? Draft { get; init; }

    internal bool KeepsAsDraft => Draft == "true";
}

internal sealed class DraftParameterValidator : AbstractValidator<DraftParameter>
{
    public DraftParameterValidator() => RuleFor(d => d.Draft).OneOf("true", "false");
}

/// <summary>When an article goes public. An empty body means now.</summary>
public sealed record PublicationInput
{
    /// <summary>The instant to show as that of first publication; in the past.</summary>
    public DateTimeOffset? PublishAt { get; init; }
}

internal sealed class PublicationInputValidator : AbstractValidator<PublicationInput>
{
    public PublicationInputValidator(TimeProvider clock) => RuleFor(p => p.PublishAt).Must(at => at is null || at <= clock.GetUtcNow())
        .WithErrorCode("outOfRange").WithMessage("'publishAt' can only lie in the past: an article is published at once, and may be dated back.");
}
