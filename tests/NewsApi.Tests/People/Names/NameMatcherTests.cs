using NewsApi.People.Names;

namespace NewsApi.Tests.People.Names;

public class NameMatcherTests
{
    [Theory]
    [InlineData("Anna Berger", "Anna Berger", "same name")]
    [InlineData("Anna Berger", "ANNA BERGER", "same name")]
    [InlineData("Wolodymyr Selenskyj", "Volodymyr Zelensky", "same name in another romanisation")]
    [InlineData("Volodymyr Zelenskyy", "Володимир Зеленський", "same name in another romanisation: BGN/PCGN 1965")]
    [InlineData("Wladimir Selenskij", "Wolodymyr Selenskyj", "forms of one given name: Wladimir and Wolodymyr")]
    [InlineData("Steve Witkoff", "Stephen Witkoff", "nickname: Steve for Stephen")]
    [InlineData("Bill Huber", "William Huber", "nickname: Bill for William")]
    [InlineData("Sepp Moser", "Josef Moser", "nickname: Sepp for Josef")]
    [InlineData("Berger, Anna", "Anna Berger", "same name")]
    [InlineData("Berger Anna", "Anna Berger", "order of names")]
    [InlineData("Hanspeter Gruber", "Hans-Peter Gruber", "written together")]
    [InlineData("Donald John Trump", "Donald Trump", "missing middle name")]
    [InlineData("Donald J. Trump", "Donald Trump", "missing initial")]
    [InlineData("Donald J. Trump", "Donald John Trump", "initial")]
    [InlineData("Wladimir Wladimirowitsch Putin", "Wladimir Putin", "patronymic")]
    [InlineData("Wolodymyr Selenskyjs", "Wolodymyr Selenskyj", "genitive")]
    [InlineData("Dr. Anna Berger", "Frau Anna Berger", "same name")]
    [InlineData("Ursula von der Leyen", "Ursula Leyen", "same name")]
    [InlineData("Nicolás Maduro", "Nicolas Maduro", "accents")]
    [InlineData("Jörg Müller", "Joerg Mueller", "same name in another spelling")]
    [InlineData("Muhammad bin Salman", "Mohammed bin Salman", "spelling: by ear")]
    public void The_same_person_is_safe_to_join_and_the_rule_is_named(string one, string other, string reason)
    {
        var likeness = NameMatcher.Compare(one, other);

        Assert.True(likeness.Score >= NameMatcher.Safe, $"{likeness.Score}: {string.Join(", ", likeness.Reasons)}");
        Assert.Contains(reason, likeness.Reasons);
        Assert.Equal(likeness.Score, NameMatcher.Compare(other, one).Score);
    }

    [Theory]
    [InlineData("Emmanuel Marcon", "Emmanuel Macron", "spelling: one letter")]
    [InlineData("S. Witkoff", "Steve Witkoff", "initial")]
    [InlineData("Witkoff", "Steve Witkoff", "family name alone")]
    [InlineData("Karrenbauer", "Annegret Kramp-Karrenbauer", "half of a double name")]
    [InlineData("Johann Moser", "Giovanni Moser", "given name in another language: Johann and Giovanni")]
    [InlineData("Friedrich Brandner", "Lars Friedrich Brandner", "first given name missing")]
    public void What_may_be_the_same_person_is_shown_and_not_joined(string one, string other, string reason)
    {
        var likeness = NameMatcher.Compare(one, other);

        Assert.InRange(likeness.Score, NameMatcher.Likely, NameMatcher.Safe - 0.001);
        Assert.Contains(reason, likeness.Reasons);
    }

    [Theory]
    [InlineData("Wladimir Putin", "Wladimir Selenskij")]
    [InlineData("Zach Witkoff", "Steve Witkoff")]
    [InlineData("Umarow", "Umjerow")]
    [InlineData("Doku Umarow", "Rustem Umjerow")]
    [InlineData("Macron", "Marcon")]
    [InlineData("Kickoff", "Witkoff")]
    [InlineData("Martin Berger", "Martina Berger")]
    [InlineData("Jan Berger", "Jana Berger")]
    [InlineData("Anna Berger", "Anna Bauer")]
    [InlineData("Wladimir", "Wladimir Putin")]
    [InlineData("Hans K. Huber", "Hans Peter Huber")]
    [InlineData("Mette Henriksen", "Mette Frederiksen")]
    [InlineData("Melania Trump", "Donald Trump")]
    [InlineData("George W. Bush", "George H. Bush")]
    [InlineData("Iwan Petrowitsch Sidorow", "Iwan Pawlowitsch Sidorow")]
    [InlineData("习近平", "习远平")]
    [InlineData("A. B.", "Anna Berger")]
    [InlineData("", "Anna Berger")]
    [InlineData("?", "!")]
    public void Somebody_else_is_somebody_else(string one, string other)
    {
        var likeness = NameMatcher.Compare(one, other);

        Assert.True(likeness.Score < NameMatcher.Likely, $"{likeness.Score}: {string.Join(", ", likeness.Reasons)}");
    }

    [Fact]
    public void A_name_of_any_letters_can_be_compared()
    {
        string[] odd = ["𝒜𝓃𝓃𝒶 𝐵", "😀", "ﷺ", "a\u0301\u0301\u0301", new string('a', 200), string.Join('-', Enumerable.Repeat("x", 100)), "،،", "ʹʹ ʺ", "·", "Ёё Ъъ"];

        foreach (var one in odd)
        {
            foreach (var other in odd) Assert.InRange(NameMatcher.Compare(one, other).Score, 0, 1);
        }
    }
}
