using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace NewsApi.Benchmarks;

/// <summary>A server in a process of its own, on the first core.</summary>
internal sealed class ServerProcess : IDisposable
{
    public const string Product = "serve-product";
    public const string Bare = "serve-bare";
    public const string BareDatabase = "serve-bare-database";

    private readonly Process _process;

    private ServerProcess(Process process, IPEndPoint address)
    {
        _process = process;
        Address = address;
    }

    public IPEndPoint Address { get; }

    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>What of it is in memory, in bytes; on Linux without the pages of files, of which a database maps as many as there are.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            if (!OperatingSystem.IsLinux()) return _process.PrivateMemorySize64;

            var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
            return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1_024;
        }
    }

    /// <param name="database">Made where it is not there.</param>
    /// <param name="keyHash">Of the key that may write.</param>
    /// <param name="cacheMegabytes">0 for none.</param>
    /// <param name="folder">Where another build of this program is; this one where absent.</param>
    public static ServerProcess StartProduct(BenchmarkDatabase database, string keyHash, int cacheMegabytes, string? folder) => Start(folder ?? AppContext.BaseDirectory, url =>
    [
        Product, $"--urls={url}", .. database.Settings, $"--Access:KeyHashes:benchmark={keyHash}", $"--Cache:Megabytes={cacheMegabytes}",
        "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Warning", "--Logging:LogLevel:NewsApi=Warning",
    ]);

    public static ServerProcess StartBare(string answer) => Start(AppContext.BaseDirectory, url => [Bare, url, answer]);

    public static ServerProcess StartBareDatabase(BenchmarkDatabase database) => Start(AppContext.BaseDirectory, url => [BareDatabase, url, .. database.Arguments]);

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static ServerProcess Start(string folder, Func<string, string[]> arguments)
    {
        var address = FreeAddress();
        var program = typeof(ServerProcess).Assembly.GetName().Name!;
        var start = new ProcessStartInfo(Path.Combine(folder, OperatingSystem.IsWindows() ? $"{program}.exe" : program), arguments($"http://{address}"));
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";

        // A process is born on the core of the thread that starts it, and so sizes itself for one core.
        Cores.Use(Cores.Server);
        var server = new ServerProcess(Process.Start(start)!, address);
        Cores.Use(Cores.Load);
        server.WaitUntilItListens();
        return server;
    }

    private static IPEndPoint FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }

    private void WaitUntilItListens()
    {
        for (var wait = Stopwatch.StartNew(); wait.Elapsed < TimeSpan.FromSeconds(30); Thread.Sleep(20))
        {
            if (_process.HasExited) throw new InvalidOperationException("A server ended at once; its output says why.");

            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Connect(Address);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }

        throw new InvalidOperationException("A server does not listen.");
    }
}

/// <summary>The servers have one core, the load another, where there are two. The calling thread is moved, and what it starts.</summary>
internal static class Cores
{
    public const int Server = 0;
    public static readonly int Load = Math.Min(1, Environment.ProcessorCount - 1);

    public static void Use(int core)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows()) Process.GetCurrentProcess().ProcessorAffinity = 1 << core;
    }
}
