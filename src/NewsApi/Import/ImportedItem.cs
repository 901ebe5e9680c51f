using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NewsApi.Import;

/// <summary>What came in from outside: which article it became, and the raw bytes, so that nothing is lost.</summary>
internal sealed class ImportedItem
{
    public const int FormatLimit = 30;
    public const int IdentityLimit = 200;

    /// <summary>The format it came in: <c>page</c>.</summary>
    public required string Format { get; init; }

    /// <summary>What makes a second import the same item, as the format defines it.</summary>
    public required string Identity { get; init; }
    public required Guid ArticleId { get; set; }
    public required DateTimeOffset ImportedAt { get; set; }

    /// <summary>SHA-256 of <see cref="Raw"/>, lower-case hex.</summary>
    public required string RawHash { get; set; }
    public required byte[] Raw { get; set; }
}

internal sealed class ImportedItemConfiguration : IEntityTypeConfiguration<ImportedItem>
{
    public void Configure(EntityTypeBuilder<ImportedItem> item)
    {
        item.ToTable("imports");
        item.HasKey(i => new { i.Format, i.Identity });
        item.Property(i => i.Format).HasMaxLength(ImportedItem.FormatLimit);
        item.Property(i => i.Identity).HasMaxLength(ImportedItem.IdentityLimit);
        item.HasIndex(i => i.ArticleId);
    }
}
