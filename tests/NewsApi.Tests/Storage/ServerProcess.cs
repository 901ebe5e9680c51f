using System.Diagnostics;
using System.Net.Http.Headers;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Storage;

/// <summary>The built program as a process of its own, so that it can be killed.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, string address)
    {
        _process = process;
        Editor = new HttpClient { BaseAddress = new Uri(address) };
        Editor.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Api.Key);
        Anonymous = new HttpClient { BaseAddress = new Uri(address) };
    }

    public HttpClient Editor { get; }

    public HttpClient Anonymous { get; }

    /// <summary>Starts on a port the system chooses and waits until it listens.</summary>
    public static async Task<ServerProcess> StartAsync(string database)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
            [Path.Combine(AppContext.BaseDirectory, "NewsApi.dll"), "--urls", "http://127.0.0.1:0", "--Samples:Load", "false", "--ConnectionStrings:News", $"Data Source={database}"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";

        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new List<string>();
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, e) => Read(e.Data);
        process.ErrorDataReceived += (_, e) => Read(e.Data);
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException($"The program ended:\n{string.Join('\n', said)}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ServerProcess(process, await listening.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));

        void Read(string? line)
        {
            const string words = "Now listening on: ";
            lock (said) said.Add(line ?? "");
            if (line?.IndexOf(words, StringComparison.Ordinal) is >= 0 and var at) listening.TrySetResult(line[(at + words.Length)..].Trim());
        }
    }

    /// <summary>The end without a chance to tidy up.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
        Editor.Dispose();
        Anonymous.Dispose();
    }
}
