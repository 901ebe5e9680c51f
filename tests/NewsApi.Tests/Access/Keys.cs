using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using NewsApi.Access;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Access;

/// <summary>Keys as tests need them: made over HTTP like any administrator's.</summary>
internal static class Keys
{
    /// <summary>A key with these scopes, as it was answered.</summary>
    public static async Task<JsonObject> Key(this Api api, IEnumerable<string> scopes, string more = "", HttpClient? by = null) =>
        await (by ?? api.Editor).PostJson("/v1/keys", Wanted(scopes, more)).Answers(HttpStatusCode.Created);

    /// <summary>The body that asks for a key.</summary>
    public static string Wanted(IEnumerable<string> scopes, string more = "") =>
        $$"""{"name":"Prüfung","scopes":[{{string.Join(',', scopes.Select(scope => $"\"{scope}\""))}}]{{more}}}""";

    public static IEnumerable<string> AllBut(params string[] scopes) => Scopes.All.Except(scopes);

    /// <summary>Somebody who sends this key.</summary>
    public static HttpClient With(this Api api, string key)
    {
        var client = api.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Somebody with a new key of these scopes.</summary>
    public static async Task<HttpClient> Holder(this Api api, IEnumerable<string> scopes, string more = "") => api.With((await api.Key(scopes, more)).Text("key"));
}
