using System.CommandLine;
using NewsApi.Storage;

namespace NewsApi.Cli;

/// <summary>Copies the database into a file, beside a server that may run on.</summary>
internal static class BackupVerb
{
    private static readonly Argument<string?> Target = FileArgument.Create("Where the backup is to be; there must be nothing yet.");

    public static Command Create(Func<Func<Task<int>>, Task<int>> guard)
    {
        var backup = new Command("backup", "Copy the SQLite database as it stands into a file, beside a server that may run on.") { TreatUnmatchedTokensAsErrors = false };
        backup.Add(Target);
        backup.SetAction((parsed, cancel) => guard(() => RunAsync(parsed, cancel)));
        return backup;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (file, settings) = FileArgument.Read(parsed, Target);
        if (file is null) throw new BackupException("Say where the backup is to be: backup FILE.");

        await using var app = App.Build([.. settings, Verbs.Quiet]);
        var database = app.Services.GetRequiredService<NewsDatabase>();
        await database.BackUpAsync(file, cancel);
        await Console.Out.WriteLineAsync($"{file} is a backup of {database.Description}.");
        return 0;
    }
}
