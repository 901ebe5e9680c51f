using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Audit;

/// <summary>Something that was done.</summary>
public sealed record AuditResponse
{
    public required DateTimeOffset At { get; init; }

    /// <summary>The key or token it was done with, by name; without one a word such as <c>clock</c>, <c>system</c>, <c>import</c> or <c>samples</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>
    /// <c>created</c>, <c>updated</c>, <c>draftSaved</c>, <c>published</c>, <c>scheduled</c>, <c>withdrawn</c>, <c>corrected</c>, <c>retracted</c>,
    /// <c>restored</c>, <c>merged</c>, <c>unmerged</c>, <c>deleted</c>, <c>erased</c>, <c>wentLive</c>, … More values will come.
    /// </summary>
    public required string Action { get; init; }

    /// <summary>What it was done to: <c>article</c>, <c>person</c>, <c>event</c>, <c>section</c>, … More values will come.</summary>
    public required string Type { get; init; }

    /// <summary>The resource's UUID, or the slug of a section. Absent where many were written at once.</summary>
    public required string? Id { get; init; }

    /// <summary>The newest version after it.</summary>
    public required int? Version { get; init; }

    /// <summary>In words, where there is more to say. Never what the resource said.</summary>
    public required string? Detail { get; init; }
}

/// <summary>Which entries of the audit are asked for.</summary>
public sealed record AuditQuery
{
    /// <summary>The name of a key, or another value of <c>actor</c>.</summary>
    [FromQuery(Name = "actor")]
    public string? Actor { get; init; }

    /// <summary><c>article</c>, <c>person</c>, <c>event</c>, <c>section</c>, …</summary>
    [FromQuery(Name = "type")]
    public string? Type { get; init; }

    /// <summary>A resource's UUID, or the slug of a section.</summary>
    [FromQuery(Name = "id")]
    public string? Id { get; init; }

    /// <summary>What was done, such as <c>published</c>.</summary>
    [FromQuery(Name = "action")]
    public string? Action { get; init; }

    /// <summary>Not before this date or instant.</summary>
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    /// <summary>Not after this date, which is included as a whole, or instant.</summary>
    [FromQuery(Name = "to")]
    public string? To { get; init; }

    /// <summary>The zone in which a date is meant: an IANA name, <c>Europe/Rome</c> where absent.</summary>
    [FromQuery(Name = "timeZone")]
    public string? TimeZone { get; init; }

    /// <summary>How many items a page holds.</summary>
    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    /// <summary>Where to go on: <c>nextCursor</c> of the page before, with the same filters.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    internal int MostItems => QueryValues.Number(Limit, ListParameters.DefaultLimit);

    /// <summary>What a cursor is bound to.</summary>
    internal string Fingerprint => string.Join('\n', "audit", Actor, Type, Id, Action, From, To, TimeZone);
}

internal sealed class AuditQueryValidator : AbstractValidator<AuditQuery>
{
    private const int ValueLimit = 200;

    public AuditQueryValidator()
    {
        RuleFor(q => q.Actor).Word(ValueLimit);
        RuleFor(q => q.Type).Word(ValueLimit);
        RuleFor(q => q.Id).Word(ValueLimit);
        RuleFor(q => q.Action).Word(ValueLimit);
        RuleFor(q => q.From).DateOrInstant();
        RuleFor(q => q.To).DateOrInstant();
        RuleFor(q => q.TimeZone).ZoneName();
        RuleFor(q => q.To).Must((q, to) => DateBounds.AreInOrder(q.From, to, q.TimeZone)).WithErrorCode("disagreement").WithMessage("'to' is before 'from'.");
        RuleFor(q => q.Limit).Integer(1, ListParameters.MaximumLimit, ListParameters.DefaultLimit);
    }
}
