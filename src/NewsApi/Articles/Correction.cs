namespace NewsApi.Articles;

/// <summary>What was put right in public. It stays with the article for good, or until the text is retracted that it speaks of.</summary>
public sealed record Correction
{
    public const int Limit = 100;
    public const int NoteLimit = 2_000;
    public const int TextLimit = 5_000;
    public const int ReasonLimit = 100;

    /// <summary><c>correction</c>, <c>clarification</c>, <c>update</c>, or <c>retraction</c> where the text was taken back as a whole.</summary>
    public required string Kind { get; init; }

    /// <summary>What readers are told.</summary>
    public required string Note { get; init; }

    /// <summary>What the article said before, where that is to be told.</summary>
    public string? Was { get; init; }

    /// <summary>What it says now.</summary>
    public string? Now { get; init; }

    /// <summary>Of a retraction: why, in a word or two.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was made public.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The version that came with it.</summary>
    public required int Version { get; init; }
}

internal static class CorrectionKinds
{
    public const string Correction = "correction";
    public const string Clarification = "clarification";
    public const string Update = "update";
    public const string Retraction = "retraction";

    /// <summary>Those that leave the article standing.</summary>
    public static readonly string[] Notes = [Correction, Clarification, Update];
}
