using NewsApi.People.Names;

namespace NewsApi.Tests.People.Names;

public class RomanisationTests
{
    [Theory]
    [InlineData("duden-uk", "Володимир Зеленський", "Wolodymyr Selenskyj")]
    [InlineData("duden-uk", "Рустем Умєров", "Rustem Umjerow")]
    [InlineData("duden-uk", "Андрій Гнатов", "Andrij Hnatow")]
    [InlineData("duden-uk", "Залужний", "Saluschnyj")]
    [InlineData("duden-uk", "Щербак", "Schtscherbak")]
    [InlineData("kmu-2010", "Володимир Зеленський", "Volodymyr Zelenskyi")]
    [InlineData("kmu-2010", "Умєров", "Umierov")]
    [InlineData("kmu-2010", "Згурський", "Zghurskyi")]
    [InlineData("bgnpcgn-uk-1965", "Умєров", "Umyerov")]
    [InlineData("bgnpcgn-uk-1965", "Згурський", "Z·hurs’kyy")]
    [InlineData("bgnpcgn-uk-2019", "Єрмак", "Yermak")]
    [InlineData("french-uk", "Умєров", "Oumierov")]
    [InlineData("iso9-uk", "Зеленський", "Zelensʹkij")]
    [InlineData("iso9-uk", "Умєров", "Umêrov")]
    [InlineData("scholarly-uk", "Зеленський", "Zelensʹkyj")]
    [InlineData("scholarly-uk", "Умєров", "Umjerov")]
    [InlineData("duden-ru", "Владимир Зеленский", "Wladimir Selenski")]
    [InlineData("duden-ru", "Борис Ельцин", "Boris Jelzin")]
    [InlineData("duden-ru", "Горбачёв", "Gorbatschow")]
    [InlineData("duden-ru", "Хрущёв", "Chruschtschow")]
    [InlineData("duden-ru", "Сергей Есенин", "Sergei Jessenin")]
    [InlineData("bgnpcgn-ru-1947", "Владимир Зеленский", "Vladimir Zelenskiy")]
    [InlineData("bgnpcgn-ru-1947", "Ельцин", "Yel’tsin")]
    [InlineData("icao-ru", "Зеленский", "Zelenskii")]
    [InlineData("gost-52535-2006", "Цветков", "Tcvetkov")]
    [InlineData("french-ru", "Путин", "Poutine")]
    [InlineData("iso9-ru", "Щукин", "Ŝukin")]
    [InlineData("scholarly-ru", "Щукин", "Ščukin")]
    public void A_name_is_written_as_the_system_has_it(string system, string cyrillic, string latin) =>
        Assert.Equal(latin, Romanisation.Of(cyrillic, RomanisationSystem.All.Single(s => s.Id == system)));

    [Theory]
    [InlineData("ЩУКА", "SHCHUKA")]
    [InlineData("Щука", "Shchuka")]
    [InlineData("БОРЩ", "BORSHCH")]
    [InlineData("Щ", "Shch")]
    [InlineData("Юлія-ЮЛІЯ", "Yuliia-YULIIA")]
    [InlineData("Knöpfe und Їжак", "Knöpfe und Yizhak")]
    [InlineData("", "")]
    public void Capitals_follow_their_neighbours_and_other_letters_stay(string text, string latin) =>
        Assert.Equal(latin, Romanisation.Of(text, RomanisationSystem.All.Single(s => s.Id == "kmu-2010")));

    [Fact]
    public void A_letter_in_two_characters_is_the_letter()
    {
        var kmu = RomanisationSystem.All.Single(s => s.Id == "kmu-2010");

        Assert.Equal("Kyiv", Romanisation.Of("Ки\u0456\u0308в", kmu));
        Assert.Equal(Romanisation.Of("Йосип", kmu), Romanisation.Of("И\u0306осип", kmu));
    }

    [Theory]
    [InlineData("Volodymyr Zelenskyy", "Володимир Зеленський", "BGN/PCGN 1965")]
    [InlineData("Wolodymyr Selenskyj", "Володимир Зеленський", "German (Duden)")]
    [InlineData("volodymyr zelenskyi", "Володимир Зеленський", "KMU 2010, UN 2012")]
    public void The_system_of_a_spelling_is_recognised(string latin, string cyrillic, string system) =>
        Assert.Equal(system, Romanisation.SystemThatWrites(latin, cyrillic)?.Name);

    [Fact]
    public void Nobody_knows_a_system_that_writes_another_name() => Assert.Null(Romanisation.SystemThatWrites("Wladimir Putin", "Володимир Зеленський"));
}
