using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NewsApi.Http;

namespace NewsApi.Tests.Contract;

/// <summary>Somebody who asks for what is hidden, and looks closely at what is said.</summary>
internal sealed partial class CanaryReader(HttpClient client, CanaryNewsroom room)
{
    /// <summary>For each id that is not public one that is nobody's.</summary>
    private readonly Dictionary<string, string> _absent = room.HiddenIds.Concat(room.FormerIds).ToDictionary(id => id, _ => Guid.CreateVersion7().ToString());

    /// <summary>Asks, looks into all that comes back, and asks for what is not there at all; answers the status.</summary>
    public async Task<int> AskAsync(Ask ask, params (string Name, string Value)[] headers)
    {
        var said = await SendAsync(ask, headers);
        var sent = $"{Uri.UnescapeDataString(ask.Address)} {Uri.UnescapeDataString(ask.Body ?? "")} {string.Join(' ', headers.Select(h => h.Value))}";
        Search(said, sent, ask);
        if (ControlOf(ask, sent) is { } control && !WasPublic(sent, ask))
        {
            var expected = Blind(await SendAsync(control, headers), control);
            Assert.True(Blind(said, ask) == expected, $"{ask} says\n{said}\nand not what is said of nothing:\n{expected}");
        }

        return int.Parse(said.AsSpan(0, 3), CultureInfo.InvariantCulture);
    }

    private async Task<string> SendAsync(Ask ask, (string Name, string Value)[] headers)
    {
        using var message = ask.Message();
        foreach (var (name, value) in headers) message.Headers.TryAddWithoutValidation(name, value);
        using var answer = await client.SendAsync(message, TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode < 500, $"{(int)answer.StatusCode} for {ask}");
        return await SayAsync(answer);
    }

    /// <summary>Nothing hidden may be there that was not sent, neither as it is nor inside of what looks like a cursor.</summary>
    private void Search(string said, string sent, Ask ask)
    {
        var inside = OpaquePattern().Matches(said).Where(m => !sent.Contains(m.Value, StringComparison.Ordinal)).Select(m => Decoded(m.Value));
        var isFeed = TellsOfTheFeed(ask);
        foreach (var text in (IEnumerable<string>)[said, .. inside])
        {
            foreach (var canary in Canaries(text)) Assert.True(sent.Contains(canary, StringComparison.OrdinalIgnoreCase), $"{ask} says {canary}: {said}");
            foreach (var secret in (IEnumerable<string>)[.. room.Secrets, .. room.HiddenIds, .. isFeed ? [] : room.FormerIds])
            {
                foreach (var form in (string[])[secret, secret.Replace("-", "", StringComparison.Ordinal)])
                    Assert.False(text.Contains(form, StringComparison.OrdinalIgnoreCase) && !sent.Contains(secret, StringComparison.Ordinal), $"{ask} says {secret}: {said}");
            }
        }
    }

    /// <summary>The same question for what there is not; null where no secret is in it.</summary>
    private Ask? ControlOf(Ask ask, string sent)
    {
        string Other(string text)
        {
            text = CanaryNewsroom.Control(text);
            foreach (var (secret, absent) in _absent) text = text.Replace(secret, absent, StringComparison.Ordinal);
            return text.Replace(CanaryNewsroom.Bait, "Lockreiz", StringComparison.Ordinal);
        }

        var control = ask with { Address = Other(ask.Address), Body = ask.Body is null ? null : Other(ask.Body) };
        return control == ask || sent.Contains("kanari990x", StringComparison.Ordinal) ? null : control;
    }

    /// <summary>The answer without what was sent, and without the tag and the cursor that are made of it.</summary>
    private static string Blind(string said, Ask ask)
    {
        foreach (var word in WordPattern().Matches($"{Uri.UnescapeDataString(ask.Address)} {Uri.UnescapeDataString(ask.Body ?? "")}").Select(m => m.Value).Distinct().OrderByDescending(w => w.Length))
            said = said.Replace(word, "…", StringComparison.OrdinalIgnoreCase);
        return MadeOfTheQuestion().Replace(said, "");
    }

    /// <summary>Where the ids of what was public once may stand.</summary>
    private static bool TellsOfTheFeed(Ask ask) => ((string[])["/v1/changes", "/v1/sync"]).Any(start => ask.Address.StartsWith(start, StringComparison.Ordinal));

    /// <summary>What has been public is told apart from what has not where its id leads on, as that of somebody merged does.</summary>
    private bool WasPublic(string sent, Ask ask) => TellsOfTheFeed(ask) && room.FormerIds.Any(id => sent.Contains(id, StringComparison.Ordinal));

    public static List<string> Canaries(string text) => [.. CanaryNewsroom.Canary().Matches(text).Select(m => m.Value)];

    private static string Decoded(string opaque)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(opaque);
            return $"{Encoding.Latin1.GetString(bytes)} {Convert.ToHexString(bytes)}";
        }
        catch (FormatException)
        {
            return "";
        }
    }

    /// <summary>The whole answer, but for what differs from request to request: the address repeated in a problem, ids of the trace, the time.</summary>
    public static async Task<string> SayAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var isProblem = answer.Content.Headers.ContentType?.MediaType == Problems.ContentType;
        if (isProblem && body.Length > 0)
        {
            var problem = JsonNode.Parse(body)!.AsObject();
            problem.Remove("instance");
            problem.Remove("traceId");
            body = problem.ToJsonString();
        }

        var headers = answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key != "Date" && !(isProblem && h.Key == "Content-Length"))
            .Select(h => $"{h.Key}: {string.Join(", ", h.Value)}").Order(StringComparer.Ordinal);
        return $"{(int)answer.StatusCode} {answer.ReasonPhrase}\n{string.Join('\n', headers)}\n\n{body}";
    }

    [GeneratedRegex("[A-Za-z0-9_-]{16,}")]
    private static partial Regex OpaquePattern();

    [GeneratedRegex("[\\w-]{4,}")]
    private static partial Regex WordPattern();

    [GeneratedRegex("\"nextCursor\":\"[^\"]*\"|ETag: [^\n]*|Link: [^\n]*|Content-Length: [^\n]*|Last-Modified: [^\n]*")]
    private static partial Regex MadeOfTheQuestion();
}
