using Microsoft.Extensions.Primitives;

namespace NewsApi.Access;

/// <summary>Where a client puts its key: <c>Authorization: Bearer</c> or <c>X-Api-Key</c>, never the address.</summary>
internal static class Credentials
{
    public const string KeyHeader = "X-Api-Key";
    private const string Bearer = "Bearer ";

    public static bool AreSent(HttpRequest request) => request.Headers.Authorization.Count > 0 || request.Headers.ContainsKey(KeyHeader);

    /// <summary>The key that was sent. Generated clients may send it in both headers; two keys that differ are none.</summary>
    public static string? Key(HttpRequest request)
    {
        var token = BearerToken(request.Headers.Authorization);
        if (!request.Headers.TryGetValue(KeyHeader, out var direct)) return token;

        var agree = request.Headers.Authorization.Count == 0 || token == direct.ToString();
        return direct.Count == 1 && agree ? direct[0] : null;
    }

    private static string? BearerToken(StringValues authorization) =>
        authorization.Count == 1 && authorization[0]!.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[0]![Bearer.Length..].Trim() : null;
}

/// <summary>On whose behalf a write is made; revisions keep the name.</summary>
internal sealed record Caller(string Name)
{
    public static readonly Caller System = new("system");

    public static Caller Of(HttpContext context) => new(context.User.Identity?.Name ?? System.Name);
}
