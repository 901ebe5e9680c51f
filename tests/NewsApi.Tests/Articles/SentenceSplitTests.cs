using CsCheck;
using NewsApi.Articles;

namespace NewsApi.Tests.Articles;

public sealed class SentenceSplitTests
{
    [Theory]
    [InlineData("Eins. Zwei! Drei?", "Eins.|Zwei!|Drei?")]
    [InlineData("Das Treffen findet am 3. Jänner in Kiew statt. Am 6. Jänner folgt Paris.", "Das Treffen findet am 3. Jänner in Kiew statt.|Am 6. Jänner folgt Paris.")]
    [InlineData("Am 31. 12. 2025 sprach er. Danach nicht mehr.", "Am 31. 12. 2025 sprach er.|Danach nicht mehr.")]
    [InlineData("Bis 31.12. Mitternacht. Und weiter.", "Bis 31.12. Mitternacht.|Und weiter.")]
    [InlineData("Dr. Rubio und Prof. Dr. Meier kamen. Mag. Huber fehlte.", "Dr. Rubio und Prof. Dr. Meier kamen.|Mag. Huber fehlte.")]
    [InlineData("Garantien, z. B. Truppen, fehlen. U. a. Paris drängt.", "Garantien, z. B. Truppen, fehlen.|U. a. Paris drängt.")]
    [InlineData("Garantien, z.B. Truppen, d.h. Soldaten, i.d.R. Freiwillige. Mehr nicht.", "Garantien, z.B. Truppen, d.h. Soldaten, i.d.R. Freiwillige.|Mehr nicht.")]
    [InlineData("Beginn ist um 6.30 Uhr. Ende um 18.45 Uhr.", "Beginn ist um 6.30 Uhr.|Ende um 18.45 Uhr.")]
    [InlineData("Der 2. Weltkrieg endete 1945. Danach kam das 20. Jahrhundert zur Ruhe.", "Der 2. Weltkrieg endete 1945.|Danach kam das 20. Jahrhundert zur Ruhe.")]
    [InlineData("Papst Leo XIV. Prevost sprach. Johannes XXIII. Er war Papst.", "Papst Leo XIV. Prevost sprach.|Johannes XXIII.|Er war Papst.")]
    [InlineData("Er ist 43. Seine Frau ist älter. Platz 3. Danach Pause.", "Er ist 43.|Seine Frau ist älter.|Platz 3.|Danach Pause.")]
    [InlineData("Es kostet 3 Mio. Euro. Später waren es 5 Mio. Das ist viel.", "Es kostet 3 Mio. Euro.|Später waren es 5 Mio.|Das ist viel.")]
    [InlineData("Brot, Butter usw. Dann kam der Nachtisch etc. pp. zum Schluss.", "Brot, Butter usw.|Dann kam der Nachtisch etc. pp. zum Schluss.")]
    [InlineData("„Wir sind bereit.“ Er nickte. „Wirklich?“, fragte sie. „Ja!“ sagte er.", "„Wir sind bereit.“|Er nickte.|„Wirklich?“, fragte sie.|„Ja!“ sagte er.")]
    [InlineData("Er sagte: „Nein.“ „Doch.“ (Mehr dazu hier.) Ende.", "Er sagte: „Nein.“|„Doch.“|(Mehr dazu hier.)|Ende.")]
    [InlineData("George W. Bush und J. D. Vance kamen. Trump auch.", "George W. Bush und J. D. Vance kamen.|Trump auch.")]
    [InlineData("Das kostet 3.000.000 Euro. Mehr auf news.example.org heute.", "Das kostet 3.000.000 Euro.|Mehr auf news.example.org heute.")]
    [InlineData("Na ja ... Wer weiß… Vielleicht.", "Na ja ...|Wer weiß…|Vielleicht.")]
    [InlineData("Na ja ... wer weiß.", "Na ja ... wer weiß.")]
    [InlineData("Erste Zeile\nZweite Zeile. Dritter Satz", "Erste Zeile|Zweite Zeile.|Dritter Satz")]
    [InlineData("Gem. Abs. 2 Nr. 3 gilt das lt. Art. 5. Das Gericht bestätigte es.", "Gem. Abs. 2 Nr. 3 gilt das lt. Art. 5.|Das Gericht bestätigte es.")]
    [InlineData("St. Pölten ist die Hauptstadt. Hr. Moser bzw. Fr. Huber sind da.", "St. Pölten ist die Hauptstadt.|Hr. Moser bzw. Fr. Huber sind da.")]
    [InlineData("Wien (APA). Der Kanzler kam.", "Wien (APA).|Der Kanzler kam.")]
    [InlineData("", "")]
    [InlineData(" . ", ".")]
    public void A_text_has_these_sentences(string text, string sentences) =>
        Assert.Equal(sentences, string.Join('|', SentenceSplit.Split(text)));

    [Fact]
    public void Nothing_is_lost() =>
        Gen.String[Gen.Char["aB3. !?…„“(\n"], 0, 60].Sample(text =>
            string.Concat(text.Where(c => !char.IsWhiteSpace(c))) == string.Concat(string.Concat(SentenceSplit.Split(text)).Where(c => !char.IsWhiteSpace(c))));
}
