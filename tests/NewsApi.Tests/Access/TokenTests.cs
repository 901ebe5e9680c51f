using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NewsApi.Tests.Storage;
using NewsApi.Tests.Subscriptions;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Access;

/// <summary>JSON Web Tokens in the place of keys, signed here as an issuer would.</summary>
public sealed class TokenTests : IAsyncDisposable
{
    private const string Issuer = "https://login.example";
    private const string Audience = "newsapi";

    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly ECDsa Ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-01-02T08:00:00Z", System.Globalization.CultureInfo.InvariantCulture);

    private readonly TestClock _clock = new(Now);
    private readonly Api _api;

    public TokenTests() => _api = new Api(
        _clock, null, ("Access:Tokens:Issuer", Issuer), ("Access:Tokens:Audience", Audience), ("Access:Tokens:SigningKeys", KeySet(PublicRsa(Rsa, "rsa"), PublicEcdsa(Ecdsa, "ec"))));

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task A_good_token_is_as_good_as_a_key(string algorithm)
    {
        var token = Sign(Claims("anna@example.org", "openid content:write content:preview nonsense"), algorithm);
        var client = _api.With(token);

        var me = await client.GetObject("/v1/me");
        Assert.Equal("anna@example.org", me.Text("name"));
        Assert.Equal(["content:preview", "content:write"], me["scopes"]!.AsArray().Select(s => s!.GetValue<string>()));
        Assert.Equal("2026-01-02T09:00:00.000Z", me.Text("expiresAt"));
        Assert.Null(me["prefix"]);
        await client.PostJson("/v1/articles", """{"headline":"a"}""").Answers(HttpStatusCode.Created);
        await client.PostJson("/v1/people", """{"name":"a"}""").IsRefused(403, "scopeRequired");
        using (var tables = StoredTables.Of(_api)) Assert.Equal(["anna@example.org"], tables.Rows("SELECT saved_by FROM revisions", r => r.GetString(0)));
        _clock.Now += TimeSpan.FromHours(1);
        await client.Get("/v1/articles").IsRefused(401, "unauthorized");
    }

    [Fact]
    public async Task Scopes_may_be_an_array_and_claims_have_the_names_of_the_settings()
    {
        await using var api = new Api(
            _clock, null, ("Access:Tokens:Issuer", Issuer), ("Access:Tokens:Audience", Audience), ("Access:Tokens:SigningKeys", KeySet(PublicRsa(Rsa, "rsa"))),
            ("Access:Tokens:ScopeClaim", "permissions"), ("Access:Tokens:NameClaim", "email"));
        var claims = Claims("sub", "admin");
        claims["permissions"] = new JsonArray("content:read", "people:write");
        claims["email"] = "anna@example.org";

        var me = await api.With(Sign(claims, "RS256")).GetObject("/v1/me");

        Assert.Equal("anna@example.org", me.Text("name"));
        Assert.Equal(["content:read", "people:write"], me["scopes"]!.AsArray().Select(s => s!.GetValue<string>()));
        claims.Remove("email");
        await api.With(Sign(claims, "RS256")).Get("/v1/me").IsRefused(401);
    }

    [Fact]
    public async Task A_token_has_no_subscriptions_even_by_the_name_of_a_key()
    {
        var id = (await _api.Editor.Subscribe("https://partner.example/", ""","active":false""")).Id();
        var holder = _api.With(Sign(Claims("development", "sync:read"), "RS256"));

        Assert.Empty((await holder.GetObject("/v1/subscriptions"))["items"]!.AsArray());
        await holder.Get($"/v1/subscriptions/{id}").IsRefused(404);
        await holder.Send(HttpMethod.Post, $"/v1/subscriptions/{id}/rotate", null).IsRefused(404);
        await holder.PostJson("/v1/subscriptions", """{"webhookUrl":"https://partner.example/"}""").IsRefused(403);
    }

