using System.Text.Json;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>
/// What may be done to a resource, for every type, inside a write that is under way: by a request, a job of a batch, an import, the samples or the
/// clock. Checks what the write is based on and who may do it, and leaves the rest to the slice's editor.
/// </summary>
internal sealed class ResourceWriter<TResource, TInput>(IEditor<TResource, TInput> editor, IValidator<TInput> validator)
    where TResource : Resource
    where TInput : class, IResourceInput
{
    public ResourceType Type => editor.Type;

    /// <summary>The resource, held until the write is over, with everything its input form is made of.</summary>
    public async Task<TResource?> FindAsync(NewsDbContext db, Guid id, CancellationToken cancel)
    {
        await db.HoldAsync(editor.Type, [id], Hold.ToChange, cancel);
        return await editor.FindAsync(db, id, cancel);
    }

    /// <summary>Writes an input over a resource, or as a new one, inside a write that is under way.</summary>
    public async Task<Outcome<TResource>> SaveAsync(
        NewsDbContext db, Guid id, TResource? existing, TInput input, bool keepAsDraft, CancellationToken cancel)
    {
        var applied = await editor.ApplyAsync(db, id, existing, input, cancel);
        if (applied.Problem is not null) return applied;

        var resource = applied.Value!;
        if (await ExternalIds.ClaimAsync(db, resource, cancel) is { } taken) return taken;

        if (existing is null)
        {
            resource.IsNew = true;
            db.Add(resource);
        }

        editor.Publish(resource, keepAsDraft);
        return resource;
    }

    /// <summary>A new resource.</summary>
    public async Task<Outcome<TResource>> CreateAsync(NewsDbContext db, TInput input, bool keepAsDraft, CancellationToken cancel, string? note = null)
    {
        if (input.Id == Guid.Empty)
            return Problems.Malformed(PathIds.NotForNew, new ProblemError { Pointer = "/id", Code = "invalid", Detail = PathIds.NotForNew });

        var id = input.Id ?? Guid.CreateVersion7();
        if (input.Id is not null && await FindAsync(db, id, cancel) is not null)
            return Problems.Conflict("idExists", $"There is a {editor.Type.Name()} with the id {id} already.", id.ToString(), "/id");

        return Noted(await SaveAsync(db, id, null, input, keepAsDraft, cancel), note);
    }

    /// <summary>What is there, replaced; or a new resource under this id.</summary>
    public async Task<Outcome<TResource>> ReplaceAsync(
        NewsDbContext db, Guid id, TInput input, bool keepAsDraft, string? note, Precondition precondition, Caller caller, CancellationToken cancel)
    {
        if (input.Id is { } inside && inside != id) return Problems.Invalid("/id", "disagreement", "The id differs from that of the resource.");

        var existing = await FindAsync(db, id, cancel);
        if (Refuse(caller, existing, keepAsDraft) is { } forbidden) return forbidden;
        if (existing is not null && await editor.RefuseChangeAsync(db, existing, cancel) is { } fixedNow) return fixedNow;
        if (precondition.OfReplace(existing?.Version) is { } refused) return refused;

        return Noted(await SaveAsync(db, id, existing, input, keepAsDraft, cancel), note);
    }

    public async Task<Outcome<TResource>> UpdateAsync(
        NewsDbContext db, Guid id, JsonElement patch, bool keepAsDraft, string? note, Precondition precondition, Caller caller, CancellationToken cancel)
    {
        var existing = await FindAsync(db, id, cancel);
        if (existing is null) return Problems.NotFound();
        if (Refuse(caller, existing, keepAsDraft) is { } forbidden) return forbidden;
        if (await editor.RefuseChangeAsync(db, existing, cancel) is { } fixedNow) return fixedNow;
        if (precondition.OfChange(existing.Version) is { } refused) return refused;

        var input = await JsonBodies.PatchAsync(editor.ToInput(existing), patch, validator, cancel, editor.Settle);
        if (input.Problem is not null) return input.Problem;
        if (input.Value!.Id is { } inside && inside != id) return Problems.Invalid("/id", "disagreement", "The id cannot be changed.");

        return Noted(await SaveAsync(db, id, existing, input.Value!, keepAsDraft, cancel), note);
    }

    /// <summary>Any other change of one resource, such as publishing it.</summary>
    public async Task<Outcome<TResource>> ChangeAsync(
        NewsDbContext db, Guid id, Func<NewsDbContext, TResource, CancellationToken, Task<Problem?>> change, Precondition precondition, Caller caller,
        CancellationToken cancel)
    {
        var existing = await FindAsync(db, id, cancel);
        if (existing is null) return Problems.NotFound();
        if (RefuseUnseen(caller, editor.ToInput(existing)) is { } unseen) return unseen;
        if (precondition.WhereGiven(existing.Version) is { } refused) return refused;

        return await change(db, existing, cancel) is { } fault ? fault : existing;
    }

    /// <summary>An earlier version over the newest one, as a working version: what the public sees stays.</summary>
    public Task<Outcome<TResource>> RestoreAsync(NewsDbContext db, Guid id, int version, Precondition precondition, Caller caller, CancellationToken cancel) => ChangeAsync(
        db,
        id,
        async (_, existing, token) =>
        {
            if (Refuse(caller, existing, keepAsDraft: true) is { } forbidden) return forbidden;
            if (await editor.RefuseChangeAsync(db, existing, token) is { } fixedNow) return fixedNow;
            if (await FindVersionAsync(db, existing, version, token) is not { } input) return Problems.NotFound("There is no such version.");
            if (RefuseUnseen(caller, input) is { } unseen) return unseen;

            // The rules may have become stricter since.
            var faults = await validator.ValidateAsync(input, token);
            if (!faults.IsValid) return RequestValidation.Problem(faults);

            existing.NeedsVersion = true;
            existing.Action = AuditActions.Restored;
            return Noted(await SaveAsync(db, id, existing, input, keepAsDraft: true, token), $"restored from version {version}").Problem;
        },
        precondition,
        caller,
        cancel);

    /// <param name="erase">Whether nothing is to be left of it, neither in its versions nor in those of what links to it.</param>
    /// <returns>What was there; nothing where it had been deleted before, and was only erased now.</returns>
    public async Task<Outcome<TResource?>> DeleteAsync(
        NewsDbContext db, Guid id, bool erase, Precondition precondition, Caller caller, CancellationToken cancel)
    {
        if (erase && !caller.Has(Scopes.Admin)) return Problems.ScopeRequired(Scopes.Admin);

        var existing = await FindAsync(db, id, cancel);
        if (existing is null) return erase && await FindBuriedAsync(db, id, cancel) is { } version ? EraseBuried(db, id, version, precondition) : Problems.NotFound();
        if (Refuse(caller, existing, keepAsDraft: false) is { } forbidden) return forbidden;
        if (precondition.OfChange(existing.Version) is { } refused) return refused;
        if (await editor.RefuseDeleteAsync(db, existing, cancel) is { } needed) return needed;
        if (!erase && await Links.IsShownAsync(db, existing.Key, cancel))
            return Problems.InUse($"Other resources link to this {editor.Type.Name()}; remove the links first.");

        if (erase)
        {
            existing.Cause = ChangeReasons.Erased;
            db.Erased.Add(existing.Key);
        }

        db.Remove(existing);
        return existing;
    }

    /// <summary>What was deleted has kept its versions until now.</summary>
    private Outcome<TResource?> EraseBuried(NewsDbContext db, Guid id, int version, Precondition precondition)
    {
        if (precondition.OfChange(version) is { } refused) return refused;

        db.Erased.Add(new ResourceKey(editor.Type, id.ToString()));
        return (TResource?)null;
    }

    private async Task<int?> FindBuriedAsync(NewsDbContext db, Guid id, CancellationToken cancel)
    {
        var type = editor.Type.Name();
        return (await db.Tombstones.AsNoTracking().FirstOrDefaultAsync(t => t.Type == type && t.ResourceId == id, cancel))?.Version;
    }

    /// <summary>Asked inside the write: only there it is known what the public sees of a resource.</summary>
    public Problem? Refuse(Caller caller, TResource? existing, bool keepAsDraft) =>
        existing is null ? null
        : RefuseUnseen(caller, editor.ToInput(existing)) is { } unseen ? unseen
        : editor.ScopeToChange(existing, keepAsDraft) is { } scope && !caller.Has(scope) ? Problems.ScopeRequired(scope)
        : null;

    /// <summary>Nobody writes over what their licence does not show: the answer would show it, and what they read and send back would lack it.</summary>
    private Problem? RefuseUnseen(Caller caller, TInput existing) =>
        caller.Licence is not { } licence || editor.ScopeOf(existing) is not { } scope ? null : licence.LevelOf(scope) switch
        {
            LicenceLevel.Full => null,
            LicenceLevel.None => Problems.NotFound(),
            _ => Problems.NotShownWhole(),
        };

    private static Outcome<TResource> Noted(Outcome<TResource> saved, string? note)
    {
        saved.Value?.Note = note;
        return saved;
    }

    /// <summary>An earlier version, ready to be written: without links to what is gone.</summary>
    private async Task<TInput?> FindVersionAsync(NewsDbContext db, TResource existing, int version, CancellationToken cancel)
    {
        var type = editor.Type.Name();
        var row = await db.Revisions.AsNoTracking().FirstOrDefaultAsync(r => r.Type == type && r.ResourceId == existing.Id && r.Version == version, cancel);
        if (row is null) return null;

        var form = RevisionForms.Read(type, row.Schema, row.Content);
        var json = RevisionForms.TypeInfo<TInput>();
        foreach (var link in editor.Links(JsonSerializer.Deserialize(form, json)!))
        {
            if ((await Links.FindAsync(db, [link], cancel)).Problem is not null)
                form = RevisionForms.Unlink(type, form, new ResourceKey(link.Type, link.Id.ToString()!)) ?? form;
        }

        var input = JsonSerializer.Deserialize(form, json)!;
        return editor.Restore(input, existing, keepSlug: !await Slugs.MayHaveAsync(db, editor.Type, existing.Id, input.Slug!, cancel));
    }
}
