using System.Text.Json;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Articles;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.Events;

/// <summary>
/// What is heard of an event. Its time stays as it is; where it is postponed, the old one is kept until a new one is written. A report that is
/// older than another one goes into the history, and the event stays as it is.
/// </summary>
public sealed record EventStatusInput
{
    /// <summary><c>rumoured</c>, <c>planned</c>, <c>announced</c>, <c>confirmed</c>, <c>occurred</c>, <c>postponed</c> or <c>cancelled</c>.</summary>
    public required string Certainty { get; init; }

    /// <summary>The article that reports it.</summary>
    public Guid? ArticleId { get; init; }

    /// <summary>A sentence about it. Public: it stands in the history of the event.</summary>
    public string? Note { get; init; }

    /// <summary>Since when it is so. Where absent, since the article was published, and without one since now.</summary>
    public DateTimeOffset? At { get; init; }
}

internal sealed class EventStatusInputValidator : AbstractValidator<EventStatusInput>
{
    public EventStatusInputValidator(TimeProvider clock)
    {
        RuleFor(s => s.Certainty).Cascade(CascadeMode.Stop).NotBlank().OneOf(Certainties.All);
        RuleFor(s => s.Note).MaximumLength(NewsEvent.NoteLimit);
        RuleFor(s => s.At).Must(at => at is null || at <= clock.GetUtcNow()).WithErrorCode("outOfRange").WithMessage("'at' cannot lie in the future.");
    }
}

/// <summary>How an event came to be what it is, oldest first.</summary>
public sealed record EventHistory
{
    public required IReadOnlyList<EventHistoryEntry> Items { get; init; }
}

/// <summary>How certain an event was and when it was to be, from one moment on.</summary>
public sealed record EventHistoryEntry
{
    /// <summary><c>rumoured</c>, <c>planned</c>, <c>announced</c>, <c>confirmed</c>, <c>occurred</c>, <c>postponed</c> or <c>cancelled</c>.</summary>
    public required string Certainty { get; init; }
    public required EventTime Start { get; init; }
    public required EventTime? End { get; init; }

    /// <summary>Since when it was so.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When that was put on record here.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>The version of the event that says so.</summary>
    public required int Version { get; init; }

    /// <summary>A sentence about it.</summary>
    public required string? Note { get; init; }

    /// <summary>The article that reported it, where it is public.</summary>
    public required ArticleRef? Article { get; init; }
}

/// <summary>
/// Answers the history of an event. The rungs lie with the newsroom's truth; of them the public is told those that belong to versions it has
/// seen, and only as long as it sees the event.
/// </summary>
internal sealed class EventHistoryReader(NewsDatabase database, AnswerCache cache)
{
    public ValueTask<IResult> AnswerAsync(HttpContext http, string id, bool preview, CancellationToken cancel) =>
        PathIds.TryRead(id, out var guid, out var problem)
            ? database.ReadAsync(commands => AnswerAsync(http, commands, guid, preview, cancel), cancel)
            : new ValueTask<IResult>(new ProblemResult(problem));

    private async ValueTask<IResult> AnswerAsync(HttpContext http, StoredCommands commands, Guid id, bool preview, CancellationToken cancel)
    {
        var stamp = cache.Everything();
        await using var snapshot = await commands.BeginSnapshotAsync(cancel);
        if ((await StoredViews.ReferencesAsync(commands, ResourceType.Event, [id.ToString()], preview, cancel)).Count == 0) return new ProblemResult(Problems.NotFound());

        await using var db = await database.OpenModelAsync(commands, cancel);
        var rungs = await RungsAsync(db, id, preview, cancel);
        var times = await TimesAsync(db, id, rungs, cancel);
        var reports = rungs.Select(r => r.ArticleId?.ToString()).OfType<string>().Distinct().ToList();
        var articles = await StoredViews.ReferencesAsync(commands, ResourceType.Article, await LicensedAsync(http, commands, reports, preview, cancel), preview, cancel);
        var history = new EventHistory { Items = [.. rungs.Where(r => times.ContainsKey(r.Ordinal)).Select(r => Entry(r, times[r.Ordinal], articles))] };
        var body = JsonSerializer.SerializeToUtf8Bytes(history, WireJson.Default.EventHistory);
        var answer = new Answer(body, Answer.TagOf(body))
        {
            IsPublic = !preview,
            SurrogateKey = string.Join(' ', articles.Keys.Select(a => new ResourceKey(ResourceType.Article, a).SurrogateKey).Prepend(new ResourceKey(ResourceType.Event, id.ToString()).SurrogateKey)),
        };
        cache.Keep(http, answer, stamp);
        return answer;
    }

