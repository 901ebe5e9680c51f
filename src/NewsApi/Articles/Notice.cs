using System.Text.Json;
using NewsApi.Publishing;

namespace NewsApi.Articles;

/// <summary>What stands in the place of a retracted text: under the same address, in the same section, and not a word of what was there.</summary>
internal static class Notice
{
    /// <param name="published">What the public sees: a working version has no part in the notice.</param>
    /// <param name="held">The external ids the article still has.</param>
    public static ArticleInput Of(StoredForm published, RetractionInput retraction, IReadOnlyList<ExternalId> held)
    {
        var form = JsonSerializer.Deserialize(published.Form, RevisionForms.TypeInfo<ArticleInput>())!;
        return new ArticleInput
        {
            Slug = form.Slug,
            Language = form.Language,
            Headline = Headline(form.Language),
            Section = form.Section,
            Sources = form.Sources,
            ExternalIds = [.. form.ExternalIds.Where(held.Contains)],
            Body = [new Block { Type = "paragraph", Text = retraction.Note }],
        };
    }

    private static string Headline(string language) =>
        language.StartsWith("de", StringComparison.OrdinalIgnoreCase) ? "Artikel zurückgezogen" : "Article retracted";
}
