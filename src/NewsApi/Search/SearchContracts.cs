using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Articles;
using NewsApi.Events;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Publishing;

namespace NewsApi.Search;

/// <summary>Where what was searched for stands in a text.</summary>
public sealed record SearchHighlight
{
    /// <summary>The member of the resource: <c>headline</c>, <c>kicker</c>, <c>subhead</c>, <c>teaser</c>, <c>body</c>, <c>title</c>, <c>name</c>, <c>description</c>.</summary>
    public required string Field { get; init; }

    /// <summary>Which block of the body, counted from 0; absent elsewhere.</summary>
    public required int? Block { get; init; }

    /// <summary>A piece of the text as HTML: everything in it is escaped, and <c>&lt;mark&gt;</c> is around what was searched for.</summary>
    public required string Html { get; init; }

    /// <summary>Where the piece begins in the text of the member or block, in UTF-16 units.</summary>
    public required int Start { get; init; }

    /// <summary>What was searched for, by places in the text of the member or block; those inside the piece.</summary>
    public required IReadOnlyList<TextMatch> Matches { get; init; }
}

/// <summary>A place in a text, in UTF-16 units.</summary>
public sealed record TextMatch
{
    public required int Start { get; init; }
    public required int Length { get; init; }
}

/// <summary>How a query was understood.</summary>
public sealed record SearchExplanation
{
    /// <summary>The query in its plain form: every operator in one spelling.</summary>
    public required string Query { get; init; }

    /// <summary>Words that are the name of somebody on record: what is linked to them was found too, or left out where the query says so.</summary>
    public required IReadOnlyList<UnderstoodName> People { get; init; }
}

/// <summary>Words of a query and whom they name.</summary>
public sealed record UnderstoodName
{
    /// <summary>As it stands in the query.</summary>
    public required string Text { get; init; }
    public required PersonRef Person { get; init; }
}

/// <summary>One answer of a search: exactly one of <c>article</c>, <c>person</c> and <c>event</c> is there, as <c>type</c> says.</summary>
public sealed record SearchHit
{
    /// <summary><c>article</c>, <c>person</c> or <c>event</c>.</summary>
    public required string Type { get; init; }

    /// <summary>How well it answers, from 0 to 1. To be compared within one answer only.</summary>
    public required double Score { get; init; }

    /// <summary>Without its body.</summary>
    public required ArticleResponse? Article { get; init; }
    public required PersonResponse? Person { get; init; }
    public required EventResponse? Event { get; init; }

    /// <summary>Where it was found, four places at most, the headline before the body; present where <c>highlight=true</c> asked for it.</summary>
    public required IReadOnlyList<SearchHighlight>? Highlights { get; init; }
}

/// <summary>One page of a search.</summary>
public sealed record SearchPage
{
    public required IReadOnlyList<SearchHit> Items { get; init; }

    /// <summary>Goes into <c>cursor</c> of the next request; absent on the last page.</summary>
    public required string? NextCursor { get; init; }

    /// <summary>Present where <c>explain=true</c> asked for it.</summary>
    public required SearchExplanation? Explain { get; init; }
}

/// <summary>What is searched for, and how it is shown.</summary>
public sealed record SearchQuery
{
    /// <summary>
    /// Words, <c>"phrases"</c>, <c>OR</c>, <c>-without</c>, <c>begin*</c> and parentheses; what stands side by side is all required.
    /// German words are found in all their forms and inside compounds, people by every spelling on record.
    /// </summary>
    [FromQuery(Name = "q")]
    public string? Q { get; init; }

    /// <summary><c>article</c>, <c>person</c>, <c>event</c>; all of them where absent. Repeated or comma-separated.</summary>
    [FromQuery(Name = "types")]
    public string[]? Types { get; init; }

    /// <summary><c>true</c>: with the places where it was found.</summary>
    [FromQuery(Name = "highlight")]
    public string? Highlight { get; init; }

    /// <summary><c>true</c>: with how the query was understood.</summary>
    [FromQuery(Name = "explain")]
    public string? Explain { get; init; }

    /// <summary>How many items a page holds.</summary>
    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    /// <summary>Where to go on: <c>nextCursor</c> of the page before, with the same query.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary><c>published</c> (default), or <c>preview</c>: working versions too, with a key.</summary>
    [FromQuery(Name = "perspective")]
    public string? Perspective { get; init; }
}

internal sealed class SearchQueryValidator : AbstractValidator<SearchQuery>
{
    public static readonly string[] Types = [.. new[] { ResourceType.Article, ResourceType.Person, ResourceType.Event }.Select(t => t.Name())];

    public SearchQueryValidator()
    {
        RuleFor(q => q.Q).Cascade(CascadeMode.Stop).NotNull().WithErrorCode("required").WithMessage("Say what to search for.").FullText();
        RuleFor(q => q.Types).Values(Types);
        RuleFor(q => q.Highlight).OneOf("true", "false");
        RuleFor(q => q.Explain).OneOf("true", "false");
        RuleFor(q => q.Limit).Integer(1, ListParameters.MaximumLimit, ListParameters.DefaultLimit);
        RuleFor(q => q.Perspective).OneOf(Perspectives.All);
    }
}