    private static async Task<List<CertaintyChange>> RungsAsync(NewsDbContext db, Guid id, bool preview, CancellationToken cancel)
    {
        var rungs = await db.Set<CertaintyChange>().AsNoTracking().Where(c => c.EventId == id).ToListAsync(cancel);
        if (!preview)
        {
            var (type, name) = (ResourceType.Event.Name(), id.ToString());
            var seen = await db.SeenVersions.AsNoTracking().Where(s => s.Type == type && s.Id == name).Select(s => s.Version).Distinct().ToListAsync(cancel);
            rungs.RemoveAll(r => r.Version is null || !seen.Contains(r.Version));
        }

        return [.. rungs.OrderBy(r => r.At).ThenBy(r => r.Ordinal)];
    }

    /// <summary>When the event was to be, by the ordinals of the rungs. The oldest rungs do not say it; their versions do.</summary>
    private static async Task<Dictionary<int, (EventTime Start, EventTime? End)>> TimesAsync(
        NewsDbContext db, Guid id, List<CertaintyChange> rungs, CancellationToken cancel)
    {
        var times = rungs.Where(r => r.Start is not null).ToDictionary(r => r.Ordinal, r => (r.Start!, r.End));
        var asked = rungs.Where(r => r.Start is null && r.Version is not null).Select(r => r.Version!.Value).Distinct().ToList();
        if (asked.Count == 0) return times;

        var type = ResourceType.Event.Name();
        var revisions = await db.Revisions.AsNoTracking().Where(r => r.Type == type && r.ResourceId == id && asked.Contains(r.Version))
            .ToDictionaryAsync(r => r.Version, cancel);
        foreach (var rung in rungs.Where(r => r.Start is null && r.Version is { } version && revisions.ContainsKey(version)))
        {
            var revision = revisions[rung.Version!.Value];
            var form = RevisionForms.Input<EventInput>(type, revision.Schema, revision.Content);
            times.Add(rung.Ordinal, (EventTime.Of(form.Start), form.End is { } end ? EventTime.Of(end) : null));
        }

        return times;
    }

    /// <summary>The articles of these that the caller's licence shows.</summary>
    private static async ValueTask<List<string>> LicensedAsync(HttpContext http, StoredCommands commands, List<string> articles, bool preview, CancellationToken cancel)
    {
        if (Licences.Of(http) is not { } licence) return articles;

        var documents = await StoredViews.DocumentsByIdAsync(commands, ResourceType.Article, articles, preview, cancel);
        return articles.FindAll(id => documents.TryGetValue(id, out var document) && LicensedView.Of(ResourceType.Article, document, licence) is not null);
    }

    private static EventHistoryEntry Entry(CertaintyChange rung, (EventTime Start, EventTime? End) time, Dictionary<string, byte[]> articles) => new()
    {
        Certainty = rung.Certainty,
        Start = time.Start,
        End = time.End,
        At = rung.At,
        RecordedAt = rung.RecordedAt ?? rung.At,
        Version = rung.Version ?? 1,
        Note = rung.Note,
        Article = rung.ArticleId is { } id && articles.TryGetValue(id.ToString(), out var reference)
            ? JsonSerializer.Deserialize(reference, WireJson.Default.ArticleRef) : null,
    };
}
