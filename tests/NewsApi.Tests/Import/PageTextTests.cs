using System.Diagnostics;
using NewsApi.Import.Formats;

namespace NewsApi.Tests.Import;

public class PageTextTests
{
    private const string Dated = "Dienstag, 3. Februar 2026 | 08:30 Uhr";

    private const string Full = """
         date 2025-11-19 Aktuelle Seite: Home > Wirtschaft > Almdorf baut die „längste Brücke“ im Tal
        Bürgermeisterin Moser spricht von einem "großen Tag"

        Almdorf baut die „längste Brücke“ im Tal

        Mittwoch, 19. November 2025 | 17:05 Uhr
        Bürgermeisterin Moser spricht von einem "großen Tag"
        APA/APA/dpa/Erika Muster
        Schriftgröße
        Von: APA/Reuters/dpa

        Der Gemeinderat von Almdorf hat am Mittwoch den Bau einer Brücke über die Lahn beschlossen. Die Arbeiten sollen nach Angaben der Gemeinde schon im Frühjahr beginnen und zwei Jahre dauern.

        Bürgermeisterin Eva Moser nannte den Beschluss einen Erfolg für alle, die bisher den weiten Weg um den See nehmen mussten. Die Kosten teilen sich Land und Gemeinde.

        “Wir bauen für die nächsten hundert Jahre”

        Gegen den Plan hatten sich zuletzt vor allem Anrainer gewandt, die mehr Verkehr fürchten. “Niemand hat uns gefragt”, sagte ihr Sprecher Karl Huber am Abend.

        “Es wird dort keinen einzigen Lastwagen geben.”

        Das Land prüft nun die Unterlagen und will bis zum 5. Jänner entscheiden. Danach können die Gegner noch Einspruch erheben.

        Land zahlt mehr als die Hälfte

        Von den Kosten übernimmt das Land sechzig Prozent. Den Rest will die Gemeinde aus Rücklagen und mit einem Kredit aufbringen.

        """;

    [Fact]
    public void A_full_page_is_read_whole()
    {
        var page = PageText.Read(Full);

        Assert.Equal("Bürgermeisterin Moser spricht von einem \"großen Tag\"", page.Kicker);
        Assert.Equal("Almdorf baut die „längste Brücke“ im Tal", page.Headline);
        Assert.Equal("Wirtschaft", page.Section);
        Assert.Equal(Instant("2025-11-19T16:05:00Z"), page.PublishedAt);
        Assert.Equal(TimeSpan.Zero, page.PublishedAt!.Value.Offset);
        Assert.Equal(new DateOnly(2025, 11, 19), page.PublishedOn);
        Assert.Equal(page.Kicker, page.ImageCaption);
        Assert.Equal("APA/APA/dpa/Erika Muster", page.ImageCredit);
        Assert.Equal(["APA", "Reuters", "dpa"], page.Sources);
        Assert.Null(page.Byline);
        Assert.Null(page.Subhead);
        Assert.Null(page.Dateline);
        Assert.Equal("de", page.Language);
        Assert.Equal("ppcpppcp", Types(page));
        Assert.Equal("“Wir bauen für die nächsten hundert Jahre”", page.Body[2].Text);
        Assert.Equal("Land zahlt mehr als die Hälfte", page.Body[6].Text);
        Assert.Empty(page.Warnings);
    }

    [Theory]
    [InlineData("\r\n", "\uFEFF")]
    [InlineData("\r", "")]
    [InlineData("\n", "\n \u00A0\n\t")]
    [InlineData("\n\u00A0\n", "")]
    public void Line_breaks_byte_order_marks_and_leading_blanks_do_not_matter(string lineBreak, string before) =>
        AssertSame(PageText.Read(Full), PageText.Read(before + Full.Replace("\n", lineBreak, StringComparison.Ordinal)), ignoreBody: lineBreak.Length > 2);

    [Fact]
    public void Without_blank_lines_each_line_is_a_block() =>
        AssertSame(PageText.Read(Full), PageText.Read(Full.Replace("\n\n", "\n", StringComparison.Ordinal)));

