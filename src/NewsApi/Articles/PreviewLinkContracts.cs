using FluentValidation;
using Microsoft.AspNetCore.Mvc;

namespace NewsApi.Articles;

/// <summary>How long a preview link is to be good. An empty body makes it a day.</summary>
public sealed record PreviewLinkInput
{
    public const int DefaultSeconds = 86_400;
    public const int FewestSeconds = 60;
    public const int MostSeconds = 7 * 86_400;

    /// <summary>In seconds; a day where absent.</summary>
    public int? ExpiresInSeconds { get; init; }

    internal TimeSpan Lasts => TimeSpan.FromSeconds(ExpiresInSeconds ?? DefaultSeconds);
}

internal sealed class PreviewLinkInputValidator : AbstractValidator<PreviewLinkInput>
{
    public PreviewLinkInputValidator() => RuleFor(l => l.ExpiresInSeconds).InclusiveBetween(PreviewLinkInput.FewestSeconds, PreviewLinkInput.MostSeconds);
}

/// <summary>An address that shows the working version of an article to whoever has it.</summary>
public sealed record PreviewLinkResponse
{
    /// <summary>Needs no key. It shows the newest version at any time, and this article alone.</summary>
    public required string Url { get; init; }

    /// <summary>Until when; it ends before that with the key that made it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The token of a preview link.</summary>
public sealed record PreviewLinkToken
{
    public const int Longest = 200;

    /// <summary>That of a preview link, in the place of a key; goes with <c>perspective=preview</c> and without <c>include</c>.</summary>
    [FromQuery(Name = "token")]
    public string? Token { get; init; }
}

internal sealed class PreviewLinkTokenValidator : AbstractValidator<PreviewLinkToken>
{
    public PreviewLinkTokenValidator() => RuleFor(t => t.Token).MaximumLength(PreviewLinkToken.Longest);
}
