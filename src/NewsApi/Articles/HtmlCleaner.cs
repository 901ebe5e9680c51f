using AngleSharp.Dom;
using Ganss.Xss;

namespace NewsApi.Articles;

/// <summary>
/// Makes the markup of a block harmless when it comes in, and derives the plain text from it. Inline elements stay, other
/// elements give way to their content, scripts and the like go with all they hold.
/// </summary>
internal sealed class HtmlCleaner
{
    private static readonly HashSet<string> GoneWithContent = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "style", "svg", "math", "template", "iframe", "object", "embed", "noscript", "noembed", "noframes", "title", "textarea", "select", "xmp", "plaintext",
    };

    private readonly HtmlSanitizer _sanitizer;

    public HtmlCleaner()
    {
        _sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
            {
                "a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "ins", "mark", "q", "s", "small", "strong", "sub", "sup", "u",
            },
            AllowedAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href", "title", "lang" },
            AllowedSchemes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "http", "https", "mailto" },
            UriAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href" },
        })
        {
            KeepChildNodes = true,
        };
        _sanitizer.RemovingTag += (_, removing) =>
        {
            // With its child nodes kept a script would become visible text.
            if (GoneWithContent.Contains(removing.Tag.LocalName)) removing.Tag.InnerHtml = "";
        };
        _sanitizer.PostProcessNode += (_, processed) =>
        {
            // A link whose address was refused is no link.
            if (processed.Node is IElement { LocalName: "a" } link && !link.HasAttribute("href"))
                foreach (var child in link.ChildNodes.ToArray()) processed.ReplacementNodes.Add(child);
        };
    }

    public IReadOnlyList<Block> Clean(IReadOnlyList<Block> body) => body.Any(b => b.Html is not null) ? [.. body.Select(Clean)] : body;

    private Block Clean(Block block)
    {
        if (block.Html is null) return block;

        using var document = _sanitizer.SanitizeDom(block.Html);
        var body = document.Body!;
        foreach (var lineBreak in body.QuerySelectorAll("br").ToArray()) lineBreak.Before(document.CreateTextNode("\n"));
        var text = body.TextContent.Trim();
        return block with { Html = _sanitizer.Sanitize(block.Html).Trim(), Text = text };
    }
}
