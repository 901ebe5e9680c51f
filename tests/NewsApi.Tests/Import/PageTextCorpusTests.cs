using NewsApi.Import.Formats;

namespace NewsApi.Tests.Import;

/// <summary>Reads the page this reader was first written for; it is other people's text, so it is not kept here.</summary>
public class PageTextCorpusTests
{
    [Fact]
    public void The_seed_page_is_read_whole()
    {
        var corpus = Environment.GetEnvironmentVariable("NEWSAPI_CORPUS");
        Assert.SkipWhen(string.IsNullOrEmpty(corpus), "NEWSAPI_CORPUS is not set");

        var page = PageText.Read(File.ReadAllText(Path.Combine(corpus!, "seed-article.txt")));

        Assert.StartsWith("US-Sondergesandter", page.Kicker, StringComparison.Ordinal);
        Assert.StartsWith("USA beraten", page.Headline, StringComparison.Ordinal);
        Assert.Equal("Politik", page.Section);
        Assert.Equal(new DateTimeOffset(2025, 12, 31, 20, 53, 0, TimeSpan.Zero), page.PublishedAt);
        Assert.Equal(["APA", "Reuters", "dpa"], page.Sources);
        Assert.Equal("APA/APA/dpa/Michael Kappeler", page.ImageCredit);
        Assert.Null(page.Byline);
        Assert.Empty(page.Warnings);
        Assert.Equal("ppcpppcpp", string.Concat(page.Body.Select(b => b.Type[0])));
        Assert.Equal(
            ["Die USA", "An dem", "“Werden", "Thema", "Zuvor", "Der Sek", "Macron", "Frankr", "Erst"],
            page.Body.Zip([7, 6, 7, 5, 5, 7, 6, 6, 4], (block, length) => block.Text[..length]));
    }
}
