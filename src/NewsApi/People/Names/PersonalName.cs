using System.Text;

namespace NewsApi.People.Names;

/// <summary>One word of a name. Both halves of "Hans-Peter" are words, the second one joined to the first.</summary>
internal readonly record struct NameWord(string Text, bool IsInitial, bool IsJoined);

/// <summary>
/// A name taken apart: titles and particles gone, "Family, Given" turned round. What the family name is, is a guess where nobody says so:
/// the last word with what is joined to it.
/// </summary>
internal sealed record PersonalName
{
    /// <summary>More words than these are no name.</summary>
    public const int WordsLimit = 12;

    /// <summary>Before a name, never the last word of it: "Don" and "Sen" are names as well.</summary>
    private static readonly HashSet<string> Titles =
    [
        "dr", "prof", "professor", "mag", "dipl", "ing", "mr", "mrs", "ms", "miss", "sir", "dame", "lord", "lady", "herr", "frau", "monsieur", "madame", "mme", "mlle",
        "señor", "señora", "signor", "signora", "shaikh", "sheikh", "shaykh", "sheik", "scheich", "hajji", "haji", "hadschi", "sayyid", "mullah", "mulla", "maulvi",
        "papst", "kardinal", "general", "oberst", "president", "präsident", "präsidentin", "kanzler", "kanzlerin", "пан", "пані",
    ];

    private static readonly HashSet<string> Suffixes = ["jr", "sr", "jun", "ii", "iii", "iv", "phd", "msc", "mba"];

    /// <summary>Never a given name.</summary>
    private static readonly HashSet<string> Particles =
        ["von", "vom", "van", "der", "den", "de", "del", "della", "di", "da", "dos", "das", "du", "des", "la", "le", "zu", "zur", "zum", "ter", "ten", "af", "av", "y", "e", "und"];

    /// <summary>Particles that no family is called, not even with a capital and in the first place: "Du Fu" has none, "Von der Leyen" has.</summary>
    private static readonly HashSet<string> ParticlesAnywhere = ["von", "vom", "van", "der", "de", "del", "della", "dos", "zu", "zur", "zum"];

    /// <summary>Between two names, or joined to one: "Mohammed bin Salman", "al-Assad"; but "Ben Affleck", "Al Gore".</summary>
    private static readonly HashSet<string> Connectors = ["al", "el", "as", "ash", "bin", "ben", "ibn", "bint", "abu", "ould", "ul", "ur", "ap"];

    private static readonly HashSet<string> FatherWords = ["bin", "ben", "ibn", "bint"];

    public required string Text { get; init; }
    public required IReadOnlyList<NameWord> Words { get; init; }

    /// <summary>How many words at the end of <see cref="Words"/> are the family name.</summary>
    public required int FamilyWords { get; init; }

    /// <summary>A father is named in it ("Ahmad bin Hasan"), so the order of the words says who is whose son.</summary>
    public required bool NamesFather { get; init; }

    public IEnumerable<NameWord> Given => Words.Take(Words.Count - FamilyWords);
    public IEnumerable<NameWord> Family => Words.Skip(Words.Count - FamilyWords);

    /// <summary>The name in its words; nothing where there is no word in it, or far too many.</summary>
    /// <param name="text">As written.</param>
    /// <param name="familyName">What is known to be the family name; it may stand first.</param>
    public static PersonalName? Read(string text, string? familyName = null)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        var (family, given) = comma > 0 ? (Split(text[..comma]), Split(text[(comma + 1)..])) : ([], Split(text));
        if (given.Count == 0) (given, family) = (family, []);

        // "Karl Huber, Jr.": what follows the comma is a title, which is gone.
        var familyWords = Cleaned([.. family]);
        var words = Cleaned([.. given]);
        if (words.Count == 0) (words, familyWords) = (familyWords, []);
        if (familyWords.Count > 0) words.AddRange(familyWords);
        if (words.Count is 0 or > WordsLimit) return null;

