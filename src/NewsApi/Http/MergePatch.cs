using System.Buffers;
using System.Text.Json;

namespace NewsApi.Http;

/// <summary>JSON Merge Patch, RFC 7396: null removes, objects are merged, everything else is replaced whole.</summary>
internal static class MergePatch
{
    public static JsonDocument Apply(JsonElement target, JsonElement patch)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            Write(writer, target, patch);
        }

        return JsonDocument.Parse(buffer.WrittenMemory);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement? target, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            patch.WriteTo(writer);
            return;
        }

        var old = target is { ValueKind: JsonValueKind.Object } ? target : null;
        writer.WriteStartObject();
        foreach (var member in old?.EnumerateObject() ?? [])
        {
            if (patch.TryGetProperty(member.Name, out _)) continue;

            member.WriteTo(writer);
        }

        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null) continue;

            writer.WritePropertyName(member.Name);
            Write(writer, old is { } o && o.TryGetProperty(member.Name, out var value) ? value : null, member.Value);
        }

        writer.WriteEndObject();
    }
}
