using System.Net;
using NewsApi.Tests.Access;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract.Owasp;

/// <summary>API1, broken object level authorization: whose id it is decides, not that somebody knows it.</summary>
public sealed class ObjectTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task An_id_of_another_type_is_nobody_s_to_readers_and_to_the_newsroom()
    {
        var ids = new Dictionary<string, string>
        {
            ["articles"] = (await _api.Article("Bericht")).Id(),
            ["people"] = (await _api.Person("Marco Rubio")).Id(),
            ["events"] = (await _api.Event("Gipfel")).Id(),
        };
        foreach (var (type, _) in ids)
        {
            foreach (var (_, foreign) in ids.Where(other => other.Key != type))
            {
                await _api.Anonymous.Get($"/v1/{type}/{foreign}").IsRefused(404);
                await _api.Editor.Get($"/v1/{type}/{foreign}?perspective=preview").IsRefused(404);
                await _api.Editor.Get($"/v1/{type}/{foreign}/revisions").IsRefused(404);
                await _api.Editor.Get($"/v1/{type}/{foreign}/revisions/1").IsRefused(404);
                await _api.Editor.PatchJson($"/v1/{type}/{foreign}", "{}").IsRefused(404);
                await _api.Editor.Remove($"/v1/{type}/{foreign}").IsRefused(404);
                await _api.Editor.Send(HttpMethod.Post, $"/v1/{type}/{foreign}/revisions/1/restore", null).IsRefused(404);
            }
        }
    }

    [Fact]
    public async Task Nobody_without_admin_reads_turns_or_revokes_the_key_of_another_or_their_own()
    {
        var other = await _api.Key(["content:read"]);
        var mine = await _api.Key(Keys.AllBut("admin"));
        var holder = _api.With(mine.Text("key"));
        foreach (var id in (string[])[other.Id(), mine.Id(), Guid.CreateVersion7().ToString()])
        {
            await holder.Get($"/v1/keys/{id}").IsRefused(403, "scopeRequired");
            await holder.Send(HttpMethod.Post, $"/v1/keys/{id}/rotate", null).IsRefused(403, "scopeRequired");
            await holder.Remove($"/v1/keys/{id}").IsRefused(403, "scopeRequired");
        }

        await _api.With(other.Text("key")).GetObject("/v1/me");
    }

    [Fact]
    public async Task A_body_that_names_another_id_than_the_address_changes_neither()
    {
        var (one, other) = (await _api.Article("Eins"), await _api.Article("Zwei"));

        await _api.Editor.PutJson($"/v1/articles/{one.Id()}", $$"""{"id":"{{other.Id()}}","headline":"Drei"}""", "*").IsRefused(422);
        await _api.Editor.PatchJson($"/v1/articles/{one.Id()}", $$"""{"id":"{{other.Id()}}","headline":"Drei"}""").IsRefused(422);

        Assert.Equal("Eins", (await _api.Anonymous.GetObject($"/v1/articles/{one.Id()}")).Text("headline"));
        Assert.Equal("Zwei", (await _api.Anonymous.GetObject($"/v1/articles/{other.Id()}")).Text("headline"));
    }

    [Fact]
    public async Task A_version_belongs_to_its_own_article()
    {
        var (one, other) = (await _api.Draft("Eins"), await _api.Draft("Zwei"));
        await _api.Editor.PatchJson($"/v1/articles/{other.Id()}", """{"headline":"Geheim"}""").Answers();

        await _api.Editor.Get($"/v1/articles/{one.Id()}/revisions/2").IsRefused(404);
        await _api.Editor.Send(HttpMethod.Post, $"/v1/articles/{one.Id()}/revisions/2/restore", null).IsRefused(404);

        Assert.Equal(HttpStatusCode.OK, await _api.Editor.StatusOf($"/v1/articles/{other.Id()}/revisions/2"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
