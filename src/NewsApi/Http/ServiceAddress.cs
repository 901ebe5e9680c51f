using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace NewsApi.Http;

/// <summary>Settings of section <c>Service</c>.</summary>
internal sealed class ServiceOptions
{
    /// <summary>Where clients reach this service, such as <c>https://news.example</c>; what is not set is taken from the address it listens on.</summary>
    public string? PublicUrl { get; init; }

    public void Check()
    {
        if (PublicUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { UserInfo: "", Query: "", Fragment: "" }))
            throw new SettingException("Service:PublicUrl", "must be an address that begins with https:// or http://, without a query");
    }
}

/// <summary>Where clients find this service. Never what a Host header says: the answer may be kept and given to others.</summary>
internal sealed class ServiceAddress(ServiceOptions options, IServer server)
{
    /// <summary>Without a slash at its end.</summary>
    public string Root => (options.PublicUrl ?? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost:5080")
        .Replace("://[::]", "://localhost", StringComparison.Ordinal).Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal)
        .Replace("://+", "://localhost", StringComparison.Ordinal).Replace("://*", "://localhost", StringComparison.Ordinal).TrimEnd('/');
}
