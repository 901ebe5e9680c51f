namespace NewsApi.Search;

/// <summary>
/// What somebody searches for. As text it is a query again, with every operator in one spelling, that means the same.
/// </summary>
internal abstract record QueryNode;

/// <summary>A word in any of its forms; one with a hyphen or a point in it is a short phrase when it is analysed.</summary>
internal sealed record WordNode(string Text, int Start) : QueryNode
{
    public override string ToString() => Text;
}

/// <summary>Words that stand one behind the other.</summary>
internal sealed record PhraseNode(string Text, int Start) : QueryNode
{
    public override string ToString() => $"\"{Text}\"";
}

/// <summary>The beginning of a word, without the star.</summary>
internal sealed record PrefixNode(string Text, int Start) : QueryNode
{
    public override string ToString() => $"{Text}*";
}

/// <summary>All of it, in any place; at least two parts, none of them an <see cref="AndNode"/>, and not all of them a <see cref="NotNode"/>.</summary>
internal sealed record AndNode(IReadOnlyList<QueryNode> Parts) : QueryNode
{
    public bool Equals(AndNode? other) => other is not null && Parts.SequenceEqual(other.Parts);

    public override int GetHashCode() => Parts.Aggregate(1, HashCode.Combine);

    public override string ToString() => string.Join(' ', Parts.Select(p => p is OrNode ? $"({p})" : p.ToString()));
}

/// <summary>Any of it; at least two parts, none of them an <see cref="OrNode"/> or a <see cref="NotNode"/>.</summary>
internal sealed record OrNode(IReadOnlyList<QueryNode> Parts) : QueryNode
{
    public bool Equals(OrNode? other) => other is not null && Parts.SequenceEqual(other.Parts);

    public override int GetHashCode() => Parts.Aggregate(2, HashCode.Combine);

    public override string ToString() => string.Join(" OR ", Parts);
}

/// <summary>What must not be there. Stands only in an <see cref="AndNode"/> that also says what must.</summary>
internal sealed record NotNode(QueryNode Part) : QueryNode
{
    public override string ToString() => Part is AndNode or OrNode ? $"-({Part})" : $"-{Part}";
}

/// <summary>Why a query cannot be understood.</summary>
/// <param name="Position">The index of the character it is about, in UTF-16 units; the length of the query if something is missing at its end.</param>
/// <param name="Code">One of the codes of <see cref="QueryParser"/>.</param>
/// <param name="Detail">A sentence for whoever typed it.</param>
internal sealed record QueryFault(int Position, string Code, string Detail);