    [Fact]
    public async Task Every_bad_token_has_the_answer_of_a_bad_key()
    {
        using var stranger = RSA.Create(2048);
        var good = Sign(Claims("anna", "admin"), "RS256");
        var parts = good.Split('.');
        var body = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));
        var publicKey = Encoding.UTF8.GetBytes(Rsa.ExportSubjectPublicKeyInfoPem());
        var bad = new Dictionary<string, string>
        {
            ["signed by a stranger"] = Sign(Claims("anna", "admin"), "RS256", new RsaSecurityKey(stranger) { KeyId = "rsa" }),
            ["signed by a stranger with a new name"] = Sign(Claims("anna", "admin"), "RS256", new RsaSecurityKey(stranger) { KeyId = "other" }),
            ["another algorithm of the right key"] = Sign(Claims("anna", "admin"), "RS512"),
            ["no signature"] = $"{Encoded("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            ["no signature, with the old one"] = $"{Encoded("""{"alg":"none"}""")}.{parts[1]}.{parts[2]}",
            ["cut off"] = $"{parts[0]}.{parts[1]}.",
            ["the public key as a shared secret"] = Shared(parts[1], publicKey, "rsa"),
            ["the key set as a shared secret"] = Shared(parts[1], Encoding.UTF8.GetBytes(KeySet(PublicRsa(Rsa, "rsa"))), "rsa"),
            ["another body"] = $"{parts[0]}.{Encoded(body.Replace("anna", "otto", StringComparison.Ordinal))}.{parts[2]}",
            ["a key of its own in the head"] = Sign(Claims("anna", "admin"), "RS256", new RsaSecurityKey(stranger) { KeyId = "x" }, new() { ["jwk"] = JsonNode.Parse(PublicRsa(stranger, "x"))!.ToJsonString() }),
            ["expired"] = Sign(With("exp", Now.AddMinutes(-5).ToUnixTimeSeconds()), "RS256"),
            ["ends now"] = Sign(With("exp", Now.ToUnixTimeSeconds()), "RS256"),
            ["without an end"] = Sign(With("exp", null), "RS256"),
            ["not yet"] = Sign(With("nbf", Now.AddMinutes(30).ToUnixTimeSeconds()), "RS256"),
            ["for others"] = Sign(With("aud", "others"), "RS256"),
            ["for nobody"] = Sign(With("aud", null), "RS256"),
            ["of others"] = Sign(With("iss", "https://evil.example"), "RS256"),
            ["of nobody"] = Sign(With("iss", null), "RS256"),
            ["without a name"] = Sign(With("sub", null), "RS256"),
            ["with a blank name"] = Sign(With("sub", " "), "RS256"),
            ["no token at all"] = "a.b.c",
        };

        var answers = new HashSet<string>();
        foreach (var (what, token) in bad)
        {
            // Nobody may try so many at once.
            _clock.Now += TimeSpan.FromSeconds(4);
            using var response = await _api.With(token).Get("/v1/articles");
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{what}: {response.StatusCode}");
            answers.Add((await response.Problem(401, "unauthorized")).Text("detail"));
        }

        answers.Add((await _api.With("wrong").Get("/v1/articles").IsRefused(401)).Text("detail"));
        Assert.Single(answers);
        await _api.With(good).GetObject("/v1/me");
        await _api.Anonymous.Get("/v1/me", ("X-Api-Key", good)).IsRefused(401);
    }

    [Fact]
    public async Task Where_no_tokens_are_taken_none_is_good()
    {
        await using var api = new Api(_clock, null);

        await api.With(Sign(Claims("anna", "admin"), "RS256")).Get("/v1/articles").IsRefused(401, "unauthorized");
    }

    [Fact]
    public async Task A_link_made_with_a_token_opens_its_article()
    {
        var editor = _api.With(Sign(Claims("anna", "content:write content:preview"), "ES256"));
        var draft = await editor.PostJson("/v1/articles", """{"headline":"Entwurf"}""").Answers(HttpStatusCode.Created);
        var link = await editor.PostJson($"/v1/articles/{draft.Id()}/preview-links", "{}").Answers(HttpStatusCode.Created);
        _clock.Now += TimeSpan.FromHours(2);

        Assert.Equal("Entwurf", (await _api.Anonymous.GetObject(link.Text("url"))).Text("headline"));
    }

    [Fact]
    public async Task The_keys_of_an_authority_are_fetched_and_new_ones_are_found()
    {
        using var next = RSA.Create(2048);
        var keys = KeySet(PublicRsa(Rsa, "rsa"));
        await using var authority = await Authority.StartAsync(() => keys);
        await using var api = new Api(_clock, null, ("Access:Tokens:Authority", authority.Address), ("Access:Tokens:Audience", Audience));
        var claims = Claims("anna", "content:read");
        claims["iss"] = authority.Address;
        await api.With(Sign(claims, "RS256")).GetObject("/v1/me");
        await api.With(Sign(Claims("anna", "content:read"), "RS256")).Get("/v1/me").IsRefused(401);

        keys = KeySet(PublicRsa(next, "next"));
        var client = api.With(Sign(claims, "RS256", new RsaSecurityKey(next) { KeyId = "next" }));
        await Sending.Eventually(
            async () =>
            {
                _clock.Now += TimeSpan.FromSeconds(10);
                return await client.StatusOf("/v1/me") == HttpStatusCode.OK;
            },
            "the new key is known");
    }

    [Fact]
    public async Task While_an_authority_is_away_nobody_gets_in_and_it_is_said_why()
    {
        await using var api = new Api(_clock, null, ("Access:Tokens:Authority", "http://127.0.0.1:9"), ("Access:Tokens:Audience", Audience));

        var problem = await api.With(Sign(Claims("anna", "admin"), "RS256")).Get("/v1/articles").IsRefused(503, "unavailable");

        Assert.DoesNotContain("127.0.0.1", problem.ToJsonString(), StringComparison.Ordinal);
        await api.Editor.GetObject("/v1/me");
        await api.Anonymous.GetObject("/v1/articles");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static JsonObject Claims(string subject, string scopes) => new()
    {
        ["iss"] = Issuer,
        ["aud"] = Audience,
        ["sub"] = subject,
        ["scope"] = scopes,
        ["iat"] = Now.ToUnixTimeSeconds(),
        ["exp"] = Now.AddHours(1).ToUnixTimeSeconds(),
    };

    private static JsonObject With(string claim, JsonNode? value)
    {
        var claims = Claims("anna", "admin");
        if (value is null) claims.Remove(claim);
        else claims[claim] = value;
        return claims;
    }

    private static string Sign(JsonObject claims, string algorithm, SecurityKey? key = null, Dictionary<string, object>? head = null)
    {
        key ??= algorithm.StartsWith('E') ? new ECDsaSecurityKey(Ecdsa) { KeyId = "ec" } : new RsaSecurityKey(Rsa) { KeyId = "rsa" };
        var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        var signing = new SigningCredentials(key, algorithm);
        return head is null ? handler.CreateToken(claims.ToJsonString(), signing) : handler.CreateToken(claims.ToJsonString(), signing, head);
    }

    private static string Shared(string body, byte[] secret, string kid)
    {
        var signed = $"{Encoded($$"""{"alg":"HS256","typ":"JWT","kid":"{{kid}}"}""")}.{body}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encoded(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string KeySet(params string[] keys) => $$"""{"keys":[{{string.Join(',', keys)}}]}""";

    private static string PublicRsa(RSA rsa, string id)
    {
        var key = rsa.ExportParameters(false);
        return JsonSerializer.Serialize(new { kty = "RSA", use = "sig", kid = id, n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) });
    }

    private static string PublicEcdsa(ECDsa ecdsa, string id)
    {
        var key = ecdsa.ExportParameters(false);
        return JsonSerializer.Serialize(new { kty = "EC", crv = "P-256", use = "sig", kid = id, x = Base64Url.EncodeToString(key.Q.X), y = Base64Url.EncodeToString(key.Q.Y) });
    }

    /// <summary>Tells of itself as OpenID Connect wants it.</summary>
    private sealed class Authority(WebApplication app) : IAsyncDisposable
    {
        public string Address => app.Urls.Single();

        public static async Task<Authority> StartAsync(Func<string> keys)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var app = builder.Build();
            app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = app.Urls.Single(), jwks_uri = $"{app.Urls.Single()}/keys" }));
            app.MapGet("/keys", () => Results.Text(keys(), "application/json"));
            await app.StartAsync(TestContext.Current.CancellationToken);
            return new Authority(app);
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
