using Microsoft.OpenApi;
using NewsApi.Access;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace NewsApi.Http.OpenApi;

/// <summary>What an operation has beside its body: keys, conditional headers, validators in answers.</summary>
internal sealed class Operations : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var rule = metadata.OfType<AccessRule>().LastOrDefault();
        AddSecurity(operation, rule, context.Document);
        NameIds(operation);
        var isStored = !metadata.OfType<NeverStored>().Any();
        var isRead = context.ApiDescription.HttpMethod == HttpMethods.Get;
        if (isRead && isStored) AddConditionalRead(operation);
        else AddConditionalWrite(operation, context.ApiDescription.HttpMethod!);
        if (context.ApiDescription.HttpMethod == HttpMethods.Post && metadata.OfType<AccessRule>().Any(rule => rule.Scope is not null || rule.NeedsKey) && !IsNotKept(operation))
            AddIdempotencyKey(operation);

        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response is not OpenApiResponse concrete) continue;
            if (status is "200" or "201" && isStored && operation.OperationId is not "CreateImport" and not "ReplaceSection" and not "MatchPeople" and not "ReconcilePeople") AddHeader(concrete, "ETag", "Entity tag of what was answered.");
            if (status is "429" or "503") AddHeader(concrete, "Retry-After", "Seconds to wait before asking again (RFC 9110 §10.2.3).");
            if (status == "201") AddHeader(concrete, "Location", "Address of the resource; of a draft with perspective=preview.");
        }

        if (isStored && operation.OperationId?.StartsWith("List", StringComparison.Ordinal) == true && operation.Responses?["200"] is OpenApiResponse page)
            AddHeader(page, "Link", "The next page, rel=\"next\" (RFC 8288).");
        if (metadata.OfType<MergePatchBody>().FirstOrDefault() is { } patch) UsePatchSchema(operation, patch.Input, context.Document);
        if (metadata.OfType<CallsBack>().FirstOrDefault() is { } call) AddCallback(operation, call, context);
        AddExamples(operation, context.Document);
    }

    private static void AddSecurity(OpenApiOperation operation, AccessRule? rule, OpenApiDocument document)
    {
        var bearer = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] };
        var apiKey = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("apiKey", document)] = [] };
        operation.Security = rule is { Scope: null, NeedsKey: false } ? [new OpenApiSecurityRequirement(), bearer, apiKey] : [bearer, apiKey];
        operation.Description = $"{operation.Description} {Needs(operation, rule)}".TrimStart();
    }

    private static string Needs(OpenApiOperation operation, AccessRule? rule)
    {
        if (rule?.Scope is { } scope) return $"Needs the scope `{scope}`.";
        if (rule?.NeedsKey == true) return "Needs a key, whatever its scopes.";

        return operation.Parameters?.Any(p => p.Name == "perspective") == true
            ? $"Needs no key; `perspective=preview` needs the scope `{Scopes.Preview}`."
            : "Needs no key.";
    }

    private static void NameIds(OpenApiOperation operation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(p => p.In == ParameterLocation.Path) ?? [])
        {
            if (parameter.Name == "id")
            {
                parameter.Description = "The resource's UUID.";
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" };
            }
            else if (parameter.Name == "version")
            {
                parameter.Description = "The number of the version.";
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1" };
            }
            else if (parameter.Name == "position")
            {
                parameter.Description = "The delivery's place in the change feed.";
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[0-9]{1,19}$" };
            }
            else
            {
                parameter.Description = "The resource's slug.";
            }
        }
    }

    private static void AddConditionalRead(OpenApiOperation operation)
    {
        AddParameter(operation, "If-None-Match", "ETags held already, such as `\"3-128-full\"`; 304 where one is current.", isRequired: false);
        operation.Responses!["304"] = new OpenApiResponse { Description = "What was sent in If-None-Match is current." };
    }

    private static void AddConditionalWrite(OpenApiOperation operation, string method)
    {
        if (operation.Responses?.ContainsKey("412") != true) return;

        var isRequired = operation.Responses.ContainsKey("428") && method != HttpMethods.Put;
        var text = operation.Responses.ContainsKey("428")
            ? "ETag of the version this write is based on. Required where the resource exists."
            : "ETag of the version this is based on; honoured where it is sent.";
        AddParameter(operation, "If-Match", text, isRequired, "\"3-128-full\"");
    }

    /// <summary>What is shown once is kept nowhere, and so not given again; and a replay may be asked for twice.</summary>
    private static bool IsNotKept(OpenApiOperation operation) =>
        operation.OperationId is "CreateKey" or "RotateKey" or "CreatePreviewLink" or "CreateSubscription" or "RotateSubscription" or "ReplayDelivery" or "ReplayDeliveries";

    private static void AddCallback(OpenApiOperation operation, CallsBack call, OperationFilterContext context)
    {
        var called = new OpenApiOperation
        {
            OperationId = call.Name,
            Summary = call.Summary,
            Description = "Sent by the server, signed by Standard Webhooks 1.0.",
            Tags = operation.Tags,
            Security = [new OpenApiSecurityRequirement()],
            RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, IOpenApiMediaType> { ["application/json"] = new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(call.Body, context.SchemaRepository) } },
            },
            Responses = new OpenApiResponses { ["2XX"] = new OpenApiResponse { Description = "Heard." }, ["410"] = new OpenApiResponse { Description = "Not to be called again." } },
        };
        foreach (var header in (string[])["webhook-id", "webhook-timestamp", "webhook-signature"]) AddParameter(called, header, "See Standard Webhooks 1.0.", isRequired: true);
        AddExamples(called, context.Document);
        var callback = new OpenApiCallback();
        callback.AddPathItem(RuntimeExpression.Build(call.Address), new OpenApiPathItem { Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Post] = called } });
        operation.Callbacks = new Dictionary<string, IOpenApiCallback> { [call.Name] = callback };
    }

    private static void AddIdempotencyKey(OpenApiOperation operation)
    {
        const string text = """
            A name of your own for this request, such as a UUID. Sent again within 24 hours it is answered as it was the first time, and nothing happens twice;
            409 `idempotencyKeyAtWork` while the first is at work, 422 `idempotencyKeyReused` where the request is another one. A request that was refused may come again.
            """;
        AddParameter(operation, "Idempotency-Key", text, isRequired: false, "5c7f3a52-8f0c-4f8e-9d26-2f6d4c6f6a51");
    }

    private static void UsePatchSchema(OpenApiOperation operation, Type input, OpenApiDocument document)
    {
        if (operation.RequestBody is not OpenApiRequestBody { Content: { } content }) return;

        foreach (var media in content.Values.OfType<OpenApiMediaType>()) media.Schema = new OpenApiSchemaReference(DocumentParts.PatchName(input.Name), document);
    }

    private static void AddExamples(OpenApiOperation operation, OpenApiDocument document)
    {
        foreach (var media in operation.RequestBody?.Content?.Values ?? []) AddExample(media, "", document);
        foreach (var (status, response) in operation.Responses ?? [])
        {
            foreach (var media in response.Content?.Values ?? []) AddExample(media, status, document);
        }
    }

    /// <summary>By the name of the schema; problems have one for each status. The example itself stands once, among the components.</summary>
    private static void AddExample(IOpenApiMediaType media, string status, OpenApiDocument document)
    {
        if (media is not OpenApiMediaType { Schema: OpenApiSchemaReference { Reference.Id: { } schema } } concrete) return;

        var name = schema == nameof(Problem) ? schema + status : schema;
        if (!Examples.Names.Contains(name)) return;

        concrete.Examples = new Dictionary<string, IOpenApiExample> { [name] = new OpenApiExampleReference(name, document) };
    }

    /// <summary>An example is what the reference page fills in, so only what is usually sent has one.</summary>
    private static void AddParameter(OpenApiOperation operation, string name, string description, bool isRequired, string? example = null)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Required = isRequired,
            Example = example,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }

    private static void AddHeader(OpenApiResponse response, string name, string description)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[name] = new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
    }
}

