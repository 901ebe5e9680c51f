using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Http;

namespace NewsApi.People;

/// <summary>What the reconciliation service is asked.</summary>
public sealed record ReconcileQuery
{
    public const int LongestBatch = 200_000;

    /// <summary>A batch as JSON: an object with a query under each key. Without it the service describes itself.</summary>
    [FromQuery(Name = "queries")]
    public string? Queries { get; init; }
}

internal sealed class ReconcileQueryValidator : AbstractValidator<ReconcileQuery>
{
    public ReconcileQueryValidator() => RuleFor(q => q.Queries).MaximumLength(ReconcileQuery.LongestBatch);
}

/// <summary>The form in which a batch is sent.</summary>
public sealed record ReconcileForm
{
    /// <summary>A batch as JSON: an object with a query under each key.</summary>
    public required string Queries { get; init; }
}

/// <summary>What the suggest service is asked.</summary>
public sealed record ReconcileSuggestQuery
{
    /// <summary>The beginning of a name.</summary>
    [FromQuery(Name = "prefix")]
    public string? Prefix { get; init; }

    /// <summary>How many suggestions are passed over.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    internal int Skip => QueryValues.Number(Cursor, 0);
}

internal sealed class ReconcileSuggestQueryValidator : AbstractValidator<ReconcileSuggestQuery>
{
    public ReconcileSuggestQueryValidator()
    {
        RuleFor(q => q.Prefix).NotBlank().When(q => q.Prefix is not null);
        RuleFor(q => q.Prefix).Line(Person.NameLimit);
        RuleFor(q => q.Cursor).Integer(0, 100, 0);
    }
}

/// <summary>What the preview service is asked.</summary>
public sealed record ReconcilePreviewQuery
{
    /// <summary>A person's id.</summary>
    [FromQuery(Name = "id")]
    public string? Id { get; init; }
}

internal sealed class ReconcilePreviewQueryValidator : AbstractValidator<ReconcilePreviewQuery>
{
    public ReconcilePreviewQueryValidator() => RuleFor(q => q.Id).Must(id => id is null || Guid.TryParseExact(id, "D", out _))
        .WithErrorCode("invalid").WithMessage("The id is a UUID.");
}

/// <summary>The service describes itself (Reconciliation Service API 0.2, §3).</summary>
public sealed record ReconcileManifest
{
    public required IReadOnlyList<string> Versions { get; init; }
    public required string Name { get; init; }
    public required string IdentifierSpace { get; init; }
    public required string SchemaSpace { get; init; }
    public required IReadOnlyList<ReconcileType> DefaultTypes { get; init; }
    public required int BatchSize { get; init; }
    public required ReconcileView View { get; init; }
    public required ReconcilePreview Preview { get; init; }
    public required ReconcileSuggestServices Suggest { get; init; }
}

/// <summary>A type of what is reconciled; there is one, people.</summary>
public sealed record ReconcileType
{
    public required string Id { get; init; }
    public required string Name { get; init; }
}

/// <summary>Where somebody is looked at.</summary>
public sealed record ReconcileView
{
    /// <summary>An address with <c>{{id}}</c> in it.</summary>
    public required string Url { get; init; }
}

/// <summary>Where a small page about somebody comes from, and how large it is.</summary>
public sealed record ReconcilePreview
{
    public required string Url { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
}

/// <summary>The services for typing.</summary>
public sealed record ReconcileSuggestServices
{
    public required ReconcileSuggestService Entity { get; init; }
}

/// <summary>The address of a suggest service, in two parts as the specification has it.</summary>
public sealed record ReconcileSuggestService
{
    [JsonPropertyName("service_url")]
    public required string ServiceUrl { get; init; }

    [JsonPropertyName("service_path")]
    public required string ServicePath { get; init; }
}

/// <summary>The candidates of one query.</summary>
public sealed record ReconcileResult
{
    public required IReadOnlyList<ReconcileCandidate> Result { get; init; }
}

/// <summary>Somebody who may be meant.</summary>
public sealed record ReconcileCandidate
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string? Description { get; init; }

    /// <summary>From 0 to 100.</summary>
    public required double Score { get; init; }

    /// <summary>Whether joining needs no human.</summary>
    public required bool Match { get; init; }
    public required IReadOnlyList<ReconcileType> Type { get; init; }

    /// <summary>The rules that made the score.</summary>
    public required IReadOnlyList<ReconcileFeature> Features { get; init; }
}

/// <summary>A rule that held.</summary>
public sealed record ReconcileFeature
{
    /// <summary>The rule in words, as <c>reasons</c> of <c>/v1/people/match</c> has it.</summary>
    public required string Id { get; init; }

    /// <summary>Always true: rules that did not hold are left out.</summary>
    public required bool Value { get; init; }
}

/// <summary>The suggestions for what was typed.</summary>
public sealed record ReconcileSuggestions
{
    public required IReadOnlyList<ReconcileSuggestion> Result { get; init; }
}

/// <summary>Somebody who may be meant.</summary>
public sealed record ReconcileSuggestion
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string? Description { get; init; }
    public required IReadOnlyList<ReconcileType> Notable { get; init; }
}

/// <summary>A batch in the form of the specification; members it does not know are passed over, as other services do.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record ReconcileBatchQuery
{
    public string? Query { get; set; }

    /// <summary>One type or several.</summary>
    public JsonElement? Type { get; set; }
    public int? Limit { get; set; }
    public IReadOnlyList<ReconcileProperty> Properties { get; set; } = [];
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record ReconcileProperty
{
    public string? Pid { get; set; }

    /// <summary>A text, a number, an entity, or several of them.</summary>
    public JsonElement V { get; set; }
}
