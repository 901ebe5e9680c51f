using System.Text;
using System.Text.Json;

namespace NewsApi.Publishing;

/// <summary>Stored objects, taken apart and put together without being read whole.</summary>
internal static class StoredJson
{
    /// <summary>The object with one more member at its end.</summary>
    public static byte[] Append(byte[] stored, string name, ReadOnlySpan<byte> value)
    {
        var label = Encoding.ASCII.GetBytes(stored.Length > 2 ? $",\"{name}\":" : $"\"{name}\":");
        var whole = new byte[stored.Length + label.Length + value.Length];
        stored.AsSpan(0, stored.Length - 1).CopyTo(whole);
        label.CopyTo(whole, stored.Length - 1);
        value.CopyTo(whole.AsSpan(stored.Length - 1 + label.Length));
        whole[^1] = (byte)'}';
        return whole;
    }

    /// <summary>The bytes of a member of the outermost object; none where it is absent.</summary>
    public static ReadOnlyMemory<byte> Member(byte[] stored, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(stored);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found) return stored.AsMemory(start..(int)reader.BytesConsumed);
        }

        return default;
    }
}
