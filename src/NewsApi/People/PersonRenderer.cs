using NewsApi.Publishing;
using NewsApi.Search;

namespace NewsApi.People;

internal sealed class PersonRenderer : Renderer<Person, PersonInput>
{
    public override ResourceType Type => ResourceType.Person;

    protected override PersonInput ToInput(Person resource) => PersonInput.From(resource);

    protected override ResourceState State(Person resource, int version, DateTimeOffset savedAt) =>
        new() { Id = resource.Id, Version = version, CreatedAt = resource.CreatedAt, UpdatedAt = savedAt };

    protected override IEnumerable<ResourceKey> Links(PersonInput form) => [];

    protected override Rendering Render(PersonInput form, ResourceState state, References references)
    {
        var response = PersonResponse.From(form, state);
        var document = Bytes(response);
        var others = references.AlsoKnownAs;
        var filters = Filters(form).Concat(IdFilters([.. form.ExternalIds, .. others.SelectMany(o => o.ExternalIds)]))
            .Concat(NameRows.Of(form)).Concat(others.SelectMany(NameRows.Of)).Distinct().ToList();
        return new Rendering
        {
            Slug = response.Slug,

            // As in a register: family name first; a stage name stands under itself.
            SortKey = GermanOrder.Key(form.FamilyName is { } family ? $"{family}, {form.GivenName}" : response.Name),
            Document = document,
            Card = document,
            Reference = Bytes(new PersonRef { Id = response.Id, Slug = response.Slug, Name = response.Name }),
            Filters = filters,
            UpdatedAt = state.UpdatedAt,
            Index = () => Index(response, others, filters),
        };
    }

    private static IndexContent Index(PersonResponse shown, IReadOnlyList<MergedNames> others, IReadOnlyList<FilterValue> filters)
    {
        var index = new IndexBuilder().Add(shown.Name, 12);
        foreach (var name in shown.Names.Concat(others.SelectMany(o => o.Names))) index.Add(name.Value, 6);
        foreach (var office in shown.Offices) index.Add(office.Title, 4).Add(office.Organisation, 2);
        index.Add(shown.Description, 1);

        // Whoever is asked for by another spelling is found by who they are.
        index.Link(new FilterValue(FilterValue.Person, shown.Id.ToString()), 200);
        foreach (var filter in filters) index.Link(filter);
        return index.Build();
    }

    private static IEnumerable<FilterValue> Filters(PersonInput form)
    {
        foreach (var office in form.Offices)
        {
            yield return new FilterValue(FilterValue.Office, FilterText.Fold(office.Title));
            if (office.Country is { } country) yield return new FilterValue(FilterValue.Country, country);
        }
    }

    private static IEnumerable<FilterValue> IdFilters(IEnumerable<ExternalId> ids) =>
        ids.Select(id => new FilterValue(FilterValue.ExternalId, FilterText.ExternalId(id)));
}
