using FluentValidation;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Articles;

internal sealed class BlockValidator : AbstractValidator<Block>
{
    public BlockValidator()
    {
        RuleFor(b => b.Type).NotBlank().Line(Block.TypeLimit);
        RuleFor(b => b.Text).MaximumLength(Block.TextLimit);
        RuleFor(b => b.Html).MaximumLength(Block.TextLimit);
        RuleFor(b => b.Url).WebAddress();
        RuleFor(b => b.Cite).MaximumLength(Image.TextLimit);
        RuleFor(b => b.Items!).AtMost(Block.ItemsLimit).When(b => b.Items is not null);
        RuleForEach(b => b.Items!).Present().MaximumLength(Block.TextLimit).When(b => b.Items is not null);
        RuleFor(b => b.Rows!).AtMost(Block.ItemsLimit).When(b => b.Rows is not null);
        RuleForEach(b => b.Rows!).Present().Must(row => row.Count <= Block.ItemsLimit && row.All(cell => cell is { Length: <= Block.TextLimit }))
            .WithErrorCode("invalid").WithMessage("A row is a list of texts, none of them null or too long.").When(b => b.Rows is not null);
        RuleFor(b => b.Image!).SetValidator(new ImageValidator()).When(b => b.Image is not null);
        RuleFor(b => b.Text).NotBlank().When(b => b.Type is "paragraph" or "crosshead" or "quote" && string.IsNullOrWhiteSpace(b.Html))
            .WithMessage("A block of this type needs 'text' or 'html'.");
        RuleFor(b => b.Items).NotEmpty().When(b => b.Type == "list");
        RuleFor(b => b.Rows).NotEmpty().When(b => b.Type == "table");
        RuleFor(b => b.Image).NotNull().When(b => b.Type == "image");
        RuleFor(b => b.Url).NotNull().When(b => b.Type == "embed");
    }
}

internal sealed class SourceValidator : AbstractValidator<Source>
{
    public SourceValidator()
    {
        RuleFor(s => s.Name).NotBlank().Line(Source.NameLimit);
        RuleFor(s => s.Role).Line(Source.NameLimit);
    }
}

internal sealed class ImageValidator : AbstractValidator<Image>
{
    public ImageValidator()
    {
        RuleFor(i => i.Url).WebAddress();
        RuleFor(i => i.Alt).MaximumLength(Image.TextLimit);
        RuleFor(i => i.Caption).MaximumLength(Image.TextLimit);
        RuleFor(i => i.Credit).MaximumLength(Image.TextLimit);
        RuleFor(i => i.Width).InclusiveBetween(1, 100_000);
        RuleFor(i => i.Height).InclusiveBetween(1, 100_000);
        RuleFor(i => i.FocalPoint!).SetValidator(new FocalPointValidator()).When(i => i.FocalPoint is not null);
    }
}

internal sealed class FocalPointValidator : AbstractValidator<FocalPoint>
{
    public FocalPointValidator()
    {
        RuleFor(p => p.X).InclusiveBetween(0, 1);
        RuleFor(p => p.Y).InclusiveBetween(0, 1);
    }
}

internal sealed class SectionLinkValidator : AbstractValidator<SectionLink>
{
    public SectionLinkValidator() => RuleFor(s => s.Slug).Slug();
}

internal sealed class PersonLinkValidator : AbstractValidator<PersonLink>
{
    public PersonLinkValidator()
    {
        RuleFor(p => p.Id).Must((link, id) => id is not null || link.Slug is not null).WithErrorCode("required").WithMessage("Give 'id' or 'slug'.");
        RuleFor(p => p.Relation).OneOf(Relations.All);
        RuleFor(p => p.Office).Line(ArticlePerson.OfficeLimit);
    }
}

internal sealed class EventLinkValidator : AbstractValidator<EventLink>
{
    public EventLinkValidator() =>
        RuleFor(e => e.Id).Must((link, id) => id is not null || link.Slug is not null).WithErrorCode("required").WithMessage("Give 'id' or 'slug'.");
}

internal sealed class OrganisationValidator : AbstractValidator<Organisation>
{
    public OrganisationValidator()
    {
        RuleFor(o => o.Name).NotBlank().Line(Organisation.NameLimit);
        RuleFor(o => o.ExternalIds).AtMost(Article.EntriesLimit).Distinct();
        RuleForEach(o => o.ExternalIds).Present().SetValidator(new ExternalIdValidator());
    }
}

internal sealed class PlaceValidator : AbstractValidator<Place>
{
    public PlaceValidator()
    {
        RuleFor(p => p.Name).NotBlank().Line(Place.NameLimit);
        RuleFor(p => p.Country).Country();
        RuleFor(p => p.Latitude).InclusiveBetween(-90, 90);
        RuleFor(p => p.Longitude).InclusiveBetween(-180, 180);
        RuleFor(p => p.Longitude).NotNull().When(p => p.Latitude is not null);
        RuleFor(p => p.Latitude).NotNull().When(p => p.Longitude is not null);
        RuleFor(p => p.ExternalIds).AtMost(Article.EntriesLimit).Distinct();
        RuleForEach(p => p.ExternalIds).Present().SetValidator(new ExternalIdValidator());
    }
}

internal sealed class ExternalIdValidator : AbstractValidator<ExternalId>
{
    public ExternalIdValidator()
    {
        RuleFor(e => e.Source).NotBlank().Line(ExternalId.SourceLimit);
        RuleFor(e => e.Value).NotBlank().Line(ExternalId.ValueLimit);
    }
}
