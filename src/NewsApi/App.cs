using System.Text.Json;
using FluentValidation;
using NewsApi.Access;
using NewsApi.Articles;
using NewsApi.Audit;
using NewsApi.Batch;
using NewsApi.Changes;
using NewsApi.Events;
using NewsApi.Exports;
using NewsApi.Generate;
using NewsApi.Http;
using NewsApi.Http.OpenApi;
using NewsApi.Import;
using NewsApi.People;
using NewsApi.Publishing;
using NewsApi.Samples;
using NewsApi.Search;
using NewsApi.Sections;
using NewsApi.Storage;
using NewsApi.Subscriptions;
using NewsApi.Sync;
using NewsApi.Timelines;

namespace NewsApi;

/// <summary>The table of contents: services, middleware, one line per slice.</summary>
internal static class App
{
    internal const int BodyLimit = 1_048_576;
    private const int RequestLineLimit = 65_536;

    public static WebApplication Build(string[] args)
    {
        SystemCheck.Run();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit;

            // A query that is far too long is to be refused by its name, and not by an empty answer of the server.
            kestrel.Limits.MaxRequestLineSize = RequestLineLimit;
        });
        if (Settings.NamesNoAddress(builder.Configuration)) builder.WebHost.UseUrls("http://localhost:5080");
        AddServices(builder.Services, builder.Configuration);

        var app = builder.Build();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<AnswerCacheMiddleware>();
        app.UseApiReference();
        app.UseRouting();
        app.UseMiddleware<AccessGate>();
        app.UseMiddleware<IdempotencyMiddleware>();
        app.MapApiDocument();
        app.MapHealth();
        app.MapGet("/", () => TypedResults.Redirect("/docs")).AllowEverybodyAlways().ExcludeFromDescription();
        Map(app);
        return app;
    }

    /// <summary>
    /// What has to be right before anything starts: settings that only show when they are used, the schema. A fault is a
    /// <see cref="SettingException"/>.
    /// </summary>
    public static async Task PrepareAsync(WebApplication app, CancellationToken cancel)
    {
        var keys = app.Services.GetRequiredService<ApiKeys>();
        var secret = app.Services.GetRequiredService<SigningSecret>();
        _ = app.Services.GetRequiredService<AccessTokens>();
        _ = app.Services.GetRequiredService<AnswerCache>();
        _ = app.Services.GetRequiredService<WebhookTargets>();
        app.Services.GetRequiredService<ServiceOptions>().Check();
        var database = app.Services.GetRequiredService<NewsDatabase>();
        if (database.MigratesAtStart) await database.MigrateAsync(cancel);
        else await database.CheckSchemaAsync(cancel);
        await keys.LoadAsync(cancel);
        await secret.LoadAsync(cancel);
        app.Logger.LogInformation("The database is {Database}", database.Description);
    }

    private static void Map(WebApplication app)
    {
        var v1 = app.MapGroup("/v1").AddEndpointFilterFactory(RequestValidation.Create);
        v1.MapArticles();
        v1.MapCorrections();
        v1.MapPeople();
        v1.MapReconcile();
        v1.MapEvents();
        v1.MapTimelines();
        v1.MapSections();
        v1.MapSearch();
        v1.MapChanges();
        v1.MapExports();
        v1.MapSync();
        v1.MapSubscriptions();
        v1.MapImports();
        v1.MapBatch();
        v1.MapKeys();
        v1.MapAudit();
    }

    private static void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        ValidatorOptions.Global.LanguageManager.Enabled = false;
        ValidatorOptions.Global.DisplayNameResolver = (_, member, _) => member is null ? null : JsonNamingPolicy.CamelCase.ConvertName(member.Name);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Settings.Read<StorageOptions>(configuration, "Storage"));
        services.AddSingleton(Settings.Read<CacheOptions>(configuration, "Cache"));
        services.AddSingleton(Settings.Read<AccessOptions>(configuration, "Access"));
        services.AddSingleton(Settings.Read<SampleOptions>(configuration, "Samples"));
        services.AddSingleton(Settings.Read<ServiceOptions>(configuration, "Service"));
        services.AddSingleton(Settings.Read<WebhookOptions>(configuration, "Webhooks"));
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(o => WireJson.Configure(o.SerializerOptions));
        services.AddApiDocument();
        services.AddHealthChecks().AddCheck<DatabaseCheck>("database");

        services.AddSingleton<ApiKeys>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<SigningSecret>();
        services.AddSingleton<PreviewLinks>();
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<KeyEditing>();
        AssemblyScanner.FindValidatorsInAssembly(typeof(App).Assembly, includeInternalTypes: true)
            .ForEach(v => services.AddSingleton(v.InterfaceType, v.ValidatorType));
        services.AddSingleton(Mapping.Config);
        services.AddSingleton<HtmlCleaner>();

        services.AddSingleton(NewsDatabase.Create);
        services.AddSingleton<ServiceAddress>();
        services.AddSingleton<AnswerCache>();
        services.AddSingleton<KnownHeads>();
        services.AddSingleton<SourceSets>();
        services.AddSingleton<PublishedReader>();
        services.AddSingleton<PastReader>();
        services.AddSingleton<TimelineReader>();
        services.AddSingleton<EventHistoryReader>();
        services.AddSingleton<ChangeCursors>();
        services.AddSingleton<WaitingCallers>();
        services.AddSingleton<ChangeReader>();
        services.AddSingleton<SharedEvents>();
        services.AddSingleton<ChangeStream>();
        services.AddSingleton<ExportWriter>();
        services.AddSingleton<DigestReader>();
        services.AddSingleton<WebhookTargets>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<DueSignal>();
        services.AddSingleton<SubscriptionEditing>();
        services.AddSingleton<DeliveryLog>();
        services.AddSingleton<DeliveryQueue>();
        services.AddSingleton<PropagationReader>();
        services.AddSingleton<RevisionReader>();
        services.AddSingleton<AuditReader>();
        services.AddSingleton<SearchReader>();
        services.AddSingleton<RelatedReader>();
        services.AddSingleton<RecentCoverage>();
        services.AddSingleton<PeopleFinder>();
        services.AddSingleton<PeopleMatcher>();
        services.AddSingleton<Reconciliation>();
        services.AddSingleton<IRenderer, ArticleRenderer>();
        services.AddSingleton<IRenderer, PersonRenderer>();
        services.AddSingleton<IRenderer, EventRenderer>();
        services.AddSingleton<IRenderer, SectionRenderer>();
        services.AddSingleton<ArticleEditor>();
        services.AddSingleton<IEditor<Article, ArticleInput>>(s => s.GetRequiredService<ArticleEditor>());
        services.AddSingleton<IEditor<Person, PersonInput>, PersonEditor>();
        services.AddSingleton<EventEditor>();
        services.AddSingleton<IEditor<NewsEvent, EventInput>>(s => s.GetRequiredService<EventEditor>());
        services.AddSingleton(typeof(ResourceWriter<,>));
        services.AddSingleton(typeof(Editing<,>));
        services.AddSingleton<PersonMerging>();
        services.AddSingleton(typeof(BulkPublisher<,>));
        services.AddSingleton<Importer>();
        services.AddSingleton<BatchRunner>();
        services.AddSingleton<SampleContent>();
        services.AddSingleton<Generator>();

        // In this order: the writer runs before the samples are written, and those are there before a request is answered.
        services.AddSingleton<Publisher>();
        services.AddHostedService(s => s.GetRequiredService<Publisher>());
        services.AddHostedService<SampleStart>();
        services.AddHostedService<PublicationClock>();
        services.AddHostedService<PendingRenders>();
        services.AddHostedService<HeadWatcher>();
        services.AddSingleton<FeedRetention>();
        services.AddHostedService(s => s.GetRequiredService<FeedRetention>());
        services.AddHostedService<WebhookDispatcher>();
    }
}
