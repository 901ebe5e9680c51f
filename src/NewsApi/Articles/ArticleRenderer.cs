using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Search;

namespace NewsApi.Articles;

internal sealed class ArticleRenderer : Renderer<Article, ArticleInput>
{
    public override ResourceType Type => ResourceType.Article;

    protected override ArticleInput ToInput(Article resource) => ArticleInput.From(resource);

    protected override ResourceState State(Article resource, int version, DateTimeOffset savedAt) => new()
    {
        Id = resource.Id,
        Version = version,
        Status = StatusOf(resource, version),
        PublishedAt = resource.PublishedAt,
        PublishAt = version == resource.PublicVersion ? null : resource.Schedule?.PublishAt,
        EmbargoedUntil = version == resource.PublicVersion ? resource.EmbargoedUntil : resource.Schedule?.EmbargoedUntil,
        ExpiresAt = version == resource.PublicVersion ? resource.ExpiresAt : resource.Schedule?.ExpiresAt,
        PublicVersion = version == resource.PublicVersion ? null : resource.PublicVersion,
        Corrections = Publication.Told(resource.Corrections, version),
        CreatedAt = resource.CreatedAt,
        UpdatedAt = savedAt,
    };

    private static string StatusOf(Article article, int version)
    {
        if (version == article.PublicVersion) return Publication.IsRetracted(article) ? ArticleStatus.Retracted : ArticleStatus.Published;
        if (version == article.Version && article.Schedule is not null) return ArticleStatus.Scheduled;

        return article.Status == ArticleStatus.Withdrawn ? ArticleStatus.Withdrawn : ArticleStatus.Draft;
    }

    /// <summary>What was retracted is not shown again: the notice stands for every version up to it.</summary>
    protected override int StandingVersion(Article resource, int version)
    {
        var retracted = resource.Corrections.Where(c => c.Kind == CorrectionKinds.Retraction).Select(c => c.Version).DefaultIfEmpty().Max();
        return Math.Max(version, retracted);
    }

    protected override ResourceState PastState(Article resource, int version, DateTimeOffset savedAt) => State(resource, version, savedAt) with
    {
        Status = Publication.IsRetraction(resource.Corrections, version) ? ArticleStatus.Retracted : ArticleStatus.Published,
        PublishAt = null,
        EmbargoedUntil = null,
        ExpiresAt = null,
        PublicVersion = null,
    };

    protected override IEnumerable<ResourceKey> Links(ArticleInput form)
    {
        foreach (var person in form.People) yield return new ResourceKey(ResourceType.Person, person.Id.ToString()!);
        foreach (var newsEvent in form.Events) yield return new ResourceKey(ResourceType.Event, newsEvent.Id.ToString()!);
        if (form.Section is { } section) yield return new ResourceKey(ResourceType.Section, section.Slug);
    }

    protected override Rendering Render(ArticleInput form, ResourceState state, References references)
    {
        var response = ArticleResponse.From(form, state, references);
        var filters = Filters(form, references).Distinct().ToList();
        if (state.Corrections.Count > 0) filters.Add(new FilterValue(FilterValue.Corrected, "true"));
        return new Rendering
        {
            Slug = response.Slug,
            SortKey = Instants.Format(state.PublishedAt ?? state.CreatedAt),
            Document = Bytes(response),
            Card = Bytes(response with { Body = null }),
            Reference = Bytes(new ArticleRef { Id = response.Id, Slug = response.Slug, Headline = response.Headline, PublishedAt = response.PublishedAt }),
            Filters = filters,
            UpdatedAt = state.UpdatedAt,
            Notice = state.Corrections.LastOrDefault(c => c.Version == state.Version),
            Index = () => Index(Publication.IsRetraction(state.Corrections, state.Version) ? Unfound(form) : form, filters),
        };
    }

    /// <summary>A notice is in lists and under its section, and no search leads to it.</summary>
    private static ArticleInput Unfound(ArticleInput form) => new() { Headline = "", Language = form.Language, Sources = form.Sources };

    private static IndexContent Index(ArticleInput form, IReadOnlyList<FilterValue> filters)
    {
        var index = new IndexBuilder().Add(form.Headline, 12, LicenceLevel.Metadata).Add(form.Kicker, 6, LicenceLevel.Metadata)
            .Add(form.Subhead, 6, LicenceLevel.Teaser).Add(form.Teaser, 4, LicenceLevel.Teaser);
        foreach (var block in form.Body)
        {
            index.Add(block.Text, block.Type == "crosshead" ? 3 : 1).Add(block.Image?.Caption, 1);
            foreach (var item in block.Items ?? []) index.Add(item, 1);
            foreach (var cell in block.Rows?.SelectMany(row => row) ?? []) index.Add(cell, 1);
        }

        foreach (var image in form.Images) index.Add(image.Caption, 1);
        index.Add(form.Dateline, 1).Add(form.Byline, 1);
        foreach (var tag in form.Tags) index.Add(tag, 4, LicenceLevel.Metadata);

        var relations = form.People.ToDictionary(p => p.Id.ToString()!, p => p.Relation);
        foreach (var filter in filters)
        {
            index.Link(filter, filter.Filter switch
            {
                FilterValue.Person => relations[filter.Value] switch { Relations.About => 40, Relations.Quoted => 20, Relations.Mentioned => 10, _ => 3 },
                FilterValue.Event => 20,
                FilterValue.Tag => 8,
                _ => 0,
            });
            if (filter.Filter is FilterValue.Section or FilterValue.Tag or FilterValue.Person) index.Count(new FacetValue(filter.Filter, filter.Value));
        }

        foreach (var source in form.Sources) index.Count(new FacetValue(FilterValue.Source, FilterText.Fold(source.Name), source.Name));
        index.Count(new FacetValue(FilterValue.Language, FilterText.Fold(form.Language), form.Language));

        return index.Build();
    }

    private static IEnumerable<FilterValue> Filters(ArticleInput form, References references)
    {
        foreach (var person in form.People)
            yield return FilterValue.Link(FilterValue.Person, ResourceType.Person, person.Id.ToString()!, references);
        foreach (var newsEvent in form.Events)
            yield return FilterValue.Link(FilterValue.Event, ResourceType.Event, newsEvent.Id.ToString()!, references);
        if (form.Section is { } section)
            yield return FilterValue.Link(FilterValue.Section, ResourceType.Section, section.Slug, references);
        foreach (var tag in form.Tags) yield return new FilterValue(FilterValue.Tag, tag);
        foreach (var topic in form.Topics) yield return new FilterValue(FilterValue.Topic, FilterText.Topic(topic));
        foreach (var place in form.Places) yield return new FilterValue(FilterValue.Place, FilterText.Fold(place.Name));
        foreach (var source in form.Sources) yield return new FilterValue(FilterValue.Source, FilterText.Fold(source.Name));
        yield return new FilterValue(FilterValue.Sources, SourceSets.KeyOf(form.Sources.Select(source => source.Name)));
        foreach (var language in FilterText.Languages(form.Language)) yield return new FilterValue(FilterValue.Language, language);
        if (form.Genre is { } genre) yield return new FilterValue(FilterValue.Genre, FilterText.Fold(genre));
        foreach (var id in form.ExternalIds) yield return new FilterValue(FilterValue.ExternalId, FilterText.ExternalId(id));
    }
}
