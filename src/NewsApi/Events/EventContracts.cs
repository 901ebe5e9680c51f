using FluentValidation;
using FluentValidation.Results;
using NewsApi.Articles;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Publishing;

namespace NewsApi.Events;

/// <summary>How other documents name an event.</summary>
public sealed record EventRef
{
    public required Guid Id { get; init; }
    public required string Slug { get; init; }
    public required string Title { get; init; }
    public required EventTime Start { get; init; }

    /// <summary><c>rumoured</c>, <c>planned</c>, <c>announced</c>, <c>confirmed</c>, <c>occurred</c>, <c>postponed</c> or <c>cancelled</c>.</summary>
    public required string Certainty { get; init; }
}

/// <summary>An event as clients see it. Lists and single answers have the same shape.</summary>
public sealed record EventResponse
{
    /// <summary>UUIDv7, lower case.</summary>
    public required Guid Id { get; init; }

    /// <summary>Counts changes of content, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>The readable name in addresses; an older one keeps leading here.</summary>
    public required string Slug { get; init; }
    public required string Title { get; init; }
    public required string? Description { get; init; }

    /// <summary>What it is: <c>summit</c>, <c>call</c>, <c>speech</c>, …</summary>
    public required string? Kind { get; init; }
    public required EventTime Start { get; init; }
    public required EventTime? End { get; init; }

    /// <summary><c>rumoured</c>, <c>planned</c>, <c>announced</c>, <c>confirmed</c>, <c>occurred</c>, <c>postponed</c> or <c>cancelled</c>.</summary>
    public required string Certainty { get; init; }
    public required Place? Place { get; init; }
    public required IReadOnlyList<ParticipantEntry> Participants { get; init; }

    /// <summary>The larger event this one belongs to.</summary>
    public required EventRef? PartOf { get; init; }
    public required IReadOnlyList<ExternalId> ExternalIds { get; init; }

    /// <summary><c>internal</c> where only the newsroom sees the event; absent for everybody else.</summary>
    public required string? Visibility { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When this version was saved.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>
    /// In answers to <c>from</c> or <c>to</c>: <c>certain</c> where the event overlaps that span whatever the true instants of its start and end are;
    /// <c>possible</c> where its time is known too roughly to say so. An event in January overlaps the sixth possibly. One without an end
    /// is sure to last for the instant of its start alone.
    /// </summary>
    public required string? TimeMatch { get; init; }

    /// <summary>Only where <c>include</c> asked for it.</summary>
    public required Included? Included { get; init; }

    internal static EventResponse From(EventInput form, ResourceState state, References references) => new()
    {
        Id = state.Id,
        Version = state.Version,
        Slug = form.Slug!,
        Title = form.Title,
        Description = form.Description,
        Kind = form.Kind,
        Start = EventTime.Of(form.Start),
        End = form.End is { } end ? EventTime.Of(end) : null,
        Certainty = form.Certainty,
        Place = form.Place,
        Participants = [.. form.Participants.Select(p => ParticipantEntry.From(p, references)).OfType<ParticipantEntry>().DistinctBy(p => (object?)p.Person?.Id ?? new object())],
        PartOf = form.PartOf is { } whole ? references.Find<EventRef>(ResourceType.Event, whole.Id.ToString()!) : null,
        ExternalIds = form.ExternalIds,
        Visibility = form.Visibility == Visibilities.Public ? null : form.Visibility,
        CreatedAt = state.CreatedAt,
        UpdatedAt = state.UpdatedAt,
        TimeMatch = null,
        Included = null,
    };
}

/// <summary>Somebody who takes part: a person on record, or a name.</summary>
public sealed record ParticipantEntry
{
    /// <summary>Present where the participant is a person on record.</summary>
    public required PersonRef? Person { get; init; }
    public required string Name { get; init; }

    /// <summary><c>attends</c>, <c>expected</c>, <c>online</c>, <c>host</c> or <c>declined</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>In which capacity: "Gastgeber", "Delegationsleiter".</summary>
    public required string? Role { get; init; }

