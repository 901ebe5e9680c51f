using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.AspNetCore.Mvc;
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
    private readonly NullabilityInfoContext _nullability = new();

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var record in context.MethodInfo.GetParameters().Where(p => p.IsDefined(typeof(AsParametersAttribute), false)).Select(p => p.ParameterType))
        {
            // Handlers that are bound when the program is compiled take a list for required, whatever its type says.
            foreach (var property in record.GetProperties().Where(p => _nullability.Create(p).ReadState == NullabilityState.Nullable))
            {
                var named = property.GetCustomAttribute<FromQueryAttribute>()?.Name;
                if (operation.Parameters?.FirstOrDefault(p => p.Name == named) is OpenApiParameter optional) optional.Required = false;
            }

            foreach (var (name, _, rule) in ValidatorRules.Of(record, services))
            {
                if (operation.Parameters?.FirstOrDefault(p => p.Name == name) is not OpenApiParameter { Schema: OpenApiSchema schema } parameter) continue;

                switch (rule)
                {
                    case IIntegerRule integer:
                        schema.Type = JsonSchemaType.Integer;
                        schema.Format = "int32";
                        schema.Minimum = integer.Minimum.ToString(CultureInfo.InvariantCulture);
                        schema.Maximum = integer.Maximum.ToString(CultureInfo.InvariantCulture);
                        schema.Default = integer.Otherwise is { } otherwise ? JsonValue.Create(otherwise) : null;
                        break;
                    case IOneOfRule { Values: ["true", "false"] or ["false", "true"] }:
                        schema.Type = JsonSchemaType.Boolean;
                        break;
                    case IOneOfRule { Values.Count: > 0 } words:
                        var reference = Words(name, words.Values, operation, context);
                        if (schema.Type == JsonSchemaType.Array) schema.Items = reference;
                        else parameter.Schema = reference;
                        break;
                }
            }
        }
    }

    /// <summary>
    /// A schema with a name of its own, so that generated clients have one type <c>View</c> and not one for each operation. Where
    /// the same parameter takes other words, the operation's name goes before it.
    /// </summary>
    private static OpenApiSchemaReference Words(string parameter, IReadOnlyList<string> values, OpenApiOperation operation, OperationFilterContext context)
    {
        var known = context.SchemaRepository.Schemas;
        var name = char.ToUpperInvariant(parameter[0]) + parameter[1..];
        if (known.TryGetValue(name, out var other) && other.Enum?.Select(v => v.GetValue<string>()).SequenceEqual(values) != true) name = operation.OperationId + name;
        known[name] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. values.Select(v => (JsonNode)JsonValue.Create(v))] };
        return new OpenApiSchemaReference(name, context.Document);
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
