using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Cli;

/// <summary>Makes the rows beside the documents anew: what lists are narrowed by, and what the search finds them by.</summary>
internal static class ReindexVerb
{
    private const int Batch = 500;

    private static readonly Caller Caller = new("reindex");

    public static Command Create(Func<Func<Task<int>>, Task<int>> guard)
    {
        var reindex = new Command("reindex", "Make the search index and the filters of lists anew, beside a server that may run on.") { TreatUnmatchedTokensAsErrors = false };
        reindex.SetAction((parsed, cancel) => guard(() => RunAsync([.. parsed.UnmatchedTokens], cancel)));
        return reindex;
    }

    private static async Task<int> RunAsync(string[] args, CancellationToken cancel)
    {
        await using var app = App.Build([.. args, Verbs.Quiet]);
        await App.PrepareAsync(app, cancel);
        var publisher = app.Services.GetRequiredService<Publisher>();
        await publisher.StartAsync(cancel);
        try
        {
            var outcome = await publisher.WriteAsync<int>(QueueAsync, Caller, cancel);
            if (outcome.Problem is { } problem)
            {
                await Console.Error.WriteLineAsync(problem.Detail);
                return 1;
            }

            var documents = outcome.Value!.Value;
            await ProgressBars.ShowAsync(async bars =>
            {
                // Some of it may be done by a server that runs beside this.
                var progress = bars("documents", documents);
                for (var done = Batch; await publisher.ContinueAsync(Batch, cancel); done += Batch) progress.Report(Math.Min(done, documents));
                progress.Report(documents);
            });
            await Console.Out.WriteLineAsync($"{documents} documents are up to date.");
            return 0;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped. A server that runs, or the next one that starts, goes on from here.");
            return 1;
        }
        finally
        {
            await publisher.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>Leaves a walk over all documents of each kind; answers how many they are.</summary>
    private static async Task<Outcome<int>> QueueAsync(NewsDbContext db, CancellationToken cancel)
    {
        var documents = 0;
        foreach (var set in (string[])[PublishedTables.Public, PublishedTables.Preview])
        {
            var types = await db.Set<PublishedDocument>($"{set}_documents").GroupBy(d => d.Type).Select(g => new { Type = g.Key, Count = g.Count() }).ToListAsync(cancel);
            foreach (var type in types.Where(t => t.Type != ResourceType.Section.Name()))
            {
                documents += type.Count;
                db.PendingRenders.Add(new PendingRender
                {
                    TableSet = set,
                    Type = type.Type,
                    Filter = PendingRender.All,
                    Value = "",
                    AfterSortKey = DocumentWriter.BeforeAll,
                    AfterId = "",
                });
            }
        }

        return documents;
    }
}
