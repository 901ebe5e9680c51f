using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NewsApi.Articles;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.People;

/// <summary>One human in the news: one identity under many spellings.</summary>
public sealed class Person : Resource
{
    public const int NameLimit = 200;
    public const int DescriptionLimit = 5_000;
    public const int NamesLimit = 200;
    public const int OfficesLimit = 100;

    public override ResourceType Type => ResourceType.Person;
    [NotMapped]
    public override IReadOnlyList<ExternalId> KnownElsewhereAs => ExternalIds;

    public required string Name { get; set; }
    public string? GivenName { get; set; }
    public string? FamilyName { get; set; }
    public string? Description { get; set; }
    public string? BirthDate { get; set; }
    public string? DeathDate { get; set; }
    public string Visibility { get; set; } = Visibilities.Public;
    public Image? Image { get; set; }
    public IReadOnlyList<ExternalId> ExternalIds { get; set; } = [];

    /// <summary>Who stands in the place of this person; readers see nothing of their own as long as that is so.</summary>
    public Guid? MergedInto { get; set; }

    public List<PersonName> Names { get; } = [];
    public List<Office> Offices { get; } = [];
}

/// <summary>Who may see a person or an event: everybody, or the newsroom alone.</summary>
internal static class Visibilities
{
    public const string Public = "public";
    public const string Internal = "internal";

    public static readonly string[] All = [Public, Internal];
}

/// <summary>A spelling on record.</summary>
public sealed class PersonName
{
    public long Id { get; init; }
    public Guid PersonId { get; init; }
    public required int Ordinal { get; init; }
    public required string Value { get; init; }
    public string? Language { get; init; }
    public string? Script { get; init; }
    public required string Kind { get; init; }
}

internal static class NameKinds
{
    public const string Preferred = "preferred";
    public const string Alias = "alias";

    public static readonly string[] All = [Preferred, Alias, "romanisation", "former", "misspelling"];
}

/// <summary>An office held, with the dates as far as they are known.</summary>
public sealed class Office
{
    public const int TitleLimit = 300;
    public const int OrganisationLimit = 300;

    public long Id { get; init; }
    public Guid PersonId { get; init; }
    public required int Ordinal { get; init; }
    public required string Title { get; init; }
    public string? Organisation { get; init; }
    public string? Country { get; init; }
    public string? From { get; init; }
    public string? To { get; init; }
}

internal sealed class PersonConfiguration : IEntityTypeConfiguration<Person>, IEntityTypeConfiguration<PersonName>, IEntityTypeConfiguration<Office>
{
    public void Configure(EntityTypeBuilder<Person> person)
    {
        person.ToTable("people");
        person.Property(p => p.Slug).HasMaxLength(Resource.SlugLimit);
        person.Property(p => p.Name).HasMaxLength(Person.NameLimit);
        person.Property(p => p.GivenName).HasMaxLength(Person.NameLimit);
        person.Property(p => p.FamilyName).HasMaxLength(Person.NameLimit);
        person.Property(p => p.Description).HasMaxLength(Person.DescriptionLimit);
        person.Property(p => p.Image).HasJson();
        person.Property(p => p.ExternalIds).HasJson();
        person.HasIndex(p => p.MergedInto);
        person.HasMany(p => p.Names).WithOne().HasForeignKey(n => n.PersonId).OnDelete(DeleteBehavior.Cascade);
        person.HasMany(p => p.Offices).WithOne().HasForeignKey(o => o.PersonId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<PersonName> name)
    {
        name.ToTable("person_names");
        name.Property(n => n.Value).HasMaxLength(Person.NameLimit);
        name.HasIndex(n => n.Value);
    }

    public void Configure(EntityTypeBuilder<Office> office)
    {
        office.ToTable("person_offices");
        office.Property(o => o.Title).HasMaxLength(Office.TitleLimit);
        office.Property(o => o.Organisation).HasMaxLength(Office.OrganisationLimit);
    }
}
