using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Http;

namespace NewsApi.Publishing;

/// <summary>What every list understands.</summary>
public sealed record ListParameters
{
    public const int DefaultLimit = 20;
    public const int MaximumLimit = 200;

    /// <summary>How many items a page holds.</summary>
    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    /// <summary>Where to go on: <c>nextCursor</c> of the page before, with the same filters and order.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary><c>desc</c> or <c>asc</c>. Articles and events stand newest first, people and sections from A to Z, timelines oldest first where this is absent.</summary>
    [FromQuery(Name = "order")]
    public string? Order { get; init; }

    /// <summary><c>exact</c>: how many items all pages hold together, in <c>total</c>. Counted for each answer, so ask once.</summary>
    [FromQuery(Name = "count")]
    public string? Count { get; init; }

    /// <summary><c>published</c> (default), or <c>preview</c>: working versions too, with a key.</summary>
    [FromQuery(Name = "perspective")]
    public string? Perspective { get; init; }

    internal bool IsPreview => Perspective == Perspectives.Preview;

    /// <summary>The request as far as it is the same for every type.</summary>
    internal ListRequest Of(ResourceType type) => new()
    {
        Type = type,
        Preview = IsPreview,
        Counted = Count is not null,
        Limit = QueryValues.Number(Limit, DefaultLimit),
        IsOrdered = Order is not null,
        Descending = Order is null ? type is ResourceType.Article or ResourceType.Event : Order == "desc",
    };
}

/// <summary>Who looks: the public, or the newsroom.</summary>
internal static class Perspectives
{
    public const string Preview = "preview";

    public static readonly string[] All = ["published", Preview];
}

internal sealed class ListParametersValidator : AbstractValidator<ListParameters>
{
    public ListParametersValidator()
    {
        RuleFor(p => p.Limit).Integer(1, ListParameters.MaximumLimit, ListParameters.DefaultLimit);
        RuleFor(p => p.Order).OneOf("desc", "asc");
        RuleFor(p => p.Count).OneOf("exact");
        RuleFor(p => p.Perspective).OneOf(Perspectives.All);
    }
}

/// <summary>What a single document understands.</summary>
public sealed record DocumentParameters
{
    /// <summary><c>published</c> (default), or <c>preview</c>: the working version, with a key.</summary>
    [FromQuery(Name = "perspective")]
    public string? Perspective { get; init; }

    internal bool IsPreview => Perspective == Perspectives.Preview;
}

internal sealed class DocumentParametersValidator : AbstractValidator<DocumentParameters>
{
    public DocumentParametersValidator() => RuleFor(p => p.Perspective).OneOf(Perspectives.All);
}

/// <summary>Values of <c>include</c>.</summary>
internal static class Includes
{
    public const string People = "people";
    public const string Events = "events";

    public static IReadOnlyList<ResourceType> Read(string[]? include) =>
        [.. QueryValues.Split(include).Select(name => name == People ? ResourceType.Person : ResourceType.Event).Order()];
}
