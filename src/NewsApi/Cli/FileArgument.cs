using System.CommandLine;
using NewsApi.Storage;

namespace NewsApi.Cli;

/// <summary>The one file of a verb, wherever it stands among settings: these begin with dashes, as in <c>--Storage:Provider=Postgres</c>.</summary>
internal static class FileArgument
{
    public static Argument<string?> Create(string description) => new("FILE") { Arity = ArgumentArity.ZeroOrOne, Description = description };

    public static (FileInfo? File, string[] Settings) Read(ParseResult parsed, Argument<string?> argument)
    {
        // The parser takes the first token for the file, whatever it looks like.
        var tokens = parsed.UnmatchedTokens.Prepend(parsed.GetValue(argument)).OfType<string>().ToLookup(t => t.StartsWith('-'));
        return tokens[false].ToList() switch
        {
            [] => (null, [.. tokens[true]]),
            [var file] => (new FileInfo(file), [.. tokens[true]]),
            var files => throw new BackupException($"There is one file at most, and not {string.Join(" and ", files)}; a setting is written --Name=value."),
        };
    }
}
