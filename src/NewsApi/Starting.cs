using System.Globalization;
using Mapster;
using NewsApi.Articles;
using NewsApi.Events;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Samples;

namespace NewsApi;

/// <summary>Refuses a system on which the product would be silently wrong: without ICU, without time zones.</summary>
internal static class SystemCheck
{
    public static void Run()
    {
        if (!KnowsGerman())
            throw new SettingException("InvariantGlobalization", "is on, or ICU is missing: German cannot be sorted and text not normalised; install libicu");
        if (!TimeZones.TryFind(TimeZones.Default, out _))
            throw new SettingException("TZDIR", $"leads to no time zones ({TimeZones.Default} is unknown); install tzdata");
    }

    private static bool KnowsGerman()
    {
        try
        {
            return CultureInfo.GetCultureInfo("de-DE").CompareInfo.Compare("Ärger", "Zug", CompareOptions.None) < 0 && "a\u0308".Normalize() == "ä";
        }
        catch (CultureNotFoundException)
        {
            return false;
        }
    }
}

/// <summary>The one mapping of inputs to entities. A member of an entity that nobody decided about stops the start, by name.</summary>
internal static class Mapping
{
    private static readonly Lazy<TypeAdapterConfig> Made = new(Create);

    public static TypeAdapterConfig Config => Made.Value;

    private static TypeAdapterConfig Create()
    {
        var config = new TypeAdapterConfig { RequireDestinationMemberSource = true, RequireExplicitMapping = true };

        // Blocks, places and the like are immutable: they are handed over, not copied.
        config.Default.ShallowCopyForSameType(true);
        ArticleEditor.Map(config);
        PersonEditor.Map(config);
        EventEditor.Map(config);
        config.Compile();
        return config;
    }
}

/// <summary>Fills an empty database where <c>Samples:Load</c> is set.</summary>
internal sealed class SampleStart(SampleOptions options, SampleContent samples, ILogger<SampleStart> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Load && await samples.LoadAsync(cancellationToken)) logger.LogInformation("The sample content was written");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
