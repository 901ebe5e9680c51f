using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NewsApi.Search;

internal enum LexemeKind
{
    Word,
    Phrase,
    Prefix,
    And,
    Or,
    Not,
    Open,
    Close,
}

/// <summary>A word, phrase or operator of a query; a text in it has at least one word. Brackets are in pairs.</summary>
internal readonly record struct Lexeme(LexemeKind Kind, string Text, int Start);

/// <summary>Cuts a query into its lexemes.</summary>
internal sealed class QueryLexer
{
    private static readonly SearchValues<char> Quotes = SearchValues.Create("\"“”„‟«»＂");

    private readonly string _text;
    private readonly List<Lexeme> _lexemes = [];
    private readonly Stack<int> _open = [];
    private int _terms;
    private int _at;
    private QueryFault? _fault;

    private QueryLexer(string text) => _text = text;

    public static bool TryRead(string text, out List<Lexeme> lexemes, [NotNullWhen(false)] out QueryFault? fault)
    {
        var lexer = new QueryLexer(text);
        lexemes = lexer._lexemes;
        fault = lexer.Read();
        return fault is null;
    }

    private QueryFault? Read()
    {
        while (_at < _text.Length && _fault is null)
        {
            var c = _text[_at];

            if (Quotes.Contains(c))
                Phrase();
            else if (c == '(')
                Open();
            else if (c == ')')
                Close();
            else if (c == '*')
                Fail(_at, QueryParser.PrefixTooShort, "A star stands behind the beginning of a word, as in \"Sicherheit*\".");
            else if (c == '-' && IsNegation())
                Add(LexemeKind.Not, "", _at++);
            else if (GermanAnalysis.WordAt(_text, _at) > 0)
                Word();
            else
                _at++;
        }

        if (_fault is null && _open.TryPeek(out var open))
            Fail(open, QueryParser.Unbalanced, "This bracket is not closed.");

        return _fault;
    }

    private void Phrase()
    {
        var start = _at + 1;
        var end = _text.AsSpan(start).IndexOfAny(Quotes);

        if (end < 0)
        {
            Fail(_at, QueryParser.Unbalanced, "This quotation mark is not closed.");
            return;
        }

        var phrase = _text.Substring(start, end);
        var trimmed = phrase.Trim();
        _at = start + end + 1;
        Term(LexemeKind.Phrase, trimmed, start + phrase.IndexOf(trimmed, StringComparison.Ordinal));
    }

    private void Open()
    {
        if (_open.Count == QueryParser.DeepestGroup)
            Fail(_at, QueryParser.TooComplex, $"Brackets are nested deeper than {QueryParser.DeepestGroup.ToString(CultureInfo.InvariantCulture)} levels.");

        _open.Push(_at);
        Add(LexemeKind.Open, "", _at++);
    }

    private void Close()
    {
        if (!_open.TryPop(out _))
            Fail(_at, QueryParser.Unbalanced, "This bracket was not opened.");

        Add(LexemeKind.Close, "", _at++);
    }

    /// <summary>A minus that stands before something and behind nothing.</summary>
    private bool IsNegation()
    {
        if (_at > 0 && !char.IsWhiteSpace(_text[_at - 1]) && _text[_at - 1] is not ('(' or ')' or '-') && !Quotes.Contains(_text[_at - 1]))
            return false;

        var next = _at + 1;

        while (next < _text.Length && _text[next] == '-')
            next++;

        return next < _text.Length && (_text[next] == '(' || Quotes.Contains(_text[next]) || GermanAnalysis.WordAt(_text, next) > 0);
    }

    private void Word()
    {
        var start = _at;
        var lastPiece = _at;

        for (var length = GermanAnalysis.WordAt(_text, _at); length > 0;)
        {
            lastPiece = _at;
            _at += length;
            length = IsJoint() ? GermanAnalysis.WordAt(_text, _at + 1) : 0;
            _at += length > 0 ? 1 : 0;
        }

        var text = _text[start.._at];

        if (_at < _text.Length && _text[_at] == '*')
        {
            Prefix(start, lastPiece);
            return;
        }

        if (OperatorOf(text) is { } kind)
            Add(kind, "", start);
        else
            Term(LexemeKind.Word, text, start);
    }

    private static LexemeKind? OperatorOf(string word) => word switch
    {
        "AND" or "UND" => LexemeKind.And,
        "OR" or "ODER" => LexemeKind.Or,
        "NOT" or "NICHT" => LexemeKind.Not,
        _ => null,
    };

    /// <summary>Whether the sign holds two words together, as in "Putin-Residenz", "3,5", "20:53" and "www.example.org".</summary>
    private bool IsJoint() => _at + 1 < _text.Length && _text[_at] switch
    {
        '-' or '\u2010' or '\u2011' or '.' or ':' or '_' or '&' or '@' or '\'' or '’' => true,
        ',' => char.IsAsciiDigit(_text[_at - 1]) && char.IsAsciiDigit(_text[_at + 1]),
        _ => false,
    };

    /// <summary>Of "Putin-Res*" the end alone is a beginning.</summary>
    private void Prefix(int start, int lastPiece)
    {
        var text = _text[lastPiece.._at];

        if (GermanAnalysis.Fold(text).Length < QueryParser.ShortestPrefix)
            Fail(lastPiece, QueryParser.PrefixTooShort, $"At least {QueryParser.ShortestPrefix.ToString(CultureInfo.InvariantCulture)} letters stand before a star.");

        if (lastPiece > start)
        {
            // Alone it must not become the operator that it was not.
            var before = _text[start..(lastPiece - 1)];
            Term(OperatorOf(before) is null ? LexemeKind.Word : LexemeKind.Phrase, before, start);
        }

        Term(LexemeKind.Prefix, text, lastPiece);

        while (_at < _text.Length && _text[_at] == '*')
            _at++;
    }

    private void Term(LexemeKind kind, string text, int start)
    {
        if (GermanAnalysis.Analyze(text).Count == 0)
            return;

        if (++_terms > QueryParser.MostTerms)
            Fail(start, QueryParser.TooComplex, $"The query has more than {QueryParser.MostTerms.ToString(CultureInfo.InvariantCulture)} terms.");

        Add(kind, text, start);
    }

    private void Add(LexemeKind kind, string text, int start) => _lexemes.Add(new Lexeme(kind, text, start));

    private void Fail(int position, string code, string detail) => _fault ??= new QueryFault(position, code, detail);
}