    [Fact]
    public void A_stray_blank_line_does_not_join_a_page_of_single_lines()
    {
        var single = Full.Replace("\n\n", "\n", StringComparison.Ordinal);
        var page = PageText.Read(single.Replace("nehmen mussten. Die Kosten teilen sich Land und Gemeinde.\n", "nehmen mussten.\n\n", StringComparison.Ordinal));

        Assert.Equal("ppcpppcp", Types(page));
    }

    [Fact]
    public void Soft_line_breaks_and_blanks_inside_a_paragraph_are_joined()
    {
        var page = PageText.Read(Full.Replace("am Mittwoch den Bau", "am\u00A0Mittwoch  \n   den Bau", StringComparison.Ordinal));

        AssertSame(PageText.Read(Full), page);
    }

    [Theory]
    [InlineData("Aktuelle Seite: Home > Chronik > Südtirol > Ein Titel", "Südtirol")]
    [InlineData("Aktuelle Seite: Home > Ein Titel", null)]
    [InlineData("Aktuelle Seite: Home", null)]
    [InlineData("Aktuelle Seite: Politik > Ein Titel", "Politik")]
    [InlineData("Aktuelle Seite: Home › Politik › Ein Titel", "Politik")]
    [InlineData("Aktuelle Seite: Home > Politik >", "Politik")]
    [InlineData("", null)]
    public void The_section_stands_before_the_title(string breadcrumb, string? section)
    {
        var page = PageText.Read($"date 2026-02-03 {breadcrumb}\nEin Dach\n\nEin Titel\n\n{Dated}\nVon: APA\n\nEin Satz.");

        Assert.Equal(section, page.Section);
        Assert.Equal("Ein Titel", page.Headline);
        Assert.Equal("Ein Dach", page.Kicker);
        Assert.Equal(section is null, page.Warnings.Contains("The page names no section."));
    }

    [Fact]
    public void A_title_may_hold_the_sign_of_the_breadcrumb()
    {
        var page = PageText.Read($"date 2026-02-03 Aktuelle Seite: Home > Sport > Almdorf > Seeberg im Vergleich\n"
            + $"Almdorf > Seeberg im Vergleich\n{Dated}\nVon: APA");

        Assert.Equal("Sport", page.Section);
        Assert.Equal("Almdorf > Seeberg im Vergleich", page.Headline);
        Assert.Null(page.Kicker);
    }

    [Theory]
    [InlineData("Streit um »Brücke«  am See")]
    [InlineData("Streit um “Brücke” am\u00A0See")]
    [InlineData("Streit um \"Brücke\" am See")]
    [InlineData("Streit um „Bru\u0308cke“ am See")]
    public void The_headline_is_known_by_the_breadcrumb_whatever_its_quotes(string headline)
    {
        var page = PageText.Read($"date 2026-02-03 Aktuelle Seite: Home > Politik > Streit um \"Brücke\" am See\n"
            + $"{headline}\nEine Zeile darunter\n{Dated}\nVon: APA");

        Assert.Equal(PlainLines.Collapse(headline), page.Headline);
        Assert.Equal("Eine Zeile darunter", page.Subhead);
        Assert.Null(page.Kicker);
        Assert.Equal("Politik", page.Section);
    }

    [Fact]
    public void A_breadcrumb_may_cut_the_title_short()
    {
        var page = PageText.Read($"date 2026-02-03 Aktuelle Seite: Home > Politik > Streit um die Brücke…\n"
            + $"Das Dach\nStreit um die Brücke am See\n{Dated}\nVon: APA");

        Assert.Equal("Streit um die Brücke am See", page.Headline);
        Assert.Equal("Das Dach", page.Kicker);
    }

    [Fact]
    public void A_missing_kicker_stays_missing()
    {
        var page = PageText.Read(Without(0, "Bürgermeisterin Moser spricht"));

        Assert.Null(page.Kicker);
        Assert.Equal("Almdorf baut die „längste Brücke“ im Tal", page.Headline);
        Assert.Empty(page.Warnings);
    }

