using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Changes;

/// <summary>One page of the change feed, oldest entry first.</summary>
public sealed record ChangePage
{
    public required IReadOnlyList<ChangeResponse> Items { get; init; }

    /// <summary>Goes into <c>cursor</c> of the next request. Always there, also on an empty page.</summary>
    public required string NextCursor { get; init; }

    /// <summary>Whether more entries waited when this page was read; where not, ask again in a while.</summary>
    public required bool HasMore { get; init; }
}

/// <summary>One change of what the public sees.</summary>
public sealed record ChangeResponse
{
    /// <summary>Place in the feed: a whole number, as text because it may outgrow a double. It only grows, in the order of the commits.</summary>
    public required string Position { get; init; }

    /// <summary>Goes on after this entry; for a copy that was interrupted in the middle of a page.</summary>
    public required string Cursor { get; init; }

    /// <summary><c>article</c>, <c>person</c> or <c>event</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The resource's UUID.</summary>
    public required string Id { get; init; }

    /// <summary><c>upsert</c>: the public sees it as it is from here on. <c>remove</c>: the public does not see it any more.</summary>
    public required string Operation { get; init; }

    /// <summary>Why: <c>published</c>, <c>updated</c>, <c>withdrawn</c>, <c>deleted</c>, or <c>referenceChanged</c> where only what it names was changed.</summary>
    public required string Reason { get; init; }

    /// <summary>The version that is public from here on; of a removed resource the last that was.</summary>
    public required int Version { get; init; }

    /// <summary>The version that was public before; absent where none was.</summary>
    public required int? PreviousVersion { get; init; }

    /// <summary>When it was committed. Order entries by their position, not by this.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>The slug it has; of a removed resource the one it had.</summary>
    public required string Slug { get; init; }

    /// <summary>Its names in other systems; of a removed resource those it had.</summary>
    public required IReadOnlyList<ExternalId> ExternalIds { get; init; }

    /// <summary>SHA-256 over the canonical form (RFC 8785) of the resource's full view, in lower-case hex; absent with <c>remove</c>.</summary>
    public required string? ContentHash { get; init; }
}

/// <summary>What the change feed is asked for.</summary>
public sealed record ChangeQuery
{
    public const int DefaultLimit = 100;
    public const int MaximumLimit = 500;

    internal static readonly string[] AllTypes = [.. Enum.GetValues<ResourceType>().Where(t => t.IsInFeed()).Select(t => t.Name())];

    /// <summary>Where to go on: <c>nextCursor</c> of the page before, or <c>cursor</c> of an entry. Without one the feed starts at its oldest entry.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>Entries of these types only. A cursor belongs to the whole feed, so the types may differ from request to request.</summary>
    [FromQuery(Name = "types")]
    public string[]? Types { get; init; }

    /// <summary>How many entries a page holds at most.</summary>
    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    internal int MostItems => Limit is null ? DefaultLimit : int.Parse(Limit, System.Globalization.CultureInfo.InvariantCulture);
}

internal sealed class ChangeQueryValidator : AbstractValidator<ChangeQuery>
{
    public ChangeQueryValidator()
    {
        RuleFor(q => q.Types).Values(ChangeQuery.AllTypes);
        RuleFor(q => q.Limit).Integer(1, ChangeQuery.MaximumLimit, ChangeQuery.DefaultLimit);
    }
}
