using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace NewsApi.Tests.Support;

/// <summary>The real program on Kestrel, with a database of its own that goes with it. Starting one takes milliseconds.</summary>
public sealed class Api : WebApplicationFactory<Program>
{
    public const string Key = "dev-admin-key";

    private readonly Dictionary<string, string?> _settings;
    private readonly TimeProvider? _clock;
    private readonly string _folder;
    private readonly TestFolder? _own;

    /// <param name="settings">Configuration over the defaults, such as <c>("Cache:Megabytes", "0")</c>.</param>
    public Api(params (string Name, string? Value)[] settings)
        : this(null, null, settings)
    {
    }

    /// <param name="clock">The time the program lives in.</param>
    /// <param name="folder">Where the database lies; one that is given outlives the program, so that a test can start it again.</param>
    /// <param name="settings">Configuration over the defaults.</param>
    public Api(TimeProvider? clock, string? folder, params (string Name, string? Value)[] settings)
    {
        _clock = clock;
        _own = folder is null ? new TestFolder() : null;
        _folder = folder ?? _own!;
        _settings = new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Samples:Load"] = "false",
            ["Storage:Synchronous"] = "normal",
            ["Logging:LogLevel:Default"] = "Error",
            ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Error",
        };
        foreach (var (name, value) in TestDatabase.Settings(_folder)) _settings[name] = value;
        foreach (var (name, value) in settings) _settings[name] = value;

        // The port stands among the settings: one that the factory is given races with the start (dotnet/aspnetcore pull request 67714).
        UseKestrel();
        StartServer();
        Anonymous = CreateClient();
        Editor = CreateClient();
        Editor.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    /// <summary>Somebody without a key.</summary>
    public HttpClient Anonymous { get; }

    /// <summary>Somebody who may do everything.</summary>
    public HttpClient Editor { get; }

    public string Folder => _folder;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _own?.Dispose();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(_settings.GetValueOrDefault("Environment") ?? "Development");
        foreach (var (name, value) in _settings) builder.UseSetting(name, value);
        if (_clock is not null) builder.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton(_clock)));
    }
}