    [Fact]
    public void A_missing_headline_is_taken_from_the_breadcrumb()
    {
        var page = PageText.Read(Without(0, "Almdorf baut"));

        Assert.Equal("Almdorf baut die „längste Brücke“ im Tal", page.Headline);
        Assert.StartsWith("Bürgermeisterin Moser", page.Kicker, StringComparison.Ordinal);
        Assert.Equal("Wirtschaft", page.Section);
        Assert.Equal(["The headline was taken from the breadcrumb."], page.Warnings);
    }

    [Fact]
    public void Without_a_breadcrumb_the_last_line_before_the_date_is_the_headline()
    {
        var page = PageText.Read(Without(0, " date"));

        Assert.Equal("Almdorf baut die „längste Brücke“ im Tal", page.Headline);
        Assert.StartsWith("Bürgermeisterin Moser", page.Kicker, StringComparison.Ordinal);
        Assert.Equal(Instant("2025-11-19T16:05:00Z"), page.PublishedAt);
        Assert.Equal(["The page names no section."], page.Warnings);
        Assert.Null(PageText.Read(Without(0, " date", "Bürgermeisterin")).Kicker);
    }

    [Fact]
    public void Without_date_line_and_credit_the_breadcrumb_tells_headline_and_body()
    {
        var page = PageText.Read(Without(0, "Mittwoch", "APA/APA", "Schriftgröße", "Von:"));

        Assert.Equal("Almdorf baut die „längste Brücke“ im Tal", page.Headline);
        Assert.Null(page.PublishedAt);
        Assert.Equal(new DateOnly(2025, 11, 19), page.PublishedOn);
        Assert.Contains("The page has no credit line.", page.Warnings);
    }

    [Theory]
    [InlineData("date 2026-01-03 Von: APA/AFP/dpa/Reuters\n\nDer erste Satz des Textes. Der zweite.\n\nNoch ein Absatz steht hier.")]
    [InlineData(" date 2026-01-03\nVon: APA/AFP/dpa/Reuters\nDer erste Satz des Textes. Der zweite.\nNoch ein Absatz steht hier.")]
    [InlineData("date 2026-01-03 Von: APA/AFP/dpa/Reuters Der erste Satz des Textes. Der zweite.\n\nNoch ein Absatz steht hier.")]
    public void A_page_without_header_has_no_headline(string text)
    {
        var page = PageText.Read(text);

        Assert.Null(page.Headline);
        Assert.Null(page.Kicker);
        Assert.Null(page.PublishedAt);
        Assert.Equal(new DateOnly(2026, 1, 3), page.PublishedOn);
        Assert.Equal(["APA", "AFP", "dpa", "Reuters"], page.Sources);
        Assert.Equal(["Der erste Satz des Textes. Der zweite.", "Noch ein Absatz steht hier."], page.Body.Select(b => b.Text));
        Assert.Contains("The page has no headline.", page.Warnings);
        Assert.Contains("The page gives a day but no time of publication.", page.Warnings);
    }

    [Theory]
    [InlineData("Montag, 5. Januar 2026 | 07:09 Uhr", "2026-01-05T06:09:00Z")]
    [InlineData("Montag, 05. Jänner 2026 | 7:09 Uhr", "2026-01-05T06:09:00Z")]
    [InlineData("Montag, 5. Ja\u0308nner 2026 um 07.09 Uhr", "2026-01-05T06:09:00Z")]
    [InlineData("Mo., 5. Jan. 2026, 07:09", "2026-01-05T06:09:00Z")]
    [InlineData("05.01.2026 | 07:09 Uhr", "2026-01-05T06:09:00Z")]
    [InlineData("Donnerstag, 5. Feber 2026 | 07:09 Uhr", "2026-02-05T06:09:00Z")]
    [InlineData("Donnerstag, 5. Februar 2026 | 07:09 Uhr (aktualisiert: 08:00 Uhr)", "2026-02-05T06:09:00Z")]
    [InlineData("Sonntag, 1. März 2026 | 00:00 Uhr", "2026-02-28T23:00:00Z")]
    [InlineData("Sonnabend, 4. Juli 2026 | 23:59 Uhr", "2026-07-04T21:59:00Z")]
    [InlineData("Donnerstag, 31. Dezember 2026 | 23:30 Uhr", "2026-12-31T22:30:00Z")]
    public void The_date_line_is_local_time(string line, string instant)
    {
        var page = PageText.Read($"Ein Titel\n{line}\nVon: APA\n\nEin Satz.");

        Assert.Equal(Instant(instant), page.PublishedAt);
        Assert.Equal("Ein Titel", page.Headline);
        Assert.Equal(["The page names no section."], page.Warnings);
    }

