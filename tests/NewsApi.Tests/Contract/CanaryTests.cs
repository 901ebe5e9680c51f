using System.Text;
using System.Text.RegularExpressions;
using NewsApi.Tests.Access;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract;

/// <summary>
/// What is not public leaves by no door of the document: not by what is answered, and not by how. Each question for a secret is asked again
/// for one that there is not, and nobody can tell the answers apart.
/// </summary>
public sealed partial class CanaryTests(CanaryTests.Content content) : IClassFixture<CanaryTests.Content>
{
    public static TheoryData<string> Names => ["anonymous", "reader", "partner"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_read_says_a_word_of_what_is_not_public(string reader)
    {
        var asked = 0;
        foreach (var ask in content.Walk.Reads().Concat(content.Walk.LongReads()))
        {
            await content.Readers[reader].AskAsync(ask);
            asked++;
        }

        Assert.True(asked > 1_000, $"only {asked} questions were found");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_write_that_is_refused_says_nothing_of_what_is_there(string reader)
    {
        foreach (var ask in content.Walk.Writes())
        {
            // A batch takes its key for itself, and would refuse the second one altogether.
            (string, string)[] headers = [("If-Match", "*"), ("Idempotency-Key", content.Room.Of("idempotencyKey")[0])];
            var status = await content.Readers[reader].AskAsync(ask, ask.Address == "/v1/batch" ? headers[..1] : headers);

            // A batch is open to every key, and each of its jobs is refused.
            var isBatch = ask.Address == "/v1/batch" && reader != "anonymous" && status is 200 or 400 or 422;

            // With its key a partner has subscriptions of its own, and none by these names.
            var isOwn = ask.Address.StartsWith("/v1/subscriptions", StringComparison.Ordinal) && reader == "partner" && status is 400 or 404 or 422;
            Assert.True(isBatch || isOwn || status == (reader == "anonymous" ? 401 : 403) || (status is 415 && ask.Body is null) || (status is 404 && ask.Address.StartsWith("/v1/keys/", StringComparison.Ordinal)), $"{status} for {ask}");
        }
    }

    [Fact]
    public async Task No_read_tells_the_holder_of_a_licence_what_is_outside_of_it()
    {
        var clock = new TestClock(Content.Now);
        await using var api = new Api(clock, null);
        var room = new CanaryNewsroom(api, clock);
        await room.PublishAsync(secretly: true);
        await room.PublishOutsideAsync();
        await room.HandOutKeysAsync();
        var partner = new CanaryReader(await api.Holder(["content:read", "sync:read"], ""","licence":{"sections":["politik"]}"""), room);

        foreach (var ask in (await DocumentWalk.OfAsync(api, room)).Reads()) await partner.AskAsync(ask);

        Assert.Contains("kanari", (await api.Anonymous.GetObject("/v1/articles?section=ausland")).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newsroom_sees_every_word_of_it()
    {
        var seen = new StringBuilder();
        foreach (var address in (string[])
            [
                "/v1/articles?perspective=preview&view=full&limit=200", "/v1/people?perspective=preview&limit=200", "/v1/events?perspective=preview&limit=200",
                .. content.Room.HiddenIds.SelectMany(id => (string[])[$"/v1/events/{id}/history?perspective=preview", $"/v1/keys/{id}"]),
            ])
        {
            using var answer = await content.Api.Editor.Get(address);
            seen.Append(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        var members = content.Room.Texts.Where(t => t.Value.All(text => !seen.ToString().Contains(CanaryReader.Canaries(text)[0], StringComparison.Ordinal))).Select(t => t.Key);
        Assert.Empty(members.Except(["note", "was", "now", "idempotencyKey"]));
    }

    [Fact]
    public async Task Two_newsrooms_that_publish_the_same_answer_alike_whatever_they_keep_to_themselves()
    {
        var clock = new TestClock(Content.Now);
        var address = ("Service:PublicUrl", "https://news.example");
        await using var open = new Api(clock, null, address);
        await using var secretive = new Api(clock, null, address);
        var (plain, room) = (new CanaryNewsroom(open, clock), new CanaryNewsroom(secretive, clock));
        await plain.PublishAsync(secretly: false);
        await room.PublishAsync(secretly: true, plain.PublicIds);
        await room.HandOutKeysAsync();

        var walk = await DocumentWalk.OfAsync(secretive, room);
        foreach (var ask in walk.Reads().Concat(walk.LongReads()))
        {
            using var one = await open.Anonymous.SendAsync(ask.Message(), TestContext.Current.CancellationToken);
            using var other = await secretive.Anonymous.SendAsync(ask.Message(), TestContext.Current.CancellationToken);
            var (expected, said) = (await SaidAsync(one, ask), await SaidAsync(other, ask));
            Assert.True(expected == said, $"{ask} says\n{said}\nand not\n{expected}");
        }

        // A cursor of the feed names its database, and so does its entity tag.
        static async Task<string> SaidAsync(HttpResponseMessage answer, Ask ask) =>
            ((string[])["/v1/changes", "/v1/exports", "/v1/sync"]).Any(start => ask.Address.StartsWith(start, StringComparison.Ordinal))
                ? FeedPattern().Replace(await CanaryReader.SayAsync(answer), "")
                : await CanaryReader.SayAsync(answer);
    }

    [GeneratedRegex("\"(nextCursor|cursor)\":\"[^\"]*\"|ETag: [^\n]*|Link: [^\n]*|Changes-Cursor: [^\n]*")]
    private static partial Regex FeedPattern();

    public sealed class Content : IAsyncLifetime
    {
        internal static readonly DateTimeOffset Now = new(2026, 1, 2, 10, 0, 0, TimeSpan.Zero);

        private readonly TestClock _clock = new(Now);

        public Content()
        {
            Api = new Api(_clock, null);
            Room = new CanaryNewsroom(Api, _clock);
        }

        public Api Api { get; }

        internal CanaryNewsroom Room { get; }

        internal DocumentWalk Walk { get; private set; } = null!;

        internal Dictionary<string, CanaryReader> Readers { get; } = [];

        public async ValueTask InitializeAsync()
        {
            await Room.PublishAsync(secretly: true);
            await Room.TakeBackAsync();
            await Room.HandOutKeysAsync();
            Walk = await DocumentWalk.OfAsync(Api, Room);
            Readers["anonymous"] = new CanaryReader(Api.Anonymous, Room);
            Readers["reader"] = new CanaryReader(await Api.Holder(["content:read"]), Room);
            Readers["partner"] = new CanaryReader(await Api.Holder(["content:read", "sync:read"]), Room);
        }

        public ValueTask DisposeAsync() => Api.DisposeAsync();
    }
}
