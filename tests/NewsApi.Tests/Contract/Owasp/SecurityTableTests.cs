using System.Reflection;
using System.Text.RegularExpressions;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract.Owasp;

/// <summary>The table in CONTRIBUTING.md that says which test stands for which risk of the OWASP API Security Top 10.</summary>
public sealed partial class SecurityTableTests
{
    private static readonly (string Entry, string[] Tests)[] Table =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "CONTRIBUTING.md")).Select(line => RowPattern().Match(line)).Where(m => m.Success)
            .Select(m => (m.Groups[1].Value, NamePattern().Matches(m.Groups[2].Value).Select(n => n.Groups[1].Value).ToArray())),
    ];

    [Fact]
    public void Every_risk_has_its_row_and_at_least_three_tests()
    {
        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"API{i}"), Table.Select(row => row.Entry));
        Assert.All(Table, row => Assert.True(row.Tests.Distinct().Count() >= 3, $"{row.Entry} has {row.Tests.Length} tests"));
    }

    [Fact]
    public void Every_test_in_the_table_is_one_that_runs()
    {
        var tests = typeof(SecurityTableTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(m => m.GetCustomAttribute<FactAttribute>() is { Skip: null }).Select(m => $"{type.Name}.{m.Name}"))
            .ToHashSet();

        Assert.All(Table.SelectMany(row => row.Tests), name => Assert.Contains(name, tests));
    }

    [GeneratedRegex(@"^\| (API[0-9]+)[^|]*\|(.*)\|$")]
    private static partial Regex RowPattern();

    [GeneratedRegex("`([A-Za-z]+\\.[A-Za-z0-9_]+)`")]
    private static partial Regex NamePattern();
}
