using System.Diagnostics;
using System.Globalization;
using System.Text;
using NewsApi.People.Names;

namespace NewsApi.Tests.People;

public class NameFinderTests
{
    private static readonly string[] Known =
    [
        "Wladimir Putin", "Putin", "Selenskyj", "Wolodymyr Selenskyj", "Trump", "Marco Rubio", "Rubio", "John F. Kennedy",
        "Ursula von der Leyen", "von der Leyen",
        "Володимир Зеленський", "Anna Müller", "Müller", "Karl Marx", "Marx", "Peter Groß", "Sinéad O'Brien",
        "Karin Meyer-Lang", "Xi", "Li Wen", "Anna-Lena Berger", "Fritz",
    ];

    private readonly NameFinder _finder = new(Known.Select((name, index) => new KnownName(Id(index), name)));

    [Theory]
    [InlineData("Am Mittwoch sprach Wladimir Putin in Moskau.", "Wladimir Putin")]
    [InlineData("US-Außenminister Marco Rubio reist ab.", "Marco Rubio")]
    [InlineData("Der frühere Präsident John F. Kennedy war dabei.", "John F. Kennedy")]
    [InlineData("EU-Chefin Ursula von der Leyen, die zusagte", "Ursula von der Leyen")]
    [InlineData("Von der Leyen sagte zu.", "von der Leyen")]
    [InlineData("Президент Володимир Зеленський прибув.", "Володимир Зеленський")]
    [InlineData("die Sängerin Sinéad O’Brien.", "Sinéad O'Brien")]
    [InlineData("die Rätin Karin Meyer-Lang.", "Karin Meyer-Lang")]
    [InlineData("die Rätin Karin Meyer\u2011Lang.", "Karin Meyer-Lang")]
    [InlineData("„Putin“, sagte er", "Putin")]
    [InlineData("(Putin)", "Putin")]
    [InlineData("Trump/Putin", "Trump", "Putin")]
    [InlineData("Trump–Putin", "Trump", "Putin")]
    [InlineData("#Rubio", "Rubio")]
    public void A_name_is_found_as_it_is_printed(string text, params string[] names) => Assert.Equal(names, Names(text));

    [Theory]
    [InlineData("Trumpet und Trumpismus")]
    [InlineData("Trump2 und 2Trump und Trump_Fan")]
    [InlineData("Putin\u0308")]
    [InlineData("#rubio und putin")]
    [InlineData("Rubios2")]
    [InlineData("Trump'sche Politik")]
    [InlineData("Der XI. Kongress")]
    [InlineData("Володимира Зеленського")]
    [InlineData("Володимир Зеленськийs")]
    public void What_is_not_the_whole_word_in_its_own_case_is_no_name(string text) => Assert.Empty(Names(text));

    [Theory]
    [InlineData("Selenskyjs Reise", "Selenskyjs")]
    [InlineData("Putin's Rede", "Putin's")]
    [InlineData("Putin’s Rede", "Putin’s")]
    [InlineData("Wladimir Putins Rede", "Wladimir Putins")]
    [InlineData("Karl Marx' Werke", "Karl Marx")]
    [InlineData("Karl Marx’ Werke", "Karl Marx")]
    [InlineData("Ursula von der Leyens Zusage", "Ursula von der Leyens")]
    [InlineData("SELENSKYJS REISE", "SELENSKYJS")]
    public void The_genitive_is_part_of_the_printed_name(string text, string printed)
    {
        var match = Assert.Single(_finder.Find(text));

        Assert.Equal(printed, text.Substring(match.Start, match.Length));
    }

    [Theory]
    [InlineData("Fritzs Haus")]
    [InlineData("Marxs Werke")]
    public void Names_ending_in_a_hiss_take_no_s(string text) => Assert.Empty(Names(text));

    [Fact]
    public void A_name_ending_in_s_wins_over_the_genitive_of_a_shorter_one()
    {
        var finder = new NameFinder([new KnownName(Id(1), "Anna Peter"), new KnownName(Id(2), "Anna Peters")]);

        Assert.Equal(Id(2), Assert.Single(finder.Find("Das sagte Anna Peters.")).PersonId);
    }

    [Theory]
    [InlineData("SELENSKYJ IN PARIS", "Selenskyj")]
    [InlineData("Wolodymyr SELENSKYJ kam", "Wolodymyr Selenskyj")]
    [InlineData("URSULA VON DER LEYEN SAGT ZU", "Ursula von der Leyen")]
    [InlineData("PETER GROSS und PETER GROß", "Peter Groß", "Peter Groß")]
    [InlineData("LI WEN", "Li Wen")]
    [InlineData("JOHN F. KENNEDY", "John F. Kennedy")]
    public void Capitals_match_as_headlines_print_them(string text, params string[] names) => Assert.Equal(names, Names(text));

