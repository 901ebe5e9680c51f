using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Primitives;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Benchmarks.Parts;

/// <summary>What one read costs beside the database.</summary>
public class ReadingParts
{
    private const string Tag = "\"12-345678-full\"";

    private static readonly string Id = Guid.CreateVersion7(Material.Instant).ToString();
    private static readonly Cursor Place = new(Instants.Format(Material.Instant), Id);

    private static readonly ListRequest Newest = new() { Type = ResourceType.Article };

    private static readonly ListRequest Narrowed = Newest with
    {
        After = Place,
        From = Instants.Format(Material.Instant),
        Filters = [new ListFilter(FilterValue.Person, [Id]), new ListFilter(FilterValue.Section, ["politik", "chronik"])],
    };

    private readonly string _cursor = Place.Write(Narrowed.Fingerprint);
    private readonly StringValues _sameTag = new string(Tag.AsSpan());
    private readonly StringValues _otherTags = "W/\"11-345600-full\", \"12-345678-full-br\", \"12-345678-summary\"";

    [Benchmark]
    public string WriteCursor() => Place.Write(Narrowed.Fingerprint);

    [Benchmark]
    public bool ReadCursor() => Cursor.TryRead(_cursor, Narrowed.Fingerprint, out _);

    [Benchmark]
    public bool CompareTheSameTag() => EntityTags.Names(_sameTag, Tag);

    [Benchmark]
    public bool CompareOtherTags() => EntityTags.Names(_otherTags, Tag);

    [Benchmark]
    public string WriteListSql() => ListSql.Write(Newest).Sql;

    [Benchmark]
    public string WriteNarrowedListSql() => ListSql.Write(Narrowed).Sql;
}
