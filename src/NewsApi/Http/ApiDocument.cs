namespace NewsApi.Http;

internal static class ApiDocument
{
    public static void AddApiDocument(this IServiceCollection services) { services.AddEndpointsApiExplorer(); }
    public static void MapApiDocument(this WebApplication app) { _ = app; }
}
