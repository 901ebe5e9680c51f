using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace NewsApi.Benchmarks;

/// <summary>
/// The comparison. The machine may be busy with other things, so rounds of the two servers take turns and only ratios of
/// neighbours count; requests are set against the CPU time of the server, not against the clock.
/// </summary>
internal sealed class Run(TimeSpan duration, int rounds, string? against) : IDisposable
{
    private const string Key = "benchmark-key";
    private const int Cache = 64;
    private const int NoCache = 0;

    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(4);

    private readonly string _folder = Directory.CreateTempSubdirectory("newsapi-benchmarks-").FullName;

    public int Execute(int articles, IEnumerable<string> cases)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}");
        Console.WriteLine($"{LoadClient.Connections} connections, {rounds} rounds of {duration.TotalSeconds} s, {articles} articles");
        if (against is not null) Console.WriteLine($"other: {against}");
        if (Environment.ProcessorCount < 2) Console.WriteLine("There is one core only: the load runs on the servers' own core.");

        var written = Fill(articles);
        Console.WriteLine();
        Console.WriteLine($"| case | bytes | product, req/CPU-s | {Other}, req/CPU-s | ratio | target | product, req/s | p99 ms | {Other}, req/s | p99 ms |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        var missed = 0;
        foreach (var name in cases)
        {
            if (!Compare(Case.Of(name), written) && against is null) missed++;
        }

        return missed == 0 ? 0 : 1;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Written Fill(int articles)
    {
        using var product = StartProduct(NoCache);
        return new Content(seed: 1).WriteAsync(new Uri($"http://{product.Address}"), Key, articles).GetAwaiter().GetResult();
    }

    private ServerProcess StartProduct(int cacheMegabytes, string? folder = null) => ServerProcess.StartProduct(
        Path.Combine(_folder, "news.db"), Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key))), cacheMegabytes, folder);

    /// <summary>Runs and prints one case, with two servers that are both new; false where it misses its target.</summary>
    private bool Compare(Case one, Written written)
    {
        var cache = one.IsCold ? NoCache : Cache;
        using var product = StartProduct(cache);
        var requests = one.Requests(written);
        if (one.IsConditional) requests = one.Requests(written, Answer.Fetch(product.Address, requests[0])["ETag"]);
        var answer = Answer.Fetch(product.Address, requests[0]);
        var file = Path.Combine(_folder, one.Name);
        answer.Save(file);
        using var other = against is null ? ServerProcess.StartBare(file) : StartProduct(cache, against);
        if (against is null && Answer.Fetch(other.Address, requests[0]).Comparable != answer.Comparable)
            throw new InvalidOperationException($"{one.Name}: the two servers do not send the same bytes.");

        using var toProduct = new LoadClient(product.Address, requests, answer.Status);
        using var toOther = new LoadClient(other.Address, requests, answer.Status);
        WarmUp(product, toProduct);
        WarmUp(other, toOther);
        var pairs = Enumerable.Range(0, rounds).Select(_ => (Product: Measure(product, toProduct), Other: Measure(other, toOther))).ToList();
        var ratio = Median(pairs.Select(p => p.Product.PerCpuSecond / p.Other.PerCpuSecond));
        Console.WriteLine($"| {one.Name} | {answer.Body.Length} | {Columns(pairs.Select(p => p.Product.PerCpuSecond), pairs.Select(p => p.Other.PerCpuSecond))} | **{ratio:0.00}** | "
            + $"{(one.Target is { } target ? $"{target:0.00}{(ratio < target ? " missed" : "")}" : "")} | {Columns(pairs.Select(p => p.Product))} | {Columns(pairs.Select(p => p.Other))} |");
        return one.Target is null || ratio >= one.Target;
    }

    /// <summary>Until the runtime has compiled what is hot for good, which takes CPU time and not time on the clock.</summary>
    private static void WarmUp(ServerProcess server, LoadClient client)
    {
        for (var before = server.CpuTime; server.CpuTime - before < WarmUpTime;) client.Run(TimeSpan.FromSeconds(0.5));
    }

    private Round Measure(ServerProcess server, LoadClient client)
    {
        var before = server.CpuTime;
        var load = client.Run(duration);
        return new Round(load, load.Requests / (server.CpuTime - before).TotalSeconds);
    }

    private static string Columns(IEnumerable<double> product, IEnumerable<double> bare) => $"{Median(product):N0} | {Median(bare):N0}";

    private static string Columns(IEnumerable<Round> rounds) =>
        $"{Median(rounds.Select(r => r.Load.PerSecond)):N0} | {Median(rounds.Select(r => r.Load.Slow.TotalMilliseconds)):0.0}";

    private string Other => against is null ? "bare" : "other";

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private sealed record Round(Load Load, double PerCpuSecond);
}
