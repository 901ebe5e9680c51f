using Microsoft.AspNetCore.Http;
using NewsApi.Tests.Subscriptions;

namespace NewsApi.Tests.Sync;

/// <summary>What passes questions on to a server, which is found behind <c>/pre</c>.</summary>
internal static class Gateway
{
    public static async Task<Receiver> StartAsync(HttpClient server)
    {
        var gateway = await Receiver.StartAsync();
        gateway.Answer = async (http, _) =>
        {
            if (!http.Request.Path.StartsWithSegments("/pre", out var path))
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            using var answer = await server.GetAsync($"{path}{http.Request.QueryString}", HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
            http.Response.StatusCode = (int)answer.StatusCode;
            http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            if (answer.Headers.TryGetValues("Changes-Cursor", out var cursor)) http.Response.Headers["Changes-Cursor"] = cursor.ToArray();
            await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        };
        return gateway;
    }

    /// <summary>The address behind which the server is found.</summary>
    public static string Root(this Receiver gateway) => new Uri(new Uri(gateway.Url), "/pre").ToString();
}
