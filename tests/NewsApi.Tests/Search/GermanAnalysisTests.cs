using System.Globalization;
using System.Text;
using CsCheck;
using NewsApi.Search;

namespace NewsApi.Tests.Search;

public class GermanAnalysisTests
{
    [Theory]
    [InlineData("Garantie", "Garantien")]
    [InlineData("Vertrag", "Verträge", "Vertrages", "Vertrags", "Verträgen")]
    [InlineData("Haus", "Häuser", "Hauses", "Häusern")]
    [InlineData("Krankenhaus", "Krankenhäuser", "Krankenhauses", "Krankenhäusern")]
    [InlineData("Waffenstillstand", "Waffenstillstands", "Waffenstillstandes")]
    [InlineData("Gespräch", "Gespräche", "Gesprächen", "Gesprächs")]
    [InlineData("Preis", "Preise", "Preisen", "Preises")]
    [InlineData("Ergebnis", "Ergebnisse", "Ergebnissen", "Ergebnisses")]
    [InlineData("Frieden", "Friedens")]
    [InlineData("Land", "Länder", "Ländern", "Landes")]
    [InlineData("Tal", "Täler", "Tälern", "Tales")]
    [InlineData("Rad", "Räder", "Rädern", "Rades")]
    [InlineData("Amt", "Ämter", "Ämtern", "Amtes")]
    [InlineData("Vogel", "Vögel", "Vögeln", "Vogels")]
    [InlineData("Minister", "Ministers", "Ministern")]
    [InlineData("Ministerium", "Ministeriums", "Ministerien")]
    [InlineData("Museum", "Museums", "Museen")]
    [InlineData("Zentrum", "Zentrums", "Zentren")]
    [InlineData("Problem", "Probleme", "Problems", "Problemen")]
    [InlineData("Phänomen", "Phänomene", "Phänomens", "Phänomenen")]
    [InlineData("Thema", "Themen", "Themas")]
    [InlineData("Firma", "Firmen")]
    [InlineData("Bus", "Busse", "Bussen")]
    [InlineData("Linienbus", "Linienbusse", "Linienbussen")]
    [InlineData("Idee", "Ideen")]
    [InlineData("Armee", "Armeen")]
    [InlineData("Statue", "Statuen")]
    [InlineData("Bauer", "Bauern")]
    [InlineData("deutsch", "deutsche", "deutschen", "deutscher", "deutsches", "deutschem")]
    [InlineData("groß", "große", "größere", "größeren", "großem")]
    [InlineData("neu", "neue", "neuer", "neues", "neuen")]
    [InlineData("religiös", "religiöse", "religiöser")]
    [InlineData("Auto", "Autos")]
    [InlineData("Hotel", "Hotels")]
    [InlineData("modern", "moderne", "moderner", "modernes")]
    [InlineData("Südtiroler", "Südtirol", "Südtirols")]
    public void Forms_of_a_word_are_one_word(params string[] forms) => AssertOne(forms);

    [Theory]
    [InlineData("Jänner", "Januar", "Jänners", "Januars", "Jaenner")]
    [InlineData("Feber", "Februar", "Febers", "Februars")]
    [InlineData("Jännerhälfte", "Januarhälfte")]
    public void Months_have_their_Austrian_names_too(params string[] forms) => AssertOne(forms);

    [Theory]
    [InlineData("Fußball", "Fussball", "FUSSBALL", "Fußballs")]
    [InlineData("Größe", "Groesse", "Grösse", "GRÖẞE")]
    [InlineData("Bürgermeister", "Buergermeister", "Bu\u0308rgermeister")]
    [InlineData("Straße", "Strasse", "Straßen")]
    [InlineData("Erdoğan", "Erdogan", "Erdoğans")]
    [InlineData("Šefčovič", "Sefcovic")]
    [InlineData("José", "Jose")]
    [InlineData("Sønderborg", "Sonderborg")]
    [InlineData("Waffen\u00ADstill\u00ADstand", "Waffenstillstand")]
    [InlineData("ﬂüchtig", "flüchtig")]
    [InlineData("КИЇВ", "Київ")]
    public void Spellings_of_a_word_are_one_word(params string[] forms) => AssertOne(forms);

