using System.Security.Cryptography;
using System.Text;
using FluentValidation;
using NewsApi.Articles;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Access;

/// <summary>What part of the articles the holder of a key sees. A member that is absent limits nothing; an article must be inside all that are there.</summary>
public sealed record Licence
{
    public const int EntriesLimit = 200;

    /// <summary>Slugs of the sections whose articles are seen.</summary>
    public IReadOnlyList<string>? Sections { get; init; }

    /// <summary>Languages whose articles are seen, as BCP 47 tags; <c>de</c> covers <c>de-AT</c>.</summary>
    public IReadOnlyList<string>? Languages { get; init; }

    /// <summary>How much is seen of the articles of each source. Of a source that is not named, and for which there is no <c>*</c>, nothing is.</summary>
    public IReadOnlyList<LicensedSource>? Sources { get; init; }

    /// <summary>Sixteen hex digits that are the same for the same licence, in whatever order it was written.</summary>
    internal string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical())))[..16];

    /// <summary>Whether this shows nothing that the other one does not show.</summary>
    internal bool IsWithin(Licence? other) => other is null || (AreSectionsWithin(other) && AreLanguagesWithin(other) && AreSourcesWithin(other));

    private bool AreSectionsWithin(Licence other) =>
        other.Sections is null || (Sections is not null && Sections.All(other.Sections.Contains));

    private bool AreLanguagesWithin(Licence other)
    {
        if (other.Languages is null) return true;

        var covered = other.Languages.Select(FilterText.Fold).ToHashSet();
        return Languages is not null && Languages.All(language => FilterText.Languages(language).Any(covered.Contains));
    }

    private bool AreSourcesWithin(Licence other)
    {
        var names = (Sources ?? []).Concat(other.Sources ?? []).Select(s => FilterText.Fold(s.Name)).Append(LicensedSource.Others);
        return names.All(name => LevelOf(name) <= other.LevelOf(name));
    }

    /// <summary>How much is seen of an article.</summary>
    internal LicenceLevel LevelOf(ArticleScope article)
    {
        if (Sections is not null && (article.Section is null || !Sections.Contains(article.Section))) return LicenceLevel.None;
        if (Languages is not null && !article.Languages.Any(FoldedLanguages.Contains)) return LicenceLevel.None;

        return LevelOf(article.Sources);
    }

    /// <summary>How much is seen of what comes from these sources together: as much as of the one of which least is.</summary>
    /// <param name="sources">By their folded names; none of them: an article without a source.</param>
    /// <param name="areHashed">Whether hashes stand for the names.</param>
    internal LicenceLevel LevelOf(IReadOnlyCollection<string> sources, bool areHashed = false) =>
        sources.Count == 0 ? LevelOf(LicensedSource.Others) : sources.Min(source => LevelOf(source, areHashed));

    private LicenceLevel LevelOf(string source, bool isHashed = false)
    {
        if (Sources is null) return LicenceLevel.Full;

        var levels = isHashed ? LevelsByHash : LevelsByName;
        return levels.TryGetValue(source, out var level) || LevelsByName.TryGetValue(LicensedSource.Others, out level) ? level : LicenceLevel.None;
    }

    // A licence is asked for every article and every combination of sources, so names are folded once.
    private HashSet<string>? _foldedLanguages;
    private Dictionary<string, LicenceLevel>? _levelsByName;
    private Dictionary<string, LicenceLevel>? _levelsByHash;

    private HashSet<string> FoldedLanguages => _foldedLanguages ??= [.. Languages!.Select(FilterText.Fold)];

    private Dictionary<string, LicenceLevel> LevelsByName => _levelsByName ??= Sources!.ToDictionary(
        s => FilterText.Fold(s.Name), s => (LicenceLevel)(Array.IndexOf(LicensedSource.Levels, s.Level) + 1));

    private Dictionary<string, LicenceLevel> LevelsByHash => _levelsByHash ??= LevelsByName.ToDictionary(l => SourceSets.HashOf(l.Key), l => l.Value);

    private string Canonical() => string.Join(
        '\n',
        Line(Sections),
        Line(Languages?.Select(FilterText.Fold)),
        Line(Sources?.Select(s => $"{FilterText.Fold(s.Name)} {s.Level}")));

    private static string Line(IEnumerable<string>? entries) => entries is null ? "" : string.Join('\t', entries.Distinct().Order(StringComparer.Ordinal));
}

/// <summary>How much of an article is seen.</summary>
internal enum LicenceLevel
{
    None,
    Metadata,
    Teaser,
    Full,
}

/// <summary>How much of the articles of a source is seen.</summary>
public sealed record LicensedSource
{
    /// <summary>Stands for every source that is not named, and for articles without a source.</summary>
    internal const string Others = "*";

    internal const string Metadata = "metadata";
    internal const string Teaser = "teaser";
    internal const string Full = "full";

    /// <summary>From the least to the most.</summary>
    internal static readonly string[] Levels = [Metadata, Teaser, Full];

    /// <summary>As in the credit line: <c>APA</c>. <c>*</c> stands for every source that is not named, and for articles without a source.</summary>
    public required string Name { get; init; }

    /// <summary><c>full</c>, <c>teaser</c> (without the text) or <c>metadata</c> (without text and teaser).</summary>
    public required string Level { get; init; }
}

internal sealed class LicenceValidator : AbstractValidator<Licence>
{
    private const string NotEmpty = "A list that is there has an entry; leave it out where nothing is to be limited.";

    public LicenceValidator()
    {
        RuleFor(l => l).Must(l => l.Sections is not null || l.Languages is not null || l.Sources is not null).WithErrorCode("required").OverridePropertyName("")
            .WithMessage("A licence names sections, languages or sources; leave it out where nothing is to be limited.");
        RuleFor(l => l.Sections!).Must(list => list.Count > 0).WithErrorCode("required").WithMessage(NotEmpty).AtMost(Licence.EntriesLimit).Distinct().When(l => l.Sections is not null);
        RuleForEach(l => l.Sections).Present().NotEmpty().Slug();
        RuleFor(l => l.Languages!).Must(list => list.Count > 0).WithErrorCode("required").WithMessage(NotEmpty).AtMost(Licence.EntriesLimit).Distinct().When(l => l.Languages is not null);
        RuleForEach(l => l.Languages).Present().NotEmpty().Language();
        RuleFor(l => l.Sources!).Must(list => list.Count > 0).WithErrorCode("required").WithMessage(NotEmpty).AtMost(Licence.EntriesLimit)
            .Must(list => list.Where(s => s is not null).Select(s => FilterText.Fold(s.Name)).Distinct().Count() == list.Count(s => s is not null))
            .WithErrorCode("duplicate").WithMessage("The same source stands here twice.").When(l => l.Sources is not null);
        RuleForEach(l => l.Sources).Present().SetValidator(new LicensedSourceValidator());
    }
}

internal sealed class LicensedSourceValidator : AbstractValidator<LicensedSource>
{
    public LicensedSourceValidator()
    {
        RuleFor(s => s.Name).NotBlank().Line(Source.NameLimit);
        RuleFor(s => s.Level).OneOf(LicensedSource.Levels);
    }
}
