using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Search;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Subscriptions;

/// <summary>Subscriptions as tests need them.</summary>
internal static class Webhooks
{
    /// <summary>Settings under which this machine may be called.</summary>
    public static readonly (string Name, string? Value)[] Local = [("Webhooks:AllowHttp", "true"), ("Webhooks:AllowedNetworks:0", "127.0.0.0/8")];

    public static async Task<JsonObject> Subscribe(this HttpClient client, string url, string more = "") =>
        await client.PostJson("/v1/subscriptions", $$"""{"webhookUrl":{{Json.Quoted(url)}}{{more}}}""").Answers(HttpStatusCode.Created);

    public static async Task<List<JsonNode>> Deliveries(this HttpClient client, string subscription, string query = "") =>
        [.. (await client.GetObject($"/v1/subscriptions/{subscription}/deliveries?limit=200{query}")).Items()];

    /// <summary>Whether it rings, and where not, why.</summary>
    public static async Task<(bool Active, string? Reason)> Activity(this Api api, string id)
    {
        var subscription = await api.Editor.GetObject($"/v1/subscriptions/{id}");
        return (subscription["active"]!.GetValue<bool>(), subscription["disabledReason"]?.GetValue<string>());
    }

    /// <summary>Waits until nothing is pending.</summary>
    public static Task Settles(this HttpClient client, string subscription) =>
        Sending.Eventually(async () => (await client.Deliveries(subscription, "&state=pending")).Count == 0, "nothing is pending");

    /// <summary>Waits until so many calls have come.</summary>
    public static Task Hears(this Receiver receiver, int calls) =>
        Sending.Eventually(() => Task.FromResult(receiver.Calls.Count >= calls), $"{calls} calls");
}
