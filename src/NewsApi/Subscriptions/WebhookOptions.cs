using System.Net;
using Microsoft.Security.AntiSSRF;

namespace NewsApi.Subscriptions;

/// <summary>Settings of section <c>Webhooks</c>.</summary>
internal sealed class WebhookOptions
{
    /// <summary>
    /// Networks beside the public internet that may be called, such as <c>10.20.0.0/16</c>. Without it nothing is sent to a loopback, private,
    /// link-local or otherwise special address, whatever name leads there.
    /// </summary>
    public string[] AllowedNetworks { get; init; } = [];

    /// <summary>Whether addresses that begin with <c>http://</c> are taken.</summary>
    public bool AllowHttp { get; init; }

    public void Check()
    {
        for (var i = 0; i < AllowedNetworks.Length; i++)
        {
            if (!IPNetwork.TryParse(AllowedNetworks[i], out _)) throw new SettingException($"Webhooks:AllowedNetworks:{i}", "is no network, such as 10.20.0.0/16");
        }
    }
}

/// <summary>Where webhooks may go: to public addresses, and to the networks of the settings.</summary>
internal sealed class WebhookTargets
{
    /// <summary>IPv4 addresses in forms of IPv6 that nobody uses any more.</summary>
    private static readonly string[] OldForms = ["::/96", "::ffff:0:0:0/96"];

    private static readonly IPNetwork[] Refused = [.. IPAddressRanges.recommendedLatest.Concat(OldForms).Select(Parse)];

    private readonly WebhookOptions _options;
    private readonly IPNetwork[] _allowed;

    public WebhookTargets(WebhookOptions options)
    {
        options.Check();
        (_options, _allowed) = (options, [.. options.AllowedNetworks.Select(IPNetwork.Parse)]);
    }

    /// <summary>What is wrong with an address as it is written; where it leads is looked at with each connection.</summary>
    public string? Fault(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.UserInfo.Length > 0 || address.Fragment.Length > 0)
            return "An address is absolute, begins with https:// and has no user, password or fragment.";
        if (address.Scheme == Uri.UriSchemeHttp && !_options.AllowHttp) return "The address begins with https://.";

        return Array.Exists(Written(address), ip => !MayCall(ip)) ? "This address is loopback, private or reserved; nothing is sent there." : null;
    }

    /// <summary>The client that webhooks are sent with: it looks where a name leads, refuses, and connects to just what it looked at.</summary>
    public HttpMessageHandler CreateHandler()
    {
        var policy = new AntiSSRFPolicy(PolicyConfigOptions.ExternalOnlyLatest) { AllowPlainTextHttp = _options.AllowHttp, AddXFFHeader = false };
        policy.AddDeniedAddresses(OldForms);
        policy.AddAllowedAddresses(_options.AllowedNetworks);
        var handler = policy.GetHandler();
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.ConnectTimeout = TimeSpan.FromSeconds(5);
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
        handler.ResponseDrainTimeout = TimeSpan.FromSeconds(1);
        return handler;
    }

    private bool MayCall(IPAddress address) => Array.Exists(_allowed, n => n.Contains(address)) || !Array.Exists(Refused, n => n.Contains(address));

    /// <summary>The addresses that stand in a URL; none where it has a name.</summary>
    private static IPAddress[] Written(Uri address) =>
        address.IsLoopback ? [IPAddress.Loopback]
        : !IPAddress.TryParse(address.IdnHost, out var ip) ? []
        : ip.IsIPv4MappedToIPv6 ? [ip.MapToIPv4()] : [ip];

    private static IPNetwork Parse(string network) => IPNetwork.Parse(network.Contains('/', StringComparison.Ordinal) ? network : $"{network}/{(network.Contains(':', StringComparison.Ordinal) ? 128 : 32)}");
}
