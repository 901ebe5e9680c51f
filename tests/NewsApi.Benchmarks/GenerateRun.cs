using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using NewsApi.Cli;

namespace NewsApi.Benchmarks;

/// <summary>
/// Generated content against bare ADO.NET: the verb fills a fresh database in a process of its own, then the same rows, read in
/// chunks from there, are inserted into a second one with the same schema and indexes, by prepared statements with a
/// transaction for every chunk. Only inserting is counted, so the ratio is what checking, rendering and generating cost.
/// </summary>
internal sealed class GenerateRun(int rounds) : IDisposable
{
    public const string Verb = "generate-product";
    private const int ChunkRows = 25_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("newsapi-generate-").FullName;

    public int Execute(IEnumerable<int> sizes)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}");
        Console.WriteLine();
        Console.WriteLine("| articles | rows | MB | generate s | CPU s | of it starting s | bare ADO.NET s | CPU s | ratio | target | articles/s | peak MB |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        var missed = 0;
        foreach (var size in sizes)
        {
            for (var round = 0; round < rounds; round++)
            {
                if (!Compare(size)) missed++;
            }
        }

        return missed == 0 ? 0 : 1;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The verb itself, in the process that is measured.</summary>
    public static Task<int> GenerateAsync(string[] settings) => Verbs.RunAsync(["generate", .. settings]);

    private bool Compare(int articles)
    {
        const double target = 3;
        var (made, copy, empty) = (Path.Combine(_folder, "made.db"), Path.Combine(_folder, "copy.db"), Path.Combine(_folder, "empty.db"));
        var start = Generate(empty, 0);
        var generated = Generate(made, articles);
        Generate(copy, 0);
        var (rows, inserted, cpu) = Copy(made, copy);
        var ratio = generated.Elapsed / inserted;
        Console.WriteLine($"| {articles} | {rows} | {new FileInfo(made).Length / 1_000_000} | {generated.Elapsed.TotalSeconds:0.0} | {generated.Cpu.TotalSeconds:0.0} | {start.Elapsed.TotalSeconds:0.0} | "
            + $"{inserted.TotalSeconds:0.0} | {cpu.TotalSeconds:0.0} | **{ratio:0.00}** | {target:0.00}{(ratio > target ? " missed" : "")} | {articles / generated.Elapsed.TotalSeconds:N0} | {generated.Peak / 1_000_000} |");
        foreach (var file in (string[])[made, copy, empty]) File.Delete(file);
        return ratio <= target;
    }

    private static (TimeSpan Elapsed, TimeSpan Cpu, long Peak) Generate(string database, int articles)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(GenerateRun).Assembly.GetName().Name! + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(program, [Verb, "--articles", articles.ToString(CultureInfo.InvariantCulture), $"--ConnectionStrings:News=Data Source={database}"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var (peak, cpu) = (0L, TimeSpan.Zero);
        while (!process.WaitForExit(50))
        {
            process.Refresh();
            try
            {
                (peak, cpu) = (Math.Max(peak, process.PeakWorkingSet64), process.TotalProcessorTime);
            }
            catch (InvalidOperationException)
            {
                // It has ended since.
            }
        }

        return process.ExitCode == 0 ? (watch.Elapsed, cpu, peak) : throw new InvalidOperationException("The verb ended with an error; its output says why.");
    }

    /// <summary>Every table in the order in which none refers to a later one; the rows as they lie.</summary>
    private static (long Rows, TimeSpan Inserting, TimeSpan Cpu) Copy(string from, string to)
    {
        using var source = Open(from, "Mode=ReadOnly");
        using var target = Open(to, "Foreign Keys=True");
        Run(target, "PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY");
        foreach (var table in Tables(source).Reverse()) Run(target, $"DELETE FROM \"{table}\"");
        var watch = new Stopwatch();
        var (rows, cpu) = (0L, TimeSpan.Zero);
        using var self = Process.GetCurrentProcess();
        foreach (var table in Tables(source))
        {
            using var read = source.CreateCommand();
            read.CommandText = $"SELECT * FROM \"{table}\"";
            using var reader = read.ExecuteReader();
            using var insert = target.CreateCommand();
            insert.CommandText = $"INSERT INTO \"{table}\" VALUES ({string.Join(", ", Enumerable.Range(0, reader.FieldCount).Select(i => $"@{i}"))})";
            for (var i = 0; i < reader.FieldCount; i++) insert.Parameters.Add(new SqliteParameter($"@{i}", null));
            while (Chunk(reader) is { Count: > 0 } chunk)
            {
                rows += chunk.Count;
                self.Refresh();
                var before = self.TotalProcessorTime;
                watch.Start();
                using var transaction = target.BeginTransaction();
                insert.Transaction = transaction;
                insert.Prepare();
                foreach (var row in chunk)
                {
                    for (var i = 0; i < row.Length; i++) insert.Parameters[i].Value = row[i];
                    insert.ExecuteNonQuery();
                }

                transaction.Commit();
                watch.Stop();
                self.Refresh();
                cpu += self.TotalProcessorTime - before;
            }
        }

        return (rows, watch.Elapsed, cpu);
    }

    private static List<object[]> Chunk(SqliteDataReader reader)
    {
        var chunk = new List<object[]>(ChunkRows);
        while (chunk.Count < ChunkRows && reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            chunk.Add(row);
        }

        return chunk;
    }

    private static IEnumerable<string> Tables(SqliteConnection connection)
    {
        string[] first = ["sections", "people", "events", "articles"];
        using var command = connection.CreateCommand();

        // What the index of words holds cannot be read back as it was written.
        command.CommandText = """
            SELECT name FROM sqlite_master
            WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\_\_%' ESCAPE '\' AND name NOT LIKE '%\_search%' ESCAPE '\' ORDER BY name
            """;
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read()) names.Add(reader.GetString(0));
        return first.Concat(names.Except(first));
    }

    private static SqliteConnection Open(string file, string more)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False;{more}");
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
