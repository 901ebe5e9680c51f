using System.Buffers;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FluentValidation;
using Microsoft.AspNetCore.Http.Features;

namespace NewsApi.Http;

/// <summary>A JSON request body that has been read and is well-formed; what it says is checked by the validators.</summary>
internal sealed class JsonBody<T>(T value) : IValidatable
{
    public T Value { get; } = value;

    object? IValidatable.Value => Value;

    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context)
    {
        using var document = await JsonBodies.ReadAsync(context.Request, patch: false, context.RequestAborted);
        var input = JsonBodies.To<T>(document.RootElement);
        if (input.Problem is not null) throw new ProblemException(input.Problem);

        if (input.Value is IHoldsJson holder) holder.Hold(document.RootElement);
        return new JsonBody<T>(input.Value!);
    }
}

/// <summary>An input with parts that are read later, by somebody who knows what they are.</summary>
internal interface IHoldsJson
{
    /// <param name="whole">The body as it came; it does not outlive the call.</param>
    void Hold(JsonElement whole);
}

/// <summary>A JSON request body that may be left out.</summary>
internal sealed class OptionalJsonBody<T>(T? value) : IValidatable
    where T : class
{
    public T? Value { get; } = value;

    object? IValidatable.Value => Value;

    public static async ValueTask<OptionalJsonBody<T>?> BindAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return new OptionalJsonBody<T>(null);

        // Generated clients send null for a body that is not there.
        using var document = await JsonBodies.ReadAsync(context.Request, patch: false, context.RequestAborted);
        if (document.RootElement.ValueKind == JsonValueKind.Null) return new OptionalJsonBody<T>(null);

        var input = JsonBodies.To<T>(document.RootElement);
        return input.Problem is null ? new OptionalJsonBody<T>(input.Value) : throw new ProblemException(input.Problem);
    }
}

/// <summary>A merge patch (RFC 7396): it becomes an input only when it is laid over what it changes.</summary>
internal sealed class JsonPatch(JsonDocument document) : IDisposable
{
    public JsonElement Root => document.RootElement;

    public static async ValueTask<JsonPatch?> BindAsync(HttpContext context)
    {
        var document = await JsonBodies.ReadAsync(context.Request, patch: true, context.RequestAborted);
        context.Response.RegisterForDispose(document);
        return JsonBodies.Check(document.RootElement) is { } problem ? throw new ProblemException(problem) : new JsonPatch(document);
    }

    public void Dispose() => document.Dispose();
}

/// <summary>What the validators look into when it is a handler's parameter.</summary>
internal interface IValidatable
{
    object? Value { get; }
}

