using NewsApi.People;
using NewsApi.People.Names;

namespace NewsApi.Tests.People.Names;

public class NameKeysTests
{
    [Theory]
    [InlineData("Selenskyj", "Selenskij", "Selenski", "Selensky", "Zelenskyy", "Zelensky", "Zelenskiy", "Zelenskyi", "Zelens’kyy", "Zelenskij", "Зеленський", "Зеленский", "SELENSKYJ")]
    [InlineData("Umjerow", "Umerow", "Umerov", "Umierov", "Umyerov", "Oumierov", "Умєров", "Умеров", "Ümerov")]
    [InlineData("Witkoff", "Whitkoff", "Віткофф", "Уиткофф")]
    [InlineData("Putin", "Poutine", "Путин", "Путін")]
    [InlineData("Hnatow", "Hnatov", "Gnatov", "Khnatov", "Гнатов")]
    [InlineData("Saluschnyj", "Zaluzhnyi", "Zaluzhny", "Залужний", "Залужный", "Saluschny")]
    [InlineData("Gorbatschow", "Gorbachev", "Горбачёв", "Горбачев")]
    [InlineData("Solowjow", "Solovyov", "Solovyev", "Соловьёв", "Соловьев")]
    [InlineData("Chruschtschow", "Khrushchev", "Хрущёв", "Хрущев")]
    [InlineData("Kusnezow", "Kuznetsov", "Kuznecov", "Кузнецов")]
    [InlineData("Tschernyschenko", "Chernyshenko", "Tchernychenko", "Чернишенко", "Černyšenko")]
    [InlineData("Medwedew", "Medvedev", "Medwedjew", "Medvedyev", "Медведев")]
    [InlineData("Müller", "Mueller")]
    [InlineData("Müller", "Muller")]
    [InlineData("Groß", "Gross", "GROSS")]
    [InlineData("Sørensen", "Sorensen")]
    [InlineData("Kuschner", "Kushner", "Кушнер")]
    [InlineData("Šimečka", "Simecka")]
    [InlineData("O'Brien", "O’Brien", "OBrien")]
    [InlineData("Mayer", "Maier", "Majer")]
    [InlineData("Wolodymyr Selenskyj", "Volodymyr Zelensky", "Wolodimir Selenskij", "Selenskyj, Wolodymyr", "Володимир Зеленський", "Wolodymyr Zelensky", "Zelenskyy Volodymyr")]
    [InlineData("Rustem Umjerow", "Rustem Umerov", "Roustem Oumierov", "Рустем Умєров", "Рустем Умеров", "Rüstem Ümerov")]
    [InlineData("Donald Trump", "Donald J. Trump", "Donald John Trump", "Trump, Donald")]
    [InlineData("Ursula von der Leyen", "Ursula Leyen", "von der Leyen, Ursula")]
    [InlineData("Hans-Peter Huber", "Hans Peter Huber")]
    [InlineData("Dr. Anna Berger", "Anna Berger", "Frau Anna Berger")]
    [InlineData("Nicolás Maduro", "Nicolas Maduro")]
    [InlineData("Karl Huber", "Karl Huber, Jr.", "Huber, Karl")]
    [InlineData("Amartya Sen", "Sen, Amartya", "Prof. Amartya Sen")]
    [InlineData("ბარაკ ობამა", "Barak Obama")]
    public void Spellings_of_one_name_share_a_key(string name, params string[] others) =>
        Assert.All(others, other => Assert.True(NameKeys.OfName(name).Intersect(NameKeys.OfQuery(other)).Any(), $"{name}: {string.Join(", ", NameKeys.OfName(name))}; {other}: {string.Join(", ", NameKeys.OfQuery(other))}"));

    [Theory]
    [InlineData("Umjerow", "Umarow")]
    [InlineData("Macron", "Marcon")]
    [InlineData("Witkoff", "Kickoff")]
    [InlineData("Zeller", "Seller")]
    [InlineData("Müller", "Moller")]
    [InlineData("Meier", "Maier")]
    [InlineData("Schmidt", "Schmied")]
    [InlineData("Wladimir Putin", "Wladimir Selenskij")]
    [InlineData("Zach Witkoff", "Steve Witkoff")]
    [InlineData("Marco Rubio", "Marco Rossi")]
    [InlineData("Petrow", "Petrowa")]
    [InlineData("E. Berger", "Anna Berger")]
    [InlineData("Johnson", "Don Johnson")]
    [InlineData("Fu", "Du Fu")]
    public void Different_names_share_none(string one, string other) => Assert.Empty(NameKeys.OfName(one).Intersect(NameKeys.OfQuery(other)));

