using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using NewsApi.Access;
using NewsApi.Articles;
using NewsApi.Audit;
using NewsApi.Batch;
using NewsApi.Changes;
using NewsApi.Events;
using NewsApi.Import;
using NewsApi.People;
using NewsApi.Publishing;
using NewsApi.Samples;
using NewsApi.Search;
using NewsApi.Sections;
using NewsApi.Subscriptions;
using NewsApi.Sync;

namespace NewsApi.Http;

/// <summary>
/// JSON as it goes over the wire: camelCase, absent instead of null, instants in UTC with milliseconds. Members of inputs
/// that have a default are <c>set</c>, not <c>init</c>: generated readers assign every <c>init</c> member, absent or not.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    MaxDepth = WireJson.MaxDepth,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(ArticleResponse))]
[JsonSerializable(typeof(ArticleInput))]
[JsonSerializable(typeof(PersonResponse))]
[JsonSerializable(typeof(PersonInput))]
[JsonSerializable(typeof(FoundPerson))]
[JsonSerializable(typeof(MergedNames))]
[JsonSerializable(typeof(MergeInput))]
[JsonSerializable(typeof(SuggestionList))]
[JsonSerializable(typeof(MatchInput))]
[JsonSerializable(typeof(MatchAnswer))]
[JsonSerializable(typeof(ReconcileManifest))]
[JsonSerializable(typeof(ReconcileSuggestions))]
[JsonSerializable(typeof(Dictionary<string, ReconcileResult>))]
[JsonSerializable(typeof(Dictionary<string, ReconcileBatchQuery>))]
[JsonSerializable(typeof(EventResponse))]
[JsonSerializable(typeof(EventInput))]
[JsonSerializable(typeof(EventTime))]
[JsonSerializable(typeof(ArticleDiff))]
[JsonSerializable(typeof(Page<RevisionResponse>))]
[JsonSerializable(typeof(Page<AuditResponse>))]
[JsonSerializable(typeof(EventHistory))]
[JsonSerializable(typeof(EventStatusInput))]
[JsonSerializable(typeof(SectionRef))]
[JsonSerializable(typeof(ArticleRef))]
[JsonSerializable(typeof(SectionInput))]
[JsonSerializable(typeof(ChangePage))]
[JsonSerializable(typeof(DigestResponse))]
[JsonSerializable(typeof(PublicationInput))]
[JsonSerializable(typeof(CorrectionInput))]
[JsonSerializable(typeof(RetractionInput))]
[JsonSerializable(typeof(Schedule))]
[JsonSerializable(typeof(IReadOnlyList<Correction>))]
[JsonSerializable(typeof(Correction))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(BatchInput))]
[JsonSerializable(typeof(BatchReport))]
[JsonSerializable(typeof(BatchResult))]
[JsonSerializable(typeof(KeyInput))]
[JsonSerializable(typeof(KeyResponse))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(RotationInput))]
[JsonSerializable(typeof(MeResponse))]
[JsonSerializable(typeof(Licence))]
[JsonSerializable(typeof(SubscriptionInput))]
[JsonSerializable(typeof(SubscriptionResponse))]
[JsonSerializable(typeof(SubscriptionList))]
[JsonSerializable(typeof(CheckpointInput))]
[JsonSerializable(typeof(Page<DeliveryResponse>))]
[JsonSerializable(typeof(ReplayInput))]
[JsonSerializable(typeof(ReplayReport))]
[JsonSerializable(typeof(Doorbell))]
[JsonSerializable(typeof(PropagationResponse))]
[JsonSerializable(typeof(ArticleScope))]
[JsonSerializable(typeof(IReadOnlyList<Source>))]
[JsonSerializable(typeof(PreviewLinkInput))]
[JsonSerializable(typeof(PreviewLinkResponse))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(SampleArticle))]
[JsonSerializable(typeof(FilterValue[]))]
[JsonSerializable(typeof(IReadOnlyList<ExternalId>))]
[JsonSerializable(typeof(SearchPage))]
[JsonSerializable(typeof(Facets))]
internal sealed partial class WireJson : JsonSerializerContext
{
    public const int MaxDepth = 32;

    static WireJson() =>
        // Umlauts stay readable and markup compact; the answers are application/json with nosniff, never inlined into HTML.
        Default = new WireJson(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The same form for what handlers answer by themselves.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new InstantConverter());
        options.TypeInfoResolverChain.Insert(0, Default);
    }
}

/// <summary>RFC 3339: any offset is read, UTC with <c>Z</c> and milliseconds is written.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Instants.TryParse(reader.GetString()!, out var instant)
            ? instant
            : throw new JsonException("An instant is an RFC 3339 date-time with offset, such as 2026-01-06T14:00:00Z.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Instants.Format(value));
}

/// <summary>Instants as text: cut to milliseconds, always UTC, sortable as they stand.</summary>
internal static class Instants
{
    private const string Written = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Format(DateTimeOffset instant) => instant.UtcDateTime.ToString(Written, CultureInfo.InvariantCulture);

    /// <summary>RFC 3339: date and time with an offset or Z; seconds may be left out.</summary>
    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        instant = default;
        var time = text.IndexOf('T', StringComparison.Ordinal);
        if (text.Length is < 17 or > 40 || time != 10 || !char.IsAsciiDigit(text[0])) return false;
        if (!text.EndsWith('Z') && text.IndexOfAny(['+', '-'], time) < 0) return false;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out instant)) return false;

        instant = ToMilliseconds(instant);
        return true;
    }

    public static DateTimeOffset ToMilliseconds(DateTimeOffset instant) =>
        new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);

    /// <summary>Now, as it is stored.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) => ToMilliseconds(clock.GetUtcNow());
}
