using NewsApi.Publishing;

namespace NewsApi.Tests.Publishing;

public sealed class SlugTextTests
{
    [Theory]
    [InlineData("Gipfel in Paris", "gipfel-in-paris")]
    [InlineData("Größe über alles", "groesse-ueber-alles")]
    [InlineData("ÄÖÜ äöü ẞ ß", "aeoeue-aeoeue-ss-ss")]
    [InlineData("A\u0308rger um Fu\u0308hrung", "aerger-um-fuehrung")]
    [InlineData("Élysée, Čech & Łódź", "elysee-cech-lodz")]
    [InlineData("Володимир Зеленський", "volodimir-zelenskiy")]
    [InlineData("Αθήνα 2026", "athina-2026")]
    [InlineData("  -- Was nun?! --  ", "was-nun")]
    [InlineData("Trump's \"Deal\"", "trumps-deal")]
    [InlineData("3:2 nach 120 Minuten", "3-2-nach-120-minuten")]
    [InlineData("", "article")]
    [InlineData("?!…", "article")]
    public void A_slug_is_the_title_in_plain_letters(string title, string slug) => Assert.Equal(slug, Slugs.Make(title, "article"));

    [Fact]
    public void A_long_title_is_cut_at_a_word()
    {
        var slug = Slugs.Make(string.Join(' ', Enumerable.Repeat("Sicherheitsgarantien", 20)), "article");

        Assert.Equal("sicherheitsgarantien-sicherheitsgarantien-sicherheitsgarantien-sicherheitsgarantien", slug);
    }

    [Fact]
    public void A_word_without_end_is_cut_anyway()
    {
        var slug = Slugs.Make(new string('ä', 300), "article");

        Assert.InRange(slug.Length, 50, Resource.SlugLimit);
        Assert.Matches("^(ae)+a?$", slug);
    }
}