/// <summary>What belongs to the document as a whole: no HEAD, tags with words, the schemas of merge patches.</summary>
internal sealed class DocumentParts : IDocumentFilter
{
    public static string PatchName(string input) => input.Replace("Input", "Patch", StringComparison.Ordinal);

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        // HEAD is on the wire; in the document it would only double every operation id.
        foreach (var path in swaggerDoc.Paths.Values) path.Operations?.Remove(HttpMethod.Head);
        swaggerDoc.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "Articles", Description = "Stories: versions, publication, lists." },
            new() { Name = "People", Description = "Humans in the news, one identity under many spellings." },
            new() { Name = "Events", Description = "What happens at a time, as far as the time is known." },
            new() { Name = "Sections", Description = "Editorial departments." },
            new() { Name = "Search", Description = "Articles, people and events in one ranked answer, found by words and names." },
            new() { Name = "Timelines", Description = "Events and articles in one list, in the order of their times." },
            new() { Name = "Sync", Description = "What changes in public, in order; everything at one moment; and the proof of a copy: for those who keep one." },
            new() { Name = "Imports", Description = "Content from outside." },
            new() { Name = "Keys", Description = "Who may call, and for what." },
            new() { Name = "Batch", Description = "Many writes in one request." },
            new() { Name = "Audit", Description = "Who did what." },
        };
        swaggerDoc.Components!.Examples = Examples.Names.Order(StringComparer.Ordinal)
            .ToDictionary(name => name, name => (IOpenApiExample)new OpenApiExample { Value = Examples.Of(name) });
        foreach (var input in (string[])["ArticleInput", "PersonInput", "EventInput", "KeyInput", "SubscriptionInput"]) AddPatch(swaggerDoc, input);
    }

    /// <summary>The input with every member optional, and null where it can be removed. Objects are inlined: a reference cannot be nullable.</summary>
    private static void AddPatch(OpenApiDocument document, string inputName)
    {
        var schemas = document.Components!.Schemas!;
        var input = (OpenApiSchema)schemas[inputName];
        var patch = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = $"Members to change (RFC 7396): null removes one, lists are replaced whole, what is absent stays. See {inputName}.",
            Properties = new Dictionary<string, IOpenApiSchema>(),
        };
        foreach (var (name, property) in input.Properties!)
        {
            patch.Properties[name] = property switch
            {
                OpenApiSchemaReference reference => Nullable((OpenApiSchema)schemas[reference.Reference.Id!]),
                OpenApiSchema plain => Nullable(plain),
                _ => property,
            };
        }

        schemas[PatchName(inputName)] = patch;
    }

    private static OpenApiSchema Nullable(OpenApiSchema schema)
    {
        var copy = (OpenApiSchema)schema.CreateShallowCopy();
        copy.Type |= JsonSchemaType.Null;
        return copy;
    }
}
