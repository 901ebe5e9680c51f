using NewsApi.Events;
using NewsApi.Http;

namespace NewsApi.Tests.Events;

public sealed class EventTimeTests
{
    private const string Paris = "Europe/Paris";

    [Theory]
    [InlineData("2026", "year", "2025-12-31T23:00:00.000Z", "2026-12-31T22:59:59.999Z")]
    [InlineData("2026-01", "month", "2025-12-31T23:00:00.000Z", "2026-01-31T22:59:59.999Z")]
    [InlineData("2026-03", "month", "2026-02-28T23:00:00.000Z", "2026-03-31T21:59:59.999Z")]
    [InlineData("2026-01-06", "day", "2026-01-05T23:00:00.000Z", "2026-01-06T22:59:59.999Z")]
    [InlineData("2026-07-06", "day", "2026-07-05T22:00:00.000Z", "2026-07-06T21:59:59.999Z")]
    [InlineData("2026-03-29", "day", "2026-03-28T23:00:00.000Z", "2026-03-29T21:59:59.999Z")]
    [InlineData("2024-02-29", "day", "2024-02-28T23:00:00.000Z", "2024-02-29T22:59:59.999Z")]
    [InlineData("2026-01-06T15:00", "minute", "2026-01-06T14:00:00.000Z", "2026-01-06T14:00:59.999Z")]
    [InlineData("2026-07-06T15:00", "minute", "2026-07-06T13:00:00.000Z", "2026-07-06T13:00:59.999Z")]
    public void The_value_says_how_precise_it_is_and_which_instants_it_can_mean(string value, string precision, string earliest, string latest)
    {
        var time = Read(value, Paris);

        Assert.Equal((value, precision, Paris), (time.Value, time.Precision, time.TimeZone));
        Assert.Equal((earliest, latest), (Instants.Format(time.Earliest), Instants.Format(time.Latest)));
    }

    [Fact]
    public void Without_a_zone_the_value_is_meant_where_the_house_is() => Assert.Equal("Europe/Rome", Read("2026-01-06", null).TimeZone);

    [Theory]
    [InlineData("2026-01-06T14:00:00Z", Paris, "2026-01-06T15:00")]
    [InlineData("2026-01-06T14:00Z", Paris, "2026-01-06T15:00")]
    [InlineData("2026-01-06T16:00:00+02:00", Paris, "2026-01-06T15:00")]
    [InlineData("2026-01-06T16:00:00.000+02:00", "Europe/Kyiv", "2026-01-06T16:00")]
    [InlineData("2025-12-31T23:30:00Z", "Asia/Tokyo", "2026-01-01T08:30")]
    [InlineData("2026-01-06T15:00:59", Paris, "2026-01-06T15:00")]
    [InlineData("2026-01-06T15:00:59.999", Paris, "2026-01-06T15:00")]
    public void An_instant_becomes_wall_time_cut_at_the_minute(string value, string zone, string wall)
    {
        var time = Read(value, zone);

        Assert.Equal((wall, "minute"), (time.Value, time.Precision));
        Assert.Equal(0, time.Earliest.Second);
    }

    [Theory]
    [InlineData("2025-10-26T02:30+02:00", "2025-10-26T02:30+02:00", "2025-10-26T00:30:00.000Z")]
    [InlineData("2025-10-26T02:30+01:00", "2025-10-26T02:30+01:00", "2025-10-26T01:30:00.000Z")]
    [InlineData("2025-10-26T00:30:00Z", "2025-10-26T02:30+02:00", "2025-10-26T00:30:00.000Z")]
    [InlineData("2025-10-26T01:30:00Z", "2025-10-26T02:30+01:00", "2025-10-26T01:30:00.000Z")]
    [InlineData("2025-10-26T02:30", "2025-10-26T02:30+02:00", "2025-10-26T00:30:00.000Z")]
    [InlineData("2025-10-26T01:59", "2025-10-26T01:59", "2025-10-25T23:59:00.000Z")]
    [InlineData("2025-10-26T03:00", "2025-10-26T03:00", "2025-10-26T02:00:00.000Z")]
    public void In_the_hour_that_comes_twice_the_offset_stays_with_the_value(string value, string wall, string earliest)
    {
        var time = Read(value, Paris);
        var again = Read(time.Value, time.TimeZone);

        Assert.Equal((wall, earliest), (time.Value, Instants.Format(time.Earliest)));
        Assert.Equal(time, again);
    }

    [Theory]
    [InlineData("2026")]
    [InlineData("2026-01")]
    [InlineData("2026-01-06")]
    [InlineData("2026-01-06T15:00")]
    [InlineData("1900-06-01T12:00Z")]
    [InlineData("1900-06-01T12:00")]
    public void What_was_read_reads_the_same_again(string value)
    {
        foreach (var zone in (string[])[Paris, "Europe/Kyiv", "America/New_York", "Asia/Kathmandu", "UTC"])
        {
            var time = Read(value, zone);
            Assert.Equal(time, Read(time.Value, time.TimeZone, time.Precision));
        }
    }

    [Theory]
    [InlineData("2026-03-29T02:30", null, Paris, "value")]
    [InlineData("2026-02-30", null, Paris, "value")]
    [InlineData("2026-13", null, Paris, "value")]
    [InlineData("6.1.2026", null, Paris, "value")]
    [InlineData("2026-1-6", null, Paris, "value")]
    [InlineData("2026-01-06 15:00", null, Paris, "value")]
    [InlineData("2026-01-06T25:00", null, Paris, "value")]
    [InlineData("2026-01-06T15", null, Paris, "value")]
    [InlineData("٢٠٢٦", null, Paris, "value")]
    [InlineData("0001", null, Paris, "value")]
    [InlineData("9999", null, Paris, "value")]
    [InlineData("0001-01-01T00:00", null, Paris, "value")]
    [InlineData("0001-01-01T00:00Z", null, "America/New_York", "value")]
    [InlineData("9999-12-31T23:59", null, "America/New_York", "value")]
    [InlineData("9999-12-31T23:59Z", null, Paris, "value")]
    [InlineData("2026-01-06", "month", Paris, "precision")]
    [InlineData("2026-01", "day", Paris, "precision")]
    [InlineData("2026-01-06T15:00", "hour", Paris, "precision")]
    [InlineData("2026-01-06", null, "Europe/Parys", "timeZone")]
    [InlineData("2026-01-06", null, "W. Europe Standard Time", "timeZone")]
    [InlineData("2026-01-06", null, "", "timeZone")]
    [InlineData("2026-01-06", null, "../etc/passwd", "timeZone")]
    public void What_is_no_time_is_refused_with_the_member_at_fault(string value, string? precision, string zone, string fault)
    {
        var input = new EventTimeInput { Value = value, Precision = precision, TimeZone = zone };

        Assert.False(EventTime.TryRead(input, out _, out var member, out var detail));
        Assert.Equal(fault, member);
        Assert.NotEmpty(detail);
    }

    private static EventTime Read(string value, string? zone, string? precision = null)
    {
        var input = new EventTimeInput { Value = value, Precision = precision, TimeZone = zone };
        Assert.True(EventTime.TryRead(input, out var time, out _, out var detail), detail);
        return time;
    }
}
