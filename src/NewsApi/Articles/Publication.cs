using FluentValidation;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Articles;

/// <summary>
/// From when to when the public is to see the newest version. What is absent does not hold (any more): an empty body means from now on,
/// without an end.
/// </summary>
public sealed record PublicationInput
{
    /// <summary>When to publish. In the past, it is published at once and dated back to this instant.</summary>
    public DateTimeOffset? PublishAt { get; init; }

    /// <summary>Until when nobody outside the newsroom may see the article, whenever it is published. An earlier version that is public is taken from it.</summary>
    public DateTimeOffset? EmbargoedUntil { get; init; }

    /// <summary>When the public ceases to see it; after all that goes before.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

internal sealed class PublicationInputValidator : AbstractValidator<PublicationInput>
{
    /// <summary>Nobody schedules further ahead; a year with a digit too many is a slip.</summary>
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(3_660);

    /// <summary>The first newspapers are of 1605; what comes before is no date of publication.</summary>
    private static readonly DateTimeOffset Earliest = new(1605, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public PublicationInputValidator(TimeProvider clock)
    {
        RuleFor(p => p.PublishAt).Must(IsNear).WithErrorCode("outOfRange").WithMessage("'publishAt' lies between 1605 and ten years from now.");
        RuleFor(p => p.EmbargoedUntil).Must(IsNear).WithErrorCode("outOfRange").WithMessage("'embargoedUntil' lies within ten years from now.");
        RuleFor(p => p.ExpiresAt).Must(IsNear).WithErrorCode("outOfRange").WithMessage("'expiresAt' lies within ten years from now.");
        RuleFor(p => p.ExpiresAt).Must((input, at) => at is null || (at > clock.GetUtcNow() && at > input.PublishAt.GetValueOrDefault() && at > input.EmbargoedUntil.GetValueOrDefault()))
            .WithErrorCode("outOfRange").WithMessage("'expiresAt' lies in the future, and after 'publishAt' and 'embargoedUntil'.");

        bool IsNear(DateTimeOffset? at) => at is null || (at >= Earliest && at < clock.GetUtcNow() + Furthest);
    }
}

/// <summary>
/// How an article comes to the public and leaves it: plain rules on the entity, for editors and for the clock. Publishing and
/// withdrawing make no version.
/// </summary>
internal static class Publication
{
    /// <summary>Makes the newest version public now, with its section; the first time it gets its instant.</summary>
    public static void Publish(Article article, DateTimeOffset? publishedAt, DateTimeOffset now)
    {
        article.PublishNewest = true;
        article.Status = ArticleStatus.Published;
        article.PublishedAt = publishedAt ?? article.PublishedAt ?? now;
        article.Schedule = null;
        if (article.Section is { PublicVersion: null } section) section.PublishNewest = true;
        SetDue(article);
    }

    /// <summary>
    /// After a write: what is public already is so with its newest version, unless that is kept back, waits for its time, or stands
    /// behind a retraction, which only a publication by name ends.
    /// </summary>
    public static void Follow(Article article, bool keepAsDraft, DateTimeOffset now)
    {
        if (article.PublicVersion is not null && !keepAsDraft && article.Schedule is null && !IsRetracted(article)) Publish(article, publishedAt: null, now);
    }

