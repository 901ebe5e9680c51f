using FluentValidation;
using NewsApi.Events;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Publishing;
using NewsApi.Search;
using NewsApi.Sections;

namespace NewsApi.Articles;

/// <summary>An article as clients see it. In lists without <c>body</c>, unless <c>view=full</c> asks for it.</summary>
public sealed record ArticleResponse
{
    /// <summary>UUIDv7, lower case.</summary>
    public required Guid Id { get; init; }

    /// <summary>Counts changes of content, from 1; publishing and withdrawing leave it as it is.</summary>
    public required int Version { get; init; }

    /// <summary>The readable name in addresses; an older one keeps leading here.</summary>
    public required string Slug { get; init; }

    /// <summary>BCP 47.</summary>
    public required string Language { get; init; }

    /// <summary>
    /// <c>draft</c>, <c>scheduled</c>, <c>published</c>, <c>withdrawn</c> or <c>retracted</c>. Of a retracted article the notice is public, in the place of its text.
    /// More values may come.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>The line above the headline (Dachzeile).</summary>
    public required string? Kicker { get; init; }

    /// <summary>The title.</summary>
    public required string Headline { get; init; }

    /// <summary>The line below the headline (Unterzeile).</summary>
    public required string? Subhead { get; init; }

    /// <summary>The introduction (Vorspann).</summary>
    public required string? Teaser { get; init; }

    /// <summary>The text, block by block. Absent in the summary view.</summary>
    public required IReadOnlyList<Block>? Body { get; init; }

    /// <summary>Where the report comes from (Ortsmarke).</summary>
    public required string? Dateline { get; init; }
    public required SectionRef? Section { get; init; }

    /// <summary>Free keywords.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>IPTC Media Topic codes, such as <c>medtop:11000000</c>.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    /// <summary>The author line as printed.</summary>
    public required string? Byline { get; init; }

    /// <summary>The people linked as <c>author</c>, once more for convenience.</summary>
    public required IReadOnlyList<PersonRef> Authors { get; init; }
    public required IReadOnlyList<Source> Sources { get; init; }

    /// <summary>The form: <c>report</c>, <c>analysis</c>, <c>interview</c>, …</summary>
    public required string? Genre { get; init; }

    /// <summary>1 (flash) to 9, as agencies count.</summary>
    public required int? Urgency { get; init; }
    public required IReadOnlyList<Image> Images { get; init; }
    public required IReadOnlyList<ArticlePersonRef> People { get; init; }
    public required IReadOnlyList<EventRef> Events { get; init; }
    public required IReadOnlyList<Organisation> Organisations { get; init; }
    public required IReadOnlyList<Place> Places { get; init; }
    public required IReadOnlyList<ExternalId> ExternalIds { get; init; }
    public required string? UsageTerms { get; init; }
    public required string? CopyrightNotice { get; init; }

    /// <summary>IPTC Digital Source Type: how the content came to be.</summary>
    public required string? DigitalSourceType { get; init; }

    /// <summary>Words of the body.</summary>
    public required int WordCount { get; init; }

    /// <summary>When it was first published; set by an import or by the first publication and kept by later versions.</summary>
    public required DateTimeOffset? PublishedAt { get; init; }

    /// <summary>Of a scheduled version: when it is to be published.</summary>
    public required DateTimeOffset? PublishAt { get; init; }

    /// <summary>Until when only the newsroom may see it; of a public article, until when that was so.</summary>
    public required DateTimeOffset? EmbargoedUntil { get; init; }

    /// <summary>When the public ceases to see it.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Of a version the public does not see: which one it sees instead. Absent where it sees none.</summary>
    public required int? PublicVersion { get; init; }

    /// <summary>What was put right in public, the oldest first. Of a retracted article the retraction alone.</summary>
    public required IReadOnlyList<Correction> Corrections { get; init; }

    /// <summary>When this version was saved.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Only where <c>include</c> asked for it.</summary>
    public required Included? Included { get; init; }

    /// <summary>Where <c>q</c> was found, four places at most, the headline before the body; only in answers that <c>highlight=true</c> asked for.</summary>
    public required IReadOnlyList<SearchHighlight>? Highlights { get; init; }

