using FluentValidation;
using NewsApi.Http;

namespace NewsApi.Sections;

/// <summary>A section, in lists and as articles name it.</summary>
public sealed record SectionRef
{
    /// <summary>Its identity: <c>politik</c>.</summary>
    public required string Slug { get; init; }
    public required string Name { get; init; }
}

/// <summary>A section as clients write it.</summary>
[ServerOwned("slug")]
public sealed record SectionInput : IResourceInput
{
    /// <summary>The name to print: <c>Politik</c>.</summary>
    public required string Name { get; init; }

    Guid? IResourceInput.Id => null;
    string? IResourceInput.Slug => null;
}

internal sealed class SectionInputValidator : AbstractValidator<SectionInput>
{
    public SectionInputValidator() => RuleFor(s => s.Name).NotBlank().Line(Section.NameLimit);
}
