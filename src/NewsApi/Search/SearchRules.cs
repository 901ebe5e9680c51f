using FluentValidation;
using FluentValidation.Results;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Search;

/// <summary>What lists and the search have in common: the query, the orders that come with it, and what may be asked about it.</summary>
internal static class SearchRules
{
    private const string Updated = "updatedAt";
    private const string Relevance = "relevance";

    /// <summary>A query that can be understood; the fault says at which character it cannot.</summary>
    public static IRuleBuilderOptionsConditions<T, string?> FullText<T>(this IRuleBuilder<T, string?> rule) =>
        rule.MaximumLength(QueryParser.LongestQuery).Custom((text, context) =>
        {
            if (text is null || text.Length > QueryParser.LongestQuery || QueryParser.TryParse(text, out _, out var fault)) return;

            context.AddFailure(new ValidationFailure(context.PropertyPath, FormattableString.Invariant($"Character {fault.Position + 1}: {fault.Detail}"))
            {
                ErrorCode = fault.Code,
            });
        });

    /// <summary>An order of the list; that of relevance needs a query.</summary>
    public static IRuleBuilderOptions<T, string?> SortOr<T>(this IRuleBuilder<T, string?> rule, string own, Func<T, string?> query) =>
        rule.OneOf(own, Updated, Relevance).Must((asked, sort) => sort != Relevance || query(asked) is not null)
            .WithErrorCode("disagreement").WithMessage("There is relevance to a query only; say it with 'q'.");

    /// <summary>True or false; says something about a query, and nothing without one.</summary>
    public static IRuleBuilderOptions<T, string?> OnlyWith<T>(this IRuleBuilder<T, string?> rule, Func<T, string?> query) =>
        rule.OneOf("true", "false").Must((asked, given) => given != "true" || query(asked) is not null)
            .WithErrorCode("disagreement").WithMessage("This is about what 'q' searches for; say it with 'q'.");

    /// <summary>The request with what was searched for. The newest versions come first where nothing else is said.</summary>
    public static ListRequest SearchedBy(this ListRequest request, string? query, string? sort, string? explain)
    {
        var by = sort switch { Updated => ListSort.Updated, Relevance => ListSort.Relevance, _ => ListSort.Own };
        return request with
        {
            Query = query is null ? null : QueryParser.Parse(query),
            Sort = by,
            Descending = by == ListSort.Own || request.IsOrdered ? request.Descending : true,
            Explain = explain == "true",
        };
    }
}
