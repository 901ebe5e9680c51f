using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NewsApi.Articles;
using NewsApi.Events;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Publishing;

namespace NewsApi.Benchmarks.Parts;

/// <summary>Articles as the load runner writes them, with the people, events and sections that they show.</summary>
internal sealed class Material
{
    public static readonly DateTimeOffset Instant = new(2025, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Content _content = new(seed: 1);
    private readonly Dictionary<ResourceKey, Reference> _visible = [];
    private readonly string[] _people;
    private readonly string[] _events;

    public Material()
    {
        _people = [.. Enumerable.Range(0, 200).Select(i => Add(new PersonRenderer(), _content.Person(i)))];
        _events = [.. Enumerable.Range(0, 100).Select(i => Add(new EventRenderer(), _content.Event(i)))];
        References = new References(_visible);
    }

    public References References { get; }

    /// <summary>As a client sends it; a slug is always there, as it is in what is stored.</summary>
    public byte[] Article(int number)
    {
        var article = _content.Article(number, _people, _events);
        article["slug"] = string.Create(CultureInfo.InvariantCulture, $"artikel-{number}");
        var section = article["section"]!["slug"]!.GetValue<string>();
        _visible[new ResourceKey(ResourceType.Section, section)] =
            new Reference(Encoding.UTF8.GetBytes(new JsonObject { ["slug"] = section, ["name"] = section }.ToJsonString()));
        return Encoding.UTF8.GetBytes(article.ToJsonString());
    }

    /// <summary>The form that a revision keeps of what a client sent, with an id of its own.</summary>
    public static StoredForm Stored(byte[] article, DateTimeOffset? publishedAt = null)
    {
        var input = ReadInput(article);
        var form = JsonSerializer.SerializeToUtf8Bytes(input, WireJson.Default.ArticleInput);
        return new StoredForm(form, State(input.Id!.Value, publishedAt ?? Instant));
    }

    public static ArticleInput ReadInput(byte[] article)
    {
        using var document = JsonDocument.Parse(article);
        return JsonBodies.To<ArticleInput>(document.RootElement).Value!;
    }

    private static ResourceState State(Guid id, DateTimeOffset publishedAt) => new()
    {
        Id = id,
        Version = 1,
        Status = ArticleStatus.Published,
        PublishedAt = publishedAt,
        CreatedAt = Instant,
        UpdatedAt = Instant,
    };

    private string Add(IRenderer renderer, JsonObject input)
    {
        var id = input["id"]!.GetValue<string>();
        input["slug"] = id;
        var stored = new StoredForm(Encoding.UTF8.GetBytes(input.ToJsonString()), State(Guid.Parse(id), Instant));
        _visible[new ResourceKey(renderer.Type, id)] = new Reference(renderer.Read(stored).Render(new References(_visible)).Reference);
        return id;
    }
}
