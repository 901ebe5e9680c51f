using System.CommandLine;
using NewsApi.Access;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Cli;

/// <summary>Puts a backup in the place of the database; or, where that has been done by other means, tells the partners of it.</summary>
internal static class RestoreVerb
{
    private static readonly Caller Caller = new("restore");

    private static readonly Argument<string?> Source = FileArgument.Create("The backup; where absent, only the cursors of partners expire.");
    private static readonly Option<bool> Force = new("--force") { Description = "Put it in the place of a database that is there; what is in that one is lost." };

    public static Command Create(Func<Func<Task<int>>, Task<int>> guard)
    {
        var restore = new Command("restore", "Put a backup in the place of the SQLite database while no server runs, or end all cursors of a database that was restored otherwise.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        restore.Add(Source);
        restore.Add(Force);
        restore.SetAction((parsed, cancel) => guard(() => RunAsync(parsed, cancel)));
        return restore;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (file, settings) = FileArgument.Read(parsed, Source);
        if (file is null && parsed.GetValue(Force)) throw new BackupException("Say which backup takes the place of the database: restore FILE --force.");

        await using var app = App.Build([.. settings, Verbs.Quiet]);
        if (file is not null)
        {
            var database = app.Services.GetRequiredService<NewsDatabase>();
            await database.RestoreAsync(file, parsed.GetValue(Force), cancel);
            await Console.Out.WriteLineAsync($"{database.Description} is what {file} was.");
        }
        else
        {
            await BeginHistoryAsync(app, cancel);
        }

        await Console.Out.WriteLineAsync("Every cursor from before has expired: partners start again from the exports.");
        return 0;
    }

    private static async Task BeginHistoryAsync(WebApplication app, CancellationToken cancel)
    {
        await App.PrepareAsync(app, cancel);
        var publisher = app.Services.GetRequiredService<Publisher>();
        await publisher.StartAsync(cancel);
        var outcome = await publisher.WriteAsync<bool>(
            async (db, token) =>
            {
                await FeedHistory.BeginAsync(db, token);

                // Servers are told at once.
                db.ChangedLists = true;
                return true;
            },
            Caller,
            cancel);
        await publisher.StopAsync(CancellationToken.None);
        if (outcome.Problem is { } problem) throw new BackupException(problem.Detail ?? problem.Title);
    }
}
