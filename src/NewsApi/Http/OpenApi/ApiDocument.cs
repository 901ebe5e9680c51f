using System.Reflection;
using System.Text;
using Microsoft.OpenApi;
using NewsApi.Access;
using Swashbuckle.AspNetCore.Swagger;

namespace NewsApi.Http.OpenApi;

/// <summary>
/// The OpenAPI 3.0 document, made of the routes, the records and the validators, and the reference that people click through.
/// It is made once; the copy in the folder openapi is compared with it by a test.
/// </summary>
internal static class ApiDocument
{
    public const string Name = "v1";

    public static void AddApiDocument(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(o =>
        {
            o.SwaggerDoc(Name, Info());
            o.AddServer(new OpenApiServer { Url = "/", Description = "The server this document comes from" });
            o.SupportNonNullableReferenceTypes();
            o.CustomSchemaIds(SchemaName);
            o.IncludeXmlComments(Assembly.GetExecutingAssembly());
            o.AddSecurityDefinition("bearer", new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The key as bearer token, or a JSON Web Token where the service takes those.",
            });
            o.AddSecurityDefinition("apiKey", new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = Credentials.KeyHeader,
                Description = "The key in a header of its own.",
            });
            o.SchemaFilter<WireSchemas>();
            o.SchemaFilter<RuleSchemas>();
            o.OperationFilter<Operations>();
            o.OperationFilter<QueryRules>();
            o.DocumentFilter<DocumentParts>();
        });
        services.AddSingleton<ApiDocumentText>();
    }

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapMethods("/openapi/v1.json", Endpoints.GetAndHead, (ApiDocumentText document) => document.JsonAsync())
            .AllowEverybodyAlways().ExcludeFromDescription();
        app.MapMethods("/openapi/v1.yaml", Endpoints.GetAndHead, (ApiDocumentText document) => document.YamlAsync())
            .AllowEverybodyAlways().ExcludeFromDescription();
    }

    /// <summary>The interactive reference at /docs. Its pages need scripts and styles of their own, which no other answer may have.</summary>
    public static void UseApiReference(this WebApplication app)
    {
        // A branch of its own, so that no other request is looked at by the pages of the reference.
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/docs", StringComparison.OrdinalIgnoreCase), docs =>
        {
            docs.Use((context, next) =>
            {
                // The hash is that of the one style which the page's script writes, the colours of its logo.
                context.Response.Headers.ContentSecurityPolicy =
                    "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; " +
                    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
                return next(context);
            });
            docs.UseSwaggerUI(o =>
            {
                o.RoutePrefix = "docs";
                o.DocumentTitle = "NewsApi reference";
                o.SwaggerEndpoint("/openapi/v1.json", "NewsApi v1");
                o.EnableTryItOutByDefault();
                o.DisplayRequestDuration();
            });
        });
    }

    private static OpenApiInfo Info() => new()
    {
        Title = "NewsApi",
        Version = "1",
        Description =
            """
            Articles, people and events of a newsroom as JSON.

            Reading what is public needs no key. Writing, and reading working versions with `perspective=preview`, needs one:
            `Authorization: Bearer` or `X-Api-Key`. Where a service is closed to anonymous readers, reading needs the scope `content:read`, and
            `/v1/changes` needs `sync:read`.

            **Absent, not null.** A member without a value is left out of answers. Instants are RFC 3339 in UTC with milliseconds.
            Lists of codes (status, certainty, kinds, block types) may grow: treat a value you do not know as you treat a new word.

            **Versions.** Articles, people and events count their changes in `version`. PUT of an existing resource, PATCH and DELETE need
            `If-Match` with an `ETag` of the version that was read; 412 says that somebody was faster.

            **Errors** are `application/problem+json` (RFC 9457) everywhere, with a JSON Pointer or a parameter name for each fault.
            """,
        License = new OpenApiLicense { Name = "MIT", Url = new Uri("https://opensource.org/license/mit") },
        Contact = new OpenApiContact { Name = "The NewsApi team" },
    };

    /// <summary>Wire names: ArticleResponse → Article, Page&lt;ArticleResponse&gt; → ArticlePage.</summary>
    private static string SchemaName(Type type)
    {
        if (type.IsGenericType) return SchemaName(type.GetGenericArguments()[0]) + type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];

        return type.Name switch
        {
            "KeyResponse" => "ApiKey",
            "SectionRef" => "Section",
            "NameEntry" => "PersonName",
            "OfficeEntry" => "Office",
            "ParticipantEntry" => "Participant",
            var name => name.EndsWith("Response", StringComparison.Ordinal) ? name[..^"Response".Length] : name,
        };
    }
}

/// <summary>The document as text, made when first asked for.</summary>
internal sealed class ApiDocumentText(ISwaggerProvider provider)
{
    private readonly Lazy<Task<(Answer Json, Answer Yaml)>> _answers = new(() => WriteAsync(provider));

    public async Task<IResult> JsonAsync() => (await _answers.Value).Json;

    public async Task<IResult> YamlAsync() => (await _answers.Value).Yaml;

    private static async Task<(Answer Json, Answer Yaml)> WriteAsync(ISwaggerProvider provider)
    {
        var document = provider.GetSwagger(ApiDocument.Name);
        var json = Encoding.UTF8.GetBytes((await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_0)).ReplaceLineEndings("\n") + "\n");
        var yaml = Encoding.UTF8.GetBytes((await document.SerializeAsYamlAsync(OpenApiSpecVersion.OpenApi3_0)).ReplaceLineEndings("\n") + "\n");
        return (
            new Answer(json, Answer.TagOf(json)) { IsPublic = true, SurrogateKey = "openapi" },
            new Answer(yaml, Answer.TagOf(yaml)) { IsPublic = true, SurrogateKey = "openapi", ContentType = "application/yaml" });
    }
}