    [Theory]
    [InlineData("Umjerow", "Umjerows")]
    [InlineData("Moskau", "Moskaus")]
    [InlineData("Putin", "Putins", "Putin's", "Putin’s")]
    [InlineData("Selenskyj", "Selenskyjs")]
    [InlineData("Witkoff", "Witkoffs")]
    [InlineData("Trump", "Trumps")]
    [InlineData("Rubio", "Rubios")]
    [InlineData("Kushner", "Kushners")]
    [InlineData("Meloni", "Melonis")]
    [InlineData("Mattarella", "Mattarellas")]
    [InlineData("Kiew", "Kiews")]
    [InlineData("Israel", "Israels")]
    [InlineData("Bozen", "Bozens", "Bozner")]
    [InlineData("Paris", "Paris’")]
    [InlineData("Selenskij", "Selenskijs")]
    [InlineData("Macron", "Macrons")]
    [InlineData("Biden", "Bidens")]
    [InlineData("Polen", "Polens")]
    [InlineData("Valentin", "Valentins")]
    public void A_name_and_its_genitive_are_one_word(params string[] forms) => AssertOne(forms);

    [Theory]
    [InlineData("Bürgermeister", "Bürgermeisterin", "Bürgermeisterinnen", "Bürgermeistern")]
    [InlineData("Politiker", "Politikerin", "Politikerinnen", "Politiker:innen", "Politiker*innen", "Politiker_innen", "PolitikerInnen", "Politiker/innen", "Politiker/-innen", "Politiker(innen)", "Politiker·innen", "Politiker:in")]
    [InlineData("Wähler", "Wählerin", "Wählerinnen", "Wählern", "Wählers")]
    [InlineData("Präsident", "Präsidentin", "Präsidenten", "Präsidentinnen")]
    [InlineData("Arzt", "Ärztin", "Ärzte", "Ärztinnen")]
    [InlineData("Kollege", "Kollegin", "Kolleginnen")]
    [InlineData("Landesrat", "Landesrätin", "Landesräte", "Landesrätinnen")]
    [InlineData("Anwalt", "Anwältin", "Anwälte")]
    [InlineData("Freund", "Freundin", "Freundinnen")]
    [InlineData("Sekretär", "Sekretärin", "Sekretäre")]
    [InlineData("Bauer", "Bäuerin", "Bäuerinnen", "Bauern")]
    public void Women_are_found_by_the_word_for_men_and_the_other_way(params string[] forms) => AssertOne(forms);

    [Theory]
    [InlineData("Reis", "Reise")]
    [InlineData("Bau", "Bauer")]
    [InlineData("Kurs", "Kur")]
    [InlineData("Mai", "Mais")]
    [InlineData("Staat", "Stadt")]
    [InlineData("Wahl", "Wal")]
    [InlineData("Putin", "Put")]
    [InlineData("Berlin", "Berl")]
    [InlineData("Termin", "Term")]
    [InlineData("Eis", "Eisen")]
    [InlineData("Messe", "Messer")]
    [InlineData("Wetter", "Wette")]
    [InlineData("Armee", "Arm")]
    [InlineData("Hamas", "Hama")]
    [InlineData("Andreas", "Andrea")]
    [InlineData("Michael", "Michal")]
    [InlineData("Poet", "Pott")]
    [InlineData("gewinnen", "Gewerbe")]
    [InlineData("Ministerium", "Minister")]
    [InlineData("Januar", "Februar")]
    [InlineData("Herbst", "herb")]
    [InlineData("Dienst", "dienen")]
    [InlineData("Müller", "Müll")]
    [InlineData("Bürger", "Burg")]
    [InlineData("Wähler", "Wahl")]
    [InlineData("Schüler", "Schule")]
    [InlineData("Botschafter", "Botschaft")]
    [InlineData("Politiker", "Politik")]
    [InlineData("Kaltern", "kalten")]
    [InlineData("Stern", "Ster")]
    public void Different_words_stay_different(string one, string other) => Assert.NotEqual(Word(one), Word(other));

