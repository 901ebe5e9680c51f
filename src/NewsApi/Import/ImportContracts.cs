namespace NewsApi.Import;

/// <summary>What an import came to, item by item.</summary>
public sealed record ImportReport
{
    public required IReadOnlyList<ImportResult> Items { get; init; }
}

/// <summary>What became of one item.</summary>
public sealed record ImportResult
{
    /// <summary>The article; absent where the item was refused.</summary>
    public required Guid? Id { get; init; }

    /// <summary><c>created</c>, <c>updated</c>, <c>unchanged</c> or <c>refused</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>What was missing or odd, in sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

internal static class ImportOutcomes
{
    public const string Created = "created";
    public const string Updated = "updated";
    public const string Unchanged = "unchanged";
    public const string Refused = "refused";
}
