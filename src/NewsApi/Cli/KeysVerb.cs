using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FluentValidation;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Cli;

/// <summary>Makes, lists, revokes and rotates keys, beside a server that may run on.</summary>
internal static class KeysVerb
{
    private static readonly Caller Caller = new("command line");

    private static readonly Option<string> Name = new("--name") { Required = true, Description = "Who or what the key is for." };
    private static readonly Option<string> ScopeNames = new("--scopes") { Required = true, Description = $"What it may do, with commas between: {string.Join(", ", Scopes.All)}." };
    private static readonly Option<string> Expires = new("--expires") { Description = "When it ends: 90d, 12h, a date (the end of that day in UTC) or an instant; never where absent." };
    private static readonly Option<FileInfo> LicenceFile = new("--licence") { Description = "A file with a licence as JSON, such as {\"sections\":[\"politik\"]}." };
    private static readonly Option<string> Overlap = new("--overlap") { Description = "For how long the old text stays good: 1d where absent; 12h, 0d, 30d at most." };
    private static readonly Argument<string> Which = new("KEY") { Description = "The id of a key, or the prefix of a text of it." };

    public static Command Create(Func<Func<Task<int>>, Task<int>> guard)
    {
        var keys = new Command("keys", "Make, list, revoke and rotate the keys that clients send.");
        keys.Add(Action("create", "Make a key; its text is printed once and kept nowhere.", [Name, ScopeNames, Expires, LicenceFile], null, guard, CreateAsync));
        keys.Add(Action("list", "List the keys on record, the newest first.", [], null, guard, ListAsync));
        keys.Add(Action("revoke", "End a key, at once and for good.", [], Which, guard, RevokeAsync));
        keys.Add(Action("rotate", "Give a key a new text, which is printed once; the old one stays good for a while.", [Overlap], Which, guard, RotateAsync));
        return keys;
    }

