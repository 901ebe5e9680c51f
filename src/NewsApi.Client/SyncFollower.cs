using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace NewsApi.Client;

/// <summary>
/// Keeps a copy of what is public in step with a server: from nothing by the exports, then by the change feed, for as long as it is let run. Whatever
/// is broken off, by either side and at any moment, goes on where the store says it has come to.
/// </summary>
/// <param name="http">With the address of the server, and the key where one is needed.</param>
/// <param name="store">Where the copy is kept.</param>
public sealed class SyncFollower(HttpClient http, ISyncStore store)
{
    private const int PageLimit = 200;
    private const int SnapshotBatch = 500;
    private const int Tries = 5;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(25);
    private static readonly (string Type, string List)[] Types = [("article", "articles"), ("event", "events"), ("person", "people")];

    /// <summary>Follows until it is cancelled. A server that is away, or too busy, is asked again, with pauses of a second to half a minute.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (true)
        {
            try
            {
                await StepAsync(LongestWait, cancellationToken).ConfigureAwait(false);
                failures = 0;
            }
            catch (Exception e) when (IsPassing(e) && !cancellationToken.IsCancellationRequested)
            {
                await PauseAsync(failures++, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Follows until nothing is left to be told.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken = default)
    {
        while (await StepAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false)) { }
    }

    /// <summary>
    /// One page of the feed; where the copy has no place in it, or one that is gone, all of what is public. True while more is waiting.
    /// </summary>
    /// <param name="wait">How long the server may wait for something to tell; half a minute at most.</param>
    /// <exception cref="SyncException">The server refused.</exception>
    public async Task<bool> StepAsync(TimeSpan wait, CancellationToken cancellationToken = default)
    {
        if (await store.ReadCursorAsync(cancellationToken).ConfigureAwait(false) is not { } cursor)
        {
            await SnapshotAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }

        var seconds = Math.Clamp((int)wait.TotalSeconds, 0, 30);
        var address = $"v1/changes?include=resource&limit={PageLimit}&cursor={Uri.EscapeDataString(cursor)}{(seconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"&wait={seconds}") : "")}";
        using var response = await http.GetAsync(address, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            await SnapshotAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }

        using var page = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
        var (batch, hasMore) = BatchOf(page.RootElement);
        await store.ApplyAsync(batch, cancellationToken).ConfigureAwait(false);
        return hasMore;
    }

    /// <summary>Reads everything anew, puts it over the copy, and drops what is not public any more.</summary>
    /// <exception cref="SyncException">The server refused.</exception>
    public async Task SnapshotAsync(CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        var seen = new HashSet<SyncKey>();
        foreach (var (type, list) in Types)
        {
            var after = "";
            for (var failures = 0; ;)
            {
                try
                {
                    using var response = await http.GetAsync(
                        $"v1/exports/{list}.ndjson{(after.Length > 0 ? $"?after={after}" : "")}", HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                    await EnsureAsync(response, cancellationToken).ConfigureAwait(false);

                    // The oldest of all snapshots: what comes after it is told, and told twice does no harm.
                    cursor ??= response.Headers.GetValues("Changes-Cursor").Single();
                    await foreach (var resources in LinesAsync(type, response, cancellationToken).Chunk(SnapshotBatch, cancellationToken).ConfigureAwait(false))
                    {
                        await store.ApplyAsync(new SyncBatch { Upserts = resources, Removes = [] }, cancellationToken).ConfigureAwait(false);
                        seen.UnionWith(resources.Select(r => r.Key));
                        after = resources[^1].Key.Id;
                    }

                    break;
                }
                catch (Exception e) when (IsPassing(e) && failures < Tries && !cancellationToken.IsCancellationRequested)
                {
                    await PauseAsync(failures++, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        var gone = new List<SyncKey>();
        await foreach (var resource in store.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!seen.Contains(resource.Key)) gone.Add(resource.Key);
        }

        await store.ApplyAsync(new SyncBatch { Upserts = [], Removes = gone, Cursor = cursor }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Compares the copy with the server's digest, from the documents the copy holds: what differs, and nothing where the copy is right.</summary>
    /// <exception cref="SyncException">The server refused, or the copy has not been begun.</exception>
    public async Task<IReadOnlyList<SyncFault>> VerifyAsync(CancellationToken cancellationToken = default)
    {
        var cursor = await store.ReadCursorAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new SyncException(null, "The copy has no place in the feed yet; follow first.");
        return await SyncDigest.CompareAsync(http, cursor, store.ReadAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads anew what differs. What was repaired; comparing again afterwards finds nothing.</summary>
    /// <exception cref="SyncException">The server refused, or the copy has not been begun.</exception>
    public async Task<IReadOnlyList<SyncFault>> RepairAsync(CancellationToken cancellationToken = default)
    {
        var faults = await VerifyAsync(cancellationToken).ConfigureAwait(false);
        var (upserts, removes) = (new List<SyncResource>(), new List<SyncKey>());
        foreach (var key in faults.Select(f => f.Key))
        {
            using var response = await http.GetAsync($"v1/{Types.First(t => t.Type == key.Type).List}/{key.Id}", cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                removes.Add(key);
                continue;
            }

            using var document = await ReadAsync(response, cancellationToken).ConfigureAwait(false);

            // Somebody who was merged is answered with the survivor.
            if (Text(document.RootElement, "id") == key.Id) upserts.Add(Resource(key.Type, document.RootElement));
            else removes.Add(key);
        }

        if (faults.Count > 0) await store.ApplyAsync(new SyncBatch { Upserts = upserts, Removes = removes }, cancellationToken).ConfigureAwait(false);
        return faults;
    }

    internal static async Task<JsonDocument> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await EnsureAsync(response, cancellationToken).ConfigureAwait(false);
        return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), default, cancellationToken).ConfigureAwait(false);
    }

    internal static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;

    /// <summary>A page as one step, the last word on each resource alone.</summary>
    private static (SyncBatch Batch, bool HasMore) BatchOf(JsonElement page)
    {
        var last = new Dictionary<SyncKey, SyncResource?>();
        foreach (var entry in page.GetProperty("items").EnumerateArray())
        {
            var type = Text(entry, "type");
            var key = new SyncKey(type, Text(entry, "id"));
            if (Text(entry, "operation") == "remove") last[key] = null;

            // Where an entry carries nothing, one that follows does.
            else if (entry.TryGetProperty(type, out var document)) last[key] = Resource(type, document);
        }

        var batch = new SyncBatch
        {
            Upserts = [.. last.Values.OfType<SyncResource>()],
            Removes = [.. last.Where(l => l.Value is null).Select(l => l.Key)],
            Cursor = Text(page, "nextCursor"),
        };
        return (batch, page.GetProperty("hasMore").GetBoolean());
    }

    private static SyncResource Resource(string type, JsonElement document) =>
        new(new SyncKey(type, Text(document, "id")), document.GetProperty("version").GetInt32(), JsonMarshal.GetRawUtf8Value(document).ToArray());

    private static async IAsyncEnumerable<SyncResource> LinesAsync(
        string type, HttpResponseMessage response, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            using var document = JsonDocument.Parse(line);
            yield return Resource(type, document.RootElement);
        }
    }

    private static async Task EnsureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode) return;

        string? detail = null;
        if (response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true)
        {
            using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
            if (problem.RootElement.TryGetProperty("detail", out var said)) detail = said.GetString();
        }

        throw new SyncException(response.StatusCode, $"The server answered {(int)response.StatusCode}: {detail ?? response.ReasonPhrase}");
    }

    /// <summary>A line that was cut off with its connection is no JSON.</summary>
    private static bool IsPassing(Exception e) => e is HttpRequestException or IOException or JsonException or TaskCanceledException
        || (e is SyncException { Status: { } status } && ((int)status >= 500 || status == HttpStatusCode.TooManyRequests));

    private static Task PauseAsync(int failures, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(failures, 10))));
        return Task.Delay(pause * (0.5 + Random.Shared.NextDouble() / 2), cancellationToken);
    }
}

/// <summary>A server that refused, or a copy that cannot be followed with.</summary>
public sealed class SyncException : Exception
{
    internal SyncException(HttpStatusCode? status, string message)
        : base(message) => Status = status;

    /// <summary>What the server answered, where it did.</summary>
    public HttpStatusCode? Status { get; }
}

internal static class Chunks
{
    public static async IAsyncEnumerable<IReadOnlyList<T>> Chunk<T>(
        this IAsyncEnumerable<T> items, int size, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chunk = new List<T>(size);
        await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            chunk.Add(item);
            if (chunk.Count < size) continue;

            yield return chunk;
            chunk = new List<T>(size);
        }

        if (chunk.Count > 0) yield return chunk;
    }
}
