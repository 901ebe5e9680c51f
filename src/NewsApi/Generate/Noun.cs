namespace NewsApi.Generate;

/// <summary>A German noun with its article, in the four cases.</summary>
/// <param name="Nominative">"der Gemeinderat"</param>
/// <param name="Genitive">"des Gemeinderates"</param>
/// <param name="Dative">"dem Gemeinderat"</param>
/// <param name="Accusative">"den Gemeinderat"</param>
/// <param name="Bare">"Gemeinderat"</param>
/// <param name="IsPlural">Whether the verb stands in the plural.</param>
internal sealed record Noun(string Nominative, string Genitive, string Dative, string Accusative, string Bare, bool IsPlural)
{
    /// <summary>
    /// From "der Gemeinderat/-es", "die Gemeinde", "das Land/-es" or "Preise/-n" (plural): behind the stroke stands the ending
    /// of the genitive, in the plural that of the dative.
    /// </summary>
    /// <param name="entry">The noun as the lists have it.</param>
    /// <param name="before">The first part of a compound: "Strom" makes "Strompreise" of "Preise".</param>
    public static Noun Of(string entry, string before = "")
    {
        var slash = entry.IndexOf('/', StringComparison.Ordinal);
        var ending = slash < 0 ? "" : entry[(slash + 1)..].TrimStart('-');
        var word = slash < 0 ? entry : entry[..slash];
        var article = word.Length > 4 && word[3] == ' ' ? word[..3] : "";
        var last = article.Length == 0 ? word : word[4..];
        var noun = before.Length == 0 ? last : before + char.ToLowerInvariant(last[0]) + last[1..];
        return article switch
        {
            "der" => new Noun($"der {noun}", $"des {noun}{ending}", $"dem {noun}", $"den {noun}", noun, false),
            "die" => new Noun($"die {noun}", $"der {noun}", $"der {noun}", $"die {noun}", noun, false),
            "das" => new Noun($"das {noun}", $"des {noun}{ending}", $"dem {noun}", $"das {noun}", noun, false),
            _ => new Noun($"die {noun}", $"der {noun}", $"den {noun}{ending}", $"die {noun}", noun, true),
        };
    }
}
