using System.Diagnostics;
using System.Security.Cryptography;

namespace NewsApi.Tests.Support;

/// <summary>A PostgreSQL server of a test's own, which it may treat as badly as it likes.</summary>
internal sealed class PostgresServer : IDisposable
{
    private readonly string _folder;
    private readonly string _programs;

    // Below the range from which systems give ports away, so that nobody has it while the server is down.
    private readonly int _port = RandomNumberGenerator.GetInt32(20_000, 32_000);

    private PostgresServer(string programs)
    {
        _programs = programs;
        _folder = Directory.CreateTempSubdirectory("newsapi-postgres-").FullName;
    }

    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username=postgres;Database=news";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Nothing where PostgreSQL's programs are not installed.</summary>
    public static PostgresServer? TryStart()
    {
        var places = (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")) : [])
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));
        if (places.FirstOrDefault(place => File.Exists(Path.Combine(place, "initdb"))) is not { } programs) return null;

        var server = new PostgresServer(programs);
        if (Environment.UserName == "root") Run("chown", "postgres", server._folder);
        server.RunAsOwner("initdb", "-D", server.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C");
        server.Control("start");
        return server;
    }

    /// <summary>As a power cut would: no farewell to anybody, recovery from the log.</summary>
    public void Crash() => Control("stop", "-m", "immediate");

    public void Start() => Control("start");

    public void Dispose()
    {
        Control("stop", "-m", "immediate");
        Directory.Delete(_folder, recursive: true);
    }

    private void Control(string what, params string[] more) => RunAsOwner(
        "pg_ctl", [what, "-w", "-D", Data, "-l", Path.Combine(_folder, "log"), .. what == "start" ? ["-o", $"-p {_port} -k {_folder} -h 127.0.0.1"] : more]);

    /// <summary>The server refuses to be run by root.</summary>
    private void RunAsOwner(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        if (Environment.UserName == "root") Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        else Run(path, arguments);
    }

    private static void Run(string program, params string[] arguments)
    {
        // Not through a pipe of ours, which the server would keep open.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments]))!;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
