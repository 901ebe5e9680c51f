using Mapster;
using Microsoft.EntityFrameworkCore;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Events;

internal sealed class EventEditor(TypeAdapterConfig mapping, TimeProvider clock) : IEditor<NewsEvent, EventInput>
{
    public ResourceType Type => ResourceType.Event;

    /// <summary>Every member of the entity is either mapped from the input or named here; the start fails for one that is not.</summary>
    public static void Map(TypeAdapterConfig config) => config.NewConfig<EventInput, NewsEvent>()
        .Ignore(e => e.Id, e => e.Version, e => e.PublicVersion!, e => e.Slug, e => e.CreatedAt, e => e.UpdatedAt, e => e.PublishNewest)
        .Ignore(e => e.PartOfId!, e => e.Participants, e => e.CertaintyHistory)
        .Map(e => e.Start, input => EventTime.Of(input.Start))
        .Map(e => e.End, input => input.End == null ? null : EventTime.Of(input.End));

    public Task<NewsEvent?> FindAsync(NewsDbContext db, Guid id, CancellationToken cancel) =>
        db.Events.Include(e => e.Participants).Include(e => e.CertaintyHistory).FirstOrDefaultAsync(e => e.Id == id, cancel);

    public EventInput ToInput(NewsEvent resource) => EventInput.From(resource);

    public async Task<Outcome<NewsEvent>> ApplyAsync(NewsDbContext db, Guid id, NewsEvent? existing, EventInput input, CancellationToken cancel)
    {
        var slug = await Slugs.ClaimAsync(db, existing, Type, id, input.Slug, input.Title, cancel);
        if (slug.Problem is not null) return slug.Problem;

        var newsEvent = existing ?? new NewsEvent { Id = id, Title = input.Title, Start = EventTime.Of(input.Start) };
        input.Adapt(newsEvent, mapping);
        newsEvent.Slug = slug.Value!;
        if (newsEvent.CertaintyHistory.MaxBy(c => c.Ordinal)?.Certainty != input.Certainty)
        {
            newsEvent.CertaintyHistory.Add(
                new CertaintyChange { Ordinal = newsEvent.CertaintyHistory.Count, Certainty = input.Certainty, At = clock.Now() });
        }

        var problem = await SetParticipantsAsync(db, newsEvent, input, cancel) ?? await SetWholeAsync(db, newsEvent, input, cancel);
        return problem is null ? newsEvent : problem;
    }

    public void Publish(NewsEvent resource, bool keepAsDraft)
    {
        if (resource.Visibility == Visibilities.Public) resource.PublishNewest = true;
        else resource.Withdraw();
    }

    private static async Task<Problem?> SetParticipantsAsync(NewsDbContext db, NewsEvent newsEvent, EventInput input, CancellationToken cancel)
    {
        var participants = new List<Participant>();
        for (var i = 0; i < input.Participants.Count; i++)
        {
            var entry = input.Participants[i];
            Guid? person = null;
            if (entry.Person is { } link)
            {
                person = await Links.FindAsync<Person>(db, ResourceType.Person, link.Id, link.Slug, cancel);
                if (person is null) return Links.Unknown($"/participants/{i}/person", ResourceType.Person, link.Id, link.Slug);
                if (participants.Exists(p => p.PersonId == person))
                    return Problems.Invalid($"/participants/{i}/person", "duplicate", "The same person takes part twice.");
            }

            participants.Add(new Participant
            {
                Ordinal = i,
                PersonId = person,
                Name = person is null ? entry.Name : null,
                Mode = entry.Mode,
                Role = entry.Role,
                Country = entry.Country,
            });
        }

        newsEvent.Participants.Clear();
        newsEvent.Participants.AddRange(participants);
        return null;
    }

    private static async Task<Problem?> SetWholeAsync(NewsDbContext db, NewsEvent newsEvent, EventInput input, CancellationToken cancel)
    {
        if (input.PartOf is not { } link)
        {
            newsEvent.PartOfId = null;
            return null;
        }

        if (await Links.FindAsync<NewsEvent>(db, ResourceType.Event, link.Id, link.Slug, cancel) is not { } whole)
            return Links.Unknown("/partOf", ResourceType.Event, link.Id, link.Slug);

        for (Guid? above = whole; above is not null;)
        {
            if (above == newsEvent.Id) return Problems.Invalid("/partOf", "cycle", "An event cannot be part of itself.");

            above = await db.Events.Where(e => e.Id == above).Select(e => e.PartOfId).FirstOrDefaultAsync(cancel);
        }

        newsEvent.PartOfId = whole;
        return null;
    }
}
