using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NewsApi.Benchmarks;

/// <summary>
/// What memory an export takes where there is more to export: a server in a process of its own exports all articles, and its resident memory is read
/// many times a second meanwhile. One export goes before, which pays for what is made once.
/// </summary>
internal sealed class ExportRun(string? postgres) : IDisposable
{
    /// <summary>What the export of the largest database may take more than that of the smallest, as a ratio of the peaks.</summary>
    private const double Target = 1.3;

    private readonly string _folder = Directory.CreateTempSubdirectory("newsapi-export-").FullName;

    public async Task<int> ExecuteAsync(IEnumerable<int> sizes)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}");
        Console.WriteLine($"{(postgres is null ? "SQLite" : "PostgreSQL")}, generated articles");
        Console.WriteLine();
        Console.WriteLine("| articles | exported | MB | s | articles/s | MB before | peak MB | of the smallest | target |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        double? smallest = null;
        var isMet = true;
        foreach (var size in sizes.Order())
        {
            var (lines, bytes, elapsed, before, peak) = await ExportAsync(size);
            smallest ??= peak;
            var ratio = peak / smallest.Value;
            isMet &= ratio <= Target && lines > 0;
            Console.WriteLine($"| {size} | {lines} | {bytes / 1_000_000} | {elapsed.TotalSeconds:0.0} | {lines / elapsed.TotalSeconds:N0} | {before / 1_000_000} | {peak / 1_000_000} | **{ratio:0.00}** | {Target:0.00}{(ratio > Target ? " missed" : "")} |");
        }

        return isMet ? 0 : 1;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(int Lines, long Bytes, TimeSpan Elapsed, long Before, long Peak)> ExportAsync(int articles)
    {
        using var database = new BenchmarkDatabase(Path.Combine(_folder, articles.ToString(CultureInfo.InvariantCulture)), postgres);
        if (await GenerateRun.GenerateAsync(["--articles", articles.ToString(CultureInfo.InvariantCulture), "--seed", "1", .. database.Settings]) != 0)
            throw new InvalidOperationException("The verb ended with an error; its output says why.");

        database.Analyze();
        using var server = ServerProcess.StartProduct(database, new string('0', 64), cacheMegabytes: 0, folder: null);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{server.Address}") };
        await ReadAsync(http, "/v1/exports/people.ndjson");
        var (before, peak) = (server.Memory, 0L);
        using var over = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                peak = Math.Max(peak, server.Memory);
                await Task.Delay(20);
            }
        });
        var watch = Stopwatch.StartNew();
        var (lines, bytes) = await ReadAsync(http, "/v1/exports/articles.ndjson");
        var elapsed = watch.Elapsed;
        await over.CancelAsync();
        await watching;
        return (lines, bytes, elapsed, before, peak);
    }

    private static async Task<(int Lines, long Bytes)> ReadAsync(HttpClient http, string address)
    {
        using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync();
        var (lines, bytes, buffer) = (0, 0L, new byte[65_536]);
        for (int read; (read = await body.ReadAsync(buffer)) > 0;)
        {
            bytes += read;
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return (lines, bytes);
    }
}