    /// <summary>ISO 3166-1 alpha-2, upper case.</summary>
    public required string? Country { get; init; }

    /// <summary>A linked person who is not public is left out altogether, name and all.</summary>
    internal static ParticipantEntry? From(ParticipantInput input, References references)
    {
        var person = input.Person is { } link ? references.Find<PersonRef>(ResourceType.Person, link.Id.ToString()!) : null;
        if (input.Person is not null && person is null) return null;

        return new ParticipantEntry
        {
            Person = person,
            Name = person?.Name ?? input.Name!,
            Mode = input.Mode,
            Role = input.Role,
            Country = input.Country,
        };
    }
}

/// <summary>Names a person who exists, by id or by slug.</summary>
[ServerOwned("name")]
public sealed record ParticipantLink
{
    public Guid? Id { get; init; }

    /// <summary>Used where no id is given.</summary>
    public string? Slug { get; init; }
}

/// <summary>Somebody who takes part: a person on record or a name. Beside a person, <c>name</c> is ignored.</summary>
public sealed record ParticipantInput
{
    public ParticipantLink? Person { get; init; }
    public string? Name { get; init; }

    /// <summary><c>attends</c> (default), <c>expected</c>, <c>online</c>, <c>host</c> or <c>declined</c>.</summary>
    public string Mode { get; set; } = Participant.Attends;

    /// <summary>In which capacity: "Gastgeber", "Delegationsleiter".</summary>
    public string? Role { get; init; }

    /// <summary>ISO 3166-1 alpha-2, upper case.</summary>
    public string? Country { get; init; }
}

/// <summary>
/// An event as clients write it. What the server owns may stand in it, so that an answer can be sent back, and is ignored;
/// any other unknown member is refused.
/// </summary>
[ServerOwned("version", "updatedAt", "createdAt", "timeMatch", "included")]
public sealed record EventInput : IResourceInput
{
    /// <summary>A UUID of your own, version 7 preferred. Made by the server where absent; on PUT it must equal the one in the path.</summary>
    public Guid? Id { get; init; }

    /// <summary>Lower-case letters, digits and hyphens. Made from the title where absent.</summary>
    public string? Slug { get; init; }
    public required string Title { get; init; }
    public string? Description { get; init; }

    /// <summary>What it is: <c>summit</c>, <c>call</c>, <c>speech</c>, …</summary>
    public string? Kind { get; init; }
    public required EventTimeInput Start { get; init; }
    public EventTimeInput? End { get; init; }

    /// <summary><c>rumoured</c>, <c>planned</c> (default), <c>announced</c>, <c>confirmed</c>, <c>occurred</c>, <c>postponed</c> or <c>cancelled</c>.</summary>
    public string Certainty { get; set; } = Certainties.Planned;
    public Place? Place { get; init; }
    public IReadOnlyList<ParticipantInput> Participants { get; set; } = [];

    /// <summary>The larger event this one belongs to.</summary>
    public EventLink? PartOf { get; init; }
    public IReadOnlyList<ExternalId> ExternalIds { get; set; } = [];

    /// <summary><c>public</c> (default) or <c>internal</c>, for the newsroom alone.</summary>
    public string Visibility { get; set; } = Visibilities.Public;

    /// <summary>The same event as it would have to be sent to write it anew.</summary>
    internal static EventInput From(NewsEvent newsEvent) => new()
    {
        Slug = newsEvent.Slug,
        Title = newsEvent.Title,
        Description = newsEvent.Description,
        Kind = newsEvent.Kind,
        Start = From(newsEvent.Start),
        End = newsEvent.End is { } end ? From(end) : null,
        Certainty = newsEvent.Certainty,
        Place = newsEvent.Place,
        Participants =
        [
            .. newsEvent.Participants.OrderBy(p => p.Ordinal).Select(p => new ParticipantInput
            {
                Person = p.PersonId is { } id ? new ParticipantLink { Id = id } : null,
                Name = p.Name,
                Mode = p.Mode,
                Role = p.Role,
                Country = p.Country,
            }),
        ],
        PartOf = newsEvent.PartOfId is { } whole ? new EventLink { Id = whole } : null,
        ExternalIds = newsEvent.ExternalIds,
        Visibility = newsEvent.Visibility,
    };

