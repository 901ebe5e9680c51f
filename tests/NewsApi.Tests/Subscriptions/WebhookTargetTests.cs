using System.Net;
using System.Net.Sockets;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Subscriptions;

/// <summary>What is not allowed is not called, however its address is written and wherever a name leads.</summary>
public sealed class WebhookTargetTests : IAsyncLifetime
{
    /// <summary>Written so that it is loopback, private, link-local, shared, reserved or a form that hides one of them.</summary>
    private static readonly string[] Hosts =
    [
        "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "①②⑦.⓪.⓪.①", "127。0。0。1",
        "localhost", "LOCALHOST", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
        "0.0.0.0", "0", "[::]", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1", "192.0.0.8", "198.18.0.1", "224.0.0.1",
        "255.255.255.255", "[fe80::1]", "[fc00::1]", "[fd12:3456::1]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]", "[64:ff9b:1::a00:1]",
    ];

    private readonly TcpListener _trap = new(IPAddress.IPv6Any, 0);

    private int Port => ((IPEndPoint)_trap.LocalEndpoint).Port;

    public static TheoryData<string> WrittenForms() => [.. Hosts];

    [Theory]
    [MemberData(nameof(WrittenForms))]
    public async Task An_address_that_is_written_so_is_refused_at_once(string host)
    {
        await using var api = new Api(("Webhooks:AllowHttp", "true"));
        foreach (var scheme in (string[])["http", "https"])
            await api.Editor.PostJson("/v1/subscriptions", $$"""{"webhookUrl":"{{scheme}}://{{host}}:{{Port}}/"}""").IsRefusedAt(422, "/webhookUrl");

        Assert.False(_trap.Pending());
    }

    [Fact]
    public async Task A_name_that_leads_here_is_refused_when_it_is_called()
    {
        await using var api = new Api(("Webhooks:AllowHttp", "true"));
        var here = Dns.GetHostName();
        Assert.SkipWhen((await Dns.GetHostAddressesAsync(here, TestContext.Current.CancellationToken)).Length == 0, "This machine's name leads nowhere");
        var id = (await api.Editor.Subscribe($"http://{here}:{Port}/")).Id();

        await Sending.Eventually(async () => (await api.Editor.Deliveries(id)).Exists(d => d["lastError"] is not null), "it was tried");

        Assert.Equal("addressRefused", Assert.Single(await api.Editor.Deliveries(id)).Text("lastError"));
        Assert.False(_trap.Pending());
    }

    [Fact]
    public async Task What_was_allowed_when_it_was_made_is_refused_when_it_is_not_any_more()
    {
        using var folder = new TestFolder();
        string id;
        await using (var before = new Api(null, folder, ("Webhooks:AllowHttp", "true"), ("Webhooks:AllowedNetworks:0", "127.0.0.0/8")))
        {
            id = (await before.Editor.Subscribe($"http://127.0.0.1:{Port}/", ""","active":false""")).Id();
        }

        await using var api = new Api(null, folder, ("Webhooks:AllowHttp", "true"));
        using (var tables = Storage.StoredTables.Of(api))
        {
            tables.Execute($"UPDATE subscriptions SET is_active = {(TestDatabase.IsPostgres ? "true" : "1")}");
        }

        await api.Article("Eins");
        await Sending.Eventually(async () => (await api.Editor.Deliveries(id)).Exists(d => d["lastError"] is not null), "it was tried");
        Assert.Equal("addressRefused", Assert.Single(await api.Editor.Deliveries(id)).Text("lastError"));
        Assert.False(_trap.Pending());
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var api = new Api(Webhooks.Local);
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(307, ("Location", $"http://127.0.0.1:{Port}/"));
        var id = (await api.Editor.Subscribe(receiver.Url)).Id();

        await receiver.Hears(1);
        await Sending.Eventually(async () => (await api.Editor.Deliveries(id)).Exists(d => d["lastStatus"] is not null), "it was tried");

        var delivery = Assert.Single(await api.Editor.Deliveries(id));
        Assert.Equal((307, "redirect", "pending"), (delivery.Int("lastStatus"), delivery.Text("lastError"), delivery.Text("state")));
        Assert.False(_trap.Pending());
    }

    public ValueTask InitializeAsync()
    {
        _trap.Server.DualMode = true;
        _trap.Start();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _trap.Dispose();
        return ValueTask.CompletedTask;
    }
}
