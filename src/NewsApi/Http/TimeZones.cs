namespace NewsApi.Http;

/// <summary>Zones by IANA name, and the way from wall time to instants.</summary>
internal static class TimeZones
{
    public const string Default = "Europe/Rome";

    public static bool TryFind(string name, out TimeZoneInfo zone)
    {
        // Windows names are refused: the documents carry IANA names, and partners on other systems must be able to read them.
        zone = TimeZoneInfo.Utc;
        return name.Length is > 0 and <= 50
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone!)
            && zone.HasIanaId;
    }

    /// <summary>
    /// The instant of a wall time. In the hour that is repeated the earlier instant is meant; a wall time that is skipped
    /// (midnight in some zones) means the first one that exists.
    /// </summary>
    public static DateTime ToInstant(DateTime wall, TimeZoneInfo zone)
    {
        var local = DateTime.SpecifyKind(wall, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return DateTime.SpecifyKind(local - offset, DateTimeKind.Utc);
    }
}
