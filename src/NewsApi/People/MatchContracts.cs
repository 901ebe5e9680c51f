using System.Globalization;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.People;

/// <summary>What a search box asks for while somebody types.</summary>
public sealed record SuggestQuery
{
    public const int DefaultLimit = 10;
    public const int MaximumLimit = 50;

    /// <summary>The beginning of a name or of one of its words, in any script, with or without accents: <c>Umje</c>, <c>зел</c>, <c>selenskyj wo</c>.</summary>
    [FromQuery(Name = "q")]
    public string? Q { get; init; }

    /// <summary>How many people are suggested.</summary>
    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    /// <summary><c>published</c> (default), or <c>preview</c>: people for the newsroom alone too, with a key.</summary>
    [FromQuery(Name = "perspective")]
    public string? Perspective { get; init; }

    internal bool IsPreview => Perspective == Perspectives.Preview;
    internal int Count => QueryValues.Number(Limit, DefaultLimit);
}

internal sealed class SuggestQueryValidator : AbstractValidator<SuggestQuery>
{
    public SuggestQueryValidator()
    {
        // Whether it is there at all is asked behind the parameters that nobody knows.
        RuleFor(q => q.Q).NotBlank().When(q => q.Q is not null);
        RuleFor(q => q.Q).Line(Person.NameLimit);
        RuleFor(q => q.Limit).Integer(1, SuggestQuery.MaximumLimit, SuggestQuery.DefaultLimit);
        RuleFor(q => q.Perspective).OneOf(Perspectives.All);
    }
}

/// <summary>The people whose names begin with what was typed, those first who are in the news.</summary>
public sealed record SuggestionList
{
    public required IReadOnlyList<PersonSuggestion> Items { get; init; }
}

/// <summary>Somebody who may be meant.</summary>
public sealed record PersonSuggestion
{
    public required Guid Id { get; init; }
    public required string Slug { get; init; }

    /// <summary>The preferred name.</summary>
    public required string Name { get; init; }

    /// <summary>The name on record that begins with what was typed.</summary>
    public required string Matched { get; init; }

    /// <summary>The offices held now.</summary>
    public required IReadOnlyList<OfficeEntry> Offices { get; init; }
}

/// <summary>Names to be matched with the people on record.</summary>
public sealed record MatchInput
{
    public const int QueriesLimit = 100;

    /// <summary>Each is answered by itself.</summary>
    public required IReadOnlyList<MatchQuery> Queries { get; init; }
}

/// <summary>One name, and what is known of where it stands.</summary>
public sealed record MatchQuery
{
    public const int IdLimit = 200;
    public const int DefaultLimit = 5;
    public const int MaximumLimit = 20;

    /// <summary>Comes back with the result; yours to choose.</summary>
    public string? Id { get; init; }

    /// <summary>The name as printed, in any spelling and script.</summary>
    public required string Name { get; init; }

    /// <summary>BCP 47, the language of the text that the name stands in. An -s is taken for the genitive in German, or where this is absent.</summary>
    public string? Language { get; init; }
    public MatchContext? Context { get; init; }

    /// <summary>How many candidates are wanted.</summary>
    public int Limit { get; set; } = DefaultLimit;
}

/// <summary>What breaks a tie between people of like names.</summary>
public sealed record MatchContext
{
    public const int PeopleLimit = 20;

    /// <summary>Who is named beside them: ids, slugs or names.</summary>
    public IReadOnlyList<string> People { get; set; } = [];

    /// <summary>A place, an organisation or a country code that they belong to.</summary>
    public string? Place { get; init; }

    /// <summary>The day of the text: <c>2026-01-03</c>.</summary>
    public string? Date { get; init; }
}

internal sealed class MatchInputValidator : AbstractValidator<MatchInput>
{
    public MatchInputValidator()
    {
        RuleFor(m => m.Queries).AtMost(MatchInput.QueriesLimit);
        RuleForEach(m => m.Queries).Present().SetValidator(new MatchQueryValidator());
    }
}

internal sealed class MatchQueryValidator : AbstractValidator<MatchQuery>
{
    public MatchQueryValidator()
    {
        RuleFor(q => q.Id).MaximumLength(MatchQuery.IdLimit);
        RuleFor(q => q.Name).NotBlank().Line(Person.NameLimit);
        RuleFor(q => q.Language).Language();
        RuleFor(q => q.Limit).InclusiveBetween(1, MatchQuery.MaximumLimit);
        RuleFor(q => q.Context!).SetValidator(new MatchContextValidator()).When(q => q.Context is not null);
    }
}

internal sealed class MatchContextValidator : AbstractValidator<MatchContext>
{
    public MatchContextValidator()
    {
        RuleFor(c => c.People).AtMost(MatchContext.PeopleLimit);
        RuleForEach(c => c.People).Present();
        RuleForEach(c => c.People).NotBlank().Line(Person.NameLimit);
        RuleFor(c => c.Place).Line(Person.NameLimit);
        RuleFor(c => c.Date).Must(d => d is null || DateOnly.TryParseExact(d, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)).WithErrorCode("invalid")
            .WithMessage("A day is written 2026-01-03.");
    }
}

/// <summary>What became of the names, in the order of the queries.</summary>
public sealed record MatchAnswer
{
    public required IReadOnlyList<MatchResult> Results { get; init; }
}

/// <summary>The people that one name may mean, the likeliest first.</summary>
public sealed record MatchResult
{
    /// <summary>The id of the query.</summary>
    public required string? Id { get; init; }
    public required IReadOnlyList<MatchCandidate> Candidates { get; init; }
}

/// <summary>Somebody who may be meant.</summary>
public sealed record MatchCandidate
{
    public required Guid Id { get; init; }
    public required string Slug { get; init; }

    /// <summary>The preferred name.</summary>
    public required string Name { get; init; }

    /// <summary>From 0 to 1; from 0.9 on the names are as good as the same.</summary>
    public required double Score { get; init; }

    /// <summary>Whether joining needs no human: the score is 0.9 or more, and nobody else is as near.</summary>
    public required bool Match { get; init; }

    /// <summary>The rules that made the score: <c>same name in another romanisation</c>, <c>nickname: Steve for Stephen</c>, …</summary>
    public required IReadOnlyList<string> Reasons { get; init; }
}
