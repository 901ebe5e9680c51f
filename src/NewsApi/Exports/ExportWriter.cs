using System.IO.Compression;
using NewsApi.Access;
using NewsApi.Changes;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Exports;

/// <summary>
/// Writes everything public of a type, a line each, as it stands at one moment. It holds one snapshot of the database and a few hundred documents
/// at a time, however many there are.
/// </summary>
internal sealed class ExportWriter(NewsDatabase database, StorageOptions storage, ChangeCursors cursors)
{
    public const string ContentType = "application/x-ndjson; charset=utf-8";
    public const string CursorHeader = "Changes-Cursor";

    private const int Chunk = 200;

    internal const string NextSql = "SELECT id, document FROM public_documents WHERE type = @type AND id > @after ORDER BY id LIMIT 200";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Each holds a connection with a snapshot, and keeps what was written since from being tidied up.</summary>
    private readonly Turns _turns = new(Math.Clamp(storage.ReadConnections / 2, 1, 4), Patience);

    public async Task<IResult> ExportAsync(HttpContext http, ResourceType type, string? after, CancellationToken cancel)
    {
        using var turn = await _turns.TakeAsync(http, cancel);
        return turn is null
            ? new ProblemResult(Problems.Unavailable("You or others are exporting; try again in a moment."))
            : await database.ReadAsync(commands => ExportAsync(http, commands, type, after ?? "", cancel), cancel);
    }

    private async ValueTask<IResult> ExportAsync(HttpContext http, StoredCommands commands, ResourceType type, string after, CancellationToken cancel)
    {
        var licence = Licences.Of(http);
        await using var snapshot = await commands.BeginSnapshotAsync(cancel);
        var head = await ChangeCursors.HeadAsync(commands, cancel);
        var response = http.Response;
        var coding = ContentCodings.Choose(http.Request.Headers.AcceptEncoding);
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept-Encoding, Authorization, Origin, X-Api-Key";
        response.Headers[CursorHeader] = cursors.Write(head.At(head.Position, licence?.Fingerprint));
        if (coding != ContentCoding.Identity) response.Headers.ContentEncoding = coding == ContentCoding.Brotli ? "br" : "gzip";
        if (HttpMethods.IsHead(http.Request.Method)) return TypedResults.Empty;

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        over.CancelAfter(Longest);
        try
        {
            await using var steady = new SteadyStream(response.Body, over.Token);
            await using var body = Encode(steady, coding);
            var last = after;
            for (var documents = await NextAsync(commands, type, last, over.Token); documents.Count > 0; documents = await NextAsync(commands, type, last, over.Token))
            {
                last = documents[^1].Id;
                foreach (var (_, document) in documents)
                {
                    if (LicensedView.Of(type, document, licence) is not { Document: var shown }) continue;

                    await body.WriteAsync(shown, over.Token);
                    await body.WriteAsync("\n"u8.ToArray(), over.Token);
                }

                await body.FlushAsync(over.Token);
            }
        }
        catch (Exception) when (response.HasStarted)
        {
            // What is cut off must not look whole.
            http.Abort();
        }

        return TypedResults.Empty;
    }

    private static Stream Encode(Stream body, ContentCoding coding) => coding switch
    {
        ContentCoding.Brotli => new BrotliStream(body, CompressionLevel.Fastest, leaveOpen: true),
        ContentCoding.Gzip => new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true),
        _ => new BufferedStream(body, 65_536),
    };

    private static async Task<List<(string Id, byte[] Document)>> NextAsync(StoredCommands commands, ResourceType type, string after, CancellationToken cancel)
    {
        var found = new List<(string, byte[])>(Chunk);
        await using var rows = await commands.Prepare(NextSql, ("type", type.Name()), ("after", after)).ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) found.Add((rows.GetString(0), (byte[])rows.GetValue(1)));
        return found;
    }
}
