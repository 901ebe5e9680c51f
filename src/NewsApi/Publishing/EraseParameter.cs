using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Http;

namespace NewsApi.Publishing;

/// <summary>Whether a resource is deleted or erased.</summary>
public sealed record EraseParameter
{
    /// <summary>
    /// <c>true</c>, with the scope <c>admin</c>: nothing is left of it but its id and last version. Its versions, slugs and imports go, and the links
    /// to it are taken out of whatever has any, in all versions. Also for what was deleted before.
    /// </summary>
    [FromQuery(Name = "erase")]
    public string? Erase { get; init; }

    internal bool IsAsked => Erase == "true";
}

internal sealed class EraseParameterValidator : AbstractValidator<EraseParameter>
{
    public EraseParameterValidator() => RuleFor(e => e.Erase).OneOf("true", "false");
}
