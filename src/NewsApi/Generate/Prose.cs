using System.Globalization;

namespace NewsApi.Generate;

/// <summary>Somebody as a text names them.</summary>
internal readonly record struct Named(Guid Id, string Name, string Office);

/// <summary>Sentences about one matter: who acts, what it is about, where, and who is asked about it.</summary>
internal sealed class Prose(Dice dice, Field field, string town, IReadOnlyList<Named> people)
{
    private static readonly CultureInfo German = CultureInfo.GetCultureInfo("de-DE");

    /// <summary>What it is about throughout.</summary>
    private readonly Noun _matter = Compound(dice, field);
    private readonly Noun _actor = dice.Pick(field.Actors);
    private int _sentence = dice.Below(18);

    public static Noun Compound(Dice dice, Field field) => Noun.Of(dice.Pick(field.Last), dice.Pick(field.First));

    public string Kicker() => dice.Below(3) switch
    {
        0 => _matter.Bare,
        1 => $"{field.Name.Split(' ')[0]} in {town}",
        _ => dice.Pick(field.Tags),
    };

    public string Headline() => dice.Below(12) switch
    {
        0 => $"{_actor.Bare} stellt {_matter.Accusative} in Frage",
        1 => $"{_matter.Bare}: {_actor.Bare} hofft auf {Other().Accusative}",
        2 => $"{town} ringt um {_matter.Accusative}",
        3 => $"Streit über {_matter.Accusative} geht weiter",
        4 => $"Warum {_matter.Nominative} für {town} wichtig {Verb("ist", "sind")}",
        5 => $"{_actor.Bare} will {_matter.Accusative} bis {dice.Pick(Vocabulary.Months)} {dice.Pick(Vocabulary.Participles)} sehen",
        6 => $"{Capital(_matter.Nominative)} {Verb("kommt", "kommen")} {dice.Pick(Vocabulary.Manners)}",
        7 => $"{Amount()} Millionen Euro für {_matter.Accusative}",
        8 => $"{_matter.Bare} in {town}: „{dice.Pick(Vocabulary.Quotes)}“",
        9 => $"{_matter.Bare} {dice.Pick(Vocabulary.Participles)}: {_actor.Bare} {dice.Pick(Says)}",
        10 => $"{Amount()} Prozent mehr: {_matter.Bare} unter Druck",
        _ => $"Zwischen {_matter.Bare} und {Other().Bare}: {town} sucht einen Weg",
    };

    public string Subhead() => dice.In(50)
        ? $"{Capital(_actor.Nominative)} hat {Other().Accusative} {dice.Pick(Vocabulary.Participles)}"
        : $"Was sich mit {_matter.Dative} im {dice.Pick(Vocabulary.Months)} ändert";

    public string Teaser() => $"{Capital(_actor.Nominative)} hat {_matter.Accusative} {dice.Pick(Vocabulary.Manners)} {dice.Pick(Vocabulary.Participles)}. {Sentence()}";

    public string Crosshead() => dice.Below(4) switch
    {
        0 => $"Kritik an {_matter.Dative}",
        1 => $"Was {_actor.Nominative} plant",
        2 => $"Wie es mit {Other().Dative} weitergeht",
        _ => $"{Amount()} Prozent in {dice.Between(2, 9)} Jahren",
    };

    public string Paragraph() => dice.In(85) ? $"{Sentence()} {Sentence()}" : $"{Sentence()} {Sentence()} {Sentence()}";

    public string Caption() => $"{Capital(_actor.Nominative)} in {town} am {dice.Pick(Vocabulary.Weekdays)}";

    private static readonly string[] Says = ["zeigt sich gesprächsbereit", "bleibt dabei", "kündigt Widerstand an", "sieht sich bestätigt", "bittet um Geduld"];

