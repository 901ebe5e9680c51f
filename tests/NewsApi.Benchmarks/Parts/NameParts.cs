using System.Globalization;
using BenchmarkDotNet.Attributes;
using NewsApi.People.Names;

namespace NewsApi.Benchmarks.Parts;

/// <summary>Finding people in a page of twelve paragraphs, each of which names two.</summary>
public class NameParts
{
    private NameFinder _finder = null!;
    private string _page = null!;

    /// <summary>How many names are known.</summary>
    [Params(200, 20_000)]
    public int Names { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var content = new Content(seed: 1);
        _finder = new NameFinder(Enumerable.Range(0, Names).Select(i => new KnownName(Guid.CreateVersion7(), Name(i))));
        _page = string.Join("\n\n", Enumerable.Range(0, 12).Select(i => $"{content.Text(40)} Das sagte {Name(i * 13)}, ohne {Name(i)}s Namen zu nennen."));
        if (FindNames() < 12) throw new InvalidOperationException("The page names nobody.");
    }

    [Benchmark]
    public int FindNames() => _finder.Find(_page).Count;

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"Jürgen {(char)('A' + number % 26)}{Letters(number / 26)}mann-Höß");

    private static string Letters(int number) => number == 0 ? "" : (char)('a' + number % 26) + Letters(number / 26);
}
