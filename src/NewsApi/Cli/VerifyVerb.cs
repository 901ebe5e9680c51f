using System.CommandLine;
using NewsApi.Sync;

namespace NewsApi.Cli;

/// <summary>Compares a partner's copy with what a server says is public, and names the rows that are wrong.</summary>
internal static class VerifyVerb
{
    /// <summary>Beside 0, where the copy is right, and 1, where it could not be compared.</summary>
    private const int Differs = 2;

    public static Command Create(Func<Func<Task<int>>, Task<int>> guard)
    {
        var url = new Option<string>("--url") { Description = "Where the server is, such as https://news.example.org.", Required = true };
        var copy = new Option<FileInfo>("--copy") { Description = "The copy: a SQLite file with the tables resources and checkpoint.", Required = true };
        var key = new Option<string?>("--key") { Description = "The key the copy was made with; NEWSAPI_KEY does as well." };
        var verify = new Command("verify", "Compare the copy that a partner keeps with a server; ends with 2 where they differ.");
        verify.Add(url);
        verify.Add(copy);
        verify.Add(key);
        verify.SetAction((parsed, cancel) => guard(() => RunAsync(
            parsed.GetRequiredValue(url), parsed.GetRequiredValue(copy), parsed.GetValue(key) ?? Environment.GetEnvironmentVariable("NEWSAPI_KEY"), cancel)));
        return verify;
    }

    private static async Task<int> RunAsync(string url, FileInfo copy, string? key, CancellationToken cancel)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https")) return await FailAsync($"--url: '{url}' is no address of a server.");
        if (!copy.Exists) return await FailAsync($"--copy: there is no file {copy}.");

        // What stands behind the last slash of a base address is otherwise lost.
        using var http = new HttpClient { BaseAddress = new Uri(server.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/") };
        if (key is not null) http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        try
        {
            var found = await CopyCheck.RunAsync(http, copy.FullName, cancel);
            foreach (var fault in found.Faults) await Console.Out.WriteLineAsync($"{fault.Type} {fault.Id} {fault.What}");
            await Console.Out.WriteLineAsync(found.Faults.Count == 0 ? $"{found.Rows} rows are right." : $"{found.Faults.Count} of {found.Rows} rows are wrong.");
            return found.Faults.Count == 0 ? 0 : Differs;
        }
        catch (CopyCheckException e)
        {
            return await FailAsync(e.Message);
        }
    }

    private static async Task<int> FailAsync(string what)
    {
        await Console.Error.WriteLineAsync(what);
        return 1;
    }
}
