using Spectre.Console;

namespace NewsApi.Cli;

/// <summary>Shows how far long work is: bars on a terminal, a line now and then where the output goes elsewhere.</summary>
internal static class ProgressBars
{
    /// <param name="work">Gets what makes a bar of a name and a number of steps.</param>
    public static Task ShowAsync(Func<Func<string, int, IProgress<int>>, Task> work)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive) return work((name, steps) => new Lines(name, steps));

        return AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn())
            .StartAsync(context => work((name, steps) => new Bar(context.AddTask(name, maxValue: Math.Max(1, steps)))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<int>
    {
        public void Report(int value) => task.Value = value;
    }

    private sealed class Lines(string name, int steps) : IProgress<int>
    {
        private int _tenth;

        public void Report(int value)
        {
            var tenth = steps == 0 ? 10 : (int)(10L * value / steps);
            if (tenth == _tenth) return;

            _tenth = tenth;
            Console.Out.WriteLine($"{name}: {value} of {steps}");
        }
    }
}
