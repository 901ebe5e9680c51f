using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace NewsApi.Client;

/// <summary>The server as a follower asks it. Whatever goes wrong on the way is a <see cref="SyncException"/>, and silence ends.</summary>
/// <param name="http">With the address of the server, and the key where one is needed.</param>
/// <param name="idle">For how long nothing may come.</param>
internal sealed class SyncServer(HttpClient http, TimeSpan idle)
{
    /// <summary>Asks, and hands out the answer when its headers are there.</summary>
    /// <param name="address">Without a slash before it.</param>
    /// <param name="wait">For how long the server itself was asked to wait.</param>
    public async Task<HttpResponseMessage> GetAsync(string address, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (idle != Timeout.InfiniteTimeSpan) patience.CancelAfter(idle + wait);
        try
        {
            return await http.GetAsync(Address(address), HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfTheWay(e, cancellationToken))
        {
            throw BrokenOff(e);
        }
    }

    /// <summary>Asks, and makes something of the answer.</summary>
    public async Task<T> GetAsync<T>(string address, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        using var response = await GetAsync(address, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, read, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes something of an answer, where it is no refusal.</summary>
    /// <exception cref="SyncException">It is one, breaks off, or is not what was asked for.</exception>
    public async Task<T> ReadAsync<T>(HttpResponseMessage response, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        await EnsureAsync(response, cancellationToken).ConfigureAwait(false);
        try
        {
            await using var body = await BodyAsync(response, cancellationToken).ConfigureAwait(false);
            using var answer = await JsonDocument.ParseAsync(body, default, cancellationToken).ConfigureAwait(false);
            return read(answer.RootElement);
        }
        catch (Exception e) when (IsOfTheWay(e, cancellationToken))
        {
            throw BrokenOff(e);
        }
        catch (Exception e) when (IsOfTheContent(e))
        {
            throw NotUnderstood(e);
        }
    }

    /// <summary>The resources of an export, each as its line comes.</summary>
    /// <exception cref="SyncException">It breaks off.</exception>
    public async IAsyncEnumerable<SyncResource> LinesAsync(
        string type, HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var lines = new StreamReader(await BodyAsync(response, cancellationToken).ConfigureAwait(false), Encoding.UTF8);
        while (await NextAsync(lines, type, cancellationToken).ConfigureAwait(false) is { } resource) yield return resource;
    }

    /// <exception cref="SyncException">The server refused.</exception>
    public async Task EnsureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode) return;

        var detail = await DetailAsync(response, cancellationToken).ConfigureAwait(false);
        throw new SyncException(response.StatusCode, $"The server answered {(int)response.StatusCode}: {detail ?? response.ReasonPhrase}")
        {
            IsPassing = (int)response.StatusCode >= 500 || response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout,
            RetryAfter = RetryAfter(response),
        };
    }

    /// <summary>A resource as the server tells of it.</summary>
    public static SyncResource Resource(string type, JsonElement document) =>
        new(new SyncKey(type, Text(document, "id")), document.GetProperty("version").GetInt32(), JsonMarshal.GetRawUtf8Value(document).ToArray());

    public static string Text(JsonElement element, string member) =>
        element.GetProperty(member).GetString() ?? throw new FormatException($"'{member}' is null.");

    public static SyncException NotUnderstood(Exception? e) =>
        new(null, "What the server answered is not what was asked for, or was cut off.", e) { IsPassing = true };

    private async Task<SyncResource?> NextAsync(StreamReader lines, string type, CancellationToken cancellationToken)
    {
        try
        {
            if (await lines.ReadLineAsync(cancellationToken).ConfigureAwait(false) is not { } line) return null;

            using var document = JsonDocument.Parse(line);
            return Resource(type, document.RootElement);
        }
        catch (Exception e) when (IsOfTheWay(e, cancellationToken))
        {
            throw BrokenOff(e);
        }
        catch (Exception e) when (IsOfTheContent(e))
        {
            // A line that was cut off with its connection is no JSON.
            throw NotUnderstood(e);
        }
    }

    private async Task<Stream> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new PatientStream(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), idle);

    private async Task<string?> DetailAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) != true) return null;

        try
        {
            await using var body = await BodyAsync(response, cancellationToken).ConfigureAwait(false);
            using var problem = await JsonDocument.ParseAsync(body, default, cancellationToken).ConfigureAwait(false);
            return Text(problem.RootElement, "detail");
        }
        catch (Exception e) when (IsOfTheWay(e, cancellationToken) || IsOfTheContent(e))
        {
            return null;
        }
    }

    /// <summary>What stands behind the last slash of a base address would be lost.</summary>
    private Uri Address(string address) => http.BaseAddress is { IsAbsoluteUri: true } server
        ? new Uri(new Uri(server.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/"), address)
        : new Uri(address, UriKind.Relative);

    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var after = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - DateTimeOffset.UtcNow;
        return after > TimeSpan.Zero ? after : null;
    }

    private SyncException BrokenOff(Exception e) => e is OperationCanceledException or TimeoutException
        ? new SyncException(null, "The server kept silent for too long.", e) { IsPassing = true }
        : new SyncException(null, $"The connection failed: {e.Message}", e) { IsPassing = true };

    private static bool IsOfTheWay(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or IOException or TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static bool IsOfTheContent(Exception e) => e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException;
}

/// <summary>A body that ends with a <see cref="TimeoutException"/> where nothing comes for too long; the timeout of a client ends with the headers.</summary>
internal sealed class PatientStream(Stream body, TimeSpan idle) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(idle);
        try
        {
            return await body.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("Nothing came for too long.", e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) body.Dispose();
        base.Dispose(disposing);
    }
}
