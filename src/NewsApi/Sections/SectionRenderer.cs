using NewsApi.Publishing;

namespace NewsApi.Sections;

internal sealed class SectionRenderer : Renderer<Section, SectionRef>
{
    public override ResourceType Type => ResourceType.Section;

    protected override SectionRef ToInput(Section resource) => new() { Slug = resource.Slug, Name = resource.Name };

    protected override ResourceState State(Section resource, int version, DateTimeOffset savedAt) =>
        new() { Id = resource.Id, Version = version, CreatedAt = resource.CreatedAt, UpdatedAt = savedAt };

    protected override IEnumerable<ResourceKey> Links(SectionRef form) => [];

    protected override Rendering Render(SectionRef form, ResourceState state, References references)
    {
        var document = Bytes(form);
        return new Rendering { Slug = form.Slug, SortKey = GermanOrder.Key(form.Name), Document = document, Card = document, Reference = document };
    }
}
