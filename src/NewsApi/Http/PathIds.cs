using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NewsApi.Http;

/// <summary>Reads what stands in paths. What is well-formed and names nothing is for the routes to miss: a 404 and no 400.</summary>
internal static class PathIds
{
    public const string NotForNew = "Nothing is created under the UUID of zeros.";

    public static bool TryRead(string id, out Guid guid, [NotNullWhen(false)] out Problem? problem)
    {
        problem = Guid.TryParseExact(id, "D", out guid) ? null : Refusal("The id in the path is a UUID; a slug goes after /by-slug/, where there is such a route.");
        return problem is null;
    }

    /// <summary>An id that something may come to have. The UUID of zeros is what programs send that forgot to set it.</summary>
    public static bool TryReadNew(string id, out Guid guid, [NotNullWhen(false)] out Problem? problem)
    {
        if (TryRead(id, out guid, out problem) && guid == Guid.Empty) problem = Refusal(NotForNew);
        return problem is null;
    }

    public static bool TryReadVersion(string version, out int number, [NotNullWhen(false)] out Problem? problem)
    {
        var isRead = int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
        problem = isRead ? null : Problems.Parameter("version", "invalid", "The version in the path is a whole number from 1 on.");
        return isRead;
    }

    private static Problem Refusal(string detail) => Problems.Parameter("id", "invalid", detail);
}
