using System.Text.Json.Nodes;

namespace NewsApi.Http.OpenApi;

/// <summary>Examples for the document. A test sends the inputs to the server and reads the answers with the wire's own rules.</summary>
internal static class Examples
{
    private static readonly JsonObject All = Read();

    public static IEnumerable<string> Names => All.Select(example => example.Key);

    /// <summary>The example of a schema, by its name in the document.</summary>
    public static JsonNode? Of(string schema) => All[schema]?.DeepClone();

    private static JsonObject Read()
    {
        using var file = typeof(Examples).Assembly.GetManifestResourceStream("NewsApi.Http.OpenApi.Examples.json")!;
        return JsonNode.Parse(file)!.AsObject();
    }
}