    [Theory]
    [InlineData("Dienstag, 19. November 2025 | 17:05 Uhr", "2025-11-19T16:05:00Z", "The date line says Tuesday, but 2025-11-19 is a Wednesday.")]
    [InlineData("Donnerstag, 20. November 2025 | 17:05 Uhr", "2025-11-20T16:05:00Z", "The date of the first line is not that of the date line; the date line was kept.")]
    [InlineData("Mittwoch, 19. November 2025", null, "The page gives a day but no time of publication.")]
    [InlineData("Mittwoch, 19. November 2025 | 17 Uhr", null, "The page gives a day but no time of publication.")]
    [InlineData("Mittwoch, 19. November 2025 | 24:00 Uhr", null, "The date line names a time that does not exist.")]
    [InlineData("November 2025", null, "The date line gives only a month.")]
    public void An_odd_date_line_is_kept_as_far_as_it_goes_and_reported(string line, string? instant, string warning)
    {
        var page = PageText.Read(Full.Replace("Mittwoch, 19. November 2025 | 17:05 Uhr", line, StringComparison.Ordinal));

        Assert.Equal(instant is null ? null : Instant(instant), page.PublishedAt);
        Assert.Equal([warning], page.Warnings);
        Assert.Equal("ppcpppcp", Types(page));
        Assert.NotNull(page.PublishedOn);
    }

    [Theory]
    [InlineData("Sonntag, 26. Oktober 2025 | 02:30 Uhr", "2025-10-26T00:30:00Z", "The time of the date line came twice on that day; the earlier instant was taken.")]
    [InlineData("Sonntag, 30. März 2025 | 02:30 Uhr", null, "The clocks skipped the time of the date line, so the instant of publication is unknown.")]
    [InlineData("Samstag, 31. Februar 2026 | 02:30 Uhr", null, "The date line names a day that does not exist.")]
    [InlineData("Februar 2026", null, "The date line gives only a month.")]
    public void A_time_the_clocks_do_not_show_once_is_reported(string line, string? instant, string warning)
    {
        var page = PageText.Read($"Ein Titel\n{line}\nVon: APA\n\nEin Satz.");

        Assert.Equal(instant is null ? null : Instant(instant), page.PublishedAt);
        Assert.Contains(warning, page.Warnings);
    }

    [Theory]
    [InlineData("date 2026-01")]
    [InlineData("date 2026-01-00")]
    public void A_first_line_with_only_a_month_gives_no_day(string stamp)
    {
        var page = PageText.Read($"{stamp} Aktuelle Seite: Home > Politik > Der ganze Titel\nDer ganze Titel\nVon: APA\n\nEin Satz.");

        Assert.Null(page.PublishedAt);
        Assert.Null(page.PublishedOn);
        Assert.Equal("Der ganze Titel", page.Headline);
        Assert.Equal(["The date line gives only a month."], page.Warnings);
    }

    [Theory]
    [InlineData("APA/Reuters/dpa", null, "APA", "Reuters", "dpa")]
    [InlineData("APA/apa/dpa", null, "APA", "dpa")]
    [InlineData("APA, dpa und AFP", null, "APA", "dpa", "AFP")]
    [InlineData("HGV", null, "HGV")]
    [InlineData("Anna Berger", "Anna Berger")]
    [InlineData("mk", "mk")]
    [InlineData("Anna Berger/APA", "Anna Berger/APA", "APA")]
    [InlineData("APA (dpa)", null, "APA", "dpa")]
    public void The_credit_line_gives_sources_and_people(string credit, string? byline, params string[] sources)
    {
        var page = PageText.Read(Full.Replace("Von: APA/Reuters/dpa", "Von: " + credit, StringComparison.Ordinal));

        Assert.Equal(byline, page.Byline);
        Assert.Equal(sources, page.Sources);
        Assert.Equal("ppcpppcp", Types(page));
    }

