namespace NewsApi.Search;

/// <summary>What a query wants of a text: which tokens the index is asked for, and how well an entry that has them answers it.</summary>
internal abstract record Wanted
{
    /// <summary>At this weight a term says half of what it can say.</summary>
    private const double Half = 6;

    public abstract TokenQuery Tokens { get; }

    /// <summary>How much of the ranking hangs on it: function words say little.</summary>
    public virtual double Importance => 1;

    /// <summary>The same, wanted of what is shown at a level: its words stand behind a sign.</summary>
    public abstract Wanted Behind(string sign);

    /// <summary>From 0 to 1. The same on every database and whatever else is in the index, so that an order holds from page to page.</summary>
    public abstract double Score(TermWeights weights);

    protected static double Strength(TermWeights weights, string token) => weights[TermWeights.TermOf(token)] is var weight and > 0 ? weight / (weight + Half) : 0;
}

/// <summary>
/// A word: as it is, as part of a compound, or, where it is itself one, as its parts. What is further from the word counts less.
/// </summary>
internal sealed record WantedWord(Token Word, string Sign = "") : Wanted
{
    private const double AsPart = 0.6;
    private const double InParts = 0.3;

    public override TokenQuery Tokens => TokenQuery.Any(Word.Parts.Count == 0
        ? [new Has(Sign + Word.Word), new Has(PartOf(Word.Word))]
        : [new Has(Sign + Word.Word), new Has(PartOf(Word.Word)), TokenQuery.All([.. Word.Parts.Select(WordOrPart)])]);

    public override Wanted Behind(string sign) => this with { Sign = sign };

    public override double Importance => GermanAnalysis.IsStopword(Word.Word) ? 0.1 : 1;

    public override double Score(TermWeights weights)
    {
        var best = Math.Max(Strength(weights, Sign + Word.Word), AsPart * Strength(weights, PartOf(Word.Word)));
        if (Word.Parts.Count == 0) return best;

        var weakest = 1.0;
        foreach (var part in Word.Parts) weakest = Math.Min(weakest, Math.Max(Strength(weights, Sign + part), Strength(weights, PartOf(part))));
        return Math.Max(best, InParts * weakest);
    }

    private AnyOf WordOrPart(string part) => new([new Has(Sign + part), new Has(PartOf(part))]);

    private string PartOf(string word) => Sign + Search.Tokens.Part + word;
}

/// <summary>Words that stand in a row: a phrase, or a word with hyphens.</summary>
internal sealed record WantedRow(IReadOnlyList<Token> Words, string Sign = "") : Wanted
{
    public override TokenQuery Tokens => new InRow([.. Words.Select(w => Sign + w.Word)]);

    public override Wanted Behind(string sign) => this with { Sign = sign };

    public override double Score(TermWeights weights)
    {
        var (sum, importance) = (0.0, 0.0);
        foreach (var word in Words)
        {
            var share = GermanAnalysis.IsStopword(word.Word) ? 0.1 : 1;
            sum += share * Strength(weights, Sign + word.Word);
            importance += share;
        }

        return sum / importance;
    }
}

/// <summary>Words that begin like this, and the word itself in its other forms.</summary>
internal sealed record WantedStart(string Prefix, string Word, string Sign = "") : Wanted
{
    /// <summary>Which word it was is not in the weights.</summary>
    private const double Unknown = 0.3;

    public override TokenQuery Tokens => new AnyOf([new Starts(Sign + Prefix), new Has(Sign + Word)]);

    public override Wanted Behind(string sign) => this with { Sign = sign };

    public override double Score(TermWeights weights) => Math.Max(Unknown, Strength(weights, Sign + Word));
}

/// <summary>Words that name people: those words, or a link to one of them.</summary>
internal sealed record WantedPeople(Wanted Words, IReadOnlyList<string> Links) : Wanted
{
    public override TokenQuery Tokens => new AnyOf([Words.Tokens, .. Links.Select(link => new Has(link))]);

    public override Wanted Behind(string sign) => this with { Words = Words.Behind(sign) };

    public override double Score(TermWeights weights)
    {
        var best = Words.Score(weights);
        foreach (var link in Links) best = Math.Max(best, Strength(weights, link));
        return best;
    }
}

internal sealed record WantedAll(IReadOnlyList<Wanted> Parts, Wanted? Without) : Wanted
{
    public override TokenQuery Tokens
    {
        get
        {
            var all = TokenQuery.All([.. Parts.Select(p => p.Tokens)]);
            return Without is null ? all : new ButNot(all, Without.Tokens);
        }
    }

    public override Wanted Behind(string sign) => new WantedAll([.. Parts.Select(part => part.Behind(sign))], Without?.Behind(sign));

    public override double Score(TermWeights weights)
    {
        var (sum, importance) = (0.0, 0.0);
        foreach (var part in Parts)
        {
            sum += part.Importance * part.Score(weights);
            importance += part.Importance;
        }

        return sum / importance;
    }
}

internal sealed record WantedAny(IReadOnlyList<Wanted> Parts) : Wanted
{
    public override TokenQuery Tokens => new AnyOf([.. Parts.Select(p => p.Tokens)]);

    public override Wanted Behind(string sign) => new WantedAny([.. Parts.Select(part => part.Behind(sign))]);

    public override double Score(TermWeights weights)
    {
        var best = 0.0;
        foreach (var part in Parts) best = Math.Max(best, part.Score(weights));
        return best;
    }
}
