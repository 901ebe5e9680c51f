using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Articles;

internal sealed class ArticleRenderer : Renderer<Article, ArticleInput>
{
    public override ResourceType Type => ResourceType.Article;

    protected override ArticleInput ToInput(Article resource) => ArticleInput.From(resource);

    protected override ResourceState State(Article resource, int version, DateTimeOffset savedAt) => new()
    {
        Id = resource.Id,
        Version = version,
        Status = version == resource.PublicVersion ? ArticleStatus.Published
            : resource.Status == ArticleStatus.Withdrawn ? ArticleStatus.Withdrawn : ArticleStatus.Draft,
        PublishedAt = resource.PublishedAt,
        CreatedAt = resource.CreatedAt,
        UpdatedAt = savedAt,
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
        return new Rendering
        {
            Slug = response.Slug,
            SortKey = Instants.Format(state.PublishedAt ?? state.CreatedAt),
            Document = Bytes(response),
            Card = Bytes(response with { Body = null }),
            Reference = Bytes(new ArticleRef { Id = response.Id, Slug = response.Slug, Headline = response.Headline, PublishedAt = response.PublishedAt }),
            Filters = [.. Filters(form, references)],
        };
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
    }
}
