namespace NewsApi.Generate;

/// <summary>A section with what is written about in it.</summary>
/// <param name="Slug">Its address.</param>
/// <param name="Name">Its name.</param>
/// <param name="Topic">The IPTC Media Topic.</param>
/// <param name="Actors">Who acts.</param>
/// <param name="First">First parts of compounds, with their joints.</param>
/// <param name="Last">Last parts of compounds.</param>
/// <param name="Tags">Keywords.</param>
internal sealed record Field(string Slug, string Name, string Topic, Noun[] Actors, string[] First, string[] Last, string[] Tags);

/// <summary>The words that generated content is made of.</summary>
internal static class Vocabulary
{
    public static readonly Field[] Fields =
    [
        Of("politik", "Politik", "medtop:11000000",
            "der Landtag/-es|die Landesregierung|der Gemeinderat/-es|die Opposition|das Ministerium/-s|der Untersuchungsausschuss/-es|die Bürgerliste|das Regierungsbündnis/-ses|der Städtebund/-es|die Wahlbehörde",
            "Haushalts|Verfassungs|Gemeinde|Bildungs|Verkehrs|Grenz|Wahlrechts|Pflege|Autonomie|Sprachen|Wohnbau|Sicherheits",
            "die Reform|das Gesetz/-es|die Debatte|der Ausschuss/-es|das Abkommen/-s|die Verordnung|der Beschluss/-es|die Förderung|das Paket/-s|der Bericht/-es",
            "Landtag|Gesetzgebung|Koalition|Autonomie|Bürgerbeteiligung|Wahlen|Verwaltung|Gemeinden"),
        Of("wirtschaft", "Wirtschaft", "medtop:04000000",
            "der Wirtschaftsverband/-es|die Handelskammer|die Gewerkschaft|das Statistikamt/-es|der Bauernbund/-es|die Zentralbank|das Forschungsinstitut/-s|der Zulieferer/-s|die Genossenschaft|das Handwerk/-s",
            "Strom|Energie|Lohn|Tourismus|Export|Miet|Lebensmittel|Bau|Zins|Holz|Milch|Gäste",
            "Preise/-n|Kosten/|die Prognose|der Umsatz/-es|die Nachfrage|das Geschäft/-s|der Markt/-es|die Steuer|das Angebot/-s|Zahlen/",
            "Konjunktur|Tourismus|Arbeitsmarkt|Energiepreise|Löhne|Landwirtschaft|Handel|Bauwirtschaft"),
        Of("chronik", "Chronik", "medtop:03000000",
            "die Feuerwehr|die Bergrettung|die Staatsanwaltschaft|der Zivilschutz/-es|die Straßenpolizei|das Landesgericht/-s|der Rettungsdienst/-es|die Wasserwehr|der Lawinenwarndienst/-es|die Forstbehörde",
            "Hochwasser|Lawinen|Wald|Verkehrs|Unwetter|Muren|Brand|Tunnel|Steinschlag|Vermissten",
            "der Einsatz/-es|die Warnung|die Übung|der Unfall/-es|die Sperre|Schäden/|die Suche|der Alarm/-s|das Lagebild/-es|Ermittlungen/",
            "Feuerwehr|Bergrettung|Unwetter|Verkehr|Gericht|Zivilschutz|Lawinengefahr|Straßensperren"),
        Of("kultur", "Kultur", "medtop:01000000",
            "das Stadttheater/-s|die Landesbibliothek|das Volkskundemuseum/-s|der Chorverband/-es|die Akademie|das Filmfest/-es|der Heimatpflegeverband/-es|die Musikkapelle|das Literaturhaus/-es|die Kunsthalle",
            "Festspiel|Denkmal|Musik|Theater|Bücher|Film|Volkslied|Ausstellungs|Mundart|Orgel",
            "die Saison|das Programm/-s|die Premiere|der Preis/-es|die Sammlung|das Haus/-es|die Woche|das Konzert/-s|der Schutz/-es|die Förderung",
            "Theater|Musik|Museen|Literatur|Denkmalschutz|Film|Volkskultur|Ausstellungen"),
        Of("sport", "Sport", "medtop:15000000",
            "der Fußballklub/-s|der Skiverband/-es|die Handballmannschaft|der Eishockeyverein/-s|das Organisationskomitee/-s|die Nationalmannschaft|der Radsportverein/-s|das Trainerteam/-s|die Rodelgemeinschaft|der Leichtathletikverband/-es",
            "Meisterschafts|Weltcup|Pokal|Nachwuchs|Heim|Auswärts|Berg|Staffel|Saison|Abfahrts",
            "das Spiel/-s|das Rennen/-s|der Auftakt/-s|die Mannschaft|das Training/-s|der Sieg/-es|die Niederlage|das Turnier/-s|die Vorbereitung|der Kader/-s",
            "Fußball|Eishockey|Ski alpin|Rodeln|Handball|Radsport|Nachwuchs|Leichtathletik"),
        Of("wissen", "Wissen & Bildung", "medtop:13000000",
            "die Universität|das Forschungszentrum/-s|die Sternwarte|der Schulverbund/-es|das Institut/-s|die Hochschule|der Wissenschaftsrat/-es|die Schuldirektion|das Schulamt/-es|die Studierendenvertretung",
            "Gletscher|Klima|Lehrer|Schul|Quanten|Sprach|Boden|Forschungs|Studien|Fledermaus",
            "die Studie|das Projekt/-s|die Messung|das Labor/-s|der Versuch/-es|Daten/|das Archiv/-s|die Reform|der Plan/-es|die Tagung",
            "Forschung|Schule|Universität|Klimawandel|Digitalisierung|Gletscher|Sprachen|Astronomie"),
        Of("gesundheit", "Gesundheit", "medtop:07000000",
            "der Gesundheitsbetrieb/-es|das Krankenhaus/-es|die Ärztekammer|der Pflegeverband/-es|die Apothekerkammer|das Impfzentrum/-s|die Hausärztevereinigung|der Sanitätsdienst/-es|die Krankenpflegeschule|die Selbsthilfegruppe",
            "Grippe|Pflege|Notaufnahme|Hausarzt|Impf|Reha|Blutspende|Zecken|Vorsorge|Medikamenten",
            "die Welle|der Dienst/-es|die Kampagne|das Angebot/-s|die Versorgung|der Mangel/-s|das Register/-s|Wartezeiten/|die Untersuchung|der Plan/-es",
            "Krankenhaus|Pflege|Hausärzte|Impfung|Vorsorge|Ernährung|Rettungswesen|Wartezeiten"),
        Of("umwelt", "Umwelt & Verkehr", "medtop:06000000",
            "die Umweltagentur|der Naturschutzbund/-es|das Straßenamt/-es|die Bahngesellschaft|der Nationalpark/-s|der Energieversorger/-s|die Seilbahngesellschaft|der Alpenverein/-s|das Gewässerschutzamt/-es|die Verkehrsplanung",
            "Wärmepumpen|Radwege|Luftgüte|Bahn|Gewässer|Lärmschutz|Solar|Wolfs|Straßenbahn|Moor",
            "das Konzept/-s|der Ausbau/-s|die Messung|der Schutz/-es|die Strecke|das Projekt/-s|Anlagen/|die Förderung|der Streit/-s|die Planung",
            "Klimaschutz|Bahn|Straßenbau|Wasserkraft|Naturschutz|Luftgüte|Radverkehr|Artenschutz"),
    ];

