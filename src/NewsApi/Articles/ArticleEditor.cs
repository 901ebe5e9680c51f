using Mapster;
using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Publishing;
using NewsApi.Sections;
using NewsApi.Storage;

namespace NewsApi.Articles;

internal sealed class ArticleEditor(TypeAdapterConfig mapping, HtmlCleaner cleaner, TimeProvider clock) : IEditor<Article, ArticleInput>
{
    public ResourceType Type => ResourceType.Article;

    /// <summary>Every member of the entity is either mapped from the input or named here; the start fails for one that is not.</summary>
    public static void Map(TypeAdapterConfig config) => config.NewConfig<ArticleInput, Article>()
        .Ignore(a => a.Id, a => a.Version, a => a.PublicVersion!, a => a.Slug, a => a.CreatedAt, a => a.UpdatedAt, a => a.PublishNewest)
        .Ignore(a => a.Cause!, a => a.NeedsVersion, a => a.Note!, a => a.IsNew, a => a.Action!)
        .Ignore(a => a.EmbargoedUntil!, a => a.ExpiresAt!, a => a.Schedule!, a => a.DueAt!, a => a.Corrections)
        .Ignore(a => a.Status, a => a.PublishedAt!, a => a.SectionId!, a => a.Section!, a => a.People, a => a.Events);

    public Task<Article?> FindAsync(NewsDbContext db, Guid id, CancellationToken cancel) =>
        db.Articles.Include(a => a.Section).Include(a => a.People).Include(a => a.Events).FirstOrDefaultAsync(a => a.Id == id, cancel);

    public ArticleInput ToInput(Article resource) => ArticleInput.From(resource);

    public async Task<Outcome<Article>> ApplyAsync(NewsDbContext db, Guid id, Article? existing, ArticleInput input, CancellationToken cancel)
    {
        var slug = await Slugs.ClaimAsync(db, existing, Type, id, input.Slug, TitleOf(input), cancel);
        if (slug.Problem is not null) return slug.Problem;

        var links = await Publishing.Links.FindAsync(db, Links(input), cancel);
        if (links.Problem is not null) return links.Problem;

        var kept = await AsLinkedAsync(db, existing, input, links.Value!, cancel);
        var applied = Apply(id, existing, kept.Input, slug.Value!, kept.Links);
        if (applied.Value is { } article)
            article.Section = input.Section is { } section ? await SectionEditor.FindOrAddAsync(db, section.Slug, null, cancel) : null;
        return applied;
    }

    public string TitleOf(ArticleInput input) => input.Headline;

    public IEnumerable<LinkPlace> Links(ArticleInput input) =>
    [
        .. input.People.Select((link, i) => new LinkPlace($"/people/{i}", ResourceType.Person, link.Id, link.Slug)),
        .. input.Events.Select((link, i) => new LinkPlace($"/events/{i}", ResourceType.Event, link.Id, link.Slug)),
    ];

    public ArticleScope? ScopeOf(ArticleInput input) => ArticleScope.Of(input);

    public string? SectionOf(ArticleInput input) => input.Section?.Slug;

    public Outcome<Article> Apply(Guid id, Article? existing, ArticleInput input, string slug, IReadOnlyList<Guid> links)
    {
        var body = cleaner.Clean(input.Body);
        for (var i = 0; i < body.Count; i++)
        {
            if (body[i] is { Html: not null, Text: "", Type: "paragraph" or "crosshead" or "quote" })
                return Problems.Invalid($"/body/{i}/html", "required", "Nothing is left of this markup once it is cleaned.");
        }

        var article = existing ?? new Article { Id = id, Language = input.Language, Headline = input.Headline };
        (input with { Body = body }).Adapt(article, mapping);
        article.Slug = slug;
        var problem = LinkPeople(article, input.People, [.. links.Take(input.People.Count)])
            ?? LinkEvents(article, [.. links.Skip(input.People.Count)]);
        return problem is null ? article : problem;
    }

    /// <summary>What changes a public article publishes, or withdraws; what changes one that waits for its time decides what will be published.</summary>
    public string? ScopeToChange(Article existing, bool keepAsDraft) =>
        existing.Schedule is not null || (existing.PublicVersion is not null && !keepAsDraft) ? Scopes.Publish : null;

    public void Publish(Article resource, bool keepAsDraft) => Publication.Follow(resource, keepAsDraft, clock.Now());

    public ArticleInput Restore(ArticleInput version, Article existing, bool keepSlug) => keepSlug ? version with { Slug = existing.Slug } : version;

    public void PublishNew(Article resource, DateTimeOffset? at, Section? section)
    {
        (resource.Section, resource.SectionId) = (section, section?.Id);
        Publication.Publish(resource, at, clock.Now());
    }

    /// <summary>The input with the ids by which the article links to people already, where it names those who stand in their place.</summary>
    private static async Task<(ArticleInput Input, IReadOnlyList<Guid> Links)> AsLinkedAsync(
        NewsDbContext db, Article? existing, ArticleInput input, Guid[] links, CancellationToken cancel)
    {
        var linked = (existing?.People ?? []).OrderBy(p => p.Ordinal).ToList();
        var people = await MergedPeople.AsLinkedAsync(db, linked.ConvertAll(l => (Guid?)l.PersonId), [.. links.Take(input.People.Count).Select(id => (Guid?)id)], cancel);
        var entries = people.Select(p => p.Input is { } index ? input.People[index] : Kept(linked.Find(l => l.PersonId == p.Person)!));
        return (input with { People = [.. entries] }, [.. people.Select(p => p.Person!.Value), .. links.Skip(input.People.Count)]);

        static PersonLink Kept(ArticlePerson link) => new() { Id = link.PersonId, Relation = link.Relation, Office = link.Office };
    }

    private static Problem? LinkPeople(Article article, IReadOnlyList<PersonLink> links, Guid[] people)
    {
        var linked = new List<ArticlePerson>();
        for (var i = 0; i < links.Count; i++)
        {
            if (linked.Exists(l => l.PersonId == people[i]))
                return Problems.Invalid($"/people/{i}", "duplicate", "The same person is linked twice.");

            linked.Add(new ArticlePerson { PersonId = people[i], Ordinal = i, Relation = links[i].Relation ?? Relations.Mentioned, Office = links[i].Office });
        }

        article.People.RemoveAll(old => !linked.Exists(l => l.PersonId == old.PersonId));
        foreach (var link in linked)
        {
            if (article.People.Find(old => old.PersonId == link.PersonId) is { } kept)
                (kept.Ordinal, kept.Relation, kept.Office) = (link.Ordinal, link.Relation, link.Office);
            else
                article.People.Add(link);
        }

        return null;
    }

    private static Problem? LinkEvents(Article article, Guid[] events)
    {
        var linked = new List<ArticleEvent>();
        for (var i = 0; i < events.Length; i++)
        {
            if (linked.Exists(l => l.EventId == events[i]))
                return Problems.Invalid($"/events/{i}", "duplicate", "The same event is linked twice.");

            linked.Add(new ArticleEvent { EventId = events[i], Ordinal = i });
        }

        article.Events.RemoveAll(old => !linked.Exists(l => l.EventId == old.EventId));
        foreach (var link in linked)
        {
            if (article.Events.Find(old => old.EventId == link.EventId) is { } kept) kept.Ordinal = link.Ordinal;
            else article.Events.Add(link);
        }

        return null;
    }
}
