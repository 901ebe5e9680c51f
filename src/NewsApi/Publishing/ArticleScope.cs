using System.Text.Json;
using NewsApi.Articles;
using NewsApi.Http;

namespace NewsApi.Publishing;

/// <summary>What a licence goes by: where an article stands, in which language, and whose it is. Values are those of filter rows.</summary>
/// <param name="Section">Its slug.</param>
/// <param name="Languages">The language and what it belongs to: <c>de-at</c>, <c>de</c>.</param>
/// <param name="Sources">Their names, folded.</param>
internal sealed record ArticleScope(string? Section, IReadOnlyList<string> Languages, IReadOnlyList<string> Sources)
{
    /// <summary>Where the scope before was another one: the slug the article had then, for those who see it no more.</summary>
    public string? Slug { get; init; }

    /// <summary>Its external ids then.</summary>
    public IReadOnlyList<ExternalId>? ExternalIds { get; init; }

    public static ArticleScope Of(ArticleInput input) => Of(input.Section?.Slug, input.Language, input.Sources.Select(s => s.Name));

    private static ArticleScope Of(string? section, string language, IEnumerable<string> sources) =>
        new(section, [.. FilterText.Languages(language)], [.. sources.Select(FilterText.Fold)]);

    /// <summary>Of a stored document or card.</summary>
    public static ArticleScope Of(byte[] stored)
    {
        var section = StoredJson.Member(stored, "section"u8);
        var language = StoredJson.Member(stored, "language"u8);
        var sources = StoredJson.Member(stored, "sources"u8);
        return Of(
            section.IsEmpty ? null : JsonSerializer.Deserialize(section.Span, WireJson.Default.SectionRef)!.Slug,
            JsonSerializer.Deserialize(language.Span, WireJson.Default.String)!,
            sources.IsEmpty ? [] : JsonSerializer.Deserialize(sources.Span, WireJson.Default.IReadOnlyListSource)!.Select(s => s.Name));
    }

    /// <summary>Of the filter rows of a document; nothing where there is no article.</summary>
    public static ArticleScope? Of(ResourceType type, IReadOnlyCollection<FilterValue>? filters)
    {
        return type != ResourceType.Article || filters is null
            ? null
            : new ArticleScope(Values(FilterValue.Section).FirstOrDefault(), Values(FilterValue.Language), Values(FilterValue.Source));

        List<string> Values(string filter) => [.. filters.Where(f => f.Filter == filter).Select(f => f.Value).Distinct().Order(StringComparer.Ordinal)];
    }

    public static ArticleScope Read(string written) => JsonSerializer.Deserialize(written, WireJson.Default.ArticleScope)!;

    /// <summary>As entries of the feed keep it.</summary>
    public string Write() => JsonSerializer.Serialize(this, WireJson.Default.ArticleScope);
}
