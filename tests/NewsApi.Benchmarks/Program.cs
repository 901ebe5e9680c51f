using System.CommandLine;
using NewsApi.Benchmarks;
using NewsApi.Benchmarks.Parts;
using NewsApi.Cli;

// The servers are this same program, started again under the first verbs.
switch (args)
{
    case [ServerProcess.Product, .. var settings]:
        return await Verbs.RunAsync(settings);
    case [GenerateRun.Verb, .. var settings]:
        return await GenerateRun.GenerateAsync(settings);
    case [ServerProcess.Bare, var url, var file]:
        await BareServer.RunAsync(url, Answer.Load(file));
        return 0;
    case [ServerProcess.BareDatabase, var url, var provider, var connectionString]:
        await BareDatabaseServer.RunAsync(url, BenchmarkDatabase.Open(provider, connectionString));
        return 0;
    case [PartsRun.Verb, .. var options]:
        return PartsRun.Execute(options);
}

var seconds = new Option<double>("--seconds") { Description = "How long each round of each case runs.", DefaultValueFactory = _ => 2 };
var rounds = new Option<int>("--rounds") { Description = "How many rounds, each with every server once.", DefaultValueFactory = _ => 6 };
var articles = new Option<int>("--articles") { Description = "How many articles the database holds.", DefaultValueFactory = _ => 2_000 };
var only = new Option<string[]>("--only") { Description = $"Only these cases: {string.Join(", ", Case.Names)}.", AllowMultipleArgumentsPerToken = true };
only.AcceptOnlyFromAmong(Case.Names);
var against = new Option<DirectoryInfo?>("--against") { Description = "The output folder of another build of this program, to compare with instead of the bare servers." };
var postgres = new Option<string?>("--postgres") { Description = "A PostgreSQL server on which to run instead of SQLite, in a database that is made and dropped: \"Host=…;Username=…\"." };
var root = new RootCommand("Compares the routes of NewsApi with bare Kestrel and bare ADO.NET endpoints that send the same bytes.") { seconds, rounds, articles, only, against, postgres };
root.SetAction(parsed =>
{
    using var run = new Run(TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds), parsed.GetValue(against)?.FullName, parsed.GetValue(postgres));
    return run.Execute(parsed.GetValue(articles), parsed.GetValue(only) is { Length: > 0 } names ? names : Case.Names);
});

var sizes = new Option<int[]>("--articles") { Description = "How many articles to generate; several sizes show whether memory stays flat.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [10_000, 50_000, 100_000] };
var repeats = new Option<int>("--rounds") { Description = "How often to measure each size.", DefaultValueFactory = _ => 1 };
var generate = new Command("generate", "Compares the verb generate with inserting the same rows by bare ADO.NET.") { sizes, repeats };
generate.SetAction(parsed =>
{
    using var run = new GenerateRun(parsed.GetValue(repeats));
    return run.Execute(parsed.GetRequiredValue(sizes));
});
root.Add(generate);

var searched = new Option<int[]>("--articles") { Description = "How many articles the databases hold; the others are compared with the smallest.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [10_000, 100_000] };
var times = new Option<int>("--rounds") { Description = "How often each question is asked of each database.", DefaultValueFactory = _ => 200 };
var search = new Command("search", "Compares what a search costs in databases of different sizes.") { searched, times, postgres };
search.SetAction(async parsed =>
{
    using var run = new SearchRun(parsed.GetValue(times), parsed.GetValue(postgres));
    return await run.ExecuteAsync(parsed.GetRequiredValue(searched));
});
root.Add(search);

var exported = new Option<int[]>("--articles") { Description = "How many articles the databases hold; the others are compared with the smallest.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [10_000, 100_000] };
var export = new Command("export", "Compares the memory that an export takes with databases of different sizes.") { exported, postgres };
export.SetAction(async parsed =>
{
    using var run = new ExportRun(parsed.GetValue(postgres));
    return await run.ExecuteAsync(parsed.GetRequiredValue(exported));
});
root.Add(export);
return root.Parse(args).Invoke();
