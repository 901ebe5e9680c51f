using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Search;

namespace NewsApi.Articles;

/// <summary>What a list of articles can be narrowed by.</summary>
public sealed record ArticleQuery
{
    /// <summary>
    /// Full text: words, <c>"phrases"</c>, <c>OR</c>, <c>-without</c>, <c>begin*</c> and parentheses, as in <c>/v1/search</c>. A name also finds what is linked to the person.
    /// </summary>
    [FromQuery(Name = "q")]
    public string? Q { get; init; }

    /// <summary>Persons, by id or slug. Repeated or comma-separated: any of them, with <c>personMode=all</c> all of them.</summary>
    [FromQuery(Name = "person")]
    public string[]? Person { get; init; }

    /// <summary><c>any</c> (default) or <c>all</c>.</summary>
    [FromQuery(Name = "personMode")]
    public string? PersonMode { get; init; }

    /// <summary>Events, by id or slug. Repeated or comma-separated: any of them.</summary>
    [FromQuery(Name = "event")]
    public string[]? Event { get; init; }

    /// <summary>Sections, by slug. Repeated or comma-separated: any of them.</summary>
    [FromQuery(Name = "section")]
    public string[]? Section { get; init; }

    /// <summary>Tags as written. Repeated or comma-separated: any of them; a comma that belongs to a value is written <c>\,</c>.</summary>
    [FromQuery(Name = "tag")]
    public string[]? Tag { get; init; }

    /// <summary>IPTC Media Topic codes, with or without <c>medtop:</c>. Repeated or comma-separated: any of them.</summary>
    [FromQuery(Name = "topic")]
    public string[]? Topic { get; init; }

    /// <summary>
    /// Places by name; case and the spelling of umlauts do not matter. Repeated or comma-separated: any of them; a comma that belongs to a
    /// name is written <c>\,</c>.
    /// </summary>
    [FromQuery(Name = "place")]
    public string[]? Place { get; init; }

    /// <summary>Agencies and media of the credit line, by name; case does not matter. Repeated or comma-separated: any of them.</summary>
    [FromQuery(Name = "source")]
    public string[]? Source { get; init; }

    /// <summary>BCP 47; <c>de</c> finds <c>de-AT</c> as well. Repeated or comma-separated: any of them.</summary>
    [FromQuery(Name = "language")]
    public string[]? Language { get; init; }

    /// <summary>Forms, such as <c>analysis</c>; case does not matter. Repeated or comma-separated: any of them.</summary>
    [FromQuery(Name = "genre")]
    public string[]? Genre { get; init; }

    /// <summary>External ids as <c>source:value</c>, such as <c>apa:APA0042</c>. Repeated or comma-separated: any of them.</summary>
    [FromQuery(Name = "externalId")]
    public string[]? ExternalId { get; init; }

    /// <summary><c>true</c>: only articles that carry a correction or were retracted.</summary>
    [FromQuery(Name = "corrected")]
    public string? Corrected { get; init; }

    /// <summary>Published at or after this date or instant.</summary>
    [FromQuery(Name = "publishedFrom")]
    public string? PublishedFrom { get; init; }

    /// <summary>Published at or before this date or instant; a date includes its whole day.</summary>
    [FromQuery(Name = "publishedTo")]
    public string? PublishedTo { get; init; }

    /// <summary>Changed at or after this date or instant: their newest version was saved then.</summary>
    [FromQuery(Name = "updatedFrom")]
    public string? UpdatedFrom { get; init; }

    /// <summary><c>publishedAt</c> (default), <c>updatedAt</c>, or <c>relevance</c>, where there is a <c>q</c>: ranked inside the newest 1,000 that answer it, then the 1,000 before them.</summary>
    [FromQuery(Name = "sort")]
    public string? Sort { get; init; }

    /// <summary>
    /// <c>section</c>, <c>tag</c>, <c>person</c>, <c>source</c>, <c>language</c>, <c>month</c>: how the articles under the current filters spread
    /// over them, in <c>facets</c>. Repeated or comma-separated.
    /// </summary>
    [FromQuery(Name = "facets")]
    public string[]? Facets { get; init; }

    /// <summary><c>true</c>: with the places where <c>q</c> was found, in <c>highlights</c> of each article.</summary>
    [FromQuery(Name = "highlight")]
    public string? Highlight { get; init; }

