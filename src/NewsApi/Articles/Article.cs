using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NewsApi.Events;
using NewsApi.People;
using NewsApi.Publishing;
using NewsApi.Sections;
using NewsApi.Storage;

namespace NewsApi.Articles;

/// <summary>One story.</summary>
public sealed class Article : Resource
{
    public const int LanguageLimit = 35;
    public const int KickerLimit = 200;
    public const int HeadlineLimit = 300;
    public const int SubheadLimit = 500;
    public const int TeaserLimit = 2_000;
    public const int DatelineLimit = 100;
    public const int BylineLimit = 300;
    public const int GenreLimit = 50;
    public const int RightsLimit = 1_000;
    public const int TagLimit = 100;
    public const int TopicLimit = 100;
    public const int BlocksLimit = 1_000;
    public const int LinksLimit = 200;
    public const int EntriesLimit = 100;

    public override ResourceType Type => ResourceType.Article;
    [NotMapped]
    public override IReadOnlyList<ExternalId> KnownElsewhereAs => ExternalIds;

    public required string Language { get; set; }
    public string Status { get; set; } = ArticleStatus.Draft;
    public string? Kicker { get; set; }
    public required string Headline { get; set; }
    public string? Subhead { get; set; }
    public string? Teaser { get; set; }
    public string? Dateline { get; set; }
    public string? Byline { get; set; }
    public string? Genre { get; set; }
    public int? Urgency { get; set; }
    public string? UsageTerms { get; set; }
    public string? CopyrightNotice { get; set; }
    public string? DigitalSourceType { get; set; }
    public DateTimeOffset? PublishedAt { get; set; }

    /// <summary>Of the public version: until when it was not to be public.</summary>
    public DateTimeOffset? EmbargoedUntil { get; set; }

    /// <summary>Of the public version: when the public ceases to see it.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>What the newest version waits for, where it waits.</summary>
    public Schedule? Schedule { get; set; }

    /// <summary>When the clock has something to do here next, in milliseconds since 1970.</summary>
    public long? DueAt { get; set; }

    public IReadOnlyList<Correction> Corrections { get; set; } = [];

    public Guid? SectionId { get; set; }
    public Section? Section { get; set; }
    public List<ArticlePerson> People { get; } = [];
    public List<ArticleEvent> Events { get; } = [];

    public IReadOnlyList<string> Tags { get; set; } = [];
    public IReadOnlyList<string> Topics { get; set; } = [];
    public IReadOnlyList<Source> Sources { get; set; } = [];
    public IReadOnlyList<Image> Images { get; set; } = [];
    public IReadOnlyList<Organisation> Organisations { get; set; } = [];
    public IReadOnlyList<Place> Places { get; set; } = [];
    public IReadOnlyList<ExternalId> ExternalIds { get; set; } = [];
    public IReadOnlyList<Block> Body { get; set; } = [];
}

internal static class ArticleStatus
{
    public const string Draft = "draft";
    public const string Scheduled = "scheduled";
    public const string Published = "published";
    public const string Withdrawn = "withdrawn";
    public const string Retracted = "retracted";
}

/// <summary>The part a person plays in an article.</summary>
internal static class Relations
{
    public const string About = "about";
    public const string Mentioned = "mentioned";
    public const string Quoted = "quoted";
    public const string Author = "author";

    public static readonly string[] All = [About, Mentioned, Quoted, Author];
}

public sealed class ArticlePerson
{
    public const int OfficeLimit = 300;

    public Guid ArticleId { get; init; }
    public required Guid PersonId { get; init; }
    public required int Ordinal { get; set; }
    public required string Relation { get; set; }
    public string? Office { get; set; }
}

public sealed class ArticleEvent
{
    public Guid ArticleId { get; init; }
    public required Guid EventId { get; init; }
    public required int Ordinal { get; set; }
}

internal sealed class ArticleConfiguration : IEntityTypeConfiguration<Article>, IEntityTypeConfiguration<ArticlePerson>, IEntityTypeConfiguration<ArticleEvent>
{
    public void Configure(EntityTypeBuilder<Article> article)
    {
        article.ToTable("articles");
        article.Property(a => a.Slug).HasMaxLength(Resource.SlugLimit);
        article.Property(a => a.Language).HasMaxLength(Article.LanguageLimit);
        article.Property(a => a.Status).HasMaxLength(20);
        article.Property(a => a.Kicker).HasMaxLength(Article.KickerLimit);
        article.Property(a => a.Headline).HasMaxLength(Article.HeadlineLimit);
        article.Property(a => a.Subhead).HasMaxLength(Article.SubheadLimit);
        article.Property(a => a.Teaser).HasMaxLength(Article.TeaserLimit);
        article.Property(a => a.Tags).HasJson();
        article.Property(a => a.Topics).HasJson();
        article.Property(a => a.Sources).HasJson();
        article.Property(a => a.Images).HasJson();
        article.Property(a => a.Organisations).HasJson();
        article.Property(a => a.Places).HasJson();
        article.Property(a => a.ExternalIds).HasJson();
        article.Property(a => a.Body).HasJson();
        article.Property(a => a.Schedule).HasJson();
        article.Property(a => a.Corrections).HasJson().HasDefaultValueSql("'[]'");
        article.HasIndex(a => a.DueAt);
        article.HasOne(a => a.Section).WithMany().HasForeignKey(a => a.SectionId).OnDelete(DeleteBehavior.Restrict);
        article.HasMany(a => a.People).WithOne().HasForeignKey(p => p.ArticleId).OnDelete(DeleteBehavior.Cascade);
        article.HasMany(a => a.Events).WithOne().HasForeignKey(e => e.ArticleId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<ArticlePerson> link)
    {
        link.ToTable("article_people");
        link.HasKey(l => new { l.ArticleId, l.PersonId });
        link.Property(l => l.Relation).HasMaxLength(20);
        link.Property(l => l.Office).HasMaxLength(ArticlePerson.OfficeLimit);
        link.HasOne<Person>().WithMany().HasForeignKey(l => l.PersonId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<ArticleEvent> link)
    {
        link.ToTable("article_events");
        link.HasKey(l => new { l.ArticleId, l.EventId });
        link.HasOne<NewsEvent>().WithMany().HasForeignKey(l => l.EventId).OnDelete(DeleteBehavior.Restrict);
    }
}
