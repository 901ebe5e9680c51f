using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NewsApi.Publishing;

namespace NewsApi.Sections;

/// <summary>An editorial department. Its slug is its identity; it becomes public when it is written or when an article in it does.</summary>
public sealed class Section : Resource
{
    public const int NameLimit = 100;

    public override ResourceType Type => ResourceType.Section;
    public override string PublishedId => Slug;

    public required string Name { get; set; }
}

internal sealed class SectionConfiguration : IEntityTypeConfiguration<Section>
{
    public void Configure(EntityTypeBuilder<Section> section)
    {
        section.ToTable("sections");
        section.Property(s => s.Slug).HasMaxLength(Resource.SlugLimit);
        section.HasIndex(s => s.Slug).IsUnique();
        section.Property(s => s.Name).HasMaxLength(Section.NameLimit);
    }
}
