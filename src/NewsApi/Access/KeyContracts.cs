using FluentValidation;
using NewsApi.Http;

namespace NewsApi.Access;

/// <summary>A key on record.</summary>
public sealed record KeyResponse
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }

    /// <summary>How the key begins, to tell it from others: <c>nk_</c> and eight characters.</summary>
    public required string Prefix { get; init; }

    /// <summary>The key itself. It is in the answer that made it and nowhere else, ever; the server keeps only its hash.</summary>
    public required string? Key { get; init; }

    /// <summary>What it may do.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>What part of the content it shows; absent where that is everything.</summary>
    public required Licence? Licence { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The name of the key that made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>From when on it is not good any more.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How the text before the last rotation begins, while it is good as well.</summary>
    public required string? PreviousPrefix { get; init; }

    /// <summary>Until when that text is good.</summary>
    public required DateTimeOffset? PreviousExpiresAt { get; init; }

    /// <summary>Since when nobody gets in with it.</summary>
    public required DateTimeOffset? RevokedAt { get; init; }

    internal static KeyResponse From(ApiKey key, DateTimeOffset now, string? text = null) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Prefix = key.Prefix,
        Key = text,
        Scopes = key.Scopes,
        Licence = key.Licence,
        CreatedAt = key.CreatedAt,
        CreatedBy = key.CreatedBy,
        ExpiresAt = key.ExpiresAt,
        PreviousPrefix = key.Secrets.Where(s => s.ExpiresAt > now).MaxBy(s => s.ExpiresAt)?.Prefix,
        PreviousExpiresAt = key.Secrets.Where(s => s.ExpiresAt > now).Max(s => s.ExpiresAt),
        RevokedAt = key.RevokedAt,
    };
}

/// <summary>The keys on record, the newest first. Those of the settings are not among them.</summary>
public sealed record KeyList
{
    public required IReadOnlyList<KeyResponse> Items { get; init; }
}

/// <summary>A key as it is asked for. It can do no more than the key that asks.</summary>
public sealed record KeyInput
{
    /// <summary>Who or what it is for; revisions keep the name of the key that wrote them.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do: any of <c>content:read</c>, <c>content:preview</c>, <c>content:write</c>, <c>content:publish</c>, <c>people:write</c>, <c>sync:read</c>, <c>admin</c>. None implies another.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>From when on it is not good any more; absent for one without an end.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What part of the content it shows; absent for everything.</summary>
    public Licence? Licence { get; init; }
}

internal sealed class KeyInputValidator : AbstractValidator<KeyInput>
{
    public KeyInputValidator(TimeProvider clock)
    {
        RuleFor(k => k.Name).NotBlank().Line(ApiKey.NameLimit);
        RuleFor(k => k.Scopes).Must(scopes => scopes.Count > 0).WithErrorCode("required").WithMessage("A key has one scope at least.").AtMost(Scopes.All.Length).Distinct();
        RuleForEach(k => k.Scopes).Present().OneOf(Scopes.All);
        RuleFor(k => k.ExpiresAt).Must(at => at is null || at > clock.GetUtcNow()).WithErrorCode("outOfRange").WithMessage("A key ends in the future.");
        RuleFor(k => k.Licence!).SetValidator(new LicenceValidator()).When(k => k.Licence is not null);
    }
}

/// <summary>How a key is changed for another one. An empty body leaves the old one a day.</summary>
public sealed record RotationInput
{
    public const int DefaultOverlap = 86_400;
    public const int LongestOverlap = 30 * 86_400;

    /// <summary>For how many seconds the old text is good beside the new one; a day where absent. There are never three.</summary>
    public int? OverlapSeconds { get; init; }

    internal TimeSpan Overlap => TimeSpan.FromSeconds(OverlapSeconds ?? DefaultOverlap);
}

internal sealed class RotationInputValidator : AbstractValidator<RotationInput>
{
    public RotationInputValidator() => RuleFor(r => r.OverlapSeconds).InclusiveBetween(0, RotationInput.LongestOverlap);
}

/// <summary>The key that was sent.</summary>
public sealed record MeResponse
{
    public required string Name { get; init; }

    /// <summary>How it begins; absent for keys of the settings and for tokens.</summary>
    public required string? Prefix { get; init; }

    /// <summary>What it may do.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>From when on it is not good any more.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What part of the content it shows; absent where that is everything.</summary>
    public required Licence? Licence { get; init; }

    internal static MeResponse From(Caller caller) =>
        new() { Name = caller.Name, Prefix = caller.Prefix, Scopes = caller.Scopes, ExpiresAt = caller.ExpiresAt, Licence = caller.Licence };
}
