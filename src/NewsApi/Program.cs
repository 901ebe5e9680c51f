using NewsApi.Cli;

return await Verbs.RunAsync(args);

/// <summary>Named so that tests can start the program.</summary>
public partial class Program;
