using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NewsApi.Http;

namespace NewsApi.Sync;

/// <summary>What is public, in so few words that a partner can compare a whole copy with it.</summary>
public sealed record DigestResponse
{
    /// <summary>Up to where in the change feed this tells: the cursor that was sent, or the newest.</summary>
    public required string Cursor { get; init; }

    /// <summary>Every bucket, also the empty ones, in the order of their indexes. Absent where one bucket was asked for.</summary>
    public required IReadOnlyList<DigestBucket>? Buckets { get; init; }

    /// <summary>What is in the bucket that was asked for, in the order of types and ids; absent otherwise.</summary>
    public required IReadOnlyList<DigestItem>? Items { get; init; }

    /// <summary>What changed behind the cursor, and is left out of all buckets: the feed tells of it. Leave it out of yours as well.</summary>
    public required IReadOnlyList<DigestKey> ChangedSince { get; init; }
}

/// <summary>A part of what is public, the resources whose ids fall into it.</summary>
public sealed record DigestBucket
{
    /// <summary>From 0 on: the first four bytes of SHA-256 over the id as text, read as a big-endian number, modulo the number of buckets.</summary>
    public required int Index { get; init; }

    /// <summary>How many resources are in it.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// SHA-256 in lower-case hex over a line for each resource, in the order of types and ids: type, id, version and content hash with a blank between
    /// them, and a line feed.
    /// </summary>
    public required string Hash { get; init; }
}

/// <summary>A resource as it goes into a bucket.</summary>
public sealed record DigestItem
{
    /// <summary><c>article</c>, <c>event</c> or <c>person</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The resource's UUID.</summary>
    public required string Id { get; init; }

    /// <summary>The version that is public.</summary>
    public required int Version { get; init; }

    /// <summary>SHA-256 over the canonical form (RFC 8785) of the resource as this key gets it, in lower-case hex.</summary>
    public required string ContentHash { get; init; }
}

/// <summary>A resource by its name alone.</summary>
public sealed record DigestKey
{
    /// <summary><c>article</c>, <c>event</c> or <c>person</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The resource's UUID.</summary>
    public required string Id { get; init; }
}

/// <summary>What a digest is asked for.</summary>
public sealed record DigestQuery
{
    public const int DefaultBuckets = 64;
    public const int MaximumBuckets = 4_096;

    /// <summary>Up to where the copy has followed the feed; without one the digest is about what is public now.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>Into how many buckets the resources are laid. More of them narrow down better what differs.</summary>
    [FromQuery(Name = "buckets")]
    public string? Buckets { get; init; }

    /// <summary>The index of a bucket: then its resources are listed, and no buckets.</summary>
    [FromQuery(Name = "bucket")]
    public string? Bucket { get; init; }

    internal int BucketCount => QueryValues.Number(Buckets, DefaultBuckets);
    internal int? BucketIndex => QueryValues.Number(Bucket);
}

internal sealed class DigestQueryValidator : AbstractValidator<DigestQuery>
{
    public DigestQueryValidator()
    {
        RuleFor(q => q.Buckets).Integer(1, DigestQuery.MaximumBuckets, DigestQuery.DefaultBuckets);
        RuleFor(q => q.Bucket).Integer(0, DigestQuery.MaximumBuckets - 1, null);
        RuleFor(q => q.Bucket).Must((query, bucket) => Number(bucket) is not { } index || Number(query.Buckets ?? $"{DigestQuery.DefaultBuckets}") is not { } count || index < count)
            .WithErrorCode("outOfRange").WithMessage("'bucket' is below 'buckets'.");
    }

    private static int? Number(string? text) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}
