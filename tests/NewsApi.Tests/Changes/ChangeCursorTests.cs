using System.Buffers.Text;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using NewsApi.Changes;
using NewsApi.Storage;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Changes;

public sealed class ChangeCursorTests
{
    [Theory]
    [InlineData("0000000000000000", 0, null, null)]
    [InlineData("00ff00ff12345678", 1, "0123456789abcdef", null)]
    [InlineData("00ff00ff12345678", 1, null, 7)]
    [InlineData("ffffffffffffffff", long.MaxValue, "ffffffffffffffff", int.MaxValue)]
    public async Task A_cursor_is_read_as_it_was_written(string epoch, long position, string? licence, int? walk)
    {
        await using var api = new Api();
        var cursors = Cursors(api);
        var text = cursors.Write(new ChangeCursor(epoch, position, licence, walk));

        var problem = cursors.Read(text, "cursor", null, out var read);

        Assert.Equal(licence is null ? null : "scopeChanged", problem?.Code);
        Assert.Equal(new ChangeCursor(epoch, position, licence, walk), read);
    }

    [Fact]
    public async Task A_cursor_nobody_signed_is_gone()
    {
        await using var api = new Api();
        await api.Person("Marco Rubio");
        var bytes = Base64Url.DecodeFromChars((await api.Anonymous.GetObject("/v1/changes")).Text("nextCursor"));

        for (var i = 2; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            await api.Anonymous.Get($"/v1/changes?cursor={Base64Url.EncodeToString(bytes)}").IsRefused(410, "cursorExpired");
            bytes[i] ^= 1;
        }

        await api.Anonymous.GetObject($"/v1/changes?cursor={Base64Url.EncodeToString(bytes)}");
    }

    [Fact]
    public async Task A_cursor_of_another_database_is_gone()
    {
        await using var one = new Api();
        await using var other = new Api();
        foreach (var api in (Api[])[one, other]) await api.Person("Marco Rubio");
        var cursor = (await one.Anonymous.GetObject("/v1/changes")).Text("nextCursor");

        var problem = await other.Anonymous.Get($"/v1/changes?cursor={cursor}").IsRefused(410, "cursorExpired");

        Assert.Equal(["cursor"], problem.Places());
        Assert.Contains("without a cursor", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Single((await other.Anonymous.GetObject("/v1/changes"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_cursor_ahead_of_the_feed_is_gone()
    {
        await using var api = new Api();
        await api.Person("Marco Rubio");
        var cursor = (await api.Anonymous.GetObject("/v1/changes")).Text("nextCursor");
        Assert.Null(Cursors(api).Read(cursor, "cursor", null, out var head));

        foreach (var position in (long[])[head.Position + 1, long.MaxValue])
            await api.Anonymous.Get($"/v1/changes?cursor={Cursors(api).Write(head with { Position = position })}").IsRefused(410, "cursorExpired");
    }

    [Fact]
    public async Task A_cursor_outlives_a_restart()
    {
        using var folder = new TestFolder();
        string cursor;
        await using (var api = new Api(null, folder)) cursor = (await api.Anonymous.GetObject("/v1/changes")).Text("nextCursor");

        await using var again = new Api(null, folder);
        await again.Person("Marco Rubio");
        Assert.Single((await again.Anonymous.GetObject($"/v1/changes?cursor={cursor}"))["items"]!.AsArray());
    }

    [Fact]
    public async Task What_is_no_cursor_is_refused_by_name()
    {
        await using var api = new Api();
        for (var i = 0; i < 2; i++) await api.Article($"A{i}");
        var cursor = (await api.Anonymous.GetObject("/v1/changes")).Text("nextCursor");
        var ofList = (await api.Anonymous.GetObject("/v1/articles?limit=1")).Text("nextCursor");
        string[] garbage =
        [
            "x", "0", "-1", "1", "null", "%20", "%00", "%F0%9F%98%80", "%2B%2F%3D", "' OR 1=1 --", ofList, cursor[1..], cursor[..^1], cursor + "A", cursor + "=", cursor + "%20",
            cursor + cursor, "C" + cursor[1..], cursor.Replace(cursor[5], '*'), new string('A', cursor.Length), new string('A', 5_000), $"{cursor}&cursor={cursor}",
        ];

        foreach (var text in garbage)
        {
            var problem = await api.Anonymous.Get($"/v1/changes?cursor={text}").IsRefused(400, "invalidParameter");
            Assert.Equal(["cursor"], problem.Places());
        }
    }

    [Fact]
    public async Task No_bytes_bring_the_feed_down()
    {
        await using var api = new Api();
        await api.Person("Marco Rubio");
        var cursor = Base64Url.DecodeFromChars((await api.Anonymous.GetObject("/v1/changes")).Text("nextCursor"));
        var random = new Random(20_260_106);
        var seen = new HashSet<HttpStatusCode>();
        for (var i = 0; i < 600; i++)
        {
            var bytes = new byte[i % 3 == 0 ? random.Next(40) : cursor.Length];
            random.NextBytes(bytes);
            if (i % 3 == 1) bytes[0] = cursor[0];
            if (i % 3 == 2)
            {
                cursor.CopyTo(bytes, 0);
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            var status = await api.Anonymous.StatusOf($"/v1/changes?cursor={Base64Url.EncodeToString(bytes)}");
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.Gone, $"{status} for {Convert.ToHexString(bytes)}");
            seen.Add(status);
        }

        Assert.Superset(new HashSet<HttpStatusCode> { HttpStatusCode.BadRequest, HttpStatusCode.Gone }, seen);
    }

    [Fact]
    public async Task Entries_written_before_there_was_a_feed_are_told()
    {
        using var folder = new TestFolder();
        var file = $"Data Source={Path.Combine(folder, "news.db")};Pooling=false";
        await using (var old = new SqliteNewsDbContext(SqliteDatabase.Options(file)))
        {
            await old.GetService<IMigrator>().MigrateAsync("Initial", TestContext.Current.CancellationToken);
            await old.Database.ExecuteSqlRawAsync(
                """
                INSERT INTO changes (position, type, id, operation, reason, version, changed_at, slug, content_hash)
                VALUES (1, 'person', '019ad8b6-137e-7251-afc2-c4161515f762', 'upsert', 'published', 1, 1767261600000, 'rustem-umjerow', 'abc');
                UPDATE heads SET position = 1 WHERE name = 'public'
                """,
                TestContext.Current.CancellationToken);
        }

        await using var api = new Api(new TestClock(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero)), folder, ("Storage:Provider", "Sqlite"), ("Storage:MigrateAtStart", "true"), ("ConnectionStrings:News", file));
        await api.Person("Marco Rubio");

        var page = await api.Anonymous.GetObject("/v1/changes");
        Assert.Equal(["1", "2"], page.Each("position"));
        var entry = page["items"]![0]!.AsObject();
        Assert.True(entry.Remove("cursor"));
        Assert.Equal(
            """{"position":"1","type":"person","id":"019ad8b6-137e-7251-afc2-c4161515f762","operation":"upsert","reason":"published","version":1,"changedAt":"2026-01-01T10:00:00.000Z","slug":"rustem-umjerow","externalIds":[],"contentHash":"abc"}""",
            entry.ToJsonString());
    }

    private static ChangeCursors Cursors(Api api) => api.Services.GetRequiredService<ChangeCursors>();
}