    private static Command Action(
        string name, string description, Option[] options, Argument? argument, Func<Func<Task<int>>, Task<int>> guard,
        Func<ParseResult, IServiceProvider, CancellationToken, Task<Problem?>> run)
    {
        var action = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        foreach (var option in options) action.Add(option);
        if (argument is not null) action.Add(argument);
        action.SetAction((parsed, cancel) => guard(() => RunAsync(parsed, run, cancel)));
        return action;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, Func<ParseResult, IServiceProvider, CancellationToken, Task<Problem?>> run, CancellationToken cancel)
    {
        await using var app = App.Build([.. parsed.UnmatchedTokens, Verbs.Quiet]);
        await App.PrepareAsync(app, cancel);
        var publisher = app.Services.GetRequiredService<Publisher>();
        await publisher.StartAsync(cancel);
        try
        {
            if (await run(parsed, app.Services, cancel) is not { } problem) return 0;

            foreach (var line in problem.Errors?.Select(e => $"{e.Pointer} {e.Detail}".TrimStart()) ?? [problem.Detail ?? problem.Title]) await Console.Error.WriteLineAsync(line);
            return 1;
        }
        finally
        {
            await publisher.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<Problem?> CreateAsync(ParseResult parsed, IServiceProvider services, CancellationToken cancel)
    {
        DateTimeOffset? expiresAt = null;
        if (parsed.GetValue(Expires) is { } expires)
        {
            if (!TryReadEnd(expires, services.GetRequiredService<TimeProvider>().Now(), out var end)) return Fault("--expires is 90d, 12h, a date such as 2027-01-31 or an instant.");
            expiresAt = end;
        }

        var licence = await ReadLicenceAsync(parsed.GetValue(LicenceFile), cancel);
        if (licence.Problem is not null) return licence.Problem;

        var input = new KeyInput
        {
            Name = parsed.GetRequiredValue(Name),
            Scopes = parsed.GetRequiredValue(ScopeNames).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            ExpiresAt = expiresAt,
            Licence = licence.Value,
        };
        var faults = await services.GetRequiredService<IValidator<KeyInput>>().ValidateAsync(input, cancel);
        if (!faults.IsValid) return RequestValidation.Problem(faults);

        return await PrintAsync(await services.GetRequiredService<KeyEditing>().CreateAsync(input, Caller, cancel));
    }

    private static async Task<Problem?> ListAsync(ParseResult parsed, IServiceProvider services, CancellationToken cancel)
    {
        var now = services.GetRequiredService<TimeProvider>().Now();
        foreach (var key in await services.GetRequiredService<KeyEditing>().ListAsync(cancel))
        {
            var state = key.RevokedAt is { } revoked ? $"revoked {Instants.Format(revoked)}"
                : key.ExpiresAt is not { } end ? "good"
                : end > now ? $"good until {Instants.Format(end)}" : $"expired {Instants.Format(end)}";
            var previous = key.PreviousPrefix is null ? "" : $"  {key.PreviousPrefix} too until {Instants.Format(key.PreviousExpiresAt!.Value)}";
            await Console.Out.WriteLineAsync($"{key.Id}  {key.Prefix}  {key.Name}  {string.Join(',', key.Scopes)}  {state}{previous}{(key.Licence is null ? "" : "  with a licence")}");
        }

        return null;
    }

    private static async Task<Problem?> RevokeAsync(ParseResult parsed, IServiceProvider services, CancellationToken cancel)
    {
        var editing = services.GetRequiredService<KeyEditing>();
        var found = await FindAsync(editing, parsed.GetRequiredValue(Which), cancel);
        if (found.Problem is not null) return found.Problem;

        var outcome = await editing.RevokeAsync(found.Value, Caller, cancel);
        if (outcome.Problem is not null) return outcome.Problem;

        await Console.Out.WriteLineAsync($"revoked {outcome.Value!.Id} {outcome.Value.Name}");
        return null;
    }

    private static async Task<Problem?> RotateAsync(ParseResult parsed, IServiceProvider services, CancellationToken cancel)
    {
        var overlap = TimeSpan.FromSeconds(RotationInput.DefaultOverlap);
        if (parsed.GetValue(Overlap) is { } text && (!TryReadSpan(text, out overlap) || overlap.TotalSeconds > RotationInput.LongestOverlap))
            return Fault("--overlap is a number of days or hours such as 1d or 12h, 30d at most.");

        var editing = services.GetRequiredService<KeyEditing>();
        var found = await FindAsync(editing, parsed.GetRequiredValue(Which), cancel);
        return found.Problem is not null ? found.Problem : await PrintAsync(await editing.RotateAsync(found.Value, overlap, Caller, cancel));
    }

    /// <summary>The text of the key alone goes where a script reads it.</summary>
    private static async Task<Problem?> PrintAsync(Outcome<KeyResponse> made)
    {
        if (made.Problem is not null) return made.Problem;

        await Console.Error.WriteLineAsync($"{made.Value!.Id} {made.Value.Name}: this is the key, and it will not be shown again");
        await Console.Out.WriteLineAsync(made.Value.Key);
        return null;
    }

    private static async Task<Outcome<Guid>> FindAsync(KeyEditing editing, string which, CancellationToken cancel)
    {
        var prefix = which.StartsWith(KeyText.Start, StringComparison.Ordinal) ? which : KeyText.Start + which;
        var found = (await editing.ListAsync(cancel)).Where(k => k.Id.ToString() == which || k.Prefix == prefix || k.PreviousPrefix == prefix).ToList();
        return found is [var key] ? key.Id : Fault($"There is {(found.Count == 0 ? "no key" : "more than one key")} '{which}'; see NewsApi keys list.");
    }

    private static async Task<Outcome<Licence?>> ReadLicenceAsync(FileInfo? file, CancellationToken cancel)
    {
        if (file is null) return (Licence?)null;
        if (!file.Exists) return Fault($"There is no file {file}.");

        try
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file.FullName, cancel));
            var licence = JsonBodies.To<Licence>(document.RootElement);
            return licence.Problem is not null ? licence.Problem : licence.Value;
        }
        catch (JsonException)
        {
            return Fault($"{file} is not readable as JSON.");
        }
    }

    private static bool TryReadEnd(string text, DateTimeOffset now, out DateTimeOffset end)
    {
        if (TryReadSpan(text, out var span))
        {
            end = now + span;
            return true;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue)
        {
            end = new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);
            return true;
        }

        return Instants.TryParse(text, out end);
    }

    /// <summary>90d, 12h.</summary>
    private static bool TryReadSpan(string text, out TimeSpan span)
    {
        span = default;
        if (text.Length is < 2 or > 6 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;

        span = text[^1] == 'h' ? TimeSpan.FromHours(number) : TimeSpan.FromDays(number);
        return text[^1] is 'd' or 'h';
    }

    private static Problem Fault(string detail) => Problems.Malformed(detail);
}