    internal static ArticleResponse From(ArticleInput form, ResourceState state, References references)
    {
        var people = form.People.Select(link => ArticlePersonRef.From(link, references)).OfType<ArticlePersonRef>().ToList();
        return new ArticleResponse
        {
            Id = state.Id,
            Version = state.Version,
            Slug = form.Slug!,
            Language = form.Language,
            Status = state.Status!,
            Kicker = form.Kicker,
            Headline = form.Headline,
            Subhead = form.Subhead,
            Teaser = form.Teaser,
            Body = form.Body,
            Dateline = form.Dateline,
            Section = form.Section is { } section ? references.Find<SectionRef>(ResourceType.Section, section.Slug) : null,
            Tags = form.Tags,
            Topics = form.Topics,
            Byline = form.Byline,
            Authors = [.. people.Where(p => p.Relation == Relations.Author).DistinctBy(p => p.Id).Select(p => new PersonRef { Id = p.Id, Slug = p.Slug, Name = p.Name })],
            Sources = form.Sources,
            Genre = form.Genre,
            Urgency = form.Urgency,
            Images = form.Images,
            People = [.. people.DistinctBy(p => p.Id)],
            Events = [.. form.Events.Select(link => references.Find<EventRef>(ResourceType.Event, link.Id.ToString()!)).OfType<EventRef>()],
            Organisations = form.Organisations,
            Places = form.Places,
            ExternalIds = form.ExternalIds,
            UsageTerms = form.UsageTerms,
            CopyrightNotice = form.CopyrightNotice,
            DigitalSourceType = form.DigitalSourceType,
            WordCount = Words.Count(form.Body),
            PublishedAt = state.PublishedAt,
            PublishAt = state.PublishAt,
            EmbargoedUntil = state.EmbargoedUntil,
            ExpiresAt = state.ExpiresAt,
            PublicVersion = state.PublicVersion,
            Corrections = state.Corrections,
            UpdatedAt = state.UpdatedAt,
            CreatedAt = state.CreatedAt,
            Included = null,
            Highlights = null,
        };
    }
}

/// <summary>A person as an article names them.</summary>
public sealed record ArticlePersonRef
{
    public required Guid Id { get; init; }
    public required string Slug { get; init; }
    public required string Name { get; init; }

    /// <summary><c>about</c>, <c>mentioned</c>, <c>quoted</c> or <c>author</c>.</summary>
    public required string Relation { get; init; }

    /// <summary>The office as this article prints it.</summary>
    public required string? Office { get; init; }

    internal static ArticlePersonRef? From(PersonLink link, References references) =>
        references.Find<PersonRef>(ResourceType.Person, link.Id.ToString()!) is not { } person ? null : new ArticlePersonRef
        {
            Id = person.Id,
            Slug = person.Slug,
            Name = person.Name,
            Relation = link.Relation ?? Relations.Mentioned,
            Office = link.Office,
        };
}

/// <summary>
/// An article as clients write it. What the server owns (version, status, the instants, the names inside references)
/// may stand in it, so that an answer can be sent back, and is ignored; any other unknown member is refused.
/// </summary>
[ServerOwned("version", "status", "authors", "wordCount", "publishedAt", "publishAt", "embargoedUntil", "expiresAt", "publicVersion",
    "corrections", "updatedAt", "createdAt", "included", "highlights")]
public sealed record ArticleInput : IResourceInput
{
    /// <summary>A UUID of your own, version 7 preferred. Made by the server where absent; on PUT it must equal the one in the path.</summary>
    public Guid? Id { get; init; }

    /// <summary>Lower-case letters, digits and hyphens. Made from the headline where absent.</summary>
    public string? Slug { get; init; }

    /// <summary>BCP 47.</summary>
    public string Language { get; set; } = "de";
    public string? Kicker { get; init; }
    public required string Headline { get; init; }
    public string? Subhead { get; init; }
    public string? Teaser { get; init; }
    public IReadOnlyList<Block> Body { get; set; } = [];
    public string? Dateline { get; init; }
    public SectionLink? Section { get; init; }
    public IReadOnlyList<string> Tags { get; set; } = [];
    public IReadOnlyList<string> Topics { get; set; } = [];
    public string? Byline { get; init; }
    public IReadOnlyList<Source> Sources { get; set; } = [];
    public string? Genre { get; init; }
    public int? Urgency { get; init; }
    public IReadOnlyList<Image> Images { get; set; } = [];
    public IReadOnlyList<PersonLink> People { get; set; } = [];
    public IReadOnlyList<EventLink> Events { get; set; } = [];
    public IReadOnlyList<Organisation> Organisations { get; set; } = [];
    public IReadOnlyList<Place> Places { get; set; } = [];
    public IReadOnlyList<ExternalId> ExternalIds { get; set; } = [];
    public string? UsageTerms { get; init; }
    public string? CopyrightNotice { get; init; }
    public string? DigitalSourceType { get; init; }

