using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Articles;
using NewsApi.Events;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Timelines;

/// <summary>
/// Something that happened or was reported. Items stand by the first instant their time can mean; of those that begin with the same one, the
/// better known first: what is known to belong to January stands behind what is known to belong to its first day. Articles stand by the
/// millisecond of their publication.
/// </summary>
public sealed record TimelineItem
{
    /// <summary><c>article</c> or <c>event</c>, and the name of the member that holds it. More values will come.</summary>
    public required string Type { get; init; }

    /// <summary>The start of an event; of an article the minute of its publication, of one that was never public that of its creation.</summary>
    public required EventTime Time { get; init; }

    /// <summary>The article without its body, where this is one.</summary>
    public required ArticleResponse? Article { get; init; }

    /// <summary>The event, where this is one.</summary>
    public required EventResponse? Event { get; init; }
}

/// <summary>What a timeline can be narrowed by.</summary>
public sealed record TimelineQuery
{
    /// <summary>Published, or not over, before this date or instant: articles from here on and events that reach into it; see <c>timeMatch</c>.</summary>
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    /// <summary>Published or begun by this date or instant; a date includes its whole day.</summary>
    [FromQuery(Name = "to")]
    public string? To { get; init; }

    /// <summary>IANA zone in which dates are meant; <c>Europe/Rome</c> where absent.</summary>
    [FromQuery(Name = "timeZone")]
    public string? TimeZone { get; init; }

    /// <summary><c>article</c>, <c>event</c> or both (default).</summary>
    [FromQuery(Name = "types")]
    public string[]? Types { get; init; }

    internal TimelineRequest Narrow(ListParameters page, IReadOnlyList<ListFilter> filters)
    {
        var (from, before) = (DateBounds.From(From, TimeZone), DateBounds.Before(To, TimeZone));
        var list = page.Of(ResourceType.Article) with
        {
            Descending = page.Order == "desc",
            Filters = filters,
            From = from,
            Before = before,
            Mark = From is null && To is null ? null : card => TimeMatch.Mark(card, from, before),
        };
        var types = QueryValues.Split(Types);
        return new TimelineRequest(list, [.. All.Where(type => types.Count == 0 || types.Contains(type.Name()))]);
    }

    private static readonly ResourceType[] All = [ResourceType.Article, ResourceType.Event];
}

internal sealed class TimelineQueryValidator : AbstractValidator<TimelineQuery>
{
    public TimelineQueryValidator()
    {
        RuleFor(q => q.From).DateOrInstant();
        RuleFor(q => q.To).DateOrInstant();
        RuleFor(q => q.To).Must((q, to) => DateBounds.AreInOrder(q.From, to, q.TimeZone)).WithErrorCode("disagreement")
            .WithMessage("'to' is before 'from'.");
        RuleFor(q => q.TimeZone).ZoneName();
        RuleFor(q => q.Types).Values(ResourceType.Article.Name(), ResourceType.Event.Name());
    }
}

/// <summary>Whose timeline it is. One of them is required; both: what belongs to both.</summary>
public sealed record TimelineSubjects
{
    /// <summary>Persons, by id or slug: articles that name them, events they take part in. Repeated or comma-separated: any of them.</summary>
    [FromQuery(Name = "person")]
    public string[]? Person { get; init; }

    /// <summary>Events, by id or slug: the event itself, its parts, and the articles that name it. Repeated or comma-separated: any of them.</summary>
    [FromQuery(Name = "event")]
    public string[]? Event { get; init; }

    internal IReadOnlyList<ListFilter> Filters
    {
        get
        {
            var filters = new List<ListFilter>();
            filters.AddAny(FilterValue.Person, Person);
            filters.AddAny(FilterValue.Event, Event);
            return filters;
        }
    }
}

internal sealed class TimelineSubjectsValidator : AbstractValidator<TimelineSubjects>
{
    public TimelineSubjectsValidator()
    {
        RuleFor(s => s.Person).Must((s, person) => person is { Length: > 0 } || s.Event is { Length: > 0 })
            .WithErrorCode("required").WithMessage("Give 'person' or 'event', or both.");
        RuleFor(s => s.Person).Values();
        RuleFor(s => s.Event).Values();
    }
}
