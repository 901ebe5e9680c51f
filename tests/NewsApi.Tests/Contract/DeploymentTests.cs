using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Samples;
using NewsApi.Storage;
using NewsApi.Subscriptions;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract;

/// <summary>What stands in the README, in compose.yaml and in the Dockerfile about the program, held against the program.</summary>
public sealed partial class DeploymentTests
{
    private static readonly string Readme = Read("README.md");
    private static readonly string Compose = Read("compose.yaml");
    private static readonly string Dockerfile = Read("Dockerfile");

    private static readonly Dictionary<string, Type> Sections = new()
    {
        ["Access"] = typeof(AccessOptions),
        ["Cache"] = typeof(CacheOptions),
        ["Samples"] = typeof(SampleOptions),
        ["Service"] = typeof(ServiceOptions),
        ["Storage"] = typeof(StorageOptions),
        ["Webhooks"] = typeof(WebhookOptions),
    };

    public static TheoryData<string> Settings => [.. Sections.SelectMany(s => s.Value.GetProperties().Select(p => $"{s.Key}:{p.Name}"))];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_setting_has_its_row_in_the_README(string setting)
    {
        Assert.Matches($@"(?m)^\| `{setting}[:`]", Readme);
    }

    [Fact]
    public void Every_setting_in_the_README_is_one_the_program_knows()
    {
        var named = SettingRow().Matches(Readme).Select(m => m.Groups[1].Value).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, setting => Assert.Contains(setting, (IEnumerable<string>)["ConnectionStrings:News", .. Settings.Select(s => s.Data)]));
    }

    [Fact]
    public void The_settings_in_compose_are_those_of_a_node_on_PostgreSQL()
    {
        var named = EnvironmentLine().Matches(Compose).ToDictionary(
            m => m.Groups["name"].Value.Replace("__", ":", StringComparison.Ordinal), m => (string?)m.Groups["value"].Value.Trim('"'));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(named).Build();

        Assert.All(named.Keys, name => Assert.Contains(name.Split(':')[0], (IEnumerable<string>)["ConnectionStrings", .. Sections.Keys]));
        _ = NewsApi.Settings.Read<AccessOptions>(configuration, "Access");
        _ = NewsApi.Settings.Read<CacheOptions>(configuration, "Cache");
        Assert.False(NewsApi.Settings.Read<SampleOptions>(configuration, "Samples").Load);
        var storage = NewsApi.Settings.Read<StorageOptions>(configuration, "Storage");
        storage.Check();
        Assert.Equal(StorageOptions.Postgres, storage.Provider);
        using var database = new PostgresDatabase(configuration.GetConnectionString("News"), storage);
        Assert.Contains(" postgres:", database.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_secret_comes_from_outside_and_its_absence_is_told()
    {
        var secrets = SecretLine().Matches(Compose).Select(m => m.Groups["value"].Value).ToList();

        Assert.NotEmpty(secrets);
        Assert.All(secrets, value => Assert.Matches(@"^\$\{\w+:\?.+\}$", value));
        Assert.DoesNotContain("Password=", Compose, StringComparison.Ordinal);
    }

    [Fact]
    public void The_front_sends_to_the_nodes_where_they_listen()
    {
        var port = Regex.Match(Dockerfile, @"ASPNETCORE_URLS=http://\+:(\d+)").Groups[1].Value;
        var servers = Regex.Matches(Compose, @"(?m)^ +server (\S+):(\d+) ").ToList();

        Assert.True(servers.Count > 1, "one machine would be enough");
        Assert.All(servers, server => Assert.Equal(port, server.Groups[2].Value));
        Assert.All(servers, server => Assert.Matches($"(?m)^  {server.Groups[1].Value}:$", Compose));
        Assert.Contains($"EXPOSE {port}\n", Dockerfile, StringComparison.Ordinal);
    }

    [Fact]
    public void The_front_lets_a_body_through_that_the_nodes_refuse()
    {
        var megabytes = int.Parse(Regex.Match(Compose, @"client_max_body_size (\d+)m;").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

        Assert.True(megabytes * 1_048_576 > App.BodyLimit);
    }

    [Fact]
    public void What_the_front_answers_itself_is_a_problem_as_the_nodes_have_it()
    {
        var answers = Regex.Matches(Compose, @"return (\d{3}) '(.+)';").ToList();

        Assert.NotEmpty(answers);
        foreach (var answer in answers)
        {
            var problem = JsonSerializer.Deserialize(answer.Groups[2].Value, WireJson.Default.Problem)!;
            Assert.Equal((answer.Groups[1].Value, $"urn:newsapi:problem:{problem.Code}"), ($"{problem.Status}", problem.Type));
        }
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"(?m)^\| `([A-Z][A-Za-z]+:[A-Za-z]+)[:`]")]
    private static partial Regex SettingRow();

    [GeneratedRegex(@"(?m)^ +(?<name>[A-Za-z]+__\w+): (?<value>.+)$")]
    private static partial Regex EnvironmentLine();

    [GeneratedRegex(@"(?m)^ +(\w*PASSWORD|\w*KeyHashes\w*): (?<value>.+)$")]
    private static partial Regex SecretLine();
}