    /// <summary>The same article as it would have to be sent to write it anew.</summary>
    internal static ArticleInput From(Article article) => new()
    {
        Slug = article.Slug,
        Language = article.Language,
        Kicker = article.Kicker,
        Headline = article.Headline,
        Subhead = article.Subhead,
        Teaser = article.Teaser,
        Body = article.Body,
        Dateline = article.Dateline,
        Section = article.Section is { } section ? new SectionLink { Slug = section.Slug } : null,
        Tags = article.Tags,
        Topics = article.Topics,
        Byline = article.Byline,
        Sources = article.Sources,
        Genre = article.Genre,
        Urgency = article.Urgency,
        Images = article.Images,
        People =
        [
            .. article.People.OrderBy(p => p.Ordinal)
                .Select(p => new PersonLink { Id = p.PersonId, Relation = p.Relation, Office = p.Office }),
        ],
        Events = [.. article.Events.OrderBy(e => e.Ordinal).Select(e => new EventLink { Id = e.EventId })],
        Organisations = article.Organisations,
        Places = article.Places,
        ExternalIds = article.ExternalIds,
        UsageTerms = article.UsageTerms,
        CopyrightNotice = article.CopyrightNotice,
        DigitalSourceType = article.DigitalSourceType,
    };
}

internal sealed class ArticleInputValidator : AbstractValidator<ArticleInput>
{
    public ArticleInputValidator()
    {
        RuleFor(a => a.Slug).Slug();
        RuleFor(a => a.Language).Language();
        RuleFor(a => a.Kicker).Line(Article.KickerLimit);
        RuleFor(a => a.Headline).NotBlank().Line(Article.HeadlineLimit);
        RuleFor(a => a.Subhead).Line(Article.SubheadLimit);
        RuleFor(a => a.Teaser).MaximumLength(Article.TeaserLimit);
        RuleFor(a => a.Dateline).Line(Article.DatelineLimit);
        RuleFor(a => a.Byline).Line(Article.BylineLimit);
        RuleFor(a => a.Genre).Line(Article.GenreLimit);
        RuleFor(a => a.Urgency).InclusiveBetween(1, 9);
        RuleFor(a => a.UsageTerms).MaximumLength(Article.RightsLimit);
        RuleFor(a => a.CopyrightNotice).MaximumLength(Article.RightsLimit);
        RuleFor(a => a.DigitalSourceType).Line(Article.RightsLimit);
        RuleFor(a => a.Body).AtMost(Article.BlocksLimit);
        RuleForEach(a => a.Body).Present().SetValidator(new BlockValidator());
        RuleFor(a => a.Tags).AtMost(Article.EntriesLimit).Distinct();
        RuleForEach(a => a.Tags).Present().NotBlank().Line(Article.TagLimit);
        RuleFor(a => a.Topics).AtMost(Article.EntriesLimit).Distinct();
        RuleForEach(a => a.Topics).Present().NotBlank().Line(Article.TopicLimit);
        RuleFor(a => a.Sources).AtMost(Article.EntriesLimit);
        RuleForEach(a => a.Sources).Present().SetValidator(new SourceValidator());
        RuleFor(a => a.Images).AtMost(Article.EntriesLimit);
        RuleForEach(a => a.Images).Present().SetValidator(new ImageValidator());
        RuleFor(a => a.Section!).SetValidator(new SectionLinkValidator()).When(a => a.Section is not null);
        RuleFor(a => a.People).AtMost(Article.LinksLimit);
        RuleForEach(a => a.People).Present().SetValidator(new PersonLinkValidator());
        RuleFor(a => a.Events).AtMost(Article.LinksLimit);
        RuleForEach(a => a.Events).Present().SetValidator(new EventLinkValidator());
        RuleFor(a => a.Organisations).AtMost(Article.LinksLimit);
        RuleForEach(a => a.Organisations).Present().SetValidator(new OrganisationValidator());
        RuleFor(a => a.Places).AtMost(Article.LinksLimit);
        RuleForEach(a => a.Places).Present().SetValidator(new PlaceValidator());
        RuleFor(a => a.ExternalIds).AtMost(Article.EntriesLimit).Distinct();
        RuleForEach(a => a.ExternalIds).Present().SetValidator(new ExternalIdValidator());
    }
}

/// <summary>How other documents name an article.</summary>
public sealed record ArticleRef
{
    public required Guid Id { get; init; }
    public required string Slug { get; init; }
    public required string Headline { get; init; }

    // Not required: a draft has none, and references are read back.
    public DateTimeOffset? PublishedAt { get; init; }
}
