using System.Globalization;
using BenchmarkDotNet.Attributes;
using NewsApi.Search;

namespace NewsApi.Benchmarks.Parts;

/// <summary>The words of an article of 4 KB: known from articles before, or never seen.</summary>
public class AnalysisParts
{
    private const int Length = 4096;

    private string _page = null!;
    private QueryTerms _terms = null!;
    private string[] _words = null!;

    [GlobalSetup]
    public void SetUp()
    {
        var content = new Content(seed: 1);
        _page = string.Join("\n\n", Enumerable.Range(0, 40).Select(i => string.Create(CultureInfo.InvariantCulture, $"{content.Text(40)} Das war {i} Tage vor der Friedensverhandlung.")))[..Length];
        _words = [.. GermanAnalysis.Analyze(_page).Select(t => _page.Substring(t.Start, t.Length)).Distinct()];

        if (!QueryParser.TryParse("Verhandlungen Friede \"vor der\"", out var query, out _))
            throw new InvalidOperationException("The query has a fault.");

        _terms = new QueryTerms(query, []);

        if (FindAndShow() == 0)
            throw new InvalidOperationException("Nothing was found.");
    }

    [Benchmark]
    public int AnalyzeKnown() => GermanAnalysis.Analyze(_page).Count;

    [Benchmark]
    public int AnalyzeUnknown()
    {
        var parts = 0;

        foreach (var word in _words)
            parts += GermanAnalysis.Form(word).Parts.Count;

        return parts;
    }

    [Benchmark]
    public int FindAndShow() => _terms.Best(_page)?.Ranges.Count ?? 0;
}
