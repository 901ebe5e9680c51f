using NewsApi.Search;

namespace NewsApi.Tests.Search;

public class CompoundTests(ITestOutputHelper output)
{
    // Written without looking at the list of words: what is right and not what is known. A part stands as it does alone, and may be a compound.
    private const string Compound =
        """
        Sicherheit+Garantien Frieden+Verhandlungen Telefon+Konferenz Drohne+Angriff Gefangene+Austausch Präsident+Wahl Regierung+Krise
        Koalition+Vertrag Haushalt+Debatte Steuer+Reform Energie+Preise Strom+Leitung Gas+Lieferung Öl+Embargo Getreide+Export Hafen+Stadt
        Grenze+Kontrolle Asyl+Verfahren Flüchtling+Lager Menschen+Recht Völker+Recht Krieg+Verbrechen Raketen+Abwehr Panzer+Lieferung
        Waffen+Lager Munition+Fabrik Truppen+Abzug Außen+Ministerin Innen+Ministerium Finanz+Minister Verteidigung+Ausschuss
        Gesundheit+Reform Kranken+Kasse Pflege+Personal Impfung+Pflicht Herz+Operation Zahn+Arzt Lungen+Entzündung Grippe+Welle
        Schul+Beginn Lehrer+Mangel Universität+Klinik Student+Protest Bildung+Politik Sprache+Kurs Kirche+Glocke Pfarr+Gemeinde
        Bischof+Konferenz Kloster+Garten Oster+Messe Weihnacht+Markt Musik+Schule Theater+Stück Film+Festival Buch+Preis Kunst+Ausstellung
        Museum+Besuch Denkmal+Schutz Volk+Tanz Schützen+Kompanie Almen+Wirtschaft Bauern+Bund Milch+Preis Apfel+Ernte Wein+Bau Obst+Genossenschaft
        Tier+Seuche Wald+Brand Borkenkäfer+Befall Schnee+Fall Lawinen+Gefahr Stein+Schlag Unwetter+Schaden Regen+Wolke Sturm+Warnung
        Hitze+Welle Klima+Konferenz Umwelt+Minister Wasser+Kraftwerk Sonnen+Energie Abfall+Wirtschaft Luft+Verschmutzung Verkehr+Unfall
        Motorrad+Fahrer Lkw+Fahrer Bus+Fahrer Bahn+Strecke Zug+Verkehr Flug+Verbindung Tunnel+Bau Straße+Sperre Geschwindigkeit+Kontrolle Park+Gebühr
        Ski+Gebiet Seilbahn+Betreiber Hotel+Gast Tourismus+Verband Wander+Weg Berg+Rettung Rettung+Hubschrauber Feuerwehr+Einsatz
        Polizei+Beamte Haft+Befehl Gericht+Urteil Staatsanwalt+Büro Geld+Strafe Drogen+Handel Bank+Raub Mord+Prozess Zeugen+Aussage Bomben+Anschlag
        Terror+Gruppe Geisel+Nahme Spionage+Verdacht Daten+Schutz Internet+Plattform Telefon+Nummer Mobilfunk+Anbieter Software+Unternehmen
        Auto+Industrie Stahl+Werk Chemie+Konzern Arbeit+Platz Arbeit+Losigkeit Kurz+Arbeit Tarif+Verhandlung Lohn+Erhöhung Mindest+Lohn
        Renten+Alter Wohnung+Markt Miet+Preis Immobilien+Makler Bau+Stelle Grund+Stück Kredit+Zins Zentral+Bank Aktien+Kurs Börsen+Handel Inflation+Rate
        Weltmeisterschaft+Titel Fußball+Spieler Tor+Jäger Trainer+Wechsel Pokal+Finale Liga+Spiel Olympia+Sieger Medaille+Spiegel
        Etappen+Sieg Tennis+Turnier Eishockey+Mannschaft Abfahrt+Rennen Langlauf+Loipe Schwimm+Bad Turn+Halle Sport+Verein
        Gemeinde+Rat Landtag+Wahl Bürger+Meister Stadt+Verwaltung Landes+Regierung Bezirk+Gemeinschaft Volk+Partei Partei+Kongress
        Wahl+Kampf Stimmen+Anteil Umfrage+Wert Volk+Abstimmung Verfassung+Gericht Gesetz+Entwurf Minderheit+Schutz Autonomie+Statut
        Krisen+Treffen Gipfel+Erklärung Neujahr+Ansprache Presse+Sprecher Staats+Besuch Sonder+Gesandter Vermittlung+Versuch Waffenstillstand+Abkommen
        Wiederaufbau+Fonds Milliarden+Hilfe Sanktion+Paket Haupt+Quartier Botschaft+Gebäude Nachricht+Agentur Nacht+Sitzung Morgen+Stunde
        Jahr+Wechsel Januar+Hälfte Sommer+Ferien Winter+Sport Herbst+Sturm Familien+Zulage Kinder+Garten Jugend+Zentrum Senioren+Heim
        """;

