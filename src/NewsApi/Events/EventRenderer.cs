using System.Globalization;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Search;

namespace NewsApi.Events;

internal sealed class EventRenderer : Renderer<NewsEvent, EventInput>
{
    public override ResourceType Type => ResourceType.Event;

    protected override EventInput ToInput(NewsEvent resource) => EventInput.From(resource);

    protected override ResourceState State(NewsEvent resource, int version, DateTimeOffset savedAt) =>
        new() { Id = resource.Id, Version = version, CreatedAt = resource.CreatedAt, UpdatedAt = savedAt };

    protected override IEnumerable<ResourceKey> Links(EventInput form)
    {
        foreach (var participant in form.Participants)
        {
            if (participant.Person is { } person) yield return new ResourceKey(ResourceType.Person, person.Id.ToString()!);
        }

        if (form.PartOf is { } whole) yield return new ResourceKey(ResourceType.Event, whole.Id.ToString()!);
    }

    protected override Rendering Render(EventInput form, ResourceState state, References references)
    {
        var response = EventResponse.From(form, state, references);
        var document = Bytes(response);
        var until = (response.End ?? response.Start).Latest;
        List<FilterValue> filters = [.. Filters(form, state, references).Distinct(), new FilterValue(FilterValue.Span, Span.Of(until - response.Start.Earliest).Name)];
        return new Rendering
        {
            Slug = response.Slug,
            SortKey = SortKey(response.Start),
            Until = Instants.Format(until),
            Document = document,
            Card = document,
            Reference = Bytes(new EventRef
            {
                Id = response.Id,
                Slug = response.Slug,
                Title = response.Title,
                Start = response.Start,
                Certainty = response.Certainty,
            }),
            Filters = filters,
            UpdatedAt = state.UpdatedAt,
            Index = () => Index(response, filters),
        };
    }

    private static IndexContent Index(EventResponse shown, IReadOnlyList<FilterValue> filters)
    {
        var index = new IndexBuilder().Add(shown.Title, 12).Add(shown.Place?.Name, 6).Add(shown.Kind, 4).Add(shown.Description, 2);
        foreach (var participant in shown.Participants) index.Add(participant.Name, 4).Add(participant.Role, 1);
        foreach (var filter in filters) index.Link(filter, filter.Filter is FilterValue.Person or FilterValue.PartOf ? 20 : 0);
        return index.Build();
    }

    /// <summary>By the first instant it can mean; of what begins with the same, the better known first.</summary>
    private static string SortKey(EventTime start)
    {
        var rank = Array.IndexOf(EventTime.Precisions, start.Precision);
        return Instants.Format(start.Earliest) + (rank > 0 ? rank.ToString(CultureInfo.InvariantCulture) : "");
    }

    private static IEnumerable<FilterValue> Filters(EventInput form, ResourceState state, References references)
    {
        foreach (var participant in form.Participants)
        {
            if (participant.Person is { } person)
                yield return FilterValue.Link(FilterValue.Person, ResourceType.Person, person.Id.ToString()!, references);
        }

        // In a timeline an event belongs to itself and to the one that it is part of, as an article belongs to those it names.
        yield return new FilterValue(FilterValue.Event, state.Id.ToString());
        if (form.PartOf is { } whole)
        {
            yield return FilterValue.Link(FilterValue.PartOf, ResourceType.Event, whole.Id.ToString()!, references);
            yield return FilterValue.Link(FilterValue.Event, ResourceType.Event, whole.Id.ToString()!, references);
        }

        yield return new FilterValue(FilterValue.Certainty, form.Certainty);
        if (form.Place is { } place) yield return new FilterValue(FilterValue.Place, FilterText.Fold(place.Name));
        foreach (var id in form.ExternalIds) yield return new FilterValue(FilterValue.ExternalId, FilterText.ExternalId(id));
    }
}
