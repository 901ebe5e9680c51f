using System.Text.Json;
using System.Text.Json.Serialization;

namespace NewsApi.Client;

/// <summary>What is not set is not sent. In a merge patch null removes.</summary>
public partial class NewsApiClient
{
    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) => settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
}
