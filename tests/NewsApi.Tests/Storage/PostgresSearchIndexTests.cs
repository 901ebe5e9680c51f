using NewsApi.Storage;

namespace NewsApi.Tests.Storage;

public sealed class PostgresSearchIndexTests
{
    [Theory]
    [InlineData(0, 21, 2)]
    [InlineData(3, 21, 2)]
    [InlineData(16, 21, 3)]
    [InlineData(16, 1001, 2)]
    [InlineData(64, 1001, 3)]
    public void Newest_texts_are_read_on_where_they_have_the_word_often_enough_for_the_page(int found, int limit, int statements)
    {
        var asked = new PostgresSearchIndex().Find("public", "e.number", "", descending: true, limit, () => found).ToList();

        Assert.Equal(statements, asked.Count);
        Assert.Contains("LIMIT 64", asked[0], StringComparison.Ordinal);
        Assert.Contains("number + 0", asked[^1], StringComparison.Ordinal);
    }
}