        var last = familyWords.Count;
        if (familyWords.Count == 0 && familyName is not null) last = Rotate(words, familyName);
        return new PersonalName
        {
            Text = text,
            Words = words,
            FamilyWords = last > 0 ? last : Tail(words),
            NamesFather = given.Concat(family).Skip(1).Any(w => FatherWords.Contains(Key(w.Text))),
        };
    }

    /// <summary>Joined words at the end count as one family name, and so does the word before a hyphen.</summary>
    private static int Tail(List<NameWord> words)
    {
        var count = 1;
        while (count < words.Count && words[^count].IsJoined) count++;
        return count;
    }

    /// <summary>Finds the known family name among the words and puts it last; 0 where it is not there.</summary>
    private static int Rotate(List<NameWord> words, string familyName)
    {
        var family = Cleaned(Split(familyName)).ConvertAll(w => NameFold.General(NameFold.Plain(w.Text)));
        if (family.Count == 0 || family.Count > words.Count) return 0;

        var folded = words.ConvertAll(w => NameFold.General(NameFold.Plain(w.Text)));
        if (folded.TakeLast(family.Count).SequenceEqual(family)) return family.Count;
        if (!folded.Take(family.Count).SequenceEqual(family)) return 0;

        var moved = words.GetRange(0, family.Count);
        words.RemoveRange(0, family.Count);
        words.AddRange(moved);
        return family.Count;
    }

    private static List<NameWord> Cleaned(List<NameWord> words)
    {
        var names = Untitled(words);
        var kept = new List<NameWord>();
        for (var i = 0; i < names.Count; i++)
        {
            if (!IsParticle(names, names[i], i)) kept.Add(names[i] with { IsJoined = names[i].IsJoined && i > 0 && !IsParticle(names, names[i - 1], i - 1) });
        }

        // Nothing but particles is what somebody is called after all.
        return kept.Count > 0 ? kept : names;
    }

    private static List<NameWord> Untitled(List<NameWord> words)
    {
        var names = words.ToList();
        while (names.Count > 0 && Suffixes.Contains(Key(names[^1].Text))) names.RemoveAt(names.Count - 1);

        // A title alone names nobody.
        return [.. names.Where((w, i) => w.IsInitial || (i == names.Count - 1 && i > 0) || !Titles.Contains(Key(w.Text)))];
    }

    private static bool IsParticle(List<NameWord> words, NameWord word, int index)
    {
        if (index == words.Count - 1) return false;
        if (ParticlesAnywhere.Contains(Key(word.Text))) return true;

        // "E. Berger" and "Du Fu" against "Melo e Castro" and "Guy du Pont".
        if (Particles.Contains(Key(word.Text)) && (char.IsLower(word.Text[0]) || (index > 0 && !word.IsInitial))) return true;

        return Connectors.Contains(Key(word.Text)) && (index > 0 || words[1].IsJoined || (char.IsLower(word.Text[0]) && words.Count > 1));
    }

    private static string Key(string word) => word.ToLowerInvariant();

    private static List<NameWord> Split(string text)
    {
        var words = new List<NameWord>();
        var word = new StringBuilder();
        var joins = false;
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : ' ';
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) <= System.Globalization.UnicodeCategory.OtherNumber || IsInside(text, i))
            {
                word.Append(c);
                continue;
            }

            if (word.Length > 0)
            {
                var isInitial = word.Length == 1 && (c == '.' || word[0] < '\u0530') && char.IsLetter(word[0]);
                words.Add(new NameWord(word.ToString(), isInitial, joins));
                word.Clear();
                joins = false;
            }

            if (c is '-' or '\u2010' or '\u2011') joins = words.Count > 0 && i > 0 && char.IsLetterOrDigit(text[i - 1]);
            else if (char.IsWhiteSpace(c)) joins = false;
        }

        return words;
    }

    /// <summary>An apostrophe between two letters: "O'Brien", "Умар’єв".</summary>
    private static bool IsInside(string text, int i) =>
        i > 0 && i + 1 < text.Length && text[i] is '\'' or '’' or 'ʼ' or '‘' or '`' or '´' && char.IsLetter(text[i - 1]) && char.IsLetter(text[i + 1]);
}
