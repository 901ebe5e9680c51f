using System.Text.Json;
using BenchmarkDotNet.Attributes;
using NewsApi.Articles;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Benchmarks.Parts;

/// <summary>What one write of an article is made of.</summary>
public class WritingParts
{
    private readonly ArticleInputValidator _validator = new();
    private readonly ArticleRenderer _renderer = new();
    private References _references = null!;
    private byte[] _body = null!;
    private StoredForm _stored = null!;
    private byte[] _document = null!;
    private byte[] _revision = null!;

    [GlobalSetup]
    public void SetUp()
    {
        var material = new Material();
        _body = material.Article(0);
        _stored = Material.Stored(_body);
        _references = material.References;
        _document = _renderer.Read(_stored).Render(_references).Document;
        _revision = Revisions.Pack(_stored.Form);
        if (!ReadBody()) throw new InvalidOperationException("The article is not valid.");
    }

    /// <summary>From the bytes that a client sent to an input that breaks no rule.</summary>
    [Benchmark]
    public bool ReadBody()
    {
        using var document = JsonDocument.Parse(_body);
        return _validator.Validate(JsonBodies.To<ArticleInput>(document.RootElement).Value!).IsValid;
    }

    /// <summary>From the stored form to document, card and hash.</summary>
    [Benchmark]
    public string RenderArticle() => CanonicalJson.Hash(_renderer.Read(_stored).Render(_references).Document);

    [Benchmark]
    public string HashCanonically() => CanonicalJson.Hash(_document);

    [Benchmark]
    public byte[] PackRevision() => Revisions.Pack(_stored.Form);

    [Benchmark]
    public byte[] UnpackRevision() => Revisions.Unpack(_revision);

    [Benchmark]
    public byte[] CompressWithBrotli() => ContentCodings.Encode(_document, ContentCoding.Brotli);

    [Benchmark]
    public byte[] CompressWithGzip() => ContentCodings.Encode(_document, ContentCoding.Gzip);
}
