using NewsApi.Search;

namespace NewsApi.Storage;

/// <summary>
/// The tokens of a set of published resources, by their numbers. One implementation per database; both are given the same tokens and
/// find the same numbers.
/// </summary>
internal interface ISearchIndex
{
    Statement Add(string set, long number, string tokens);

    Statement Remove(string set, long number);

    /// <summary>Takes out for good what was removed, where the database only keeps a note of that.</summary>
    Statement? Purge(string set);

    /// <summary>The query as the database reads it; the parameter <c>match</c> of what follows.</summary>
    string Write(TokenQuery query);

    /// <summary>
    /// Statements that find the newest (or oldest) matches between the numbers <c>low</c> and <c>high</c>, in order. Where one finds fewer
    /// than the limit, the next is asked; which one that is may depend on how many were found.
    /// </summary>
    /// <param name="set">The published tables.</param>
    /// <param name="columns">Of the entry <c>e</c>.</param>
    /// <param name="condition">On the entry <c>e</c>, beginning with <c>AND</c>; or nothing.</param>
    /// <param name="descending">Newest first.</param>
    /// <param name="limit">How many are wanted.</param>
    /// <param name="found">How many the last statement has found.</param>
    IEnumerable<string> Find(string set, string columns, string condition, bool descending, int limit, Func<int> found);

    /// <summary>All matches between the numbers <c>low</c> and <c>high</c>, in no order.</summary>
    string Numbers(string set);

    /// <summary>Counts the matches between the numbers <c>low</c> and <c>high</c>.</summary>
    string Count(string set, string condition);
}
