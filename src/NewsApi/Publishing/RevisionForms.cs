using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using NewsApi.Articles;
using NewsApi.Events;
using NewsApi.Http;

namespace NewsApi.Publishing;

/// <summary>
/// How input forms lie in revisions: as they are on the wire, but that a link which says nothing beside is its id. Whatever an older version
/// of the program wrote is brought up to date when it is read, one schema after the other; the row stays as it is.
/// </summary>
internal static class RevisionForms
{
    private static readonly WireJson Forms = new(new JsonSerializerOptions(WireJson.Default.Options)
    {
        Converters =
        {
            new BareLink<EventLink>(id => new EventLink { Id = id }, link => link.Id),
            new BareLink<ParticipantLink>(id => new ParticipantLink { Id = id }, link => link.Id),
        },
    });

    /// <summary>From schema n to n + 1, at place n - 1.</summary>
    private static readonly Action<string, JsonObject>[] Steps = [BareLinks];

    public static JsonTypeInfo<TInput> TypeInfo<TInput>() => (JsonTypeInfo<TInput>)Forms.GetTypeInfo(typeof(TInput))!;

    /// <summary>The form in a row, in the current schema.</summary>
    public static byte[] Read(string type, int schema, byte[] content) => Upgrade(type, schema, Revisions.Unpack(content));

    /// <summary>What stood in a row, as it would be sent today.</summary>
    public static TInput Input<TInput>(string type, int schema, byte[] content) => JsonSerializer.Deserialize(Read(type, schema, content), TypeInfo<TInput>())!;

    /// <summary>The form in a row without its links to a resource; nothing where it has none.</summary>
    public static byte[]? Unlink(string type, int schema, byte[] content, ResourceKey target)
    {
        var form = Revisions.Unpack(content);
        return form.AsSpan().ContainsId(target.Id) ? Unlink(type, Upgrade(type, schema, form), target) : null;
    }

    /// <summary>The form without its links to a resource; nothing where it has none.</summary>
    public static byte[]? Unlink(string type, byte[] form, ResourceKey target)
    {
        if (!form.AsSpan().ContainsId(target.Id)) return null;

        var members = JsonNode.Parse(form)!.AsObject();
        var isChanged = type switch
        {
            "article" when target.Type == ResourceType.Person => Remove(members["people"], link => link["id"], target.Id),
            "article" when target.Type == ResourceType.Event => Remove(members["events"], link => link, target.Id),
            "event" when target.Type == ResourceType.Person => Remove(members["participants"], participant => participant["person"], target.Id),
            "event" when target.Type == ResourceType.Event => members["partOf"]?.GetValue<string>() == target.Id && members.Remove("partOf"),
            _ => false,
        };
        return isChanged ? Write(members) : null;
    }

    private static byte[] Upgrade(string type, int schema, byte[] form)
    {
        if (schema == Revision.CurrentSchema) return form;
        if (schema is < 1 or > Revision.CurrentSchema) throw new UnknownSchemaException(type, schema);

        var members = JsonNode.Parse(form)!.AsObject();
        foreach (var step in Steps[(schema - 1)..]) step(type, members);
        return Write(members);
    }

    private static bool ContainsId(this Span<byte> form, string id) => form.IndexOf(Encoding.ASCII.GetBytes(id)) >= 0;

    private static bool Remove(JsonNode? list, Func<JsonNode, JsonNode?> link, string id) =>
        list?.AsArray().RemoveAll(entry => link(entry!)?.GetValue<string>() == id) > 0;

    /// <summary>Schema 1 had every link as an object with nothing but an <c>id</c> in it.</summary>
    private static void BareLinks(string type, JsonObject form)
    {
        if (type == "article" && form["events"] is JsonArray events)
        {
            for (var i = 0; i < events.Count; i++) events[i] = Bare(events[i]);
        }

        if (type != "event") return;

        if (form["partOf"] is { } whole) form["partOf"] = Bare(whole);
        foreach (var participant in form["participants"]?.AsArray() ?? [])
        {
            if (participant!["person"] is { } person) participant["person"] = Bare(person);
        }
    }

    private static JsonNode Bare(JsonNode? link) => link!["id"]!.DeepClone();

    /// <summary>The very bytes that the form would be written in today: two versions are compared by them.</summary>
    private static byte[] Write(JsonObject form)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) form.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    private sealed class BareLink<T>(Func<Guid, T> make, Func<T, Guid?> id) : JsonConverter<T>
        where T : class
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => make(reader.GetGuid());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(id(value)!.Value);
    }
}

/// <summary>A revision was saved by a newer version of the program, as it may happen while several nodes are brought up to date.</summary>
internal sealed class UnknownSchemaException(string type, int schema) : Exception(
    $"A revision of type {type} has the schema {schema}; this version of the program knows those from 1 to {Revision.CurrentSchema}. A newer version can read it.");

/// <summary>How the content of a revision lies in its row.</summary>
internal static class Revisions
{
    public static byte[] Pack(byte[] form)
    {
        using var packed = new MemoryStream(form.Length / 2);
        using (var encoder = new BrotliStream(packed, CompressionLevel.Fastest)) encoder.Write(form);
        return packed.ToArray();
    }

    public static byte[] Unpack(byte[] content)
    {
        using var form = new MemoryStream(content.Length * 4);
        using (var decoder = new BrotliStream(new MemoryStream(content), CompressionMode.Decompress)) decoder.CopyTo(form);
        return form.ToArray();
    }
}
