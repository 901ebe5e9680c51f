using System.IO.Compression;
using System.Net;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.Http;

/// <summary>Validators, content codings and the headers that caches go by.</summary>
public sealed class CachingTests : IAsyncDisposable
{
    private const string Public = "public, max-age=5, s-maxage=30, stale-while-revalidate=60, stale-if-error=300";

    private readonly Api _api = new();

    [Fact]
    public async Task The_same_entity_tag_stands_for_the_same_bytes()
    {
        var person = await _api.Person("Marco Rubio", Long("description"));
        var article = await _api.Article("Bericht", $$""","people":[{"id":"{{person.Id()}}"}]{{Long("teaser")}}""");
        var seen = new Dictionary<string, byte[]>();
        for (var i = 0; i < 6; i++)
        {
            foreach (var address in (string[])
            [
                $"/v1/articles/{article.Id()}", $"/v1/articles/{article.Id()}?view=summary", $"/v1/articles/{article.Id()}?include=people",
                $"/v1/articles/{article.Id()}?perspective=preview", "/v1/articles/by-slug/bericht", "/v1/articles", "/v1/articles?include=people", $"/v1/people/{person.Id()}",
            ])
            {
                foreach (var coding in (string[])["identity", "gzip", "br"])
                {
                    using var response = await _api.Editor.Ask(address, ("Accept-Encoding", coding));
                    var key = $"{address.Replace("by-slug/bericht", article.Id(), StringComparison.Ordinal)} {response.Header("ETag")}";
                    var bytes = await response.Bytes();
                    if (!seen.TryAdd(key, bytes)) Assert.Equal(seen[key], bytes);
                }
            }

            using var write = await (i switch
            {
                0 => _api.Editor.PatchJson($"/v1/articles/{article.Id()}", """{"kicker":"Neu"}"""),
                1 => _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"name":"Marco A. Rubio"}"""),
                2 => _api.Editor.PatchJson($"/v1/people/{person.Id()}", """{"description":"Anders"}"""),
                3 => _api.Editor.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"kicker":"Arbeitskopie"}"""),
                4 => _api.Editor.PatchJson($"/v1/articles/{article.Id()}?draft=true", """{"kicker":"Neu"}"""),
                _ => _api.Editor.Publish(article.Id()),
            });
            await write.Object(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task The_entity_tag_differs_by_view_and_by_coding()
    {
        var article = await _api.Article("Bericht", Long("teaser"));
        var tags = new List<string?>();
        foreach (var view in (string[])["", "?view=summary", "?include=people"])
        {
            foreach (var coding in (string[])["identity", "gzip", "br"])
            {
                using var response = await _api.Anonymous.Ask($"/v1/articles/{article.Id()}{view}", ("Accept-Encoding", coding));
                tags.Add(response.Header("ETag"));
            }
        }

        Assert.Equal(9, tags.Distinct().Count());
        Assert.All(tags, tag => Assert.Matches("^\"[^\"]+\"$", tag));
    }

    [Fact]
    public async Task What_is_not_modified_is_a_304_with_the_headers_of_the_200_and_no_body()
    {
        var article = await _api.Article("Bericht", Long("teaser"));
        foreach (var address in (string[])["/v1/articles", $"/v1/articles/{article.Id()}", "/v1/articles/by-slug/bericht", $"/v1/articles/{article.Id()}?perspective=preview"])
        {
            foreach (var coding in (string[])["identity", "br"])
            {
                using var whole = await _api.Editor.Ask(address, ("Accept-Encoding", coding));
                var tag = whole.Header("ETag")!;
                foreach (var condition in (string[])[tag, $"W/{tag}", $"\"other\", {tag}", $"\"other\",W/{tag} , \"third\"", "*"])
                {
                    using var response = await _api.Editor.Ask(address, ("Accept-Encoding", coding), ("If-None-Match", condition));
                    Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
                    Assert.Empty(await response.Bytes());
                    foreach (var name in (string[])["ETag", "Cache-Control", "Vary", "Last-Modified", "Content-Location", "Surrogate-Key"])
                        Assert.Equal(whole.Header(name), response.Header(name));
                }
            }
        }
    }

    [Theory]
    [InlineData("\"other\"")]
    [InlineData("W/\"other\"")]
    [InlineData("")]
    [InlineData("garbage")]
    public async Task Another_entity_tag_gets_the_whole_answer(string condition)
    {
        var article = await _api.Article("Bericht", Long("teaser"));
        using var gzip = await _api.Anonymous.Ask($"/v1/articles/{article.Id()}", ("Accept-Encoding", "gzip"));
        foreach (var held in (string[])[condition, gzip.Header("ETag")!])
        {
            using var response = await _api.Anonymous.Ask($"/v1/articles/{article.Id()}", ("If-None-Match", held), ("Accept-Encoding", "identity"));
            await response.Object(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task The_date_of_change_decides_only_where_no_entity_tag_is_sent()
    {
        var article = await _api.Article("Bericht");
        var address = $"/v1/articles/{article.Id()}";
        using var whole = await _api.Anonymous.Ask(address);
        var (tag, modified) = (whole.Header("ETag")!, whole.Header("Last-Modified")!);

        Assert.Equal(304, await Status(("If-Modified-Since", modified)));
        Assert.Equal(304, await Status(("If-Modified-Since", "Sat, 01 Jan 2101 00:00:00 GMT")));
        Assert.Equal(200, await Status(("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT")));
        Assert.Equal(200, await Status(("If-Modified-Since", "gestern")));
        Assert.Equal(200, await Status(("If-None-Match", "\"other\""), ("If-Modified-Since", modified)));
        Assert.Equal(304, await Status(("If-None-Match", tag), ("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT")));

        async Task<int> Status(params (string, string)[] headers)
        {
            using var response = await _api.Anonymous.Ask(address, headers);
            return (int)response.StatusCode;
        }
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("GZip", "gzip")]
    [InlineData("gzip, br", "br")]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("*", "br")]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("*;q=0", null)]
    [InlineData("br;q=0", null)]
    [InlineData("identity", null)]
    [InlineData("deflate, zstd", null)]
    [InlineData("bogus", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public async Task A_coding_that_is_accepted_is_used_and_decodes_to_the_same_bytes(string? accepted, string? coding)
    {
        var article = await _api.Article("Bericht", Long("teaser"));
        foreach (var address in (string[])["/v1/articles", $"/v1/articles/{article.Id()}"])
        {
            using var plain = await _api.Anonymous.Ask(address, ("Accept-Encoding", "identity"));
            using var response = await _api.Anonymous.Ask(address, accepted is null ? [] : [("Accept-Encoding", accepted)]);

            Assert.Equal(coding, response.Header("Content-Encoding"));
            Assert.Contains("Accept-Encoding", response.Header("Vary")!.Split(", "));
            using var body = new MemoryStream(await response.Bytes());
            Assert.Equal(body.Length, response.Content.Headers.ContentLength);
            using Stream decoder = coding switch
            {
                "br" => new BrotliStream(body, CompressionMode.Decompress),
                "gzip" => new GZipStream(body, CompressionMode.Decompress),
                _ => body,
            };
            using var decoded = new MemoryStream();
            await decoder.CopyToAsync(decoded, TestContext.Current.CancellationToken);
            Assert.Equal(await plain.Bytes(), decoded.ToArray());
        }
    }

    [Fact]
    public async Task A_cache_may_keep_what_everybody_may_read_and_nothing_else()
    {
        var person = await _api.Person("Marco Rubio");
        var article = await _api.Article("Bericht");
        foreach (var address in (string[])["/v1/articles", $"/v1/articles/{article.Id()}", "/v1/articles/by-slug/bericht", $"/v1/people/{person.Id()}/articles", "/v1/sections", "/v1/changes"])
        {
            // Keyed and anonymous readers take turns: neither gets the headers made for the other.
            for (var i = 0; i < 2; i++)
            {
                using var keyed = await _api.Editor.Ask(address);
                Assert.Equal("private, no-cache", keyed.Header("Cache-Control"));
                using var anonymous = await _api.Anonymous.Ask(address);
                Assert.Equal(Public, anonymous.Header("Cache-Control"));
                Assert.Superset(new HashSet<string> { "Accept-Encoding", "Authorization", "X-Api-Key" }, anonymous.Header("Vary")!.Split(", ").ToHashSet());
            }

            if (address is "/v1/sections" or "/v1/changes") continue;
            using var preview = await _api.Editor.Ask($"{address}?perspective=preview");
            Assert.Equal("no-store", preview.Header("Cache-Control"));
        }

        foreach (var address in (string[])["/v1/articles?limit=0", "/v1/articles/by-slug/nobody", "/nowhere", "/v1/articles?perspective=preview"])
        {
            using var refused = await _api.Anonymous.Ask(address);
            Assert.Equal("no-store", refused.Header("Cache-Control"));
        }
    }

    [Fact]
    public async Task The_answer_to_a_write_is_never_kept()
    {
        using var post = await _api.Editor.PostJson("/v1/articles", """{"headline":"Bericht"}""");
        var id = (await post.Object(HttpStatusCode.Created)).Id();
        using var put = await _api.Editor.PutJson($"/v1/articles/{id}", """{"headline":"Neu"}""", "*");
        using var patch = await _api.Editor.PatchJson($"/v1/articles/{id}", """{"headline":"Neuer"}""");
        using var publish = await _api.Editor.Publish(id);
        using var withdraw = await _api.Editor.Remove($"/v1/articles/{id}/publication");
        using var delete = await _api.Editor.Remove($"/v1/articles/{id}");
        using var created = await _api.Editor.PutJson("/v1/sections/politik", """{"name":"Politik"}""");
        using var renamed = await _api.Editor.PutJson("/v1/sections/politik", """{"name":"Welt"}""");
        using var removed = await _api.Editor.Remove("/v1/sections/politik");
        using var import = await _api.Editor.PostAsync("/v1/imports", Json.Body("Nichts", "text/plain"), TestContext.Current.CancellationToken);

        foreach (var response in (HttpResponseMessage[])[post, put, patch, publish, withdraw, delete, created, renamed, removed, import])
        {
            Assert.True(response.IsSuccessStatusCode, $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri}");
            Assert.Equal("no-store", response.Header("Cache-Control"));
        }
    }

    [Fact]
    public async Task A_resource_says_when_it_changed_and_what_to_purge_it_by()
    {
        var article = await _api.Article("Bericht");

        using var one = await _api.Anonymous.Ask($"/v1/articles/{article.Id()}");
        Assert.Matches("^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} 20[0-9]{2} [0-9:]{8} GMT$", one.Header("Last-Modified"));
        Assert.Equal($"article-{article.Id()}", one.Header("Surrogate-Key"));
        using var list = await _api.Anonymous.Ask("/v1/articles");
        Assert.Equal("articles", list.Header("Surrogate-Key"));
        using var slug = await _api.Anonymous.Ask("/v1/articles/by-slug/bericht");
        Assert.Equal($"/v1/articles/{article.Id()}", slug.Header("Content-Location"));
    }

    [Fact]
    public async Task Every_answer_has_the_security_headers_and_none_says_what_serves_it()
    {
        var article = await _api.Article("Bericht");
        using var read = await _api.Anonymous.Ask($"/v1/articles/{article.Id()}");
        foreach (var (method, address) in ((string, string)[])
        [
            ("GET", "/v1/articles"), ("GET", $"/v1/articles/{article.Id()}"), ("HEAD", "/v1/articles"), ("OPTIONS", "/v1/articles"), ("GET", "/nowhere"),
            ("GET", "/v1/articles?limit=0"), ("PUT", "/v1/articles"), ("POST", "/v1/people"), ("DELETE", "/v1/sections/nichts"), ("GET", "/health/live"),
            ("GET", "/health/ready"),
        ])
        {
            using var response = await _api.Anonymous.Ask(HttpMethod.Parse(method), address, null, ("If-None-Match", read.Header("ETag")!));
            Assert.Equal("nosniff", response.Header("X-Content-Type-Options"));
            Assert.Equal("default-src 'none'; frame-ancestors 'none'", response.Header("Content-Security-Policy"));
            Assert.Equal("no-referrer", response.Header("Referrer-Policy"));
            Assert.Equal("cross-origin", response.Header("Cross-Origin-Resource-Policy"));
            Assert.Null(response.Header("Server"));
            Assert.Null(response.Header("X-Powered-By"));
            Assert.Null(response.Header("Set-Cookie"));
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    /// <summary>A member long enough to be worth compressing.</summary>
    private static string Long(string member) => $",\"{member}\":\"{string.Concat(Enumerable.Repeat("Die Gespräche dauern an. ", 60))}\"";
}
