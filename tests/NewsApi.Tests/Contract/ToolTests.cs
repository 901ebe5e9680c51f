using System.Diagnostics;
using System.Text.Json;
using NewsApi.Tests.Subscriptions;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract;

/// <summary>
/// Programs that other people use, run over the document and the server: linters, TypeScript generators, a browser. They are
/// skipped where a tool is missing, unless NEWSAPI_REQUIRE_TOOLS=1 asks for them.
/// </summary>
public sealed class ToolTests
{
    private static readonly string Clients = Path.Combine(Repository.Root, "tests", "clients");
    private static readonly string Chromium = Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "/usr/bin/chromium";

    [Fact]
    public async Task Linters_find_nothing_in_the_document()
    {
        await Npm("lint");
    }

    [Fact]
    public async Task Generated_TypeScript_clients_compile_and_work()
    {
        await using var api = new Api([("Samples:Load", "true"), .. Webhooks.Local]);

        await Npm("generate");
        await Npm("check");
        await Npm("live", api);

        // Webhooks, verified with the library that the authors of Standard Webhooks give to receivers.
        await Npm("webhooks", api);
    }

    [Fact]
    public async Task A_library_of_somebody_else_makes_the_same_signatures_for_a_thousand_rings()
    {
        Need(OnPath("node") && OnPath("npm"), "Node is not installed");
        var calls = await ThousandRings.RunAsync();

        await Npm("signatures", input: JsonSerializer.Serialize(calls.Select(c => new { c.Call.Id, c.Call.Timestamp, c.Call.Signature, c.Call.Body, c.Secret }), JsonSerializerOptions.Web));
    }

    [Fact]
    public async Task The_reference_page_works_in_a_browser()
    {
        await using var api = new Api(("Samples:Load", "true"));

        await Npm("docs", api);
    }

    private static async Task Npm(string script, Api? api = null, string input = "")
    {
        Need(OnPath("node") && OnPath("npm"), "Node is not installed");
        Need(Directory.Exists(Path.Combine(Clients, "node_modules")), "npm ci was not run in tests/clients");
        if (script == "docs") Need(File.Exists(Chromium), "Chromium is not installed");

        var start = new ProcessStartInfo("npm", ["run", "--silent", script])
        {
            WorkingDirectory = Clients,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["CHROMIUM_PATH"] = Chromium, ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true", ["NO_COLOR"] = "1" },
        };
        if (api is not null)
        {
            start.Environment["NEWSAPI_URL"] = api.Anonymous.BaseAddress!.GetLeftPart(UriPartial.Authority);
            start.Environment["NEWSAPI_KEY"] = Api.Key;
        }

        using var process = Process.Start(start)!;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancel.CancelAfter(TimeSpan.FromMinutes(3));
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancel.Token);
            var errors = process.StandardError.ReadToEndAsync(cancel.Token);
            await process.WaitForExitAsync(cancel.Token);

            Assert.True(process.ExitCode == 0, $"npm run {script} ended with {process.ExitCode}\n{await output}\n{await errors}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static void Need(bool isThere, string otherwise)
    {
        if (isThere) return;

        if (Environment.GetEnvironmentVariable("NEWSAPI_REQUIRE_TOOLS") == "1") Assert.Fail(otherwise);
        Assert.Skip(otherwise);
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
