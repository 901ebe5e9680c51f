using System.Net;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Publishing;

/// <summary>Two newsrooms that publish the same at the same time, one of them with secrets between: no reader can tell which is which.</summary>
public sealed class TwinTests
{
    private static readonly string[] Ids = [.. Enumerable.Range(0, 6).Select(_ => Guid.CreateVersion7().ToString())];

    [Fact]
    public async Task Drafts_leave_no_trace_in_what_the_public_reads()
    {
        var clock = new StoppedClock();
        await using var open = new Api(clock, null);
        await using var secretive = new Api(clock, null);
        await PublishAsync(open, _ => Task.CompletedTask);
        await PublishAsync(secretive, KeepSecretsAsync);

        foreach (var address in (string[])
            [
                "/v1/articles", "/v1/articles?view=full", "/v1/articles?include=people,events", "/v1/articles?limit=1", "/v1/articles?section=politik",
                "/v1/articles?tag=Ukraine", "/v1/articles?person=steven-witkoff", "/v1/articles?event=gipfel-in-paris", "/v1/people", "/v1/events",
                "/v1/events?person=steven-witkoff", "/v1/sections", $"/v1/people/{Ids[0]}", $"/v1/events/{Ids[1]}", $"/v1/articles/{Ids[2]}",
                $"/v1/articles/{Ids[3]}", $"/v1/articles/{Ids[2]}?include=people", $"/v1/people/{Ids[0]}/articles", "/v1/articles/by-slug/telefonat",
            ])
        {
            using var one = await open.Anonymous.Get(address);
            using var other = await secretive.Anonymous.Get(address);

            Assert.Equal(HttpStatusCode.OK, one.StatusCode);
            Assert.Equal(await BodyAsync(one), await BodyAsync(other));
            Assert.Equal((address, one.Headers.ETag), (address, other.Headers.ETag));
            Assert.Equal(one.Content.Headers.LastModified, other.Content.Headers.LastModified);
        }

        Assert.Equal(await EntriesAsync(open), await EntriesAsync(secretive));
    }

    private static async Task PublishAsync(Api api, Func<Api, Task> between)
    {
        await between(api);
        await api.Editor.PutJson($"/v1/people/{Ids[0]}", """{"name":"Steven Witkoff"}""").Answers(HttpStatusCode.Created);
        await between(api);
        await api.Editor.PutJson($"/v1/events/{Ids[1]}", """{"title":"Gipfel in Paris","start":{"value":"2026-01-06"}}""").Answers(HttpStatusCode.Created);
        foreach (var (id, headline) in ((string, string)[])[(Ids[2], "Telefonat"), (Ids[3], "Reaktionen")])
        {
            await between(api);
            await api.Editor.PutJson($"/v1/articles/{id}", $$"""
                {"headline":"{{headline}}","section":{"slug":"politik"},"tags":["Ukraine"],"people":[{"id":"{{Ids[0]}}"}],"events":[{"id":"{{Ids[1]}}"}]}
                """).Answers(HttpStatusCode.Created);
            await between(api);
            await api.Editor.Publish(id).Answers();
        }

        await api.Editor.PatchJson($"/v1/people/{Ids[0]}", """{"name":"Steve Witkoff"}""").Answers();
        await between(api);
    }

    private static async Task KeepSecretsAsync(Api api)
    {
        var person = await api.Person("Geheime Quelle", ""","visibility":"internal" """);
        var newsEvent = await api.Event("Geheimes Treffen", more: $$""","visibility":"internal","participants":[ { "person": { "id": "{{person.Id()}}" } } ]""");
        await api.Draft("Geheimer Entwurf", $$""","section":{"slug":"geheim"},"tags":["Ukraine"],"people":[{"id":"{{person.Id()}}"}],"events":[{"id":"{{newsEvent.Id()}}"}]""");
        using var published = await api.Anonymous.Get($"/v1/articles/{Ids[2]}");
        if (published.StatusCode == HttpStatusCode.OK)
            await api.Editor.PatchJson($"/v1/articles/{Ids[2]}?draft=true", $$"""{"headline":"Geheime Fassung {{person.Id()}}","tags":["Geheim"]}""").Answers();
    }

    /// <summary>The change feed without its cursors, which differ from database to database.</summary>
    private static async Task<List<string>> EntriesAsync(Api api)
    {
        var page = await api.Anonymous.GetObject("/v1/changes");
        Assert.NotEmpty(page["items"]!.AsArray());
        foreach (var entry in page["items"]!.AsArray()) entry!.AsObject().Remove("cursor");
        return [.. page["items"]!.AsArray().Select(e => e!.ToJsonString())];
    }

    private static Task<string> BodyAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 10, 0, 0, TimeSpan.Zero);
    }
}
