using NewsApi.Http;

namespace NewsApi.Search;

internal static class SearchEndpoints
{
    private const string HowToSearch =
        """
        Articles, people and events in one ranked answer: of each type the newest 1,000 that answer the query.

        | in `q` | finds |
        | --- | --- |
        | `Garantie Gebiete` | what has both words, in any form: inflected, with `ä` or `ae`, as part of a compound |
        | `"Koalition der Willigen"` | the words in a row |
        | `Garantie OR Zusage` | either |
        | `Umjerow -Putin` | the first without the second |
        | `Waffenstillst*` | words that begin like this |
        | `(Paris OR Genf) Treffen` | groups |

        A name finds the person by every spelling on record, and everything that is linked to them however it is spelled there:
        `Zelensky` finds a text that says "Selenskyj". `explain=true` says who was understood.
        """;

    public static void MapSearch(this IEndpointRouteBuilder routes)
    {
        var search = routes.MapGroup("/search").WithTags("Search");

        search.MapMethods("", Endpoints.GetAndHead, Search).AsRead().WithName("Search").WithSummary("Search articles, people and events").WithDescription(HowToSearch)
            .Produces<SearchPage>().ProducesProblems(400, 410);
    }

    private static ValueTask<IResult> Search(HttpContext http, [AsParameters] SearchQuery query, SearchReader search, CancellationToken cancel) =>
        search.SearchAsync(http, query, cancel);
}
