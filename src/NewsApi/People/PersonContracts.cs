using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Articles;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Search;

namespace NewsApi.People;

/// <summary>How other documents name a person.</summary>
public sealed record PersonRef
{
    public required Guid Id { get; init; }
    public required string Slug { get; init; }

    /// <summary>The preferred name.</summary>
    public required string Name { get; init; }
}

/// <summary>A person as clients see them. Lists and single answers have the same shape.</summary>
public sealed record PersonResponse
{
    /// <summary>UUIDv7, lower case.</summary>
    public required Guid Id { get; init; }

    /// <summary>Counts changes of content, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>The readable name in addresses; an older one keeps leading here.</summary>
    public required string Slug { get; init; }

    /// <summary>The name this house prints: the preferred entry of <c>names</c>.</summary>
    public required string Name { get; init; }
    public required string? GivenName { get; init; }
    public required string? FamilyName { get; init; }

    /// <summary>Every spelling on record.</summary>
    public required IReadOnlyList<NameEntry> Names { get; init; }
    public required IReadOnlyList<OfficeEntry> Offices { get; init; }
    public required string? Description { get; init; }

    /// <summary>A date as far as known: <c>1978-01-25</c>, <c>1978-01</c> or <c>1978</c>.</summary>
    public required string? BirthDate { get; init; }

    /// <summary>A date as far as known.</summary>
    public required string? DeathDate { get; init; }
    public required Image? Image { get; init; }
    public required IReadOnlyList<ExternalId> ExternalIds { get; init; }

    /// <summary><c>internal</c> where only the newsroom sees the person; absent for everybody else.</summary>
    public required string? Visibility { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When this version was saved.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The id that was asked for, where that is somebody who was merged into this person; <c>id</c> is the one to use from now on.</summary>
    public required Guid? RequestedId { get; init; }

    internal static PersonResponse From(PersonInput form, ResourceState state) => new()
    {
        Id = state.Id,
        Version = state.Version,
        Slug = form.Slug!,
        Name = form.Name!,
        GivenName = form.GivenName,
        FamilyName = form.FamilyName,
        Names = form.Names,
        Offices = form.Offices,
        Description = form.Description,
        BirthDate = form.BirthDate,
        DeathDate = form.DeathDate,
        Image = form.Image,
        ExternalIds = form.ExternalIds,
        Visibility = form.Visibility == Visibilities.Public ? null : form.Visibility,
        CreatedAt = state.CreatedAt,
        UpdatedAt = state.UpdatedAt,
        RequestedId = null,
    };
}

/// <summary>A spelling on record.</summary>
public sealed record NameEntry
{
    /// <summary>The whole name as written.</summary>
    public required string Value { get; init; }

    /// <summary>BCP 47, where the spelling belongs to a language.</summary>
    public string? Language { get; init; }

    /// <summary>ISO 15924, such as <c>Latn</c> or <c>Cyrl</c>.</summary>
    public string? Script { get; init; }

    /// <summary><c>preferred</c> (one at most), <c>alias</c> (default), <c>romanisation</c>, <c>former</c> or <c>misspelling</c>.</summary>
    public string Kind { get; set; } = NameKinds.Alias;
}

/// <summary>An office held, with the dates as far as they are known.</summary>
public sealed record OfficeEntry
{
    public required string Title { get; init; }
    public string? Organisation { get; init; }

    /// <summary>ISO 3166-1 alpha-2, upper case.</summary>
    public string? Country { get; init; }

    /// <summary><c>2019-05-20</c>, <c>2019-05</c> or <c>2019</c>.</summary>
    public string? From { get; init; }

    /// <summary>Absent where the office is still held.</summary>
    public string? To { get; init; }
}

/// <summary>
/// A person as clients write them. <c>name</c> is the preferred entry of <c>names</c>: writing one writes the other, and
/// where both are given they must agree.
/// </summary>
[ServerOwned("version", "updatedAt", "createdAt", "requestedId")]
public sealed record PersonInput : IResourceInput
{
    /// <summary>A UUID of your own, version 7 preferred. Made by the server where absent; on PUT it must equal the one in the path.</summary>
    public Guid? Id { get; init; }

