namespace NewsApi.Search;

/// <summary>What is asked of the index: tokens and how they are to stand together. Knows no database.</summary>
internal abstract record TokenQuery
{
    public static TokenQuery All(IReadOnlyList<TokenQuery> parts) => parts.Count == 1 ? parts[0] : new AllOf(parts);

    public static TokenQuery Any(IReadOnlyList<TokenQuery> parts) => parts.Count == 1 ? parts[0] : new AnyOf(parts);
}

/// <summary>The token is there.</summary>
internal sealed record Has(string Token) : TokenQuery;

/// <summary>A token that begins like this is there.</summary>
internal sealed record Starts(string Prefix) : TokenQuery;

/// <summary>The tokens are there, one behind the other.</summary>
internal sealed record InRow(IReadOnlyList<string> Sequence) : TokenQuery;

internal sealed record AllOf(IReadOnlyList<TokenQuery> Parts) : TokenQuery;

internal sealed record AnyOf(IReadOnlyList<TokenQuery> Parts) : TokenQuery;

internal sealed record ButNot(TokenQuery Query, TokenQuery Without) : TokenQuery;