    private const string Simple =
        """
        Vorschlag Vertrag Angebot Antwort Gegenwart Verrat Vorrat Heirat Arbeit Freiheit Mannschaft Gesellschaft Wissenschaft Wirtschaft Landschaft
        Eigenschaft Botschaft Regierung Meinung Hoffnung Verhandlung Versammlung Bedeutung Entscheidung Zeitung Rechnung Öffnung Sammlung Handlung
        Kirsche Kastanie Tomate Kartoffel Zitrone Banane Paprika Petersilie Basilikum Minister Ministerium Präsident Kanzler Direktor Senator Professor
        Doktor Faktor Reaktor Sektor Traktor Motor Autor Kapital Spital Hospital Lokal Signal Skandal Material Personal Journal Festival Karneval Quartal
        General Kardinal Admiral Transport Sport Import Export Report Resort Komfort Kontakt Akt Takt Pakt Konflikt Konzert Experte Experiment Element
        Parlament Dokument Argument Instrument Moment Segment Zement Talent Patent Student Patient Prozent Akzent Event Advent Konvent Europa Amerika Asien
        Italien Spanien Albanien Rumänien Bulgarien Slowenien Kroatien Serbien Ungarn Ukraine Russland Estland Lettland Irland Island Finnland Moskau Kiew
        Washington Florida Bozen Brixen Sterzing Meran Innsbruck Salzburg Hamburg Straßburg Augsburg Freiburg Selenskyj Umjerow Witkoff Kushner Rubio Macron
        Steinmeier Mattarella Kompatscher Durnwalder Mitterrand Rosenberg Zuckerberg gestern morgen heute wieder immer sofort sogar vielleicht ungefähr
        beinahe weiterhin außerdem jedenfalls trotzdem deswegen dennoch inzwischen zunächst bereits verhandeln entscheiden unterzeichnen teilnehmen
        stattfinden überzeugen unterstützen bestätigen profitieren demonstrieren kontrollieren dramatisch politisch automatisch amerikanisch europäisch
        ukrainisch Problem System Thema Schema Drama Klima Paradies Barriere Karikatur Temperatur Literatur Natur Kultur Struktur Architektur Reparatur
        Orchester Semester Register Theater Charakter Wetter Gewitter Gitter Ritter Butter Mutter Vater Bruder Schwester Tochter Nachbar Urlaub Urteil Ursache
        Ursprung Gebirge Gebäude Gesetz Gericht Gesicht Gewicht Geschichte Geschäft Geheimnis Gefängnis Ergebnis Zeugnis Bündnis Verhältnis Gedanke
        Fernsehen Unternehmen Vergnügen Vermögen Versprechen Verbrechen Vertrauen Verfahren Gespräch Gefahr Gewalt Gehalt Inhalt Anstalt Gestalt Vielfalt
        Sorgfalt Einfalt Asphalt Armut Demut Anmut Reichtum Irrtum Datum Album Museum Studium Medium Zentrum Spektrum Publikum Praktikum
        Reis Reise Preis Kreis Beweis Hinweis Ausweis Paris Praxis Basis Tennis Virus Bonus Zirkus Status Kaktus Rhythmus Tourismus Journalismus Terrorismus
        Sekretär Militär Funktionär Aktionär Millionär Ingenieur Friseur Redakteur Gouverneur Amateur Chauffeur Regisseur Souvenir Juwel Hotel Kartell Modell
        """;

