using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Validators;

namespace NewsApi.Benchmarks.Parts;

/// <summary>
/// Single parts of the program, measured by BenchmarkDotNet with its own options. It runs them in this process: a project
/// of its own making would be restored and built first.
/// </summary>
internal static class PartsRun
{
    public const string Verb = "parts";

    public static int Execute(string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("newsapi-parts-").FullName;
        var config = ManualConfig.CreateEmpty()
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(ConsoleLogger.Default)
            .AddValidator(JitOptimizationsValidator.FailOnError)
            .WithArtifactsPath(folder);
        try
        {
            var all = options.Contains("--filter") || options.Contains("--list") ? options : [.. options, "--filter", "*"];
            var summaries = BenchmarkSwitcher.FromAssembly(typeof(PartsRun).Assembly).Run([.. all, "--inProcess"], config);
            return summaries.Any(s => s.HasCriticalValidationErrors || s.Reports.Any(r => !r.Success)) ? 1 : 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
