using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Benchmarks;

/// <summary>
/// What ADO.NET can do at best: three routes written out by hand over the product's own tables. No cache, no validation, no
/// other parameters; the same bytes and headers.
/// </summary>
internal static class BareDatabaseServer
{
    public static async Task RunAsync(string url, IBareDatabase database)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        await using var app = builder.Build();
        app.MapGet("/v1/articles/{id}", context => SendArticleAsync(context, database));
        app.MapGet("/v1/articles", context => SendListAsync(context, database));
        await app.RunAsync();
    }

    private static async Task SendArticleAsync(HttpContext context, IBareDatabase database)
    {
        var id = (string)context.GetRouteValue("id")!;
        if (await database.ArticleAsync(id) is not { } article)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var headers = SetHeaders(context, string.Create(CultureInfo.InvariantCulture, $"\"{article.Version}-{article.Position}-full\""));
        headers.LastModified = DateTimeOffset.FromUnixTimeMilliseconds(article.ModifiedAt).ToString("R", CultureInfo.InvariantCulture);
        headers["Surrogate-Key"] = $"article-{id}";
        await WriteAsync(context, article.Document);
    }

    private static async Task SendListAsync(HttpContext context, IBareDatabase database)
    {
        var person = context.Request.Query["person"].ToString();
        var cards = await (person.Length == 0 ? database.NewestAsync() : database.OfPersonAsync(person));
        var next = cards.Count > BareSql.Limit ? new Cursor(cards[BareSql.Limit - 1].SortKey, cards[BareSql.Limit - 1].Id).Write(Query(person)) : null;
        var body = new ArrayBufferWriter<byte>(32_768);
        body.Write("{\"items\":["u8);
        for (var i = 0; i < Math.Min(cards.Count, BareSql.Limit); i++)
        {
            if (i > 0) body.Write(","u8);
            body.Write(cards[i].Json);
        }

        body.Write("]"u8);
        if (next is not null) body.Write(Encoding.ASCII.GetBytes($",\"nextCursor\":\"{next}\""));
        body.Write("}"u8);
        var headers = SetHeaders(context, $"\"{Http.Answer.TagOf(body.WrittenSpan)}\"");
        headers["Surrogate-Key"] = "articles";
        if (next is not null) headers.Link = Http.Answer.NextLink(context.Request, next);
        await WriteAsync(context, body.WrittenMemory);
    }

    private static string Query(string person) =>
        new ListRequest { Type = ResourceType.Article, Filters = person.Length == 0 ? [] : [new ListFilter(FilterValue.Person, [person])] }.Fingerprint;

    private static IHeaderDictionary SetHeaders(HttpContext context, string tag)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = StandardHeaders.Exposed;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.ETag = tag;
        headers.Vary = "Accept-Encoding, Authorization, Origin, X-Api-Key";
        headers.CacheControl = "public, max-age=5, s-maxage=30, stale-while-revalidate=60, stale-if-error=300";
        headers.ContentType = "application/json; charset=utf-8";
        return headers;
    }

    private static ValueTask<System.IO.Pipelines.FlushResult> WriteAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentLength = body.Length;
        return context.Response.BodyWriter.WriteAsync(body);
    }
}

/// <summary>The statements, the same on both databases. The length of a page is no parameter, so that PostgreSQL plans for it.</summary>
internal static class BareSql
{
    public const int Limit = 20;

    public const string Article = "SELECT version, position, modified_at, document FROM public_documents WHERE type = 'article' AND id = $1";

    public const string Newest = "SELECT sort_key, id, card FROM public_cards WHERE type = 'article' ORDER BY sort_key DESC, id DESC LIMIT 21";

    public const string OfPerson =
        """
        SELECT k.sort_key, k.id, c.card FROM (
            SELECT sort_key, id FROM public_filters WHERE type = 'article' AND filter = 'person' AND value = $1
            ORDER BY sort_key DESC, id DESC LIMIT 21) AS k
        JOIN public_cards AS c ON c.type = 'article' AND c.sort_key = k.sort_key AND c.id = k.id
        ORDER BY k.sort_key DESC, k.id DESC
        """;
}

/// <summary>The reads of <see cref="BareDatabaseServer"/>.</summary>
internal interface IBareDatabase
{
    ValueTask<BareArticle?> ArticleAsync(string id);

    ValueTask<List<BareCard>> NewestAsync();

    ValueTask<List<BareCard>> OfPersonAsync(string person);
}

internal sealed record BareArticle(int Version, long Position, long ModifiedAt, byte[] Document);

internal readonly record struct BareCard(string SortKey, string Id, byte[] Json);
