using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Articles;
using NewsApi.Events;
using NewsApi.Http;
using NewsApi.People;
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

    /// <summary><c>upsert</c>: the public sees it as it is from here on. <c>remove</c>: the public does not see it any more, or this key's licence does not show it.</summary>
    public required string Operation { get; init; }

    /// <summary>
    /// Why: <c>published</c>, <c>wentLive</c> (a schedule was due), <c>embargoEnded</c>, <c>updated</c>, <c>corrected</c>, <c>retracted</c> (the notice stands
    /// in the place of the text), <c>withdrawn</c>, <c>expired</c>, <c>merged</c>, <c>unmerged</c>, <c>deleted</c>, <c>erased</c>, or <c>referenceChanged</c>
    /// where only what it names was changed.
    /// </summary>
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

    /// <summary>SHA-256 over the canonical form (RFC 8785) of the resource's full view as this key gets it, in lower-case hex; absent with <c>remove</c>.</summary>
    public required string? ContentHash { get; init; }

    /// <summary>
    /// The notice that came with this version; a partner shows it, or acts on it, without reading the article. Absent again once the article was
    /// retracted, of which there is a notice of its own, or is not public any more.
    /// </summary>
    public required Correction? Correction { get; init; }

    /// <summary>With the reason <c>merged</c>: the id of the person who is shown and found in this one's place.</summary>
    public required string? MergedInto { get; init; }

    /// <summary>
    /// With <c>include=resource</c>, of an article: the article as it is read at its address, and its hash is <c>contentHash</c>. Absent where a later
    /// entry tells of the same article, and carries it.
    /// </summary>
    public ArticleResponse? Article { get; init; }

    /// <summary>The same of a person.</summary>
    public PersonResponse? Person { get; init; }

    /// <summary>The same of an event.</summary>
    public EventResponse? Event { get; init; }
}

/// <summary>What the change feed is asked for.</summary>
public sealed record ChangeQuery
{
    public const int DefaultLimit = 100;
    public const int MaximumLimit = 500;
    public const int MaximumWait = 30;
    internal static readonly string[] Includes = ["resource"];

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

    /// <summary><c>resource</c>: entries carry the resource itself. A page then ends early where it comes to eight megabytes.</summary>
    [FromQuery(Name = "include")]
    public string[]? Include { get; init; }

    /// <summary>How many seconds an answer without entries is held back, in case there is one meanwhile (long polling).</summary>
    [FromQuery(Name = "wait")]
    public string? Wait { get; init; }

    internal bool IncludesResource => Include is { Length: > 0 };

    internal TimeSpan MostWait => TimeSpan.FromSeconds(QueryValues.Number(Wait, 0));

    internal int MostItems => QueryValues.Number(Limit, DefaultLimit);
}

/// <summary>What the stream of changes is asked for.</summary>
public sealed record StreamQuery
{
    /// <summary>Where to go on, where no <c>Last-Event-ID</c> is sent. Without either the stream starts at the oldest entry.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>Entries of these types only.</summary>
    [FromQuery(Name = "types")]
    public string[]? Types { get; init; }

    /// <summary><c>resource</c>: entries carry the resource itself.</summary>
    [FromQuery(Name = "include")]
    public string[]? Include { get; init; }
}

internal sealed class StreamQueryValidator : AbstractValidator<StreamQuery>
{
    public StreamQueryValidator()
    {
        RuleFor(q => q.Types).Values(ChangeQuery.AllTypes);
        RuleFor(q => q.Include).Values(ChangeQuery.Includes);
    }
}

internal sealed class ChangeQueryValidator : AbstractValidator<ChangeQuery>
{
    public ChangeQueryValidator()
    {
        RuleFor(q => q.Types).Values(ChangeQuery.AllTypes);
        RuleFor(q => q.Limit).Integer(1, ChangeQuery.MaximumLimit, ChangeQuery.DefaultLimit);
        RuleFor(q => q.Include).Values(ChangeQuery.Includes);
        RuleFor(q => q.Wait).Integer(0, ChangeQuery.MaximumWait, 0);
    }
}
