using FluentValidation;
using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;
using NewsApi.Storage;

namespace NewsApi.People;

/// <summary>Whom a person is merged into.</summary>
public sealed record MergeInput
{
    /// <summary>The person who stays, by id or slug. Where that is somebody who was merged already, whoever stands in their place.</summary>
    public required string Into { get; init; }
}

internal sealed class MergeInputValidator : AbstractValidator<MergeInput>
{
    public MergeInputValidator() => RuleFor(m => m.Into).Cascade(CascadeMode.Stop).NotBlank().MaximumLength(Resource.SlugLimit)
        .Must(into => Guid.TryParseExact(into, "D", out _) || Rules.SlugPattern().IsMatch(into)).WithErrorCode("invalid").WithMessage("Give an id or a slug.");
}

/// <summary>
/// Makes one person of two, and two of them again. No link is rewritten: who stands in whose place is looked up whenever a document is rendered
/// or asked for, so that taking a merge back leaves everything as it was.
/// </summary>
internal sealed class PersonMerging(Publisher publisher, IEditor<Person, PersonInput> editor)
{
    public Task<IResult> MergeAsync(HttpContext http, string id, MergeInput input, CancellationToken cancel) =>
        WriteAsync(http, id, (db, person, token) => MergeAsync(db, http.Request, person, input.Into, token), cancel);

    public Task<IResult> UnmergeAsync(HttpContext http, string id, CancellationToken cancel) =>
        WriteAsync(http, id, (db, person, token) => UnmergeAsync(db, http.Request, person, token), cancel);

    /// <summary>What a change of somebody is answered with who is merged; nothing where they are not.</summary>
    public static async Task<Problem?> RefuseMergedAsync(NewsDbContext db, Person person, CancellationToken cancel)
    {
        if (person.MergedInto is null) return null;

        var survivor = await SurvivorOfAsync(db, person.Id, cancel);
        return Problems.Merged($"This person is merged into {survivor}; change that one, or undo the merge first.", survivor.ToString());
    }

    private async Task<IResult> WriteAsync(
        HttpContext http, string id, Func<NewsDbContext, Guid, CancellationToken, Task<Outcome<Person>>> change, CancellationToken cancel)
    {
        if (!PathIds.TryRead(id, out var guid, out var problem)) return new ProblemResult(problem);

        var outcome = await publisher.AnswerAsync(
            (db, token) => change(db, guid, token), Editing<Person, PersonInput>.Answer(StatusCodes.Status200OK), Caller.Of(http), cancel);
        return Editing<Person, PersonInput>.Result(outcome);
    }

    /// <summary>Answers the survivor.</summary>
    private async Task<Outcome<Person>> MergeAsync(NewsDbContext db, HttpRequest request, Guid id, string into, CancellationToken cancel)
    {
        if (!await db.People.AnyAsync(p => p.Id == id, cancel)) return Problems.NotFound();
        if (await FindTargetAsync(db, into, cancel) is not { } target) return Unknown(into);

        var (held, stands) = await HoldAsync(db, id, target, cancel);
        var person = await editor.FindAsync(db, id, cancel);
        if (person is null) return Problems.NotFound();
        if (Precondition.Of(request).WhereGiven(person.Version) is { } stale) return stale;
        if (stands == id)
            return Problems.Invalid("/into", "cycle", target == id ? "Nobody can be merged into themselves." : $"{into} is merged into this person.");
        if (await editor.FindAsync(db, stands, cancel) is not { } survivor) return Unknown(into);
        if (held == stands) return survivor;
        if (await RefuseMergedAsync(db, person, cancel) is { } merged) return merged;

        // Whoever is taken back becomes public with their newest version.
        if (person.Visibility == Visibilities.Public && person.PublicVersion != person.Version)
            return Problems.Conflict("workingVersion", "There is a working version of this person that is not public. Publish it first, as a PATCH with {} does.");
        if (person.Visibility == Visibilities.Public && survivor.Visibility == Visibilities.Internal)
            return Problems.Invalid("/into", "internal", "Somebody public cannot be merged into somebody internal; make that one public first.");

        person.MergedInto = survivor.Id;
        person.Withdraw();
        person.Cause = ChangeReasons.Merged;
        var (before, now) = (person.PublishedId, survivor.PublishedId);
        await db.MergedPeople.Where(m => m.Survivor == before).ExecuteUpdateAsync(set => set.SetProperty(m => m.Survivor, now), cancel);
        db.Add(new MergedPerson { Id = before, Survivor = now, Names = MergedNames.Write(editor.ToInput(person)) });
        return survivor;
    }

    /// <summary>Answers the person who is back. Who is not merged stays as they are.</summary>
    private async Task<Outcome<Person>> UnmergeAsync(NewsDbContext db, HttpRequest request, Guid id, CancellationToken cancel)
    {
        var (survivor, _) = await HoldAsync(db, id, id, cancel);
        var person = await editor.FindAsync(db, id, cancel);
        if (person is null) return Problems.NotFound();
        if (Precondition.Of(request).WhereGiven(person.Version) is { } stale) return stale;
        if (person.MergedInto is null) return person;

        // Whoever came by way of them goes with them, and the survivor loses their names.
        var back = person.PublishedId;
        var others = (await MergedPeople.BelowAsync(db, id, cancel)).ConvertAll(other => other.ToString());
        await db.MergedPeople.Where(m => m.Id == back).ExecuteDeleteAsync(cancel);
        await db.MergedPeople.Where(m => others.Contains(m.Id)).ExecuteUpdateAsync(set => set.SetProperty(m => m.Survivor, back), cancel);
        await editor.FindAsync(db, survivor, cancel);
        person.MergedInto = null;
        person.Cause = ChangeReasons.Unmerged;
        editor.Publish(person, keepAsDraft: false);
        return person;
    }

    /// <summary>Holds a person, another, and whoever stands in the place of either, until a look after it brings nobody new.</summary>
    private static async Task<(Guid OfPerson, Guid OfOther)> HoldAsync(NewsDbContext db, Guid id, Guid other, CancellationToken cancel)
    {
        var held = new HashSet<Guid> { id, other };
        while (true)
        {
            await db.HoldAsync(ResourceType.Person, held, Hold.ToChange, cancel);
            var (one, two) = (await SurvivorOfAsync(db, id, cancel), await SurvivorOfAsync(db, other, cancel));
            var isNew = held.Add(one);
            if (!(held.Add(two) || isNew)) return (one, two);
        }
    }

    private static async Task<Guid> SurvivorOfAsync(NewsDbContext db, Guid id, CancellationToken cancel)
    {
        var merged = id.ToString();
        return await db.MergedPeople.Where(m => m.Id == merged).Select(m => m.Survivor).FirstOrDefaultAsync(cancel) is { } survivor ? Guid.Parse(survivor) : id;
    }

    private static async Task<Guid?> FindTargetAsync(NewsDbContext db, string into, CancellationToken cancel)
    {
        var place = Guid.TryParseExact(into, "D", out var id)
            ? new LinkPlace("/into", ResourceType.Person, id, null) : new LinkPlace("/into", ResourceType.Person, null, into);
        return (await Links.FindAsync(db, [place], cancel)).Value is [var found] ? found : null;
    }

    private static Problem Unknown(string into) => Problems.Invalid("/into", "unknownLink", $"There is no person with the id or slug '{into}'.");
}