    [Theory]
    [InlineData("Wolodymyr Selenskyj", "Selenskyj", true)]
    [InlineData("Wolodymyr Selenskyj", "Zelenskys", true)]
    [InlineData("Wolodymyr Selenskyj", "Wolodymyr Selenskyjs", true)]
    [InlineData("Wolodymyr Selenskyj", "Wolodymyr", false)]
    [InlineData("Rustem Umjerow", "Rustem", false)]
    [InlineData("Wladimir Wladimirowitsch Putin", "Putins", true)]
    [InlineData("Wladimir Wladimirowitsch Putin", "Wladimir", false)]
    [InlineData("Donald Trump", "D. Trump", true)]
    [InlineData("Donald Trump", "Melania Trump", false)]
    [InlineData("Donald Trump", "M. Trump", false)]
    [InlineData("Ursula von der Leyen", "von der Leyen", true)]
    [InlineData("Annegret Kramp-Karrenbauer", "Kramp-Karrenbauer", true)]
    [InlineData("Annegret Kramp-Karrenbauer", "Karrenbauer", false)]
    [InlineData("Mohammed bin Salman", "bin Salman", true)]
    [InlineData("Baschar al-Assad", "Assad", true)]
    [InlineData("Ben Affleck", "Affleck", true)]
    [InlineData("Ben Affleck", "Ben", false)]
    public void A_person_is_asked_for_by_the_whole_or_the_family_name(string name, string asked, bool isFound) =>
        Assert.Equal(isFound, NameKeys.OfName(name).Intersect(NameKeys.OfQuery(asked)).Any());

    [Theory]
    [InlineData("Xi Jinping", "Xi", "Xi", true)]
    [InlineData("Xi Jinping", "Xi", "Jinping", false)]
    [InlineData("Jinping Xi", "Xi", "Xi", true)]
    public void A_family_name_on_record_may_stand_first(string name, string familyName, string asked, bool isFound) =>
        Assert.Equal(isFound, NameKeys.OfName(name, familyName).Intersect(NameKeys.OfQuery(asked)).Any());

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("?!")]
    [InlineData("Dr.")]
    [InlineData(",")]
    [InlineData("ein Satz der viel zu lang ist um ein Name zu sein")]
    public void What_is_no_name_has_no_key(string text) => Assert.Empty(NameKeys.OfQuery(text));

    [Fact]
    public void The_rows_of_a_person_are_few_and_short_however_many_names_are_on_record()
    {
        var names = Enumerable.Range(0, 200).Select(i => new NameEntry { Value = $"Wolodymyr{(char)('a' + (i % 26))} Oleksandrowytsch Selen{i}skyj-{new string((char)('a' + (i % 20)), 100)}" });

        var rows = NameRows.Of(new PersonInput { Name = "Wolodymyr Selenskyj", FamilyName = "Selenskyj", Names = [.. names] }).ToList();

        Assert.InRange(rows.Count, 100, 200);
        Assert.All(rows, row => Assert.InRange(row.Value.Length, 1, 60));
        Assert.Distinct(rows);
        Assert.Contains(rows, row => row is { Filter: "name", Value: "~selenski volodimir" });
    }

    [Fact]
    public void Keys_are_few_and_short()
    {
        var long200 = string.Join(' ', Enumerable.Repeat("Wolodymyr-Selenskyj", 10));

        Assert.All(NameKeys.OfName("Wolodymyr Oleksandrowytsch Selenskyj").Concat(NameKeys.OfName(long200)), key => Assert.InRange(key.Length, 2, NameKeys.Longest));
        Assert.InRange(NameKeys.OfName("Wolodymyr Oleksandrowytsch Selenskyj").Count, 2, 40);
        Assert.Equal(NameKeys.OfName("Anna Berger"), NameKeys.OfName("ANNA  BERGER"));
    }
}
