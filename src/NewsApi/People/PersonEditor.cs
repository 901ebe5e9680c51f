using Mapster;
using Microsoft.EntityFrameworkCore;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.People;

internal sealed class PersonEditor(TypeAdapterConfig mapping) : IEditor<Person, PersonInput>
{
    public ResourceType Type => ResourceType.Person;

    /// <summary>Every member of the entity is either mapped from the input or named here; the start fails for one that is not.</summary>
    public static void Map(TypeAdapterConfig config) => config.NewConfig<PersonInput, Person>()
        .Ignore(p => p.Id, p => p.Version, p => p.PublicVersion!, p => p.Slug, p => p.CreatedAt, p => p.UpdatedAt, p => p.PublishNewest)
        .Ignore(p => p.Cause!, p => p.NeedsVersion, p => p.Note!, p => p.IsNew, p => p.Action!)
        .Ignore(p => p.Names, p => p.Offices, p => p.MergedInto!)
        .Map(p => p.Name, input => input.PrintedName);

    public Task<Person?> FindAsync(NewsDbContext db, Guid id, CancellationToken cancel) =>
        db.People.Include(p => p.Names).Include(p => p.Offices).FirstOrDefaultAsync(p => p.Id == id, cancel);

    public PersonInput ToInput(Person resource) => PersonInput.From(resource);

    public PersonInput Settle(PersonInput before, PersonInput merged)
    {
        if (merged.Name is null) return merged;

        var namesChanged = !merged.Names.SequenceEqual(before.Names);
        if (merged.Name != before.Name) return namesChanged ? merged : merged with { Names = Rename(before.Names, merged.Name) };

        // The name stands where it stood; a new preferred entry among the names says otherwise.
        return namesChanged && merged.Names.Any(n => n?.Kind == NameKinds.Preferred) ? merged with { Name = null } : merged;
    }

    public Task<Problem?> RefuseChangeAsync(NewsDbContext db, Person existing, CancellationToken cancel) =>
        PersonMerging.RefuseMergedAsync(db, existing, cancel);

    public async Task<Problem?> RefuseDeleteAsync(NewsDbContext db, Person existing, CancellationToken cancel) =>
        await db.People.AnyAsync(p => p.MergedInto == existing.Id, cancel) ? Problems.InUse("Others are merged into this person; undo that first.") : null;

    public async Task<Outcome<Person>> ApplyAsync(NewsDbContext db, Guid id, Person? existing, PersonInput input, CancellationToken cancel)
    {
        if (existing is not null && await RefuseChangeAsync(db, existing, cancel) is { } merged) return merged;

        var slug = await Slugs.ClaimAsync(db, existing, Type, id, input.Slug, TitleOf(input), cancel);
        return slug.Problem is null ? Apply(id, existing, input, slug.Value!, []) : slug.Problem;
    }

    public string TitleOf(PersonInput input) => input.PrintedName!;

    public IEnumerable<LinkPlace> Links(PersonInput input) => [];

    public Outcome<Person> Apply(Guid id, Person? existing, PersonInput input, string slug, IReadOnlyList<Guid> links)
    {
        var person = existing ?? new Person { Id = id, Name = input.PrintedName! };
        input.Adapt(person, mapping);
        person.Slug = slug;
        SetNames(person, input);
        SetOffices(person, input);
        return person;
    }

    public PersonInput Restore(PersonInput version, Person existing, bool keepSlug) =>
        version with { Visibility = existing.Visibility, Slug = keepSlug ? existing.Slug : version.Slug };

    public void Publish(Person resource, bool keepAsDraft)
    {
        if (keepAsDraft) return;
        if (resource.Visibility == Visibilities.Public) resource.PublishNewest = true;
        else resource.Withdraw();
    }

    /// <summary>The new name is the preferred one, the old one stays on record as an alias.</summary>
    private static List<NameEntry> Rename(IReadOnlyList<NameEntry> names, string name)
    {
        var renamed = names.Select(n => n with { Kind = n.Value == name ? NameKinds.Preferred : n.Kind == NameKinds.Preferred ? NameKinds.Alias : n.Kind }).ToList();
        if (!renamed.Exists(n => n.Value == name)) renamed.Insert(0, new NameEntry { Value = name, Kind = NameKinds.Preferred });
        return renamed;
    }

    /// <summary>The name printed is always among the names, as the preferred one.</summary>
    private static void SetNames(Person person, PersonInput input)
    {
        var names = input.Names.ToList();
        if (!names.Exists(n => n.Kind == NameKinds.Preferred))
        {
            var known = names.FindIndex(n => n.Value == person.Name);
            if (known >= 0) names[known] = names[known] with { Kind = NameKinds.Preferred };
            else names.Insert(0, new NameEntry { Value = person.Name, Kind = NameKinds.Preferred });
        }

        person.Names.Clear();
        person.Names.AddRange(names.Select((n, i) => new PersonName
        {
            Ordinal = i,
            Value = n.Value,
            Language = n.Language,
            Script = n.Script,
            Kind = n.Kind,
        }));
    }

    private static void SetOffices(Person person, PersonInput input)
    {
        person.Offices.Clear();
        person.Offices.AddRange(input.Offices.Select((o, i) => new Office
        {
            Ordinal = i,
            Title = o.Title,
            Organisation = o.Organisation,
            Country = o.Country,
            From = o.From,
            To = o.To,
        }));
    }
}