    /// <summary>Lower-case letters, digits and hyphens. Made from the name where absent.</summary>
    public string? Slug { get; init; }

    /// <summary>The name this house prints. May be left out where <c>names</c> has a preferred entry.</summary>
    public string? Name { get; init; }
    public string? GivenName { get; init; }
    public string? FamilyName { get; init; }
    public IReadOnlyList<NameEntry> Names { get; set; } = [];
    public IReadOnlyList<OfficeEntry> Offices { get; set; } = [];
    public string? Description { get; init; }

    /// <summary>A date as far as known.</summary>
    public string? BirthDate { get; init; }

    /// <summary>A date as far as known.</summary>
    public string? DeathDate { get; init; }
    public Image? Image { get; init; }
    public IReadOnlyList<ExternalId> ExternalIds { get; set; } = [];

    /// <summary><c>public</c> (default) or <c>internal</c>, for the newsroom alone.</summary>
    public string Visibility { get; set; } = Visibilities.Public;

    /// <summary>The name to print: the one given, else the preferred entry.</summary>
    internal string? PrintedName => Name ?? Names.FirstOrDefault(n => n?.Kind == NameKinds.Preferred)?.Value;

    /// <summary>The same person as they would have to be sent to write them anew.</summary>
    internal static PersonInput From(Person person) => new()
    {
        Slug = person.Slug,
        Name = person.Name,
        GivenName = person.GivenName,
        FamilyName = person.FamilyName,
        Names =
        [
            .. person.Names.OrderBy(n => n.Ordinal)
                .Select(n => new NameEntry { Value = n.Value, Language = n.Language, Script = n.Script, Kind = n.Kind }),
        ],
        Offices =
        [
            .. person.Offices.OrderBy(o => o.Ordinal)
                .Select(o => new OfficeEntry { Title = o.Title, Organisation = o.Organisation, Country = o.Country, From = o.From, To = o.To }),
        ],
        Description = person.Description,
        BirthDate = person.BirthDate,
        DeathDate = person.DeathDate,
        Image = person.Image,
        ExternalIds = person.ExternalIds,
        Visibility = person.Visibility,
    };
}

internal sealed class PersonInputValidator : AbstractValidator<PersonInput>
{
    public PersonInputValidator()
    {
        RuleFor(p => p.Slug).Slug();
        RuleFor(p => p.Name).Must((person, _) => !string.IsNullOrWhiteSpace(person.PrintedName))
            .WithErrorCode("required").WithMessage("Give 'name' or a preferred entry in 'names'.");
        RuleFor(p => p.Name).Line(Person.NameLimit);
        RuleFor(p => p.Name).Must((person, name) => person.Names.All(n => n?.Kind != NameKinds.Preferred || n.Value == name))
            .When(p => p.Name is not null)
            .WithErrorCode("disagreement").WithMessage("'name' and the preferred entry of 'names' differ.");
        RuleFor(p => p.GivenName).Line(Person.NameLimit);
        RuleFor(p => p.FamilyName).Line(Person.NameLimit);
        RuleFor(p => p.Names).AtMost(Person.NamesLimit).Distinct();
        RuleFor(p => p.Names).Must(names => names.Count(n => n?.Kind == NameKinds.Preferred) <= 1)
            .WithErrorCode("disagreement").WithMessage("Only one name can be the preferred one.");
        RuleForEach(p => p.Names).Present().SetValidator(new NameEntryValidator());
        RuleFor(p => p.Offices).AtMost(Person.OfficesLimit);
        RuleForEach(p => p.Offices).Present().SetValidator(new OfficeEntryValidator());
        RuleFor(p => p.Description).MaximumLength(Person.DescriptionLimit);
        RuleFor(p => p.BirthDate).PartialDate();
        RuleFor(p => p.DeathDate).PartialDate();
        RuleFor(p => p.DeathDate).Must((p, death) => death is null || p.BirthDate is null || !PartialDates.IsBefore(death, p.BirthDate))
            .WithErrorCode("disagreement").WithMessage("'deathDate' is before 'birthDate'.");
        RuleFor(p => p.Image!).SetValidator(new ImageValidator()).When(p => p.Image is not null);
        RuleFor(p => p.ExternalIds).AtMost(Article.EntriesLimit).Distinct();
        RuleForEach(p => p.ExternalIds).Present().SetValidator(new ExternalIdValidator());
        RuleFor(p => p.Visibility).OneOf(Visibilities.All);
    }
}

internal sealed class NameEntryValidator : AbstractValidator<NameEntry>
{
    public NameEntryValidator()
    {
        RuleFor(n => n.Value).NotBlank().Line(Person.NameLimit);
        RuleFor(n => n.Language).Language();
        RuleFor(n => n.Script).Script();
        RuleFor(n => n.Kind).OneOf(NameKinds.All);
    }
}

internal sealed class OfficeEntryValidator : AbstractValidator<OfficeEntry>
{
    public OfficeEntryValidator()
    {
        RuleFor(o => o.Title).NotBlank().Line(Office.TitleLimit);
        RuleFor(o => o.Organisation).Line(Office.OrganisationLimit);
        RuleFor(o => o.Country).Country();
        RuleFor(o => o.From).PartialDate();
        RuleFor(o => o.To).PartialDate();
        RuleFor(o => o.To).Must((o, to) => to is null || o.From is null || !PartialDates.IsBefore(to, o.From))
            .WithErrorCode("disagreement").WithMessage("'to' is before 'from'.");
    }
}

/// <summary>What a list of people can be narrowed by.</summary>
public sealed record PersonQuery
{
    /// <summary>
    /// Full text: words, <c>"phrases"</c>, <c>OR</c>, <c>-without</c>, <c>begin*</c> and parentheses, as in <c>/v1/search</c>. Names are found by every spelling on record.
    /// </summary>
    [FromQuery(Name = "q")]
    public string? Q { get; init; }

