using System.Text;
using NewsApi.Subscriptions;

namespace NewsApi.Tests.Subscriptions;

public sealed class WebhookSignatureTests
{
    /// <summary>The vector of the specification's own libraries.</summary>
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_614_265_330);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");

    [Fact]
    public void The_published_vector_is_signed_as_published() => Assert.Equal(Signature, WebhookSignature.Sign(Id, At, Body, Secret));

    [Fact]
    public void Two_secrets_make_two_signatures()
    {
        var other = WebhookSignature.NewSecret();

        Assert.Equal($"{WebhookSignature.Sign(Id, At, Body, other)} {Signature}", WebhookSignature.Sign(Id, At, Body, other, Secret));
    }

    [Fact]
    public void Everything_that_is_sent_is_signed()
    {
        string[] made =
        [
            Signature,
            WebhookSignature.Sign(Id + "x", At, Body, Secret),
            WebhookSignature.Sign(Id, At.AddSeconds(1), Body, Secret),
            WebhookSignature.Sign(Id, At, [.. Body, (byte)' '], Secret),
            WebhookSignature.Sign(Id, At, Body, WebhookSignature.NewSecret()),
        ];

        Assert.Distinct(made);
        Assert.Equal(Signature, WebhookSignature.Sign(Id, At.AddMilliseconds(999), Body, Secret));
    }

    [Fact]
    public void A_secret_is_256_random_bits_and_no_two_are_the_same()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => WebhookSignature.NewSecret()).ToList();

        Assert.Distinct(secrets);
        Assert.All(secrets, secret => Assert.Equal(32, Convert.FromBase64String(secret["whsec_".Length..]).Length));
    }
}
