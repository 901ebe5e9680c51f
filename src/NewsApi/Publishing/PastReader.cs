using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>
/// Answers what the public saw of a document at an instant: that version, rendered anew with what of its references is public now. Which
/// version it was is on record; what was not public then is not there.
/// </summary>
internal sealed class PastReader(NewsDatabase database, IEnumerable<IRenderer> renderers, TimeProvider clock)
{
    private readonly Dictionary<ResourceType, IRenderer> _renderers = renderers.ToDictionary(r => r.Type);

    public ValueTask<IResult> DocumentAsync(HttpContext http, ResourceType type, string id, PastView view, CancellationToken cancel) => PathIds.TryRead(id, out var guid, out var problem)
        ? database.ReadAsync(commands => AnswerAsync(http, commands, type, guid, view, location: null, cancel), cancel)
        : new ValueTask<IResult>(new ProblemResult(problem));

    public ValueTask<IResult> BySlugAsync(HttpContext http, ResourceType type, string slug, PastView view, CancellationToken cancel) =>
        database.ReadAsync<IResult>(
            async commands => await PublishedReader.ResolveAsync(commands, type, slug, preview: !view.IsPublic, cancel) is { } id
                ? await AnswerAsync(http, commands, type, Guid.Parse(id), view, $"/v1/{type.Plural()}/{id}", cancel)
                : new ProblemResult(Problems.NotFound()),
            cancel);

    private async ValueTask<IResult> AnswerAsync(
        HttpContext http, StoredCommands commands, ResourceType type, Guid id, PastView view, string? location, CancellationToken cancel)
    {
        await using var snapshot = await commands.BeginSnapshotAsync(cancel);
        var key = new ResourceKey(type, id.ToString());

        // What the public does not see any more it does not see as it was either.
        if (view.IsPublic && (await StoredViews.ReferencesAsync(commands, type, [key.Id], preview: false, cancel)).Count == 0) return new ProblemResult(Problems.NotFound());

        await using var db = await database.OpenModelAsync(commands, cancel);
        if (await VersionAsync(db, key, PastInstants.Of(view.AsOf, clock.Now()), cancel) is not { } version) return new ProblemResult(Problems.NotFound());
        if (await _renderers[type].LoadPastAsync(db, id, version, cancel) is not { } stored || stored.State.Version < await RetractedAsync(db, key, cancel))
            return new ProblemResult(Problems.NotFound());

        var unrendered = _renderers[type].Read(stored);
        var rendering = unrendered.Render(await StoredViews.ReferencesAsync(commands, unrendered.Links, preview: false, cancel));
        var document = view.Summary ? rendering.Card : rendering.Document;

        // What the licence does not show as it is now it does not show as it was either.
        var now = await RevisionReader.LevelAsync(http, commands, type, id, cancel);
        if (now == LicenceLevel.None || LicensedView.Of(type, document, Licences.Of(http)) is not { } licensed) return new ProblemResult(Problems.NotFound());

        var body = now < licensed.Level ? LicensedView.At(document, now) : licensed.Document;

        return new Answer(body, Answer.TagOf(body))
        {
            IsPublic = view.IsPublic,
            GoesStale = true,
            SurrogateKey = key.SurrogateKey,
            ContentLocation = location is null ? null : $"{location}?asOf={Uri.EscapeDataString(view.AsOf)}{(view.Summary ? "&view=summary" : "")}",
        };
    }

    private static Task<int?> VersionAsync(NewsDbContext db, ResourceKey key, DateTimeOffset at, CancellationToken cancel)
    {
        var (type, until) = (key.Type.Name(), at.ToUnixTimeMilliseconds());
        return db.SeenVersions.Where(s => s.Type == type && s.Id == key.Id && s.At <= until)
            .OrderByDescending(s => s.Position).Select(s => s.Version).FirstOrDefaultAsync(cancel);
    }

    /// <summary>The version of the last notice that took a text back, also of an earlier life of the resource; 0 where there is none.</summary>
    private static async Task<int> RetractedAsync(NewsDbContext db, ResourceKey key, CancellationToken cancel)
    {
        var type = key.Type.Name();
        return await db.Audit.Where(a => a.Type == type && a.ResourceId == key.Id && a.Action == ChangeReasons.Retracted).MaxAsync(a => (int?)a.Version, cancel) ?? 0;
    }
}

/// <summary>How a document of the past is asked for.</summary>
/// <param name="AsOf">A date or an instant that is not ahead.</param>
/// <param name="IsPublic">Whether everybody may ask.</param>
internal readonly record struct PastView(string AsOf, bool Summary, bool IsPublic);

/// <summary>The values of <c>asOf</c>: an instant, or a date, which means the end of its day.</summary>
internal static class PastInstants
{
    public static bool IsAhead(string text, DateTimeOffset now) => string.CompareOrdinal(DateBounds.From(text, null), Instants.Format(now)) > 0;

    /// <summary>Of a day that is not over, now.</summary>
    public static DateTimeOffset Of(string text, DateTimeOffset now) =>
        Instants.TryParse(DateBounds.Before(text, null) ?? "", out var end) && end <= now ? end.AddMilliseconds(-1) : now;
}
