using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NewsApi.Articles;
using NewsApi.People;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Events;

/// <summary>Something that happens at a time, as far as the time is known.</summary>
public sealed class NewsEvent : Resource
{
    public const int TitleLimit = 300;
    public const int DescriptionLimit = 5_000;
    public const int KindLimit = 50;
    public const int ParticipantsLimit = 500;
    public const int NoteLimit = 2_000;

    public override ResourceType Type => ResourceType.Event;
    [NotMapped]
    public override IReadOnlyList<ExternalId> KnownElsewhereAs => ExternalIds;

    public required string Title { get; set; }
    public string? Description { get; set; }
    public string? Kind { get; set; }
    public required EventTime Start { get; set; }
    public EventTime? End { get; set; }
    public string Certainty { get; set; } = Certainties.Planned;
    public string Visibility { get; set; } = Visibilities.Public;
    public Place? Place { get; set; }
    public Guid? PartOfId { get; set; }
    public IReadOnlyList<ExternalId> ExternalIds { get; set; } = [];

    public List<Participant> Participants { get; } = [];

    /// <summary>How certain the event was, when and where, from when on: one rung per change and per report.</summary>
    public List<CertaintyChange> CertaintyHistory { get; } = [];

    internal override void Settle()
    {
        foreach (var rung in CertaintyHistory) rung.Version ??= Version;
    }
}

/// <summary>How sure it is that the event takes place as described.</summary>
internal static class Certainties
{
    public const string Planned = "planned";

    /// <summary>Of these it is still to be heard whether they took place.</summary>
    public static readonly string[] Open = ["rumoured", Planned, "announced"];

    public static readonly string[] All = ["rumoured", Planned, "announced", "confirmed", "occurred", "postponed", "cancelled"];
}

public sealed class Participant
{
    public const int NameLimit = 300;
    public const int RoleLimit = 300;
    public const string Attends = "attends";

    public static readonly string[] Modes = [Attends, "expected", "online", "host", "declined"];

    public long Id { get; init; }
    public Guid EventId { get; init; }
    public required int Ordinal { get; init; }
    public Guid? PersonId { get; init; }
    public string? Name { get; init; }
    public required string Mode { get; init; }
    public string? Role { get; init; }
    public string? Country { get; init; }
}

public sealed class CertaintyChange
{
    public Guid EventId { get; init; }
    public required int Ordinal { get; init; }
    public required string Certainty { get; init; }

    /// <summary>From when on it was so.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When that was put on record; absent where it is <see cref="At"/>.</summary>
    public DateTimeOffset? RecordedAt { get; init; }

    /// <summary>The version of the event that says so.</summary>
    public int? Version { get; set; }

    /// <summary>When the event was to be by then; absent where only the version knows.</summary>
    public EventTime? Start { get; init; }
    public EventTime? End { get; init; }

    /// <summary>The article that reported it.</summary>
    public Guid? ArticleId { get; init; }
    public string? Note { get; init; }
}

internal sealed class EventConfiguration
    : IEntityTypeConfiguration<NewsEvent>, IEntityTypeConfiguration<Participant>, IEntityTypeConfiguration<CertaintyChange>
{
    public void Configure(EntityTypeBuilder<NewsEvent> newsEvent)
    {
        newsEvent.ToTable("events");
        newsEvent.Property(e => e.Slug).HasMaxLength(Resource.SlugLimit);
        newsEvent.Property(e => e.Title).HasMaxLength(NewsEvent.TitleLimit);
        newsEvent.Property(e => e.Description).HasMaxLength(NewsEvent.DescriptionLimit);
        newsEvent.Property(e => e.Kind).HasMaxLength(NewsEvent.KindLimit);
        newsEvent.ComplexProperty(e => e.Start);
        newsEvent.ComplexProperty(e => e.End);
        newsEvent.Property(e => e.Place).HasJson();
        newsEvent.Property(e => e.ExternalIds).HasJson();
        newsEvent.HasOne<NewsEvent>().WithMany().HasForeignKey(e => e.PartOfId).OnDelete(DeleteBehavior.Restrict);
        newsEvent.HasMany(e => e.Participants).WithOne().HasForeignKey(p => p.EventId).OnDelete(DeleteBehavior.Cascade);
        newsEvent.HasMany(e => e.CertaintyHistory).WithOne().HasForeignKey(c => c.EventId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<Participant> participant)
    {
        participant.ToTable("event_participants");
        participant.Property(p => p.Name).HasMaxLength(Participant.NameLimit);
        participant.Property(p => p.Role).HasMaxLength(Participant.RoleLimit);
        participant.HasOne<Person>().WithMany().HasForeignKey(p => p.PersonId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<CertaintyChange> change)
    {
        change.ToTable("event_certainties");
        change.HasKey(c => new { c.EventId, c.Ordinal });
        change.Property(c => c.Certainty).HasMaxLength(20);
        change.Property(c => c.Start).HasJson();
        change.Property(c => c.End).HasJson();
        change.Property(c => c.Note).HasMaxLength(NewsEvent.NoteLimit);
    }
}