    [Theory]
    [InlineData("Die Putin-Residenz", "Putin")]
    [InlineData("Putin- und Trump-Vertraute", "Putin", "Trump")]
    [InlineData("Anna Müller-Huber")]
    [InlineData("Huber-Müller und Nicht-Putin")]
    [InlineData("Karl-Anna Müller")]
    [InlineData("O'Putin")]
    [InlineData("Anna Müller - Huber", "Anna Müller")]
    [InlineData("Die Meyer-Lang-Reform von Karin Meyer-Lang", "Karin Meyer-Lang")]
    [InlineData("Anna-Lena Bergers Antrag", "Anna-Lena Berger")]
    public void Hyphens_join_a_surname_to_its_compounds_but_not_to_other_names(string text, params string[] names) => Assert.Equal(names, Names(text));

    [Theory]
    [InlineData("Marco\u00A0Rubio")]
    [InlineData("Marco\r\nRubio")]
    [InlineData("Marco \t Rubio")]
    public void Any_white_space_may_stand_inside_a_name(string text) => Assert.Equal(["Marco Rubio"], Names(text));

    [Fact]
    public void A_name_does_not_run_across_a_blank_line() => Assert.Equal(["Rubio"], Names("Es kam Marco\n\nRubio blieb."));

    [Fact]
    public void Composed_and_decomposed_letters_are_the_same()
    {
        var text = "Es sprach Anna Mu\u0308ller zuerst.";
        var match = Assert.Single(_finder.Find(text));

        Assert.Equal("Anna Müller", match.Name);
        Assert.Equal("Anna Mu\u0308ller", text.Substring(match.Start, match.Length));
        Assert.Equal(["Selenskyj"], Names("Selen\u00ADskyj"));
    }

    [Fact]
    public void Matches_stand_in_text_order_and_the_longest_wins()
    {
        var text = "Putin traf Wladimir Putin und Anna Müller.";

        Assert.Equal([(0, "Putin"), (11, "Wladimir Putin"), (30, "Anna Müller")], _finder.Find(text).Select(m => (m.Start, m.Name)));
    }

    [Fact]
    public void A_shared_name_links_to_nobody_unless_a_longer_one_stands_around_it()
    {
        var finder = new NameFinder(
        [
            new KnownName(Id(1), "Huber"), new KnownName(Id(2), "Huber"), new KnownName(Id(1), "Josef Huber"), new KnownName(Id(3), "Eva Gruber"),
            new KnownName(Id(4), "Eva Gruber"), new KnownName(Id(3), "Gruber"), new KnownName(Id(1), "Josef Huber"),
        ]);
        var text = "Josef Huber sprach. Huber ging. Eva Gruber kam. HUBER GING.";

        Assert.Equal([(0, Id(1))], finder.Find(text).Select(m => (m.Start, m.PersonId)));
        Assert.Equal(["Huber", "Eva Gruber"], finder.Ambiguous(text));
    }

    [Fact]
    public void Capitals_that_fit_two_spellings_of_two_people_link_to_nobody()
    {
        var finder = new NameFinder([new KnownName(Id(1), "McDonald"), new KnownName(Id(2), "Mcdonald")]);

        Assert.Empty(finder.Find("MCDONALD"));
        Assert.Equal(Id(1), Assert.Single(finder.Find("McDonald")).PersonId);
    }

    [Fact]
    public void Empty_and_single_letter_names_are_left_out()
    {
        var finder = new NameFinder(new[] { "", " ", "A", "B.", "7", "–" }.Select(n => new KnownName(Id(1), n)));

        Assert.Empty(finder.Find("A B. 7 – und A"));
    }

    [Fact]
    public void Any_text_and_any_name_can_be_read()
    {
        var random = new Random(20260104);
        const string Alphabet = "PutinAna Mü-'’.s\n\u00A0\0\uD83D\uDE00\uDC00\u0308\uFFFE_XßS";

        for (var round = 0; round < 3_000; round++)
        {
            var texts = Enumerable.Range(0, 6)
                .Select(_ => string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Alphabet[random.Next(Alphabet.Length)])))
                .ToArray();
            var text = string.Concat(Enumerable.Range(0, 10).Select(_ => texts[random.Next(6)]));
            var end = 0;

            foreach (var match in new NameFinder(texts.Select((t, i) => new KnownName(Id(i), t))).Find(text))
            {
                Assert.True(match.Start >= end && match.Length >= 2);
                end = match.Start + match.Length;
            }

            Assert.True(end <= text.Length);
        }
    }

    [Fact]
    public void A_hundred_thousand_names_cost_a_text_no_more_than_a_few()
    {
        var names = Enumerable.Range(0, 100_000).Select(i => new KnownName(Id(i), $"Vorname{Letters(i / 300)} Nachname{Letters(i)}"));
        var finder = new NameFinder(names);
        var text = new StringBuilder();

        for (var i = 0; i < 20_000; i++)
            text.Append(CultureInfo.InvariantCulture, $"Gestern traf Vorname{Letters(i / 300)} Nachname{Letters(i)} den Rat. ");

        var watch = Stopwatch.StartNew();
        var found = finder.Find(text.ToString());

        Assert.Equal(20_000, found.Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
    }

    private string[] Names(string text) => [.. _finder.Find(text).Select(m => m.Name)];

    private static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    private static string Letters(int number) => string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(c => (char)('a' + (c - '0'))));
}
