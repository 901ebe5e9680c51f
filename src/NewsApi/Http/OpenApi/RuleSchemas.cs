using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace NewsApi.Http.OpenApi;

/// <summary>Limits in the document come from the validators, so that the two cannot differ.</summary>
internal sealed class RuleSchemas(IServiceProvider services) : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties.Count: > 0 } concrete || context.MemberInfo is not null) return;

        foreach (var (name, isOfItems, rule) in ValidatorRules.Of(context.Type, services))
        {
            if (!concrete.Properties.TryGetValue(name, out var member) || member is not OpenApiSchema property) continue;

            var target = isOfItems ? property.Items as OpenApiSchema : property;
            if (target is not null) Apply(target, rule);
        }
    }

    private static void Apply(OpenApiSchema schema, IPropertyValidator rule)
    {
        var isText = schema.Type?.HasFlag(JsonSchemaType.String) == true;
        switch (rule)
        {
            case IMaximumLengthValidator length when isText:
                schema.MaxLength = schema.MaxLength is { } other ? Math.Min(other, length.Max) : length.Max;
                break;
            case INotEmptyValidator when isText:
                schema.MinLength = 1;
                break;
            case IRegularExpressionValidator pattern:
                schema.Pattern = pattern.Expression;
                break;
            case IBetweenValidator between:
                schema.Minimum = Convert.ToString(between.From, CultureInfo.InvariantCulture);
                schema.Maximum = Convert.ToString(between.To, CultureInfo.InvariantCulture);
                break;
            case IListLimit list:
                schema.MaxItems = list.Maximum;
                break;
        }
    }
}

/// <summary>What queries accept: numbers with their limits, fixed sets of words.</summary>
internal sealed class QueryRules(IServiceProvider services) : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var record in context.MethodInfo.GetParameters().Where(p => p.IsDefined(typeof(AsParametersAttribute), false)).Select(p => p.ParameterType))
        {
            foreach (var (name, _, rule) in ValidatorRules.Of(record, services))
            {
                if (operation.Parameters?.FirstOrDefault(p => p.Name == name) is not OpenApiParameter { Schema: OpenApiSchema schema }) continue;

                switch (rule)
                {
                    case IIntegerRule integer:
                        schema.Type = JsonSchemaType.Integer;
                        schema.Format = "int32";
                        schema.Minimum = integer.Minimum.ToString(CultureInfo.InvariantCulture);
                        schema.Maximum = integer.Maximum.ToString(CultureInfo.InvariantCulture);
                        schema.Default = JsonValue.Create(integer.Otherwise);
                        break;
                    case IOneOfRule { Values.Count: > 0 } words:
                        var target = schema.Type == JsonSchemaType.Array ? (OpenApiSchema)schema.Items! : schema;
                        target.Enum = [.. words.Values.Select(v => (JsonNode)JsonValue.Create(v))];
                        break;
                }
            }
        }
    }
}

/// <summary>The rules of a record's validator, by wire name; for lists also those of their items.</summary>
internal static class ValidatorRules
{
    public static IEnumerable<(string Name, bool IsOfItems, IPropertyValidator Rule)> Of(Type type, IServiceProvider services)
    {
        if (services.GetService(typeof(IValidator<>).MakeGenericType(type)) is not IValidator validator) yield break;

        foreach (var rule in validator.CreateDescriptor().Rules.Where(r => r.PropertyName is not null))
        {
            var isOfItems = rule.GetType().GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICollectionRule<,>));
            foreach (var component in rule.Components.Where(c => !c.HasCondition))
                yield return (JsonNamingPolicy.CamelCase.ConvertName(rule.PropertyName), isOfItems, component.Validator);
        }
    }
}