    /// <summary><c>true</c>: with how <c>q</c> was understood, in <c>explain</c>.</summary>
    [FromQuery(Name = "explain")]
    public string? Explain { get; init; }

    /// <summary>IANA zone in which dates are meant; <c>Europe/Rome</c> where absent.</summary>
    [FromQuery(Name = "timeZone")]
    public string? TimeZone { get; init; }

    /// <summary><c>summary</c> (default), or <c>full</c> with the body.</summary>
    [FromQuery(Name = "view")]
    public string? View { get; init; }

    /// <summary><c>people</c>, <c>events</c> or both: the whole documents of what the items name, once each, in <c>included</c>.</summary>
    [FromQuery(Name = "include")]
    public string[]? Include { get; init; }

    internal ListRequest Narrow(ListRequest request)
    {
        var filters = new List<ListFilter>();
        if (Person is { Length: > 0 })
        {
            var people = QueryValues.Split(Person);
            if (PersonMode == "all") filters.AddRange(people.Select(p => new ListFilter(FilterValue.Person, [p])));
            else filters.Add(new ListFilter(FilterValue.Person, people));
        }

        filters.AddAny(FilterValue.Event, Event);
        filters.AddAny(FilterValue.Section, Section);
        filters.AddAny(FilterValue.Tag, Tag);
        filters.AddAny(FilterValue.Topic, Topic, FilterText.Topic);
        filters.AddAny(FilterValue.Place, Place, FilterText.Fold);
        filters.AddAny(FilterValue.Source, Source, FilterText.Fold);
        filters.AddAny(FilterValue.Language, Language, FilterText.Fold);
        filters.AddAny(FilterValue.Genre, Genre, FilterText.Fold);
        filters.AddAny(FilterValue.ExternalId, ExternalId, FilterText.ExternalId);
        if (Corrected is not null) filters.Add(new ListFilter(FilterValue.Corrected, [Corrected]));
        var narrowed = request with
        {
            Full = View == EntityTags.Full,
            Filters = filters,
            From = DateBounds.From(PublishedFrom, TimeZone),
            Before = DateBounds.Before(PublishedTo, TimeZone),
            UpdatedFrom = DateBounds.From(UpdatedFrom, TimeZone),
            Facets = QueryValues.Split(Facets),
            TimeZone = TimeZone,
            Highlight = Highlight == "true",
        };
        return narrowed.SearchedBy(Q, Sort, Explain);
    }
}

internal sealed class ArticleQueryValidator : AbstractValidator<ArticleQuery>
{
    public ArticleQueryValidator()
    {
        RuleFor(q => q.Person).Values();
        RuleFor(q => q.PersonMode).OneOf("any", "all");
        RuleFor(q => q.Event).Values();
        RuleFor(q => q.Section).Values();
        RuleFor(q => q.Tag).Values();
        RuleFor(q => q.Topic).Values();
        RuleFor(q => q.Place).Values(Place.NameLimit);
        RuleFor(q => q.Source).Values();
        RuleFor(q => q.Language).Values();
        RuleFor(q => q.Language).Each(Rules.IsLanguage).WithMessage("A language is a BCP 47 tag, such as de or de-AT.");
        RuleFor(q => q.Genre).Values();
        RuleFor(q => q.ExternalId).ExternalIds();
        RuleFor(q => q.Corrected).OneOf("true");
        RuleFor(q => q.Q).FullText();
        RuleFor(q => q.Sort).SortOr("publishedAt", q => q.Q);
        RuleFor(q => q.Highlight).OnlyWith(q => q.Q);
        RuleFor(q => q.Explain).OnlyWith(q => q.Q);
        RuleFor(q => q.Facets).Values(FacetCounting.Names);
        RuleFor(q => q.UpdatedFrom).DateOrInstant();
        RuleFor(q => q.PublishedFrom).DateOrInstant();
        RuleFor(q => q.PublishedTo).DateOrInstant();
        RuleFor(q => q.PublishedTo).Must((q, to) => DateBounds.AreInOrder(q.PublishedFrom, to, q.TimeZone)).WithErrorCode("disagreement")
            .WithMessage("'publishedTo' is before 'publishedFrom'.");
        RuleFor(q => q.TimeZone).ZoneName();
        RuleFor(q => q.View).OneOf(EntityTags.Full, EntityTags.Summary);
        RuleFor(q => q.Include).Values(Includes.People, Includes.Events);
    }
}
