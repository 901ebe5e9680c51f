using System.CommandLine;
using System.Globalization;
using NewsApi.Generate;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Cli;

/// <summary>Fills the database with generated content, for load.</summary>
internal static class GenerateVerb
{
    private const int Limit = 10_000_000;

    private static readonly Option<string> Articles = new("--articles") { Arity = ArgumentArity.ZeroOrOne, Description = "How many articles." };
    private static readonly Option<string> People = new("--people") { Arity = ArgumentArity.ZeroOrOne, Description = "How many people; a fiftieth of the articles and 20 where absent." };
    private static readonly Option<string> Events = new("--events") { Arity = ArgumentArity.ZeroOrOne, Description = "How many events; a hundredth of the articles and 10 where absent." };
    private static readonly Option<string> Seed = new("--seed") { Arity = ArgumentArity.ZeroOrOne, Description = "The number that decides what is generated; 1 where absent." };

    public static Command Create(Func<Func<Task<int>>, Task<int>> guard)
    {
        var generate = new Command("generate", "Fill the database of this program with generated German content, always the same for the same seed.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        foreach (var option in (Option<string>[])[Articles, People, Events, Seed]) generate.Add(option);
        generate.SetAction((parsed, cancel) => guard(() => RunAsync(parsed, cancel)));
        return generate;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        if (!TryRead(parsed, out var amounts, out var fault))
        {
            await Console.Error.WriteLineAsync(fault);
            return 1;
        }

        await using var app = App.Build([.. parsed.UnmatchedTokens, Verbs.Quiet]);
        await App.PrepareAsync(app, cancel);
        var publisher = app.Services.GetRequiredService<Publisher>();
        await publisher.StartAsync(cancel);
        Outcome<BulkReport> outcome = default;
        try
        {
            await ProgressBars.ShowAsync(async bars => outcome = await app.Services.GetRequiredService<Generator>().RunAsync(amounts, bars, cancel));
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped. The same command goes on from here.");
            return 1;
        }
        finally
        {
            await publisher.StopAsync(CancellationToken.None);
        }

        if (outcome.Problem is { } problem)
        {
            await Console.Error.WriteLineAsync(problem.Detail);
            return 1;
        }

        var (written, known) = outcome.Value!;
        await Console.Out.WriteLineAsync(
            written == 0 && known > 0 ? "This content is there already."
            : $"{written} written{(known == 0 ? "" : $", {known} were there already")}.");
        return 0;
    }

    private static bool TryRead(ParseResult parsed, out Amounts amounts, out string fault)
    {
        amounts = new Amounts(0, 0, 0, 0);
        fault = "";
        foreach (var token in parsed.UnmatchedTokens.Where(t => t.StartsWith("--", StringComparison.Ordinal) && !t.Contains(':', StringComparison.Ordinal)))
        {
            // Settings of the host pass; what looks like an option of this verb is one that was misspelt.
            var name = token.Split('=')[0];
            if (Spelling.Nearest(name, ((Option[])[Articles, People, Events, Seed]).Select(o => o.Name)) is not { } nearest) continue;

            fault = $"There is no option '{name}'; did you mean '{nearest}'?";
            return false;
        }

        if (parsed.GetValue(Articles) is null)
        {
            fault = "Say how many: generate --articles 10000.";
            return false;
        }

        var read = TryReadNumber(parsed, Articles, 0, 0, Limit, out var articles, ref fault)
            & TryReadNumber(parsed, People, GeneratedContent.PeopleFor((int)articles), 0, Limit, out var people, ref fault)
            & TryReadNumber(parsed, Events, GeneratedContent.EventsFor((int)articles), 0, Limit, out var events, ref fault)
            & TryReadNumber(parsed, Seed, 1, 0, long.MaxValue, out var seed, ref fault);
        amounts = new Amounts((int)articles, (int)people, (int)events, seed);
        return read;
    }

    private static bool TryReadNumber(ParseResult parsed, Option<string> option, long otherwise, long minimum, long maximum, out long number, ref string fault)
    {
        var text = parsed.GetValue(option);
        number = otherwise;
        if (text is null) return true;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= minimum && number <= maximum) return true;

        if (fault.Length == 0) fault = $"The option {option.Name} takes a whole number from {minimum} to {maximum}, not '{text}'.";
        return false;
    }
}