    [Fact]
    public void A_page_without_credit_line_keeps_everything_else()
    {
        var page = PageText.Read(Without(0, "Von: APA"));

        Assert.Empty(page.Sources);
        Assert.Equal(["The page has no credit line."], page.Warnings);
        AssertSame(PageText.Read(Full) with { Sources = [], Warnings = page.Warnings }, page);
        Assert.Equal(page.Body, PageText.Read(Without(0, "Von: APA", "Schriftgröße")).Body);
    }

    [Fact]
    public void Picture_caption_and_credit_are_told_apart()
    {
        Assert.Null(Read("Von: APA").ImageCredit);
        Assert.Equal((null, "APA/Erika Muster"), Picture("APA/Erika Muster\nVon: APA"));
        Assert.Equal((null, "APA/dpa/Erika M."), Picture("APA/dpa/Erika M.\nSchriftgröße\n-\n+\nVon: APA"));
        Assert.Equal((null, "Feuerwehr Almdorf/Facebook"), Picture("Feuerwehr Almdorf/Facebook\nVon: APA"));
        Assert.Equal(("Die Brücke von Norden.", "Foto: Erika Muster"), Picture("Die Brücke von Norden.\nFoto: Erika Muster\nSchriftgröße\nVon: APA"));
        Assert.Equal(("Ein Dach", "Erika Muster"), Picture("Ein Dach\nErika Muster\nSchriftgröße\nVon: APA"));
        Assert.Equal(("Die Brücke von Norden", null), Picture("Die Brücke von Norden\nVon: APA"));
        Assert.Equal(("Ein Dach", null), Picture("Ein Dach"));
        Assert.Equal((null, "APA/dpa"), Picture("APA/dpa"));
        Assert.Equal(("Die Brücke von Norden.", "APA/dpa"), Picture("\nDie Brücke von Norden.\n\nAPA/dpa\n\nVon: APA"));
        Assert.Equal((null, null), Picture(""));

        static Page Read(string lines) => PageText.Read($"Ein Dach\nEin Titel\n{Dated}\n{lines}\n\nDer erste Satz.\n\nDer zweite Satz.");

        static (string?, string?) Picture(string lines)
        {
            var page = Read(lines);
            Assert.Equal(["Der erste Satz.", "Der zweite Satz."], page.Body.Select(b => b.Text));
            Assert.Null(page.Byline);
            return (page.ImageCaption, page.ImageCredit);
        }
    }

    [Fact]
    public void Credits_inside_the_text_are_no_paragraphs()
    {
        var page = PageText.Read($"Ein Titel\n{Dated}\n\nDer erste Satz.\n\nAPA/dpa/Erika Muster\n\nDer zweite Satz.\n\n(APA/dpa)");

        Assert.Equal("pp", Types(page));
        Assert.Equal("APA/dpa/Erika Muster", page.ImageCredit);
        Assert.Equal(["APA", "dpa"], page.Sources);
        Assert.Null(page.Byline);
    }

    [Fact]
    public void A_place_before_the_first_sentence_is_the_dateline()
    {
        var page = PageText.Read($"Ein Titel\n{Dated}\nVon: APA\n\nAlmdorf/Bad Seeberg (APA/dpa) – Der erste Satz (und mehr) – so.");

        Assert.Equal("Almdorf/Bad Seeberg", page.Dateline);
        Assert.Equal("Der erste Satz (und mehr) – so.", page.Body[0].Text);
        Assert.Equal(["APA", "dpa"], page.Sources);
    }