    /// <summary>Never the same sentence twice in a row.</summary>
    private string Sentence() => (_sentence = (_sentence + dice.Between(1, 7)) % 18) switch
    {
        0 => $"{Capital(_actor.Nominative)} hat {Other().Accusative} am {Day()} {dice.Pick(Vocabulary.Manners)} {dice.Pick(Vocabulary.Participles)}.",
        1 => $"Wie {Who()} nach der Sitzung {_actor.Genitive} erklärte, {Verb("sei", "seien")} {_matter.Nominative} für {town} von großer Bedeutung.",
        2 => $"„{dice.Pick(Vocabulary.Quotes)}“, sagte {Who()} am {Day()}.",
        3 => $"Nach Angaben {Actor().Genitive} stiegen die Kosten innerhalb eines Jahres um {Amount()} Prozent auf {Amount()},{dice.Below(10)} Millionen Euro.",
        4 => $"Gegen {_matter.Accusative} hatten in {Town()} rund {(100 * dice.Between(2, 90)).ToString("N0", German)} Menschen unterschrieben.",
        5 => $"{Capital(Actor().Nominative)} verwies auf {Other().Accusative} und sprach von einem Schritt in die richtige Richtung.",
        6 => $"Im Vergleich zum Vorjahr fällt die Bilanz {_actor.Genitive} gemischt aus: In {Town()} waren es {Amount()} Prozent mehr, in {Town()} {Amount()} Prozent weniger.",
        7 => $"Über die Einzelheiten {_matter.Genitive} soll am {dice.Between(1, 28)}. {dice.Pick(Vocabulary.Months)} entschieden werden.",
        8 => $"Ob {Actor().Nominative} dem Vorschlag folgt, ließ {Who()} zunächst offen.",
        9 => $"Ausschlaggebend {Verb("war", "waren")} laut {Who()} nicht {_matter.Nominative} allein, sondern auch {Other().Nominative}.",
        10 => $"Außerhalb von {town} stößt das Vorhaben {_actor.Genitive} auf Zustimmung, während Anrainerinnen und Anrainer größere Änderungen verlangen.",
        11 => $"Die Unterlagen {Actor().Genitive}, die der Redaktion vorliegen, nennen dafür mehrere Gründe.",
        12 => $"Zuletzt {Verb("war", "waren")} {_matter.Nominative} im {dice.Pick(Vocabulary.Months)} {dice.Pick(Vocabulary.Participles)} worden.",
        13 => $"{Who()} begrüßte, dass {_actor.Nominative} nun auch in {Town()} tätig wird.",
        14 => $"Für {_matter.Accusative} stehen laut {Actor().Dative} bis zu {Amount()} Millionen Euro bereit, davon {Amount()} Prozent aus europäischen Mitteln.",
        15 => $"Gespräche zwischen {_actor.Dative} und {Actor().Dative} sind für {dice.Pick(Vocabulary.Weekdays)} in {Town()} angesetzt.",
        16 => $"Trotz {Other().Genitive} bleibe man zuversichtlich, hieß es aus dem Umfeld {_actor.Genitive}.",
        _ => $"Rückblickend hätte {_actor.Nominative} {Other().Accusative} früher prüfen müssen, räumte {Who()} ein.",
    };

    private Noun Other() => Compound(dice, field);

    private Noun Actor() => dice.Pick(field.Actors);

    private string Town() => dice.Pick(Vocabulary.Towns).Name;

    private string Day() => dice.Pick(Vocabulary.Weekdays);

    private string Amount() => dice.Between(2, 97).ToString(German);

    private string Verb(string singular, string plural) => _matter.IsPlural ? plural : singular;

    /// <summary>The full name with the office, or the name alone.</summary>
    private string Who() => people.Count == 0 ? "Pressesprecherin Gretl Lehmschroffen" : dice.Pick(people) is var one && dice.In(30) ? $"{one.Name} ({one.Office})" : one.Name;

    private static string Capital(string text) => char.ToUpper(text[0], German) + text[1..];
}
