using NewsApi.Http;

namespace NewsApi.Publishing;

/// <summary>
/// What a write is based on: <c>If-Match</c> and <c>If-None-Match</c> of a request (RFC 9110 §13, RFC 6585 §3), or the version that a job of a batch
/// expects. Checked inside the writer, against the newest version.
/// </summary>
internal sealed class Precondition
{
    private readonly Func<int, bool>? _matches;
    private readonly bool _mustBeNew;
    private readonly Func<Problem> _required;

    private Precondition(Func<int, bool>? matches, bool mustBeNew, Func<Problem> required) => (_matches, _mustBeNew, _required) = (matches, mustBeNew, required);

    public static Precondition Of(HttpRequest request)
    {
        var (match, noneMatch) = (request.Headers.IfMatch, request.Headers.IfNoneMatch);
        return new Precondition(
            match.Count == 0 ? null : version => EntityTags.Matches(match, version), EntityTags.NamesAny(noneMatch), Problems.PreconditionRequired);
    }

    /// <param name="expected">0 means that nothing is there yet.</param>
    public static Precondition Of(int? expected) => new(
        expected is null or 0 ? null : version => version == expected, mustBeNew: expected == 0, Problems.ExpectedVersionRequired);

    public Problem? OfReplace(int? version)
    {
        if (version is { } current) return _mustBeNew ? Problems.Exists(current) : OfChange(current);

        return _matches is null ? null : Problems.VersionMismatch(null);
    }

    public Problem? OfChange(int version) => _matches is null && !_mustBeNew ? _required() : WhereGiven(version);

    public Problem? WhereGiven(int version) =>
        _mustBeNew ? Problems.Exists(version) : _matches is null || _matches(version) ? null : Problems.VersionMismatch(version);
}
