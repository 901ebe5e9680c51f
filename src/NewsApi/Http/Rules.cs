using System.Globalization;
using System.Text.RegularExpressions;
using FluentValidation;
using FluentValidation.Validators;
using NewsApi.Publishing;

namespace NewsApi.Http;

/// <summary>The rules that inputs and queries are made of. Their limits reach the OpenAPI document from here.</summary>
internal static partial class Rules
{
    public static IRuleBuilderOptions<T, string?> Slug<T>(this IRuleBuilder<T, string?> rule) =>
        rule.MaximumLength(Resource.SlugLimit).Matches(SlugPattern()).WithErrorCode("invalid")
            .WithMessage("A slug has lower-case letters a to z, digits and single hyphens.");

    public static IRuleBuilderOptions<T, string?> Language<T>(this IRuleBuilder<T, string?> rule) =>
        rule.MaximumLength(Articles.Article.LanguageLimit).Matches(LanguagePattern()).WithErrorCode("invalid").WithMessage("A language is a BCP 47 tag, such as de or de-AT.");

    public static IRuleBuilderOptions<T, string?> Script<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Matches(ScriptPattern()).WithErrorCode("invalid").WithMessage("A script is an ISO 15924 code, such as Latn or Cyrl.");

    public static IRuleBuilderOptions<T, string?> Country<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Matches(CountryPattern()).WithErrorCode("invalid").WithMessage("A country is an ISO 3166-1 alpha-2 code, such as UA.");

    public static IRuleBuilderOptions<T, string?> PartialDate<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(date => date is null || PartialDates.IsValid(date)).WithErrorCode("invalid")
            .WithMessage("A date is given as far as it is known: 2019, 2019-05 or 2019-05-20.");

    public static IRuleBuilderOptions<T, string?> WebAddress<T>(this IRuleBuilder<T, string?> rule) =>
        rule.MaximumLength(2_000)
            .Must(url => url is null || (Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0))
            .WithErrorCode("invalid").WithMessage("An address is absolute and begins with https:// or http://.");

    /// <summary>Plain text on one line.</summary>
    public static IRuleBuilderOptions<T, string?> Line<T>(this IRuleBuilder<T, string?> rule, int limit) =>
        rule.MaximumLength(limit).Must(text => text is null || !text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029')).WithErrorCode("invalid")
            .WithMessage("This is one line of text; it holds no line breaks or control characters.");

    /// <summary>A value to be found as it stands: given, it cannot be empty, which would widen the answer to everything.</summary>
    public static IRuleBuilderOptions<T, string?> Word<T>(this IRuleBuilder<T, string?> rule, int limit) =>
        rule.MaximumLength(limit).Must(text => text is null || (text.Trim().Length > 0 && !text.Any(char.IsControl))).WithErrorCode("invalid")
            .WithMessage($"This is one value of {limit} characters at most, and not empty.");

    public static IRuleBuilderOptions<T, string?> NotBlank<T>(this IRuleBuilder<T, string?> rule) =>
        rule.NotEmpty().WithErrorCode("required").WithMessage("This is required and cannot be blank.");

    public static IRuleBuilderOptions<T, TElement> Present<T, TElement>(this IRuleBuilderInitialCollection<T, TElement> rule) =>
        rule.Cascade(CascadeMode.Stop).NotNull().WithErrorCode("required").WithMessage("A list holds no null.");

    public static IRuleBuilderOptions<T, IReadOnlyList<TElement>> AtMost<T, TElement>(
        this IRuleBuilder<T, IReadOnlyList<TElement>> rule, int limit) =>
        rule.SetValidator(new ListLimit<T, TElement>(limit));

    public static IRuleBuilderOptions<T, IReadOnlyList<TElement>> Distinct<T, TElement>(this IRuleBuilder<T, IReadOnlyList<TElement>> rule) =>
        rule.Must(list => list.Distinct().Count() == list.Count).WithErrorCode("duplicate").WithMessage("The same entry stands here twice.");

    public static IRuleBuilderOptions<T, string?> OneOf<T>(this IRuleBuilder<T, string?> rule, params string[] values) =>
        rule.SetValidator(new OneOfRule<T>(values));

    public static IRuleBuilderOptions<T, string?> Integer<T>(this IRuleBuilder<T, string?> rule, int minimum, int maximum, int? otherwise) =>
        rule.SetValidator(new IntegerRule<T>(minimum, maximum, otherwise));

    public static IRuleBuilderOptions<T, string?> DateOrInstant<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => text is null || DateBounds.IsValid(text)).WithErrorCode("invalid")
            .WithMessage("Use a date such as 2026-01-06, or an instant such as 2026-01-06T14:00:00Z.");

    /// <summary>A date or an instant that is not ahead.</summary>
    public static void Past<T>(this IRuleBuilderInitial<T, string?> rule, TimeProvider clock) => rule.Cascade(CascadeMode.Stop).DateOrInstant()
        .Must(text => text is null || !PastInstants.IsAhead(text, clock.Now())).WithErrorCode("outOfRange").WithMessage("This lies in the future, which nobody has seen.");

    public static IRuleBuilderOptions<T, string?> ZoneName<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(name => name is null || TimeZones.TryFind(name, out _)).WithErrorCode("invalid")
            .WithMessage($"A time zone is an IANA name, such as {TimeZones.Default}.");

    /// <summary>A repeatable filter: given, it needs a value; one that is empty would widen the answer to everything.</summary>
    public static IRuleBuilderOptions<T, string[]?> Values<T>(this IRuleBuilder<T, string[]?> rule, params string[] allowed) =>
        rule.SetValidator(new ValuesRule<T>(allowed));

