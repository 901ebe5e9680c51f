using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace NewsApi.Tests.Support;

/// <summary>The built program as a process of its own, for what only a process can show: exit codes, other processes, sudden death.</summary>
internal sealed partial class NewsApiProcess : IDisposable
{
    /// <summary>Much longer than it takes where nothing else runs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly List<string> _output = [];

    private NewsApiProcess(Process process)
    {
        _process = process;
        Editor.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Api.Key);
    }

    /// <summary>Somebody without a key; knows the address when the program is ready.</summary>
    public HttpClient Anonymous { get; } = new();

    /// <summary>Somebody with the key of Development; knows the address when the program is ready.</summary>
    public HttpClient Editor { get; } = new();

    public string Output
    {
        get
        {
            lock (_output) return string.Join('\n', _output);
        }
    }

    public static NewsApiProcess Start(string folder, string environment, params string[] arguments) => Start(folder, environment, [], arguments);

    public static NewsApiProcess Start(string folder, string environment, (string Name, string Value)[] variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "NewsApi.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        // The system gives the port: one that was found free here might be another's before the program has it.
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in TestDatabase.Settings(folder)) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        start.Environment["Samples__Load"] = "false";
        foreach (var (name, value) in variables) start.Environment[name] = value;
        var running = new NewsApiProcess(new Process { StartInfo = start });
        running._process.OutputDataReceived += running.Keep;
        running._process.ErrorDataReceived += running.Keep;
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        return running;
    }

    /// <summary>Waits until the program answers that it is ready.</summary>
    public async Task<NewsApiProcess> ReadyAsync()
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience;)
        {
            if (Anonymous.BaseAddress is null && Listening().Match(Output) is { Success: true } said)
                Anonymous.BaseAddress = Editor.BaseAddress = new Uri(said.Groups[1].Value);
            if (Anonymous.BaseAddress is not null && (await Anonymous.GetAsync("/health/ready", TestContext.Current.CancellationToken)).IsSuccessStatusCode) return this;

            Assert.False(_process.HasExited, Output);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException(Output);
    }

    /// <summary>Waits for the end; the exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
        Anonymous.Dispose();
        Editor.Dispose();
    }

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;

        lock (_output) _output.Add(line.Data);
    }
}