/// <summary>
/// From bytes to inputs. Every body goes this way, so that each fault has a pointer: unknown members, wrong types, doubled
/// members, broken text. <c>null</c> means absent, and text is brought into Unicode form NFC.
/// </summary>
internal static class JsonBodies
{
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = WireJson.MaxDepth, AllowDuplicateProperties = true };
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<string>> ServerOwned = new();

    public static async Task<JsonDocument> ReadAsync(HttpRequest request, bool patch, CancellationToken cancel)
    {
        CheckContentType(request, patch);
        try
        {
            return await JsonDocument.ParseAsync(request.Body, Reading, cancel);
        }
        catch (JsonException e)
        {
            throw new ProblemException(Unreadable(e));
        }
    }

    /// <summary>The input that an element holds, or everything that is wrong with its form.</summary>
    public static Outcome<T> To<T>(JsonElement element)
    {
        var type = (JsonTypeInfo<T>)WireJson.Default.GetTypeInfo(typeof(T))!;
        using var reading = new Copying(new ArrayBufferWriter<byte>());
        reading.Copy(element, type, "");
        if (reading.Malformed.Count > 0) return Problems.Malformed(reading.Malformed[0].Detail, reading.Malformed);
        if (reading.Missing.Count > 0) return Problems.Invalid(reading.Missing);

        try
        {
            return JsonSerializer.Deserialize(reading.Bytes, type) is { } input ? input : throw new JsonException();
        }
        catch (JsonException e)
        {
            var pointer = Pointer(e.Path);
            return Problems.Malformed(Expected(e, pointer), new ProblemError { Pointer = pointer, Code = "wrongType", Detail = Expected(e, pointer) });
        }
    }

    /// <summary>The input with a merge patch laid over it, or what is wrong with the patch or with what comes of it.</summary>
    /// <param name="before">What is changed.</param>
    /// <param name="patch">May come from a body that nobody has checked.</param>
    /// <param name="validator">Has the last word.</param>
    /// <param name="cancel">Stops it.</param>
    /// <param name="settle">Brings members of the patched input into line, by those of the one before.</param>
    public static async Task<Outcome<T>> PatchAsync<T>(
        T before, JsonElement patch, IValidator<T> validator, CancellationToken cancel, Func<T, T, T>? settle = null)
        where T : class
    {
        var type = (JsonTypeInfo<T>)WireJson.Default.GetTypeInfo(typeof(T))!;
        if (Check(patch, type) is { } problem) return problem;

        using var current = JsonSerializer.SerializeToDocument(before, type);
        using var merged = MergePatch.Apply(current.RootElement, patch);
        var read = To<T>(merged.RootElement);
        if (read.Problem is not null) return read;

        var input = settle is null ? read.Value! : settle(before, read.Value!);
        var faults = await validator.ValidateAsync(input, cancel);
        return faults.IsValid ? input : RequestValidation.Problem(faults);
    }

    /// <summary>What is wrong with a merge patch before it is laid over anything; where the type is known, also members that it does not have.</summary>
    public static Problem? Check(JsonElement patch, JsonTypeInfo? type = null)
    {
        const string notAnObject = "A merge patch is a JSON object.";
        if (patch.ValueKind != JsonValueKind.Object)
            return Problems.Malformed(notAnObject, new ProblemError { Pointer = "", Code = "wrongType", Detail = notAnObject });

        using var reading = new Copying(new ArrayBufferWriter<byte>());
        reading.Copy(patch, type, "");
        return reading.Malformed.Count > 0 ? Problems.Malformed(reading.Malformed[0].Detail, reading.Malformed) : null;
    }

    private static void CheckContentType(HttpRequest request, bool patch)
    {
        var wanted = patch ? "application/merge-patch+json or application/json" : "application/json";
        if (!Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !(type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || (patch && type.MediaType.Equals("application/merge-patch+json", StringComparison.OrdinalIgnoreCase))))
        {
            throw new ProblemException(Problems.UnsupportedMediaType($"Send {wanted}."));
        }

        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            && !type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(Problems.UnsupportedMediaType($"Send {wanted} in UTF-8; '{type.Charset}' is not known here."));
        }
    }

    private static Problem Unreadable(JsonException e) => Problems.Malformed(
        $"The body is not readable as JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).",
        new ProblemError { Pointer = "", Code = "notJson", Detail = "The body is not readable as JSON, or nested too deeply." });

    private static string Expected(JsonException e, string pointer) => e.Message.StartsWith("An instant", StringComparison.Ordinal)
        ? e.Message[..(e.Message.IndexOf("Z.", StringComparison.Ordinal) + 2)]
        : $"The value at '{pointer}' has the wrong type or form.";

    /// <summary>$.body[0].text → /body/0/text. The paths come from our own property names, which need no escaping.</summary>
    private static string Pointer(string? path) =>
        path is null or "$" ? "" : path[1..].Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', '/');

    private static IReadOnlyList<string> OwnedBy(Type type) =>
        ServerOwned.GetOrAdd(type, t => t.GetCustomAttribute<ServerOwnedAttribute>()?.Members ?? []);

    private static bool TryText(Func<string?> read, out string text)
    {
        try
        {
            return UnicodeText.TryNormalize(read() ?? "", out text);
        }
        catch (InvalidOperationException)
        {
            // Lone surrogates and broken UTF-8: the text cannot be decoded.
            text = "";
            return false;
        }
    }

    private sealed class Copying(ArrayBufferWriter<byte> buffer) : IDisposable
    {
        private readonly Utf8JsonWriter _writer = new(buffer);

        public List<ProblemError> Malformed { get; } = [];
        public List<ProblemError> Missing { get; } = [];

        public ReadOnlySpan<byte> Bytes
        {
            get
            {
                _writer.Flush();
                return buffer.WrittenSpan;
            }
        }

        public void Dispose() => _writer.Dispose();

        public void Copy(JsonElement element, JsonTypeInfo? type, string pointer)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    CopyObject(element, type, pointer);
                    break;
                case JsonValueKind.Array:
                    CopyArray(element, type, pointer);
                    break;
                case JsonValueKind.String:
                    if (!TryText(element.GetString, out var text)) Add(pointer, "brokenText", UnicodeText.Fault);
                    _writer.WriteStringValue(text);
                    break;
                default:
                    element.WriteTo(_writer);
                    break;
            }
        }

        private void CopyObject(JsonElement element, JsonTypeInfo? type, string pointer)
        {
            var known = type?.Kind == JsonTypeInfoKind.Object ? type : null;
            var seen = new HashSet<string>();
            var given = new HashSet<string>();
            _writer.WriteStartObject();
            foreach (var member in element.EnumerateObject())
            {
                if (!TryText(() => member.Name, out var name))
                {
                    Add(pointer, "brokenText", $"In the name of a member: {UnicodeText.Fault}");
                    continue;
                }

                var at = $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
                if (!seen.Add(name))
                {
                    Add(at, "duplicateMember", $"The member '{name}' stands here twice.");
                    continue;
                }

                var property = known?.Properties.FirstOrDefault(p => p.Name == name);
                if (known is not null && property is null)
                {
                    if (!OwnedBy(known.Type).Contains(name)) AddUnknown(known, name, at);
                    continue;
                }

                if (member.Value.ValueKind == JsonValueKind.Null) continue;

                given.Add(name);
                _writer.WritePropertyName(name);
                Copy(member.Value, property is null ? null : WireJson.Default.GetTypeInfo(property.PropertyType), at);
            }

            _writer.WriteEndObject();
            if (known is not null) AddMissing(known, given, pointer);
        }

        private void CopyArray(JsonElement element, JsonTypeInfo? type, string pointer)
        {
            var of = type?.ElementType is { } elementType ? WireJson.Default.GetTypeInfo(elementType) : null;
            var index = 0;
            _writer.WriteStartArray();
            foreach (var item in element.EnumerateArray())
            {
                Copy(item, of, $"{pointer}/{index++}");
            }

            _writer.WriteEndArray();
        }

        private void AddMissing(JsonTypeInfo type, HashSet<string> given, string pointer)
        {
            foreach (var property in type.Properties.Where(p => p.IsRequired && !given.Contains(p.Name)))
                Missing.Add(new ProblemError { Pointer = $"{pointer}/{property.Name}", Code = "required", Detail = $"'{property.Name}' is required." });
        }

        private void AddUnknown(JsonTypeInfo type, string name, string pointer)
        {
            // The rest is not shown; finding the nearest names to a megabyte of nonsense takes seconds.
            if (Malformed.Count >= Problem.ErrorsShown) return;

            var nearest = Spelling.Nearest(name, type.Properties.Select(p => p.Name));
            Add(pointer, "unknownMember", $"There is no member '{name}' here{(nearest is null ? "." : $"; did you mean '{nearest}'?")}");
        }

        private void Add(string pointer, string code, string detail) =>
            Malformed.Add(new ProblemError { Pointer = pointer, Code = code, Detail = detail });
    }
}