    [Theory]
    [InlineData("Ein Zwischentitel", "pcp")]
    [InlineData("“Ein ganzer Satz als Zwischentitel”", "pcp")]
    [InlineData("Treffen am 3. Jänner", "pcp")]
    [InlineData("Kommt die Brücke wirklich?", "pcp")]
    [InlineData("„Jetzt aber schnell!“", "pcp")]
    [InlineData("Und dann …", "pcp")]
    [InlineData("„Das war so.“", "ppp")]
    [InlineData("„Das war so“.", "ppp")]
    [InlineData("(Das war so.)", "ppp")]
    [InlineData("Das sind die Ergebnisse:", "ppp")]
    [InlineData("- ein Punkt der Liste", "ppp")]
    [InlineData("und klein weiter", "ppp")]
    [InlineData("* * *", "ppp")]
    [InlineData("Erster Ort\n\nZweiter Ort", "pppp")]
    [InlineData("Ein Zwischentitel\n\n„Niemals!“", "pcpp")]
    [InlineData("Erster Ort\n\nZweiter Ort\n\nDritter Ort", "ppppp")]
    [InlineData("Die Orte\n\n- Almdorf\n\n- Seeberg", "ppppp")]
    [InlineData("Die Orte:\n\nAlmdorf", "pppp")]
    [InlineData("Ein sehr langer Absatz, dem am Ende nur der Punkt verloren ging, der aber sonst in allem ein Absatz wie jeder andere ist, mit Komma und mit Nebensatz", "ppp")]
    public void A_crosshead_is_a_short_line_without_full_stop_alone_between_paragraphs(string block, string types)
    {
        const string Long = "Dies ist ein Absatz von der Länge, die ein Absatz gewöhnlich hat, und er endet mit einem Punkt.";

        Assert.Equal(types, Types(PageText.Read($"Ein Titel\n{Dated}\nVon: APA\n\n{Long}\n\n{block}\n\n{Long}")));
    }