    /// <summary>Does what an editor wishes: at once, or as a schedule for the clock.</summary>
    public static Problem? Plan(Article article, PublicationInput wish, DateTimeOffset now)
    {
        var (publishAt, embargo, expiry) = (Cut(wish.PublishAt), Cut(wish.EmbargoedUntil), Cut(wish.ExpiresAt));
        var isPublic = article.PublicVersion == article.Version;
        if (isPublic && IsRetracted(article)) return Problems.Conflict("retracted", "The article has been retracted. Write a new version first, and publish that.");

        if (!(publishAt > now || embargo > now))
        {
            (article.EmbargoedUntil, article.ExpiresAt) = (embargo, expiry);
            Publish(article, publishAt, now);
            return null;
        }

        if (isPublic && !(embargo > now))
            return Problems.Invalid("/publishAt", "alreadyPublic", "The newest version is public already. Keep a new one as a draft first, or withdraw the article.");

        // An embargo that becomes known too late still holds from now on, for what was public until then as well. A notice in the place of a text stays.
        if (embargo > now && !IsRetracted(article)) Withdraw(article);
        article.Schedule = new Schedule { PublishAt = publishAt, EmbargoedUntil = embargo, ExpiresAt = expiry };
        article.Action = AuditActions.Scheduled;
        SetDue(article);
        return null;
    }

    /// <summary>Takes back a schedule; where there is none, takes the article from the public.</summary>
    public static void Cancel(Article article)
    {
        if (article.Schedule is null) Withdraw(article);
        else article.Action = AuditActions.ScheduleCancelled;
        article.Schedule = null;
        SetDue(article);
    }

    /// <summary>Puts something right in public: a new version, whether its text is another or not.</summary>
    public static void Correct(Article article, Correction correction, string cause)
    {
        article.Corrections = [.. article.Corrections, correction];
        (article.NeedsVersion, article.Cause) = (true, cause);
        Publish(article, publishedAt: null, correction.At);
    }

    /// <summary>Does what is due by now. What was missed altogether, because nobody kept the clock, is not made up for.</summary>
    public static void Tick(Article article, DateTimeOffset now)
    {
        if (article.PublicVersion is not null && article.ExpiresAt <= now)
        {
            Withdraw(article);
            article.Cause = ChangeReasons.Expired;
        }

        if (article.Schedule is { } schedule && schedule.Due <= now)
        {
            (article.EmbargoedUntil, article.ExpiresAt) = (schedule.EmbargoedUntil, schedule.ExpiresAt);
            if (schedule.ExpiresAt <= now)
            {
                (article.Schedule, article.Status) = (null, ArticleStatus.Withdrawn);
                if (article.PublicVersion is not null)
                {
                    Withdraw(article);
                    article.Cause = ChangeReasons.Expired;
                }
            }
            else
            {
                Publish(article, article.PublishedAt ?? schedule.Due, now);
                article.Cause = schedule.Due == schedule.PublishAt ? ChangeReasons.WentLive : ChangeReasons.EmbargoEnded;
            }
        }

        SetDue(article);
    }

    public static bool IsRetracted(Article article) => IsRetraction(article.Corrections, article.PublicVersion);

    /// <summary>Whether this version is a notice in the place of a text.</summary>
    public static bool IsRetraction(IReadOnlyList<Correction> corrections, int? version) =>
        corrections.Any(c => c.Kind == CorrectionKinds.Retraction && c.Version == version);

    /// <summary>What was put right up to a version. From a retraction on nothing is said of what was in the text before.</summary>
    public static IReadOnlyList<Correction> Told(IReadOnlyList<Correction> corrections, int version)
    {
        var told = corrections.Where(c => c.Version <= version).ToList();
        return told[Math.Max(0, told.FindLastIndex(c => c.Kind == CorrectionKinds.Retraction))..];
    }

    private static void Withdraw(Article article)
    {
        if (article.PublicVersion is not null) article.Status = ArticleStatus.Withdrawn;
        article.Withdraw();
        SetDue(article);
    }

    private static DateTimeOffset? Cut(DateTimeOffset? instant) => instant is { } at ? Instants.ToMilliseconds(at.ToUniversalTime()) : null;

    private static void SetDue(Article article)
    {
        var isPublic = article.PublicVersion is not null || article.PublishNewest;
        var expiry = isPublic ? article.ExpiresAt : null;
        var due = article.Schedule is { } schedule && !(expiry < schedule.Due) ? schedule.Due : expiry;
        article.DueAt = due?.ToUnixTimeMilliseconds();
    }
}
