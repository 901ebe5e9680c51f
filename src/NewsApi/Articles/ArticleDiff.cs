using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Articles;

/// <summary>What is different between two versions of an article.</summary>
public sealed record ArticleDiff
{
    public required Guid Id { get; init; }

    /// <summary>The version that is compared.</summary>
    public required int From { get; init; }

    /// <summary>The version it is compared with.</summary>
    public required int To { get; init; }

    /// <summary>What changed beside the body.</summary>
    public required IReadOnlyList<MemberChange> Members { get; init; }

    /// <summary>The body of <c>to</c> block by block, and between them what was removed; empty where nothing changed.</summary>
    public required IReadOnlyList<BlockChange> Body { get; init; }

    internal static ArticleDiff Of(Guid id, RevisionForm<ArticleInput> from, RevisionForm<ArticleInput> to)
    {
        var members = new List<MemberChange>();
        Compare("", ToJson(from.Input), ToJson(to.Input), members);
        var body = BodyDiff.Of(from.Input.Body, to.Input.Body);
        return new ArticleDiff
        {
            Id = id,
            From = from.Version,
            To = to.Version,
            Members = members,
            Body = body.All(b => b.Change == Changes.Same) ? [] : body,
        };
    }

    private static JsonObject ToJson(ArticleInput input) =>
        JsonSerializer.SerializeToNode(input with { Body = [] }, WireJson.Default.ArticleInput)!.AsObject();

    /// <summary>Objects member by member; a list is one value, because its order counts.</summary>
    private static void Compare(string pointer, JsonNode? was, JsonNode? now, List<MemberChange> changes)
    {
        if (was is JsonObject or null && now is JsonObject or null && (was ?? now) is JsonObject)
        {
            var names = (was as JsonObject ?? []).Concat(now as JsonObject ?? []).Select(member => member.Key).Distinct();
            foreach (var name in names) Compare($"{pointer}/{name}", was?[name], now?[name], changes);
        }
        else if (!JsonNode.DeepEquals(was, now))
        {
            changes.Add(new MemberChange { Pointer = pointer, Was = Text(was), Now = Text(now) });
        }
    }

    private static string? Text(JsonNode? value) =>
        value is null ? null : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(WireJson.Default.Options);
}

/// <summary>A member that changed. A text stands as it is, everything else as JSON.</summary>
public sealed record MemberChange
{
    /// <summary>Where, as JSON Pointer (RFC 6901): <c>/headline</c>.</summary>
    public required string Pointer { get; init; }

    /// <summary>Absent where it is new.</summary>
    public required string? Was { get; init; }

    /// <summary>Absent where it was removed.</summary>
    public required string? Now { get; init; }
}

/// <summary>What became of a block.</summary>
public sealed record BlockChange
{
    /// <summary><c>same</c>, <c>changed</c>, <c>moved</c> (else the same), <c>added</c> or <c>removed</c>.</summary>
    public required string Change { get; init; }

    /// <summary>Its place in the body before, from 0; absent where it was added.</summary>
    public required int? From { get; init; }

    /// <summary>Its place in the body now, from 0; absent where it was removed.</summary>
    public required int? To { get; init; }

    /// <summary>The block before; where it was changed or removed.</summary>
    public required Block? Was { get; init; }

    /// <summary>The block now; absent where it was removed.</summary>
    public required Block? Now { get; init; }

    /// <summary>Of a block that was changed: its sentences, or the entries of its list and the rows of its table, in their order.</summary>
    public required IReadOnlyList<SentenceChange>? Sentences { get; init; }
}

/// <summary>What became of a sentence.</summary>
public sealed record SentenceChange
{
    /// <summary><c>same</c>, <c>added</c> or <c>removed</c>.</summary>
    public required string Change { get; init; }
    public required string Text { get; init; }
}

internal static class Changes
{
    public const string Same = "same";
    public const string Changed = "changed";
    public const string Moved = "moved";
    public const string Added = "added";
    public const string Removed = "removed";
}

/// <summary>Which versions are compared.</summary>
public sealed record DiffQuery
{
    /// <summary>The older version; the one before <c>to</c> where absent.</summary>
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    /// <summary>The newer version; the newest one where absent.</summary>
    [FromQuery(Name = "to")]
    public string? To { get; init; }
}

internal sealed class DiffQueryValidator : AbstractValidator<DiffQuery>
{
    public DiffQueryValidator()
    {
        RuleFor(q => q.From).Integer(1, int.MaxValue, otherwise: null);
        RuleFor(q => q.To).Integer(1, int.MaxValue, otherwise: null);
    }
}
