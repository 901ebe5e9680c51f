using System.Text.Json;
using NewsApi.Access;
using NewsApi.Http;

namespace NewsApi.Tests.Access;

/// <summary>What is one licence, and what is another.</summary>
public sealed class LicenceTests
{
    [Theory]
    [InlineData("""{"sections":["sport","politik"]}""", """{"sections":["politik","sport"]}""")]
    [InlineData("""{"languages":["de-AT","IT"]}""", """{"languages":["it","de-at"]}""")]
    [InlineData("""{"sources":[{"name":"APA","level":"full"},{"name":"*","level":"teaser"}]}""", """{"sources":[{"name":"*","level":"teaser"},{"name":"apa","level":"full"}]}""")]
    public void The_same_licence_has_one_fingerprint_however_it_is_written(string one, string other) => Assert.Equal(Read(one).Fingerprint, Read(other).Fingerprint);

    [Fact]
    public void Different_licences_have_different_fingerprints()
    {
        string[] licences =
        [
            """{"sections":["politik"]}""", """{"languages":["politik"]}""", """{"sections":["politik","sport"]}""", """{"sections":["politik-sport"]}""",
            """{"sections":["politik"],"languages":["de"]}""", """{"sources":[{"name":"APA","level":"full"}]}""", """{"sources":[{"name":"APA","level":"teaser"}]}""",
            """{"sources":[{"name":"APA","level":"full"},{"name":"*","level":"full"}]}""",
        ];

        Assert.Distinct(licences.Select(l => Read(l).Fingerprint));
        Assert.All(licences, l => Assert.Matches("^[0-9a-f]{16}$", Read(l).Fingerprint));
    }

    private static Licence Read(string json) => JsonSerializer.Deserialize(json, WireJson.Default.Licence)!;
}
