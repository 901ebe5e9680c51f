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
        var slug = await Slugs.ClaimAsync(db, existing, Type, id, input.Slug, TitleOf(input), cancel);
        if (slug.Problem is not null) return slug.Problem;

        var links = await Publishing.Links.FindAsync(db, Links(input), cancel);
        if (links.Problem is not null) return links.Problem;

        if (input.PartOf is not null && await IsWithinAsync(db, links.Value![^1], id, cancel))
            return Problems.Invalid("/partOf", "cycle", "An event cannot be part of itself.");

        return Apply(id, existing, input, slug.Value!, links.Value!);
    }

    public string TitleOf(EventInput input) => input.Title;

    public IEnumerable<LinkPlace> Links(EventInput input)
    {
        for (var i = 0; i < input.Participants.Count; i++)
        {
            if (input.Participants[i].Person is { } person)
                yield return new LinkPlace($"/participants/{i}/person", ResourceType.Person, person.Id, person.Slug);
        }

        if (input.PartOf is { } whole) yield return new LinkPlace("/partOf", ResourceType.Event, whole.Id, whole.Slug);
    }

    public Outcome<NewsEvent> Apply(Guid id, NewsEvent? existing, EventInput input, string slug, IReadOnlyList<Guid> links)
    {
        var newsEvent = existing ?? new NewsEvent { Id = id, Title = input.Title, Start = EventTime.Of(input.Start) };
        input.Adapt(newsEvent, mapping);
        newsEvent.Slug = slug;
        newsEvent.PartOfId = input.PartOf is null ? null : links[^1];
        if (newsEvent.CertaintyHistory.MaxBy(c => c.Ordinal)?.Certainty != input.Certainty)
        {
            newsEvent.CertaintyHistory.Add(
                new CertaintyChange { Ordinal = newsEvent.CertaintyHistory.Count, Certainty = input.Certainty, At = clock.Now() });
        }

        return SetParticipants(newsEvent, input, links) is { } problem ? problem : newsEvent;
    }

    public void Publish(NewsEvent resource, bool keepAsDraft)
    {
        if (resource.Visibility == Visibilities.Public) resource.PublishNewest = true;
        else resource.Withdraw();
    }

    private static Problem? SetParticipants(NewsEvent newsEvent, EventInput input, IReadOnlyList<Guid> people)
    {
        var participants = new List<Participant>();
        var next = 0;
        for (var i = 0; i < input.Participants.Count; i++)
        {
            var entry = input.Participants[i];
            Guid? person = entry.Person is null ? null : people[next++];
            if (person is not null && participants.Exists(p => p.PersonId == person))
                return Problems.Invalid($"/participants/{i}/person", "duplicate", "The same person takes part twice.");

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

    private static async Task<bool> IsWithinAsync(NewsDbContext db, Guid whole, Guid id, CancellationToken cancel)
    {
        for (Guid? above = whole; above is not null;)
        {
            if (above == id) return true;

            above = await db.Events.Where(e => e.Id == above).Select(e => e.PartOfId).FirstOrDefaultAsync(cancel);
        }

        return false;
    }
}