    /// <summary>Without the precision, which follows from the value: a patch of the value alone must not contradict it.</summary>
    private static EventTimeInput From(EventTime time) => new() { Value = time.Value, TimeZone = time.TimeZone };
}

internal sealed class EventInputValidator : AbstractValidator<EventInput>
{
    public EventInputValidator()
    {
        RuleFor(e => e.Slug).Slug();
        RuleFor(e => e.Title).NotBlank().Line(NewsEvent.TitleLimit);
        RuleFor(e => e.Description).MaximumLength(NewsEvent.DescriptionLimit);
        RuleFor(e => e.Kind).Line(NewsEvent.KindLimit);
        RuleFor(e => e.Start).SetValidator(new EventTimeInputValidator());
        RuleFor(e => e.End!).SetValidator(new EventTimeInputValidator()).When(e => e.End is not null);
        RuleFor(e => e.End).Must((e, end) => !EndsBeforeItStarts(e.Start, end!)).When(e => e is { Start: not null, End: not null })
            .WithErrorCode("disagreement").WithMessage("The event ends before it starts.");
        RuleFor(e => e.Certainty).OneOf(Certainties.All);
        RuleFor(e => e.Place!).SetValidator(new PlaceValidator()).When(e => e.Place is not null);
        RuleFor(e => e.Participants).AtMost(NewsEvent.ParticipantsLimit);
        RuleForEach(e => e.Participants).Present().SetValidator(new ParticipantInputValidator());
        RuleFor(e => e.PartOf!).SetValidator(new EventLinkValidator()).When(e => e.PartOf is not null);
        RuleFor(e => e.ExternalIds).AtMost(Article.EntriesLimit).Distinct();
        RuleForEach(e => e.ExternalIds).Present().SetValidator(new ExternalIdValidator());
        RuleFor(e => e.Visibility).OneOf(Visibilities.All);
    }

    private static bool EndsBeforeItStarts(EventTimeInput start, EventTimeInput end) =>
        EventTime.TryRead(start, out var from, out _, out _) && EventTime.TryRead(end, out var to, out _, out _) && to.Latest < from.Earliest;
}

internal sealed class ParticipantInputValidator : AbstractValidator<ParticipantInput>
{
    public ParticipantInputValidator()
    {
        RuleFor(p => p.Name).Must((p, name) => p.Person is not null || !string.IsNullOrWhiteSpace(name))
            .WithErrorCode("required").WithMessage("Give 'person' or 'name'.");
        RuleFor(p => p.Name).Line(Participant.NameLimit);
        RuleFor(p => p.Person).Must(link => link is null || link.Id is not null || link.Slug is not null)
            .WithErrorCode("required").WithMessage("Give 'id' or 'slug'.");
        RuleFor(p => p.Mode).OneOf(Participant.Modes);
        RuleFor(p => p.Role).Line(Participant.RoleLimit);
        RuleFor(p => p.Country).Country();
    }
}

internal sealed class EventTimeInputValidator : AbstractValidator<EventTimeInput>
{
    public EventTimeInputValidator()
    {
        RuleFor(t => t.Value).NotBlank().Line(EventTime.ValueLimit);
        RuleFor(t => t.TimeZone).Line(EventTime.TimeZoneLimit);
        RuleFor(t => t).Custom((input, context) =>
        {
            if (string.IsNullOrWhiteSpace(input.Value)) return;
            if (!EventTime.TryRead(input, out _, out var member, out var detail)) context.AddFailure(new ValidationFailure($"{context.PropertyPath}.{member}", detail) { ErrorCode = "invalid" });
        });
    }
}
