using System.Globalization;
using System.IO.Hashing;
using System.Text;
using NewsApi.People.Names;

namespace NewsApi.Tests.People.Names;

/// <summary>Lists of others are the referee here: official examples of romanisation, and pairs of names that somebody has judged.</summary>
public class NameCorpusTests
{
    // The product's name for a system, by the name that the list has for it.
    private static readonly Dictionary<string, string> Systems = new()
    {
        ["alalc-rus-Cyrl-Latn-1997"] = "alalc-ru",
        ["alalc-rus-Cyrl-Latn-2012"] = "alalc-ru",
        ["alalc-ukr-Cyrl-Latn-1997"] = "alalc-uk",
        ["bgnpcgn-rus-Cyrl-Latn-1947"] = "bgnpcgn-ru-1947",
        ["bgnpcgn-ukr-Cyrl-Latn-1965"] = "bgnpcgn-uk-1965",
        ["bgnpcgn-ukr-Cyrl-Latn-2019"] = "bgnpcgn-uk-2019",
        ["gost-rus-Cyrl-Latn-16876-71-1983"] = "gost-16876-1983",
        ["gost-rus-Cyrl-Latn-7.79-2000-2002"] = "gost-7.79-2000",
        ["odni-rus-Cyrl-Latn-2015"] = "odni-ru-2015",
        ["odni-ukr-Cyrl-Latn-2015"] = "odni-uk-2015",
        ["stategeocadastre-ukr-Cyrl-Latn-1993"] = "cadastre-uk-1993",
        ["ua-ukr-Cyrl-Latn-1996"] = "national-uk-1996",
        ["ua-ukr-Cyrl-Latn-2007"] = "passport-uk-2007",
        ["ua-ukr-Cyrl-Latn-2010"] = "kmu-2010",
        ["un-rus-Cyrl-Latn-1987"] = "un-ru-1987",
        ["un-ukr-Cyrl-Latn-2012"] = "kmu-2010",
    };

    [Fact]
    public void Every_line_of_a_system_that_is_offered_is_written_exactly_so()
    {
        var wrong = new List<string>();
        foreach (var system in Rows("transliteration-tests.tsv").Select(l => l.Split('\t')).GroupBy(l => l[0]))
        {
            if (!Systems.TryGetValue(system.Key, out var id))
            {
                Print($"{system.Key}: not offered ({system.Count()} lines)");
                continue;
            }

            var lines = system.Select(l => (Source: l[1], Expected: l[2].Normalize(NormalizationForm.FormC), Written: Romanisation.Of(l[1], System(id)))).ToList();
            Print($"{system.Key}: {lines.Count(l => l.Written == l.Expected)} of {lines.Count}");
            wrong.AddRange(lines.Where(l => l.Written != l.Expected).Select(l => $"{system.Key}: {l.Source} became {l.Written}, not {l.Expected}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Pairs_of_names_are_judged_as_people_judge_them()
    {
        var pairs = Rows("name-pairs.csv").Select(Csv).Where(r => r[1] == "Person")
            .Select(r => new Judged(r[0], r[2], r[3], r[4] == "true", NameMatcher.Compare(r[2], r[3]))).ToList();
        var half = pairs.ToLookup(p => XxHash32.HashToUInt32(Encoding.UTF8.GetBytes($"{p.One}|{p.Other}")) % 2 == 0);

        foreach (var threshold in (double[])[NameMatcher.Likely, NameMatcher.Safe])
        {
            Report($"all, from {threshold}", pairs, threshold);
            foreach (var group in pairs.GroupBy(p => p.Group)) Report($"{group.Key}, from {threshold}", group, threshold);
            Report($"the half that was looked at, from {threshold}", half[true], threshold);
            Report($"the other half, from {threshold}", half[false], threshold);
        }

        foreach (var pair in half[true].Where(p => p.IsMatch != p.Likeness.Score >= NameMatcher.Likely))
            Print($"{(pair.IsMatch ? "missed" : "wrong")}: {pair.One} / {pair.Other}: {pair.Likeness.Score} ({string.Join(", ", pair.Likeness.Reasons)})");
        Assert.True(F1(pairs, NameMatcher.Likely) >= 0.85);
        Assert.True(Precision(pairs, NameMatcher.Safe) >= 0.97);
    }

    private static void Report(string what, IEnumerable<Judged> pairs, double threshold)
    {
        var list = pairs.ToList();
        Print(string.Create(CultureInfo.InvariantCulture, $"{what}: {list.Count} pairs, precision {Precision(list, threshold):0.000}, recall {Recall(list, threshold):0.000}, F1 {F1(list, threshold):0.000}"));
    }

    private static double F1(IReadOnlyCollection<Judged> pairs, double threshold)
    {
        var (precision, recall) = (Precision(pairs, threshold), Recall(pairs, threshold));
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    private static double Precision(IReadOnlyCollection<Judged> pairs, double threshold) => Share(pairs.Where(p => p.Likeness.Score >= threshold), p => p.IsMatch);

    private static double Recall(IReadOnlyCollection<Judged> pairs, double threshold) => Share(pairs.Where(p => p.IsMatch), p => p.Likeness.Score >= threshold);

    private static double Share(IEnumerable<Judged> pairs, Func<Judged, bool> isOne) => pairs.Select(p => isOne(p) ? 1.0 : 0.0).DefaultIfEmpty(0).Average();

    private static List<string> Csv(string line)
    {
        var cells = new List<string>();
        for (var i = 0; i <= line.Length; i++)
        {
            var cell = new StringBuilder();
            var quoted = i < line.Length && line[i] == '"';
            for (i += quoted ? 1 : 0; i < line.Length && (quoted || line[i] != ','); i++)
            {
                if (quoted && line[i] == '"')
                {
                    if (i + 1 == line.Length || line[i + 1] != '"') quoted = false;
                    else cell.Append(line[++i]);
                }
                else
                {
                    cell.Append(line[i]);
                }
            }

            cells.Add(cell.ToString());
        }

        return cells;
    }

    private sealed record Judged(string Group, string One, string Other, bool IsMatch, NameLikeness Likeness);

    private static RomanisationSystem System(string id) => RomanisationSystem.All.Single(s => s.Id == id);

    private static void Print(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);

    private static IEnumerable<string> Rows(string file)
    {
        var corpus = Environment.GetEnvironmentVariable("NEWSAPI_CORPUS");
        Assert.SkipWhen(string.IsNullOrEmpty(corpus), "NEWSAPI_CORPUS is not set");
        return File.ReadLines(Path.Combine(corpus!, "names", file)).Skip(1);
    }
}
