using System.Reflection;
using System.Text;
using System.Text.Json;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace NewsApi.Http;

/// <summary>
/// Attached once, to the whole of <c>/v1</c>: refuses query parameters that the handler does not know, and runs the
/// validator of every parameter that has one.
/// </summary>
internal static class RequestValidation
{
    private static readonly Dictionary<string, string> Codes = new()
    {
        ["NotEmptyValidator"] = "required",
        ["NotNullValidator"] = "required",
        ["MaximumLengthValidator"] = "tooLong",
        ["InclusiveBetweenValidator"] = "outOfRange",
    };

    public static EndpointFilterDelegate Create(EndpointFilterFactoryContext context, EndpointFilterDelegate next)
    {
        var parameters = context.MethodInfo.GetParameters();
        var known = QueryNames(context.MethodInfo);
        var checks = parameters.Select((parameter, index) => (Index: index, Validator: ValidatorOf(parameter, context.ApplicationServices)!, Parameter: parameter))
            .Where(c => c.Validator is not null)
            .Select(c => (c.Index, c.Validator, MayBeAbsent: MayBeAbsent(c.Parameter, c.Validator)))
            .ToList();

        return async invocation =>
        {
            var request = invocation.HttpContext.Request;
            var parameterFaults = request.QueryString.HasValue ? UnknownParameters(request.Query, known) : [];
            Problem? bodyFault = null;
            foreach (var (index, validator, mayBeAbsent) in checks)
            {
                if (mayBeAbsent && !request.QueryString.HasValue) continue;

                var argument = invocation.Arguments[index];
                var value = argument is IValidatable body ? body.Value : argument;
                if (value is null) continue;

                var result = await validator.ValidateAsync(new ValidationContext<object>(value), invocation.HttpContext.RequestAborted);
                if (result.IsValid) continue;
                if (argument is IValidatable) bodyFault = Problem(result);
                else parameterFaults.AddRange(result.Errors.Select(e => Error(e, null, JsonNamingPolicy.CamelCase.ConvertName(e.PropertyName))));
            }

            if (parameterFaults.Count > 0) return new ProblemResult(Problems.Parameters(parameterFaults));
            return bodyFault is null ? await next(invocation) : new ProblemResult(bodyFault);
        };
    }

    /// <summary>The rules that a body broke.</summary>
    public static Problem Problem(ValidationResult result) => Problems.Invalid([.. result.Errors.Select(e => Error(e, Pointer(e.PropertyName), null))]);

    /// <summary>The query parameters of a handler: those of its own and those of its <c>[AsParameters]</c> records.</summary>
    public static IReadOnlyList<string> QueryNames(MethodInfo handler) =>
    [
        .. handler.GetParameters().SelectMany(p => p.GetCustomAttribute<AsParametersAttribute>() is null
            ? [p.GetCustomAttribute<FromQueryAttribute>()?.Name]
            : p.ParameterType.GetProperties().Select(property => property.GetCustomAttribute<FromQueryAttribute>()?.Name)).OfType<string>(),
    ];

    private static ProblemError Error(ValidationFailure fault, string? pointer, string? parameter) => new()
    {
        Pointer = pointer,
        Parameter = parameter,
        Code = Codes.GetValueOrDefault(fault.ErrorCode, fault.ErrorCode),
        Detail = fault.ErrorMessage,
    };

    private static List<ProblemError> UnknownParameters(IQueryCollection query, IReadOnlyList<string> known) =>
    [
        .. query.Keys.Where(name => !known.Contains(name)).Select(name => new ProblemError
        {
            Parameter = name,
            Code = "unknownParameter",
            Detail = known.Count == 0
                ? $"There is no parameter '{name}' here, nor any other."
                : $"There is no parameter '{name}' here{(Spelling.Nearest(name, known) is { } nearest ? $"; did you mean '{nearest}'?" : $"; there are {string.Join(", ", known)}.")}",
        }),
    ];

    private static IValidator? ValidatorOf(ParameterInfo parameter, IServiceProvider services)
    {
        var type = parameter.ParameterType;
        var validated = type.IsGenericType && type.IsAssignableTo(typeof(IValidatable)) ? type.GetGenericArguments()[0] : type;
        return (IValidator?)services.GetService(typeof(IValidator<>).MakeGenericType(validated));
    }

    /// <summary>Whether the parameter is made of the query alone and is right without one: then there is nothing to check where none is sent.</summary>
    private static bool MayBeAbsent(ParameterInfo parameter, IValidator validator)
    {
        var type = parameter.ParameterType;
        return parameter.GetCustomAttribute<AsParametersAttribute>() is not null
            && type.GetProperties().All(property => property.GetCustomAttribute<FromQueryAttribute>() is not null)
            && validator.Validate(new ValidationContext<object>(Activator.CreateInstance(type)!)).IsValid;
    }

    /// <summary>Body[0].Text → /body/0/text.</summary>
    private static string Pointer(string path)
    {
        var pointer = new StringBuilder();
        foreach (var part in path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
            pointer.Append('/').Append(JsonNamingPolicy.CamelCase.ConvertName(part));

        return pointer.ToString();
    }
}
