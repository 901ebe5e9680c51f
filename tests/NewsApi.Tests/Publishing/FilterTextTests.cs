using NewsApi.Publishing;

namespace NewsApi.Tests.Publishing;

public sealed class FilterTextTests
{
    [Theory]
    [InlineData("Straße", "STRASSE")]
    [InlineData("GROẞ", "groß")]
    [InlineData("München", "Muenchen")]
    [InlineData("Öl", "oel")]
    [InlineData("O\u0308l", "öl")]
    [InlineData(" Kloster  Neuburg ", "kloster neuburg")]
    [InlineData("Kloster\u00A0Neuburg", "kloster neuburg")]
    public void One_word_in_two_spellings_is_one_key(string one, string other) => Assert.Equal(FilterText.Fold(one), FilterText.Fold(other));

    [Theory]
    [InlineData("Köln", "Koln")]
    [InlineData("Rom", "Roma")]
    [InlineData("Neu Ulm", "Neuulm")]
    [InlineData("Kyjiw", "Київ")]
    public void Two_words_are_two_keys(string one, string other) => Assert.NotEqual(FilterText.Fold(one), FilterText.Fold(other));

    [Fact]
    public void A_key_is_short_however_long_the_text_and_still_tells_them_apart()
    {
        var longest = new string('ж', 500);

        Assert.True(FilterText.Fold(longest).Length < 100);
        Assert.NotEqual(FilterText.Fold(longest), FilterText.Fold(longest + "ж"));
        Assert.Equal(FilterText.Fold(longest), FilterText.Fold(longest.ToUpperInvariant()));
    }

    [Theory]
    [InlineData("de", "de")]
    [InlineData("de-AT", "de-at,de")]
    [InlineData("zh-Hant-TW", "zh-hant-tw,zh-hant,zh")]
    public void A_language_belongs_to_those_before_its_hyphens(string tag, string keys) => Assert.Equal(keys.Split(','), FilterText.Languages(tag));
}
