using System.Globalization;
using System.Text;

namespace NewsApi.Http;

/// <summary>Text from outside, brought into Unicode form NFC.</summary>
internal static class UnicodeText
{
    public const string Fault = "The text holds U+0000, half of a surrogate pair, or more than 30 combining marks in a row.";

    /// <summary>As in Stream-Safe Text (UAX #15 §13): no language needs more, and putting longer runs in order takes quadratic time.</summary>
    private const int MarksInARow = 30;

    public static bool TryNormalize(string text, out string normal)
    {
        normal = text;
        if (text.Contains('\0', StringComparison.Ordinal)) return false;
        if (Ascii.IsValid(text)) return true;
        if (!IsStreamSafe(text)) return false;

        try
        {
            if (!text.IsNormalized(NormalizationForm.FormC)) normal = text.Normalize(NormalizationForm.FormC);
            return true;
        }
        catch (ArgumentException)
        {
            // Half of a surrogate pair.
            return false;
        }
    }

    private static bool IsStreamSafe(string text)
    {
        var marks = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            marks = IsMark(Rune.GetUnicodeCategory(rune)) ? marks + 1 : 0;
            if (marks > MarksInARow) return false;
        }

        return true;
    }

    private static bool IsMark(UnicodeCategory category) =>
        category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
