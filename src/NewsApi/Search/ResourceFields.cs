using System.Text.Json;

namespace NewsApi.Search;

/// <summary>A text of a resource.</summary>
internal readonly record struct ResourceField(string Name, int? Block, string Text);

/// <summary>The texts that readers are shown where they were found, of a stored document, the weightiest first.</summary>
internal static class ResourceFields
{
    private static readonly string[] Heads = ["headline", "title", "name", "kicker", "subhead", "teaser", "description"];

    public static IEnumerable<ResourceField> Of(JsonElement document)
    {
        foreach (var name in Heads)
        {
            if (document.TryGetProperty(name, out var text)) yield return new ResourceField(name, null, text.GetString()!);
        }

        if (!document.TryGetProperty("body", out var body)) yield break;

        var number = 0;
        foreach (var block in body.EnumerateArray())
        {
            if (block.TryGetProperty("text", out var text)) yield return new ResourceField("body", number, text.GetString()!);
            number++;
        }
    }
}
