using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace NewsApi.Publishing;

/// <summary>
/// The canonical form of JSON after RFC 8785 (JCS): members sorted by UTF-16 code units, numbers as ECMAScript prints them,
/// strings with the fewest escapes, no white space. Two copies of a document are equal exactly when these bytes are.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>SHA-256 over the canonical form, lower-case hex.</summary>
    public static string Hash(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return Convert.ToHexStringLower(SHA256.HashData(Write(document.RootElement).Span));
    }

    public static ReadOnlyMemory<byte> Write(JsonElement element)
    {
        var buffer = new ArrayBufferWriter<byte>(4_096);
        Write(buffer, element);
        return buffer.WrittenMemory;
    }

    private static void Write(ArrayBufferWriter<byte> buffer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(buffer, element);
                break;
            case JsonValueKind.Array:
                buffer.Write("["u8);
                var first = true;
                foreach (var item in element.EnumerateArray())
                {
                    if (!first) buffer.Write(","u8);
                    first = false;
                    Write(buffer, item);
                }

                buffer.Write("]"u8);
                break;
            case JsonValueKind.String:
                // What is written without escapes is canonical as it stands: control characters cannot be in it.
                var text = JsonMarshal.GetRawUtf8Value(element);
                if (text.Contains((byte)'\\')) WriteString(buffer, element.GetString()!);
                else buffer.Write(text);
                break;
            case JsonValueKind.Number:
                var number = JsonMarshal.GetRawUtf8Value(element);
                if (IsShortInteger(number)) buffer.Write(number);
                else buffer.Write(Encoding.ASCII.GetBytes(Number(element.GetDouble())));
                break;
            default:
                buffer.Write(Encoding.ASCII.GetBytes(element.GetRawText()));
                break;
        }
    }

    private static void WriteObject(ArrayBufferWriter<byte> buffer, JsonElement element)
    {
        buffer.Write("{"u8);
        var first = true;
        var members = element.EnumerateObject().ToArray();
        Array.Sort(members, InOrder);
        foreach (var member in members)
        {
            if (!first) buffer.Write(","u8);
            first = false;
            if (IsPlain(JsonMarshal.GetRawUtf8PropertyName(member)))
            {
                buffer.Write("\""u8);
                buffer.Write(JsonMarshal.GetRawUtf8PropertyName(member));
                buffer.Write("\":"u8);
            }
            else
            {
                WriteString(buffer, member.Name);
                buffer.Write(":"u8);
            }

            Write(buffer, member.Value);
        }

        buffer.Write("}"u8);
    }

    /// <summary>By UTF-16 code units; in ASCII the bytes are in the same order.</summary>
    private static int InOrder(JsonProperty a, JsonProperty b)
    {
        var one = JsonMarshal.GetRawUtf8PropertyName(a);
        var other = JsonMarshal.GetRawUtf8PropertyName(b);
        return IsPlain(one) && IsPlain(other) ? one.SequenceCompareTo(other) : string.CompareOrdinal(a.Name, b.Name);
    }

    private static bool IsPlain(ReadOnlySpan<byte> name) => Ascii.IsValid(name) && !name.Contains((byte)'\\');

    /// <summary>Digits that a double holds exactly and ECMAScript prints as they are.</summary>
    private static bool IsShortInteger(ReadOnlySpan<byte> number) => number.Length <= 15 && !number.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static void WriteString(ArrayBufferWriter<byte> buffer, string text)
    {
        buffer.Write("\""u8);
        var plain = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var escape = text[i] switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\t' => "\\t",
                '\n' => "\\n",
                '\f' => "\\f",
                '\r' => "\\r",
                < ' ' => $"\\u{(int)text[i]:x4}",
                _ => null,
            };
            if (escape is null) continue;

            Encoding.UTF8.GetBytes(text.AsSpan(plain, i - plain), buffer);
            buffer.Write(Encoding.ASCII.GetBytes(escape));
            plain = i + 1;
        }

        Encoding.UTF8.GetBytes(text.AsSpan(plain), buffer);
        buffer.Write("\""u8);
    }

    /// <summary>ECMAScript's Number::toString: the shortest digits that read back, exponents outside 1e-7 to 1e21.</summary>
    internal static string Number(double value)
    {
        if (value == 0) return "0";

        var (digits, exponent) = Digits(Math.Abs(value).ToString("R", CultureInfo.InvariantCulture));
        var text = exponent switch
        {
            > 21 or <= -6 => Scientific(digits, exponent - 1),
            <= 0 => "0." + new string('0', -exponent) + digits,
            _ when digits.Length <= exponent => digits + new string('0', exponent - digits.Length),
            _ => digits.Insert(exponent, "."),
        };
        return value < 0 ? "-" + text : text;
    }

    private static string Scientific(string digits, int exponent)
    {
        var mantissa = digits.Length == 1 ? digits : digits.Insert(1, ".");
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent)}");
    }

    /// <summary>The significant digits, and where the point stands behind the first of them.</summary>
    private static (string Digits, int Exponent) Digits(string round)
    {
        var e = round.IndexOf('E', StringComparison.Ordinal);
        var power = e < 0 ? 0 : int.Parse(round.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? round : round[..e];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa : mantissa[..point];
        var all = whole + (point < 0 ? "" : mantissa[(point + 1)..]);
        var leading = all.Length - all.TrimStart('0').Length;
        return (all.Trim('0'), whole.Length - leading + power);
    }
}
