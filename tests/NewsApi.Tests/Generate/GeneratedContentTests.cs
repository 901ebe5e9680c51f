using System.Text.Json;
using FluentValidation;
using NewsApi.Articles;
using NewsApi.Events;
using NewsApi.Generate;
using NewsApi.Http;
using NewsApi.People;

namespace NewsApi.Tests.Generate;

/// <summary>Generated content, before anything is written.</summary>
public sealed class GeneratedContentTests
{
    private const int Articles = 2_000;

    private readonly GeneratedContent _content = Of(1, Articles);

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        Assert.Equal(Everything(Of(7, 100), 100), Everything(Of(7, 100), 100));
        Assert.NotEqual(Everything(Of(7, 100), 100), Everything(Of(8, 100), 100));
    }

    [Fact]
    public void The_first_items_do_not_depend_on_how_many_there_are() =>
        Assert.Equal(Everything(Of(7, 50), 50), Everything(Of(7, 5_000), 50));

    [Fact]
    public void An_item_does_not_depend_on_those_before_it() => Assert.Equal(Json(_content.Article(1_234).Input), Json(Of(1, Articles).Article(1_234).Input));

    [Fact]
    public void Two_seeds_share_no_id()
    {
        var other = Of(2, Articles);

        Assert.Equal(2 * Articles, Enumerable.Range(0, Articles).SelectMany(i => (Guid?[])[_content.Article(i).Input.Id, other.Article(i).Input.Id]).Distinct().Count());
    }

    [Fact]
    public void Everything_keeps_the_rules_of_the_product()
    {
        ValidatorOptions.Global.LanguageManager.Enabled = false;
        for (var i = 0; i < Articles; i++) Check(new ArticleInputValidator(), _content.Article(i).Input);
        for (var i = 0; i < GeneratedContent.PeopleFor(Articles); i++) Check(new PersonInputValidator(), _content.Person(i));
        for (var i = 0; i < 500; i++) Check(new EventInputValidator(), _content.Event(i));
    }

    [Fact]
    public void Articles_have_the_size_of_news_and_follow_each_other_over_years()
    {
        var articles = Enumerable.Range(0, Articles).Select(_content.Article).ToList();

        Assert.InRange(articles.Average(a => Json(a.Input).Length), 4_000, 5_000);
        Assert.Equal(articles.OrderBy(a => a.PublishAt), articles);
        Assert.True(articles[^1].PublishAt - articles[0].PublishAt > TimeSpan.FromDays(365));
        Assert.InRange(articles.Average(a => a.Input.People.Count), 4, 6);
        Assert.InRange(articles.Average(a => a.Input.Events.Count), 1.5, 2.5);
        Assert.All(articles, a => Assert.InRange(a.Input.Body.Count(b => b.Type == "paragraph"), 8, 14));
    }

    [Fact]
    public void Some_people_are_in_the_news_all_the_time_and_many_now_and_then()
    {
        var counts = Enumerable.Range(0, Articles).SelectMany(i => _content.Article(i).Input.People).GroupBy(p => p.Id).Select(g => g.Count()).OrderDescending().ToList();

        Assert.True(counts[0] > 3 * counts[counts.Count / 2]);
    }

    [Fact]
    public void Links_lead_to_people_and_events_that_are_generated_too()
    {
        var people = Enumerable.Range(0, GeneratedContent.PeopleFor(Articles)).Select(i => _content.Person(i).Id).ToHashSet();
        var events = Enumerable.Range(0, GeneratedContent.EventsFor(Articles)).Select(_content.Event).ToList();
        var articles = Enumerable.Range(0, Articles).Select(i => _content.Article(i).Input).ToList();

        Assert.All(articles.SelectMany(a => a.People), p => Assert.Contains(p.Id, people));
        Assert.All(events.SelectMany(e => e.Participants).Select(p => p.Person?.Id).OfType<Guid>(), id => Assert.Contains(id, people));
        Assert.All(articles.SelectMany(a => a.Events), e => Assert.Contains(events, known => known.Id == e.Id));
        Assert.DoesNotContain(Of(1, 10, people: 0, events: 0).Article(5).Input.People, _ => true);
    }

    [Fact]
    public void Events_are_known_to_every_precision_and_people_by_several_names()
    {
        var events = Enumerable.Range(0, 500).Select(_content.Event).ToList();

        Assert.Equal([4, 7, 10, 16], events.Select(e => e.Start.Value.Length).Distinct().Order());
        Assert.Equal(Certainties.All.Order(), events.Select(e => e.Certainty).Distinct().Order());
        Assert.Contains(events, e => e.PartOf is not null);
        Assert.All(Enumerable.Range(0, 100).Select(_content.Person), p => Assert.InRange(p.Names.Count, 3, 6));
    }

    private static GeneratedContent Of(long seed, int articles, int? people = null, int? events = null) =>
        new(seed, people ?? GeneratedContent.PeopleFor(articles), events ?? Math.Max(500, GeneratedContent.EventsFor(articles)));

    private static void Check<T>(IValidator<T> validator, T input)
    {
        var result = validator.Validate(input);
        Assert.True(result.IsValid, $"{result}");
    }

    /// <summary>So many articles, and the people and events that go with them.</summary>
    private static string Everything(GeneratedContent content, int articles) => string.Join('\n', (string[])
    [
        .. Enumerable.Range(0, GeneratedContent.PeopleFor(articles)).Select(i => Json(content.Person(i))),
        .. Enumerable.Range(0, GeneratedContent.EventsFor(articles)).Select(i => Json(content.Event(i))),
        .. Enumerable.Range(0, articles).Select(content.Article).Select(a => $"{a.PublishAt:O} {Json(a.Input)}"),
    ]);

    private static string Json<T>(T input) => JsonSerializer.Serialize(input, WireJson.Default.Options);
}
