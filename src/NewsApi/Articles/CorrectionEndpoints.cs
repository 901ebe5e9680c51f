using FluentValidation;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Articles;

/// <summary>What is put right in public: notes that stay with an article, and the notice that takes the place of its text.</summary>
internal static class CorrectionEndpoints
{
    public static void MapCorrections(this IEndpointRouteBuilder routes)
    {
        var article = routes.MapGroup("/articles/{id}").WithTags("Articles");

        article.MapMethods("/corrections", Endpoints.GetAndHead, List).AsRead().WithName("ListArticleCorrections").WithSummary("List what was put right in an article, oldest first")
            .Produces<CorrectionList>().ProducesProblems(400, 404);
        article.MapPost("/corrections", Correct).WithName("CorrectArticle")
            .WithSummary("Publish the newest version with a public note of what was put right").RequireScope(Scopes.Publish)
            .Accepts<CorrectionInput>("application/json").Produces<ArticleResponse>(201).ProducesProblems(400, 404, 409, 412, 413, 415, 422);
        article.MapPost("/retraction", Retract).WithName("RetractArticle")
            .WithSummary("Take back a public text: a notice stands in its place, under the same address").RequireScope(Scopes.Publish)
            .Accepts<RetractionInput>("application/json").Produces<ArticleResponse>().ProducesProblems(400, 404, 409, 412, 413, 415, 422);
    }

    private static ValueTask<IResult> List(
        HttpContext http, string id, [AsParameters] DocumentParameters view, PublishedReader published, CancellationToken cancel) =>
        published.MemberAsync(http, ResourceType.Article, id, "corrections", view.IsPreview, cancel);

    private static Task<IResult> Correct(
        HttpContext http, string id, JsonBody<CorrectionInput> body, TimeProvider clock, Editing<Article, ArticleInput> editing, CancellationToken cancel) =>
        editing.ChangeAsync(http, id, article => Add(article, body.Value, clock.Now()), cancel, StatusCodes.Status201Created);

    private static Problem? Add(Article article, CorrectionInput input, DateTimeOffset now)
    {
        if (RefuseUnseen(article) is { } refused) return refused;
        if (Publication.IsRetracted(article)) return Problems.Conflict("retracted", "The article has been retracted; a better notice is another retraction.");
        if (RefuseMore(article) is { } full) return full;
        if (article.Schedule is not null)
            return Problems.Conflict("scheduled", "The newest version waits for its time, and a correction would make it public now. Publish it, or cancel its schedule, first.");

        Publication.Correct(
            article,
            new Correction { Kind = input.Kind, Note = input.Note, Was = input.Was, Now = input.Now, At = now, Version = article.Version + 1 },
            ChangeReasons.Corrected);
        return null;
    }

    private static Task<IResult> Retract(
        HttpContext http, string id, JsonBody<RetractionInput> body, TimeProvider clock, IEnumerable<IRenderer> renderers,
        ResourceWriter<Article, ArticleInput> writer, Editing<Article, ArticleInput> editing, CancellationToken cancel) =>
        editing.ChangeAsync(
            http,
            id,
            async (db, article, token) =>
            {
                if (RefuseUnseen(article) is { } refused) return refused;

                // The same once more, as after an answer that was lost. Anything else is a better notice.
                var standing = Publication.IsRetracted(article) ? article.Corrections[^1] : null;
                if (standing is not null && (standing.Reason, standing.Note) == (body.Value.Reason, body.Value.Note)) return null;

                var renderer = renderers.First(r => r.Type == ResourceType.Article);
                var published = (await renderer.LoadAsync(db, [article.Id], working: false, token)).Single();
                var notice = Notice.Of(published, body.Value, article.ExternalIds);
                var saved = await writer.SaveAsync(db, article.Id, article, notice, keepAsDraft: true, token);
                if (saved.Problem is not null) return saved.Problem;

                var (type, key) = (ResourceType.Article.Name(), article.PublishedId);
                await KeptAnswers.WithholdAsync(db.KeptAnswers.Where(a => a.Type == type && a.ResourceId == key), token);

                // The notice has no end: whoever comes by the address later finds it as well.
                (article.Schedule, article.EmbargoedUntil, article.ExpiresAt) = (null, null, null);
                Publication.Correct(
                    article,
                    new Correction
                    {
                        Kind = CorrectionKinds.Retraction,
                        Note = body.Value.Note,
                        Reason = body.Value.Reason,
                        At = clock.Now(),
                        Version = article.Version + 1,
                    },
                    ChangeReasons.Retracted);
                return null;
            },
            cancel);

    private static Problem? RefuseUnseen(Article article) =>
        article.PublicVersion is null ? Problems.Conflict("notPublic", "The article is not public, so there is nothing to put right in public.") : null;

    /// <summary>All that are told are in every document and list.</summary>
    private static Problem? RefuseMore(Article article) =>
        Publication.Told(article.Corrections, article.Version).Count >= Correction.Limit ? Problems.Conflict("tooMany", $"An article has {Correction.Limit} corrections at most.") : null;
}

/// <summary>What was put right in an article, oldest first.</summary>
public sealed record CorrectionList
{
    public required IReadOnlyList<Correction> Items { get; init; }
}

/// <summary>
/// A note to readers about what was put right. What the newest version says becomes public with it: correct the text first, with
/// <c>draft=true</c>, and both appear in one step.
/// </summary>
public sealed record CorrectionInput
{
    /// <summary><c>correction</c> of a mistake, <c>clarification</c> of what could be misread, or <c>update</c> with what is new.</summary>
    public required string Kind { get; init; }

    /// <summary>What readers are told. Plain text, public.</summary>
    public required string Note { get; init; }

    /// <summary>What the article said before, where readers are to know. Public.</summary>
    public string? Was { get; init; }

    /// <summary>What it says now. Public.</summary>
    public string? Now { get; init; }
}

internal sealed class CorrectionInputValidator : AbstractValidator<CorrectionInput>
{
    public CorrectionInputValidator()
    {
        RuleFor(c => c.Kind).OneOf(CorrectionKinds.Notes);
        RuleFor(c => c.Note).NotBlank().MaximumLength(Correction.NoteLimit);
        RuleFor(c => c.Was).MaximumLength(Correction.TextLimit);
        RuleFor(c => c.Now).MaximumLength(Correction.TextLimit);
    }
}

/// <summary>Why an article is taken back.</summary>
public sealed record RetractionInput
{
    /// <summary>In a word or two, such as <c>factual error</c> or <c>legal</c>. Public.</summary>
    public required string Reason { get; init; }

    /// <summary>What readers find in the place of the text. Plain text, public: it should not repeat what was wrong.</summary>
    public required string Note { get; init; }
}

internal sealed class RetractionInputValidator : AbstractValidator<RetractionInput>
{
    public RetractionInputValidator()
    {
        RuleFor(r => r.Reason).NotBlank().Line(Correction.ReasonLimit);
        RuleFor(r => r.Note).NotBlank().MaximumLength(Correction.NoteLimit);
    }
}
