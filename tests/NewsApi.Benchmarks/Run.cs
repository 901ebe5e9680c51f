using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace NewsApi.Benchmarks;

/// <summary>
/// The comparison. The machine may be busy with other things, so rounds of the servers take turns and only ratios of
/// neighbours count; requests are set against the CPU time of the server, not against the clock.
/// </summary>
internal sealed class Run : IDisposable
{
    private const string Key = "benchmark-key";
    private const int Cache = 64;
    private const int NoCache = 0;
    private const int Compared = 50;
    private const string Nothing = "–";

    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(4);

    private readonly string _folder = Directory.CreateTempSubdirectory("newsapi-benchmarks-").FullName;
    private readonly BenchmarkDatabase _database;
    private readonly TimeSpan _duration;
    private readonly int _rounds;
    private readonly string? _against;

    public Run(TimeSpan duration, int rounds, string? against, string? postgres)
    {
        (_duration, _rounds, _against) = (duration, rounds, against);
        _database = new BenchmarkDatabase(_folder, postgres);
    }

    private string[] Others => _against is null ? ["Kestrel", _database.IsPostgres ? "Npgsql" : "ADO.NET", Case.List] : ["other"];

    public int Execute(int articles, IEnumerable<string> cases)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}");
        Console.WriteLine($"{LoadClient.Connections} connections, {_rounds} rounds of {_duration.TotalSeconds} s, {articles} articles");
        Console.WriteLine(_database.IsPostgres
            ? $"PostgreSQL, {BenchmarkDatabase.ReadConnections} connections a server. Counted is the CPU time of the server's process alone; PostgreSQL's own is in nobody's figure, and shows in requests per second only."
            : "SQLite, in the server's process: counted is all the CPU time that a request takes.");
        Console.WriteLine(_against is null ? $"No bare server searches: such requests are set against the product's own {Case.List}, without a cache as they are." : $"other: {_against}");
        if (Environment.ProcessorCount < 2) Console.WriteLine("There is one core only: the load runs on the servers' own core.");

        var written = Fill(articles);
        var servers = (string[])["product", .. Others];
        Console.WriteLine();
        Console.WriteLine($"| case | bytes | {Join(Others, o => $"of {o} | target")} | {Join(servers, s => $"{s}, req/CPU-s | req/s | p99 ms")} |");
        Console.WriteLine($"|---|---:|{string.Concat(Enumerable.Repeat("---:|", 2 * Others.Length + 3 * servers.Length))}");
        var missed = 0;
        foreach (var name in cases)
        {
            if (!Compare(Case.Of(name), written)) missed++;
        }

        return missed == 0 ? 0 : 1;
    }

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Written Fill(int articles)
    {
        using var product = StartProduct(NoCache);
        var written = new Content(seed: 1).WriteAsync(new Uri($"http://{product.Address}"), Key, articles).GetAwaiter().GetResult();
        _database.Analyze();
        return written;
    }

    private ServerProcess StartProduct(int cacheMegabytes, string? folder = null) =>
        ServerProcess.StartProduct(_database, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key))), cacheMegabytes, folder);

    /// <summary>Runs and prints one case, with servers that are all new; false where it misses a target.</summary>
    private bool Compare(Case one, Written written)
    {
        var cache = one.IsCold ? NoCache : Cache;
        using var product = StartProduct(cache);
        var requests = one.Requests(written);
        if (one.IsConditional) requests = one.Requests(written, Answer.Fetch(product.Address, requests[0])["ETag"]);
        var answer = Answer.Fetch(product.Address, requests[0]);
        var others = StartOthers(one, answer, cache);
        try
        {
            Check(one, product, others, requests);
            var known = one.IsProductOnly && _against is null ? Case.Of(Case.List).Requests(written) : requests;
            var rounds = Measure([(product, requests), .. others.OfType<ServerProcess>().Select(other => (other, known))], answer.Status);
            var columns = new List<string>();
            var isMissed = false;
            var measured = 1;
            foreach (var (other, target) in others.Zip(Targets(one)))
            {
                if (other is null)
                {
                    columns.Add($"{Nothing} | ");
                    continue;
                }

                var index = measured++;
                var ratio = Median(rounds.Select(r => r[0].PerCpuSecond / r[index].PerCpuSecond));
                var misses = ratio < target;
                isMissed |= misses;
                columns.Add($"**{ratio:0.00}** | {(target is null ? "" : $"{target:0.00}{(misses ? " missed" : "")}")}");
            }

            measured = 0;
            foreach (var server in (ServerProcess?[])[product, .. others])
            {
                var index = measured;
                columns.Add(server is null ? $"{Nothing} | {Nothing} | {Nothing}" : Figures([.. rounds.Select(r => r[index])]));
                if (server is not null) measured++;
            }

            Console.WriteLine($"| {one.Name} | {answer.Body.Length} | {string.Join(" | ", columns)} |");
            return !isMissed;
        }
        finally
        {
            foreach (var other in others) other?.Dispose();
        }
    }

    /// <summary>In the order of <see cref="Others"/>; nothing for a server that does not know such requests.</summary>
    private ServerProcess?[] StartOthers(Case one, Answer answer, int cache)
    {
        if (_against is not null) return [StartProduct(cache, _against)];

        if (one.IsProductOnly) return [null, null, StartProduct(cache)];

        var file = Path.Combine(_folder, one.Name);
        answer.Save(file);
        return [ServerProcess.StartBare(file), one.IsPlain ? ServerProcess.StartBareDatabase(_database) : null, null];
    }

    private double?[] Targets(Case one) => _against is not null
        ? [null]
        : [one.IsCold && _database.IsPostgres ? null : one.OfKestrel, _database.IsPostgres ? one.OfDatabaseOnPostgres : null, null];

    /// <summary>Bare Kestrel has one answer; whoever looks into the database must agree on others as well.</summary>
    private void Check(Case one, ServerProcess product, ServerProcess?[] others, byte[][] requests)
    {
        if (_against is not null || one.IsProductOnly) return;

        for (var i = 0; i < others.Length; i++)
        {
            if (others[i] is not { } other) continue;

            foreach (var request in requests.Take(i == 0 ? 1 : Compared))
            {
                if (Answer.Fetch(other.Address, request).Comparable != Answer.Fetch(product.Address, request).Comparable)
                    throw new InvalidOperationException($"{one.Name}: the product and bare {Others[i]} do not send the same bytes.");
            }
        }
    }

    private List<Round[]> Measure(IReadOnlyList<(ServerProcess Server, byte[][] Requests)> asked, int status)
    {
        var servers = asked.Select(a => a.Server).ToList();
        var clients = asked.Select(a => new LoadClient(a.Server.Address, a.Requests, status)).ToList();
        foreach (var (server, client) in servers.Zip(clients)) WarmUp(server, client);
        var rounds = Enumerable.Range(0, _rounds).Select(_ => servers.Zip(clients, Measure).ToArray()).ToList();
        clients.ForEach(c => c.Dispose());
        return rounds;
    }

    /// <summary>Until the runtime has compiled what is hot for good, which takes CPU time and not time on the clock.</summary>
    private static void WarmUp(ServerProcess server, LoadClient client)
    {
        for (var before = server.CpuTime; server.CpuTime - before < WarmUpTime;) client.Run(TimeSpan.FromSeconds(0.5));
    }

    private Round Measure(ServerProcess server, LoadClient client)
    {
        var before = server.CpuTime;
        var load = client.Run(_duration);
        return new Round(load, load.Requests / (server.CpuTime - before).TotalSeconds);
    }

    private static string Figures(Round[] rounds) =>
        $"{Median(rounds.Select(r => r.PerCpuSecond)):N0} | {Median(rounds.Select(r => r.Load.PerSecond)):N0} | {Median(rounds.Select(r => r.Load.Slow.TotalMilliseconds)):0.0}";

    private static string Join(string[] names, Func<string, string> column) => string.Join(" | ", names.Select(column));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private sealed record Round(Load Load, double PerCpuSecond);
}
