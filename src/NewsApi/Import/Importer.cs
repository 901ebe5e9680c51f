using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Articles;
using NewsApi.Http;
using NewsApi.Import.Formats;
using NewsApi.People.Names;
using NewsApi.Publishing;
using NewsApi.Sections;
using NewsApi.Storage;

namespace NewsApi.Import;

/// <summary>
/// Takes what comes from outside into articles, by the same steps and rules as a POST. An import makes a draft; of a
/// published article it makes a working copy.
/// </summary>
internal sealed class Importer(
    Publisher publisher, ResourceWriter<Article, ArticleInput> writer, IValidator<ArticleInput> validator, TimeProvider clock)
{
    private const string PageFormat = "page";

    /// <summary>A page saved as text.</summary>
    public async Task<Outcome<ImportReport>> ImportPageAsync(byte[] raw, Caller caller, CancellationToken cancel)
    {
        ImportReport? report = null;
        var outcome = await AnswerPageAsync(raw, caller, written => report = written, cancel);
        return outcome.Problem is { } problem ? problem : report!;
    }

    /// <summary>The same for a client, who is answered with the report.</summary>
    public Task<Outcome<WriteAnswer>> AnswerPageAsync(byte[] raw, Caller caller, CancellationToken cancel) => AnswerPageAsync(raw, caller, _ => { }, cancel);

    private async Task<Outcome<WriteAnswer>> AnswerPageAsync(byte[] raw, Caller caller, Action<ImportReport> tell, CancellationToken cancel)
    {
        if (!TryDecode(raw, out var text))
        {
            const string fault = $"The text is not UTF-8, or: {UnicodeText.Fault}";
            return Problems.Malformed(fault, new ProblemError { Pointer = "", Code = "brokenText", Detail = fault });
        }

        var page = PageText.Read(text);
        if (page.Headline is null || page.Body.Count == 0)
            return Answer(Report(null, ImportOutcomes.Refused, [.. page.Warnings, "An item without a headline or without text is not taken."]));

        return await publisher.AnswerAsync((db, token) => TakeAsync(db, page, raw, caller, token), written => Answer(written.Value), caller, cancel);

        WriteAnswer Answer(ImportReport report)
        {
            tell(report);
            return new WriteAnswer(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(report, WireJson.Default.ImportReport));
        }
    }

    private async Task<Outcome<ImportReport>> TakeAsync(NewsDbContext db, Page page, byte[] raw, Caller caller, CancellationToken cancel)
    {
        var identity = PageText.Identity(page.Headline!, page.PublishedAt);
        var hash = Convert.ToHexStringLower(SHA256.HashData(raw));
        var known = await db.Imports.FirstOrDefaultAsync(i => i.Format == PageFormat && i.Identity == identity, cancel);
        var existing = known is null ? null : await writer.FindAsync(db, known.ArticleId, cancel);
        if (existing is not null && known!.RawHash == hash) return Report(existing.Id, ImportOutcomes.Unchanged, page.Warnings);
        if (writer.Refuse(caller, existing, keepAsDraft: true) is { } forbidden) return forbidden;

        var people = await PeopleIn(db, page, cancel);
        var warnings = new List<string>(people.Warnings);
        var input = ToInput(page, people.Linked);
        if (existing is not null && known is not null && TryDecode(known.Raw, out var before))
        {
            var last = PageText.Read(before);
            input = Merge(ArticleInput.From(existing), ToInput(last, (await PeopleIn(db, last, cancel)).Linked), input, warnings);
        }

        var faults = await validator.ValidateAsync(input, cancel);
        if (!faults.IsValid)
            return Report(null, ImportOutcomes.Refused, [.. page.Warnings, .. faults.Errors.Select(e => $"{e.PropertyName}: {e.ErrorMessage}")]);

        if (input.Section is { } section) await SectionEditor.FindOrAddAsync(db, section.Slug, page.Section, cancel);
        var id = existing?.Id ?? Guid.CreateVersion7();
        var saved = await writer.SaveAsync(db, id, existing, input, keepAsDraft: true, cancel);
        if (saved.Problem is not null) return saved.Problem;

        if (existing is null) saved.Value!.PublishedAt = page.PublishedAt;
        Remember(db, known, identity, id, hash, raw);
        return Report(id, existing is null ? ImportOutcomes.Created : ImportOutcomes.Updated, [.. page.Warnings, .. warnings]);
    }

    private static ArticleInput ToInput(Page page, IReadOnlyList<Guid> people) => new()
    {
        Language = page.Language,
        Kicker = page.Kicker,
        Headline = page.Headline!,
        Subhead = page.Subhead,
        Dateline = page.Dateline,
        Byline = page.Byline,
        Section = page.Section is { } section ? new SectionLink { Slug = Slugs.Make(section, "section") } : null,
        Sources = [.. page.Sources.Select(name => new Source { Name = name, Role = "agency" })],
        Images = page.ImageCredit is null && page.ImageCaption is null ? [] : [new Image { Caption = page.ImageCaption, Credit = page.ImageCredit }],
        Body = [.. page.Body.Select(b => new Block { Type = b.Type, Text = b.Text })],
        People = [.. people.Select(id => new PersonLink { Id = id, Relation = Relations.Mentioned })],
    };

    /// <summary>
    /// What the page says now, laid over the article, as far as nobody changed there what the page said the last time. People who
    /// are new on the page are added; who was taken out by hand stays out.
    /// </summary>
    private static ArticleInput Merge(ArticleInput article, ArticleInput last, ArticleInput now, List<string> warnings)
    {
        var added = now.People.Where(p => last.People.All(l => l.Id != p.Id) && article.People.All(a => a.Id != p.Id));
        return article with
        {
            Kicker = Choose("kicker", article.Kicker, last.Kicker, now.Kicker),
            Headline = now.Headline,
            Subhead = Choose("subhead", article.Subhead, last.Subhead, now.Subhead),
            Dateline = Choose("dateline", article.Dateline, last.Dateline, now.Dateline),
            Byline = Choose("byline", article.Byline, last.Byline, now.Byline),
            Section = Choose("section", article.Section, last.Section, now.Section),
            Sources = ChooseList("sources", article.Sources, last.Sources, now.Sources),
            Images = ChooseList("images", article.Images, last.Images, now.Images),
            Body = ChooseList("body", article.Body, last.Body, now.Body),
            People = [.. article.People, .. added],
        };

        T? Choose<T>(string member, T? held, T? before, T? after) => Equals(held, before) ? after : Keep(member, held, !Equals(before, after));

        IReadOnlyList<T> ChooseList<T>(string member, IReadOnlyList<T> held, IReadOnlyList<T> before, IReadOnlyList<T> after) =>
            held.SequenceEqual(before) ? after : Keep(member, held, !before.SequenceEqual(after));

        T Keep<T>(string member, T held, bool pageChanged)
        {
            if (pageChanged) warnings.Add($"'{member}' was edited here and changed on the page; what was edited stays.");
            return held;
        }
    }

    /// <summary>The people on record whose names stand in the text, in the order they first appear. Credits are not searched.</summary>
    private static async Task<(IReadOnlyList<Guid> Linked, IReadOnlyList<string> Warnings)> PeopleIn(NewsDbContext db, Page page, CancellationToken cancel)
    {
        var names = await db.People.AsNoTracking().SelectMany(p => p.Names).Select(n => new KnownName(n.PersonId, n.Value)).ToListAsync(cancel);
        var survivors = await db.MergedPeople.AsNoTracking().ToDictionaryAsync(m => Guid.Parse(m.Id), m => Guid.Parse(m.Survivor), cancel);
        var finder = new NameFinder(names.Select(n => n with { PersonId = survivors.GetValueOrDefault(n.PersonId, n.PersonId) }).Distinct());
        var text = string.Join("\n\n", ((string?[])[page.Kicker, page.Headline, page.Subhead]).OfType<string>().Concat(page.Body.Select(b => b.Text)));
        return (
            [.. finder.Find(text).Select(m => m.PersonId).Distinct()],
            [.. finder.Ambiguous(text).Distinct().Select(name => $"More than one person on record is called {name}; nobody is linked by it.")]);
    }

    private void Remember(NewsDbContext db, ImportedItem? known, string identity, Guid id, string hash, byte[] raw)
    {
        if (known is null)
        {
            db.Imports.Add(new ImportedItem { Format = PageFormat, Identity = identity, ArticleId = id, ImportedAt = clock.Now(), RawHash = hash, Raw = raw });
            return;
        }

        (known.ArticleId, known.ImportedAt, known.RawHash, known.Raw) = (id, clock.Now(), hash, raw);
    }

    private static ImportReport Report(Guid? id, string outcome, IReadOnlyList<string> warnings) =>
        new() { Items = [new ImportResult { Id = id, Outcome = outcome, Warnings = warnings }] };

    private static bool TryDecode(byte[] raw, out string text)
    {
        try
        {
            var decoded = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(raw);
            return UnicodeText.TryNormalize(decoded, out text);
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }
}
