namespace NewsApi.Import.Formats;

/// <summary>What a page saved as text says. What the page does not say is absent; nothing is guessed.</summary>
internal sealed record Page
{
    /// <summary>The line above the headline (Dachzeile).</summary>
    public string? Kicker { get; init; }

    public string? Headline { get; init; }

    /// <summary>The line between the headline and the date line, where one stands there (Unterzeile).</summary>
    public string? Subhead { get; init; }

    /// <summary>The breadcrumb's last member before the title, for example "Politik".</summary>
    public string? Section { get; init; }

    /// <summary>The instant of publication in UTC; only when the page prints both day and minute.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>The local day of publication, also where the page prints no time.</summary>
    public DateOnly? PublishedOn { get; init; }

    /// <summary>The place before the first sentence (Ortsmarke), cut from the body: "Kiew" of "Kiew (APA) – Der …".</summary>
    public string? Dateline { get; init; }

    public string? ImageCaption { get; init; }

    /// <summary>The picture's credit as printed. Who stands here took the picture: neither author nor person of the story.</summary>
    public string? ImageCredit { get; init; }

    /// <summary>What follows "Von:", as printed, unless it is merely agencies.</summary>
    public string? Byline { get; init; }

    /// <summary>The agencies of the credit line, in its order, each once.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    public IReadOnlyList<PageBlock> Body { get; init; } = [];

    public string Language { get; init; } = "de";

    /// <summary>What was missing or odd, one English sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>One block of the body.</summary>
/// <param name="Type"><see cref="Paragraph"/> or <see cref="Crosshead"/>.</param>
/// <param name="Text">One line, white space collapsed.</param>
internal sealed record PageBlock(string Type, string Text)
{
    public const string Paragraph = "paragraph";
    public const string Crosshead = "crosshead";
}