    public static readonly (string Name, string Country, double Latitude, double Longitude, string Zone)[] Towns =
    [
        ("Bozen", "IT", 46.498, 11.354, "Europe/Rome"), ("Meran", "IT", 46.671, 11.159, "Europe/Rome"), ("Brixen", "IT", 46.716, 11.656, "Europe/Rome"),
        ("Bruneck", "IT", 46.796, 11.936, "Europe/Rome"), ("Sterzing", "IT", 46.897, 11.433, "Europe/Rome"), ("Schlanders", "IT", 46.629, 10.768, "Europe/Rome"),
        ("Innsbruck", "AT", 47.263, 11.395, "Europe/Vienna"), ("Wien", "AT", 48.208, 16.373, "Europe/Vienna"), ("Graz", "AT", 47.07, 15.439, "Europe/Vienna"),
        ("Linz", "AT", 48.306, 14.286, "Europe/Vienna"), ("Salzburg", "AT", 47.81, 13.044, "Europe/Vienna"), ("Lienz", "AT", 46.83, 12.769, "Europe/Vienna"),
        ("München", "DE", 48.137, 11.575, "Europe/Berlin"), ("Berlin", "DE", 52.52, 13.405, "Europe/Berlin"), ("Köln", "DE", 50.938, 6.957, "Europe/Berlin"),
        ("Zürich", "CH", 47.377, 8.541, "Europe/Zurich"), ("Brüssel", "BE", 50.847, 4.357, "Europe/Brussels"), ("Straßburg", "FR", 48.573, 7.752, "Europe/Paris"),
    ];

    public static readonly string[] Women =
    [
        "Käthe", "Annelies", "Gretl", "Theresia", "Bärbel", "Marlene", "Hannah", "Notburga", "Rosmarie", "Leni", "Zita", "Frieda", "Magdalena", "Irmgard", "Paula", "Walburga",
    ];