    [Fact]
    public void Most_compounds_are_taken_apart_and_simple_words_are_not()
    {
        var wrong = new List<string>();
        var (right, missed) = (0, 0);
        var compounds = Words(Compound);
        var simple = Words(Simple);

        foreach (var entry in compounds)
        {
            var parts = entry.Split('+');
            var expected = parts.SelectMany(p => Parts(p) is { Count: > 0 } smaller ? smaller : [Word(p)]).ToList();
            var found = Closest(parts, expected);

            if (found.SequenceEqual(expected))
                right++;
            else if (found.Count == 0)
                missed++;
            else
                wrong.Add($"{entry}: {string.Join('+', found)}");
        }

        foreach (var word in simple)
        {
            if (Parts(word) is { Count: > 0 } parts)
                wrong.Add($"{word}: {string.Join('+', parts)}");
        }

        var precision = (double)right / (right + wrong.Count);
        var recall = (double)right / compounds.Count;
        output.WriteLine($"{compounds.Count} compounds, {simple.Count} simple words: precision {precision:F3}, recall {recall:F3}, {missed} not taken apart");
        output.WriteLine(string.Join('\n', wrong));
        Assert.True(compounds.Count >= 150 && simple.Count >= 150);
        Assert.True(precision >= 0.95, $"precision {precision}");
        Assert.True(recall >= 0.8, $"recall {recall}");
    }

    [Theory]
    [InlineData("Sicherheitsgarantien", "Sicherheit", "Garantie")]
    [InlineData("sicherheitsgarantie", "Sicherheit", "Garantie")]
    [InlineData("SICHERHEITSGARANTIEN", "Sicherheit", "Garantie")]
    [InlineData("Sicherheitsgarantieverhandlungen", "Sicherheit", "Garantie", "Verhandlung")]
    [InlineData("Umfahrungsstraße", "Umfahrung", "Strasse")]
    [InlineData("Aussenministertreffen", "außen", "Minister", "Treffen")]
    [InlineData("Energiepreise", "Energie", "Preis")]
    [InlineData("Häuserkampf", "Haus", "Kampf")]
    [InlineData("Geschichtsbücher", "Geschichte", "Buch")]
    [InlineData("Hilfspaketen", "Hilfe", "Paket")]
    [InlineData("Verhandlungsführerinnen", "Verhandlung", "Führer")]
    [InlineData("Reisebus", "Reise", "Bus")]
    [InlineData("Bundesverfassungsgericht", "Bund", "Verfassung", "Gericht")]
    [InlineData("Kommunalpolitikerinnen", "kommunal", "Politiker")]
    [InlineData("Jännerhälfte", "Januar", "Hälfte")]
    [InlineData("Untersuchungshaft", "Untersuchung", "Haft")]
    [InlineData("Videoersatz", "Video", "Ersatz")]
    [InlineData("Chinaexperte", "China", "Experte")]
    public void A_part_is_the_same_as_the_word_alone(string compound, params string[] parts) => Assert.Equal(parts.Select(Word), Parts(compound));

    [Theory]
    [InlineData("Waffenstillstand")]
    [InlineData("Bürgermeisterinnen")]
    [InlineData("Südtirols")]
    [InlineData("Bundestages")]
    [InlineData("Staubecken")]
    [InlineData("ernsthafte")]
    [InlineData("amerikanische")]
    [InlineData("Sammlung")]
    [InlineData("Reisende")]
    [InlineData("Київрада")]
    public void What_is_no_sum_of_its_parts_stays_whole(string word) => Assert.Empty(Parts(word));

    private static List<string> Words(string list) => [.. list.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>The first part of an entry stands without its link; the one that is recognised counts.</summary>
    private static IReadOnlyList<string> Closest(string[] parts, List<string> expected)
    {
        var first = parts[0];
        var tries = new[] { first, first + "s", first + "n", first + "en", first + "es", first + "er", first + "e", first.TrimEnd('e') }
            .Select(f => Parts(f + char.ToLowerInvariant(parts[1][0]) + parts[1][1..])).ToList();

        return tries.FirstOrDefault(t => t.SequenceEqual(expected)) ?? tries.FirstOrDefault(t => t.Count > 0) ?? [];
    }

    private static string Word(string word) => Assert.Single(GermanAnalysis.Analyze(word)).Word;

    private static IReadOnlyList<string> Parts(string word) => Assert.Single(GermanAnalysis.Analyze(word)).Parts;
}
