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

    /// <summary>Whether what was sent as bearer has the form of a JSON Web Token: three parts between two dots.</summary>
    public static bool IsToken(HttpRequest request, string key) => request.Headers.Authorization.Count > 0 && key.AsSpan().Count('.') == 2;

    private static string? BearerToken(StringValues authorization) =>
        authorization.Count == 1 && authorization[0]!.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[0]![Bearer.Length..].Trim() : null;
}
