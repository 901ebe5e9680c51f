namespace NewsApi.Access;

/// <summary>Where a client puts its key: <c>Authorization: Bearer</c> or <c>X-Api-Key</c>, never the address.</summary>
internal static class Credentials
{
    public const string KeyHeader = "X-Api-Key";
    private const string Bearer = "Bearer ";

    public static bool AreSent(HttpRequest request) => request.Headers.Authorization.Count > 0 || request.Headers.ContainsKey(KeyHeader);

    public static string? Key(HttpRequest request)
    {
        if (request.Headers.TryGetValue(KeyHeader, out var direct)) return direct.Count == 1 && request.Headers.Authorization.Count == 0 ? direct[0] : null;

        var header = request.Headers.Authorization;
        return header.Count == 1 && header[0]!.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[0]![Bearer.Length..].Trim() : null;
    }
}

/// <summary>On whose behalf a write is made; revisions keep the name.</summary>
internal sealed record Caller(string Name)
{
    public static readonly Caller System = new("system");

    public static Caller Of(HttpContext context) => new(context.User.Identity?.Name ?? System.Name);
}
