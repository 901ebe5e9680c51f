using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NewsApi.Benchmarks;

/// <summary>What ASP.NET can do at best: the same routes, one answer that is ready, no work at all.</summary>
internal static class BareServer
{
    public static async Task RunAsync(string url, Answer answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        await using var app = builder.Build();
        var send = Send(answer);
        app.MapGet("/v1/articles", send);
        app.MapGet("/v1/articles/{id}", send);
        await app.RunAsync();
    }

    private static RequestDelegate Send(Answer answer)
    {
        // Interned names take the server's shortest way to a header it knows.
        var headers = answer.Headers.Where(h => h.Name is not ("Date" or "Content-Length"))
            .Select(h => (Name: string.Intern(h.Name), h.Value)).ToArray();
        return context =>
        {
            var response = context.Response;
            foreach (var (name, value) in headers) response.Headers[name] = value;
            response.StatusCode = answer.Status;
            if (answer.Status == StatusCodes.Status304NotModified) return Task.CompletedTask;

            response.ContentLength = answer.Body.Length;
            var written = response.BodyWriter.WriteAsync(answer.Body);
            return written.IsCompletedSuccessfully ? Task.CompletedTask : written.AsTask();
        };
    }
}
