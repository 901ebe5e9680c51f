using System.Text.Json.Nodes;
using NewsApi.Tests.Search;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Subscriptions;

/// <summary>Four subscriptions at a receiver that fails a fifth of its calls: late, with an error, or without a word.</summary>
internal static class ThousandRings
{
    /// <summary>Rings until all have been heard; fails where one was not. Every call, with the secret that it should be signed with.</summary>
    public static async Task<List<(Call Call, string Secret)>> RunAsync()
    {
        var clock = new TestClock(DateTimeOffset.UtcNow);
        await using var receiver = await Receiver.StartAsync();
        await using var api = new Api(clock, null, Webhooks.Local);
        var (dice, gate, failed, heard) = (new Random(7), new Lock(), 0, new HashSet<string>());
        receiver.Answer = async (http, call) =>
        {
            var roll = 0;
            lock (gate) roll = dice.Next(100);
            if (roll < 20)
            {
                Interlocked.Increment(ref failed);
                if (roll < 4) http.Abort();
                else if (roll < 8) await Task.Delay(300, CancellationToken.None);
                http.Response.StatusCode = roll < 14 ? 500 : 429;
                return;
            }

            lock (gate) heard.Add(call.Id);
            http.Response.StatusCode = 200;
        };
        var partners = new Dictionary<string, JsonObject>();
        for (var i = 0; i < 4; i++) partners.Add($"/hook/{i}", await api.Editor.Subscribe($"{receiver.Url}/{i}"));
        for (var i = 0; i < 250; i++) await api.Article($"Meldung {i}");

        // What failed is due by the clock, which moves on while nothing is on its way.
        await Sending.Eventually(
            async () =>
            {
                var pending = new List<JsonNode>();
                foreach (var partner in partners.Values) pending.AddRange(await api.Editor.Deliveries(partner.Id(), "&state=pending"));
                if (pending.TrueForAll(d => d["lastStatus"] is not null || d["lastError"] is not null)) clock.Now = clock.Now.AddMinutes(10);
                return pending.Count == 0;
            },
            "nothing is pending");

        var sent = new List<string>();
        foreach (var partner in partners.Values)
        {
            for (string? next = ""; next is not null;)
            {
                var page = await api.Editor.GetObject($"/v1/subscriptions/{partner.Id()}/deliveries?limit=200{next}");
                Assert.All(page.Items(), d => Assert.Equal("delivered", d.Text("state")));
                sent.AddRange(page.Each("id"));
                next = page["nextCursor"] is { } cursor ? $"&cursor={cursor}" : null;
            }

            Assert.Equal((true, null), await api.Activity(partner.Id()));
        }

        Assert.Equal(4 * 251, sent.Count);
        Assert.True(failed > sent.Count / 10, $"{failed} of {receiver.Calls.Count} calls failed");
        Assert.Equal(sent.Order(StringComparer.Ordinal), heard.Order(StringComparer.Ordinal));
        return [.. receiver.Calls.Select(call => (call, partners[call.Path].Text("secret")))];
    }
}
