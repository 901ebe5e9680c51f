using System.CommandLine;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Import;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Cli;

/// <summary>One program, several verbs. Without one it serves.</summary>
internal static class Verbs
{
    /// <summary>What a verb prints is its answer; the log keeps quiet beside it.</summary>
    internal const string Quiet = "--Logging:LogLevel:Default=Warning";

    public static async Task<int> RunAsync(string[] args)
    {
        // Everything that is not a verb is configuration (--urls, --Storage:Synchronous) and is read by the host.
        var root = new RootCommand("NewsApi serves articles, people and events as JSON.") { TreatUnmatchedTokensAsErrors = false };
        root.SetAction((parsed, cancel) => GuardAsync(() => ServeAsync([.. parsed.UnmatchedTokens], cancel)));

        var serve = new Command("serve", "Serve the API; this is what happens without a verb.") { TreatUnmatchedTokensAsErrors = false };
        serve.SetAction((parsed, cancel) => GuardAsync(() => ServeAsync([.. parsed.UnmatchedTokens], cancel)));
        root.Add(serve);

        var migrate = new Command("migrate", "Bring the schema of the database up to date.") { TreatUnmatchedTokensAsErrors = false };
        migrate.SetAction((parsed, cancel) => GuardAsync(() => MigrateAsync([.. parsed.UnmatchedTokens], cancel)));
        root.Add(migrate);

        var file = new Argument<FileInfo>("FILE") { Description = "A news page saved as text, in UTF-8." };
        var import = new Command("import", "Import a page into the database of this program, as a draft.") { TreatUnmatchedTokensAsErrors = false };
        import.Add(file);
        import.SetAction((parsed, cancel) => GuardAsync(() => ImportAsync(parsed.GetRequiredValue(file), [.. parsed.UnmatchedTokens], cancel)));
        root.Add(import);
        root.Add(GenerateVerb.Create(GuardAsync));
        root.Add(ReindexVerb.Create(GuardAsync));
        root.Add(KeysVerb.Create(GuardAsync));
        root.Add(VerifyVerb.Create(GuardAsync));
        root.Add(BackupVerb.Create(GuardAsync));
        root.Add(RestoreVerb.Create(GuardAsync));

        if (args is [var first, ..] && !first.StartsWith('-') && root.Subcommands.All(verb => verb.Name != first))
        {
            var nearest = Spelling.Nearest(first, root.Subcommands.Select(verb => verb.Name));
            await Console.Error.WriteLineAsync($"There is no verb '{first}'{(nearest is null ? "" : $"; did you mean '{nearest}'?")} See --help.");
            return 1;
        }

        return await root.Parse(args).InvokeAsync();
    }

    private static async Task<int> ServeAsync(string[] args, CancellationToken cancel)
    {
        await using var app = App.Build(args);
        await App.PrepareAsync(app, cancel);
        if (app.Environment.IsDevelopment()) app.Logger.LogWarning("In Development the key {Key} may do everything", ApiKeys.Development);
        try
        {
            await app.RunAsync(cancel);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new SettingException("ASPNETCORE_URLS", $"names an address that is taken ({e.Message}); stop what listens there, or use another one");
        }

        return 0;
    }

    private static async Task<int> MigrateAsync(string[] args, CancellationToken cancel)
    {
        await using var app = App.Build([.. args, Quiet]);
        var database = app.Services.GetRequiredService<NewsDatabase>();
        var applied = await database.MigrateAsync(cancel);
        foreach (var migration in applied) await Console.Out.WriteLineAsync($"applied {migration}");
        await Console.Out.WriteLineAsync($"{database.Description} is up to date");
        return 0;
    }

    private static async Task<int> ImportAsync(FileInfo file, string[] args, CancellationToken cancel)
    {
        if (!file.Exists)
        {
            await Console.Error.WriteLineAsync($"There is no file {file}.");
            return 1;
        }

        await using var app = App.Build([.. args, Quiet]);
        await App.PrepareAsync(app, cancel);
        var publisher = app.Services.GetRequiredService<Publisher>();
        await publisher.StartAsync(cancel);
        var raw = await File.ReadAllBytesAsync(file.FullName, cancel);
        var outcome = await app.Services.GetRequiredService<Importer>().ImportPageAsync(raw, new Caller("import"), cancel);
        await publisher.StopAsync(CancellationToken.None);
        if (outcome.Problem is { } problem)
        {
            await Console.Error.WriteLineAsync(problem.Detail);
            return 1;
        }

        foreach (var item in outcome.Value!.Items)
        {
            await Console.Out.WriteLineAsync($"{item.Outcome} {item.Id}".TrimEnd());
            foreach (var warning in item.Warnings) await Console.Error.WriteLineAsync(warning);
        }

        return outcome.Value.Items.Any(i => i.Outcome == ImportOutcomes.Refused) ? 1 : 0;
    }

    /// <summary>A wrong setting, or a backup that is none, ends the program with its sentence and no stack trace.</summary>
    private static async Task<int> GuardAsync(Func<Task<int>> verb)
    {
        try
        {
            return await verb();
        }
        catch (Exception e) when (e is SettingException or BackupException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
