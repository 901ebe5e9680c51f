using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Articles;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Search;

namespace NewsApi.Events;

/// <summary>What a list of events can be narrowed by.</summary>
public sealed record EventQuery
{
    /// <summary>
    /// Full text: words, <c>"phrases"</c>, <c>OR</c>, <c>-without</c>, <c>begin*</c> and parentheses, as in <c>/v1/search</c>. A name also finds what the person takes part in.
    /// </summary>
    [FromQuery(Name = "q")]
    public string? Q { get; init; }

    /// <summary>Taking part, by id or slug. Repeated or comma-separated: any of them.</summary>
    [FromQuery(Name = "person")]
    public string[]? Person { get; init; }

    /// <summary>Certainties. Repeated or comma-separated: any of them.</summary>
    [FromQuery(Name = "certainty")]
    public string[]? Certainty { get; init; }

    /// <summary>The larger event, by id or slug. Repeated or comma-separated: any of them.</summary>
    [FromQuery(Name = "partOf")]
    public string[]? PartOf { get; init; }

    /// <summary>
    /// Places by name; case and the spelling of umlauts do not matter. Repeated or comma-separated: any of them; a comma that belongs to a
    /// name is written <c>\,</c>.
    /// </summary>
    [FromQuery(Name = "place")]
    public string[]? Place { get; init; }

    /// <summary>External ids as <c>source:value</c>, such as <c>dpa:e-17</c>. Repeated or comma-separated: any of them.</summary>
    [FromQuery(Name = "externalId")]
    public string[]? ExternalId { get; init; }

    /// <summary>Not over before this date or instant. An event known to the month overlaps every day of it; see <c>timeMatch</c>.</summary>
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    /// <summary>Begun by this date or instant; a date includes its whole day.</summary>
    [FromQuery(Name = "to")]
    public string? To { get; init; }

    /// <summary>IANA zone in which dates are meant; <c>Europe/Rome</c> where absent.</summary>
    [FromQuery(Name = "timeZone")]
    public string? TimeZone { get; init; }

    /// <summary>
    /// <c>true</c>: only events that are rumoured, planned or announced although every instant their time can mean is past. Somebody has to
    /// say what became of them.
    /// </summary>
    [FromQuery(Name = "overdue")]
    public string? Overdue { get; init; }

    /// <summary><c>people</c>, <c>events</c> or both: the whole documents of what the items name, once each, in <c>included</c>.</summary>
    [FromQuery(Name = "include")]
    public string[]? Include { get; init; }

    /// <summary><c>start</c> (default), <c>updatedAt</c>, or <c>relevance</c>, where there is a <c>q</c>: ranked inside the latest 1,000 that answer it, then the 1,000 before them.</summary>
    [FromQuery(Name = "sort")]
    public string? Sort { get; init; }

    /// <summary><c>true</c>: with how <c>q</c> was understood, in <c>explain</c>.</summary>
    [FromQuery(Name = "explain")]
    public string? Explain { get; init; }

    internal ListRequest Narrow(ListRequest request, DateTimeOffset now)
    {
        var filters = new List<ListFilter>();
        filters.AddAny(FilterValue.Person, Person);
        filters.AddAny(FilterValue.PartOf, PartOf);
        filters.AddAny(FilterValue.Place, Place, FilterText.Fold);
        filters.AddAny(FilterValue.ExternalId, ExternalId, FilterText.ExternalId);
        if (Overdue is null) filters.AddAny(FilterValue.Certainty, Certainty);
        else filters.Add(new ListFilter(FilterValue.Certainty, Certainty is { Length: > 0 } ? [.. QueryValues.Split(Certainty).Intersect(Certainties.Open)] : Certainties.Open));

        var (from, before) = (DateBounds.From(From, TimeZone), DateBounds.Before(To, TimeZone));
        var narrowed = request with
        {
            Filters = filters,
            Before = before,
            UntilFrom = from,
            Past = Overdue is null ? null : Instants.Format(now),
            Mark = From is null && To is null ? null : card => TimeMatch.Mark(card, from, before),
        };
        return narrowed.SearchedBy(Q, Sort, Explain);
    }
}

internal sealed class EventQueryValidator : AbstractValidator<EventQuery>
{
    public EventQueryValidator()
    {
        RuleFor(q => q.Q).FullText();
        RuleFor(q => q.Sort).SortOr("start", q => q.Q);
        RuleFor(q => q.Explain).OnlyWith(q => q.Q);
        RuleFor(q => q.Person).Values();
        RuleFor(q => q.Certainty).Values(Certainties.All);
        RuleFor(q => q.PartOf).Values();
        RuleFor(q => q.Place).Values(Place.NameLimit);
        RuleFor(q => q.ExternalId).ExternalIds();
        RuleFor(q => q.From).DateOrInstant();
        RuleFor(q => q.To).DateOrInstant();
        RuleFor(q => q.To).Must((q, to) => DateBounds.AreInOrder(q.From, to, q.TimeZone)).WithErrorCode("disagreement")
            .WithMessage("'to' is before 'from'.");
        RuleFor(q => q.TimeZone).ZoneName();
        RuleFor(q => q.Overdue).OneOf("true");
        RuleFor(q => q.Include).Values(Includes.People, Includes.Events);
    }
}
