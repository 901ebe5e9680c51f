using System.Buffers;
using System.Text.Json;
using NewsApi.Access;
using NewsApi.Http;

namespace NewsApi.Publishing;

/// <summary>A stored document or card as somebody gets it.</summary>
internal readonly record struct LicensedView(byte[] Document, LicenceLevel Level)
{
    /// <summary>Each rendering has tags of its own.</summary>
    public string TagSuffix => Level == LicenceLevel.Full ? "" : $"-{LicensedSource.Levels[(int)Level - 1]}";

    /// <summary>Nothing where the licence does not show it; licences are about articles only.</summary>
    public static LicensedView? Of(ResourceType type, byte[] stored, Licence? licence)
    {
        if (licence is null || type != ResourceType.Article) return new LicensedView(stored, LicenceLevel.Full);

        var level = licence.LevelOf(ArticleScope.Of(stored));
        return level == LicenceLevel.None ? null : new LicensedView(At(stored, level), level);
    }

    /// <summary>The hash of what a level shows of an article; nothing of what is no article.</summary>
    public static string? HashOf(ResourceType type, byte[] document, LicenceLevel level) =>
        type == ResourceType.Article ? CanonicalJson.Hash(At(document, level)) : null;

    /// <summary>What a level shows of a stored article.</summary>
    public static byte[] At(byte[] stored, LicenceLevel level)
    {
        if (level == LicenceLevel.Full) return stored;

        var buffer = new ArrayBufferWriter<byte>(stored.Length);
        var reader = new Utf8JsonReader(stored);
        reader.Read();
        buffer.Write("{"u8);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (name, start) = (reader.GetString()!, (int)reader.TokenStartIndex);
            reader.Read();
            var value = (int)reader.TokenStartIndex;
            reader.Skip();
            var end = (int)reader.BytesConsumed;
            if (IsKept(name, level)) Write(buffer, stored.AsSpan(start..value), ValueAt(name, stored.AsSpan(value..end), level));
        }

        buffer.Write("}"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static bool IsKept(string name, LicenceLevel level) => name != "body" && (level == LicenceLevel.Teaser || name is not ("teaser" or "subhead"));

    /// <summary>What was put right is mostly told in sentences of the body.</summary>
    private static ReadOnlySpan<byte> ValueAt(string name, ReadOnlySpan<byte> value, LicenceLevel level) => name switch
    {
        "images" when level == LicenceLevel.Metadata => "[]"u8,
        "corrections" when value.Length > 2 => JsonSerializer.SerializeToUtf8Bytes(
            [.. JsonSerializer.Deserialize(value, WireJson.Default.IReadOnlyListCorrection)!.Select(c => c with { Was = null, Now = null })],
            WireJson.Default.IReadOnlyListCorrection),
        _ => value,
    };

    private static void Write(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> label, ReadOnlySpan<byte> value)
    {
        if (buffer.WrittenCount > 1) buffer.Write(","u8);
        buffer.Write(label);
        buffer.Write(value);
    }
}
