using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Http;

namespace NewsApi.Publishing;

/// <summary>One version of a resource, in the list of all of them.</summary>
public sealed record RevisionResponse
{
    public const int NoteLimit = 500;

    public required int Version { get; init; }
    public required DateTimeOffset SavedAt { get; init; }

    /// <summary>The name of the key that saved it.</summary>
    public required string SavedBy { get; init; }

    /// <summary>Why, in the words of whoever saved it: <c>note</c> of the write. A restored version says from which one.</summary>
    public required string? Note { get; init; }

    /// <summary>Whether the public sees this version now.</summary>
    public required bool IsPublic { get; init; }

    /// <summary>Whether it is the newest one.</summary>
    public required bool IsNewest { get; init; }
}

/// <summary>Which page of the versions.</summary>
public sealed record RevisionQuery
{
    /// <summary>How many items a page holds.</summary>
    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    /// <summary>Where to go on: <c>nextCursor</c> of the page before.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    internal int MostItems => QueryValues.Number(Limit, ListParameters.DefaultLimit);
}

internal sealed class RevisionQueryValidator : AbstractValidator<RevisionQuery>
{
    public RevisionQueryValidator() => RuleFor(q => q.Limit).Integer(1, ListParameters.MaximumLimit, ListParameters.DefaultLimit);
}

/// <summary>What a write says about itself.</summary>
public sealed record NoteParameter
{
    /// <summary>Why this is written, for the newsroom alone: one line, kept with the version that comes of it.</summary>
    [FromQuery(Name = "note")]
    public string? Note { get; init; }

    internal string? Text => string.IsNullOrWhiteSpace(Note) ? null : Note.Trim();
}

internal sealed class NoteParameterValidator : AbstractValidator<NoteParameter>
{
    public NoteParameterValidator() => RuleFor(n => n.Note).Line(RevisionResponse.NoteLimit);
}
