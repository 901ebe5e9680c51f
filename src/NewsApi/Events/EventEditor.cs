using System.Text.Json;
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
        .Ignore(e => e.Cause!, e => e.NeedsVersion, e => e.Note!, e => e.IsNew, e => e.Action!)
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

        var kept = await AsLinkedAsync(db, existing, input, links.Value!, cancel);
        return Apply(id, existing, kept.Input, slug.Value!, kept.Links);
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
        var before = existing is null ? null : Stage.Of(existing);
        var newsEvent = existing ?? new NewsEvent { Id = id, Title = input.Title, Start = EventTime.Of(input.Start) };
        input.Adapt(newsEvent, mapping);
        newsEvent.Slug = slug;
        newsEvent.PartOfId = input.PartOf is null ? null : links[^1];
        if (before is null || Stage.Of(newsEvent).IsNewsAfter(before)) AddRung(newsEvent, newsEvent.Certainty, (newsEvent.Start, newsEvent.End), clock.Now());

        return SetParticipants(newsEvent, input, links) is { } problem ? problem : newsEvent;
    }

    public EventInput Restore(EventInput version, NewsEvent existing, bool keepSlug) =>
        version with { Visibility = existing.Visibility, Slug = keepSlug ? existing.Slug : version.Slug };

    public void Publish(NewsEvent resource, bool keepAsDraft)
    {
        if (keepAsDraft) return;
        if (resource.Visibility != Visibilities.Public)
        {
            resource.Withdraw();
            return;
        }

        // What a restored version said comes to the public with this one, and so do the rungs that tell of it.
        foreach (var rung in resource.CertaintyHistory.Where(rung => rung.Version > resource.PublicVersion)) rung.Version = null;
        resource.PublishNewest = true;
    }

    /// <summary>What is heard of an event: how certain it is from when on, and who said so.</summary>
    public async Task<Outcome<NewsEvent>> ReportAsync(NewsDbContext db, NewsEvent newsEvent, EventStatusInput input, CancellationToken cancel)
    {
        DateTimeOffset? publishedAt = null;
        if (input.ArticleId is { } id)
        {
            var article = await db.Articles.Where(a => a.Id == id).Select(a => new { a.PublishedAt }).FirstOrDefaultAsync(cancel);
            if (article is null) return Problems.Invalid("/articleId", "unknownLink", $"There is no article with the id {id}.");

            publishedAt = article.PublishedAt;
        }

        // The same report once more, as after an answer that was lost, says nothing new.
        var last = newsEvent.CertaintyHistory.MaxBy(c => c.Ordinal);
        if (last is not null && (last.Certainty, last.ArticleId, last.Note, last.At) == (input.Certainty, input.ArticleId, input.Note, input.At ?? last.At)) return newsEvent;

        var at = input.At ?? (publishedAt < clock.Now() ? publishedAt.Value : clock.Now());

        // What is older than another report tells how it was, and not how it is.
        if (newsEvent.CertaintyHistory.Any(c => c.At > at && (c.ArticleId is not null || (c.RecordedAt ?? c.At) != c.At)))
        {
            var then = newsEvent.CertaintyHistory.Where(c => c.At <= at && c.Start is not null).MaxBy(c => (c.At, c.Ordinal));
            AddRung(newsEvent, input.Certainty, then is null ? (newsEvent.Start, newsEvent.End) : (then.Start!, then.End), at, input.ArticleId, input.Note);
        }
        else
        {
            newsEvent.Certainty = input.Certainty;
            AddRung(newsEvent, input.Certainty, (newsEvent.Start, newsEvent.End), at, input.ArticleId, input.Note);
        }

        Publish(newsEvent, keepAsDraft: false);
        return newsEvent;
    }

    private void AddRung(
        NewsEvent newsEvent, string certainty, (EventTime Start, EventTime? End) time, DateTimeOffset at, Guid? article = null, string? note = null) =>
        newsEvent.CertaintyHistory.Add(new CertaintyChange
        {
            Ordinal = newsEvent.CertaintyHistory.Count,
            Certainty = certainty,
            At = at,
            RecordedAt = clock.Now(),
            Start = time.Start,
            End = time.End,
            ArticleId = article,
            Note = note,
        });

    /// <summary>What the history of an event tells apart.</summary>
    private sealed record Stage(string Certainty, EventTime Start, EventTime? End, string Place, bool IsInternal)
    {
        public static Stage Of(NewsEvent newsEvent) => new(
            newsEvent.Certainty, newsEvent.Start, newsEvent.End,
            newsEvent.Place is null ? "" : JsonSerializer.Serialize(newsEvent.Place, WireJson.Default.Place), newsEvent.Visibility == Visibilities.Internal);

        /// <summary>What becomes public begins with a rung that the public may see; what ceases to be ends without one.</summary>
        public bool IsNewsAfter(Stage before) => this with { IsInternal = false } != before with { IsInternal = false } || (before.IsInternal && !IsInternal);
    }

    /// <summary>The input with the ids by which people take part already, where it names those who stand in their place.</summary>
    private static async Task<(EventInput Input, IReadOnlyList<Guid> Links)> AsLinkedAsync(
        NewsDbContext db, NewsEvent? existing, EventInput input, Guid[] links, CancellationToken cancel)
    {
        var linked = (existing?.Participants ?? []).OrderBy(p => p.Ordinal).ToList();
        var next = 0;
        var named = input.Participants.Select(p => p.Person is null ? (Guid?)null : links[next++]).ToList();
        var people = await MergedPeople.AsLinkedAsync(db, linked.ConvertAll(p => p.PersonId), named, cancel);
        var entries = people.Select(p => p.Input is { } index ? input.Participants[index] : Kept(linked.Find(l => l.PersonId == p.Person)!));
        return (input with { Participants = [.. entries] }, [.. people.Select(p => p.Person).OfType<Guid>(), .. links.Skip(next)]);

        static ParticipantInput Kept(Participant participant) => new()
        {
            Person = new ParticipantLink { Id = participant.PersonId },
            Mode = participant.Mode,
            Role = participant.Role,
            Country = participant.Country,
        };
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
