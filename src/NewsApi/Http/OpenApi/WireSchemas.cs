using System.Reflection;
using System.Text.Json;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace NewsApi.Http.OpenApi;

/// <summary>
/// Schemas as the wire has them: a member is required where the record says <c>required</c> and it cannot be null; nothing
/// is nullable, because null is absent; further members may come.
/// </summary>
internal sealed class WireSchemas : ISchemaFilter
{
    private static readonly NullabilityInfoContext Nullability = new();

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties.Count: > 0 } concrete || context.MemberInfo is not null) return;

        concrete.AdditionalPropertiesAllowed = true;
        concrete.AdditionalProperties = null;
        concrete.Required = new HashSet<string>();
        foreach (var property in context.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (!concrete.Properties.TryGetValue(name, out var member)) continue;

            if (member is OpenApiSchema { Type: { } type } plain) plain.Type = type & ~JsonSchemaType.Null;
            if (IsRequired(property)) concrete.Required.Add(name);
        }
    }

    private static bool IsRequired(PropertyInfo property)
    {
        lock (Nullability)
        {
            return property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute))
                && Nullable.GetUnderlyingType(property.PropertyType) is null
                && Nullability.Create(property).ReadState == NullabilityState.NotNull;
        }
    }
}