    /// <summary>Countries of an office, now or formerly: ISO 3166-1 alpha-2. Repeated or comma-separated: any of them.</summary>
    [FromQuery(Name = "country")]
    public string[]? Country { get; init; }

    /// <summary>
    /// Titles of an office, now or formerly; case and the spelling of umlauts do not matter. Repeated or comma-separated: any of them; a comma
    /// that belongs to a title is written <c>\,</c>.
    /// </summary>
    [FromQuery(Name = "office")]
    public string[]? Office { get; init; }

    /// <summary>External ids as <c>source:value</c>, such as <c>wikidata:Q7747</c>. Repeated or comma-separated: any of them.</summary>
    [FromQuery(Name = "externalId")]
    public string[]? ExternalId { get; init; }

    /// <summary><c>name</c> (default), <c>updatedAt</c>, or <c>relevance</c>, where there is a <c>q</c>: ranked inside the first 1,000 that answer it.</summary>
    [FromQuery(Name = "sort")]
    public string? Sort { get; init; }

    /// <summary><c>true</c>: with how <c>q</c> was understood, in <c>explain</c>.</summary>
    [FromQuery(Name = "explain")]
    public string? Explain { get; init; }

    internal ListRequest Narrow(ListRequest request)
    {
        var filters = new List<ListFilter>();
        filters.AddAny(FilterValue.ExternalId, ExternalId, FilterText.ExternalId);
        filters.AddAny(FilterValue.Office, Office, FilterText.Fold);
        filters.AddAny(FilterValue.Country, Country, code => code.ToUpperInvariant());
        return (request with { Filters = filters }).SearchedBy(Q, Sort, Explain);
    }
}

internal sealed class PersonQueryValidator : AbstractValidator<PersonQuery>
{
    public PersonQueryValidator()
    {
        RuleFor(q => q.Q).FullText();
        RuleFor(q => q.Sort).SortOr("name", q => q.Q);
        RuleFor(q => q.Explain).OnlyWith(q => q.Q);
        RuleFor(q => q.Country).Values();
        RuleFor(q => q.Country).Each(Rules.IsCountry).WithMessage("A country is an ISO 3166-1 alpha-2 code, such as UA.");
        RuleFor(q => q.Office).Values(Office.TitleLimit);
        RuleFor(q => q.ExternalId).ExternalIds();
    }
}