    [Fact]
    public void Neither_the_first_nor_the_last_block_is_a_crosshead_nor_a_question_among_short_answers()
    {
        Assert.Equal("pp", Types(PageText.Read($"Ein Titel\n{Dated}\nVon: APA\n\nAnfang\n\nEin Satz.")));
        Assert.Equal("pp", Types(PageText.Read($"Ein Titel\n{Dated}\nVon: APA\n\nEin Satz.\n\nEnde")));
        Assert.Equal("ppp", Types(PageText.Read($"Ein Titel\n{Dated}\nVon: APA\n\nNein.\n\nWarum denn nicht?\n\nDarum.")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\u00A0\r\n")]
    [InlineData("\uFEFF")]
    [InlineData("irgendein Text")]
    [InlineData("Ein Absatz.\n\nNoch einer.\n\nUnd noch einer.")]
    [InlineData("{\"headline\": \"kein Text\"}")]
    public void Empty_or_other_text_is_no_page(string text)
    {
        var page = PageText.Read(text);

        Assert.Null(page.Headline);
        Assert.Empty(page.Body);
        Assert.Contains("The page has no headline.", page.Warnings);
        Assert.Contains("The page has no body.", page.Warnings);
        Assert.Equal(3, page.Warnings.Count);
    }

    [Fact]
    public void Characters_that_no_text_can_hold_are_taken_out_and_reported()
    {
        var page = PageText.Read(Full.Replace("Die Arbeiten", "Die\0 Arb\uD83D\uFFFEeiten", StringComparison.Ordinal));

        Assert.Contains("Die Arb\uFFFDeiten", page.Body[0].Text, StringComparison.Ordinal);
        Assert.Single(page.Warnings);
    }

    [Fact]
    public void The_body_survives_the_loss_of_any_line_of_the_header()
    {
        var lines = Full.Split('\n');

        for (var i = 0; i < 10; i++)
        {
            var page = PageText.Read(string.Join('\n', lines.Where((_, index) => index != i)));

            Assert.Equal("ppcpppcp", Types(page));
            Assert.Equal("Almdorf baut die „längste Brücke“ im Tal", page.Headline);
        }
    }

    [Fact]
    public void No_deletion_of_lines_makes_it_throw()
    {
        var random = new Random(19);
        var lines = Full.Split('\n');

        for (var round = 0; round < 3_000; round++)
        {
            var kept = lines.Where(_ => random.Next(4) > 0).ToList();

            if (round % 3 == 0)
                kept = [.. kept.OrderBy(_ => random.Next())];

            AssertWellFormed(PageText.Read(string.Join('\n', kept)));
        }
    }

    [Fact]
    public void No_string_makes_it_throw()
    {
        var random = new Random(7);
        string[] parts =
        [
            " ", "\n", "\n\n", "\r\n", "\0", "\uD800", "\uDC00", "\u0308", "\uFFFE", "date ", "date 2026-01-03", "date 9999-99-99", "Aktuelle Seite:",
            "Home", ">", "Von:", "Von: ", "APA", "/", "dpa", "Mittwoch, ", "31. ", "Dezember ", "2025", "0001", " | ", "21:53", "99:99", " Uhr",
            "Schriftgröße", "(", ")", " – ", ".", "“", "?", "Ein Satz", "Foto:", "-", "1) ",
        ];

        for (var round = 0; round < 20_000; round++)
        {
            var text = Enumerable.Range(0, random.Next(40))
                .Select(_ => random.Next(8) == 0 ? ((char)random.Next(65_536)).ToString() : parts[random.Next(parts.Length)]);

            AssertWellFormed(PageText.Read(string.Concat(text)));
        }
    }

    [Fact]
    public void A_megabyte_is_read_in_linear_time()
    {
        string[] units = ["a", "\n", "> ", "date ", "Von: ", "APA/", "Ort\n\n", "Satz. ", "Ein Satz.\n", "\u0301\u0323", "“", "(", " \u00A0", "1"];
        var watch = Stopwatch.StartNew();

        foreach (var unit in units)
        {
            var filler = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));

            PageText.Read(filler);
            PageText.Read("date 2026-01-03 Aktuelle Seite: Home > " + filler);
            PageText.Read("date 2026-01-03 Von: APA " + filler);
            PageText.Read(Full + filler);
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"took {watch.Elapsed}");
    }

    [Fact]
    public void The_identity_is_that_of_headline_and_instant()
    {
        var instant = new DateTimeOffset(2026, 2, 3, 8, 30, 0, TimeSpan.FromHours(1));
        var identity = PageText.Identity("Ein  großer\u00A0Tag für Müller", instant);

        Assert.Equal("fe554449df193ffd594005dc6e02d8139dd0826dfee99ffa408c3afbc6ebbe32", identity);
        Assert.Equal(identity, PageText.Identity(" Ein großer Tag für Mu\u0308ller\n", instant.ToUniversalTime()));
        Assert.NotEqual(identity, PageText.Identity("Ein großer Tag für Müller", instant.AddMinutes(1)));
        Assert.Equal("50aa1f3752b56c66e6d29178d24964888e46b1688867fdc76171bbb838d28e20", PageText.Identity("Ein großer Tag für Müller", null));
        Assert.Equal(64, PageText.Identity("\0\uD800", null).Length);
    }

    private static void AssertSame(Page expected, Page actual, bool ignoreBody = false)
    {
        if (!ignoreBody)
            Assert.Equal(expected.Body, actual.Body);

        Assert.Equal(expected.Sources, actual.Sources);
        Assert.Equal(expected.Warnings, actual.Warnings);
        Assert.Equal(expected with { Body = [], Sources = [], Warnings = [] }, actual with { Body = [], Sources = [], Warnings = [] });
    }

    private static void AssertWellFormed(Page page)
    {
        Assert.All(page.Body, b => Assert.False(string.IsNullOrWhiteSpace(b.Text)));
        Assert.NotEqual("", page.Headline);
        Assert.NotEqual("", page.Kicker);
        Assert.NotEqual("", page.Section);

        if (page.Body.Count > 0)
            Assert.Equal(PageBlock.Paragraph, page.Body[^1].Type);

        if (page.Headline is null || page.Body.Count == 0)
            Assert.NotEmpty(page.Warnings);
    }

    private static string Types(Page page) => string.Concat(page.Body.Select(b => b.Type[0]));

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The full page without the first line, from the given one on, that starts with each of the words.</summary>
    private static string Without(int from, params string[] starts)
    {
        var lines = Full.Split('\n').ToList();

        foreach (var start in starts)
            lines.RemoveAt(lines.FindIndex(from, l => l.StartsWith(start, StringComparison.Ordinal)));

        return string.Join('\n', lines);
    }
}