    public static readonly string[] Men =
    [
        "Jörg", "Matthäus", "Florian", "Lukas", "Götz", "Valentin", "Günther", "Elias", "Jürgen", "Konrad", "Benedikt", "Sönke", "Ägidius", "Rüdiger", "Cölestin", "Anselm",
    ];

    public static readonly string[] FamilyFirst =
    [
        "Ober", "Unter", "Hasel", "Brunn", "Moos", "Grün", "Kofl", "Lärch", "Birk", "Föhr", "Schön", "Wiesen", "Eschen", "Höll", "Stadl", "Kirch",
        "Trögl", "Außer", "Inner", "Rain", "Mühl", "Pfaffen", "Stein", "Tann", "Kreuz", "Nuss", "Sonn", "Wild", "Dörfl", "Hinter", "Gäns", "Lehm",
    ];

    public static readonly string[] FamilyLast =
    [
        "thalguter", "egger", "leitgeb", "huber", "pichler", "städter", "wieser", "gruber", "rainer", "mösl", "bacher", "hofer", "ploner", "kircher", "mayr", "stöger",
        "lechner", "brugger", "gasser", "kofler", "rieder", "höller", "niederer", "walder", "burger", "grüner", "thurner", "schroffen", "bichl", "mair", "tschurt", "zangerle",
    ];

    public static readonly string[] OfficesOfWomen =
    [
        "Landesrätin für Mobilität", "Bürgermeisterin", "Obfrau", "Direktorin", "Sprecherin", "Präsidentin", "Primarärztin", "Forschungsleiterin", "Gemeindereferentin", "Staatssekretärin",
    ];

    public static readonly string[] OfficesOfMen =
    [
        "Landesrat für Bildung", "Bürgermeister", "Obmann", "Abgeordneter zum Landtag", "Geschäftsführer", "Präsident", "Leiter der Einsatzzentrale", "Kapellmeister", "Trainer", "Staatssekretär",
    ];

    public static readonly string[] Agencies = ["APA", "dpa", "Reuters", "AFP", "ANSA", "KNA"];
    public static readonly string[] Genres = ["report", "analysis", "interview", "commentary", "background"];
    public static readonly string[] Weekdays = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
    public static readonly string[] Months = ["Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"];

    public static readonly string[] Manners =
    [
        "überraschend", "mit großer Mehrheit", "nach stundenlangen Beratungen", "unter Vorbehalt", "ohne nähere Begründung", "zum dritten Mal in Folge",
        "gegen den Willen der Anrainer", "früher als geplant", "nach zähem Ringen", "vorläufig", "einstimmig", "auf Drängen der Gemeinden", "für die nächsten fünf Jahre",
    ];

    public static readonly string[] Participles =
    [
        "beschlossen", "begrüßt", "verschoben", "abgelehnt", "geprüft", "bestätigt", "gefordert", "angekündigt", "kritisiert", "vorgestellt", "verlängert", "verteidigt",
    ];

    public static readonly string[] Quotes =
    [
        "Wir hätten uns mehr Zeit gewünscht, aber das Ergebnis kann sich sehen lassen", "Darüber wird noch zu reden sein", "Das ist ein guter Tag für unsere Täler",
        "Niemand wird zurückgelassen, das haben wir versprochen", "Die Zahlen sprechen eine deutliche Sprache", "Jetzt müssen die Mühen der Ebene folgen",
        "So kann es nicht weitergehen", "Wer früher plant, baut günstiger", "Die Bürgerinnen und Bürger erwarten zu Recht Lösungen", "Wir fangen nicht bei null an",
        "Das Geld ist da, es fehlt an Fachkräften", "Ein Schnellschuss wäre das Letzte, was wir brauchen",
    ];

    public static readonly string[] EventKinds = ["meeting", "summit", "speech", "vote", "exhibition", "match", "conference", "hearing"];
    public static readonly string[] EventTitles = ["Sitzung", "Tagung", "Anhörung", "Pressekonferenz", "Abstimmung", "Gesprächsrunde", "Eröffnung", "Bürgerversammlung", "Fachmesse", "Gipfeltreffen"];
    public static readonly string[] Certainties = ["rumoured", "planned", "announced", "confirmed", "occurred", "occurred", "occurred", "postponed", "cancelled"];
    public static readonly string[] Modes = ["attends", "expected", "online", "host", "declined"];

    private static Field Of(string slug, string name, string topic, string actors, string first, string last, string tags) =>
        new(slug, name, topic, [.. actors.Split('|').Select(a => Noun.Of(a))], first.Split('|'), last.Split('|'), tags.Split('|'));
}
