namespace NewsApi.Import.Formats;

/// <summary>Reads the lines that say whose text and whose picture it is: "Von: APA/Reuters/dpa", "APA/dpa/Erika Muster".</summary>
internal static class CreditLine
{
    private const int LongestCredit = 160;

    private static readonly char[] Slashes = ['/', ',', ';', '&', '+', '(', ')'];

    private static readonly string[] PictureLabels = ["Foto:", "Fotos:", "Foto ©", "Bild:", "Bilder:", "Bildquelle:", "Fotocredit:", "©", "(c) "];

    private static readonly HashSet<string> Agencies = new(StringComparer.OrdinalIgnoreCase)
    {
        "APA", "dpa", "AFP", "Reuters", "AP", "ANSA", "sda", "Keystone", "Keystone-SDA", "KNA", "epd", "SID", "dts", "AFX", "dpa-AFX", "APA-OTS", "OTS",
        "EFE", "TASS", "Interfax", "Ukrinform", "Xinhua", "PAP", "ČTK", "CTK", "MTI", "STA", "HINA", "Tanjug", "NTB", "STT", "TT", "Ritzau", "Belga", "ANP",
        "PA", "PTI", "IANS", "Kyodo", "Yonhap", "Anadolu", "Kathpress", "LPA", "EPA", "AdnKronos", "LaPresse", "Bloomberg", "Associated Press",
        "Agence France-Presse", "dts Nachrichtenagentur", "Getty", "Getty Images", "IMAGO", "Shutterstock", "picture alliance", "ZUMA", "Pixabay", "Unsplash",
        "AFP Photo", "APA-Fotoservice", "APA-Images", "Expa", "GEPA",
    };

    /// <summary>What follows "Von:". Without the colon, only agencies make it a credit line: "Von Wien nach Rom" is none.</summary>
    public static string? Text(string line)
    {
        if (line.Length > LongestCredit || !line.StartsWith("Von", StringComparison.OrdinalIgnoreCase))
            return null;

        var rest = line[3..].TrimStart();

        if (rest.StartsWith(':'))
            return rest[1..].Trim();

        return line.Length > 4 && line[3] == ' ' && IsMerelyAgencies(rest) ? rest : null;
    }

    /// <summary>The members of a credit that are agencies, in order, each once.</summary>
    public static List<string> Sources(string credit) =>
        [.. Members(credit).Where(IsAgencyOrAbbreviation).DistinctBy(m => m.ToUpperInvariant())];

    /// <summary>Whether a credit names nothing but agencies, and at least one.</summary>
    public static bool IsMerelyAgencies(string credit) => Members(credit) is { Count: > 0 } members && members.All(IsAgencyOrAbbreviation);

    /// <summary>Like <see cref="IsMerelyAgencies"/>, but only with agencies known by name: for lines that no label introduces.</summary>
    public static bool IsMerelyKnownAgencies(string line) =>
        line.Length <= LongestCredit && Members(line) is { Count: > 0 } members && members.All(Agencies.Contains);

    /// <summary>Whether a line is a picture's credit: it says so, or it joins short names with slashes and one of them is an agency.</summary>
    public static bool IsPicture(string line)
    {
        if (line.Length > LongestCredit)
            return false;

        if (PictureLabels.Any(label => line.StartsWith(label, StringComparison.OrdinalIgnoreCase)))
            return true;

        var members = line.Split('/', StringSplitOptions.TrimEntries);

        // "APA/dpa/Erich M." ends in no full stop, but "Das berichtet die dpa/AFP." does.
        if (PlainLines.EndsWithFullStop(line) && !Agencies.Contains(members[0]))
            return false;

        return members.Any(Agencies.Contains) && members.All(m => m.Length > 0 && m.Count(c => c == ' ') < 5);
    }

    /// <summary>Like <see cref="IsPicture"/>, among the paragraphs: there, a crosshead may well end in the name of an agency.</summary>
    public static bool IsPictureInText(string line) =>
        IsPicture(line) && line.Split('/', StringSplitOptions.TrimEntries) is var members
        && (members.Length == 1 ? !Agencies.Contains(line) : Agencies.Contains(members[0]));

    private static List<string> Members(string credit) =>
        [.. credit.Replace(" und ", "/", StringComparison.Ordinal).Split(Slashes, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    // Editors sign with lower-case initials ("mk"), so only capitals make an unknown abbreviation an organisation.
    private static bool IsAgencyOrAbbreviation(string member) =>
        Agencies.Contains(member) || (member.Length is >= 2 and <= 6 && member.All(char.IsUpper));
}
