using System.Net;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Access;

public sealed class CredentialsTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task The_same_key_in_both_headers_is_that_key()
    {
        using var response = await Send($"Bearer {Api.Key}", Api.Key);

        await response.Object(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Bearer other", Api.Key)]
    [InlineData($"Bearer {Api.Key}", "other")]
    [InlineData("Basic abc", Api.Key)]
    public async Task Two_keys_that_differ_are_none(string authorization, string key)
    {
        using var response = await Send(authorization, key);

        await response.Problem(401, "unauthorized");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private async Task<HttpResponseMessage> Send(string authorization, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/articles?perspective=preview");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.TryAddWithoutValidation("X-Api-Key", key);
        return await _api.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