    [Fact]
    public void Words_are_found_in_their_places()
    {
        const string Text = "Die „Putin-Residenz“ lag 2026 bei 3,5 Grad: F-16 für 10.000 Politiker:innen – 🙂 Straße!";

        var tokens = GermanAnalysis.Analyze(Text);

        Assert.Equal(
            ["Die", "Putin", "Residenz", "lag", "2026", "bei", "3", "5", "Grad", "F", "16", "für", "10.000", "Politiker:innen", "Straße"],
            tokens.Select(t => Text.Substring(t.Start, t.Length)));
        Assert.Equal(["putin", "residenz"], tokens.Skip(1).Take(2).Select(t => t.Word));
        Assert.Equal("10000", tokens[12].Word);
    }

    [Theory]
    [InlineData("北京 2026", "北 京 2026")]
    [InlineData("Київ і Львів", "київ і львів")]
    [InlineData("a’b ’c’ 's", "ab c s")]
    [InlineData("31.12.2025 und 1.2.3", "31 12 2025 und 1 2 3")]
    [InlineData("x+y|z \"q\" \\#", "x y z q")]
    [InlineData("", "")]
    [InlineData("\uD83D \u0301 …", "")]
    public void Other_text_gives_words_too(string text, string words) => Assert.Equal(words, string.Join(' ', GermanAnalysis.Analyze(text).Select(t => t.Word)));

    [Fact]
    public void A_word_without_end_is_cut()
    {
        var token = Assert.Single(GermanAnalysis.Analyze(new string('x', 5_000)));

        Assert.Equal(100, token.Word.Length);
        Assert.Equal(5_000, token.Length);
    }

    [Theory]
    [InlineData("Sicherheitsgar", "sicherheitsgar")]
    [InlineData("Größ", "gross")]
    [InlineData("JÄNNER", "janner")]
    public void The_beginning_of_a_word_keeps_its_ending(string typed, string folded) => Assert.Equal(folded, GermanAnalysis.Fold(typed));

    [Theory]
    [InlineData("der", true)]
    [InlineData("Seine", true)]
    [InlineData("über", true)]
    [InlineData("Frieden", false)]
    [InlineData("Bund", false)]
    public void Function_words_are_known(string word, bool stopword) => Assert.Equal(stopword, GermanAnalysis.IsStopword(Word(word)));

    [Fact]
    public void Any_text_gives_words_of_letters_and_digits_in_order() =>
        Gen.OneOf(Gen.String[Gen.Char, 0, 80], Gen.String[Gen.Char["aeiounsrtäöüßAÜẞ1.-'’:*_ /(){}\"\\+#|\u00AD\u0301\u200D\uD83D\uDE42\uD800\u0000北йЙﬁ½²Ǆ"], 0, 120])
            .Sample(text =>
            {
                var end = 0;

                foreach (var token in GermanAnalysis.Analyze(text))
                {
                    if (token.Start < end || token.Length < 1 || token.Start + token.Length > text.Length)
                        return false;

                    if (token.Word.Length is 0 or > Folding.LongestWord || !token.Parts.Append(token.Word).All(w => w.Length > 0 && w.EnumerateRunes().All(IsPartOfWord)))
                        return false;

                    end = token.Start + token.Length;
                }

                return GermanAnalysis.Fold(text).Length <= Folding.LongestWord;
            }, iter: 50_000);

    private static bool IsPartOfWord(Rune rune) => Rune.GetUnicodeCategory(rune) <= UnicodeCategory.OtherNumber;

    private static string Word(string word) => Assert.Single(GermanAnalysis.Analyze(word)).Word;

    private static void AssertOne(string[] forms) => Assert.Equal([Word(forms[0])], forms.Select(Word).Distinct());
}