    public static IRuleBuilderOptions<T, string[]?> Values<T>(this IRuleBuilder<T, string[]?> rule, int longest) =>
        rule.SetValidator(new ValuesRule<T>([], longest));

    /// <summary>Values that each have a form of their own; what is wrong with their number or length, <see cref="Values{T}(IRuleBuilder{T, string[]}, int)"/> says.</summary>
    public static IRuleBuilderOptions<T, string[]?> Each<T>(this IRuleBuilder<T, string[]?> rule, Func<string, bool> isValid) =>
        rule.Must(values => QueryValues.Split(values).All(value => value.Length == 0 || isValid(value))).WithErrorCode("invalid");

    public static void ExternalIds<T>(this IRuleBuilderInitial<T, string[]?> rule)
    {
        rule.Values(ExternalId.SourceLimit + 1 + ExternalId.ValueLimit);
        rule.Each(id => id.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && colon < id.Length - 1)
            .WithMessage("An external id is the source and the value, such as wikidata:Q7747.");
    }

    public static bool IsLanguage(string tag) => tag.Length <= Articles.Article.LanguageLimit && LanguagePattern().IsMatch(tag);

    public static bool IsCountry(string code) => code.Length == 2 && CountryPattern().IsMatch(code.ToUpperInvariant());

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.NonBacktracking)]
    public static partial Regex SlugPattern();

    [GeneratedRegex("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", RegexOptions.NonBacktracking)]
    private static partial Regex LanguagePattern();

    [GeneratedRegex("^[A-Z][a-z]{3}$", RegexOptions.NonBacktracking)]
    private static partial Regex ScriptPattern();

    [GeneratedRegex("^[A-Z]{2}$", RegexOptions.NonBacktracking)]
    private static partial Regex CountryPattern();
}

/// <summary>A limit that the OpenAPI document shows.</summary>
internal interface IListLimit
{
    int Maximum { get; }
}

internal sealed class ListLimit<T, TElement>(int maximum) : PropertyValidator<T, IReadOnlyList<TElement>>, IListLimit
{
    public override string Name => "tooMany";
    public int Maximum => maximum;

    public override bool IsValid(ValidationContext<T> context, IReadOnlyList<TElement> value) => value.Count <= maximum;

    protected override string GetDefaultMessageTemplate(string errorCode) => $"There can be {maximum} entries at most.";
}

internal interface IOneOfRule
{
    IReadOnlyList<string> Values { get; }
}

internal sealed class OneOfRule<T>(IReadOnlyList<string> values) : PropertyValidator<T, string?>, IOneOfRule
{
    public override string Name => "invalid";
    public IReadOnlyList<string> Values => values;

    public override bool IsValid(ValidationContext<T> context, string? value) => value is null || values.Contains(value);

    protected override string GetDefaultMessageTemplate(string errorCode) => $"Use one of {string.Join(", ", values)}.";
}

internal interface IIntegerRule
{
    int Minimum { get; }
    int Maximum { get; }
    int? Otherwise { get; }
}

internal sealed class IntegerRule<T>(int minimum, int maximum, int? otherwise) : PropertyValidator<T, string?>, IIntegerRule
{
    public override string Name => "outOfRange";
    public int Minimum => minimum;
    public int Maximum => maximum;
    public int? Otherwise => otherwise;

    public override bool IsValid(ValidationContext<T> context, string? value) =>
        value is null || (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum);

    protected override string GetDefaultMessageTemplate(string errorCode) => $"Use a whole number from {minimum} to {maximum}.";
}

internal sealed class ValuesRule<T>(IReadOnlyList<string> allowed, int longest = 200) : PropertyValidator<T, string[]?>, IOneOfRule
{
    public const int Limit = 50;

    public override string Name => "invalid";
    public IReadOnlyList<string> Values => allowed;

    public override bool IsValid(ValidationContext<T> context, string[]? value)
    {
        if (value is not { Length: > 0 }) return true;

        var values = QueryValues.Split(value);
        return values.Count is > 0 and <= Limit && values.All(v => IsValue(v) && (allowed.Count == 0 || allowed.Contains(v)));
    }

    protected override string GetDefaultMessageTemplate(string errorCode) => allowed.Count > 0
        ? $"Use one or more of {string.Join(", ", allowed)}."
        : $"Give 1 to {Limit} values of {longest} characters at most; none can be empty or hold U+0000.";

    /// <summary>U+0000 is in no text that is stored, and PostgreSQL does not even ask for it.</summary>
    private bool IsValue(string value) => value.Length > 0 && value.Length <= longest && !value.Contains('\0', StringComparison.Ordinal);
}

/// <summary>
/// What stands in parameters. Repeated and comma-separated values of a filter: <c>person=a&amp;person=b</c> is <c>person=a,b</c>. A comma that belongs
/// to a value has a backslash before it.
/// </summary>
internal static class QueryValues
{
    public static IReadOnlyList<string> Split(string[]? values) => values is null ? [] : [.. values.SelectMany(Split).Distinct()];

    /// <summary>A number that <see cref="Rules.Integer"/> has passed.</summary>
    public static int Number(string? text, int otherwise) => Number(text) ?? otherwise;

    public static int? Number(string? text) => text is null ? null : int.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Split(string text)
    {
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && (text[i] != ',' || (i > 0 && text[i - 1] == '\\'))) continue;

            yield return text[start..i].Replace("\\,", ",", StringComparison.Ordinal).Trim();
            start = i + 1;
        }
    }
}
