using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>Answers what versions there are and what stood in them. For the newsroom: it knows the tables that are edited.</summary>
internal sealed class RevisionReader(NewsDatabase database, IEnumerable<IRenderer> renderers)
{
    private static readonly Problem NoVersion = Problems.NotFound("There is no such version.");

    private readonly Dictionary<ResourceType, IRenderer> _renderers = renderers.ToDictionary(r => r.Type);

    public async ValueTask<IResult> ListAsync<TResource>(HttpContext http, string id, RevisionQuery query, CancellationToken cancel)
        where TResource : Resource
    {
        if (!PathIds.TryRead(id, out var guid, out var problem)) return new ProblemResult(problem);

        var type = ResourceTypes.Of<TResource>().Name();
        var place = $"revisions of {type} {guid}";
        var before = int.MaxValue;
        if (query.Cursor is not null)
        {
            if (!Cursor.TryRead(query.Cursor, place, out var cursor) || cursor.Numbers(1) is not [> 0 and <= int.MaxValue and var number])
                return new ProblemResult(Problems.Parameter("cursor", "invalid", "The cursor is not one of this list."));

            before = (int)number;
        }

        return await database.ReadModelAsync<IResult>(
            async (db, commands) =>
            {
                if (await LevelAsync(http, commands, ResourceTypes.Of<TResource>(), guid, cancel) == LicenceLevel.None)
                    return new ProblemResult(Problems.NotFound());

                var found = await db.Set<TResource>().Where(r => r.Id == guid).Select(r => new { r.Version, r.PublicVersion }).FirstOrDefaultAsync(cancel);
                if (found is null) return new ProblemResult(Problems.NotFound());

                var items = await db.Revisions.Where(r => r.Type == type && r.ResourceId == guid && r.Version < before).OrderByDescending(r => r.Version)
                    .Take(query.MostItems + 1)
                    .Select(r => new RevisionResponse
                    {
                        Version = r.Version,
                        SavedAt = r.SavedAt,
                        SavedBy = r.SavedBy,
                        Note = r.Note,
                        IsPublic = r.Version == found.PublicVersion,
                        IsNewest = r.Version == found.Version,
                    })
                    .ToListAsync(cancel);
                string? next = null;
                if (items.Count > query.MostItems)
                {
                    items.RemoveAt(query.MostItems);
                    next = Cursor.Of(items[^1].Version).Write(place);
                }

                var page = new Page<RevisionResponse> { Items = items, NextCursor = next, Total = null, Facets = null, Explain = null, Included = null };
                return Answer(JsonSerializer.SerializeToUtf8Bytes(page, WireJson.Default.PageRevisionResponse), next is null ? null : Http.Answer.NextLink(http.Request, next));
            },
            cancel);
    }

    public async ValueTask<IResult> GetAsync<TResource>(HttpContext http, string id, string version, CancellationToken cancel)
        where TResource : Resource
    {
        if (!PathIds.TryRead(id, out var guid, out var problem) || !PathIds.TryReadVersion(version, out var number, out problem)) return new ProblemResult(problem);

        return await database.ReadModelAsync<IResult>(
            async (db, commands) =>
            {
                var renderer = _renderers[ResourceTypes.Of<TResource>()];
                if (await renderer.LoadAsync(db, guid, number, cancel) is not { } stored) return new ProblemResult(NoVersion);

                var unrendered = renderer.Read(stored);
                var document = unrendered.Render(await StoredViews.ReferencesAsync(commands, unrendered.Links, preview: true, cancel)).Document;
                var now = await LevelAsync(http, commands, ResourceTypes.Of<TResource>(), guid, cancel);
                if (now == LicenceLevel.None || LicensedView.Of(ResourceTypes.Of<TResource>(), document, Licences.Of(http)) is not { } view) return new ProblemResult(NoVersion);

                return Answer(now < view.Level ? LicensedView.At(document, now) : view.Document, null);
            },
            cancel);
    }

    /// <summary>Two versions of an article, the newest one and the one before where none are named; the problem says which one is not there.</summary>
    public ValueTask<Outcome<(RevisionForm<TInput> From, RevisionForm<TInput> To)>> PairAsync<TResource, TInput>(
        HttpContext http, Guid id, int? from, int? to, CancellationToken cancel)
        where TResource : Resource
        where TInput : class =>
        database.ReadModelAsync<Outcome<(RevisionForm<TInput> From, RevisionForm<TInput> To)>>(
            async (db, commands) =>
            {
                var type = ResourceTypes.Of<TResource>().Name();
                var level = await LevelAsync(http, commands, ResourceTypes.Of<TResource>(), id, cancel);
                if (level == LicenceLevel.None || !await db.Set<TResource>().AnyAsync(r => r.Id == id, cancel)) return Problems.NotFound();
                if (level != LicenceLevel.Full) return Problems.NotShownWhole();

                var revisions = db.Revisions.AsNoTracking().Where(r => r.Type == type && r.ResourceId == id);
                var newest = to ?? await revisions.MaxAsync(r => r.Version, cancel);
                var before = from ?? await revisions.Where(r => r.Version < newest).MaxAsync(r => (int?)r.Version, cancel);
                if (before is null) return Problems.NotFound($"There is no version before {newest} to compare it with.");

                var rows = await revisions.Where(r => r.Version == before || r.Version == newest).ToListAsync(cancel);
                var missing = new[] { before.Value, newest }.FirstOrDefault(v => rows.TrueForAll(r => r.Version != v));
                if (missing != 0) return Problems.NotFound($"There is no version {missing.ToString(CultureInfo.InvariantCulture)}.");

                return (Form(before.Value), Form(newest));

                RevisionForm<TInput> Form(int version)
                {
                    var row = rows.Single(r => r.Version == version);
                    return new RevisionForm<TInput>(version, RevisionForms.Input<TInput>(type, row.Schema, row.Content));
                }
            },
            cancel);

    /// <summary>How much of the newest version the reader sees.</summary>
    public static async ValueTask<LicenceLevel> LevelAsync(HttpContext http, StoredCommands commands, ResourceType type, Guid id, CancellationToken cancel)
    {
        if (Licences.Of(http) is not { } licence || type != ResourceType.Article) return LicenceLevel.Full;

        var newest = await StoredViews.DocumentsAsync(commands, type, [id.ToString()], preview: true, cancel);
        return newest is [var document] ? licence.LevelOf(ArticleScope.Of(document)) : LicenceLevel.None;
    }

    private static Answer Answer(byte[] body, string? link) => new(body, Http.Answer.TagOf(body)) { Link = link };
}

/// <summary>A version as it would have to be sent to write it anew.</summary>
internal sealed record RevisionForm<TInput>(int Version, TInput Input);
