using NewsApi.Client;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Contract;

/// <summary>A C# client generated from the committed document, used as a partner would.</summary>
public sealed class GeneratedClientTests : IAsyncDisposable
{
    private readonly Api _api = new(("Samples:Load", "true"));
    private readonly NewsApiClient _reader;
    private readonly NewsApiClient _editor;

    public GeneratedClientTests()
    {
        _reader = new NewsApiClient(_api.Anonymous);
        _editor = new NewsApiClient(_api.Editor);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_articles_with_the_people_they_name()
    {
        var page = await _reader.ListArticlesAsync(
            person: ["rustem-umjerow", "steve-witkoff"], personMode: PersonMode.All, include: [Include.People], limit: 5, cancellationToken: Cancel);

        Assert.Equal(200, page.StatusCode);
        Assert.NotEmpty(page.Result.Items);
        Assert.All(page.Result.Items, article => Assert.Null(article.Body));
        Assert.Contains(page.Result.Included!.People!, person => person.Name == "Rustem Umjerow");
    }

    [Fact]
    public async Task Pages_follow_the_cursor()
    {
        var first = await _reader.ListArticlesAsync(limit: 1, cancellationToken: Cancel);
        var second = await _reader.ListArticlesAsync(limit: 1, cursor: first.Result.NextCursor, cancellationToken: Cancel);

        Assert.NotEqual(first.Result.Items.Single().Id, second.Result.Items.Single().Id);
    }

    [Fact]
    public async Task Creates_changes_and_publishes_an_article()
    {
        var made = await _editor.CreateArticleAsync(
            new ArticleInput
            {
                Headline = "Gipfel in Paris",
                Kicker = "Diplomatie",
                Section = new SectionLink { Slug = "politik" },
                Body = [new Block { Type = "paragraph", Text = "Am 6. Jänner in Paris." }],
                People = [new PersonLink { Slug = "emmanuel-macron", Relation = "about" }],
            },
            cancellationToken: Cancel);
        var changed = await _editor.UpdateArticleAsync(made.Result.Id, Tag(made), new ArticlePatch { Teaser = "Frankreich lädt ein." }, cancellationToken: Cancel);
        var published = await _editor.PublishArticleAsync(made.Result.Id, Tag(changed), cancellationToken: Cancel);
        var read = await _reader.GetArticleAsync(made.Result.Id, cancellationToken: Cancel);

        Assert.Equal("published", published.Result.Status);
        Assert.Equal(("Gipfel in Paris", "Diplomatie", "Frankreich lädt ein."), (read.Result.Headline, read.Result.Kicker, read.Result.Teaser));
        Assert.Equal("Am 6. Jänner in Paris.", Assert.Single(read.Result.Body!).Text);
        Assert.Equal("Emmanuel Macron", Assert.Single(read.Result.People).Name);
        Assert.Equal(2, read.Result.Version);
    }

    [Fact]
    public async Task A_stale_version_arrives_as_a_problem()
    {
        var made = await _editor.CreateArticleAsync(new ArticleInput { Headline = "Zwei Hände" }, cancellationToken: Cancel);
        await _editor.UpdateArticleAsync(made.Result.Id, Tag(made), new ArticlePatch { Teaser = "Eins" }, cancellationToken: Cancel);

        var refused = await Assert.ThrowsAsync<ApiException<Client.Problem>>(
            () => _editor.UpdateArticleAsync(made.Result.Id, Tag(made), new ArticlePatch { Teaser = "Zwei" }, cancellationToken: Cancel));

        Assert.Equal((412, "versionMismatch", 2), (refused.StatusCode, refused.Result.Code, refused.Result.CurrentVersion));
    }

    [Fact]
    public async Task Nothing_there_arrives_as_a_problem()
    {
        var missing = await Assert.ThrowsAsync<ApiException<Client.Problem>>(() => _reader.GetPersonAsync(Guid.NewGuid(), cancellationToken: Cancel));

        Assert.Equal((404, "notFound"), (missing.StatusCode, missing.Result.Code));
    }

    [Fact]
    public async Task An_event_keeps_its_precision()
    {
        var made = await _editor.CreateEventAsync(new EventInput { Title = "Treffen", Start = new EventTimeInput { Value = "2026-01" } }, cancellationToken: Cancel);
        var read = await _reader.GetEventAsync(made.Result.Id, cancellationToken: Cancel);

        Assert.Equal(("2026-01", "month"), (read.Result.Start.Value, read.Result.Start.Precision));
        Assert.Null(read.Result.End);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static string Tag(SwaggerResponse response) => response.Headers["ETag"].Single();
}
